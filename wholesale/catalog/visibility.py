"""Who sees what: the catalogs open for a customer, and the SKUs in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    true,
)

from wholesale.catalog.models import (
    Audience,
    Catalog,
    CatalogAudience,
    CatalogSku,
    CatalogState,
    OrderPolicy,
    Picture,
    Product,
    Sku,
    SkuState,
)
from wholesale.customers.models import Customer
from wholesale.kernel.db import session


@dataclass(frozen=True, slots=True)
class OpenCatalog:
    """A catalog that a customer sees now. `is_over`: it is still shown, its deadline has passed.

    Every field that changes what it says of a SKU is here: equal ones are equal in all they show.
    """

    id: int
    code: str
    holds_everything: bool
    policy: OrderPolicy | None
    closes_at: datetime | None
    lead_days: int | None
    version: int
    is_over: bool


# Composed once, of the tables alone: putting a statement together costs more than running it.
_catalog = cast("Table", Catalog.__table__).c
_audience = cast("Table", CatalogAudience.__table__).c
_holds = cast("Table", CatalogSku.__table__).c
_sku = cast("Table", Sku.__table__).c
_product = cast("Table", Product.__table__).c
_picture = cast("Table", Picture.__table__).c
_now = bindparam("now", type_=_catalog.closes_at.type)
_BY_NAME = exists().where(
    _audience.catalog_id == _catalog.id, _audience.customer_id == bindparam("customer")
)
_BY_GROUP = exists().where(
    _audience.catalog_id == _catalog.id, _audience.group_id == bindparam("group")
)
_FOR_IT = or_(
    _catalog.audience == Audience.ALL,
    _BY_NAME,
    and_(_catalog.audience == Audience.LIMITED, _BY_GROUP),
)
_ENDS = func.coalesce(_catalog.ends_at, _catalog.closes_at)
_IS_OVER = and_(_catalog.closes_at.is_not(None), _catalog.closes_at <= _now)
_ON = (
    select(
        _catalog.id, _catalog.code, _catalog.holds_everything, _catalog.policy, _catalog.closes_at,
        _catalog.lead_days, _catalog.version, case((_IS_OVER, 1), else_=0),
    )
    .where(
        _catalog.state == CatalogState.OPEN,
        or_(_catalog.opens_at.is_(None), _catalog.opens_at <= _now),
        or_(_ENDS.is_(None), _now < _ENDS),
    )
)  # fmt: skip
_OPEN = _ON.where(_FOR_IT).order_by(case((_IS_OVER, 1), else_=0), _catalog.position, _catalog.id)
_BY_LINK = _ON.where(_catalog.id == bindparam("catalog"))
_HOLDING = select(_holds.catalog_id, _holds.sku_id).where(
    _holds.catalog_id.in_(bindparam("catalogs", expanding=True)),
    _holds.sku_id.in_(bindparam("skus", expanding=True)),
)
_SELLING = _sku.state == SkuState.SELLING


def open_catalogs(customer: Customer, at: datetime) -> tuple[OpenCatalog, ...]:
    """The catalogs a customer sees at an instant: those it may order from, then those past their
    deadline, each in the company's order. One statement.
    """
    asked = {"customer": customer.id, "group": customer.group_id or -1, "now": at}
    return tuple(OpenCatalog(*row[:7], bool(row[7])) for row in session.execute(_OPEN, asked).all())


def catalog_by_link(catalog_id: int, at: datetime) -> tuple[OpenCatalog, ...]:
    """A catalog as an order link opens it: whoever it is for, if it is on and open at an instant."""
    row = session.execute(_BY_LINK, {"catalog": catalog_id, "now": at}).first()
    return (OpenCatalog(*row[:7], bool(row[7])),) if row else ()


def is_visible(catalogs: Iterable[OpenCatalog]) -> ColumnElement[bool]:
    """The condition on a query over Sku ⋈ Product: for sale, and in one of these catalogs."""
    catalogs = tuple(catalogs)
    if any(catalog.holds_everything for catalog in catalogs):
        return _SELLING & true()
    return _SELLING & _sku.id.in_(
        select(_holds.sku_id).where(
            _holds.catalog_id.in_([catalog.id for catalog in catalogs] or [-1])
        )
    )


def shows_picture(catalogs: Iterable[OpenCatalog], sha256: str) -> ColumnElement[bool]:
    """The condition: this is a stored picture of goods for sale in one of these catalogs, in a colour
    that is.
    """
    return (
        select(_sku.id)
        .join_from(Sku.__table__, Product.__table__, _product.id == _sku.product_id)
        .join(Picture.__table__, _picture.product_id == _product.id)
        .where(
            is_visible(catalogs),
            or_(_picture.sha256 == sha256, _picture.small_sha256 == sha256),
            or_(_picture.option_1_code == "", _picture.option_1_code == _sku.option_1_code),
        )
        .exists()
    )


def catalog_of(catalogs: tuple[OpenCatalog, ...], skus: Iterable[int]) -> dict[int, OpenCatalog]:
    """From which open catalog each SKU is taken (the first that holds it); absent: from none."""
    wanted = set(skus)
    named = [catalog.id for catalog in catalogs if not catalog.holds_everything]
    holding: dict[int, set[int]] = {}
    if named and wanted:
        asked = {"catalogs": named, "skus": list(wanted)}
        for catalog_id, sku_id in session.execute(_HOLDING, asked).all():
            holding.setdefault(catalog_id, set()).add(sku_id)
    found: dict[int, OpenCatalog] = {}
    for catalog in catalogs:
        here = wanted if catalog.holds_everything else holding.get(catalog.id, set())
        for sku_id in here:
            found.setdefault(sku_id, catalog)
    return found


_PASSED = (
    select(_holds.sku_id)
    .join(Catalog.__table__, _catalog.id == _holds.catalog_id)
    .where(
        _holds.sku_id.in_(bindparam("skus", expanding=True)),
        _catalog.state != CatalogState.DRAFT,
        _IS_OVER,
        _FOR_IT,
    )
    .distinct()
)


def past_deadline(customer: Customer, skus: Iterable[int], at: datetime) -> set[int]:
    """Which of these SKUs a catalog of this customer held whose deadline has passed. One statement."""
    asked = {
        "customer": customer.id, "group": customer.group_id or -1, "now": at, "skus": list(skus)
    }  # fmt: skip
    return set(session.scalars(_PASSED, asked).all()) if asked["skus"] else set()


def why_unseen(catalog: Catalog, customer: Customer, at: datetime) -> str:
    """Why a customer does not see a catalog: draft, closed, not_yet, ended, not_for; "" if it does."""
    if catalog.state is not CatalogState.OPEN:
        return catalog.state.value
    if catalog.opens_at is not None and catalog.opens_at > at:
        return "not_yet"
    ends = catalog.ends_at or catalog.closes_at
    if ends is not None and ends <= at:
        return "ended"
    seen = open_catalogs(customer, at)
    return "" if any(one.id == catalog.id for one in seen) else "not_for"
