"""The figures of the today page: sales by week, what is owed by age, what runs out, who buys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select, text

from wholesale.backoffice import charts
from wholesale.backoffice.queues import CONFIRMED, SHORT_LINE
from wholesale.billing.models import Invoice, InvoiceState
from wholesale.catalog.queries import SkuFacts, pictures, sku_facts
from wholesale.company.queries import company
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.money import AMOUNT, ZERO
from wholesale.orders.models import Order, OrderLine
from wholesale.sales_ledger.models import SalesEntry
from wholesale.stock.models import Expected, Move, MoveKind
from wholesale.stock.promising import supplies
from wholesale.web.filters import day

WEEKS = 8
ALERTS = 5
SHIPPED_DAYS = 84
AGES = (0, 30, 60, 90)


@dataclass(frozen=True, slots=True)
class Sales:
    """Revenue net of tax: home currency by week, and this month's other currencies beside it."""

    currency: str
    this_week: Decimal
    last_week: Decimal
    this_month: Decimal
    change: Decimal | None
    chart: charts.Bars
    others: tuple[tuple[str, Decimal], ...]


def sales(today: date) -> Sales:
    """The last eight weeks up to today, weeks beginning on Monday. One statement."""
    monday = today - timedelta(days=today.weekday())
    first = min(monday - timedelta(weeks=WEEKS - 1), today.replace(day=1))
    home = company().currency
    weeks = {monday - timedelta(weeks=n): ZERO for n in reversed(range(WEEKS))}
    month, same_days = ZERO, ZERO
    others: dict[str, Decimal] = {}
    for on, currency, amount in session.execute(
        select(SalesEntry.revenue_on, SalesEntry.currency, func.sum(SalesEntry.amount))
        .where(SalesEntry.revenue_on >= first, SalesEntry.revenue_on <= today)
        .group_by(SalesEntry.revenue_on, SalesEntry.currency)
    ):
        if currency != home:
            if on >= today.replace(day=1):
                others[currency] = others.get(currency, ZERO) + amount
            continue
        start = on - timedelta(days=on.weekday())
        if start in weeks:
            weeks[start] += amount
        if on >= today.replace(day=1):
            month += amount
        if monday - timedelta(weeks=1) <= on <= today - timedelta(weeks=1):
            same_days += amount
    last = weeks[monday - timedelta(weeks=1)]
    return Sales(
        currency=home,
        this_week=weeks[monday],
        last_week=last,
        this_month=month,
        change=(weeks[monday] / same_days - 1).quantize(Decimal("0.001")) if same_days else None,
        chart=charts.bars([(day(start), amount) for start, amount in weeks.items()]),
        others=tuple(sorted(others.items())),
    )


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
    waiting: dict[int, int] = {
        sku: int(pieces)
        for sku, pieces in session.execute(
            select(OrderLine.sku_id, func.sum(short))
            .join(Order, Order.id == OrderLine.order_id)
            .where(CONFIRMED, SHORT_LINE)
            .group_by(OrderLine.sku_id)
            .order_by(func.sum(short).desc(), OrderLine.sku_id)
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
    start = datetime.combine(
        today - timedelta(days=SHIPPED_DAYS - 1), time.min, tzinfo=clock.zone()
    )
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
    """What one customer bought in the last four weeks, net in the home currency."""

    code: str
    name: str
    amount: Decimal
    change: Decimal | None


def best_customers(today: date) -> list[Trade]:
    """The five customers who bought most in four weeks, beside the four weeks before."""
    split = today - timedelta(weeks=4)
    amount: Any = SalesEntry.amount
    recent = func.sum(case((SalesEntry.revenue_on > split, amount), else_=ZERO), type_=AMOUNT)
    before = func.sum(case((SalesEntry.revenue_on <= split, amount), else_=ZERO), type_=AMOUNT)
    rows = session.execute(
        select(Customer.code, Customer.name, recent, before)
        .join(Customer, Customer.id == SalesEntry.customer_id)
        .where(
            SalesEntry.revenue_on > split - timedelta(weeks=4),
            SalesEntry.revenue_on <= today,
            SalesEntry.currency == company().currency,
        )
        .group_by(Customer.id, Customer.code, Customer.name)
        .order_by(recent.desc(), Customer.code)
        .limit(5)
    )
    return [
        Trade(code, name, now, (now / old - 1).quantize(Decimal("0.001")) if old else None)
        for code, name, now, old in rows
    ]
