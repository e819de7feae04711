"""The lowest margin: no price change goes below it but by who may."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from wholesale.company.changing import apply, check_version
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.pricing.models import PriceFloor


class MarginOutOfRange(DomainError):
    """A margin of 100 % would need a price without end."""

    message = N_("The lowest margin lies between 0 and 99 percent.")


HIGHEST = Decimal("0.99")


def price_floor() -> PriceFloor | None:
    """The row that holds the floor, once one was stated."""
    return session.scalar(select(PriceFloor).limit(1))


def floor_margin() -> Decimal | None:
    """The share of a price that must stay above the cost; None while no floor is set."""
    row = price_floor()
    return row.margin if row else None


def set_floor(margin: Decimal | None, version: int, by: Actor) -> None:
    """State the lowest margin (0.15 for 15 %), or none. Raises MarginOutOfRange, Conflict."""
    if margin is not None and not 0 <= margin <= HIGHEST:
        raise MarginOutOfRange
    row = price_floor()
    if row is None:
        row = PriceFloor(margin=None)
        session.add(row)
        session.flush()  # a new row gets its version
    else:
        check_version(row, version)
    told = apply(row, {"margin": margin})
    if told:
        plain = {name: [str(one) if one is not None else None for one in pair] for name, pair in told.items()}  # fmt: skip
        journal.record(row, "price_floor:stated", by, changes=plain)
    session.flush()  # effects read it
