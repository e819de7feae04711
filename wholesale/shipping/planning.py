"""Planning shipments: one per order and warehouse, of what is allocated and not yet on one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import BindParameter, Table, bindparam, func, insert, select

from wholesale.customers.models import Customer
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.numbering import next_number
from wholesale.kernel.text import N_
from wholesale.offers import dates
from wholesale.orders import prepaying, progress
from wholesale.orders.models import Order, OrderLine, OrderState
from wholesale.shipping.models import Shipment, ShipmentLine, ShipmentState
from wholesale.stock.models import Allocation, Location


class NothingToShip(Conflict):
    """Nothing of this order is allocated and not yet on a shipment."""

    message = N_("Nothing of this order can be shipped now: no goods are allocated to it.")


class NotConfirmed(Conflict):
    """Only confirmed orders that nobody holds are shipped."""

    message = N_("Confirm this order, or release it, before you ship it.")


class WaitsForTheRest(Conflict):
    """The buyer wants it in one delivery, and not all of it is there."""

    message = N_(
        "The buyer wants this sent together, and not all of it is there. Choose pieces to send some."
    )


@dataclass(frozen=True, slots=True)
class Ready:
    """Pieces of an order line that lie promised at one place and are on no shipment yet."""

    line: OrderLine
    location_id: int
    lot: int
    quantity: int


def plan_shipments(order: Order, by: Actor) -> list[Shipment]:
    """Make one shipment per warehouse and wished day for all that is ready, but for lines that wait
    for one another.

    Raises NotConfirmed, NothingToShip, PrepaymentMissing, WaitsForTheRest.
    """
    ready = ready_of(order)
    going = without_waiting(order, ready)
    if ready and not going:
        raise WaitsForTheRest
    return _plan(order, going, by)


def without_waiting(order: Order, ready: list[Ready]) -> list[Ready]:
    """What may leave: of lines that go together all or none, by their wished day."""
    pieces: dict[int, int] = {}
    for one in ready:
        pieces[one.line.id] = pieces.get(one.line.id, 0) + one.quantity
    waits = {
        line.wished_on
        for line in order.lines
        if line.together and pieces.get(line.id, 0) < line.open - line.planned
    }
    return [one for one in ready if not (one.line.together and one.line.wished_on in waits)]


def plan_part(order: Order, quantities: Mapping[int, int], by: Actor) -> list[Shipment]:
    """The same for chosen pieces {order line: pieces}; never more than is ready."""
    chosen, left = [], dict(quantities)
    for ready in ready_of(order):
        pieces = min(ready.quantity, left.get(ready.line.id, 0))
        if pieces > 0:
            left[ready.line.id] -= pieces
            chosen.append(Ready(ready.line, ready.location_id, ready.lot, pieces))
    return _plan(order, chosen, by)


def ready_of(order: Order) -> list[Ready]:
    """What is allocated to an order and not yet on a shipment, by warehouse and line."""
    lines = {line.demand_id: line for line in order.lines if line.demand_id is not None}
    busy = _on_open_shipments(order.id)
    found = []
    promised = session.execute(_PROMISED, {"demands": list(lines)})
    for demand_id, place, lot, pieces in promised:
        line = lines[demand_id]
        rest = pieces - busy.get((line.id, place, lot), 0)
        if rest > 0:
            found.append(Ready(line, place, lot, rest))
    return found


def _on_open_shipments(order_id: int) -> dict[tuple[int, int, int], int]:
    rows = session.execute(_BUSY, {"order": order_id})
    return {(line, place, lot): int(pieces) for line, place, lot, pieces in rows}


OPEN = (ShipmentState.PLANNED, ShipmentState.PICKING, ShipmentState.PACKED)

_part = cast("Table", ShipmentLine.__table__)
_shipments, _order_lines = cast("Table", Shipment.__table__), cast("Table", OrderLine.__table__)
_allocation = cast("Table", Allocation.__table__).c
_demands: BindParameter[int] = bindparam("demands", expanding=True)
_PROMISED = (
    select(_allocation.demand_id, _allocation.location_id, _allocation.lot, _allocation.quantity)
    .where(_allocation.demand_id.in_(_demands), _allocation.quantity > 0)
    .order_by(_allocation.location_id, _allocation.demand_id, _allocation.lot)
)
_key = (_part.c.order_line_id, _shipments.c.location_id, _part.c.lot)
_BUSY = (
    select(*_key, func.sum(_part.c.quantity))
    .join(_shipments, _shipments.c.id == _part.c.shipment_id)
    .join(_order_lines, _order_lines.c.id == _part.c.order_line_id)
    .where(_order_lines.c.order_id == bindparam("order"), _shipments.c.state.in_(OPEN))
    .group_by(*_key)
)
_INSERT_LINES = insert(_part)


def _plan(order: Order, ready: list[Ready], by: Actor) -> list[Shipment]:
    prepaying.must_be_paid([order])
    if order.state is not OrderState.CONFIRMED or order.on_hold:
        raise NotConfirmed
    if not ready:
        raise NothingToShip
    trips: dict[tuple[int, date | None], list[Ready]] = {}
    for one in ready:
        trips.setdefault((one.location_id, one.line.wished_on), []).append(one)
    planned: dict[int, int] = {}
    for one in ready:
        planned[one.line.id] = planned.get(one.line.id, 0) + one.quantity
    progress.note_planned(planned)
    in_turn = sorted(trips.items(), key=lambda one: (one[0][0], one[0][1] or date.min))
    return [_shipment(order, place, day, parts, by) for (place, day), parts in in_turn]


def _shipment(
    order: Order, place: int, day: date | None, parts: list[Ready], by: Actor
) -> Shipment:
    way = dates.way_of(
        order.ship_to, order.customer_id, order.ship_to_id, warehouse=_code_of(place)
    )
    not_before = order.planned_on
    if day != order.wished_on:
        not_before = min(part.line.planned_on for part in parts)
    trip = dates.journey(way, clock.now(), not_before=not_before, wished_on=day)
    shipment = Shipment(
        number=next_number("SH", clock.today()),
        customer_id=order.customer_id,
        bill_to_id=order.bill_to_id,
        location_id=place,
        ship_to=order.ship_to,
        planned_on=trip.ships_on,
        arrives_on=trip.arrives_on,
    )
    session.add(shipment)
    session.flush()  # its lines, counters and the journal name it
    session.execute(
        _INSERT_LINES,
        [
            {
                "shipment_id": shipment.id, "position": position, "order_line_id": part.line.id,
                "sku_id": part.line.sku_id, "lot": part.lot, "quantity": part.quantity,
                "picked": 0, "invoiced": 0,
            }
            for position, part in enumerate(sorted(parts, key=lambda p: p.line.position), 1)
        ],
    )  # fmt: skip
    session.expire(shipment, ["lines", "cartons"])
    journal.record(shipment, "shipment:planned", by, order=order.number, lines=len(parts))
    journal.record(order, "order:planned", by, shipment=shipment.number)
    return shipment


def _code_of(place: int) -> str:
    return session.scalars(select(Location.code).where(Location.id == place)).one()


def place_of(shipment: Shipment) -> Location:
    """The warehouse a shipment leaves from."""
    return session.scalars(select(Location).where(Location.id == shipment.location_id)).one()


def customer_of(shipment: Shipment) -> Customer:
    """The customer that receives."""
    return session.scalars(select(Customer).where(Customer.id == shipment.customer_id)).one()
