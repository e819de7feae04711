"""What stands in a cell: codes, names, figures and days, as people and old systems write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from babel.numbers import get_currency_precision

from wholesale.company.queries import digits_of
from wholesale.exchange import spellings
from wholesale.exchange.reports import Refused
from wholesale.kernel.money import plain
from wholesale.kernel.sheets import Row, folded

T = TypeVar("T")

LONGEST_CODE = 60
LONGEST_NAME = 200
MOST_DIGITS = 12
HEAVIEST = 2_000_000  # grams
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-"))
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff]")
_SIGNS = {
    "USD": ("us$", "usd", "$"), "EUR": ("eur", "€"), "GBP": ("gbp", "£"), "CNY": ("cny", "rmb", "元"),
    "TWD": ("nt$", "twd", "元"), "HKD": ("hk$", "hkd", "$"), "KRW": ("krw", "₩"), "SGD": ("s$", "sgd"),
}  # fmt: skip


def text(row: Row, name: str) -> str:
    """The text of a cell without blanks around it; a figure as it is written; "" when empty."""
    value = row.cells.get(name)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{plain(value):f}"
    return value.isoformat() if isinstance(value, date) else _UNSEEN.sub("", value).strip()


def code(row: Row, name: str, longest: int = LONGEST_CODE) -> str:
    """A code in its one spelling: half width, plain hyphens, no blanks around.

    Raises Refused too_long.
    """
    found = short(row, name, longest)
    return "" if spellings.says_nothing(found) else found.translate(_DASHES)


def needed_code(row: Row, name: str, longest: int = LONGEST_CODE) -> str:
    """A code that must be there. Raises Refused missing_code."""
    found = code(row, name, longest)
    if not found:
        raise Refused("missing_code", name)
    return found


def needed_name(row: Row, name: str) -> str:
    """A name that must be there. Raises Refused missing_name or too_long."""
    found = text(row, name)
    if not found:
        raise Refused("missing_name", name)
    if len(found) > LONGEST_NAME:
        raise Refused("too_long", name, value=found[:40], most=LONGEST_NAME)
    return found


def short(row: Row, name: str, longest: int) -> str:
    """A text that must fit its place. Raises Refused too_long."""
    found = unicodedata.normalize("NFKC", text(row, name)).strip()
    if len(found) > longest:
        raise Refused("too_long", name, value=found[:40], most=longest)
    return found


def number(
    row: Row, name: str, bad: str = "bad_number", signs: tuple[str, ...] = ()
) -> Decimal | None:
    """A figure; yen signs, 円, commas and ▲ are read; None when empty. Raises Refused `bad`."""
    value = row.cells.get(name)
    if value is None or (isinstance(value, str) and spellings.says_nothing(text(row, name))):
        return None
    if isinstance(value, Decimal):
        found: Decimal | None = value
    else:
        found = spellings.figure(value, signs) if isinstance(value, str) else None
    if found is None or found.adjusted() >= MOST_DIGITS:
        raise Refused(bad, name, value=text(row, name)[:40])
    return plain(found) if found else Decimal(0)


def quantity(row: Row, name: str) -> Decimal | None:
    """A figure with its unit or without: 12, 12個, 12 pcs. Raises Refused bad_quantity."""
    value = row.cells.get(name)
    if isinstance(value, str):
        plain_figure = spellings.without_unit(text(row, name)) or value
        row = Row(row.sheet, row.number, {name: plain_figure})
    return number(row, name, "bad_quantity")


def whole(row: Row, name: str, least: int = 1, most: int = 2_000_000_000) -> int | None:
    """A whole number within limits; None when empty. Raises Refused bad_quantity."""
    found = quantity(row, name)
    if found is None:
        return None
    if found != found.to_integral_value() or not least <= found <= most:
        raise Refused("bad_quantity", name, value=text(row, name))
    return int(found)


def grams(row: Row, name: str) -> int | None:
    """A weight in whole grams from 350, 350.5, 350g or 0.35kg. Raises Refused bad_quantity."""
    told = spellings.uniform(text(row, name))
    is_kilos = told.endswith("kg")
    value = told.removesuffix("kg") if is_kilos else spellings.without_unit(told)
    found = number(Row(row.sheet, row.number, {name: value or None}), name, "bad_quantity")
    if found is None:
        return None
    found *= 1000 if is_kilos else 1
    if not 0 < found <= HEAVIEST:
        raise Refused("bad_quantity", name, value=text(row, name))
    return max(1, int(found.to_integral_value(ROUND_HALF_UP)))


def price(row: Row, name: str, currency: str, digits: int = 0) -> Decimal | None:
    """An amount in its currency's decimals, or in `digits` where those are more.

    Raises Refused negative_price, too_many_decimals.
    """
    found = number(row, name, signs=_SIGNS.get(currency, (currency.lower(),)))
    if found is not None and found < 0:
        raise Refused("negative_price", name, value=text(row, name))
    return amount(found, name, currency, digits)


def amount(found: Decimal | None, name: str, currency: str, digits: int = 0) -> Decimal | None:
    """The figure when its currency has as many decimals. Raises Refused too_many_decimals."""
    if found is not None and decimals(found) > max(digits, digits_written(currency)):
        raise Refused("too_many_decimals", name, value=f"{found:f}")
    return found


def digits_written(currency: str) -> int:
    """Decimals a file may carry: TWD is settled in whole units here and quoted in cents elsewhere."""
    return max(digits_of(currency), int(get_currency_precision(currency)))


def decimals(value: Decimal) -> int:
    """How many decimals a figure needs."""
    exponent = plain(value).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def rate(
    row: Row, name: str, least: Decimal = Decimal("0.01"), most: Decimal = Decimal(1)
) -> Decimal | None:
    """A share of the list price from 62.5, 62.5%, 0.625 or 6.25掛, between `least` and `most`.

    A cell formatted as percent arrives as 0.625. Raises Refused rate_out_of_range.
    """
    told = text(row, name)
    found = spellings.share(told)
    if found is None:
        stated = number(row, name)
        if stated is None:
            return None
        found = stated if 0 < stated < 1 else stated / 100
    if not least <= found <= most:
        raise Refused("rate_out_of_range", name, value=told)
    if decimals(found) > 4:  # noqa: PLR2004 - a share is kept with four places
        raise Refused("too_many_decimals", name, value=told)
    return found


def day(row: Row, name: str) -> date | None:
    """A day: a real one, or one that `spellings.day` reads. Raises Refused bad_date."""
    value = row.cells.get(name)
    if value is None or isinstance(value, date):
        return value
    told = text(row, name)
    if spellings.says_nothing(told):
        return None
    found = spellings.day(told)
    if found is None:
        raise Refused("bad_date", name, value=told[:40])
    return found


def needed_day(row: Row, name: str) -> date:
    """A day that must be there. Raises Refused bad_date."""
    found = day(row, name)
    if found is None:
        raise Refused("bad_date", name)
    return found


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
