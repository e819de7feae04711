"""Exchange rates from a sheet: day, currency, and the bank's rates of that day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wholesale.company.converting import HIGHEST, MOST_DECIMALS, enter_rates, rates_of_day
from wholesale.company.queries import company, enabled_currencies
from wholesale.exchange import cells
from wholesale.exchange.reports import Refused, Report, accepted
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.sheets import Row, SheetKind, Table

COLUMNS: dict[str, Sequence[str]] = {
    "day": ("日付", "公示日", "適用日", "date", "day", "quoted on", "日期"),
    "currency": ("通貨", "通貨コード", "currency", "currency code", "币种", "货币"),
    "TTM": ("TTM", "仲値", "middle rate", "中间价"),
    "TTS": ("TTS", "電信売相場", "selling rate", "卖出价"),
    "TTB": ("TTB", "電信買相場", "buying rate", "买入价"),
    "MANUAL": ("社内レート", "manual", "own rate", "内部汇率"),
}
KINDS = (SheetKind("rates", COLUMNS, ("day", "currency")),)
RATES = ("TTM", "TTS", "TTB", "MANUAL")


@dataclass(frozen=True, slots=True)
class Line:
    """What one row says of a currency on a day."""

    day: date
    currency: str
    rates: dict[str, Decimal]


def bring_in(tables: Sequence[Table], report: Report, by: Actor) -> None:
    """Enter the rates of every day of the file; an empty cell changes nothing."""
    known = set(enabled_currencies()) - {company().currency}
    lines = [line for table in tables for _, line in accepted(table, report, _reader(known))]
    by_day: dict[date, list[Line]] = {}
    for line in lines:
        by_day.setdefault(line.day, []).append(line)
    for day, part in sorted(by_day.items()):
        before = rates_of_day(day)
        wanted: dict[tuple[str, str], Decimal | None] = {}
        for line in part:
            own = {(line.currency, kind): rate for kind, rate in line.rates.items()}
            if all(before.get(key) == rate for key, rate in own.items()):
                report.unchanged += 1
            elif any(key in before for key in own):
                report.updated += 1
            else:
                report.created += 1
            wanted |= own
        enter_rates(day, wanted, by)


def _reader(known: set[str]) -> Callable[[Row], Line]:
    seen: dict[tuple[date, str], int] = {}

    def read(row: Row) -> Line:
        day = cells.day(row, "day")
        if day is None or day > clock.today():
            raise Refused("bad_date", "day", value=cells.text(row, "day"))
        currency = cells.needed_code(row, "currency", 3).upper()
        if currency not in known:
            raise Refused("unknown_currency", "currency", value=currency)
        if (day, currency) in seen:
            raise Refused("duplicate_row", "currency", value=seen[day, currency])
        rates = {kind: _rate(row, kind) for kind in RATES}
        filled = {kind: rate for kind, rate in rates.items() if rate is not None}
        if not filled:
            raise Refused("bad_number", "TTM", value="")
        seen[day, currency] = row.number
        return Line(day, currency, filled)

    return read


def _rate(row: Row, kind: str) -> Decimal | None:
    found = cells.number(row, kind)
    if found is None:
        return None
    if not 0 < found <= HIGHEST:
        raise Refused("bad_number", kind, value=cells.text(row, kind))
    if cells.decimals(found) > MOST_DECIMALS:
        raise Refused("too_many_decimals", kind, value=f"{found:f}")
    return found
