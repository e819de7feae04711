"""Who sees what: the catalogs open for a customer, and the SKUs in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select, true

from wholesale.catalog.models import (
    Audience,
    Catalog,
    CatalogAudience,
    CatalogProduct,
    OrderPolicy,
    Product,
    Sku,
    SkuState,
)
from wholesale.customers.models import Customer
from wholesale.kernel.db import session


@dataclass(frozen=True, slots=True)
class OpenCatalog:
    """A catalog that is open for a customer now, in the company's order."""

    id: int
    code: str
    holds_everything: bool
    policy: OrderPolicy | None
    closes_at: datetime | None


def open_catalogs(customer: Customer, at: datetime) -> tuple[OpenCatalog, ...]:
    """The catalogs a customer may order from at an instant. One statement."""
    named = exists(
        select(CatalogAudience.id).where(
            CatalogAudience.catalog_id == Catalog.id,
            or_(
                CatalogAudience.customer_id == customer.id,
                CatalogAudience.group_id == (customer.group_id or -1),
            ),
        )
    )
    rows = session.execute(
        select(
            Catalog.id, Catalog.code, Catalog.holds_everything, Catalog.policy, Catalog.closes_at
        )
        .where(
            Catalog.is_on,
            or_(Catalog.opens_at.is_(None), Catalog.opens_at <= at),
            or_(Catalog.closes_at.is_(None), Catalog.closes_at > at),
            or_(Catalog.audience == Audience.ALL, named),
        )
        .order_by(Catalog.position, Catalog.id)
    )
    return tuple(OpenCatalog(*row) for row in rows)


def is_visible(catalogs: Iterable[OpenCatalog]) -> ColumnElement[bool]:
    """The condition on a query over Sku ⋈ Product: for sale, and in one of these catalogs."""
    selling = Sku.state == SkuState.SELLING
    catalogs = tuple(catalogs)
    if any(catalog.holds_everything for catalog in catalogs):
        return selling & true()
    return selling & Product.id.in_(
        select(CatalogProduct.product_id).where(
            CatalogProduct.catalog_id.in_([catalog.id for catalog in catalogs] or [-1])
        )
    )


def catalog_of(
    catalogs: tuple[OpenCatalog, ...], products: Iterable[int]
) -> dict[int, OpenCatalog]:
    """From which open catalog each product is taken (the first that holds it); absent: from none."""
    wanted = set(products)
    named = [catalog.id for catalog in catalogs if not catalog.holds_everything]
    holding: dict[int, set[int]] = {}
    if named and wanted:
        for catalog_id, product_id in session.execute(
            select(CatalogProduct.catalog_id, CatalogProduct.product_id).where(
                CatalogProduct.catalog_id.in_(named), CatalogProduct.product_id.in_(wanted)
            )
        ):
            holding.setdefault(catalog_id, set()).add(product_id)
    found: dict[int, OpenCatalog] = {}
    for catalog in catalogs:
        here = wanted if catalog.holds_everything else holding.get(catalog.id, set())
        for product_id in here:
            found.setdefault(product_id, catalog)
    return found
