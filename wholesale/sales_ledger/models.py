"""What is earned (売上): append-only rows between shipment and invoice."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.company.models import TaxClass
from wholesale.kernel.db import Model, Names, Owned


class SalesKind(StrEnum):
    """What was sold or taken back."""

    GOODS = "goods"
    CONSIGNED = "consigned"
    LOAN_KEPT = "loan_kept"
    FREIGHT = "freight"
    FEE = "fee"
    DISCOUNT = "discount"
    REBATE = "rebate"
    RETURN = "return"
    CORRECTION = "correction"


class SalesEntry(Owned, Model):
    """One row of revenue, net of tax. Unbilled until a live invoice names it.

    A source makes each kind of entry once (`source_kind`, `source_id`, `kind`).
    """

    __tablename__ = "sales_entries"
    __table_args__ = (
        UniqueConstraint("source_kind", "source_id", "kind"),
        CheckConstraint("quantity <> 0 OR amount <> 0", "not_empty"),
        Index("ix_sales_entries_bill_to", "bill_to_id", "currency", "revenue_on"),
        Index("ix_sales_entries_revenue", "revenue_on", "currency", "customer_id", "amount"),
        Index("ix_sales_entries_slip", "slip_number"),
    )

    kind: Mapped[SalesKind]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    bill_to_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    revenue_on: Mapped[date]
    supply_on: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    sku_id: Mapped[int | None] = mapped_column(ForeignKey("skus.id"))
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_lines.id"), index=True)
    code: Mapped[str] = mapped_column(String(60))
    description: Mapped[Names]
    quantity: Mapped[int]
    unit_price: Mapped[Decimal]
    amount: Mapped[Decimal]
    tax_class: Mapped[TaxClass]
    tax_provisional: Mapped[Decimal]
    slip_number: Mapped[str] = mapped_column(String(30))
    source_kind: Mapped[str] = mapped_column(String(30))
    source_id: Mapped[int]
    written_at: Mapped[datetime]
