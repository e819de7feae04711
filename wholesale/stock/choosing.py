"""Choosing by hand at which places a demand's pieces lie, within what is free there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.text import N_
from wholesale.stock import taking
from wholesale.stock.allocating import Taken, Want, lock_promises
from wholesale.stock.models import Allocation, Demand
from wholesale.stock.places import Places, Spot, read_places

Key = tuple[int, int]


class NotFreeHere(Conflict):
    """A place has fewer free pieces than were chosen there."""

    message = N_("Only %(left)s pieces can be taken there, not %(wanted)s.")

    def __init__(self, demand_id: int, location_id: int, *, wanted: int, left: int) -> None:
        super().__init__(wanted=wanted, left=left)
        self.demand_id, self.location_id = demand_id, location_id
        self.wanted, self.left = wanted, left


@dataclass(frozen=True, slots=True)
class Choice:
    """So many pieces of a demand shall lie at one place; its other places stay as they are."""

    demand_id: int
    location_id: int
    pieces: int


def choose(choices: Sequence[Choice], by: Actor) -> list[Taken]:
    """Bring the promises of one customer's demands to what was chosen: all of it or nothing.

    Pieces are given back first, so that they can be taken again by another line or at another
    place. Returns what was given (negative) and taken. Raises NotFreeHere, and PromiseGone when
    more was chosen than a demand has open.
    """
    demands = _demands({choice.demand_id for choice in choices})
    if not demands:
        return []
    lock_promises(sorted({demand.sku_id for demand in demands.values()}))
    lying = lying_of(demands)
    given = [
        one
        for choice in choices
        if (rest := _has(lying, choice) - choice.pieces) > 0
        for one in _give(demands[choice.demand_id], choice.location_id, lying, rest)
    ]
    taking.give_back([(t.demand_id, t.sku_id, t.location_id, t.lot, -t.quantity) for t in given])
    return given + _take(choices, demands, lying)


def free_at(demand_ids: Iterable[int]) -> dict[Key, int]:
    """{(demand, place): pieces} that each of one customer's demands could take besides its own."""
    demands = _demands(set(demand_ids))
    if not demands:
        return {}
    places = _places(demands)
    found: dict[Key, int] = {}
    for demand in demands.values():
        for spot in _spots(places, demand):
            key = (demand.id, spot.location_id)
            found[key] = found.get(key, 0) + spot.free
    return found


def lying_of(demand_ids: Iterable[int]) -> dict[Key, dict[int, int]]:
    """{(demand, place): {lot: pieces}} that are promised now. One statement."""
    found: dict[Key, dict[int, int]] = {}
    for demand, place, lot, pieces in session.execute(
        select(
            Allocation.demand_id, Allocation.location_id, Allocation.lot, Allocation.quantity
        ).where(Allocation.demand_id.in_(list(demand_ids)), Allocation.quantity > 0)
    ):
        found.setdefault((demand, place), {})[lot] = pieces
    return found


def _demands(ids: set[int]) -> dict[int, Demand]:
    rows = session.scalars(
        select(Demand)
        .where(Demand.id.in_(ids))
        .order_by(Demand.sku_id, Demand.id)
        .execution_options(populate_existing=True)
    )
    return {demand.id: demand for demand in rows}


def _has(lying: dict[Key, dict[int, int]], choice: Choice) -> int:
    return sum(lying.get((choice.demand_id, choice.location_id), {}).values())


def _give(demand: Demand, place: int, lying: dict[Key, dict[int, int]], pieces: int) -> list[Taken]:
    """Which lots give the pieces back: the one to be used last gives first."""
    given = []
    for lot, there in sorted(lying[demand.id, place].items(), reverse=True):
        part = min(there, pieces)
        if part:
            given.append(_taken(demand, place, lot, -part))
            pieces -= part
    return given


def _take(
    choices: Sequence[Choice], demands: dict[int, Demand], lying: dict[Key, dict[int, int]]
) -> list[Taken]:
    places = _places(demands)
    promises, taken = [], []
    for choice in choices:
        wanted = choice.pieces - _has(lying, choice)
        if wanted <= 0:
            continue
        demand, got = demands[choice.demand_id], 0
        for spot in _spots(places, demand):
            part = min(spot.free, wanted - got) if spot.location_id == choice.location_id else 0
            if part > 0:
                own = min(part, spot.own)
                spot.use(part, own)
                promises.append(
                    taking.Promise(demand.id, demand.sku_id, spot.location_id, spot.lot, part, own,
                                   spot.allotment_id)
                )  # fmt: skip
                taken.append(_taken(demand, spot.location_id, spot.lot, part))
                got += part
        if got < wanted:
            has = _has(lying, choice)
            raise NotFreeHere(demand.id, choice.location_id, wanted=choice.pieces, left=has + got)
    taking.promise(promises)
    return taken


def _places(demands: dict[int, Demand]) -> Places:
    first = next(iter(demands.values()))
    skus = sorted({demand.sku_id for demand in demands.values()})
    return read_places(skus, first.customer_id, first.group_id)


def _spots(places: Places, demand: Demand) -> list[Spot]:
    want = Want(
        sku_id=demand.sku_id, quantity=demand.open, customer_id=demand.customer_id,
        planned_on=demand.planned_on, policy=demand.policy, source_kind=demand.source_kind,
        source_id=demand.source_id, group_id=demand.group_id, region=demand.region,
    )  # fmt: skip
    return [spot for spot, _ in places.ranked(want, None)]


def _taken(demand: Demand, place: int, lot: int, pieces: int) -> Taken:
    return Taken(
        demand.id,
        demand.source_kind,
        demand.source_id,
        demand.sku_id,
        place,
        lot,
        pieces,
        "by_hand",
    )
