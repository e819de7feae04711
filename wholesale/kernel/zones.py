"""Instants as the clocks of a named time zone show them, and what people call a zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_timezone_name

from wholesale.kernel.text import in_posix


class Local(NamedTuple):
    """A day and a time (HH:MM) of a clock. Midnight is 24:00 of the day that ends there."""

    day: date
    time: str


def local_end(instant: datetime, zone: str) -> Local:
    """When something ends, as people of a zone write it: 1 December 24:00, not the 2nd 00:00."""
    here = instant.astimezone(ZoneInfo(zone))
    if (here.hour, here.minute) == (0, 0):
        return Local((here - timedelta(minutes=1)).date(), "24:00")
    return Local(here.date(), f"{here:%H:%M}")


def zone_name(zone: str, locale: str) -> str:
    """日本時間, Japan Time, 日本时间: a zone in a language."""
    if zone == "UTC":
        return zone
    language = Locale.parse(in_posix(locale))
    return str(get_timezone_name(zone, width="long", zone_variant="generic", locale=language))
