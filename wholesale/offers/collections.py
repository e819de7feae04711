"""The catalogs a customer browses one by one: their cards, and the pages of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from wholesale.catalog.models import Catalog, CatalogSku, Product, Sku, SkuState
from wholesale.catalog.queries import pictures, sku_facts
from wholesale.catalog.visibility import open_catalogs
from wholesale.customers.models import Customer
from wholesale.kernel.db import session
from wholesale.offers.listing import PAGE
from wholesale.offers.offering import Offer, offers


@dataclass(frozen=True, slots=True)
class Collection:
    """A catalog as its card shows it: how many SKUs are for sale in it, and its picture below `/`.

    `is_over`: its deadline has passed; it is shown and nothing can be ordered.
    """

    catalog: Catalog
    skus: int
    picture: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class CollectionPage:
    """One page of a collection: its offers in the catalog's order, and large pictures of them."""

    offers: list[Offer]
    pictures: dict[int, str]
    total: int
    next_offset: int | None


def collections(customer: Customer, *, at: datetime, code: str = "") -> list[Collection]:
    """The collections a customer sees, in the company's order, those past their deadline last.

    What holds everything is no collection, nor is one without anything for sale. With `code` that
    one alone.
    """
    shown = {
        one.id: one
        for one in open_catalogs(customer, at)
        if not one.holds_everything and code in {"", one.code}
    }
    counts = _counts(shown)
    rows = {row.id: row for row in session.scalars(select(Catalog).where(Catalog.id.in_(counts)))}
    bare = [one for one, row in rows.items() if row.cover_small_sha256 is None]
    firsts = _first_pictures({one: counts[one][1] for one in bare})
    return [
        Collection(rows[one], counts[one][0], firsts.get(one, "") or _cover(rows[one]), it.is_over)
        for one, it in shown.items()
        if one in rows
    ]


def _cover(catalog: Catalog) -> str:
    return f"pictures/{catalog.cover_small_sha256}" if catalog.cover_small_sha256 else ""


def _counts(shown: Iterable[int]) -> dict[int, tuple[int, int]]:
    """{catalog: (its SKUs for sale, the place of the first)}."""
    counted = (
        select(CatalogSku.catalog_id, func.count(), func.min(CatalogSku.position))
        .join(Sku, Sku.id == CatalogSku.sku_id)
        .where(CatalogSku.catalog_id.in_(shown), Sku.state == SkuState.SELLING)
        .group_by(CatalogSku.catalog_id)
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(counted)}


def _first_pictures(places: dict[int, int]) -> dict[int, str]:
    """The picture of the first SKU for sale of each catalog {catalog: its place}."""
    rows = session.execute(
        select(CatalogSku.catalog_id, CatalogSku.sku_id, CatalogSku.position)
        .join(Sku, Sku.id == CatalogSku.sku_id)
        .where(
            CatalogSku.catalog_id.in_(places), CatalogSku.position.in_(places.values()),
            Sku.state == SkuState.SELLING,
        )
    ).all()  # fmt: skip
    first = {row.catalog_id: row.sku_id for row in rows if row.position == places[row.catalog_id]}
    shown = pictures(sku_facts(first.values()).values(), large=True)
    return {catalog: shown.get(sku, "") for catalog, sku in first.items()}


def collection_page(
    customer: Customer, catalog: Catalog, *, at: datetime, offset: int = 0, every: bool = False,
    large: bool = False,
) -> CollectionPage:  # fmt: skip
    """A page of a collection the customer sees: each colour by the SKU that stands for it, or `every`
    SKU. A fixed number of statements.
    """
    found = skus_of(catalog)
    if not every:
        found = found.where(Sku.leads)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    ids = list(session.scalars(found.offset(offset).limit(PAGE + 1)))
    shown = list(offers(customer, dict.fromkeys(ids[:PAGE], 0), at=at).values())
    wide = pictures([one.facts for one in shown], large=True) if large else {}
    return CollectionPage(shown, wide, total, offset + PAGE if len(ids) > PAGE else None)


def skus_of(catalog: Catalog) -> Select[int]:
    """The SKUs for sale of a catalog, in its order."""
    found = select(Sku.id).join(Product, Product.id == Sku.product_id)
    found = found.where(Sku.state == SkuState.SELLING)
    if catalog.holds_everything:
        return found.order_by(Product.position, Product.id, Sku.position, Sku.id)
    return (
        found.join(CatalogSku, CatalogSku.sku_id == Sku.id)
        .where(CatalogSku.catalog_id == catalog.id)
        .order_by(CatalogSku.position, CatalogSku.id)
    )
