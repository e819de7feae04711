"""How money, quantities, days and names look; templates write figures through these alone."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date, format_datetime, get_day_names
from flask import Flask, has_request_context
from flask_babel import get_locale
from markupsafe import Markup, escape

from wholesale.company.queries import digits_of
from wholesale.kernel import clock
from wholesale.kernel.db import Names
from wholesale.kernel.money import Rounding, round_to
from wholesale.kernel.text import in_posix, localized
from wholesale.web.door import once_per_request, visitor

SYMBOLS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
MINUS = "\N{MINUS SIGN}"
NOTHING = "–"
_FORMS = re.compile(
    r"\s*(株式会社|有限会社|合同会社|,?\s*Co\.,?\s*Ltd\.?|,?\s*(Inc|LLC|Ltd)\.?$)\s*"
)


def language() -> str:
    """ja, en, zh or zh-Hant: the language of this page."""
    if not has_request_context():
        return _language()
    found: str = once_per_request("language", _language)
    return found


def _language() -> str:
    return str(get_locale() or "ja").replace("_", "-")


def digits(currency: str) -> int:
    """The digits of a currency, asked once per request."""
    known: dict[str, int] = once_per_request("currency_digits", dict)
    if currency not in known:
        known[currency] = digits_of(currency)
    return known[currency]


def is_veiled() -> bool:
    """Whether the reader orders without sight of prices: then no figure of money leaves the house."""
    if not has_request_context():
        return False
    someone = visitor()
    return someone is not None and not someone.sees_prices


def figure(value: Decimal | int, places: int = 0) -> str:
    """1234567.5 → 1,234,567.50, with a real minus sign."""
    text = f"{abs(value):,.{places}f}"
    return f"{MINUS}{text}" if value < 0 else text


def amount(value: Decimal, currency: str) -> str:
    """An amount in its currency's digits, without the symbol; a dash for who may not see it."""
    if is_veiled():
        return NOTHING
    return figure(round_to(value, digits(currency), Rounding.HALF_UP), digits(currency))


def unit_price(value: Decimal, currency: str) -> str:
    """A unit price: at least its currency's digits, more where it has more; a dash as above."""
    if is_veiled():
        return NOTHING
    own = -int(value.normalize().as_tuple().exponent)
    return figure(value, max(digits(currency), own))


def money(value: Decimal | None, currency: str) -> Markup:
    """`<data class="money">` with a small symbol; ¥ and € and so on, the ISO code otherwise."""
    if value is None or is_veiled():
        return Markup('<span class="money">–</span>')
    return _money(value, currency, amount(value, currency))


def price(value: Decimal | None, currency: str) -> Markup:
    """As `money`, for a unit price."""
    if value is None or is_veiled():
        return Markup('<span class="money">–</span>')
    return _money(value, currency, unit_price(value, currency))


def _money(value: Decimal, currency: str, text: str) -> Markup:
    sign, plain = ("", text) if value >= 0 else (MINUS, text[1:])
    symbol = SYMBOLS.get(currency, currency + " ")
    kind = "money neg" if value < 0 else "money"
    return Markup(  # noqa: S704 - every part is escaped
        f'<data class="{kind}" value="{escape(str(value))}">{sign}'
        f'<span class="cur">{escape(symbol)}</span>{escape(plain)}</data>'
    )


def plain_number(value: Decimal | None) -> str:
    """1200.50 → 1200.5, as it stands in a field; "" for None."""
    return "" if value is None else f"{value.normalize():f}"


def quantity(value: int | None) -> str:
    """12000 → 12,000."""
    return "–" if value is None else figure(value)


def rate(value: Decimal | None) -> str:
    """0.625 → 62.5%."""
    if value is None or is_veiled():
        return "–"
    percent = (value * 100).normalize()
    return f"{percent:f}%"


def day(value: date | datetime | None) -> str:
    """11/25 in tables; with the year when it is not this year's."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = clock.local(value).date()
    this_year = value.year == clock.today().year
    if language() == "en":
        return format_date(value, "d MMM" if this_year else "d MMM yyyy", locale="en")
    return f"{value.month}/{value.day}" if this_year else f"{value.year}/{value.month}/{value.day}"


def long_day(value: date | datetime | None) -> str:
    """11月25日(水), 25 Nov 2026, 11月25日(周三)."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = clock.local(value).date()
    if language() == "en":
        return format_date(value, "EEE d MMM yyyy", locale="en")
    weekday = get_day_names("abbreviated", locale=in_posix(language()))[value.weekday()]
    year = "" if value.year == clock.today().year else f"{value.year}年"
    return f"{year}{value.month}月{value.day}日({weekday})"


def iso_day(value: date | datetime) -> str:
    """2026-11-25 on the company's clock, as addresses and fields hold it."""
    return (clock.local(value).date() if isinstance(value, datetime) else value).isoformat()


def month_day(value: date | datetime | None) -> str:
    """11月25日, 25 Nov; with the year when it is not this year's."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = clock.local(value).date()
    if language() == "en":
        return day(value)
    year = "" if value.year == clock.today().year else f"{value.year}年"
    return f"{year}{value.month}月{value.day}日"


def weekday(value: date | None) -> str:
    """水, Wed, 周三."""
    if value is None:
        return ""
    return str(get_day_names("abbreviated", locale=language())[value.weekday()])


def moment(value: datetime | None) -> str:
    """11/25 10:02 on the company's clock."""
    if value is None:
        return "–"
    here = clock.local(value)
    return f"{day(here)} {format_datetime(here, 'HH:mm', locale='en')}"


def name(value: Names | None) -> str:
    """A name in the page's language."""
    return localized(value, language())


def brand(value: Names | None) -> str:
    """A firm's name without its legal form, as it stands beside the mark: 土と紙."""
    return _FORMS.sub("", name(value))


def add_filters(app: Flask) -> None:
    """Hang the filters into an application's templates."""
    for made in (
        money,
        price,
        plain_number,
        quantity,
        rate,
        day,
        iso_day,
        month_day,
        weekday,
        long_day,
        moment,
        name,
        brand,
    ):
        app.jinja_env.filters[made.__name__] = made
    app.jinja_env.filters["amount"] = amount
