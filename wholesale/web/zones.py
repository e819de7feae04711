"""Instants as clocks of a named time zone show them, and how long it is until then, in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel.core import get_global
from flask import Flask
from flask_babel import gettext, ngettext

from wholesale.kernel import clock
from wholesale.kernel.zones import local_end, zone_name
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


def in_zone(instant: datetime, zone: str) -> str:
    """12月1日 9:00 as the clocks of a zone show it; for templates."""
    here = instant.astimezone(ZoneInfo(zone))
    return f"{month_day(here.date())} {here.hour}:{here:%M}"


def zone_word(zone: str) -> str:
    """日本時間, Japan Time, 日本时间: a zone in the reader's language."""
    return zone_name(zone, language())


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
        return gettext("no longer open")
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
