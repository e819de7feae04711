"""Open orders of the old system: taken over once, finished here, nothing shipped or counted twice."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import func, select

from tests.exchange.test_moving_in import BY, EXPECTED, bring, refusals
from tests.factories.orders import check_house
from wholesale.billing.checks import CHECKS as BILLING
from wholesale.customers.models import CreditUse, Customer
from wholesale.exchange.importing import import_file
from wholesale.exchange.reports import Report
from wholesale.kernel.db import session
from wholesale.kernel.numbering import next_number
from wholesale.orders.checks import CHECKS as ORDERS
from wholesale.orders.models import GoodsState, Order, OrderLine, OrderState
from wholesale.shipping.planning import plan_shipments
from wholesale.stock.checks import CHECKS as STOCK
from wholesale.stock.models import Demand

HEADS = ["伝票番号", "注文日", "得意先CD", "商品CD", "受注数", "受注残", "単価", "納期", "備考"]


@pytest.fixture
def house(database: None) -> None:
    for kind in ("products", "customers", "stock"):
        bring(kind)


def rows_as_book(*rows: list[object], heads: list[str] | None = None) -> bytes:
    workbook = openpyxl.Workbook()
    for row in (heads or HEADS, *rows):
        workbook.active.append(row)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def take(*rows: list[object]) -> Report:
    return import_file("open-orders", rows_as_book(*rows), "orders.xlsx", dry_run=False, by=BY)


def test_the_old_systems_orders_stand_here_with_what_is_open_of_them(house: None) -> None:
    told = EXPECTED["open_orders.xlsx"]
    report = bring("open-orders")
    assert (report.rows, report.created) == (told["rows"], told["good"])
    assert [(row, reason) for _, row, reason in refusals(report)] == [
        (one["row"], one["reason"]) for one in told["refused"]
    ]
    orders = session.scalars(select(Order)).all()
    assert len(orders) == told["orders"]
    assert all(one.is_opening and one.state is OrderState.CONFIRMED for one in orders)
    wanted = session.scalar(select(func.sum(Demand.open)))
    assert wanted == told["open_quantity"]
    counted = session.execute(
        select(func.sum(CreditUse.ordered + CreditUse.later)).where(CreditUse.level == "group")
    ).scalar_one()
    assert counted > 0
    check_house(ORDERS, STOCK, BILLING)
    assert next_number("SO", date(2026, 11, 20)) == "SO-26-11081"


def test_what_was_shipped_there_is_not_shipped_again(house: None) -> None:
    report = take(
        ["A-1", "2026/11/2", "K0001", "TK-1101-OB", "１２個", 6, "1,000円", "2026-11-25", "至急"],
        ["A-1", "2026/11/2", "K0001", "TK-1101-TT", 6, 6, 500, None, None],
        ["A-2", "2026/11/2", "K0001", "TK-1101-OB", 6, 0, 1000, None, None],
    )
    assert (report.created, report.refused) == (3, [])
    order = session.scalars(select(Order).where(Order.number == "A-1")).one()
    line = order.lines[0]
    assert (line.quantity, line.shipped, line.opening_shipped, line.open) == (12, 6, 6, 6)
    assert (line.amount, line.note, line.allocated) == (Decimal(12000), "至急", 6)
    assert order.credit_counted == Decimal(6000 + 3000 + 900)
    assert order.amount_net == Decimal(15000)
    done = session.scalars(select(Order).where(Order.number == "A-2")).one()
    assert (done.goods_state, done.state) == (GoodsState.SHIPPED, OrderState.COMPLETED)
    assert done.credit_counted == 0
    shipments = plan_shipments(order, BY)
    assert sum(part.quantity for one in shipments for part in one.lines) == 12
    check_house(ORDERS, STOCK, BILLING)


def test_a_second_run_adds_what_was_refused_and_names_what_differs(house: None) -> None:
    good = ["B-1", "2026-11-02", "K0001", "TK-1101-OB", 6, 6, 1000, None, None]
    bad = ["B-1", "2026-11-02", "K0001", "TK-9999", 6, 6, 1000, None, None]
    first = take(good, bad)
    assert (first.created, [one.reason for one in first.refused]) == (1, ["unknown_sku"])
    mended = [*bad[:3], "TK-1101-TT", *bad[4:]]
    second = take(good, mended)
    assert (second.created, second.unchanged, second.refused) == (1, 1, [])
    order = session.scalars(select(Order).where(Order.number == "B-1")).one()
    assert [line.code for line in order.lines] == ["TK-1101-OB", "TK-1101-TT"]
    assert order.amount_net == Decimal(12000)
    other = take([*good[:4], 7, *good[5:]], ["B-1", "2026-11-02", "K0004", *mended[3:]])
    assert [one.reason for one in other.refused] == ["known_order", "order_mixed"]
    assert session.scalar(select(func.count()).select_from(OrderLine)) == 2
    check_house(ORDERS, STOCK, BILLING)


def test_rows_of_one_number_speak_of_one_customer_and_one_place(house: None) -> None:
    heads = [
        "order no",
        "order date",
        "customer code",
        "ship to",
        "item",
        "qty",
        "shipped",
        "price",
        "currency",
    ]
    rows: list[list[object]] = [
        ["X", "1 Nov 2026", "K0002", "K0002-1", "TK-1101-OB", 6, "", 900, "JPY"],
        ["X", "1 Nov 2026", "K0001", "", "TK-1101-TT", 6, "", 900, "JPY"],
        ["X", "1 Nov 2026", "K0002", "K0003-1", "TK-1101-TT", 6, "", 900, "JPY"],
        ["Y", "1 Nov 2026", "K0002", "", "TK-1101-TT", 6, 7, 900, "JPY"],
        ["Y", "1 Nov 2026", "K0002", "", "TK-1101-TT", 6, 0, 900.5, "JPY"],
        ["Y", "1 Nov 2026", "K0002", "", "TK-1101-TT", 6, 0, -1, "JPY"],
        ["total", None, None, None, None, 42, None, None, None],
    ]
    data = rows_as_book(*rows, heads=heads)
    report = import_file("open-orders", data, "o.xlsx", dry_run=False, by=BY)
    assert [(one.row, one.reason) for one in report.refused] == [
        (3, "order_mixed"), (4, "unknown_ship_to"), (5, "shipped_exceeds_ordered"),
        (6, "too_many_decimals"), (7, "negative_price"),
    ]  # fmt: skip
    order = session.scalars(select(Order)).one()
    assert order.ship_to["code"] == "K0002-1"
    assert order.bill_to_id == session.scalar(select(Customer.id).where(Customer.code == "K0001"))
