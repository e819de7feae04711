"""The SKUs of a catalog: added by code or by what they are, put in order, with rules of their own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select

from wholesale.catalog.editing import check_quantities
from wholesale.catalog.models import Brand, Catalog, CatalogSku, Category, Product, Sku, SkuState
from wholesale.catalog.presenting import touch
from wholesale.company.changing import check_version
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

MOST_SKUS = 5000
MOST_TOLD = 30
_GAPS = re.compile(r"[\s,;、，；]+")
ORDERS: dict[str, tuple[Any, ...]] = {
    "code": (Sku.code,),
    "catalogue": (Product.position, Product.id, Sku.position, Sku.id),
    "new": (Product.launched_on.desc().nulls_last(), Product.id, Sku.position),
}


class UnknownCodes(DomainError):
    """Codes that no product and no SKU has."""

    message = N_("Nothing of ours has the code %(codes)s. Nothing was added.")


class NoItemsChosen(DomainError):
    """The form was sent empty."""

    message = N_("Write codes, or choose a brand, a category or a tag.")


class NothingMatches(DomainError):
    """A brand, category or tag without anything for sale."""

    message = N_("Nothing for sale matches that.")


class EverythingIsIn(DomainError):
    """The standard catalog is never chosen for."""

    message = N_("This catalogue holds everything that is for sale. There is nothing to choose.")


class CatalogFull(DomainError):
    """More than a catalog is read with."""

    message = N_("A catalogue holds at most %(most)s SKUs.")


@dataclass(frozen=True, slots=True)
class Rules:
    """What one row of a catalog states of its own: its place, and quantities (pieces) or None."""

    position: int
    minimum: int | None
    multiple: int | None
    maximum: int | None


def in_codes(text: str) -> list[str]:
    """The codes in a text that somebody pasted, each once, in order."""
    plain = unicodedata.normalize("NFKC", text)
    return list(dict.fromkeys(code for code in _GAPS.split(plain) if code))


def add_codes(catalog: Catalog, text: str, version: int, by: Actor) -> int:
    """Add SKUs by code or JAN, products with all that is for sale of them; how many are new.

    Raises Conflict, NoItemsChosen, UnknownCodes, EverythingIsIn, CatalogFull.
    """
    check_version(catalog, version)
    codes = in_codes(text)
    if not codes:
        raise NoItemsChosen
    found = _by_code(codes)
    unknown = [code for code in codes if code.upper() not in found]
    if unknown:
        raise UnknownCodes(codes=", ".join(unknown[:10]))
    skus = [sku for code in codes for sku in found[code.upper()]]
    return _add(catalog, skus, by)


def _by_code(codes: Sequence[str]) -> dict[str, list[int]]:
    """The SKUs each code means, in capitals: a SKU's code before a JAN before a product's code."""
    upper = {code.upper() for code in codes}
    found: dict[str, list[int]] = {}
    models = (
        select(func.upper(Product.code), Sku.id)
        .join(Sku, Sku.product_id == Product.id)
        .where(func.upper(Product.code).in_(upper), Sku.state == SkuState.SELLING)
        .order_by(Sku.position, Sku.id)
    )
    for code, sku in session.execute(models):
        found.setdefault(code, []).append(sku)
    named = select(Sku.id, func.upper(Sku.code), Sku.jan)
    for sku, code, jan in session.execute(
        named.where(or_(func.upper(Sku.code).in_(upper), Sku.jan.in_(upper)))
    ):
        if code in upper and code not in found:
            found[code] = [sku]
        if jan in upper:
            found[jan] = [sku]
    return found


def add_matching(
    catalog: Catalog, version: int, by: Actor, *, brand: str = "", category: str = "", tag: str = ""
) -> int:
    """Add what is for sale of a brand, within a category, with a tag (all that are given).

    Raises Conflict, NoItemsChosen, NothingMatches, EverythingIsIn, CatalogFull.
    """
    check_version(catalog, version)
    if not (brand or category or tag):
        raise NoItemsChosen
    rows = session.execute(_matching(brand, category)).all()
    skus = [row.id for row in rows if not tag or tag in row.tags]
    if not skus:
        raise NothingMatches
    return _add(catalog, skus, by)


def _matching(brand: str, category: str) -> Select[int, list[str]]:
    found = (
        select(Sku.id, Product.tags)
        .join(Product, Product.id == Sku.product_id)
        .where(Sku.state == SkuState.SELLING)
        .order_by(*ORDERS["catalogue"])
    )
    if brand:
        found = found.where(Product.brand_id.in_(select(Brand.id).where(Brand.code == brand)))
    if category:
        path = session.scalar(select(Category.path).where(Category.code == category)) or "-"
        below = select(Category.id).where(Category.path.startswith(path))
        found = found.where(Product.category_id.in_(below))
    return found


def _add(catalog: Catalog, skus: Iterable[int], by: Actor) -> int:
    if catalog.holds_everything:
        raise EverythingIsIn
    rows = rows_of(catalog)
    known = {row.sku_id for row in rows}
    fresh = [sku for sku in dict.fromkeys(skus) if sku not in known]
    if len(known) + len(fresh) > MOST_SKUS:
        raise CatalogFull(most=MOST_SKUS)
    last = max((row.position for row in rows), default=0)
    session.add_all(
        CatalogSku(catalog_id=catalog.id, sku_id=sku, position=last + place)
        for place, sku in enumerate(fresh, 1)
    )
    if fresh:
        _tell(catalog, "catalog:skus-added", by, None, _codes(fresh))
    return len(fresh)


def rows_of(catalog: Catalog) -> list[CatalogSku]:
    """What is in a catalog, in its order."""
    order = (CatalogSku.position, CatalogSku.id)
    return list(
        session.scalars(
            select(CatalogSku).where(CatalogSku.catalog_id == catalog.id).order_by(*order)
        )
    )


def change_rows(
    catalog: Catalog, wanted: Mapping[int, Rules], removed: Iterable[int], version: int, by: Actor
) -> None:
    """Put rows {SKU: its place, counted from 1, and rules} as they are wanted, take others out.

    Raises Conflict, WrongQuantities.
    """
    check_version(catalog, version)
    before = {row.sku_id: row for row in rows_of(catalog)}
    ranks = {sku: rank for rank, sku in enumerate(before, 1)}
    out = [sku for sku in dict.fromkeys(removed) if sku in before]
    kept = {sku: row for sku, row in before.items() if sku not in out}
    own = {sku.id: sku for sku in session.scalars(select(Sku).where(Sku.id.in_(wanted)))}
    changed = [
        sku for sku, row in kept.items()
        if sku in wanted and _change(row, ranks[sku], wanted[sku], own[sku])
    ]  # fmt: skip
    for sku in out:
        session.delete(before[sku])
    if out or changed:
        _number(kept, ranks, {sku: wanted[sku].position for sku in changed})
    if out:
        _tell(catalog, "catalog:skus-removed", by, _codes(out), None)
    if changed:
        _tell(catalog, "catalog:skus-changed", by, None, _codes(changed))


def _change(row: CatalogSku, rank: int, rules: Rules, sku: Sku) -> bool:
    if Rules(rank, row.minimum, row.multiple, row.maximum) == rules:
        return False
    check_quantities(
        sku.minimum if rules.minimum is None else rules.minimum,
        sku.multiple if rules.multiple is None else rules.multiple,
        sku.maximum if rules.maximum is None else rules.maximum,
    )
    row.minimum, row.multiple, row.maximum = rules.minimum, rules.multiple, rules.maximum
    return True


def _number(
    kept: Mapping[int, CatalogSku], ranks: Mapping[int, int], moved: Mapping[int, int]
) -> None:
    """Places from 1 on; what was moved stands at its new place, the others make room."""

    def place(sku: int) -> tuple[int, int, int]:
        new, old = moved.get(sku, ranks[sku]), ranks[sku]
        return new, (new > old) - (new < old), old

    for number, sku in enumerate(sorted(kept, key=place), 1):
        kept[sku].position = number


def sort_rows(catalog: Catalog, order: str, version: int, by: Actor) -> None:
    """Put all rows in one of ORDERS: by code, as in the general catalogue, the newest first.

    Raises Conflict, KeyError for another order.
    """
    check_version(catalog, version)
    rows = {row.sku_id: row for row in rows_of(catalog)}
    ids = (
        select(Sku.id)
        .join(Product, Product.id == Sku.product_id)
        .where(Sku.id.in_(rows))
        .order_by(*ORDERS[order])
    )
    for place, sku in enumerate(session.scalars(ids), 1):
        rows[sku].position = place
    _tell(catalog, "catalog:sorted", by, None, None)


def _codes(skus: Iterable[int]) -> list[str]:
    """The codes of the first of these SKUs, for the journal."""
    ids = list(skus)
    named = select(Sku.code).where(Sku.id.in_(ids[:MOST_TOLD])).order_by(Sku.code)
    codes = list(session.scalars(named))
    return codes if len(ids) <= MOST_TOLD else [*codes, f"… {len(ids)}"]


def _tell(
    catalog: Catalog, did: str, by: Actor, old: list[str] | None, new: list[str] | None
) -> None:
    touch(catalog)
    session.flush()  # what is in it is read by queries
    changes = {"skus": [old, new]} if old or new else {}
    journal.record(catalog, did, by, code=catalog.code, changes=changes)
