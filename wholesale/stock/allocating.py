"""Promising stock to demand: taking it when an order is placed, and giving it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast

from sqlalchemy import Table, insert, select, update

from wholesale.catalog.models import OrderPolicy
from wholesale.company.queries import company
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.text import N_
from wholesale.stock import taking
from wholesale.stock.ledger import Movement, Why, post
from wholesale.stock.models import Allocation, Demand, MoveKind
from wholesale.stock.places import Places, Spot, read_places
from wholesale.stock.promising import Supply, supplies
from wholesale.stock.setting_up import location_id


@dataclass(frozen=True, slots=True)
class Want:
    """What a document line wants: pieces of a SKU for a customer, and until when."""

    sku_id: int
    quantity: int
    customer_id: int
    planned_on: date
    policy: OrderPolicy
    source_kind: str
    source_id: int
    group_id: int | None = None
    wanted_on: date | None = None
    priority: int = 5
    region: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """Pieces that were promised to a demand (or, negative, given back)."""

    demand_id: int
    source_kind: str
    source_id: int
    sku_id: int
    location_id: int
    lot: int
    quantity: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shortage:
    """A line that asks for more than can be promised."""

    sku_id: int
    source_id: int
    wanted: int
    left: int


class OutOfStock(Conflict):
    """Some lines ask for more than can be promised; nothing was taken for any of them."""

    message = N_("Some items are no longer available in this quantity. Look at the marked lines.")

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        super().__init__()
        self.shortages = tuple(shortages)


@dataclass(slots=True)
class _Plan:
    """What one taking will write."""

    spots: list[tuple[int, Spot, int, int, str]] = field(default_factory=list)
    shortages: list[Shortage] = field(default_factory=list)


def take(wants: Sequence[Want], by: Actor) -> tuple[list[int], list[Taken]]:
    """Write a demand per want and promise it stock by its policy; all of it or nothing.

    Returns the demands' ids in the order of the wants, and what was taken. `in_stock` takes
    everything or raises OutOfStock with what is left; `backorder` takes what is there; `preorder`
    needs inbound by its day; `made_to_order` takes nothing. A document line wants a SKU once.
    """
    if not wants:
        return [], []
    skus = sorted({want.sku_id for want in wants})
    lock_promises(skus)
    first = wants[0]
    places = read_places(skus, first.customer_id, first.group_id)
    supply = supplies(
        skus, customer_id=first.customer_id, group_id=first.group_id, on=clock.today()
    )
    plan = _plan(wants, places, supply, _window_end())
    if plan.shortages:
        raise OutOfStock(plan.shortages)
    ids = _write_demands(wants, plan)
    return ids, _write(plan, wants, ids, fresh=True)


def allocate_waiting(sku_ids: Iterable[int], by: Actor) -> list[Taken]:
    """Promise free stock to demands that wait, in the order planned day, priority, order date.

    Only demands whose planned day lies within the allocation window; can be run at any time.
    """
    skus = sorted(set(sku_ids))
    if not skus:
        return []
    lock_promises(skus)
    waiting = session.scalars(
        select(Demand)
        .where(
            Demand.sku_id.in_(skus),
            Demand.open > Demand.allocated,
            Demand.planned_on <= _window_end(),
            Demand.policy != OrderPolicy.MADE_TO_ORDER,
        )
        .order_by(Demand.planned_on, Demand.priority, Demand.asked_at, Demand.id)
    ).all()
    taken: list[Taken] = []
    for demand in waiting:
        places = read_places([demand.sku_id], demand.customer_id, demand.group_id)
        want = _want_of(demand)
        plan = _Plan()
        _spread(0, want, places, places.free(want.sku_id), plan)
        taken += _write(plan, [want], [demand.id])
    return taken


def release(demand_ids: Iterable[int], by: Actor, *, keep: int = 0) -> list[Taken]:
    """Give promised stock back until each demand keeps at most `keep` pieces; the last taken first."""
    given: list[Taken] = []
    rows = session.execute(
        select(Allocation, Demand)
        .join(Demand, Demand.id == Allocation.demand_id)
        .where(Allocation.demand_id.in_(list(demand_ids)), Allocation.quantity > 0)
        .order_by(Allocation.sku_id, Allocation.location_id, Allocation.lot)
    ).all()
    excess = {demand.id: demand.allocated - keep for _, demand in rows}
    for allocation, demand in sorted(rows, key=lambda row: -row[0].id):
        pieces = min(allocation.quantity, max(excess[demand.id], 0))
        if pieces:
            excess[demand.id] -= pieces
            given.append(_taken(demand, allocation, -pieces))
    taking.give_back([(t.demand_id, t.sku_id, t.location_id, t.lot, -t.quantity) for t in given])
    return given


def close(demand_id: int, pieces: int, by: Actor) -> list[Taken]:
    """Want `pieces` fewer; what was promised beyond the rest is given back."""
    demand = session.scalars(
        select(Demand).where(Demand.id == demand_id).execution_options(populate_existing=True)
    ).one()
    rest = demand.open - pieces
    given = release([demand_id], by, keep=rest) if demand.allocated > rest else []
    session.execute(
        update(Demand)
        .where(Demand.id == demand_id)
        .values(open=Demand.open - pieces)
        .execution_options(synchronize_session=False)
    )
    session.expire(demand)
    return given


@dataclass(frozen=True, slots=True)
class Leaving:
    """Promised pieces that go out with a shipment line."""

    demand_id: int
    sku_id: int
    location_id: int
    lot: int
    quantity: int
    source_id: int


def ship_allocated(leaving: Sequence[Leaving], source_kind: str, by: Actor) -> None:
    """Goods leave: allocation, demand and balance fall together, and the ledger says so.

    Raises NotThere or PromiseGone when what should leave is no longer promised.
    """
    customer = location_id("CUSTOMER")
    taking.use_up(
        [(it.demand_id, it.sku_id, it.location_id, it.lot, it.quantity) for it in leaving]
    )
    post(
        [
            Movement(
                it.sku_id,
                it.quantity,
                it.location_id,
                customer,
                it.source_id,
                it.lot,
                allocated=True,
            )
            for it in leaving
        ],
        Why(MoveKind.SHIPMENT, source_kind),
        by,
    )


def lock_promises(sku_ids: Sequence[int]) -> None:
    """Lock the promise rows of these SKUs, in order: whoever promises over time waits its turn."""
    taking.lock(sku_ids)


def _window_end() -> date:
    return clock.today() + timedelta(days=company().allocation_window_days)


def _plan(
    wants: Sequence[Want], places: Places, supply: dict[int, Supply], window_end: date
) -> _Plan:
    plan = _Plan()
    whole = places.serving_all(wants, window_end)
    for index, want in enumerate(wants):
        mine = supply[want.sku_id]
        left = max(0, mine.atp(want.planned_on))
        if want.policy in {OrderPolicy.IN_STOCK, OrderPolicy.PREORDER} and left < want.quantity:
            plan.shortages.append(Shortage(want.sku_id, want.source_id, want.quantity, left))
            continue
        if want.policy is OrderPolicy.MADE_TO_ORDER:
            continue
        got = 0
        if want.planned_on <= window_end:
            most = min(want.quantity, mine.takeable(want.planned_on))
            got = _spread(index, want, places, most, plan, first=whole)
        due = want.planned_on <= window_end
        if want.policy is OrderPolicy.IN_STOCK and due and got < want.quantity:
            plan.shortages.append(Shortage(want.sku_id, want.source_id, want.quantity, got))
        mine.now -= got
        mine.change(max(want.planned_on, clock.today()), got - want.quantity)
    return plan


def _spread(
    index: int, want: Want, places: Places, most: int, plan: _Plan, first: int | None = None
) -> int:
    """Choose the places that serve one want, up to `most` pieces; returns how many were found."""
    got = 0
    for spot, reason in places.ranked(want, first):
        pieces = min(spot.free, min(most, want.quantity) - got)
        if pieces <= 0:
            continue
        own = min(pieces, spot.own)
        spot.use(pieces, own)
        plan.spots.append((index, spot, pieces, own, reason))
        got += pieces
    return got


def _write_demands(wants: Sequence[Want], plan: _Plan) -> list[int]:
    """Each demand with all it is about to take; what the balances refuse undoes the whole."""
    now = clock.now()
    got = [0] * len(wants)
    for index, _, pieces, _, _ in plan.spots:
        got[index] += pieces
    rows = [
        {
            "sku_id": want.sku_id, "customer_id": want.customer_id, "group_id": want.group_id,
            "quantity": want.quantity, "open": want.quantity, "allocated": pieces,
            "planned_on": want.planned_on, "wanted_on": want.wanted_on,
            "priority": want.priority, "policy": want.policy, "region": want.region,
            "source_kind": want.source_kind, "source_id": want.source_id, "asked_at": now,
        }
        for want, pieces in zip(wants, got, strict=True)
    ]  # fmt: skip
    made = {(source, sku): demand for demand, source, sku in session.execute(_INSERT_DEMANDS, rows)}
    return [made[want.source_id, want.sku_id] for want in wants]


_demands = cast("Table", Demand.__table__)
_INSERT_DEMANDS = insert(_demands).returning(_demands.c.id, _demands.c.source_id, _demands.c.sku_id)


def _write(
    plan: _Plan, wants: Sequence[Want], ids: Sequence[int], *, fresh: bool = False
) -> list[Taken]:
    taking.promise(
        [
            taking.Promise(ids[index], wants[index].sku_id, spot.location_id, spot.lot, n, own,
                           spot.allotment_id)
            for index, spot, n, own, _ in plan.spots
        ],
        fresh=fresh,
    )  # fmt: skip
    return [
        Taken(ids[index], wants[index].source_kind, wants[index].source_id, wants[index].sku_id,
              spot.location_id, spot.lot, n, reason)
        for index, spot, n, _, reason in plan.spots
    ]  # fmt: skip


def _want_of(demand: Demand) -> Want:
    return Want(
        sku_id=demand.sku_id,
        quantity=demand.open - demand.allocated,
        customer_id=demand.customer_id,
        planned_on=demand.planned_on,
        policy=demand.policy,
        source_kind=demand.source_kind,
        source_id=demand.source_id,
        group_id=demand.group_id,
        region=demand.region,
    )


def _taken(demand: Demand, allocation: Allocation, pieces: int) -> Taken:
    return Taken(demand.id, demand.source_kind, demand.source_id, demand.sku_id,
                 allocation.location_id, allocation.lot, pieces)  # fmt: skip
