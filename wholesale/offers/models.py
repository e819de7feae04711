"""Freight rules (what carriage and its fees cost, where and from which size on), and order links."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.catalog.models import Catalog
from wholesale.company.models import TaxClass
from wholesale.customers.models import Customer
from wholesale.kernel.db import Model, Names, Owned
from wholesale.kernel.types import CanonicalJSON
from wholesale.offers.watch_tables import Watch  # noqa: F401 - its table


class ChargeKind(StrEnum):
    """What is charged beside the goods."""

    FREIGHT = "freight"
    CASH_ON_DELIVERY = "cash_on_delivery"
    HANDLING = "handling"


class Basis(StrEnum):
    """What the fee is multiplied with; begun kilograms and cartons count whole."""

    DELIVERY = "delivery"
    KILOGRAM = "kilogram"
    PIECE = "piece"
    CARTON = "carton"


class FreightRule(Model):
    """One rule; whatever is empty or 0 is any. `fee` and `free_from` are net in `currency`.

    `regions` are prefectures or regions, separated by commas. It counts from all four thresholds
    on: net amount, weight in grams, pieces and cartons of one delivery.
    """

    __tablename__ = "freight_rules"
    __table_args__ = (Index("ix_freight_rules_currency", "currency", "is_active"),)

    kind: Mapped[ChargeKind]
    name: Mapped[Names]
    currency: Mapped[str] = mapped_column(String(3))
    country: Mapped[str] = mapped_column(String(2), default="")
    regions: Mapped[str] = mapped_column(default="")
    min_amount: Mapped[Decimal] = mapped_column(default=Decimal(0))
    min_weight_grams: Mapped[int] = mapped_column(default=0)
    min_quantity: Mapped[int] = mapped_column(default=0)
    min_cartons: Mapped[int] = mapped_column(default=0)
    basis: Mapped[Basis] = mapped_column(default=Basis.DELIVERY)
    fee: Mapped[Decimal]
    free_from: Mapped[Decimal | None]
    tax_class: Mapped[TaxClass] = mapped_column(default=TaxClass.STANDARD)
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def nearness(self) -> tuple[bool, bool, Decimal, int, int, int, int, date, int]:
        """The greatest wins: place, then thresholds, then the list's order, the newest start, row."""
        return (
            bool(self.regions), bool(self.country), self.min_amount, self.min_weight_grams,
            self.min_quantity, self.min_cartons, -self.position, self.valid_from, self.id,
        )  # fmt: skip


class LinkOrders(StrEnum):
    """Whose orders come by a link."""

    OF_CUSTOMER = "customer"
    OF_VISITORS = "visitors"


class OrderLink(Owned, Model):
    """A catalog by its address, for people without an account (オーダーリンク).

    Prices and terms are those of `customer_id`; the orders are that customer's own, or each a new
    customer's. `word` is the secret stretch of the address, `pass_code` an argon2 hash. Open from the
    beginning of `opens_on` to the end of `closes_on`, by the company's clock.
    """

    __tablename__ = "order_links"

    word: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    greeting: Mapped[str] = mapped_column(String(1000), default="")
    catalog_id: Mapped[int] = mapped_column(ForeignKey("catalogs.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    orders_as: Mapped[LinkOrders] = mapped_column(default=LinkOrders.OF_VISITORS)
    pass_code: Mapped[str | None] = mapped_column(String(200))
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    is_on: Mapped[bool] = mapped_column(default=True)
    view_only: Mapped[bool] = mapped_column(default=False)
    shows_prices: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    catalog: Mapped[Catalog] = relationship()
    customer: Mapped[Customer] = relationship()


class LinkVisit(Model):
    """Somebody at an order link, known by a cookie: what was chosen there, {SKU: pieces}."""

    __tablename__ = "link_visits"
    __table_args__ = (UniqueConstraint("link_id", "secret_sha256"),)

    link_id: Mapped[int] = mapped_column(ForeignKey("order_links.id"))
    secret_sha256: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime]
    pieces: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON, default=dict)
    order_number: Mapped[str] = mapped_column(String(30), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class SheetKind(StrEnum):
    """As what a line sheet is drawn."""

    EXCEL = "xlsx"
    PDF = "pdf"


class LineSheet(Owned, Model):
    """A line sheet somebody asked for that is too large to wait for: the worker draws it.

    `sha256` None with a `drawn_at`: the customer did not see the catalog any more by then.
    """

    __tablename__ = "line_sheets"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    catalog_id: Mapped[int] = mapped_column(ForeignKey("catalogs.id"))
    kind: Mapped[SheetKind]
    locale: Mapped[str] = mapped_column(String(8))
    with_prices: Mapped[bool]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    sha256: Mapped[str | None] = mapped_column(String(64))
    drawn_at: Mapped[datetime | None]
