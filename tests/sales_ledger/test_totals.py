"""Revenue by month: what is kept in memory and what is read each time make the same sums."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, select

from tests.factories.people import Cast
from wholesale.company.models import TaxClass
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.sales_ledger import totals
from wholesale.sales_ledger.models import SalesEntry, SalesKind


@pytest.fixture(autouse=True)
def short_lag(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(totals, "LAG", 3)
    totals.forget()
    yield
    totals.forget()


def sell(cast: Cast, count: int, begin: int = 0) -> None:
    """One entry of 100 a week backwards from today, every fifth of them in another currency."""
    session.execute(
        insert(SalesEntry),
        [
            {
                "kind": SalesKind.GOODS, "customer_id": cast.nordwind.id,
                "bill_to_id": cast.nordwind.id,
                "currency": "EUR" if n % 5 == 4 else "JPY", "amount": Decimal(100), "quantity": 1,
                "revenue_on": clock.today() - timedelta(weeks=n), "supply_on": clock.today(),
                "tax_class": TaxClass.STANDARD, "source_kind": "test", "source_id": n,
                "description": {"ja": "x"}, "code": "x", "slip_number": "", "unit_price": Decimal(100),
                "tax_provisional": Decimal(0), "written_at": clock.now(),
            }
            for n in range(begin, begin + count)
        ],
    )  # fmt: skip


def added_up() -> totals.Sums:
    sums: totals.Sums = {}
    for on, currency, amount in session.execute(
        select(SalesEntry.revenue_on, SalesEntry.currency, SalesEntry.amount)
    ):
        key = ((on.year, on.month), currency)
        sums[key] = sums.get(key, Decimal(0)) + amount
    return sums


def test_growing_rows_are_added_to_what_is_kept(cast: Cast) -> None:
    for batch in range(6):
        sell(cast, 7, batch * 7)
        assert totals.by_month() == added_up()
        assert totals.by_month() == added_up()
    assert next(iter(totals._kept.values())).mark > 0


def test_another_ledger_at_the_same_address_is_read_anew(cast: Cast) -> None:
    sell(cast, 30)
    totals.by_month()
    next(iter(totals._kept.values())).mark = 10**9
    assert totals.by_month() == added_up()


def test_the_days_of_a_month_are_counted_with_both_ends(cast: Cast) -> None:
    sell(cast, 3)
    today = clock.today()
    assert totals.up_to_day(today - timedelta(weeks=1), today, "JPY") == 200
    assert totals.up_to_day(date(2020, 1, 1), date(2020, 2, 1), "JPY") == 0
