"""Ships on, arrives on: one calendar for every date that is shown."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

import holidays
from sqlalchemy import select

from wholesale.company.models import SpecialDay
from wholesale.company.queries import company
from wholesale.kernel import clock
from wholesale.kernel.db import session

SATURDAY = 5
YEAR_END = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}  # 年末年始
# Days on the road from a warehouse in central Japan; anything else in Japan is the next day.
ROAD_DAYS = {
    "北海道": 3, "青森県": 2, "岩手県": 2, "秋田県": 2, "宮城県": 2, "山形県": 2, "福島県": 2,
    "福岡県": 2, "佐賀県": 2, "長崎県": 2, "熊本県": 2, "大分県": 2, "宮崎県": 2,
    "鹿児島県": 2, "沖縄県": 4,
}  # fmt: skip
ABROAD_DAYS = 7


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("JP", years=year))


def _special_days() -> dict[date, bool]:
    kept: dict[date, bool] | None = session.info.get("special_days")
    if kept is None:
        rows = session.execute(select(SpecialDay.day, SpecialDay.is_working))
        kept = session.info["special_days"] = dict(rows.all())
    return kept


def is_working(day: date) -> bool:
    """Whether we ship on a day: weekdays without holidays and 年末年始, but for stated exceptions."""
    stated = _special_days().get(day)
    if stated is not None:
        return stated
    if day.weekday() >= SATURDAY or (day.month, day.day) in YEAR_END:
        return False
    return day not in _public_holidays(day.year)


def next_working(day: date) -> date:
    """The day itself when it is a working day, else the next one."""
    while not is_working(day):
        day += timedelta(days=1)
    return day


def ships_on(at: datetime, *, lead_days: int = 0, not_before: date | None = None) -> date:
    """The first day goods can leave for an order of this instant: after the cut-off, the next day."""
    here = clock.local(at)
    hour, minute = (int(part) for part in company().cut_off.split(":"))
    day = here.date()
    if (here.hour, here.minute) >= (hour, minute):
        day += timedelta(days=1)
    day = next_working(day)
    for _ in range(lead_days):
        day = next_working(day + timedelta(days=1))
    return next_working(max(day, not_before)) if not_before else day


def arrives_on(shipped: date, region: str, country: str = "JP") -> date:
    """The day goods that leave on `shipped` reach a prefecture, or a country abroad."""
    return shipped + timedelta(days=_road_days(region, country))


def ships_for(wished: date, region: str, country: str = "JP") -> date:
    """The last working day on which goods can leave to arrive on `wished`."""
    day = wished - timedelta(days=_road_days(region, country))
    while not is_working(day):
        day -= timedelta(days=1)
    return day


def _road_days(region: str, country: str) -> int:
    return ROAD_DAYS.get(region, 1) if country == "JP" else ABROAD_DAYS
