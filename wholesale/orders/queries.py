"""Lists of orders, by key from page to page; both wings and the figures read these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from wholesale.customers.models import Customer
from wholesale.kernel.db import session
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
    "to_ship": (
        Order.state == OrderState.CONFIRMED,
        Order.goods_state.in_([GoodsState.ALLOCATED, GoodsState.PARTLY_SHIPPED]),
    ),
    "to_bill": (
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
    if asked.text:
        like = f"{asked.text.strip().upper()}%"
        customers = select(Customer.id).where(
            or_(Customer.name.contains(asked.text.strip()), Customer.code.ilike(like))
        )
        found = found.where(
            or_(
                Order.number.like(like),
                Order.po_number.like(like),
                Order.customer_id.in_(customers),
            )
        )
    return found


def newest(asked: OrderFilter, size: int) -> list[Order]:
    """The newest orders of a filter, their customers with them."""
    found = orders_matching(asked).options(selectinload(Order.customer))
    return list(
        session.scalars(found.order_by(Order.placed_at.desc(), Order.id.desc()).limit(size))
    )


def counts(customer_id: int | None = None) -> dict[str, int]:
    """How many orders stand in each view that asks for work. One statement."""
    columns = [
        func.count().filter(and_(*_VIEWS[view])).label(view)
        for view in ("to_confirm", "on_hold", "short", "to_ship", "to_bill", "open")
    ]
    open_ones = select(*columns).where(
        or_(
            Order.state.in_([OrderState.PLACED, OrderState.PROPOSED, OrderState.CONFIRMED]),
            Order.money_state.in_([MoneyState.UNBILLED, MoneyState.PARTLY_BILLED]),
        )
    )
    if customer_id is not None:
        open_ones = open_ones.where(Order.customer_id == customer_id)
    row = session.execute(open_ones).one()
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
