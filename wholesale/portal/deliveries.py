"""The deliveries of orders: which shipments carry which lines, and when each arrives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.offers import dates
from wholesale.orders.models import GoodsState, Order, OrderLine, OrderState
from wholesale.shipping.models import Shipment, ShipmentLine, ShipmentState
from wholesale.web.door import once_per_request

GONE = {ShipmentState.CANCELLED, ShipmentState.REVERSED}


@dataclass(frozen=True, slots=True)
class Arrival:
    """When an order's next (or last) goods arrive. `is_firm` once they are on a shipment;
    `is_late` when the day we had confirmed has passed.
    """

    on: date | None
    is_firm: bool
    later: int = 0
    is_late: bool = False


def shipments_of(orders: Iterable[Order]) -> dict[int, list[Shipment]]:
    """The live shipments of each order, the oldest first. Two statements for any number of orders."""
    ids = [order.id for order in orders]
    found: dict[int, list[Shipment]] = {order: [] for order in ids}
    if not ids:
        return found
    pairs = session.execute(
        select(OrderLine.order_id, ShipmentLine.shipment_id)
        .join(ShipmentLine, ShipmentLine.order_line_id == OrderLine.id)
        .where(OrderLine.order_id.in_(ids))
        .distinct()
    ).all()
    wanted = {shipment for _order, shipment in pairs}
    shipments = {
        one.id: one
        for one in session.scalars(
            select(Shipment)
            .where(Shipment.id.in_(wanted), Shipment.state.not_in(GONE))
            .order_by(Shipment.planned_on, Shipment.id)
        )
    } if wanted else {}  # fmt: skip
    order_of = {one: place for place, one in enumerate(shipments)}
    for order, shipment in sorted(pairs, key=lambda pair: order_of.get(pair[1], -1)):
        if shipment in shipments:
            found[order].append(shipments[shipment])
    return found


def soonest() -> date:
    """The first day anything can still leave; asked once per request."""
    found: date = once_per_request("soonest_shipping", lambda: dates.ships_on(clock.now()))
    return found


def arrives(shipment: Shipment) -> date:
    """The day a shipment reaches its ship-to: said, or reckoned from the day it leaves.

    What should have left by now can't leave before the next shipping day.
    """
    leaves = shipment.dispatched_on
    if leaves is None:
        leaves = max(shipment.planned_on, soonest())
    elif shipment.arrives_on is not None:
        return shipment.arrives_on
    if leaves == shipment.planned_on and shipment.arrives_on is not None:
        return shipment.arrives_on
    return dates.arrives_on(leaves, dates.way_of(shipment.ship_to, shipment.customer_id))


def arrival(order: Order, shipments: list[Shipment]) -> Arrival:
    """When the next goods of an order arrive; None for one that will never."""
    coming = [one for one in shipments if one.state is not ShipmentState.DELIVERED]
    if coming:
        late = any(one.dispatched_on is None and one.planned_on < clock.today() for one in coming)
        day = min(arrives(one) for one in coming)
        return Arrival(day, is_firm=True, later=len(coming) - 1, is_late=late)
    if shipments and not (order.is_open and order.goods_state is not GoodsState.SHIPPED):
        return Arrival(max(arrives(one) for one in shipments), is_firm=True)
    if not order.is_open:
        return Arrival(None, is_firm=False)
    way = dates.way_of(order.ship_to, order.customer_id, order.ship_to_id)
    leaves = max(order.planned_on, soonest())
    day = dates.arrives_on(leaves, way, wished_on=order.wished_on)
    is_late = order.state is OrderState.CONFIRMED and order.planned_on < clock.today()
    return Arrival(day, is_firm=False, is_late=is_late)
