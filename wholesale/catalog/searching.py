"""Finding SKUs by what people type: names in three languages, readings, codes in any width, JAN."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import jaconv
from sqlalchemy import Select, column, func, literal_column, select, table, text, union

from wholesale.catalog.models import PartNumber, Product, Sku
from wholesale.kernel.db import session

_RUNS = re.compile(r"[a-z0-9.]+|[^\W_a-z0-9]+")


def folded(words: str) -> str:
    """One spelling for all: NFKC, lower case, katakana as hiragana."""
    return str(jaconv.kata2hira(unicodedata.normalize("NFKC", words).lower()))


def tokens(words: str) -> list[str]:
    """What is indexed of a text: Latin words and figures whole, other scripts in pairs.

    湯呑み → 湯呑, 呑み, み: the last sign alone lets a search for one sign find it as a beginning.
    """
    found: list[str] = []
    for run in _RUNS.findall(folded(words)):
        if run[0].isascii():
            found.append(run)
        else:
            found += [run[i : i + 2] for i in range(len(run) - 1)] + [run[-1]]
    return found


def index(sku_ids: Iterable[int]) -> None:
    """Write the search rows of these SKUs again; the verbs that save products call it."""
    ids = list(sku_ids)
    rows = session.execute(
        select(
            Sku.id, Sku.code, Sku.jan, Sku.option_1, Sku.option_2, Sku.option_3,
            Product.code, Product.name, Product.reading,
        )
        .join(Product, Product.id == Sku.product_id)
        .where(Sku.id.in_(ids))
    ).all()  # fmt: skip
    documents = [{"id": row[0], "tokens": _document(*row[1:])} for row in rows]
    if not documents:
        return
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DELETE FROM sku_search WHERE rowid = :id"), documents)
        session.execute(
            text("INSERT INTO sku_search (rowid, tokens) VALUES (:id, :tokens)"), documents
        )
    else:
        session.execute(
            text(
                "INSERT INTO sku_search (sku_id, tokens) "
                "VALUES (:id, array_to_tsvector(string_to_array(:tokens, ' '))) "
                "ON CONFLICT (sku_id) DO UPDATE SET tokens = excluded.tokens"
            ),
            documents,
        )


def matches(query: str, customer_id: int | None = None) -> Select[int] | None:
    """The ids of SKUs that hold every word of the query; None when nothing was asked.

    A customer's own part numbers are found by that customer alone.
    """
    words = _words(query)
    if not words:
        return None
    if session.get_bind().dialect.name == "sqlite":
        found: Select[int] = (
            select(literal_column("rowid").label("id"))
            .select_from(table("sku_search"))
            .where(
                text("sku_search MATCH :search_words").bindparams(
                    search_words=" AND ".join(
                        f'"{word}"{"*" if prefix else ""}' for word, prefix in words
                    )
                )
            )
        )
    else:
        asked = " & ".join(f"'{word}'{':*' if prefix else ''}" for word, prefix in words)
        found = (
            select(column("sku_id").label("id"))
            .select_from(table("sku_search"))
            .where(text("tokens @@ CAST(:search_words AS tsquery)").bindparams(search_words=asked))
        )
    if customer_id is None:
        return select(found.subquery().c.id)
    own = select(PartNumber.sku_id).where(
        PartNumber.customer_id == customer_id,
        func.lower(PartNumber.number) == unicodedata.normalize("NFKC", query).strip().lower(),
    )
    return select(union(found, own).subquery().c[0])


def _document(*parts: object) -> str:
    """All tokens of one SKU, each once, separated by blanks."""
    kept: dict[str, None] = {}
    for part in parts:
        texts = part.values() if isinstance(part, dict) else [part or ""]
        for one in texts:
            kept.update(dict.fromkeys(tokens(str(one))))
    for code in (parts[0], parts[5]):  # the codes without their hyphens as well
        kept[re.sub(r"[^a-z0-9]", "", folded(str(code)))] = None
    return " ".join(token for token in kept if token)


def _words(query: str) -> list[tuple[str, bool]]:
    """What to look for: each token, and whether it is only a beginning."""
    found: list[tuple[str, bool]] = []
    for run in _RUNS.findall(folded(query)):
        if run[0].isascii() or len(run) == 1:
            found.append((run, True))
        else:
            found += [(run[i : i + 2], False) for i in range(len(run) - 1)]
    return found
