"""Money that arrives: bank files and their lines, receipts, and which invoice each one paid."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.billing.models import Invoice
from wholesale.company.models import BankAccount
from wholesale.customers.models import Customer
from wholesale.kernel.access import ActorKind
from wholesale.kernel.db import Model, Owned
from wholesale.kernel.lifecycle import Lifecycle
from wholesale.kernel.types import CanonicalJSON


class BankLineState(StrEnum):
    """Where a line of the bank's statement stands."""

    OPEN = "open"
    PROPOSED = "proposed"
    SETTLED = "settled"
    ON_ACCOUNT = "on_account"
    SET_APART = "set_apart"
    REVERSED = "reversed"


_S = BankLineState
BANK_LINE_LIFECYCLE = Lifecycle(
    {
        _S.OPEN: {_S.PROPOSED, _S.SETTLED, _S.ON_ACCOUNT, _S.SET_APART, _S.REVERSED},
        _S.PROPOSED: {_S.OPEN, _S.SETTLED, _S.ON_ACCOUNT, _S.SET_APART, _S.REVERSED},
        _S.SETTLED: {_S.OPEN, _S.REVERSED},
        _S.ON_ACCOUNT: {_S.OPEN, _S.SETTLED, _S.REVERSED},
        _S.SET_APART: {_S.OPEN, _S.REVERSED},
        _S.REVERSED: set(),
    }
)


class BankFile(Model):
    """A statement file as it was brought in; the same bytes are taken once per account."""

    __tablename__ = "bank_files"
    __table_args__ = (UniqueConstraint("sha256"),)

    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    format: Mapped[str] = mapped_column(String(20))
    imported_at: Mapped[datetime]
    imported_by: Mapped[str]
    lines_new: Mapped[int]
    lines_known: Mapped[int]


class BankLine(Model):
    """One line of a statement. `key` makes it single however often its file comes."""

    __tablename__ = "bank_lines"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_bank_lines_state", "state", "booked_on", "id", "is_credit"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("bank_files.id"))
    key: Mapped[str] = mapped_column(String(64))
    record: Mapped[str] = mapped_column(String(12))
    booked_on: Mapped[date]
    value_on: Mapped[date | None]
    is_credit: Mapped[bool]
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[Decimal]
    payer_name: Mapped[str]
    payer_key: Mapped[str] = mapped_column(index=True)
    payer_code: Mapped[str] = mapped_column(String(20), default="")
    payer_bank: Mapped[str] = mapped_column(default="")
    payer_branch: Mapped[str] = mapped_column(default="")
    reference: Mapped[str] = mapped_column(default="")
    bank_reference: Mapped[str] = mapped_column(String(40), default="")
    description: Mapped[str] = mapped_column(default="")
    is_reversal: Mapped[bool] = mapped_column(default=False)
    reverses_line_id: Mapped[int | None] = mapped_column(ForeignKey("bank_lines.id"))
    state: Mapped[BankLineState] = mapped_column(default=BankLineState.OPEN)
    proposal: Mapped[dict[str, Any] | None] = mapped_column(CanonicalJSON)
    note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    account: Mapped[BankAccount] = relationship()
    file: Mapped[BankFile] = relationship()

    def move_to(self, state: BankLineState) -> None:
        """Change the state along the table of moves. Raises IllegalMove."""
        BANK_LINE_LIFECYCLE.check(self.state, state)
        self.state = state


class Receipt(Owned, Model):
    """Money known to be one customer's. amount + differences = settled + on account.

    `is_live` turns false when the receipt is undone; its rows stay, with their opposites.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        CheckConstraint("on_account >= 0", "not_negative"),
        Index("ix_receipts_customer", "customer_id", "received_on"),
        Index("ix_receipts_line", "bank_line_id"),
    )

    number: Mapped[str] = mapped_column(String(30), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    bank_line_id: Mapped[int | None] = mapped_column(ForeignKey("bank_lines.id"))
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[Decimal]
    received_on: Mapped[date]
    on_account: Mapped[Decimal]
    is_live: Mapped[bool] = mapped_column(default=True)
    payer_name_id: Mapped[int | None] = mapped_column(ForeignKey("payer_names.id"))
    is_automatic: Mapped[bool] = mapped_column(default=False)

    customer: Mapped[Customer] = relationship()
    bank_line: Mapped[BankLine | None] = relationship()
    settlements: Mapped[list[Settlement]] = relationship(back_populates="receipt")
    differences: Mapped[list[Difference]] = relationship(back_populates="receipt")


class Settlement(Model):
    """So much of this receipt (its differences included) cleared this invoice; append-only."""

    __tablename__ = "settlements"
    __table_args__ = (
        UniqueConstraint("reverses_id"),
        CheckConstraint("amount <> 0", "not_empty"),
        Index("ix_settlements_invoice", "invoice_id"),
        Index("ix_settlements_receipt", "receipt_id"),
    )

    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipts.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    amount: Mapped[Decimal]
    settled_at: Mapped[datetime]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("settlements.id"))
    actor_kind: Mapped[ActorKind]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str]

    receipt: Mapped[Receipt] = relationship(back_populates="settlements")
    invoice: Mapped[Invoice] = relationship()


class DifferenceKind(StrEnum):
    """Why less or more arrived than was cleared."""

    FEE = "fee"
    DISCOUNT = "discount"
    OFFSET = "offset"
    WRITE_OFF = "write_off"


class Difference(Model):
    """A named difference of a receipt; positive where it clears more than arrived. Append-only."""

    __tablename__ = "differences"
    __table_args__ = (
        UniqueConstraint("reverses_id"),
        CheckConstraint("amount <> 0", "not_empty"),
        Index("ix_differences_receipt", "receipt_id"),
    )

    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipts.id"))
    kind: Mapped[DifferenceKind]
    amount: Mapped[Decimal]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("differences.id"))

    receipt: Mapped[Receipt] = relationship(back_populates="differences")


class PayerName(Model):
    """A name under which a customer pays: registered, or learned from confirmed matches."""

    __tablename__ = "payer_names"
    __table_args__ = (UniqueConstraint("customer_id", "key", "bank", "branch", "is_registered"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    raw: Mapped[str]
    key: Mapped[str] = mapped_column(index=True)
    bank: Mapped[str] = mapped_column(default="")
    branch: Mapped[str] = mapped_column(default="")
    is_registered: Mapped[bool]
    confirmations: Mapped[int] = mapped_column(default=0)
