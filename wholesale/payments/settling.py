"""Clearing (消込): which receipt paid which invoice, by rows that are never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select, update

from wholesale.billing import receivables
from wholesale.billing.models import Invoice, InvoiceLine, LedgerEntry, LedgerKind
from wholesale.customers import credit_limits
from wholesale.customers.models import Customer
from wholesale.customers.queries import the_customer
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.money import ZERO
from wholesale.kernel.numbering import next_number
from wholesale.kernel.text import N_
from wholesale.orders import progress
from wholesale.payments import learning
from wholesale.payments.models import (
    BankLine,
    BankLineState,
    Difference,
    DifferenceKind,
    Receipt,
    Settlement,
)
from wholesale.payments.queries import stands


class LineTaken(Conflict):
    """Another accountant has just dealt with this line."""

    message = N_("Somebody else has just cleared or set apart this line. Look at the next one.")


class TooMuchApplied(DomainError):
    """More is to be cleared than the money and its named differences cover."""

    message = N_(
        "%(missing)s more are cleared than arrived. Lower an amount or name the difference."
    )


class AlreadyUndone(Conflict):
    """A clearing was undone before."""

    message = N_("This clearing has already been undone.")


class OtherCurrency(DomainError):
    """A receipt clears invoices of its own currency only."""

    message = N_("%(number)s is in %(currency)s, the receipt in %(received)s. Clear it by hand.")


@dataclass(frozen=True, slots=True)
class Applied:
    """So much of an invoice is cleared, the part that a difference covers included."""

    invoice: Invoice
    amount: Decimal


def settle(
    line: BankLine,
    payer: Customer,
    applied: Sequence[Applied],
    by: Actor,
    *,
    differences: Sequence[tuple[DifferenceKind, Decimal]] = (),
    automatic: bool = False,
) -> Receipt:
    """Clear invoices with a line of the bank; what is left over stays on account (前受金).

    Raises LineTaken, OtherCurrency, TooMuchApplied, InvoiceMovedOn; then nothing has changed.
    """
    for one in applied:
        if one.invoice.currency != line.currency:
            raise OtherCurrency(
                number=one.invoice.number, currency=one.invoice.currency, received=line.currency
            )
    cleared = sum((one.amount for one in applied), ZERO)
    named = sum((amount for _, amount in differences), ZERO)
    left = line.amount + named - cleared
    if left < 0:
        raise TooMuchApplied(missing=f"{-left:,f}")
    _take(line, BankLineState.SETTLED if applied else BankLineState.ON_ACCOUNT)
    receipt = Receipt(
        number=f"~{line.id}", customer_id=payer.id, bank_line_id=line.id, currency=line.currency,
        amount=line.amount, received_on=line.booked_on, on_account=left, is_automatic=automatic,
    )  # fmt: skip
    session.add(receipt)
    session.flush()  # settlements and differences carry its id
    receipt.number = next_number("RC", clock.today())
    _clear(receipt, applied, by)
    rows = [Difference(receipt_id=receipt.id, kind=k, amount=a) for k, a in differences if a]
    session.add_all(rows)
    session.flush()  # the ledger names them
    _post(receipt, rows, by)
    if left:
        credit_limits.hold_on_account(payer, line.currency, left)
    if not automatic:
        receipt.payer_name_id = learning.learn(line, payer)
    journal.record(
        receipt, "receipt:settled", by, line=line.id, amount=line.amount,
        invoices=[one.invoice.number for one in applied], on_account=left, automatic=automatic,
    )  # fmt: skip
    session.flush()  # screens read the rows
    return receipt


def put_on_account(line: BankLine, payer: Customer, by: Actor) -> Receipt:
    """The money is this customer's, for nothing yet."""
    return settle(line, payer, (), by)


def set_apart(line: BankLine, by: Actor, *, note: str = "") -> None:
    """Lay a line aside for later. Raises LineTaken."""
    _take(line, BankLineState.SET_APART)
    line.note = note
    journal.record(line, "bank_line:set_apart", by, note=note)


def take_up_again(line: BankLine, by: Actor) -> None:
    """Put a line that was set apart back among the open ones."""
    line.move_to(BankLineState.OPEN)
    journal.record(line, "bank_line:taken_up", by)


def undo(receipt: Receipt, by: Actor, *, to: BankLineState = BankLineState.OPEN) -> None:
    """Take a clearing back by opposite rows: every balance is what it was before.

    Raises AlreadyUndone.
    """
    alive = rows_changed(
        update(Receipt)
        .where(Receipt.id == receipt.id, Receipt.is_live)
        .values(is_live=False, on_account=ZERO)
    )
    if not alive:
        raise AlreadyUndone
    payer = the_customer(receipt.customer_id)
    if receipt.on_account:
        credit_limits.hold_on_account(payer, receipt.currency, -receipt.on_account)
    for row in _standing(receipt):
        invoice = session.scalars(select(Invoice).where(Invoice.id == row.invoice_id)).one()
        _count(invoice, -row.amount)
        session.add(_settlement(receipt, invoice, -row.amount, by, reverses=row))
    for difference in session.scalars(
        select(Difference).where(
            Difference.receipt_id == receipt.id, Difference.reverses_id.is_(None)
        )
    ).all():
        session.add(
            Difference(
                receipt_id=receipt.id, kind=difference.kind, amount=-difference.amount,
                reverses_id=difference.id,
            )
        )  # fmt: skip
    _post_opposites(receipt, by)
    learning.unlearn(receipt)
    if receipt.bank_line is not None:
        receipt.bank_line.move_to(to)
    journal.record(receipt, "receipt:undone", by)
    session.flush()  # screens read the rows
    session.refresh(receipt)


def _take(line: BankLine, state: BankLineState) -> None:
    """Of two accountants at one line, one gets it."""
    taken = rows_changed(
        update(BankLine)
        .where(
            BankLine.id == line.id,
            BankLine.state.in_([BankLineState.OPEN, BankLineState.PROPOSED]),
        )
        .values(state=state, version=BankLine.version + 1)
    )
    if not taken:
        raise LineTaken
    session.refresh(line)


def _clear(receipt: Receipt, applied: Sequence[Applied], by: Actor) -> None:
    for one in sorted(applied, key=lambda one: one.invoice.id):
        if not one.amount:
            continue
        _count(one.invoice, one.amount)
        row = _settlement(receipt, one.invoice, one.amount, by)
        session.add(row)
        if one.invoice.customer_id != receipt.customer_id:
            session.flush()  # the transfer names the settlement
            _transfer(receipt, one.invoice, row, by)


def _count(invoice: Invoice, amount: Decimal) -> None:
    """The invoice's counter, the credit counter, and the order lines of a paid invoice."""
    was_paid = invoice.is_paid
    receivables.clear(invoice, amount)
    credit_limits.owe(the_customer(invoice.customer_id), invoice.currency, -amount)
    if invoice.is_paid != was_paid:
        sign = 1 if invoice.is_paid else -1
        amounts: dict[int, Decimal] = {}
        for line_id, net in session.execute(
            select(InvoiceLine.order_line_id, InvoiceLine.amount).where(
                InvoiceLine.invoice_id == invoice.id, InvoiceLine.order_line_id.is_not(None)
            )
        ):
            assert line_id is not None  # noqa: S101 - the query asks for lines of orders
            amounts[line_id] = amounts.get(line_id, ZERO) + sign * net
        progress.note_settled(amounts)


def _settlement(
    receipt: Receipt, invoice: Invoice, amount: Decimal, by: Actor,
    reverses: Settlement | None = None,
) -> Settlement:  # fmt: skip
    return Settlement(
        receipt_id=receipt.id, invoice_id=invoice.id, amount=amount, settled_at=clock.now(),
        reverses_id=reverses.id if reverses else None,
        actor_kind=by.kind, actor_id=by.id, actor_name=by.name,
    )  # fmt: skip


def _standing(receipt: Receipt) -> list[Settlement]:
    """The settlements of a receipt that nothing has reversed, by invoice."""
    return list(
        session.scalars(
            select(Settlement)
            .where(
                Settlement.receipt_id == receipt.id,
                *stands(),
            )
            .order_by(Settlement.invoice_id)
        )
    )


def _transfer(receipt: Receipt, invoice: Invoice, row: Settlement, by: Actor) -> None:
    """A head office paid a store's own invoice: the debt moves by one pair of rows."""
    for customer, amount, side in (
        (receipt.customer_id, row.amount, "settlement_from"),
        (invoice.customer_id, -row.amount, "settlement_to"),
    ):
        receivables.post(
            customer, receipt.currency, LedgerKind.TRANSFER, amount, on=receipt.received_on,
            document=receipt.number, source=(side, row.id), by=by,
        )  # fmt: skip


def _post(receipt: Receipt, differences: Sequence[Difference], by: Actor) -> None:
    receivables.post(
        receipt.customer_id, receipt.currency, LedgerKind.RECEIPT, -receipt.amount,
        on=receipt.received_on, document=receipt.number, source=("receipt", receipt.id), by=by,
    )  # fmt: skip
    for one in differences:
        receivables.post(
            receipt.customer_id, receipt.currency, LedgerKind(one.kind.value), -one.amount,
            on=receipt.received_on, document=receipt.number, source=("difference", one.id), by=by,
        )  # fmt: skip


def _post_opposites(receipt: Receipt, by: Actor) -> None:
    for entry in session.scalars(
        select(LedgerEntry).where(
            LedgerEntry.document == receipt.number, LedgerEntry.reverses_id.is_(None)
        )
    ).all():
        receivables.post(
            entry.customer_id, entry.currency, entry.kind, -entry.amount, on=clock.today(),
            document=receipt.number, source=("ledger_entry", entry.id), by=by, reverses=entry,
        )  # fmt: skip
