"""Instants as clocks of a named time zone show them, and how long it is until then, in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_time, get_timezone_name
from flask import Flask
from flask_babel import gettext, ngettext

from wholesale.kernel import clock
from wholesale.kernel.text import in_posix
from wholesale.web.filters import language, month_day

# Where customers are, from east to west; a catalogue can be meant in any other zone as well.
COMMON = (
    "Asia/Tokyo", "Asia/Seoul", "Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong", "Asia/Singapore",
    "Asia/Bangkok", "Asia/Jakarta", "Asia/Dubai", "Australia/Sydney", "Europe/Paris",
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Chicago", "America/Los_Angeles",
    "UTC",
)  # fmt: skip

# Countries with a second zone that hardly anybody lives by.
MAIN = {"CN": "Asia/Shanghai", "DE": "Europe/Berlin"}


class Local(NamedTuple):
    """A day and a time (HH:MM) of a clock. Midnight is 24:00 of the day that ends there."""

    day: date
    time: str


def local_end(instant: datetime, zone: str) -> Local:
    """When something ends, as people of a zone write it: 1 December 24:00, not the 2nd 00:00."""
    here = instant.astimezone(ZoneInfo(zone))
    if (here.hour, here.minute) == (0, 0):
        return Local((here - timedelta(minutes=1)).date(), "24:00")
    return Local(here.date(), format_time(here, "HH:mm", locale="en"))


def in_zone(instant: datetime, zone: str) -> str:
    """12月1日 9:00 as the clocks of a zone show it; for templates."""
    here = instant.astimezone(ZoneInfo(zone))
    return f"{month_day(here.date())} {format_time(here, 'HH:mm', locale='en')}"


def zone_word(zone: str) -> str:
    """日本時間, Japan Time, 日本时间: a zone in the reader's language, its name where it has none."""
    if zone == "UTC":
        return zone
    locale = Locale.parse(in_posix(language()))
    return str(get_timezone_name(zone, width="long", zone_variant="generic", locale=locale)) or zone


def zone_of_country(country: str) -> str:
    """The time zone of a country whose people keep one clock; "" for one with several."""
    return MAIN.get(country) or _only_zones().get(country, "")


@cache
def _only_zones() -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for zone, territory in get_global("zone_territories").items():
        found.setdefault(territory, set()).add(zone)
    return {country: min(zones) for country, zones in found.items() if len(zones) == 1}


def until(instant: datetime, zone: str) -> str:
    """12月1日 18:00まで, until 1 Dec 18:00."""
    end = local_end(instant, zone)
    return gettext("until %(day)s %(time)s", day=month_day(end.day), time=end.time)


def left(instant: datetime, zone: str) -> str:
    """あと3日, 3 days left: days as a calendar of the zone counts them, hours and minutes on the last."""
    now = clock.now()
    if instant <= now:
        return gettext("closed")
    days = (local_end(instant, zone).day - now.astimezone(ZoneInfo(zone)).date()).days
    if days > 0:
        return ngettext("%(num)s day left", "%(num)s days left", days)
    minutes = -(-(instant - now) // timedelta(minutes=1))
    if minutes >= 60:  # noqa: PLR2004 - an hour
        return ngettext("%(num)s hour left", "%(num)s hours left", minutes // 60)
    return ngettext("%(num)s minute left", "%(num)s minutes left", minutes)


def add_filters(app: Flask) -> None:
    """Hang the filter into an application's templates."""
    app.jinja_env.filters["in_zone"] = in_zone
