"""An order's demand on the stock: taking goods for its lines, giving them back, filling the waiting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from sqlalchemy import Table, bindparam, select

from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.orders import progress
from wholesale.orders.models import LineKind, Order, OrderLine
from wholesale.stock import allocating, receiving
from wholesale.stock.allocating import Taken, Want
from wholesale.stock.models import Expected

LINE = "order_line"


def take(order: Order, line_ids: Sequence[int], by: Actor) -> list[Taken]:
    """Write the demand of an order's goods lines and take what can be had. Raises OutOfStock."""
    rows = session.execute(_OPEN_GOODS, {"some": list(line_ids)}).all()
    customer, region = order.customer, str(order.ship_to.get("region", ""))
    wants = [
        Want(
            sku_id=sku, quantity=open_, customer_id=order.customer_id, planned_on=planned,
            policy=policy, source_kind=LINE, source_id=line, group_id=customer.group_id,
            wanted_on=wished, priority=customer.priority, region=region,
        )
        for line, sku, open_, planned, policy, wished in rows
        if open_ > 0 and sku is not None and policy is not None
    ]  # fmt: skip
    demand_ids, taken = allocating.take(wants, by)
    progress.note_placed(order.id, line_ids, demand_ids)
    return taken


_line = cast("Table", OrderLine.__table__).c
_OPEN_GOODS = (
    select(
        _line.id, _line.sku_id, _line.quantity - _line.dropped - _line.shipped, _line.planned_on,
        _line.policy, _line.wished_on,
    )
    .where(_line.id.in_(bindparam("some", expanding=True)), _line.kind == LineKind.GOODS)
    .order_by(_line.position)
)  # fmt: skip


def give_back(order: Order, by: Actor) -> None:
    """Release all that is promised to an order and withdraw its demand."""
    rows = session.execute(
        select(OrderLine.id, OrderLine.demand_id, OrderLine.quantity - OrderLine.dropped
               - OrderLine.shipped)
        .where(OrderLine.order_id == order.id, OrderLine.demand_id.is_not(None))
        .order_by(OrderLine.sku_id)
    ).all()  # fmt: skip
    given: list[Taken] = []
    for _, demand_id, open_ in rows:
        if open_ and demand_id is not None:
            given += allocating.close(demand_id, open_, by)
    progress.note_taken(given, order_ids={order.id})
    progress.forget_demands([line for line, _, _ in rows])


def fill_waiting(sku_ids: Iterable[int], by: Actor) -> list[Taken]:
    """Give free stock to lines that wait, in the house's order; can be run at any time."""
    taken = allocating.allocate_waiting(sku_ids, by)
    progress.note_taken(taken)
    return taken


def receive(expected: Expected, quantity: int, by: Actor) -> list[Taken]:
    """Goods arrive and go to the lines that wait for them. Raises TooMuchReceived."""
    taken = receiving.receive_expected(expected, quantity, by)
    progress.note_taken(taken)
    return taken


def open_skus(order: Order) -> list[int]:
    """The SKUs of an order's open lines."""
    return list(
        session.scalars(
            select(OrderLine.sku_id).where(
                OrderLine.order_id == order.id, OrderLine.kind == LineKind.GOODS
            )
        )
    )
