"""Exchange rates of a day: the newest on or before it counts, and is shown with its own day.

Documents keep the rate they were made with: nothing that is posted is ever computed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import and_, func, select

from wholesale.company.models import ExchangeRate
from wholesale.company.queries import company, enabled_currencies, round_amount
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.money import Rounding, plain
from wholesale.kernel.text import N_

KINDS = ("TTM", "TTS", "TTB", "MANUAL")
PER_HUNDRED = frozenset({"KRW", "IDR", "VND"})  # as Japanese banks quote them
STALE_DAYS = 7
MOST_DECIMALS = 8
HIGHEST = Decimal(10) ** 7


class NoRate(DomainError):
    """Nothing was ever entered for a currency."""

    message = N_("There is no exchange rate of %(currency)s on or before %(day)s.")


class BadRate(DomainError):
    """A rate nobody quotes."""

    message = N_("A rate of %(currency)s lies above 0 and has at most 8 decimals.")


class RateAhead(DomainError):
    """Nobody knows tomorrow's."""

    message = N_("Rates are entered for today or an earlier day.")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A rate as it is used: `units` of a currency are worth `rate` of ours, as of `quoted_on`."""

    currency: str
    quoted_on: date
    kind: str
    units: int
    rate: Decimal

    def is_stale(self, on: date) -> bool:
        """Older than a week on the day it is used."""
        return (on - self.quoted_on).days > STALE_DAYS


def units_of(currency: str) -> int:
    """Per how many units a currency is quoted: KRW 100, USD 1."""
    return 100 if currency in PER_HUNDRED else 1


def rates_on(day: date) -> dict[str, Quoted]:
    """The rate of every currency that counts on a day. One statement.

    The newest day counts; on it a rate entered by hand comes before the bank's middle rate (TTM).
    """
    counts = ExchangeRate.kind.in_(("TTM", "MANUAL"))
    newest = (
        select(ExchangeRate.currency, func.max(ExchangeRate.quoted_on).label("quoted_on"))
        .where(ExchangeRate.quoted_on <= day, counts)
        .group_by(ExchangeRate.currency)
        .subquery()
    )
    same = and_(
        ExchangeRate.currency == newest.c.currency, ExchangeRate.quoted_on == newest.c.quoted_on
    )
    rows = select(ExchangeRate).join(newest, same).where(counts).order_by(ExchangeRate.kind.desc())
    return {
        row.currency: Quoted(row.currency, row.quoted_on, row.kind, row.units, row.rate)
        for row in session.scalars(rows)
    }


def rate_on(currency: str, day: date, kind: str = "") -> Quoted:
    """The newest rate on or before a day; `kind` TTS or TTB for those. Raises NoRate."""
    if currency == company().currency:
        return Quoted(currency, day, "TTM", 1, Decimal(1))
    kinds = (kind,) if kind else ("MANUAL", "TTM")
    row = session.scalar(
        select(ExchangeRate)
        .where(
            ExchangeRate.currency == currency, ExchangeRate.quoted_on <= day,
            ExchangeRate.kind.in_(kinds),
        )
        .order_by(ExchangeRate.quoted_on.desc(), ExchangeRate.kind)
        .limit(1)
    )  # fmt: skip
    if row is None:
        raise NoRate(currency=currency, day=day.isoformat())
    return Quoted(currency, row.quoted_on, row.kind, row.units, row.rate)


def to_home(amount: Decimal, currency: str, day: date) -> Decimal:
    """An amount in our currency, half up to its digits. KRW 1,000,000 at 10.85 per 100 → 108,500."""
    quoted = rate_on(currency, day)
    home = company().currency
    return plain(round_amount(amount * quoted.rate / quoted.units, home, Rounding.HALF_UP))


def from_home(amount: Decimal, currency: str, day: date) -> Decimal:
    """An amount of ours in another currency, half up. Never the way back of `to_home`."""
    quoted = rate_on(currency, day)
    value = amount * quoted.units / quoted.rate
    return plain(round_amount(value, currency, Rounding.HALF_UP))


def rates_of_day(day: date) -> dict[tuple[str, str], Decimal]:
    """What was entered for one day: {(currency, kind): rate}."""
    rows = session.scalars(select(ExchangeRate).where(ExchangeRate.quoted_on == day))
    return {(row.currency, row.kind): row.rate for row in rows}


def stamp_of(day: date) -> str:
    """What a form carries of the rates it showed."""
    rates = sorted(rates_of_day(day).items())
    return ";".join(f"{code}{kind}{rate:f}" for (code, kind), rate in rates)


def enter_rates(
    day: date, rates: Mapping[tuple[str, str], Decimal | None], by: Actor, *,
    seen: str | None = None,
) -> int:  # fmt: skip
    """Enter the rates of a day, {(currency, kind): rate}; None takes one out; how many changed.

    `seen` is the stamp of what a form showed. Raises Conflict, BadRate, RateAhead.
    """
    if day > clock.today():
        raise RateAhead
    if seen is not None and stamp_of(day) != seen:
        raise Conflict
    known = {
        (row.currency, row.kind): row
        for row in session.scalars(select(ExchangeRate).where(ExchangeRate.quoted_on == day))
    }
    changes: dict[str, list[str | None]] = {}
    for (currency, kind), rate in rates.items():
        _check(currency, kind, rate)
        row = known.get((currency, kind))
        old = row.rate if row else None
        if old == rate:
            continue
        changes[f"{currency} {kind}"] = [_text(old), _text(rate)]
        if row is None:
            session.add(
                ExchangeRate(
                    currency=currency, quoted_on=day, kind=kind, units=units_of(currency), rate=rate
                )
            )
        elif rate is None:
            session.delete(row)
        else:
            row.rate = rate
    if changes:
        journal.record(company(), "fx:entered", by, day=day.isoformat(), changes=changes)
    return len(changes)


def _check(currency: str, kind: str, rate: Decimal | None) -> None:
    known = currency in enabled_currencies() and currency != company().currency
    if not known or kind not in KINDS:
        raise BadRate(currency=currency)
    if rate is None:
        return
    exponent = plain(rate).as_tuple().exponent
    if not 0 < rate <= HIGHEST or (isinstance(exponent, int) and -exponent > MOST_DECIMALS):
        raise BadRate(currency=currency)


def _text(rate: Decimal | None) -> str | None:
    return None if rate is None else f"{rate:f}"


def latest_days(until: date, days: int = 31) -> list[date]:
    """The days with rates of the last month, the newest first."""
    first = until - timedelta(days=days)
    return list(
        session.scalars(
            select(ExchangeRate.quoted_on)
            .where(ExchangeRate.quoted_on >= first, ExchangeRate.quoted_on <= until)
            .distinct()
            .order_by(ExchangeRate.quoted_on.desc())
        )
    )
