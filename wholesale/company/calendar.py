"""The shipping calendar of the house: working days, special days, carriers, days on the road.

It is read whole and kept in the process under the stamp that every change renews.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays
from sqlalchemy import select

from wholesale.company.calendar_defaults import default_rule
from wholesale.company.models import Carrier, LeadTime, SpecialDay, WorkRule
from wholesale.company.queries import company
from wholesale.kernel.db import session

KEPT = 8


@dataclass(frozen=True, slots=True)
class Rule:
    """The working days of one warehouse."""

    weekdays: frozenset[int]
    rests_on_holidays: bool
    year_end: tuple[str, str]
    cut_off: str


@dataclass(frozen=True, slots=True)
class Calls:
    """When a carrier calls."""

    weekdays: frozenset[int]
    cut_off: str


@dataclass(frozen=True, slots=True)
class Road:
    """Days to a place, as a row of the table says."""

    carrier: str
    location: str
    country: str
    region: str
    postal_prefix: str
    days: int
    is_extra: bool

    def fits(self, carrier: str, location: str, country: str, region: str, postal: str) -> bool:
        """Whether this row speaks of a place."""
        return (
            self.carrier in {"", carrier} and self.location in {"", location}
            and self.country in {"", country} and self.region in {"", region}
            and postal.startswith(self.postal_prefix)
        )  # fmt: skip

    @property
    def nearness(self) -> tuple[int, bool, bool, bool, bool]:
        """The nearest row counts: postal code, region, country, warehouse, carrier."""
        return (
            len(self.postal_prefix), bool(self.region), bool(self.country), bool(self.location),
            bool(self.carrier),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Calendar:
    """All of it, as it stands."""

    rules: Mapping[str, Rule]
    carriers: Mapping[str, Calls]
    default_carrier: str
    roads: tuple[Road, ...]
    special: Mapping[tuple[date, str], bool]

    @property
    def tells_places_apart(self) -> bool:
        """Whether it matters from which warehouse goods leave."""
        return len(self.rules) > 1 or any(road.location for road in self.roads)

    def is_working(self, day: date, warehouse: str = "") -> bool:
        """Whether a warehouse works: a special day first, then weekday, 年末年始, public holidays."""
        for place in dict.fromkeys((warehouse, "")):
            if (day, place) in self.special:
                return self.special[day, place]
        rule = self.rule(warehouse)
        if day.weekday() not in rule.weekdays or _within(f"{day:%m-%d}", rule.year_end):
            return False
        return not (rule.rests_on_holidays and is_holiday(day))

    def calls(self, day: date, carrier: str = "") -> bool:
        """Whether the carrier calls on a day."""
        told = self.carriers.get(carrier or self.default_carrier)
        return told is None or day.weekday() in told.weekdays

    def rule(self, warehouse: str = "") -> Rule:
        """The rule of a warehouse, or that of all."""
        return self.rules.get(warehouse) or self.rules[""]

    def cut_off(self, warehouse: str = "", carrier: str = "") -> str:
        """Until when orders leave the same day: the carrier's, the warehouse's, the company's."""
        told = self.carriers.get(carrier or self.default_carrier)
        return (told.cut_off if told else "") or self.rule(warehouse).cut_off or company().cut_off

    def road_days(
        self, country: str, region: str, postal_code: str, *, warehouse: str = "", carrier: str = ""
    ) -> int:
        """Days on the road: the nearest row, and what an island adds."""
        postal = "".join(sign for sign in postal_code if sign.isdigit())
        place = (carrier or self.default_carrier, warehouse, country, region, postal)
        fitting = [road for road in self.roads if road.fits(*place)]
        base = max((r for r in fitting if not r.is_extra), key=lambda r: r.nearness, default=None)
        extra = max((r for r in fitting if r.is_extra), key=lambda r: r.nearness, default=None)
        return (base.days if base else 1) + (extra.days if extra else 0)


def _within(day: str, period: tuple[str, str]) -> bool:
    """Whether a month and day lie in a period that may run over New Year."""
    first, last = period
    if not first or not last:
        return False
    return first <= day <= last if first <= last else day >= first or day <= last


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("JP", years=year))


def is_holiday(day: date) -> bool:
    """Whether a day is a public holiday of Japan."""
    return day in _public_holidays(day.year)


_kept: dict[str, Calendar] = {}


def calendar() -> Calendar:
    """The calendar as it stands; no statement where this process has read it before."""
    stamp = company().calendar_stamp
    found = _kept.get(stamp) if stamp else None
    if found is None:
        found = _read()
        if stamp:
            while len(_kept) >= KEPT:
                _kept.pop(next(iter(_kept)), None)
            _kept[stamp] = found
    return found


def _read() -> Calendar:
    carriers = session.scalars(select(Carrier).where(Carrier.is_active).order_by(Carrier.id)).all()
    rules = {row.location_code: _rule(row) for row in session.scalars(select(WorkRule))}
    return Calendar(
        rules={"": _rule(default_rule()), **rules},
        carriers={row.code: Calls(_digits(row.weekdays), row.cut_off) for row in carriers},
        default_carrier=next((row.code for row in carriers if row.is_default), ""),
        roads=tuple(
            Road(row.carrier_code, row.location_code, row.country, row.region, row.postal_prefix,
                 row.days, row.is_extra)
            for row in session.scalars(select(LeadTime).order_by(LeadTime.id.desc()))
        ),
        special={
            (row.day, row.location_code): row.is_working
            for row in session.scalars(select(SpecialDay))
        },
    )  # fmt: skip


def _rule(row: WorkRule) -> Rule:
    period = (row.year_end_from, row.year_end_until)
    return Rule(_digits(row.weekdays), row.rests_on_holidays, period, row.cut_off)


def _digits(text: str) -> frozenset[int]:
    return frozenset(int(sign) for sign in text)


def next_working(day: date, warehouse: str = "", carrier: str = "") -> date:
    """The day itself when a warehouse works and the carrier calls, else the next such day."""
    known = calendar()
    while not (known.is_working(day, warehouse) and known.calls(day, carrier)):
        day += timedelta(days=1)
    return day
