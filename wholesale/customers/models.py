"""Customer companies: who they are, where goods go, on what terms, and how much credit is used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.customers.applicants import SignupRequest, SignupState  # noqa: F401 - its table
from wholesale.kernel import clock
from wholesale.kernel.access import Principal
from wholesale.kernel.db import Limited, Model, Names, Owned
from wholesale.kernel.money import Rounding
from wholesale.kernel.types import CanonicalJSON


class CustomerState(StrEnum):
    """Whether a customer may trade."""

    ACTIVE = "active"
    STOPPED = "stopped"
    MERGED = "merged"


class FeeBearer(StrEnum):
    """Who bears the bank's transfer fee: the payer, or we (the customer deducts it)."""

    PAYER = "payer"
    PAYEE = "payee"


class AmountBasis(StrEnum):
    """From what a line's amount is made: unit price × quantity, or list price × quantity × rate."""

    UNIT_PRICE = "unit_price"
    LIST_PRICE = "list_price"


class Billing(StrEnum):
    """When invoices are made: with each shipment (都度), or at the closing (締め)."""

    PER_SHIPMENT = "per_shipment"
    PERIODIC = "periodic"


class PaymentMeans(StrEnum):
    """How a customer pays. Direct debit, notes (でんさい) and services are billed as on account."""

    ON_ACCOUNT = "on_account"
    PREPAYMENT = "prepayment"
    CASH_ON_DELIVERY = "cash_on_delivery"
    ELECTRONIC_NOTE = "electronic_note"
    DIRECT_DEBIT = "direct_debit"
    SETTLEMENT_SERVICE = "settlement_service"


class PaymentGate(StrEnum):
    """Before which step money (or a settlement service's yes) must have come."""

    CONFIRM = "confirm"
    SHIP = "ship"


class CustomerGroup(Model):
    """A price group (ランク); each customer is in at most one."""

    __tablename__ = "customer_groups"

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[Names]


class Customer(Limited, Model):
    """A trading partner. `bill_to_id` None means it is billed itself.

    From `next_bill_to_on` on it is billed to `next_bill_to_id`; every document keeps the bill-to of
    its own day (`customers.billing_to`).
    """

    __tablename__ = "customers"

    code: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    name_zh: Mapped[str] = mapped_column(default="", server_default="")
    kana: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(String(2), default="JP")
    locale: Mapped[str] = mapped_column(String(8), default="ja")
    state: Mapped[CustomerState] = mapped_column(default=CustomerState.ACTIVE)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("customer_groups.id"))
    bill_to_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    next_bill_to_on: Mapped[date | None]
    next_bill_to_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    pays_for_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    registration_number: Mapped[str] = mapped_column(String(14), default="")
    postal_code: Mapped[str] = mapped_column(String(12), default="")
    region: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    building: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    invoice_email: Mapped[str] = mapped_column(default="")
    order_email: Mapped[str] = mapped_column(default="", server_default="")
    delivery_email: Mapped[str] = mapped_column(default="", server_default="")
    tags: Mapped[list[Any]] = mapped_column(CanonicalJSON, default=list, server_default="[]")
    priority: Mapped[int] = mapped_column(default=5)
    notes: Mapped[str] = mapped_column(default="")
    since: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    group: Mapped[CustomerGroup | None] = relationship()
    bill_to: Mapped[Customer | None] = relationship(
        remote_side="Customer.id", foreign_keys=[bill_to_id]
    )
    next_bill_to: Mapped[Customer | None] = relationship(
        remote_side="Customer.id", foreign_keys=[next_bill_to_id]
    )

    @classmethod
    def allowed(cls, who: Principal) -> ColumnElement[bool] | None:
        """One of our people may be kept to the customers it looks after."""
        return None if who.own_customers is None else cls.id.in_(who.own_customers)

    @property
    def payer(self) -> Customer:
        """The customer that is billed today: its bill-to, or itself."""
        return (self.next_bill_to if self._has_changed(clock.today()) else self.bill_to) or self

    @property
    def payer_id(self) -> int:
        """The id of the customer that is billed today."""
        return self.payer_on(clock.today())

    def payer_on(self, day: date) -> int:
        """The id of the customer that is billed for what is placed on a day, today or later."""
        bill_to = self.next_bill_to_id if self._has_changed(day) else self.bill_to_id
        return bill_to or self.id

    def _has_changed(self, day: date) -> bool:
        return self.next_bill_to_on is not None and day >= self.next_bill_to_on

    def display_name(self, locale: str) -> str:
        """The registered name, or the one for readers of other scripts where there is one."""
        known = {"en": self.name_en, "zh": self.name_zh, "zh-Hant": self.name_zh}
        return known.get(locale) or self.name

    @property
    def orders_to(self) -> str:
        """Where confirmations of orders are mailed; "" nowhere."""
        return self.order_email or self.invoice_email

    @property
    def deliveries_to(self) -> str:
        """Where delivery notes are mailed; "" nowhere."""
        return self.delivery_email or self.invoice_email


class BillTo(Owned, Model):
    """Who is billed for a customer from a day on; `bill_to_id` None: itself. The history of it."""

    __tablename__ = "bill_tos"
    __table_args__ = (UniqueConstraint("customer_id", "valid_from"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    valid_from: Mapped[date]
    bill_to_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))


class Terms(Owned, Model):
    """Terms of trade of one customer from a day on. Money terms are read from the bill-to's row.

    `default_rate` 0.58 = 58 % of the list price. `closing_days` "20", "15,31" (31 = end of month),
    "" = billed per shipment. Payment: `payment_months` after the closing month, on `payment_day`
    (31 = end of month), or `payment_days` after the invoice where that is not None.
    `deposit_share` 0.3 = 30 % must have come before `payment_gate`; None = all of it where the
    means is prepayment, nothing otherwise.
    """

    __tablename__ = "terms"
    __table_args__ = (UniqueConstraint("customer_id", "valid_from"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    valid_from: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3), default="JPY")
    incoterm: Mapped[str] = mapped_column(String(8), default="")
    incoterm_place: Mapped[str] = mapped_column(default="")
    default_rate: Mapped[Decimal | None]
    price_digits: Mapped[int | None]
    price_mode: Mapped[Rounding | None]
    amount_mode: Mapped[Rounding | None]
    amount_basis: Mapped[AmountBasis] = mapped_column(default=AmountBasis.UNIT_PRICE)
    tax_mode: Mapped[Rounding | None]
    billing: Mapped[Billing] = mapped_column(default=Billing.PER_SHIPMENT)
    closing_days: Mapped[str] = mapped_column(String(20), default="")
    payment_months: Mapped[int] = mapped_column(default=1)
    payment_day: Mapped[int] = mapped_column(default=31)
    payment_days: Mapped[int | None]
    payment_text: Mapped[str] = mapped_column(default="")
    payment_means: Mapped[PaymentMeans] = mapped_column(
        default=PaymentMeans.ON_ACCOUNT, server_default=PaymentMeans.ON_ACCOUNT.value
    )
    payment_gate: Mapped[PaymentGate] = mapped_column(
        default=PaymentGate.SHIP, server_default=PaymentGate.SHIP.value
    )
    deposit_share: Mapped[Decimal | None]
    fee_bearer: Mapped[FeeBearer] = mapped_column(default=FeeBearer.PAYER)
    minimum_amount: Mapped[Decimal | None]
    credit_limit: Mapped[Decimal | None]
    freight_fee: Mapped[Decimal | None]
    freight_free_from: Mapped[Decimal | None]
    approval_needed: Mapped[bool] = mapped_column(default=False)


class AddressKind(StrEnum):
    """What an address is for."""

    SHIP_TO = "ship_to"
    BILLING = "billing"


class Address(Owned, Model):
    """An address of a customer; a ship-to (納品先) receives goods.

    `receiving_weekdays` are digits, Monday 0; `receiving_hours` are printed as they stand.
    """

    __tablename__ = "addresses"
    __table_args__ = (UniqueConstraint("customer_id", "code"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    code: Mapped[str] = mapped_column(String(30))
    kind: Mapped[AddressKind] = mapped_column(default=AddressKind.SHIP_TO)
    name: Mapped[str]
    country: Mapped[str] = mapped_column(String(2), default="JP")
    postal_code: Mapped[str] = mapped_column(String(12), default="")
    region: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    attention: Mapped[str] = mapped_column(default="")
    receiving_hours: Mapped[str] = mapped_column(default="")
    receiving_weekdays: Mapped[str] = mapped_column(
        String(7), default="0123456", server_default="0123456"
    )
    receives_on_holidays: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_default: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    def lines(self) -> list[str]:
        """The address as it is written on a parcel, top line first."""
        return [
            part
            for part in (
                self.postal_code,
                f"{self.region}{self.address}"
                if self.address
                and not self.address.startswith(self.region)
                and self.country == "JP"
                else self.address,
            )
            if part
        ]


class ClosedDays(Owned, Model):
    """Days on which an address receives nothing: a stocktaking, a summer break."""

    __tablename__ = "closed_days"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("addresses.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(80), default="")


class CreditLevel(StrEnum):
    """Whose limit a counter guards: the customer's own, or its whole bill-to group's."""

    OWN = "own"
    GROUP = "group"


class CreditUse(Model):
    """What a customer owes or has on order, with tax, in one currency: a counter kept by verbs.

    A limit of NULL is no limit, 0 is no credit. `later` are orders beyond the horizon. `reserved`
    is the part of `on_account` that is set apart for orders paid in advance.
    """

    __tablename__ = "credit_uses"
    __table_args__ = (
        UniqueConstraint("customer_id", "level", "currency"),
        CheckConstraint("ordered >= 0 AND later >= 0 AND on_account >= 0", "not_negative"),
        Index("ix_credit_uses_customer", "customer_id"),
    )

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    level: Mapped[CreditLevel]
    currency: Mapped[str] = mapped_column(String(3))
    credit_limit: Mapped[Decimal | None]
    ordered: Mapped[Decimal] = mapped_column(default=Decimal(0))
    later: Mapped[Decimal] = mapped_column(default=Decimal(0))
    unbilled: Mapped[Decimal] = mapped_column(default=Decimal(0))
    receivable: Mapped[Decimal] = mapped_column(default=Decimal(0))
    notes: Mapped[Decimal] = mapped_column(default=Decimal(0))
    on_account: Mapped[Decimal] = mapped_column(default=Decimal(0))
    reserved: Mapped[Decimal] = mapped_column(default=Decimal(0), server_default=text("0"))

    @property
    def exposure(self) -> Decimal:
        """Open invoices + unbilled sales + open orders + notes − money on account."""
        return self.ordered + self.unbilled + self.receivable + self.notes - self.on_account

    @property
    def left(self) -> Decimal | None:
        """What may still be ordered; None without a limit."""
        return None if self.credit_limit is None else self.credit_limit - self.exposure
