"""Lists of orders, by key from page to page; both wings and the figures read these."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true, union
from sqlalchemy.orm import selectinload

from wholesale.customers.models import Customer
from wholesale.kernel.db import begins_with, session
from wholesale.orders.messages import OrderMessage
from wholesale.orders.models import (
    GoodsState,
    LineKind,
    MoneyState,
    Order,
    OrderLine,
    OrderState,
)


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What a list of orders is narrowed to; every field is part of the page's address."""

    view: str = ""
    text: str = ""
    customer_id: int | None = None


_VIEWS = {
    "to_confirm": (Order.state == OrderState.PLACED,),
    "on_hold": (Order.on_hold, Order.state.in_([OrderState.PLACED, OrderState.CONFIRMED])),
    "short": (
        Order.state == OrderState.CONFIRMED,
        Order.goods_state.in_([GoodsState.NONE, GoodsState.PARTLY_ALLOCATED]),
    ),
    "promises": (
        Order.state == OrderState.CONFIRMED,
        Order.id.in_(
            select(OrderLine.order_id).where(
                OrderLine.quantity > OrderLine.dropped + OrderLine.shipped,
                OrderLine.kind == LineKind.GOODS,
                OrderLine.promised_on.is_(None),
            )
        ),
    ),
    "questions": (Order.id.in_(select(OrderMessage.order_id).where(OrderMessage.is_open)),),
    "to_ship": (
        Order.state == OrderState.CONFIRMED,
        Order.goods_state.in_([GoodsState.ALLOCATED, GoodsState.PARTLY_SHIPPED]),
    ),
    "to_bill": (  # goods leave in none of the other states, and the index begins with the state
        Order.state.in_(
            [OrderState.PLACED, OrderState.PROPOSED, OrderState.CONFIRMED, OrderState.COMPLETED]
        ),
        Order.goods_state.in_([GoodsState.PARTLY_SHIPPED, GoodsState.SHIPPED]),
        Order.money_state.in_([MoneyState.UNBILLED, MoneyState.PARTLY_BILLED]),
    ),
    "open": (Order.state.in_([OrderState.PLACED, OrderState.PROPOSED, OrderState.CONFIRMED]),),
    "done": (Order.state.in_([OrderState.COMPLETED, OrderState.CANCELLED, OrderState.REJECTED]),),
}


def orders_matching(asked: OrderFilter) -> Select[Order]:
    """The orders of a filter, without an order of their own yet."""
    found = select(Order)
    for condition in _VIEWS.get(asked.view, ()):
        found = found.where(condition)
    if asked.customer_id is not None:
        found = found.where(Order.customer_id == asked.customer_id)
    if asked.text.strip():
        found = found.where(_says(asked.text.strip()))
    return found


FEW_CUSTOMERS = 50


def _says(typed: str) -> ColumnElement[bool]:
    """Orders whose number or purchase order begins with what was typed, or whose customer bears it.

    Customers are looked up first. Few of them: each way finds its index, and the orders are put
    together by id. Many: the list is walked from its beginning, where hits lie close together.
    """
    folded = unicodedata.normalize("NFKC", typed).strip()
    plain = folded.upper()
    who = select(Customer.id).where(
        or_(
            Customer.name.contains(typed, autoescape=True),
            Customer.code.istartswith(plain, autoescape=True),
        )
    )
    named = list(session.scalars(who.limit(FEW_CUSTOMERS + 1)))
    ways = [begins_with(Order.number, plain)]
    ways += [begins_with(Order.po_number, spelling) for spelling in dict.fromkeys((plain, folded))]
    if len(named) > FEW_CUSTOMERS:
        return or_(*ways, Order.customer_id.in_(who))
    if named:
        ways.append(Order.customer_id.in_(named))
    return Order.id.in_(union(*(select(Order.id).where(way) for way in ways)))


def newest(asked: OrderFilter, size: int) -> list[Order]:
    """The newest orders of a filter, their customers with them."""
    found = orders_matching(asked).options(selectinload(Order.customer))
    return list(
        session.scalars(found.order_by(Order.placed_at.desc(), Order.id.desc()).limit(size))
    )


def how_many(view: str) -> ColumnElement[int]:
    """The column that counts the orders of a view among those that are selected."""
    conditions = _VIEWS.get(view, ())
    return func.count().filter(and_(*conditions)) if conditions else func.count()


_OPEN = ("to_confirm", "on_hold", "short", "to_ship", "open")


def counts(customer_id: int | None = None) -> dict[str, int]:
    """How many orders stand in each view that asks for work. One statement."""
    mine = () if customer_id is None else (Order.customer_id == customer_id,)
    # Two narrow looks: one over what is open, one over what left and is not billed.
    open_ones = (
        select(*(how_many(view).label(view) for view in _OPEN))
        .where(*_VIEWS["open"], *mine)
        .subquery()
    )
    to_bill = select(func.count().label("to_bill")).where(*_VIEWS["to_bill"], *mine).subquery()
    row = session.execute(select(open_ones, to_bill).join(to_bill, true())).one()
    return dict(row._mapping)  # noqa: SLF001 - the row's own way to a dict


def order_by_number(number: str) -> Order | None:
    """The order with this number, its lines with it."""
    return session.scalar(
        select(Order).where(Order.number == number).options(selectinload(Order.lines))
    )


def line_counts(order_ids: list[int]) -> dict[int, tuple[int, int]]:
    """(lines, pieces) of goods per order. One statement."""
    rows = session.execute(
        select(OrderLine.order_id, func.count(), func.sum(OrderLine.quantity))
        .where(OrderLine.order_id.in_(order_ids), OrderLine.sku_id.is_not(None))
        .group_by(OrderLine.order_id)
    )
    return {order: (lines, int(pieces)) for order, lines, pieces in rows}


def regulars(customer_id: int, since: date, limit: int = 12) -> list[tuple[int, int, date]]:
    """(SKU, usual pieces, last ordered on): what a customer orders again and again."""
    start = datetime(since.year, since.month, since.day, tzinfo=UTC)
    rows = session.execute(
        select(
            OrderLine.sku_id,
            func.max(OrderLine.quantity),
            func.max(Order.placed_at),
            func.count(),
        )
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.customer_id == customer_id,
            Order.placed_at >= start,
            OrderLine.sku_id.is_not(None),
            Order.state.not_in([OrderState.CANCELLED, OrderState.REJECTED]),
        )
        .group_by(OrderLine.sku_id)
        .order_by(func.count().desc(), func.max(Order.placed_at).desc())
        .limit(limit)
    )
    return [(sku, pieces, _day(last)) for sku, pieces, last, _ in rows if sku is not None]


def _day(value: datetime | str) -> date:
    return value.date() if isinstance(value, datetime) else datetime.fromisoformat(value).date()
