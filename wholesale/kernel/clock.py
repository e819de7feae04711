"""The one source of time: instants in UTC, business days in the company's time zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from wholesale.kernel import config

_stopped_at: ContextVar[datetime | None] = ContextVar("stopped_at", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _stopped_at.get() or datetime.now(UTC)


def zone() -> ZoneInfo:
    """The company's time zone (Asia/Tokyo unless the settings say otherwise)."""
    return ZoneInfo(config.current().time_zone)


def today() -> date:
    """The business day: today's date where the company is."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    """The same instant on the company's clock."""
    return instant.astimezone(zone())


def instant(day: date, at_time: time, zone_name: str) -> datetime:
    """The instant (UTC) at which the clocks of a time zone show this day and time.

    A time that clocks pass twice is the first of the two; one that they leave out is that much
    later, as a clock that was not put forward would have it.
    """
    return datetime.combine(day, at_time, ZoneInfo(zone_name)).astimezone(UTC)


def midnight(day: date) -> datetime:
    """When a business day begins, on the company's clock."""
    return datetime.combine(day, time(), zone())


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let every verb inside the block believe it is `instant` (aware). For the demo and for tests."""
    token = _stopped_at.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _stopped_at.reset(token)
