"""What the wings ask about money that has arrived."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from wholesale.billing.models import Invoice
from wholesale.kernel.db import session
from wholesale.payments.models import Receipt, Settlement


class Payment(NamedTuple):
    """What of an invoice a receipt cleared and still clears, in the invoice's currency."""

    received_on: date
    receipt: str
    amount: Decimal


def stands() -> tuple[ColumnElement[bool], ...]:
    """The conditions of a settlement that is no reversal and that nothing has reversed."""
    reversed_ids = select(Settlement.reverses_id).where(Settlement.reverses_id.is_not(None))
    return Settlement.reverses_id.is_(None), Settlement.id.not_in(reversed_ids)


def payments_of(invoice: Invoice) -> list[Payment]:
    """What cleared an invoice and still stands, in the order it came. One statement."""
    rows = session.execute(
        select(Receipt.received_on, Receipt.number, Settlement.amount)
        .join(Receipt, Receipt.id == Settlement.receipt_id)
        .where(Settlement.invoice_id == invoice.id, *stands())
        .order_by(Receipt.received_on, Settlement.id)
    )
    return [Payment(*row) for row in rows]
