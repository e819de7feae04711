"""What stands in a cell: codes, names, figures and days, as people and old systems write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from babel.numbers import get_currency_precision

from wholesale.company.queries import digits_of
from wholesale.exchange.reports import Refused
from wholesale.kernel.money import plain
from wholesale.kernel.sheets import Row, folded

T = TypeVar("T")

LONGEST_CODE = 60
LONGEST_NAME = 200
MOST_DIGITS = 12
FIRST_SERIAL, LAST_SERIAL = 10_000, 99_999
_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet's serial days
_ERAS = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925, "s": 1925}
_ERA_DAY = re.compile(r"(令和|平成|昭和|[rhs])(元|\d{1,2})[年./-](\d{1,2})[月./-](\d{1,2})日?")
_DAY = re.compile(
    r"(\d{4})(?:[年./-])(\d{1,2})(?:[月./-])(\d{1,2})日?(?:[t ]0?0:00(?::00)?(?:\.0+)?)?"
)
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMBER = re.compile(r"\d+(\.\d+)?|\d{1,3}(,\d{3})+(\.\d+)?|\.\d+")
_MARKS = re.compile(r"[\s¥\\円元]|jpy")


def text(row: Row, name: str) -> str:
    """The text of a cell without blanks around it; a figure as it is written; "" when empty."""
    value = row.cells.get(name)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{plain(value):f}"
    return value.isoformat() if isinstance(value, date) else value.strip(" \u3000\r\n")


def code(row: Row, name: str, longest: int = LONGEST_CODE) -> str:
    """A code in its one spelling: half width, no blanks around. Raises Refused too_long."""
    found = unicodedata.normalize("NFKC", text(row, name)).strip()
    if len(found) > longest:
        raise Refused("too_long", name, value=found[:40])
    return found


def needed_code(row: Row, name: str, longest: int = LONGEST_CODE) -> str:
    """A code that must be there. Raises Refused missing_code."""
    found = code(row, name, longest)
    if not found:
        raise Refused("missing_code", name)
    return found


def needed_name(row: Row, name: str) -> str:
    """A name that must be there. Raises Refused missing_name or too_long."""
    found = text(row, name)
    if not found.strip():
        raise Refused("missing_name", name)
    if len(found) > LONGEST_NAME:
        raise Refused("too_long", name, value=found[:40])
    return found


def short(row: Row, name: str, longest: int) -> str:
    """A text that must fit its place. Raises Refused too_long."""
    found = unicodedata.normalize("NFKC", text(row, name)).strip()
    if len(found) > longest:
        raise Refused("too_long", name, value=found[:40])
    return found


def number(row: Row, name: str, bad: str = "bad_number") -> Decimal | None:
    """A figure; yen signs, 円, commas and ▲ are read; None when empty. Raises Refused `bad`."""
    value = row.cells.get(name)
    if value is None:
        return None
    if isinstance(value, Decimal):
        found = value
    elif isinstance(value, str):
        found = _figure(value, name, bad)
    else:
        raise Refused(bad, name, value=value.isoformat())
    if found.adjusted() >= MOST_DIGITS:
        raise Refused(bad, name, value=str(value)[:40])
    return plain(found)


def _figure(value: str, name: str, bad: str) -> Decimal:
    told = _MARKS.sub("", unicodedata.normalize("NFKC", value).lower()).removesuffix("%")
    minus = (
        told[:1] in {"▲", "△", "-", "−", "‐"} or told[-1:] == "-" or told[:1] + told[-1:] == "()"
    )
    told = told.strip("▲△-−‐+()")
    if not _NUMBER.fullmatch(told):
        raise Refused(bad, name, value=value.strip()[:40])
    found = Decimal(told.replace(",", ""))
    return -found if minus else found


def whole(row: Row, name: str, least: int = 1, most: int = 2_000_000_000) -> int | None:
    """A whole number within limits; None when empty. Raises Refused bad_quantity."""
    found = number(row, name, "bad_quantity")
    if found is None:
        return None
    if found != found.to_integral_value() or not least <= found <= most:
        raise Refused("bad_quantity", name, value=text(row, name))
    return int(found)


def price(row: Row, name: str, currency: str) -> Decimal | None:
    """An amount in its currency's decimals. Raises Refused negative_price, too_many_decimals."""
    found = number(row, name)
    if found is not None and found < 0:
        raise Refused("negative_price", name, value=text(row, name))
    return amount(found, name, currency)


def amount(found: Decimal | None, name: str, currency: str) -> Decimal | None:
    """The figure when its currency has as many decimals. Raises Refused too_many_decimals."""
    if found is not None and decimals(found) > digits_written(currency):
        raise Refused("too_many_decimals", name, value=f"{found:f}")
    return found


def digits_written(currency: str) -> int:
    """Decimals a file may carry: TWD is settled in whole units here and quoted in cents elsewhere."""
    return max(digits_of(currency), int(get_currency_precision(currency)))


def decimals(value: Decimal) -> int:
    """How many decimals a figure needs."""
    exponent = plain(value).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def rate(row: Row, name: str) -> Decimal | None:
    """Percent of the list price as a share: 62.5 → 0.625. Raises Refused rate_out_of_range."""
    found = number(row, name)
    if found is None:
        return None
    if not 1 <= found <= 100:  # noqa: PLR2004 - percent
        raise Refused("rate_out_of_range", name, value=text(row, name))
    if decimals(found) > 2:  # noqa: PLR2004 - a share is kept with four places
        raise Refused("too_many_decimals", name, value=text(row, name))
    return found / 100


def day(row: Row, name: str) -> date | None:
    """A day: a real one, 2026-11-20 in any separator, 20261120, 令和8年, R8.1.1, or a serial number."""
    value = row.cells.get(name)
    if value is None:
        return None
    if isinstance(value, date):
        return value
    told = text(row, name)
    found = _told_day(unicodedata.normalize("NFKC", told).lower().strip())
    if found is None:
        raise Refused("bad_date", name, value=told[:40])
    return found


def _told_day(told: str) -> date | None:
    era = _ERA_DAY.fullmatch(told.replace(" ", ""))
    try:
        if era:
            year = 1 if era[2] == "元" else int(era[2])
            return date(_ERAS[era[1]] + year, int(era[3]), int(era[4]))
        plain_day = _DAY.fullmatch(told) or _COMPACT_DAY.fullmatch(told)
        if plain_day:
            return date(int(plain_day[1]), int(plain_day[2]), int(plain_day[3]))
        if told.isascii() and told.isdigit() and FIRST_SERIAL <= int(told) <= LAST_SERIAL:
            return _EPOCH + timedelta(days=int(told))
    except ValueError:
        return None
    return None


def word(row: Row, name: str, words: Mapping[str, T], default: T, bad: str = "unknown_word") -> T:
    """One of the words known here, in any width and case. Raises Refused `bad`."""
    told = text(row, name)
    if not told:
        return default
    found = words.get(folded(told))
    if found is None:
        raise Refused(bad, name, value=told[:40])
    return found


def known_words(words: Mapping[T, Iterable[str]]) -> dict[str, T]:
    """The spellings of each meaning, folded."""
    return {
        folded(spelling): meaning for meaning, spellings in words.items() for spelling in spellings
    }
