"""Clearing (消込): which receipt paid which invoice, by rows that are never changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select, update

from wholesale.billing import receivables
from wholesale.billing.models import Invoice, LedgerEntry
from wholesale.billing.receivables import Posting
from wholesale.customers.models import Customer
from wholesale.customers.queries import living, the_customer
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.money import ZERO
from wholesale.kernel.numbering import next_numbers
from wholesale.kernel.text import N_
from wholesale.orders import prepaying
from wholesale.payments import clearing, learning
from wholesale.payments.models import (
    BankLine,
    BankLineState,
    Difference,
    DifferenceKind,
    Receipt,
    Settlement,
)
from wholesale.payments.queries import stands


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
    told = Clearing(line, payer, tuple(applied), tuple(differences), automatic)
    return settle_all([told], by)[0]


@dataclass(frozen=True, slots=True)
class Clearing:
    """What one line of the bank clears, for which payer, with which named differences."""

    line: BankLine
    payer: Customer
    applied: tuple[Applied, ...]
    differences: tuple[tuple[DifferenceKind, Decimal], ...] = ()
    automatic: bool = False

    def left(self) -> Decimal:
        """What stays on account. Raises OtherCurrency, TooMuchApplied."""
        for one in self.applied:
            if one.invoice.currency != self.line.currency:
                raise OtherCurrency(
                    number=one.invoice.number, currency=one.invoice.currency,
                    received=self.line.currency,
                )  # fmt: skip
        cleared = sum((one.amount for one in self.applied), ZERO)
        named = sum((amount for _, amount in self.differences), ZERO)
        left = self.line.amount + named - cleared
        if left < 0:
            raise TooMuchApplied(missing=f"{-left:,f}")
        return left


def settle_all(clearings: Sequence[Clearing], by: Actor) -> list[Receipt]:
    """Settle several lines as one: all of them, or none. Raises as `settle` does."""
    if not clearings:
        return []
    lefts = [one.left() for one in clearings]
    clearing.take(
        [
            (one.line, BankLineState.SETTLED if one.applied else BankLineState.ON_ACCOUNT)
            for one in clearings
        ]
    )
    clearing.count(
        [(each.invoice, each.amount) for one in clearings for each in one.applied if each.amount],
        [(c.payer.id, c.line.currency, left) for c, left in zip(clearings, lefts, strict=True)],
    )
    receipts = _receive(clearings, lefts)
    pairs = list(zip(receipts, clearings, strict=True))
    clearing.write(
        receipts,
        [(r, each.invoice, each.amount) for r, one in pairs for each in one.applied if each.amount],
        [(r, kind, amount) for r, one in pairs for kind, amount in one.differences if amount],
        by,
    )
    for receipt, one in pairs:
        if not one.automatic:
            receipt.payer_name_id = learning.learn(one.line, one.payer)
        journal.record(
            receipt, "receipt:settled", by, line=one.line.id, amount=one.line.amount,
            invoices=[each.invoice.number for each in one.applied],
            on_account=receipt.on_account, automatic=one.automatic,
        )  # fmt: skip
    session.flush()  # screens read the rows
    for payer_id, currency in sorted(
        {(r.customer_id, r.currency) for r in receipts if r.on_account}
    ):
        prepaying.look_again(payer_id, currency, by)
    return receipts


def _receive(clearings: Sequence[Clearing], lefts: Sequence[Decimal]) -> list[Receipt]:
    numbers = next_numbers("RC", clock.today(), len(clearings))
    return clearing.receipts(
        [
            {
                "number": number, "customer_id": one.payer.id, "bank_line_id": one.line.id,
                "currency": one.line.currency, "amount": one.line.amount,
                "received_on": one.line.booked_on, "on_account": left,
                "is_automatic": one.automatic,
            }
            for number, one, left in zip(numbers, clearings, lefts, strict=True)
        ]
    )  # fmt: skip


def put_on_account(line: BankLine, payer: Customer, by: Actor) -> Receipt:
    """The money is this customer's, for nothing yet."""
    return settle(line, payer, (), by)


def set_apart(line: BankLine, by: Actor, *, note: str = "") -> None:
    """Lay a line aside for later. Raises LineTaken."""
    clearing.take([(line, BankLineState.SET_APART)])
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
    standing = _standing(receipt)
    invoices = _invoices(row.invoice_id for row in standing)
    clearing.count(
        [(invoices[row.invoice_id], -row.amount) for row in standing],
        [(payer.id, receipt.currency, -receipt.on_account)],
    )
    for row in standing:
        session.add(
            Settlement(
                receipt_id=receipt.id, invoice_id=row.invoice_id, amount=-row.amount,
                settled_at=clock.now(), reverses_id=row.id,
                actor_kind=by.kind, actor_id=by.id, actor_name=by.name,
            )
        )  # fmt: skip
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
    prepaying.take_back(payer.id, receipt.currency, by)
    _post_opposites(receipt, by)
    learning.unlearn(receipt)
    if receipt.bank_line is not None:
        receipt.bank_line.move_to(to)
    journal.record(receipt, "receipt:undone", by)
    session.flush()  # screens read the rows
    session.refresh(receipt)


def _invoices(ids: Iterable[int]) -> dict[int, Invoice]:
    rows = session.scalars(select(Invoice).where(Invoice.id.in_(list(ids))))
    return {invoice.id: invoice for invoice in rows}


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


def _post_opposites(receipt: Receipt, by: Actor) -> None:
    entries = session.scalars(
        select(LedgerEntry).where(
            LedgerEntry.document == receipt.number, LedgerEntry.reverses_id.is_(None)
        )
    )
    rows = list(entries)
    owes = living(entry.customer_id for entry in rows)
    receivables.post_all(
        [
            Posting(
                owes[entry.customer_id], entry.currency, entry.kind, -entry.amount, clock.today(),
                receipt.number, ("ledger_entry", entry.id), entry.id,
            )
            for entry in rows
        ],
        by,
    )  # fmt: skip
