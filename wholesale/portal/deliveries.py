"""The deliveries of orders: which shipments carry which lines, and when each arrives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from wholesale.kernel.db import session
from wholesale.offers import dates
from wholesale.orders.models import GoodsState, Order, OrderLine
from wholesale.shipping.models import Shipment, ShipmentLine, ShipmentState

GONE = {ShipmentState.CANCELLED, ShipmentState.REVERSED}


@dataclass(frozen=True, slots=True)
class Arrival:
    """When an order's next (or last) goods arrive. `is_firm` once they are on a shipment."""

    on: date | None
    is_firm: bool
    later: int = 0


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


def arrives(shipment: Shipment) -> date:
    """The day a shipment reaches its ship-to: said, or reckoned from the day it leaves."""
    if shipment.arrives_on is not None:
        return shipment.arrives_on
    place = shipment.ship_to
    return dates.arrives_on(
        shipment.dispatched_on or shipment.planned_on,
        place.get("region", ""),
        place.get("country", "JP"),
    )


def arrival(order: Order, shipments: list[Shipment]) -> Arrival:
    """When the next goods of an order arrive; None for one that will never."""
    coming = [one for one in shipments if one.state is not ShipmentState.DELIVERED]
    if coming:
        return Arrival(min(arrives(one) for one in coming), is_firm=True, later=len(coming) - 1)
    if shipments and not (order.is_open and order.goods_state is not GoodsState.SHIPPED):
        return Arrival(max(arrives(one) for one in shipments), is_firm=True)
    if not order.is_open:
        return Arrival(None, is_firm=False)
    place = order.ship_to
    day = dates.arrives_on(order.planned_on, place.get("region", ""), place.get("country", "JP"))
    return Arrival(day, is_firm=False)
