"""Orders of the old system that are not yet delivered in full, one row per line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import groupby

from sqlalchemy import select

from wholesale.catalog.queries import SkuFacts, sku_facts, sku_ids_by_code
from wholesale.customers.models import Address, AddressKind, Customer
from wholesale.customers.queries import money_terms
from wholesale.exchange import cells
from wholesale.exchange.known import (
    CUSTOMER_CODE,
    by_code,
    by_number,
    currency_billed,
    known_customer,
)
from wholesale.exchange.reports import Refused, Report, accepted
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.sheets import Row, SheetKind, Table
from wholesale.orders import opening
from wholesale.orders.models import Order, OrderLine
from wholesale.orders.opening import OpeningLine, OpeningOrder

COLUMNS: dict[str, Sequence[str]] = {
    "number": ("受注番号", "受注No", "受注伝票番号", "受注書番号", "注文番号", "オーダー番号", "伝票番号", "番号", "order number", "order no", "order", "order id", "sales order", "sales order no", "so number", "document number", "number", "订单号", "订单编号", "销售订单号", "訂單號碼", "訂單編號"),
    "ordered_on": ("受注日", "受注年月日", "注文日", "注文年月日", "伝票日付", "order date", "ordered on", "date", "document date", "下单日期", "订单日期", "接单日期", "訂單日期"),
    "customer": (*CUSTOMER_CODE, "得意先", "取引先", "客户"),
    "ship_to": ("納品先コード", "届け先コード", "届先コード", "納入先コード", "配送先コード", "納品先CD", "納品先", "届先", "店舗コード", "ship-to code", "ship to", "ship-to", "delivery code", "store code", "送货地编码", "收货地编码", "门店编码"),
    "po_number": ("客先注文番号", "客先注番", "得意先注文番号", "先方注文番号", "貴社注文番号", "発注番号", "客先発注番号", "po number", "po no", "po", "customer po", "customer order number", "customer reference", "purchase order", "客户订单号", "客户采购单号", "采购单号", "客戶訂單號"),
    "sku": ("SKUコード", "SKU", "商品コード", "商品CD", "品番", "単品コード", "アイテムコード", "SKU code", "SKU no", "item code", "item no", "item", "product code", "part number", "SKU编码", "SKU编号", "商品编码", "商品编号", "商品代码", "货号", "單品編號"),
    "quantity": ("数量", "受注数", "受注数量", "注文数", "注文数量", "ordered", "ordered quantity", "order quantity", "order qty", "quantity", "qty", "qty ordered", "订购数量", "订单数量", "下单数量", "數量", "訂購數量"),
    "shipped": ("出荷済数", "出荷済", "出荷済数量", "出荷数", "出荷数量", "納品済数", "納品済数量", "売上済数", "shipped", "shipped quantity", "quantity shipped", "qty shipped", "delivered", "delivered quantity", "已发数量", "已发货数量", "已出货数量", "已交数量", "已出貨數量"),
    "open": ("受注残", "受注残数", "残数", "残数量", "未出荷数", "注残", "注残数", "open quantity", "open qty", "open", "backorder", "backorder quantity", "remaining", "outstanding", "未发数量", "未交数量", "剩余数量", "未出貨數量"),
    "price": ("単価(税抜)", "単価", "受注単価", "販売単価", "卸単価", "納入単価", "税抜単価", "unit price", "price", "net price", "unit price (net)", "单价", "单价(不含税)", "單價"),
    "currency": ("通貨", "通貨コード", "currency", "currency code", "币种", "货币", "幣別"),
    "wished_on": ("希望納期", "納期", "希望納品日", "納品希望日", "指定納期", "要求納期", "納品予定日", "requested date", "requested delivery", "requested delivery date", "delivery date", "wanted on", "due date", "需求日期", "要求交期", "交货日期", "交期", "希望交期"),
    "promised_on": ("回答納期", "納期回答", "確定納期", "約束納期", "promised date", "promised on", "confirmed date", "confirmed delivery date", "答复交期", "承诺交期", "确认交期"),
    "note": ("備考", "明細備考", "摘要", "メモ", "notes", "note", "remarks", "memo", "comment", "备注", "備註"),
}  # fmt: skip
KINDS = (
    SheetKind(
        "open-orders", COLUMNS, ("number", "ordered_on", "customer", "sku", "quantity", "price")
    ),
)
LONGEST_NUMBER = 30
LONGEST_PO = 40
LONGEST_NOTE = 500
NOON = time(12)


@dataclass(frozen=True, slots=True)
class Line:
    """What one row says: a line, and the head of the order it belongs to."""

    number: str
    customer: Customer
    ship_to: Address | None
    ordered_on: date
    line: OpeningLine
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rows speak of, looked up once."""

    customers: dict[str, Customer]
    places: Mapping[tuple[int, str], Address]
    usual: Mapping[int, Address]
    facts: Mapping[str, SkuFacts]
    orders: Mapping[str, Order]
    # lines of known orders that no row has named yet
    left: Mapping[str, Counter[tuple[int, int, int, Decimal]]]


def bring_in(tables: Sequence[Table], report: Report, by: Actor) -> None:
    """Take over open orders. One row of the report is one line; what is here already stays.

    Lines of one number become one order. Orders are taken in the order in which their goods are
    wanted, so that scarce stock goes where the house gives it.
    """
    known = _look_up([row for table in tables for row in table.rows])
    first: dict[str, tuple[int, Line]] = {}
    good: list[Line] = []
    for table in tables:
        good += [line for _, line in accepted(table, report, _reader(known, first))]
    fresh = [line for line in good if not line.is_known]
    report.created += len(fresh)
    report.unchanged += len(good) - len(fresh)
    _save(fresh, known, by)


def _look_up(rows: Sequence[Row]) -> _Known:
    customers = by_code(Customer, [_told(row, "customer") for row in rows])
    ids = sku_ids_by_code({_told(row, "sku") for row in rows})
    facts = sku_facts(ids.values())
    orders = by_number(Order, [_told(row, "number") for row in rows])
    places: dict[tuple[int, str], Address] = {}
    usual: dict[int, Address] = {}
    for place in _addresses(customers.values()):
        places[place.customer_id, place.code] = place
        usual.setdefault(place.customer_id, place)
    return _Known(
        customers, places, usual, {code: facts[i] for code, i in ids.items() if i in facts},
        orders, _lines_of(orders.values()),
    )  # fmt: skip


def _addresses(customers: Iterable[Customer]) -> Sequence[Address]:
    """The ship-tos of these customers, each customer's usual one first."""
    ids = [one.id for one in customers]
    return session.scalars(
        select(Address)
        .where(Address.customer_id.in_(ids), Address.kind == AddressKind.SHIP_TO, Address.is_active)
        .order_by(Address.customer_id, Address.is_default.desc(), Address.code)
    ).all()


def _lines_of(orders: Iterable[Order]) -> dict[str, Counter[tuple[int, int, int, Decimal]]]:
    numbers = {order.id: order.number for order in orders if order.is_opening}
    found: dict[str, Counter[tuple[int, int, int, Decimal]]] = {
        number: Counter() for number in numbers.values()
    }
    rows = session.execute(
        select(
            OrderLine.order_id, OrderLine.sku_id, OrderLine.quantity, OrderLine.opening_shipped,
            OrderLine.unit_price,
        ).where(OrderLine.order_id.in_(numbers), OrderLine.sku_id.is_not(None))
    )  # fmt: skip
    for order_id, *line in rows:
        found[numbers[order_id]][tuple(line)] += 1  # type: ignore[index]
    return found


def _told(row: Row, name: str) -> str:
    try:
        return cells.code(row, name)
    except Refused:  # said of the row when its turn comes
        return ""


def _reader(known: _Known, first: dict[str, tuple[int, Line]]) -> Callable[[Row], Line]:
    def read(row: Row) -> Line:
        number = cells.needed_code(row, "number", LONGEST_NUMBER)
        customer = known_customer(known.customers, cells.needed_code(row, "customer"), "customer")
        ordered_on = cells.needed_day(row, "ordered_on")
        ship_to = _ship_to(row, customer, known)
        line = Line(number, customer, ship_to, ordered_on, _line(row, customer, known))
        if number in first:
            _refuse_another(row, line, *first[number])
        else:
            first[number] = (row.number, line)
        return _known_or_new(line, known)

    return read


def _ship_to(row: Row, customer: Customer, known: _Known) -> Address | None:
    """Where the order goes: the address named, else the customer's usual one."""
    code = cells.code(row, "ship_to", LONGEST_NUMBER)
    if not code:
        return known.usual.get(customer.id)
    if (customer.id, code) not in known.places:
        raise Refused("unknown_ship_to", "ship_to", value=code)
    return known.places[customer.id, code]


def _line(row: Row, customer: Customer, known: _Known) -> OpeningLine:
    sku = cells.needed_code(row, "sku")
    if sku not in known.facts:
        raise Refused("unknown_sku", "sku", value=sku)
    currency = currency_billed(row, customer)
    quantity, shipped = _pieces(row)
    digits = money_terms(customer, clock.today()).price_digits
    price = cells.price(row, "price", currency, digits)
    if price is None:
        raise Refused("bad_number", "price")
    return OpeningLine(
        known.facts[sku], quantity, shipped, price, cells.day(row, "wished_on"),
        cells.day(row, "promised_on"), cells.short(row, "po_number", LONGEST_PO),
        cells.short(row, "note", LONGEST_NOTE),
    )  # fmt: skip


def _pieces(row: Row) -> tuple[int, int]:
    """Ordered and shipped. Without a column for what has shipped, what is open says it."""
    quantity = cells.whole(row, "quantity")
    if quantity is None:
        raise Refused("bad_quantity", "quantity")
    shipped = cells.whole(row, "shipped", least=0)
    if shipped is None:
        still = cells.whole(row, "open", least=0)
        shipped = quantity - still if still is not None else 0
        if shipped < 0:
            raise Refused("open_exceeds_ordered", "open", value=still, ordered=quantity)
    if shipped > quantity:
        raise Refused("shipped_exceeds_ordered", "shipped", value=shipped, ordered=quantity)
    return quantity, shipped


def _refuse_another(row: Row, line: Line, before: int, head: Line) -> None:
    """All rows of a number speak of one customer and one address. Raises Refused order_mixed."""
    for field, here, there in (
        ("customer", line.customer, head.customer), ("ship_to", line.ship_to, head.ship_to),
    ):  # fmt: skip
        if here is not there:
            raise Refused("order_mixed", field, value=cells.text(row, field), row=before)


def _known_or_new(line: Line, known: _Known) -> Line:
    """Whether the line is here already. Raises Refused known_order where it is, but otherwise."""
    order = known.orders.get(line.number)
    if order is None:
        return line
    one, left = line.line, known.left.get(line.number)
    if left is None or order.customer_id != line.customer.id:
        raise Refused("known_order", "number", value=line.number)
    key = (one.facts.id, one.quantity, one.shipped, one.unit_price)
    if left[key]:
        left[key] -= 1
        return replace(line, is_known=True)
    if not order.is_open or any(count and sku == one.facts.id for (sku, *_), count in left.items()):
        raise Refused("known_order", "number", value=line.number)
    return line


def _save(fresh: Sequence[Line], known: _Known, by: Actor) -> None:
    by_number_ = sorted(fresh, key=lambda line: line.number)
    told = [
        _order(number, list(lines))
        for number, lines in groupby(by_number_, key=lambda line: line.number)
    ]
    told.sort(key=_when_wanted)
    for one in told:
        if one.number in known.orders:
            opening.add_to_order(known.orders[one.number], one, by)
        else:
            opening.bring_in_order(one, by)
    opening.step_over([one.number for one in told])


def _order(number: str, lines: Sequence[Line]) -> OpeningOrder:
    head, day = lines[0], min(line.ordered_on for line in lines)
    placed_at = datetime.combine(day, NOON, clock.zone()).astimezone(UTC)
    return OpeningOrder(
        number, head.customer, head.ship_to, placed_at, [line.line for line in lines]
    )


def _when_wanted(order: OpeningOrder) -> tuple[date, int, datetime, str]:
    days = [line.wished_on for line in order.lines if line.wished_on]
    return (min(days, default=date.min), order.customer.priority, order.placed_at, order.number)
