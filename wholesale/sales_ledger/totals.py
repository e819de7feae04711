"""Revenue by month and currency, kept in memory for what no longer changes.

The sales ledger is append-only, so what has been added up once stays right: rows up to a mark are
counted once per process, and each answer adds the rows behind it. The mark lies `LAG` rows behind
the newest one, far behind any unit of work that may still be open; a small ledger is always read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from threading import Lock

from sqlalchemy import Select, extract, func, select

from wholesale.kernel.db import session
from wholesale.kernel.money import AMOUNT, ZERO
from wholesale.sales_ledger.models import SalesEntry

LAG = 5_000

Month = tuple[int, int]
Sums = dict[tuple[Month, str], Decimal]


@dataclass(slots=True)
class _Kept:
    """Sums over the rows up to and with `mark`."""

    mark: int = 0
    sums: Sums = field(default_factory=dict)


_kept: dict[str, _Kept] = {}
_lock = Lock()


def by_month() -> Sums:
    """{((year, month), currency): revenue without tax} over the whole ledger. Two or three statements."""
    newest = session.scalar(select(func.max(SalesEntry.id))) or 0
    url = str(session.get_bind().engine.url)
    with _lock:
        kept = _kept.setdefault(url, _Kept())
        if kept.mark > newest:  # another ledger lies at this address now
            kept = _kept[url] = _Kept()
        if newest - kept.mark > 2 * LAG:
            _add(kept.sums, _rows().where(SalesEntry.id > kept.mark, SalesEntry.id <= newest - LAG))
            kept.mark = newest - LAG
        sums = dict(kept.sums)
        mark = kept.mark
    _add(sums, _rows().where(SalesEntry.id > mark))
    return sums


def forget() -> None:
    """Read the whole ledger again at the next question."""
    with _lock:
        _kept.clear()


def up_to_day(first: date, last: date, currency: str) -> Decimal:
    """Revenue of the days from `first` to `last`, both counted. One statement."""
    found = session.scalar(
        select(func.sum(SalesEntry.amount, type_=AMOUNT)).where(
            SalesEntry.revenue_on >= first,
            SalesEntry.revenue_on <= last,
            SalesEntry.currency == currency,
        )
    )
    return found or ZERO


def _rows() -> Select[int, int, str, Decimal]:
    year, month = extract("year", SalesEntry.revenue_on), extract("month", SalesEntry.revenue_on)
    return select(
        year, month, SalesEntry.currency, func.sum(SalesEntry.amount, type_=AMOUNT)
    ).group_by(year, month, SalesEntry.currency)


def _add(sums: Sums, rows: Select[int, int, str, Decimal]) -> None:
    for year, month, currency, amount in session.execute(rows):
        key = ((int(year), int(month)), currency)
        sums[key] = sums.get(key, ZERO) + amount
