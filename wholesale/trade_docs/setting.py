"""How figures and days look on a paper; gives templates nothing but finished text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date

from wholesale.kernel.money import plain
from wholesale.trade_docs.lexicon import complete

MINUS = "\N{MINUS SIGN}"
SEALS = ("", "印", "之印")


def set_paper(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a paper as a template prints them: same keys, finished texts."""
    locale, digits = facts["locale"], facts["digits"]
    sign = currency_sign(facts["currency"], locale)

    def money(text: str) -> str:
        return sign + figure(text, digits) if text else ""

    lines = [_line(line, locale, digits) for line in facts["lines"]]
    return {
        **facts,
        "words": complete(facts["words"], locale),
        "issued": long_day(facts["issued_on"], locale),
        "due": long_day(facts["due_on"], locale),
        "period": _period(facts["supplied_from"], facts["supplied_until"], locale),
        "groups": _groups(lines),
        "pieces": figure(str(sum(line["quantity"] for line in facts["lines"])), 0),
        "taxes": [_tax(tax, digits) for tax in facts["taxes"]],
        "any_reduced": any(line["reduced"] for line in facts["lines"]),
        "net": money(facts["net"]),
        "tax": money(facts["tax"]),
        "total": money(facts["total"]),
        "collects": money(facts.get("collects", "")),
        "seal": seal(facts["issuer"]["name"], facts["issuer"]["mark"]),
    }


def set_price_notice(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a letter about new prices as its template prints them."""
    locale, digits = facts["locale"], facts["digits"]
    prices = ("list_before", "list_after", "before", "after")
    lines = [
        {**line, **{key: figure(line[key], digits) if line[key] else "" for key in prices}}
        for line in facts["lines"]
    ]
    return {
        **facts,
        "issued": long_day(facts["issued_on"], locale),
        "starts": long_day(facts["starts_on"], locale),
        "groups": [{"heading": "", "lines": lines}] if lines else [],
        "seal": seal(facts["issuer"]["name"], facts["issuer"]["mark"]),
    }


def figure(text: str, digits: int) -> str:
    """1234.5000 → 1,234.50: at least `digits` places, more where the figure has more."""
    value = plain(Decimal(text))
    own = max(0, -int(value.as_tuple().exponent))
    shown = f"{abs(value):,.{max(digits, own)}f}"
    return f"{MINUS}{shown}" if value < 0 else shown


def currency_sign(currency: str, locale: str) -> str:
    """What stands before an amount: ¥ for yen (but JPY in Chinese, where ¥ means yuan), else ISO."""
    return (
        "¥"
        if currency == "JPY" and not locale.startswith("zh")
        else f"{currency}\N{NO-BREAK SPACE}"
    )


def long_day(iso: str, locale: str) -> str:
    """2026-11-20 → 2026年11月20日, 20 November 2026."""
    if not iso:
        return ""
    day = date.fromisoformat(iso)
    if locale == "en":
        return format_date(day, "d MMMM y", locale="en")
    return f"{day.year}年{day.month}月{day.day}日"


def short_day(iso: str, locale: str) -> str:
    """2026-11-20 → 2026/11/20, 20 Nov 2026."""
    if not iso:
        return ""
    day = date.fromisoformat(iso)
    if locale == "en":
        return format_date(day, "d MMM y", locale="en")
    return f"{day.year}/{day.month}/{day.day}"


def percent(rate: str) -> str:
    """0.1000 → 10%."""
    return f"{plain(Decimal(rate) * 100):f}%"


def seal(name: str, mark: str) -> list[list[str]]:
    """The columns of the square seal, read from the right: the firm's name closed by 印, else its mark."""
    bare = "".join(name.split())
    if not bare.isascii():
        for side in (2, 3, 4):
            missing = side * side - len(bare)
            if 0 <= missing < len(SEALS):
                full = bare + SEALS[missing]
                columns = [list(full[at : at + side]) for at in range(0, len(full), side)]
                return columns[::-1]
    return [list(mark)] if mark else []


def _line(line: Mapping[str, Any], locale: str, digits: int) -> dict[str, Any]:
    return {
        **line,
        "quantity": figure(str(line["quantity"]), 0) + (f" {line['unit']}" if line["unit"] else ""),
        "unit_price": figure(line["unit_price"], digits) if line["unit_price"] else "",
        "amount": figure(line["amount"], digits) if line["amount"] else "",
        "tax_rate": percent(line["tax_rate"]) if line["tax_rate"] else "",
        "supply_on": short_day(line["supply_on"], locale),
        "ordered": "" if line["ordered"] is None else figure(str(line["ordered"]), 0),
        "remaining": "" if line["remaining"] is None else figure(str(line["remaining"]), 0),
    }


def _groups(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Neighbouring lines of one delivery note and day, under one heading."""
    groups: list[dict[str, Any]] = []
    for line in lines:
        heading = [line["supply_on"], line["slip_number"]]
        if not groups or groups[-1]["heading"] != heading:
            groups.append({"heading": heading, "lines": []})
        groups[-1]["lines"].append(line)
    return groups


def _tax(tax: Mapping[str, Any], digits: int) -> dict[str, Any]:
    return {
        **tax,
        "rate": percent(tax["rate"]),
        "base": figure(tax["base"], digits),
        "tax": figure(tax["tax"], digits),
    }


def _period(first: str, last: str, locale: str) -> str:
    days = [long_day(day, locale) for day in dict.fromkeys((first, last)) if day]
    return (" – " if locale == "en" else "〜").join(days)
