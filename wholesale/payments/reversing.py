"""A bank takes money back: the line it names is undone, and both are out of the way."""

from __future__ import annotations

from sqlalchemy import select

from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.payments import settling
from wholesale.payments.models import BankLine, BankLineState, Receipt


def take_back(line: BankLine, by: Actor) -> None:
    """Find the receipt a reversal takes back (same account, amount and payer, the latest) and undo it.

    Without one the reversal stays among the open lines, for a person to look at.
    """
    original = _original(line)
    if original is None:
        return
    receipt = session.scalar(
        select(Receipt).where(Receipt.bank_line_id == original.id, Receipt.is_live)
    )
    if receipt is not None:
        settling.undo(receipt, by, to=BankLineState.REVERSED)
    else:
        original.move_to(BankLineState.REVERSED)
    line.reverses_line_id = original.id
    line.move_to(BankLineState.REVERSED)
    journal.record(line, "bank_line:reversed", by, original=original.id)


def _original(line: BankLine) -> BankLine | None:
    rows = session.scalars(
        select(BankLine)
        .where(
            BankLine.account_id == line.account_id,
            BankLine.amount == line.amount,
            BankLine.payer_key == line.payer_key,
            BankLine.is_credit,
            BankLine.is_reversal.is_(False),
            BankLine.state != BankLineState.REVERSED,
            BankLine.booked_on <= line.booked_on,
        )
        .order_by(BankLine.booked_on.desc(), BankLine.id.desc())
    ).all()
    same = [
        row for row in rows if line.bank_reference and row.bank_reference == line.bank_reference
    ]
    return next(iter(same or rows), None)
