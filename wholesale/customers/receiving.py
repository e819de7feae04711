"""When an address of a customer takes goods in: weekdays, hours, closed days."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from wholesale.customers.models import Address, ClosedDays
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_

LONGEST = 60


class NoReceivingDay(DomainError):
    """Goods could never arrive."""

    message = N_("At least one weekday must be a receiving day.")


class ClosedTooLong(DomainError):
    """A period the wrong way round, or one that would never end."""

    message = N_("Closed days begin before they end and last at most %(most)s days.")


def state_receiving(
    address: Address, by: Actor, *, weekdays: str, on_holidays: bool, hours: str, seen: str
) -> None:
    """When an address takes goods in; `seen` is `receiving_stamp` of what the form showed.

    Raises Conflict, NoReceivingDay.
    """
    if receiving_stamp(address) != seen:
        raise Conflict
    if not weekdays:
        raise NoReceivingDay
    wanted = {
        "receiving_weekdays": weekdays, "receives_on_holidays": on_holidays,
        "receiving_hours": hours,
    }  # fmt: skip
    changes = {
        name: [getattr(address, name), value]
        for name, value in wanted.items()
        if getattr(address, name) != value
    }
    for name, (_old, new) in changes.items():
        setattr(address, name, new)
    if changes:
        journal.record(address, "address:receiving", by, code=address.code, changes=changes)


def receiving_stamp(address: Address) -> str:
    """What a form carries of the receiving days it showed."""
    holidays = "h" if address.receives_on_holidays else "-"
    return f"{address.receiving_weekdays}{holidays}{address.receiving_hours}"


def closed_days(address: Address) -> list[ClosedDays]:
    """The periods in which nothing is taken in."""
    return list(
        session.scalars(
            select(ClosedDays)
            .where(ClosedDays.address_id == address.id)
            .order_by(ClosedDays.first_on)
        )
    )


def close(address: Address, first: date, last: date, by: Actor, *, note: str = "") -> ClosedDays:
    """State a period in which nothing is taken in. Raises ClosedTooLong."""
    if not 0 <= (last - first).days < LONGEST:
        raise ClosedTooLong(most=LONGEST)
    row = ClosedDays(
        customer_id=address.customer_id, address_id=address.id, first_on=first, last_on=last,
        note=note,
    )  # fmt: skip
    session.add(row)
    told = {"closed": [None, f"{first.isoformat()} – {last.isoformat()}"]}
    journal.record(address, "address:closed", by, code=address.code, changes=told)
    return row


def reopen(address: Address, row: ClosedDays, by: Actor) -> None:
    """Take a period back."""
    told = {"closed": [f"{row.first_on.isoformat()} – {row.last_on.isoformat()}", None]}
    journal.record(address, "address:reopened", by, code=address.code, changes=told)
    session.delete(row)
