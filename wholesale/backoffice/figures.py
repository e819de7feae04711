"""The figures of the today page: sales by month, what is owed by age, what runs out, who buys."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from sqlalchemy import case, extract, func, select, text

from wholesale.backoffice import charts
from wholesale.backoffice.queues import CONFIRMED, SHORT_LINE
from wholesale.billing.models import Invoice, InvoiceState
from wholesale.catalog.queries import SkuFacts, pictures, sku_facts
from wholesale.company.queries import company, round_amount
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.money import AMOUNT, ZERO
from wholesale.offers import dates
from wholesale.orders.models import Order, OrderLine
from wholesale.sales_ledger import totals
from wholesale.sales_ledger.models import SalesEntry
from wholesale.stock.models import Expected, Move, MoveKind
from wholesale.stock.promising import supplies
from wholesale.web.filters import language

MONTHS = 12
ALERTS = 5
SHIPPED_DAYS = 84
AGES = (0, 30, 60, 90)


@dataclass(frozen=True, slots=True)
class Sales:
    """Revenue net of tax by month in the home currency; this month's other currencies beside it.

    `change` compares this month so far with the same days of last year; `expected` is what the
    month comes to at its pace so far over its working days.
    """

    currency: str
    this_month: Decimal
    last_month: Decimal
    change: Decimal | None
    expected: Decimal | None
    chart: charts.Bars
    others: tuple[tuple[str, Decimal], ...]


def sales(today: date) -> Sales:
    """The last twelve months, each beside the same month a year before. At most four statements."""
    home = company().currency
    known = totals.by_month()
    months = [_months_back(today, back) for back in reversed(range(MONTHS))]
    this, before = months[-1], _a_year_before(months[-1])
    month = known.get((this, home), ZERO)
    same_days = _same_days(today, home) if (before, home) in known else ZERO
    expected = _expected(today, month)
    return Sales(
        currency=home,
        this_month=month,
        last_month=known.get((months[-2], home), ZERO),
        change=(month / same_days - 1).quantize(Decimal("0.001")) if same_days > 0 else None,
        expected=expected,
        chart=charts.bars(
            [(_month_label(one), known.get((one, home), ZERO)) for one in months],
            [known.get((_a_year_before(one), home)) for one in months],
            expected,
        ),
        others=tuple(
            sorted(
                (currency, amount)
                for (one, currency), amount in known.items()
                if one == this and currency != home
            )
        ),
    )


def _months_back(day: date, back: int) -> totals.Month:
    index = day.year * 12 + day.month - 1 - back
    return index // 12, index % 12 + 1


def _a_year_before(month: totals.Month) -> totals.Month:
    return month[0] - 1, month[1]


def _month_label(month: totals.Month) -> str:
    return format_date(date(*month, 1), "LLL", locale=language())


def _same_days(today: date, currency: str) -> Decimal:
    """What the same days of this month a year ago came to."""
    first = date(today.year - 1, today.month, 1)
    last = min(today.day, calendar.monthrange(first.year, first.month)[1])
    return totals.up_to_day(first, first.replace(day=last), currency)


def _expected(today: date, so_far: Decimal) -> Decimal | None:
    """So far, over the working days gone, times the month's working days; None on its first."""
    days = [
        today.replace(day=day)
        for day in range(1, calendar.monthrange(today.year, today.month)[1] + 1)
    ]
    working = [day for day in days if dates.is_working(day)]
    gone = sum(day <= today for day in working)
    if not gone or not so_far:
        return None
    return round_amount(so_far * len(working) / gone, company().currency)


@dataclass(frozen=True, slots=True)
class Age:
    """What is owed in one class of age: class 0 is not yet due, 4 is more than 90 days over."""

    level: int
    invoices: int
    amount: Decimal
    share: Decimal
    x: Decimal


@dataclass(frozen=True, slots=True)
class Ageing:
    """All that is owed in the home currency by age, and the totals of other currencies."""

    currency: str
    total: Decimal
    ages: tuple[Age, ...]
    others: tuple[tuple[str, Decimal], ...]


def ageing(today: date) -> Ageing:
    """Open invoices by how long they are due. One statement over the open ones."""
    level = case(
        *(
            (Invoice.due_on >= today - timedelta(days=days), index)
            for index, days in enumerate(AGES)
        ),
        else_=len(AGES),
    ).label("level")
    home = company().currency
    sums: dict[int, tuple[int, Decimal]] = {}
    others: dict[str, Decimal] = {}
    for currency, at, count, amount in session.execute(
        select(
            Invoice.currency, level, func.count(),
            func.sum(Invoice.total - Invoice.settled, type_=AMOUNT),
        )
        .where(Invoice.total != Invoice.settled, Invoice.state == InvoiceState.ISSUED)
        .group_by(Invoice.currency, text("level"))
    ):  # fmt: skip
        if currency == home:
            sums[at] = (count, amount)
        else:
            others[currency] = others.get(currency, ZERO) + amount
    total = sum((amount for _, amount in sums.values()), ZERO)
    ages, x = [], Decimal(0)
    for index in range(len(AGES) + 1):
        count, amount = sums.get(index, (0, ZERO))
        share = max((amount / total).quantize(Decimal("0.001")), ZERO) if total > 0 else ZERO
        ages.append(Age(index, count, amount, share, x * 100))
        x += share
    return Ageing(home, total, tuple(ages), tuple(sorted(others.items())))


@dataclass(frozen=True, slots=True)
class Alert:
    """A SKU that is wanted and not there. `days` of stock at the pace of the last twelve weeks."""

    facts: SkuFacts
    picture: str
    free: int
    waiting: int
    per_day: Decimal
    days: int
    next_on: date | None
    next_quantity: int
    spark: str
    dot: tuple[int, int]


def alerts(today: date) -> list[Alert]:
    """The SKUs customers wait for most. Six statements, whatever the number of orders."""
    short = OrderLine.quantity - OrderLine.dropped - OrderLine.shipped - OrderLine.allocated
    wanted = (OrderLine.sku_id + 0).label("wanted")  # by the narrow index, not by that of the SKUs
    waiting: dict[int, int] = {
        sku: int(pieces)
        for sku, pieces in session.execute(
            select(wanted, func.sum(short))
            .join(Order, Order.id == OrderLine.order_id)
            .where(CONFIRMED, SHORT_LINE)
            .group_by(wanted)
            .order_by(func.sum(short).desc(), wanted)
            .limit(ALERTS)
        )
        if sku is not None
    }
    if not waiting:
        return []
    facts = sku_facts(waiting)
    shown = pictures(facts.values())
    supply = supplies(waiting, customer_id=None, group_id=None, on=today)
    coming = _next_arrivals(list(waiting))
    shipped = _shipped_by_week(list(waiting), today)
    found = []
    for sku, fact in facts.items():
        path, dot = charts.spark(shipped[sku])
        pace = Decimal(sum(shipped[sku])) / SHIPPED_DAYS
        free = max(supply[sku].now, 0)
        on, pieces = coming.get(sku, (None, 0))
        found.append(
            Alert(
                facts=fact, picture=shown.get(sku, ""), free=free, waiting=waiting[sku],
                per_day=pace.quantize(Decimal("0.1")), days=int(free / pace) if pace else 0,
                next_on=on, next_quantity=pieces, spark=path, dot=dot,
            )
        )  # fmt: skip
    return found


def _next_arrivals(sku_ids: list[int]) -> dict[int, tuple[date, int]]:
    """The nearest inbound of each SKU."""
    rows = session.execute(
        select(Expected.sku_id, Expected.due_on, Expected.quantity - Expected.received)
        .where(Expected.sku_id.in_(sku_ids), Expected.quantity > Expected.received)
        .order_by(Expected.due_on.desc())
    )
    return {sku: (on, int(pieces)) for sku, on, pieces in rows}


def _shipped_by_week(sku_ids: list[int], today: date) -> dict[int, list[int]]:
    """Pieces that left in each of the last twelve weeks."""
    weeks = {sku: [0] * (SHIPPED_DAYS // 7) for sku in sku_ids}
    start = clock.midnight(today - timedelta(days=SHIPPED_DAYS - 1))
    for sku, at, pieces in session.execute(
        select(Move.sku_id, Move.moved_at, Move.quantity).where(
            Move.sku_id.in_(sku_ids), Move.kind == MoveKind.SHIPMENT, Move.moved_at >= start
        )
    ):
        week = (clock.local(at).date() - start.date()).days // 7
        weeks[sku][min(week, len(weeks[sku]) - 1)] += pieces
    return weeks


@dataclass(frozen=True, slots=True)
class Trade:
    """What one customer bought in the last twelve months, net in the home currency, and by month.

    `change` compares them with the twelve months before; None where our books do not reach back.
    """

    code: str
    name: str
    region: str
    amount: Decimal
    change: Decimal | None
    spark: str
    dot: tuple[int, int]


def best_customers(today: date) -> list[Trade]:
    """The five who bought most in four weeks, with two years of each. Two statements."""
    amount: Any = SalesEntry.amount
    recent = func.sum(amount, type_=AMOUNT)
    payer = func.coalesce(Customer.bill_to_id, Customer.id).label("payer")
    best = session.execute(
        select(Customer.id, Customer.code, Customer.name, Customer.region, payer)
        .join(SalesEntry, SalesEntry.customer_id == Customer.id)
        .where(
            SalesEntry.revenue_on > today - timedelta(weeks=4),
            SalesEntry.revenue_on <= today,
            SalesEntry.currency == company().currency,
        )
        .group_by(Customer.id, Customer.code, Customer.name, Customer.region, payer)
        .order_by(recent.desc(), Customer.code)
        .limit(5)
    ).all()
    months = [_months_back(today, back) for back in reversed(range(2 * MONTHS))]
    begun = min((month for month, _ in totals.by_month()), default=months[-1])
    bought = _bought({row.id: row.payer for row in best}, months[0])
    made = []
    for row in best:
        sums = [bought.get((row.id, month), ZERO) for month in months]
        before, now = sum(sums[:MONTHS], ZERO), sum(sums[MONTHS:], ZERO)
        path, dot = charts.spark([int(one) for one in sums[MONTHS:]])
        change = (
            (now / before - 1).quantize(Decimal("0.001"))
            if before > 0 and begun <= months[0]
            else None
        )
        made.append(Trade(row.code, row.name, row.region, now, change, path, dot))
    return made


def _bought(payers: dict[int, int], since: totals.Month) -> dict[tuple[int, totals.Month], Decimal]:
    """Revenue of these {customer: bill-to} by month; the bill-tos lead to the index."""
    year, month = extract("year", SalesEntry.revenue_on), extract("month", SalesEntry.revenue_on)
    return {
        (customer, (int(in_year), int(in_month))): amount
        for customer, in_year, in_month, amount in session.execute(
            select(SalesEntry.customer_id, year, month, func.sum(SalesEntry.amount, type_=AMOUNT))
            .where(
                SalesEntry.customer_id.in_(list(payers)),
                SalesEntry.bill_to_id.in_(set(payers.values())),
                SalesEntry.revenue_on >= date(*since, 1),
                SalesEntry.currency == company().currency,
            )
            .group_by(SalesEntry.customer_id, year, month)
        )
    }
