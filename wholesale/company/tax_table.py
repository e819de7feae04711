"""The dated tax table: a new rate is stated for a day to come; what has begun never changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from wholesale.company.models import TaxClass, TaxRate
from wholesale.company.taxing import forget_rates
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_

HIGHEST = Decimal("0.5")


class RateBegun(DomainError):
    """What documents may have read already stays."""

    message = N_("A rate begins after today: what has begun is on documents and stays as it is.")


class RateStated(Conflict):
    """One rate per class and day."""

    message = N_("This class has a rate from that day on already. Withdraw it first.")


class RateOutOfRange(DomainError):
    """No tax of ours has been that high."""

    message = N_("A tax rate lies between 0 and 50 percent.")


def tax_rates() -> list[TaxRate]:
    """Every rate, by class, the newest first."""
    order = (TaxRate.tax_class, TaxRate.valid_from.desc())
    return list(session.scalars(select(TaxRate).order_by(*order)))


def state_rate(tax_class: TaxClass, rate: Decimal, valid_from: date, by: Actor) -> TaxRate:
    """A rate (0.1 = 10 %) from a day to come on. Raises RateBegun, RateStated, RateOutOfRange."""
    if not 0 <= rate <= HIGHEST:
        raise RateOutOfRange
    if valid_from <= clock.today():
        raise RateBegun
    taken = select(TaxRate.id).where(
        TaxRate.tax_class == tax_class, TaxRate.valid_from == valid_from
    )
    if session.scalar(taken):
        raise RateStated
    row = TaxRate(tax_class=tax_class, rate=rate, valid_from=valid_from)
    session.add(row)
    forget_rates()
    journal.record(row, "tax_rate:stated", by, changes=_told(row, begins=True))
    return row


def withdraw_rate(row: TaxRate, by: Actor) -> None:
    """Take back a rate that has not begun. Raises RateBegun."""
    if row.valid_from <= clock.today():
        raise RateBegun
    journal.record(row, "tax_rate:withdrawn", by, changes=_told(row, begins=False))
    session.flush()  # the entry keeps the id of the row that goes
    session.delete(row)
    forget_rates()


def _told(row: TaxRate, *, begins: bool) -> dict[str, list[str | None]]:
    values = {
        "tax_class": row.tax_class.value,
        "rate": str(row.rate),
        "valid_from": row.valid_from.isoformat(),
    }
    return {name: [None, value] if begins else [value, None] for name, value in values.items()}
