"""Finding SKUs by what people type: names in three languages, readings, codes in any width, JAN."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import cast

import jaconv
from sqlalchemy import (
    Integer,
    Select,
    Table,
    bindparam,
    func,
    literal_column,
    select,
    table,
    text,
    union,
)

from wholesale.catalog.models import PartNumber, Product, Sku
from wholesale.kernel.db import session

_CODES = re.compile(r"(?<![^\s])[a-z0-9]+(?:-[a-z0-9]+)+(?![^\s])")
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
            Product.code, Product.name, Product.reading, Product.readings, Product.tags,
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
    found = _holding(words)
    if customer_id is None:
        return found
    asked = {
        "customer": customer_id,
        "number": unicodedata.normalize("NFKC", query).strip().lower(),
    }
    own = session.scalars(_OWN_NUMBERS, asked).all()
    if not own:
        return found
    return select(union(found, select(_sku.id).where(_sku.id.in_(own))).subquery().c[0])


_sku = cast("Table", Sku.__table__).c
_number = cast("Table", PartNumber.__table__).c
_OWN_NUMBERS = select(_number.sku_id).where(
    _number.customer_id == bindparam("customer"),
    func.lower(_number.number) == bindparam("number"),
)


def _holding(words: list[tuple[str, bool]]) -> Select[int]:
    """The ids of SKUs whose search row holds all of these words, beginnings or whole ones."""
    if session.get_bind().dialect.name == "sqlite":
        asked = " AND ".join(f'"{word}"{"*" if prefix else ""}' for word, prefix in words)
        named, holds = "rowid", "sku_search MATCH :search_words"
    else:
        asked = " & ".join(f"'{word}'{':*' if prefix else ''}" for word, prefix in words)
        named, holds = "sku_id", "tokens @@ CAST(:search_words AS tsquery)"
    return (
        select(literal_column(named, Integer).label("id"))
        .select_from(table("sku_search"))
        .where(text(holds).bindparams(search_words=asked))
    )


def _document(*parts: object) -> str:
    """All tokens of one SKU, each once, separated by blanks."""
    kept: dict[str, None] = {}
    for part in parts:
        texts = (
            part.values() if isinstance(part, dict) else part if isinstance(part, list) else [part]
        )
        for one in texts:
            kept.update(dict.fromkeys(tokens(str(one or ""))))
    for code in (parts[0], parts[5]):  # the codes without their hyphens as well
        kept[re.sub(r"[^a-z0-9]", "", folded(str(code)))] = None
    return " ".join(token for token in kept if token)


def _words(query: str) -> list[tuple[str, bool]]:
    """What to look for: each token, and whether it is only a beginning.

    A code typed with its hyphens (tk-001) is one beginning where codes begin so: its first part
    alone is on nearly every SKU of a house, and asking for it costs as much as reading them all.
    """
    found: list[tuple[str, bool]] = []
    plain = folded(query)
    for code in _CODES.findall(plain):
        whole = [(re.sub(r"[^a-z0-9]", "", code), True)]
        if session.scalar(_holding(whole).limit(1)) is not None:
            found += whole
            plain = plain.replace(code, " ", 1)
    for run in _RUNS.findall(plain):
        if run[0].isascii() or len(run) == 1:
            found.append((run, True))
        else:
            found += [(run[i : i + 2], False) for i in range(len(run) - 1)]
    return found
