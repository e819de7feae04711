"""Goods coming in: what was expected, and levels set by a sheet or a count."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update

from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.text import N_
from wholesale.stock import allocating, ledger
from wholesale.stock.models import NO_LOT, Expected


class TooMuchReceived(Conflict):
    """More came in than was expected, beyond the tolerance."""

    message = N_("Only %(left)s more pieces are expected. Correct the quantity, or add an inbound.")


def expect(
    sku_id: int,
    place_id: int,
    quantity: int,
    due_on: date,
    by: Actor,
    *,
    is_firm: bool = True,
    note: str = "",
) -> Expected:
    """Note that goods are to come in."""
    expected = Expected(
        sku_id=sku_id, location_id=place_id, quantity=quantity, due_on=due_on,
        is_firm=is_firm, note=note,
    )  # fmt: skip
    session.add(expected)
    journal.record(expected, "expected:noted", by, quantity=quantity, due_on=due_on)
    return expected


def receive_expected(
    expected: Expected, quantity: int, by: Actor, *, lot: int = NO_LOT
) -> list[allocating.Taken]:
    """Goods of an inbound arrive and go to who waits for them; returns what was promised.

    Raises TooMuchReceived beyond what was expected.
    """
    came = rows_changed(
        update(Expected)
        .where(Expected.id == expected.id, Expected.received + quantity <= Expected.quantity)
        .values(received=Expected.received + quantity)
    )
    if not came:
        raise TooMuchReceived(left=expected.quantity - expected.received)
    session.refresh(expected)
    ledger.receive(
        expected.sku_id,
        expected.location_id,
        quantity,
        by,
        source=("expected", expected.id),
        lot=lot,
    )
    journal.record(expected, "expected:received", by, quantity=quantity)
    return allocating.allocate_waiting([expected.sku_id], by)
