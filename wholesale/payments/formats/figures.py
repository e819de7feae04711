"""Dates and amounts as banks write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from enum import StrEnum

_REIWA = 2018
_CENTURY = 2000
_WESTERN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ERA = re.compile(r"(?:令和|R)(元|\d{1,2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.IGNORECASE)
_SHORT = re.compile(r"(\d{2})(\d{2})(\d{2})")
_FIGURE = re.compile(r"(?P<minus>[-△▲]?)(?P<digits>[\d.]+)")
_EXACT = re.compile(r"[0-9]{1,13}(?:\.[0-9]{0,4})?")


class Calendar(StrEnum):
    """How a two-digit year is meant."""

    REIWA = "reiwa"
    WESTERN = "western"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def short_date(text: str, calendar: Calendar) -> date | None:
    """YYMMDD in the given calendar; None for zeros, blanks and days that don't exist."""
    if not (match := _SHORT.fullmatch(text)):
        return None
    year, month, day = (int(part) for part in match.groups())
    return _day((_REIWA if calendar is Calendar.REIWA else _CENTURY) + year, month, day)


def likely_calendar(text: str, near: date) -> Calendar:
    """The calendar in which YYMMDD lies nearer to the given day (081120 → 2026, not 2008)."""

    def distance(calendar: Calendar) -> int:
        day = short_date(text, calendar)
        return abs((day - near).days) if day else date.max.toordinal()

    return min(Calendar, key=distance)


def read_date(text: str, *, near: date | None = None) -> date | None:
    """2026/11/20, 2026-11-20, 2026.11.20, 20261120, 令和8年11月20日, R8.11.20, 081120; else None.

    A two-digit year is taken as the era's unless `near` says the western one lies closer.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if match := _WESTERN.match(text) or _PLAIN.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
        return _day(year, month, day)
    if match := _ERA.match(text):
        first = match[1] == "元"
        return _day(_REIWA + (1 if first else int(match[1])), int(match[2]), int(match[3]))
    calendar = likely_calendar(text, near) if near else Calendar.REIWA
    return short_date(text, calendar)


def exact_figure(text: str) -> Decimal | None:
    """Digits with at most four decimals, as large as an amount may be; None for anything else."""
    return Decimal(text) if _EXACT.fullmatch(text) else None


def read_amount(text: str) -> Decimal | None:
    """A figure with comma, yen sign or 円, and a sign as -, △, ▲ or brackets; None when it is no figure."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[,¥\\円\s+]", "", text).replace("\u2212", "-")
    negative = text.startswith("(") and text.endswith(")")
    match = _FIGURE.fullmatch(text[1:-1] if negative else text)
    if not match:
        return None
    value = exact_figure(match["digits"])
    if value is None:
        return None
    return -value if negative or match["minus"] else value
