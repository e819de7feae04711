"""The rows of clearings: receipts, what they cleared, their differences, and the ledger beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, Update, bindparam, insert, or_, select, update
from sqlalchemy.orm.attributes import set_committed_value

from wholesale.billing import receivables
from wholesale.billing.models import Invoice, InvoiceLine, LedgerKind
from wholesale.billing.receivables import Posting
from wholesale.customers import credit_limits
from wholesale.customers.credit_limits import Owed
from wholesale.customers.queries import living
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.money import ZERO
from wholesale.kernel.text import N_
from wholesale.orders import progress
from wholesale.payments.models import (
    BankLine,
    BankLineState,
    Difference,
    DifferenceKind,
    Receipt,
    Settlement,
)

Row = dict[str, Any]


class LineTaken(Conflict):
    """Another accountant has just dealt with this line."""

    message = N_("Somebody else has just cleared or set apart this line. Look at the next one.")


def take(states: Sequence[tuple[BankLine, BankLineState]]) -> None:
    """Lay hands on lines of the bank, in order. Raises LineTaken: of two accountants, one gets it."""
    _move(_TAKE, {line: {"line": line.id, "to": state} for line, state in states})


def propose(kept: Sequence[tuple[BankLine, BankLineState, Row]]) -> None:
    """Keep proposals beside lines that wait, with their new states. Raises LineTaken."""
    _move(
        _PROPOSE,
        {line: {"line": line.id, "to": state, "what": told} for line, state, told in kept},
    )
    for line, _, told in kept:
        set_committed_value(line, "proposal", told)


def _move(statement: Update, rows: Mapping[BankLine, Row]) -> None:
    if not rows:
        return
    ordered = sorted(rows.values(), key=lambda row: int(row["line"]))
    if rows_changed(statement, ordered) != len(ordered):
        raise LineTaken
    moved = {line.id: line for line in rows}
    for line_id, state, version in session.execute(_MOVED, {"some": list(moved)}):
        set_committed_value(moved[line_id], "state", state)
        set_committed_value(moved[line_id], "version", version)


def count(
    amounts: Sequence[tuple[Invoice, Decimal]], held: Iterable[tuple[int, str, Decimal]]
) -> None:
    """The counters that follow: credit, invoices, and the order lines of what is paid (or open again).

    `held` is (payer, currency, amount) that lies on account. Raises InvoiceMovedOn.
    """
    moves: dict[tuple[int, str], Owed] = {}
    owes = living(invoice.customer_id for invoice, _ in amounts)
    for invoice, amount in amounts:
        key = owes[invoice.customer_id], invoice.currency
        owed = moves.get(key, Owed())
        moves[key] = owed._replace(receivable=owed.receivable - amount)
    for payer, currency, amount in held:
        owed = moves.get((payer, currency), Owed())
        moves[payer, currency] = owed._replace(on_account=owed.on_account + amount)
    credit_limits.owe_and_hold(moves)
    turned = {invoice.id: sign for invoice, sign in receivables.clear_all(amounts)}
    settled: dict[int, Decimal] = {}
    for invoice_id, line, net in session.execute(_LINES, {"some": list(turned)}) if turned else ():
        settled[line] = settled.get(line, ZERO) + turned[invoice_id] * net
    progress.note_settled(settled)


def receipts(rows: Sequence[Row]) -> list[Receipt]:
    """Write receipts; returns them in the order of the rows."""
    ids = [row[0] for row in session.execute(_RECEIVE, rows)]
    made = session.scalars(select(Receipt).where(Receipt.id.in_(ids)))
    by_number = {receipt.number: receipt for receipt in made}
    return [by_number[row["number"]] for row in rows]


def write(
    received: Sequence[Receipt],
    cleared: Sequence[tuple[Receipt, Invoice, Decimal]],
    differences: Sequence[tuple[Receipt, DifferenceKind, Decimal]],
    by: Actor,
) -> None:
    """Settlements and differences of receipts, and all of it on the ledger."""
    known = {receipt.id: receipt for receipt in (*received, *(one for one, *_ in cleared))}
    postings = [_posting(r, r.customer_id, LedgerKind.RECEIPT, -r.amount, ("receipt", r.id))
                for r in received]  # fmt: skip
    owes = living(invoice.customer_id for _, invoice, _ in cleared)
    owners = {invoice.id: owes[invoice.customer_id] for _, invoice, _ in cleared}
    if cleared:
        rows = [_settlement(receipt, invoice, amount, by) for receipt, invoice, amount in cleared]
        for settlement, receipt_id, invoice_id, amount in session.execute(_SETTLE, rows):
            receipt = known[receipt_id]
            postings += _transfer(receipt, owners[invoice_id], settlement, amount)
    if differences:
        rows = [
            {"receipt_id": r.id, "kind": kind, "amount": amount} for r, kind, amount in differences
        ]
        for difference, receipt_id, kind, amount in session.execute(_DIFFER, rows):
            receipt = known[receipt_id]
            postings.append(
                _posting(receipt, receipt.customer_id, LedgerKind(kind.value), -amount,
                         ("difference", difference))
            )  # fmt: skip
    receivables.post_all(postings, by)


def _settlement(receipt: Receipt, invoice: Invoice, amount: Decimal, by: Actor) -> Row:
    return {
        "receipt_id": receipt.id, "invoice_id": invoice.id, "amount": amount,
        "settled_at": clock.now(), "actor_kind": by.kind, "actor_id": by.id, "actor_name": by.name,
    }  # fmt: skip


def _transfer(receipt: Receipt, owner: int, settlement: int, amount: Decimal) -> list[Posting]:
    """A head office paid a store's own invoice: the debt moves by one pair of rows."""
    if owner == receipt.customer_id:
        return []
    return [
        _posting(receipt, customer, LedgerKind.TRANSFER, signed, (side, settlement))
        for customer, signed, side in (
            (receipt.customer_id, amount, "settlement_from"),
            (owner, -amount, "settlement_to"),
        )
    ]


def _posting(
    receipt: Receipt, customer: int, kind: LedgerKind, amount: Decimal, source: tuple[str, int]
) -> Posting:
    return Posting(
        customer, receipt.currency, kind, amount, receipt.received_on, receipt.number, source
    )


_bank_lines = cast("Table", BankLine.__table__)
_WAITING = or_(
    _bank_lines.c.state == BankLineState.OPEN, _bank_lines.c.state == BankLineState.PROPOSED
)
_TAKE = (
    update(_bank_lines)
    .where(_bank_lines.c.id == bindparam("line"), _WAITING)
    .values(
        state=bindparam("to", type_=_bank_lines.c.state.type), version=_bank_lines.c.version + 1
    )
)
_PROPOSE = _TAKE.values(proposal=bindparam("what", type_=_bank_lines.c.proposal.type))
_MOVED = select(_bank_lines.c.id, _bank_lines.c.state, _bank_lines.c.version).where(
    _bank_lines.c.id.in_(bindparam("some", expanding=True))
)
_lines = cast("Table", InvoiceLine.__table__).c
_LINES = select(_lines.invoice_id, _lines.order_line_id, _lines.amount).where(
    _lines.invoice_id.in_(bindparam("some", expanding=True)), _lines.order_line_id.is_not(None)
)
_receipts = cast("Table", Receipt.__table__)
_RECEIVE = insert(_receipts).returning(_receipts.c.id)
_settlements = cast("Table", Settlement.__table__)
_SETTLE = insert(_settlements).returning(
    _settlements.c.id, _settlements.c.receipt_id, _settlements.c.invoice_id, _settlements.c.amount
)
_differences = cast("Table", Difference.__table__)
_DIFFER = insert(_differences).returning(
    _differences.c.id, _differences.c.receipt_id, _differences.c.kind, _differences.c.amount
)
