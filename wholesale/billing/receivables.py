"""The receivables ledger: signed rows per bill-to and currency, never changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import cast

from sqlalchemy import Table, bindparam, func, insert, select, type_coerce, update
from sqlalchemy.orm.attributes import set_committed_value

from wholesale.billing.models import Invoice, LedgerEntry, LedgerKind
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
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
    session.execute(
        _POST,
        {
            "customer_id": customer_id, "currency": currency, "kind": kind, "amount": amount,
            "posted_on": on, "posted_at": clock.now(), "document": document,
            "source_kind": source[0], "source_id": source[1],
            "reverses_id": reverses.id if reverses else None,
            "actor_kind": by.kind, "actor_id": by.id, "actor_name": by.name,
        },
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
    statement = _CLEAR if invoice.total >= 0 else _CLEAR_CREDIT_NOTE
    settled = session.scalar(statement, {"invoice": invoice.id, "cleared": amount})
    if settled is None:
        raise InvoiceMovedOn(number=invoice.number)
    set_committed_value(invoice, "settled", settled)


_invoices = cast("Table", Invoice.__table__)
_settled = type_coerce(_invoices.c.settled + bindparam("cleared", type_=AMOUNT), AMOUNT)
_this = (
    update(_invoices)
    .where(_invoices.c.id == bindparam("invoice"))
    .values(settled=_settled)
    .returning(_invoices.c.settled)
)
_CLEAR = _this.where(_settled >= ZERO, _settled <= _invoices.c.total)
_CLEAR_CREDIT_NOTE = _this.where(_settled <= ZERO, _settled >= _invoices.c.total)
