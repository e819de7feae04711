"""Choosing by hand which warehouse serves which line of an order, before its shipments are planned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select

from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import savepoint, session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_
from wholesale.orders import progress
from wholesale.orders.models import Order, OrderLine
from wholesale.shipping.models import Shipment, ShipmentLine
from wholesale.shipping.planning import OPEN
from wholesale.stock import choosing
from wholesale.stock.choosing import Choice, NotFreeHere
from wholesale.stock.models import Location

Chosen = Mapping[tuple[int, int], int]


class NotAllocatable(Conflict):
    """The order is held or at its end: its goods stay where they are."""

    message = N_("Goods of this order can't be allocated now: it is on hold or no longer open.")


class MoreThanOpen(DomainError):
    """More pieces were chosen than the line has open."""

    message = N_("%(code)s: %(wanted)s pieces are chosen, but only %(open)s are still open.")


class OnShipment(Conflict):
    """Pieces that stand on a shipment can't be moved to another place."""

    message = N_(
        "%(code)s: %(pieces)s pieces at %(place)s are on a shipment. Cancel the shipment first."
    )


class PlaceLacksPieces(Conflict):
    """A warehouse has fewer free pieces than were chosen there."""

    message = N_("%(code)s: only %(left)s pieces can be taken at %(place)s, not %(wanted)s.")


class NoPlaceHasAll(Conflict):
    """No single warehouse can serve the whole order."""

    message = N_("No warehouse has all the open pieces of this order. Choose line by line.")


def allocate(order: Order, chosen: Chosen, by: Actor) -> None:
    """Let {(order line, location): pieces} be what is allocated; other places stay as they are.

    All of it or nothing. Raises NotAllocatable, MoreThanOpen, OnShipment, PlaceLacksPieces.
    """
    if not order.is_open or order.on_hold:
        raise NotAllocatable
    lines = {line.id: line for line in order.lines if line.demand_id is not None}
    names = _names()
    lying = _lying(lines.values())
    changed = {
        key: pieces
        for key, pieces in chosen.items()
        if key[0] in lines and key[1] in names and pieces != lying.get(key, 0)
    }
    _check(lines, {**lying, **changed}, changed, on_shipments(order), names)
    choices = [
        Choice(_demand(lines[line]), place, pieces)
        for (line, place), pieces in sorted(changed.items())
    ]
    try:
        with savepoint():  # what was given back comes again when the taking is refused
            taken = choosing.choose(choices, by)
    except NotFreeHere as error:
        line = next(one for one in lines.values() if one.demand_id == error.demand_id)
        raise PlaceLacksPieces(
            code=line.code, left=error.left, wanted=error.wanted, place=names[error.location_id]
        ) from error
    progress.note_taken(taken, order_ids={order.id})
    if changed:
        journal.record(order, "order:allocated", by, lines=_told(lines, lying, changed))


def gather(order: Order, by: Actor) -> None:
    """Allocate all open pieces at the one warehouse that has them. Raises NoPlaceHasAll."""
    lines = [line for line in order.lines if line.demand_id is not None and line.open]
    lying = _lying(lines)
    free = choosing.free_at(_demand(line) for line in lines)
    for place in _names():
        if lines and all(
            lying.get((line.id, place), 0) + free.get((_demand(line), place), 0) >= line.open
            for line in lines
        ):
            elsewhere = {key: 0 for key in lying if key[1] != place}
            allocate(order, {**elsewhere, **{(line.id, place): line.open for line in lines}}, by)
            return
    raise NoPlaceHasAll


def on_shipments(order: Order) -> dict[tuple[int, int], int]:
    """{(order line, location): pieces} of this order on shipments that have not left. One statement."""
    rows = session.execute(
        select(ShipmentLine.order_line_id, Shipment.location_id, func.sum(ShipmentLine.quantity))
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .join(OrderLine, OrderLine.id == ShipmentLine.order_line_id)
        .where(OrderLine.order_id == order.id, Shipment.state.in_(OPEN))
        .group_by(ShipmentLine.order_line_id, Shipment.location_id)
    )
    return {(line, place): int(pieces) for line, place, pieces in rows}


def _names() -> dict[int, Mapping[str, str]]:
    """The names of the places that serve orders, the first to serve first."""
    rows = session.execute(
        select(Location.id, Location.name)
        .where(Location.is_own, Location.is_sellable)
        .order_by(Location.priority, Location.id)
    )
    return dict(rows.all())


def _lying(lines: Iterable[OrderLine]) -> dict[tuple[int, int], int]:
    of_demand = {_demand(line): line.id for line in lines}
    return {
        (of_demand[demand], place): sum(lots.values())
        for (demand, place), lots in choosing.lying_of(of_demand).items()
    }


def _check(
    lines: Mapping[int, OrderLine],
    after: Chosen,
    changed: Chosen,
    bound: Chosen,
    names: Mapping[int, Mapping[str, str]],
) -> None:
    for line in lines.values():
        wanted = sum(pieces for (one, _), pieces in after.items() if one == line.id)
        if wanted > line.open and any(one == line.id for one, _ in changed):
            raise MoreThanOpen(code=line.code, wanted=wanted, open=line.open)
    for key, pieces in changed.items():
        if pieces < bound.get(key, 0):
            raise OnShipment(code=lines[key[0]].code, pieces=bound[key], place=names[key[1]])


def _told(lines: Mapping[int, OrderLine], before: Chosen, changed: Chosen) -> list[str]:
    """What moved, for the history: TK-1101 W1 12 → 8."""
    codes = dict(session.execute(select(Location.id, Location.code)).all())
    return [
        f"{lines[line].code} {codes[place]} {before.get((line, place), 0)} → {pieces}"
        for (line, place), pieces in sorted(changed.items())
    ]


def _demand(line: OrderLine) -> int:
    assert line.demand_id is not None  # noqa: S101 - asked for before
    return line.demand_id
