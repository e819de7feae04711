"""Who sees what: the catalogs open for a customer, and the SKUs in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, bindparam, exists, or_, select, true

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


# Composed once, of the tables alone: putting a statement together costs more than running it.
_catalog = cast("Table", Catalog.__table__).c
_audience = cast("Table", CatalogAudience.__table__).c
_holds = cast("Table", CatalogProduct.__table__).c
_sku = cast("Table", Sku.__table__).c
_product = cast("Table", Product.__table__).c
_NAMED = exists(
    select(_audience.id).where(
        _audience.catalog_id == _catalog.id,
        or_(
            _audience.customer_id == bindparam("customer"),
            _audience.group_id == bindparam("group"),
        ),
    )
)
_OPEN = (
    select(
        _catalog.id, _catalog.code, _catalog.holds_everything, _catalog.policy, _catalog.closes_at
    )
    .where(
        _catalog.is_on,
        or_(_catalog.opens_at.is_(None), _catalog.opens_at <= bindparam("now")),
        or_(_catalog.closes_at.is_(None), _catalog.closes_at > bindparam("now")),
        or_(_catalog.audience == Audience.ALL, _NAMED),
    )
    .order_by(_catalog.position, _catalog.id)
)
_HOLDING = select(_holds.catalog_id, _holds.product_id).where(
    _holds.catalog_id.in_(bindparam("catalogs", expanding=True)),
    _holds.product_id.in_(bindparam("products", expanding=True)),
)
_SELLING = _sku.state == SkuState.SELLING


def open_catalogs(customer: Customer, at: datetime) -> tuple[OpenCatalog, ...]:
    """The catalogs a customer may order from at an instant. One statement."""
    asked = {"customer": customer.id, "group": customer.group_id or -1, "now": at}
    return tuple(OpenCatalog(*row) for row in session.execute(_OPEN, asked).all())


def is_visible(catalogs: Iterable[OpenCatalog]) -> ColumnElement[bool]:
    """The condition on a query over Sku ⋈ Product: for sale, and in one of these catalogs."""
    catalogs = tuple(catalogs)
    if any(catalog.holds_everything for catalog in catalogs):
        return _SELLING & true()
    return _SELLING & _product.id.in_(
        select(_holds.product_id).where(
            _holds.catalog_id.in_([catalog.id for catalog in catalogs] or [-1])
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
        asked = {"catalogs": named, "products": list(wanted)}
        for catalog_id, product_id in session.execute(_HOLDING, asked).all():
            holding.setdefault(catalog_id, set()).add(product_id)
    found: dict[int, OpenCatalog] = {}
    for catalog in catalogs:
        here = wanted if catalog.holds_everything else holding.get(catalog.id, set())
        for product_id in here:
            found.setdefault(product_id, catalog)
    return found
