"""The one source of time: instants in UTC, business days in the company's time zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
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


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let every verb inside the block believe it is `instant` (aware). For the demo and for tests."""
    token = _stopped_at.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _stopped_at.reset(token)
