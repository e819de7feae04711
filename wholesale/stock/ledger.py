"""The only door to the stock: each change is a guarded UPDATE of a balance beside a row of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.text import N_
from wholesale.stock.models import NO_LOT, Balance, Location, Move, MoveKind
from wholesale.stock.setting_up import location_id

table = cast("Table", Balance.__table__)


class NotThere(Conflict):
    """A warehouse holds less than what should leave it, or it is promised to somebody."""

    message = N_("There are not enough free pieces at this place. Count again, or release some.")


@dataclass(frozen=True, slots=True)
class Movement:
    """Pieces of a SKU that go from one location to another. `allocated` takes promised pieces."""

    sku_id: int
    quantity: int
    from_id: int
    to_id: int
    source_id: int
    lot: int = NO_LOT
    allocated: bool = False


@dataclass(frozen=True, slots=True)
class Why:
    """What a set of movements is for: its kind and the kind of document line behind it."""

    kind: MoveKind
    source_kind: str
    reason: str = ""


def post(movements: Sequence[Movement], why: Why, by: Actor) -> None:
    """Move pieces: all or none. Raises NotThere when a warehouse would go below what it promised."""
    if not movements:
        return
    own = _own_locations()
    ordered = sorted(movements, key=lambda m: (m.sku_id, m.from_id, m.lot))
    _take_away([m for m in ordered if m.from_id in own])
    _add_up(
        [(m.sku_id, m.from_id, m.lot, -m.quantity) for m in ordered if m.from_id not in own], own
    )
    _add_up([(m.sku_id, m.to_id, m.lot, m.quantity) for m in ordered], own)
    now = clock.now()
    session.execute(_MOVE, [_row(m, why, by, now) for m in ordered])


def opening(sku_id: int, place: str, quantity: int, by: Actor, *, lot: int = NO_LOT) -> None:
    """Stock that was there before us."""
    move = Movement(sku_id, quantity, location_id("OPENING"), location_id(place), sku_id, lot)
    post([move], Why(MoveKind.OPENING, "sku"), by)


def receive(
    sku_id: int,
    place_id: int,
    quantity: int,
    by: Actor,
    *,
    source: tuple[str, int],
    lot: int = NO_LOT,
) -> None:
    """Goods that came in from a supplier or our own production."""
    move = Movement(sku_id, quantity, location_id("SUPPLIER"), place_id, source[1], lot)
    post([move], Why(MoveKind.RECEIPT, source[0]), by)


def adjust(
    sku_id: int, place_id: int, counted: int, by: Actor, *, reason: str, lot: int = NO_LOT
) -> int:
    """Set a level to what was counted; returns the difference moved (0: nothing to do).

    Raises NotThere when fewer pieces were counted than are promised.
    """
    on_hand = level(sku_id, place_id, lot)
    difference = counted - on_hand
    if difference:
        loss = location_id("LOSS")
        here, there = (loss, place_id) if difference > 0 else (place_id, loss)
        move = Movement(sku_id, abs(difference), here, there, sku_id, lot)
        post([move], Why(MoveKind.ADJUSTMENT, "count", reason), by)
    return difference


def level(sku_id: int, place_id: int, lot: int = NO_LOT) -> int:
    """How many pieces lie there, locked for this unit of work."""
    found = session.scalar(
        select(Balance.on_hand)
        .where(Balance.sku_id == sku_id, Balance.location_id == place_id, Balance.lot == lot)
        .with_for_update()
    )
    return found or 0


def know_levels(keys: Sequence[tuple[int, int, int]]) -> None:
    """Make levels (SKU, location, lot) known that nothing has moved at yet: they begin at zero."""
    _add_up([(*key, 0) for key in keys], _own_locations())


def set_levels(counted: Sequence[tuple[int, int, int, int]], by: Actor, *, kind: MoveKind) -> int:
    """Bring many levels (SKU, location, lot, pieces) to what a sheet says, by moves of the difference.

    A second run with the same sheet changes nothing. Returns how many levels changed. Raises
    NotThere when a level would fall below what is promised.
    """
    wanted = {(sku, place, lot): pieces for sku, place, lot, pieces in counted}
    known = {
        (sku, place, lot): on_hand
        for sku, place, lot, on_hand in session.execute(
            select(Balance.sku_id, Balance.location_id, Balance.lot, Balance.on_hand).where(
                Balance.sku_id.in_({key[0] for key in wanted})
            )
        )
    }
    other = location_id("OPENING" if kind is MoveKind.OPENING else "LOSS")
    movements = []
    for (sku, place, lot), pieces in wanted.items():
        difference = pieces - known.get((sku, place, lot), 0)
        if difference:
            here, there = (other, place) if difference > 0 else (place, other)
            movements.append(Movement(sku, abs(difference), here, there, sku, lot))
    post(movements, Why(kind, "sheet"), by)
    return len(movements)


def _own_locations() -> frozenset[int]:
    known = session.info.get("own_locations")
    if known is None:
        known = frozenset(session.scalars(select(Location.id).where(Location.is_own)))
        session.info["own_locations"] = known
    return known


def _take_away(movements: Sequence[Movement]) -> None:
    """Pieces leave our own places: the condition in the UPDATE is the guard."""
    for promised in (False, True):
        rows = [
            {"s": m.sku_id, "l": m.from_id, "t": m.lot, "n": m.quantity}
            for m in movements
            if m.allocated is promised
        ]
        if rows and rows_changed(_LEAVE[promised], rows) != len(rows):
            raise NotThere


_n = bindparam("n", type_=table.c.on_hand.type)
_HERE = (
    (table.c.sku_id == bindparam("s"))
    & (table.c.location_id == bindparam("l"))
    & (table.c.lot == bindparam("t"))
)
_LEAVE = {
    False: update(table)
    .where(_HERE, table.c.on_hand - table.c.allocated >= _n)
    .values(on_hand=table.c.on_hand - _n),
    True: update(table)
    .where(_HERE, table.c.allocated >= _n)
    .values(on_hand=table.c.on_hand - _n, allocated=table.c.allocated - _n),
}


def _add_up(changes: Sequence[tuple[int, int, int, int]], own: frozenset[int]) -> None:
    """Pieces arrive (or leave a virtual place, which may go below zero)."""
    sums: dict[tuple[int, int, int], int] = {}
    for sku, place, lot, pieces in changes:
        sums[sku, place, lot] = sums.get((sku, place, lot), 0) + pieces
    if not sums:
        return
    session.execute(
        _ARRIVE[session.get_bind().dialect.name],
        [
            {
                "sku_id": sku, "location_id": place, "lot": lot, "on_hand": pieces,
                "allocated": 0, "set_aside": 0, "safety": 0, "is_guarded": place in own,
            }
            for (sku, place, lot), pieces in sorted(sums.items())
        ],
    )  # fmt: skip


def _adding(new: Any) -> Any:
    """An INSERT that adds to the balance that is there already."""
    return new.on_conflict_do_update(
        index_elements=["sku_id", "location_id", "lot"],
        set_={"on_hand": table.c.on_hand + new.excluded.on_hand},
    )


_ARRIVE = {
    "sqlite": _adding(sqlite.insert(table)),
    "postgresql": _adding(postgresql.insert(table)),
}
_MOVE = insert(cast("Table", Move.__table__))


def _row(movement: Movement, why: Why, by: Actor, now: Any) -> dict[str, Any]:
    return {
        "sku_id": movement.sku_id,
        "lot": movement.lot,
        "quantity": movement.quantity,
        "from_location_id": movement.from_id,
        "to_location_id": movement.to_id,
        "kind": why.kind,
        "moved_at": now,
        "source_kind": why.source_kind,
        "source_id": movement.source_id,
        "reason": why.reason,
        "actor_kind": by.kind,
        "actor_id": by.id,
        "actor_name": by.name,
    }
