"""The receivables ledger: signed rows per bill-to and currency, never changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import func, literal, select, type_coerce, update

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
) -> LedgerEntry:
    """Write one row: + is owed to us, − is paid or given up."""
    entry = LedgerEntry(
        customer_id=customer_id, currency=currency, kind=kind, amount=amount, posted_on=on,
        posted_at=clock.now(), document=document, source_kind=source[0], source_id=source[1],
        reverses_id=reverses.id if reverses else None,
        actor_kind=by.kind, actor_id=by.id, actor_name=by.name,
    )  # fmt: skip
    session.add(entry)
    return entry


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
    settled = type_coerce(Invoice.settled + literal(amount, AMOUNT), AMOUNT)
    within = (
        (settled >= ZERO) & (settled <= Invoice.total)
        if invoice.total >= 0
        else (settled <= ZERO) & (settled >= Invoice.total)
    )
    if not rows_changed(
        update(Invoice).where(Invoice.id == invoice.id, within).values(settled=settled)
    ):
        raise InvoiceMovedOn(number=invoice.number)
    session.refresh(invoice, ["settled"])
