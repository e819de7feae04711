"""The receivables ledger: signed rows per bill-to and currency, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from sqlalchemy import Table, bindparam, func, insert, select, type_coerce, update
from sqlalchemy.orm.attributes import set_committed_value

from wholesale.billing.models import Invoice, LedgerEntry, LedgerKind
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.money import AMOUNT, ZERO
from wholesale.kernel.text import N_


class InvoiceMovedOn(Conflict):
    """Somebody else cleared this invoice in the same moment."""

    message = N_("%(number)s has just been cleared by somebody else. Look at the line again.")


def post(  # noqa: PLR0913 - the columns of one row
    customer_id: int,
    currency: str,
    kind: LedgerKind,
    amount: Decimal,
    *,
    on: date,
    document: str,
    source: tuple[str, int],
    by: Actor,
    reverses: LedgerEntry | None = None,
) -> None:
    """Write one row: + is owed to us, − is paid or given up."""
    reverses_id = reverses.id if reverses else None
    post_all([Posting(customer_id, currency, kind, amount, on, document, source, reverses_id)], by)


@dataclass(frozen=True, slots=True)
class Posting:
    """One row to write: + is owed to us, − is paid or given up."""

    customer_id: int
    currency: str
    kind: LedgerKind
    amount: Decimal
    on: date
    document: str
    source: tuple[str, int]
    reverses_id: int | None = None


def post_all(postings: Sequence[Posting], by: Actor) -> None:
    """Write rows of the ledger."""
    if not postings:
        return
    now = clock.now()
    session.execute(
        _POST,
        [
            {
                "customer_id": one.customer_id, "currency": one.currency, "kind": one.kind,
                "amount": one.amount, "posted_on": one.on, "posted_at": now,
                "document": one.document, "source_kind": one.source[0],
                "source_id": one.source[1], "reverses_id": one.reverses_id,
                "actor_kind": by.kind, "actor_id": by.id, "actor_name": by.name,
            }
            for one in postings
        ],
    )  # fmt: skip


_POST = insert(cast("Table", LedgerEntry.__table__))


def balance(customer_id: int, currency: str, on: date | None = None) -> Decimal:
    """What a bill-to owes in a currency (at the end of a day); negative: we owe."""
    total = select(func.sum(LedgerEntry.amount)).where(
        LedgerEntry.customer_id == customer_id, LedgerEntry.currency == currency
    )
    if on is not None:
        total = total.where(LedgerEntry.posted_on <= on)
    return session.scalar(total) or ZERO


def clear(invoice: Invoice, amount: Decimal) -> None:
    """Count so much of an invoice as settled (negative: open again); never beyond its total.

    Raises InvoiceMovedOn.
    """
    clear_all([(invoice, amount)])


def clear_all(amounts: Sequence[tuple[Invoice, Decimal]]) -> list[tuple[Invoice, int]]:
    """The same for several invoices at once.

    Returns the invoices that are paid now and weren't (+1), or the other way round (−1). Raises
    InvoiceMovedOn, naming one of them.
    """
    ordered = sorted(amounts, key=lambda pair: pair[0].id)
    for statement, owed in ((_CLEAR, True), (_CLEAR_CREDIT_NOTE, False)):
        rows = [
            {"invoice": invoice.id, "cleared": amount}
            for invoice, amount in ordered
            if (invoice.total >= 0) is owed
        ]
        if rows and rows_changed(statement, rows) != len(rows):
            raise InvoiceMovedOn(number=_moved_on(ordered).number)
    return _read_again(ordered)


def _read_again(cleared: Sequence[tuple[Invoice, Decimal]]) -> list[tuple[Invoice, int]]:
    invoices = {invoice.id: invoice for invoice, _ in cleared}
    sums = dict.fromkeys(invoices, ZERO)
    for invoice, amount in cleared:
        sums[invoice.id] += amount
    turned = []
    for invoice_id, settled in session.execute(_SETTLED, {"invoices": list(invoices)}):
        invoice = invoices[invoice_id]
        set_committed_value(invoice, "settled", settled)
        was_paid = settled - sums[invoice_id] == invoice.total
        if invoice.is_paid != was_paid:
            turned.append((invoice, 1 if invoice.is_paid else -1))
    return turned


def _moved_on(cleared: Sequence[tuple[Invoice, Decimal]]) -> Invoice:
    """The first whose row isn't what was loaded and cleared since."""
    loaded = {invoice.id: invoice.settled for invoice, _ in cleared}
    _read_again(cleared)
    for invoice, amount in cleared:
        loaded[invoice.id] += amount
    return next((one for one, _ in cleared if one.settled != loaded[one.id]), cleared[0][0])


_invoices = cast("Table", Invoice.__table__)
_settled = type_coerce(_invoices.c.settled + bindparam("cleared", type_=AMOUNT), AMOUNT)
_this = update(_invoices).where(_invoices.c.id == bindparam("invoice")).values(settled=_settled)
_CLEAR = _this.where(_settled >= ZERO, _settled <= _invoices.c.total)
_CLEAR_CREDIT_NOTE = _this.where(_settled <= ZERO, _settled >= _invoices.c.total)
_SETTLED = select(_invoices.c.id, _invoices.c.settled).where(
    _invoices.c.id.in_(bindparam("invoices", expanding=True))
)
