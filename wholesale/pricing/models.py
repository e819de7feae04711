"""List prices, and the rows that make a customer's price of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.kernel.db import Model, Names


class OwnerKind(StrEnum):
    """Whose rule it is, in the order of precedence."""

    CUSTOMER = "customer"
    PRICE_LIST = "price_list"
    GROUP = "group"
    CATALOG = "catalog"


class RuleKind(StrEnum):
    """A fixed unit price, or a rate on the list price."""

    FIXED = "fixed"
    RATE = "rate"


class Scope(StrEnum):
    """What a rule speaks of, the nearest first."""

    SKU = "sku"
    PRODUCT = "product"
    CATEGORY = "category"
    BRAND = "brand"
    ALL = "all"


class BreakScope(StrEnum):
    """Over what a quantity break counts the ordered pieces."""

    SKU = "sku"
    PRODUCT = "product"
    ORDER = "order"


class Basis(StrEnum):
    """Which date of a line decides whether a revised price counts for it."""

    ORDER = "order"
    SHIP = "ship"
    WISHED = "wished"


class PriceList(Model):
    """A named set of price rules that customers may be given."""

    __tablename__ = "price_lists"

    code: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[Names]


class CustomerPriceList(Model):
    """A price list given to a customer; the lowest position counts first."""

    __tablename__ = "customer_price_lists"
    __table_args__ = (UniqueConstraint("customer_id", "price_list_id"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    price_list_id: Mapped[int] = mapped_column(ForeignKey("price_lists.id"))
    position: Mapped[int] = mapped_column(default=0)


class ListPrice(Model):
    """The list price (上代, net) of a SKU in one currency from a day on.

    `incoterm` "" fits every 貿易条件; a row that names one beats one that doesn't and never fits
    another. `revision_id` and `basis` are those of the price revision that brought it.
    """

    __tablename__ = "list_prices"
    __table_args__ = (
        UniqueConstraint("sku_id", "currency", "incoterm", "valid_from"),
        CheckConstraint("amount >= 0", "not_negative"),
    )

    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    currency: Mapped[str] = mapped_column(String(3))
    incoterm: Mapped[str] = mapped_column(String(8), default="")
    amount: Mapped[Decimal]
    valid_from: Mapped[date]
    revision_id: Mapped[int | None]
    basis: Mapped[Basis] = mapped_column(default=Basis.ORDER, server_default="order")


_OWNERS = list(OwnerKind)
_SCOPES = list(Scope)


def owner_key(kind: OwnerKind, owner_id: int) -> int:
    """One number for an owner of rules, so that an index finds many owners' rules in one step."""
    return owner_id * 8 + _OWNERS.index(kind)


def object_key(scope: Scope, object_id: int) -> int:
    """One number for what a rule speaks of."""
    return object_id * 8 + _SCOPES.index(scope)


def _owner_default(context: Any) -> int:
    row = context.get_current_parameters()
    return owner_key(OwnerKind(row["owner_kind"]), row["owner_id"])


def _object_default(context: Any) -> int:
    row = context.get_current_parameters()
    return object_key(Scope(row["scope"]), row["object_id"])


class PriceRule(Model):
    """One price or rate: owner × kind × scope × object, from a quantity on, within its dates.

    `object_id` is the id of the SKU, product, category or brand (0 for scope `all`). `value` is a
    unit price in `currency` (net) for kind `fixed`, a share of the list price (0.58) for `rate`,
    whose `currency` is "". `is_special` (特価) rows are compared with the result and the lower wins.
    `revision_id` and `basis` are those of the price revision that brought it.
    """

    __tablename__ = "price_rules"
    __table_args__ = (
        UniqueConstraint(
            "owner_key",
            "object_key",
            "kind",
            "currency",
            "incoterm",
            "break_scope",
            "minimum",
            "is_special",
            "valid_from",
        ),
        CheckConstraint("value >= 0 AND minimum >= 1", "sensible"),
    )

    owner_key: Mapped[int] = mapped_column(BigInteger, default=_owner_default)
    object_key: Mapped[int] = mapped_column(BigInteger, default=_object_default)
    owner_kind: Mapped[OwnerKind]
    owner_id: Mapped[int]
    kind: Mapped[RuleKind]
    scope: Mapped[Scope]
    object_id: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3), default="")
    incoterm: Mapped[str] = mapped_column(String(8), default="")
    value: Mapped[Decimal]
    minimum: Mapped[int] = mapped_column(default=1)
    break_scope: Mapped[BreakScope] = mapped_column(default=BreakScope.PRODUCT)
    is_special: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    revision_id: Mapped[int | None]
    basis: Mapped[Basis] = mapped_column(default=Basis.ORDER, server_default="order")


class PriceFloor(Model):
    """The lowest margin (net price − cost) / net price, 0.15 for 15 %; None: no floor. One row."""

    __tablename__ = "price_floors"

    margin: Mapped[Decimal | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form
