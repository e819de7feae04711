"""The lines of one order as its page shows them: where goods lie, what waits, which day can be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from wholesale.catalog.queries import pictures, sku_facts
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.offers import dates
from wholesale.orders.models import Order, OrderLine, OrderState
from wholesale.shipping import allocating_by_hand, planning
from wholesale.stock import choosing
from wholesale.stock.models import Expected, Location

# A month and a day alone are read as the next such day: further off, or past, the year is written.
NEAR = timedelta(days=300)


@dataclass(frozen=True, slots=True)
class Cell:
    """A line at one warehouse: pieces allocated there, free besides, and bound to a shipment."""

    name: str
    pieces: int
    free: int
    bound: int


@dataclass(frozen=True, slots=True)
class LineView:
    """One line with where its goods lie. `places` stand in the order of the page's warehouses.

    `suggested_on` is the day on which all that is open can arrive; None while nobody knows.
    """

    line: OrderLine
    picture: str
    places: tuple[Cell, ...]
    waiting: int
    next_on: date | None
    ready: int
    suggested_on: date | None

    @property
    def proposed(self) -> str:
        """What the field of the promised day holds: what was said, else what can be said."""
        day = self.line.promised_on or self.suggested_on
        if day is None:
            return ""
        is_near = timedelta(0) <= day - clock.today() < NEAR
        return f"{day.month}/{day.day}" if is_near else day.isoformat()


@dataclass(frozen=True, slots=True)
class Part:
    """What can arrive on one day: pieces, over how many lines, and whether they are there yet."""

    arrives_on: date | None
    pieces: int
    lines: int
    is_waiting: bool


def views(order: Order, places: Sequence[Location]) -> list[LineView]:
    """The goods lines of an order; a fixed number of statements."""
    mine = [line for line in order.lines if line.needs_goods and line.sku_id is not None]
    skus = [line.sku_id for line in mine if line.sku_id is not None]
    demands = [line.demand_id for line in mine if line.demand_id is not None]
    shown = pictures(sku_facts(skus).values()) if skus else {}
    lying = choosing.lying_of(demands)
    free = choosing.free_at(demands) if order.is_open else {}
    bound = allocating_by_hand.on_shipments(order) if order.is_open else {}
    coming = _coming(skus)
    ready: dict[int, int] = {}
    if order.state is OrderState.CONFIRMED:
        for one in planning.ready_of(order):
            ready[one.line.id] = ready.get(one.line.id, 0) + one.quantity
    made = []
    for line in mine:
        demand = line.demand_id or 0
        waiting = max(line.open - line.allocated, 0) if order.is_open else 0
        made.append(
            LineView(
                line=line,
                picture=shown.get(line.sku_id or 0, ""),
                places=tuple(
                    Cell(
                        f"at-{line.id}-{place.id}",
                        sum(lying.get((demand, place.id), {}).values()),
                        free.get((demand, place.id), 0),
                        bound.get((line.id, place.id), 0),
                    )
                    for place in places
                ),
                waiting=waiting,
                next_on=coming.get(line.sku_id or 0),
                ready=ready.get(line.id, 0),
                suggested_on=_suggested(order, line, waiting, coming.get(line.sku_id or 0)),
            )
        )
    return made


def parts(lines: Sequence[LineView], order: Order) -> list[Part]:
    """In how many parcels the open pieces can go, by day: what lies here, then what is awaited."""
    found: dict[tuple[bool, date | None], list[int]] = {}
    for view in lines:
        here = view.line.open - view.waiting - view.line.planned
        if here > 0:
            found.setdefault((False, _arrives(order, view.line.planned_on)), []).append(here)
        if view.waiting:
            found.setdefault((True, view.suggested_on), []).append(view.waiting)
    return [
        Part(on, sum(pieces), len(pieces), is_waiting)
        for (is_waiting, on), pieces in sorted(
            found.items(), key=lambda one: (one[0][1] or date.max, one[0][0])
        )
    ]


def answers(found: Sequence[Part]) -> list[tuple[date | None, int]]:
    """(day, pieces): the parts as one tells them to the customer."""
    days: dict[date | None, int] = {}
    for part in found:
        days[part.arrives_on] = days.get(part.arrives_on, 0) + part.pieces
    return list(days.items())


def _coming(skus: Sequence[int]) -> dict[int, date]:
    """The nearest inbound of each SKU. One statement."""
    return {  # noqa: C416 - rows are no pairs to the checker
        sku: on
        for sku, on in session.execute(
            select(Expected.sku_id, Expected.due_on)
            .where(Expected.sku_id.in_(skus), Expected.quantity > Expected.received)
            .order_by(Expected.due_on.desc())
        )
    }


def _suggested(order: Order, line: OrderLine, waiting: int, next_on: date | None) -> date | None:
    if not order.is_open or not line.open:
        return None
    if not waiting:
        return _arrives(order, line.planned_on)
    return _arrives(order, max(next_on, line.planned_on)) if next_on else None


def _arrives(order: Order, planned: date) -> date:
    """The day goods reach the ship-to that leave on the planned day, or now when that is past."""
    way = dates.way_of(order.ship_to, order.customer_id, order.ship_to_id)
    trip = dates.journey(way, clock.now(), not_before=planned, wished_on=order.wished_on)
    return trip.arrives_on
