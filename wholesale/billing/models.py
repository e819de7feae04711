"""Invoices as they were issued, and the ledger of what customers owe."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    exists,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.catalog.models import is_of_another_brand
from wholesale.company.models import TaxClass
from wholesale.customers.models import Customer
from wholesale.kernel.access import ActorKind, Principal
from wholesale.kernel.db import Limited, Model, Names, Owned
from wholesale.kernel.lifecycle import Lifecycle
from wholesale.kernel.money import Rounding
from wholesale.orders.models import OrderLine


class InvoiceKind(StrEnum):
    """What an invoice bills."""

    PER_SHIPMENT = "per_shipment"
    PERIODIC = "periodic"
    DEPOSIT = "deposit"
    CREDIT_NOTE = "credit_note"
    OPENING = "opening"


class InvoiceState(StrEnum):
    """Issued documents never change; part paid, paid, overdue and seen are derived."""

    DRAFT = "draft"
    ISSUED = "issued"
    CORRECTED = "corrected"


INVOICE_LIFECYCLE = Lifecycle(
    {
        InvoiceState.DRAFT: {InvoiceState.ISSUED},
        InvoiceState.ISSUED: {InvoiceState.CORRECTED},
        InvoiceState.CORRECTED: set(),
    }
)


class Invoice(Limited, Owned, Model):
    """An issued invoice of one bill-to (`customer_id`) in one currency.

    net + tax = total; `settled` ≤ total is the counter of its settlements. `opening_open` is what
    was open of an invoice brought in from another system.
    """

    __tablename__ = "invoices"
    __table_args__ = (
        CheckConstraint("total = net + tax", "adds_up"),
        Index("ix_invoices_customer", "customer_id", "currency", "due_on"),
        Index("ix_invoices_issued", "issued_on", "id"),
        Index("ix_invoices_customer_issued", "customer_id", "issued_on", "id"),
        Index(
            "ix_invoices_open_due",
            "state",
            "due_on",
            "currency",
            "customer_id",
            "total",
            "settled",
            sqlite_where=text("total <> settled"),
            postgresql_where=text("total <> settled"),
        ),
        Index(
            "ix_invoices_open",
            "customer_id",
            "currency",
            sqlite_where=text("total <> settled"),
            postgresql_where=text("total <> settled"),
        ),
    )

    number: Mapped[str] = mapped_column(String(30), unique=True)
    kind: Mapped[InvoiceKind]
    state: Mapped[InvoiceState] = mapped_column(default=InvoiceState.DRAFT)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    currency: Mapped[str] = mapped_column(String(3))
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    due_on: Mapped[date]
    supplied_from: Mapped[date | None]
    supplied_until: Mapped[date | None]
    tax_mode: Mapped[Rounding]
    net: Mapped[Decimal]
    tax: Mapped[Decimal]
    total: Mapped[Decimal]
    settled: Mapped[Decimal] = mapped_column(default=Decimal(0))
    opening_settled: Mapped[Decimal] = mapped_column(default=Decimal(0))
    closing_number: Mapped[str] = mapped_column(String(30), default="")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"))
    paper_id: Mapped[int | None]

    customer: Mapped[Customer] = relationship()
    lines: Mapped[list[InvoiceLine]] = relationship(
        back_populates="invoice", order_by="InvoiceLine.position"
    )
    taxes: Mapped[list[InvoiceTax]] = relationship(
        back_populates="invoice", order_by="InvoiceTax.rate.desc()"
    )

    @classmethod
    def allowed(cls, who: Principal) -> ColumnElement[bool] | None:
        """Who is kept to some brands sees the invoices that bill goods of these alone."""
        if who.brand_ids is None:
            return None
        lines, ordered = InvoiceLine.__table__.alias(), OrderLine.__table__.alias()
        other = is_of_another_brand(ordered.c.sku_id, who.brand_ids)
        return ~exists().where(
            lines.c.invoice_id == cls.id, ordered.c.id == lines.c.order_line_id, other
        )

    @property
    def open(self) -> Decimal:
        """What is still to be paid, in the invoice's currency (negative for a credit note)."""
        return self.total - self.settled

    @property
    def is_paid(self) -> bool:
        """Whether nothing is open."""
        return self.total == self.settled


class InvoiceLine(Model):
    """One line as printed; `supply_on` and `slip_number` say when and with which delivery."""

    __tablename__ = "invoice_lines"
    __table_args__ = (UniqueConstraint("invoice_id", "position"),)

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(60))
    description: Mapped[Names]
    quantity: Mapped[int]
    unit_price: Mapped[Decimal]
    amount: Mapped[Decimal]
    tax_class: Mapped[TaxClass]
    tax_rate: Mapped[Decimal]
    supply_on: Mapped[date]
    slip_number: Mapped[str] = mapped_column(String(30))
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_lines.id"), index=True)

    invoice: Mapped[Invoice] = relationship(back_populates="lines")


class BilledEntry(Model):
    """Which invoice line bills which sales entry; at most one live invoice bills an entry."""

    __tablename__ = "billed_entries"
    __table_args__ = (
        Index(
            "uq_billed_entries_live",
            "sales_entry_id",
            unique=True,
            sqlite_where=text("is_live"),
            postgresql_where=text("is_live"),
        ),
    )

    sales_entry_id: Mapped[int] = mapped_column(ForeignKey("sales_entries.id"), index=True)
    invoice_line_id: Mapped[int] = mapped_column(ForeignKey("invoice_lines.id"), index=True)
    is_live: Mapped[bool] = mapped_column(default=True)


class InvoiceTax(Model):
    """The tax of one rate: one rounding of the rate's base."""

    __tablename__ = "invoice_taxes"
    __table_args__ = (UniqueConstraint("invoice_id", "tax_class", "rate"),)

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    tax_class: Mapped[TaxClass]
    rate: Mapped[Decimal]
    base: Mapped[Decimal]
    tax: Mapped[Decimal]

    invoice: Mapped[Invoice] = relationship(back_populates="taxes")


class LedgerKind(StrEnum):
    """Why a receivable rose or fell."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    REFUND = "refund"
    FEE = "fee"
    DISCOUNT = "discount"
    WRITE_OFF = "write_off"
    OFFSET = "offset"
    EXCHANGE = "exchange"
    OPENING = "opening"
    TRANSFER = "transfer"


class LedgerEntry(Owned, Model):
    """One row of the receivables ledger of a bill-to in one currency; signed, append-only.

    A source posts each kind once; `reverses_id` names the row that it takes back.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        UniqueConstraint("kind", "source_kind", "source_id"),
        UniqueConstraint("reverses_id"),
        CheckConstraint("amount <> 0", "not_empty"),
        Index("ix_ledger_entries_customer", "customer_id", "currency", "posted_on"),
        Index("ix_ledger_entries_document", "document"),
    )

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    currency: Mapped[str] = mapped_column(String(3))
    kind: Mapped[LedgerKind]
    amount: Mapped[Decimal]
    posted_on: Mapped[date]
    posted_at: Mapped[datetime]
    document: Mapped[str] = mapped_column(String(40))
    source_kind: Mapped[str] = mapped_column(String(30))
    source_id: Mapped[int]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.id"))
    actor_kind: Mapped[ActorKind]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str]
