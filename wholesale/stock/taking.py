"""The guarded UPDATEs behind allocation: nothing here decides, everything here may refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, case, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.text import N_
from wholesale.stock.models import Allocation, Allotment, Balance, Demand, PromiseRow

balance = cast("Table", Balance.__table__)
allocation = cast("Table", Allocation.__table__)
demand = cast("Table", Demand.__table__)
allotment = cast("Table", Allotment.__table__)


class PromiseGone(Conflict):
    """Somebody else took or released these pieces in the same moment."""

    message = N_("These pieces have just been taken or released. Load the page again and look.")


@dataclass(frozen=True, slots=True)
class Promise:
    """So many pieces at one place for one demand, `own` of them from an allotment."""

    demand_id: int
    sku_id: int
    location_id: int
    lot: int
    quantity: int
    own: int = 0
    allotment_id: int | None = None


_pieces = bindparam("n", type_=balance.c.on_hand.type)
_own = bindparam("k", type_=balance.c.on_hand.type)
_here = (
    (balance.c.sku_id == bindparam("s"))
    & (balance.c.location_id == bindparam("l"))
    & (balance.c.lot == bindparam("t"))
)
# The guard: what is free here for this customer must cover what is taken.
_enough = (
    balance.c.on_hand - balance.c.allocated - balance.c.set_aside + _own - balance.c.safety
    >= _pieces
)
TAKE = (
    update(balance)
    .where(_here, _enough)
    .values(allocated=balance.c.allocated + _pieces, set_aside=balance.c.set_aside - _own)
)
GIVE = (
    update(balance)
    .where(_here, balance.c.allocated >= _pieces)
    .values(allocated=balance.c.allocated - _pieces, set_aside=balance.c.set_aside + _own)
)
_that = (
    (allocation.c.demand_id == bindparam("d"))
    & (allocation.c.location_id == bindparam("l"))
    & (allocation.c.lot == bindparam("t"))
)


def lock(sku_ids: Sequence[int]) -> None:
    """Lock the promise rows of sorted SKUs until the unit ends (SQLite's writer is alone anyway)."""
    if session.get_bind().dialect.name == "sqlite":
        return
    rows = (
        select(PromiseRow.sku_id).where(PromiseRow.sku_id.in_(sku_ids)).order_by(PromiseRow.sku_id)
    )
    locked = set(session.scalars(rows.with_for_update()))
    missing = [{"sku_id": sku, "version": 0} for sku in sku_ids if sku not in locked]
    if missing:
        session.execute(postgresql.insert(PromiseRow).on_conflict_do_nothing(), missing)
        session.execute(rows.with_for_update())


def promise(promises: Sequence[Promise], *, fresh: bool = False) -> None:
    """Promise pieces to demands. Raises PromiseGone when a guard says no.

    `fresh` demands were written in this unit with these pieces counted already.
    """
    if not promises:
        return
    ordered = sorted(promises, key=lambda p: (p.sku_id, p.location_id, p.lot))
    _all(TAKE, [_place(p, n=p.quantity, k=p.own) for p in ordered])
    used = [{"a": p.allotment_id, "k": p.own} for p in ordered if p.own]
    _all(_ALLOTMENT_TAKES, used)
    if fresh:
        session.execute(insert(allocation), [_allocation_row(p) for p in ordered])
        return
    _upsert(ordered)
    _all(_DEMAND_TAKES, _per_demand([(p.demand_id, p.quantity) for p in ordered]))


def give_back(rows: Sequence[tuple[int, int, int, int, int]]) -> None:
    """(demand, SKU, location, lot, pieces): the promise falls; an allotment gets its part back."""
    if not rows:
        return
    ordered = sorted(rows, key=lambda row: row[1:4])
    parts = []
    for demand_id, sku, place, lot, pieces in ordered:
        own, owner = _own_part(demand_id, place, lot, pieces)
        parts.append(
            {"d": demand_id, "s": sku, "l": place, "t": lot, "n": pieces, "k": own, "a": owner}
        )
    _all(GIVE, [{key: part[key] for key in "sltnk"} for part in parts])
    _all(_ALLOCATION_GIVES, [{key: part[key] for key in "dltnk"} for part in parts])
    for part in parts:
        if part["k"]:
            session.execute(
                update(allotment)
                .where(allotment.c.id == part["a"])
                .values(used=allotment.c.used - part["k"])
            )
    _all(_DEMAND_GIVES, _per_demand([(row[0], row[4]) for row in ordered]))


def use_up(rows: Sequence[tuple[int, int, int, int, int]]) -> None:
    """(demand, SKU, location, lot, pieces): promised pieces leave; the demand is that much smaller."""
    _all(
        _ALLOCATION_SHIPS,
        [
            {"d": demand_id, "l": place, "t": lot, "n": pieces}
            for demand_id, _, place, lot, pieces in sorted(rows, key=lambda row: row[1:4])
        ],
    )
    _all(_DEMAND_SHIPS, _per_demand([(row[0], row[4]) for row in rows]))


_rest = allocation.c.quantity - bindparam("n")
_ALLOCATION_GIVES = (
    update(allocation)
    .where(_that, allocation.c.quantity >= bindparam("n"))
    .values(quantity=_rest, from_allotment=allocation.c.from_allotment - bindparam("k"))
)
_ALLOCATION_SHIPS = (
    update(allocation)
    .where(_that, allocation.c.quantity >= bindparam("n"))
    .values(
        quantity=_rest,
        from_allotment=case(
            (allocation.c.from_allotment > _rest, _rest), else_=allocation.c.from_allotment
        ),
    )
)
_ALLOTMENT_TAKES = (
    update(allotment)
    .where(
        allotment.c.id == bindparam("a"),
        allotment.c.used + bindparam("k") <= allotment.c.quantity,
    )
    .values(used=allotment.c.used + bindparam("k"))
)
_demand_n = bindparam("n", type_=demand.c.open.type)
_DEMAND_TAKES = (
    update(demand)
    .where(demand.c.id == bindparam("d"), demand.c.allocated + _demand_n <= demand.c.open)
    .values(allocated=demand.c.allocated + _demand_n)
)
_DEMAND_GIVES = (
    update(demand)
    .where(demand.c.id == bindparam("d"), demand.c.allocated >= _demand_n)
    .values(allocated=demand.c.allocated - _demand_n)
)
_DEMAND_SHIPS = (
    update(demand)
    .where(demand.c.id == bindparam("d"), demand.c.allocated >= _demand_n)
    .values(allocated=demand.c.allocated - _demand_n, open=demand.c.open - _demand_n)
)


def _all(statement: object, rows: list[dict[str, int | None]]) -> None:
    """Run one guarded UPDATE per row; every one must find its row."""
    if rows and rows_changed(statement, rows) != len(rows):  # type: ignore[arg-type]
        raise PromiseGone


def _upsert(promises: Sequence[Promise]) -> None:
    statement = _ALLOCATION_TAKES[session.get_bind().dialect.name]
    session.execute(statement, [_allocation_row(p) for p in promises])


def _allocation_row(p: Promise) -> dict[str, int]:
    return {
        "demand_id": p.demand_id, "sku_id": p.sku_id, "location_id": p.location_id,
        "lot": p.lot, "quantity": p.quantity, "from_allotment": p.own,
    }  # fmt: skip


def _adding(new: Any) -> Any:
    """An INSERT that adds to the allocation that is there already."""
    return new.on_conflict_do_update(
        index_elements=["demand_id", "location_id", "lot"],
        set_={
            "quantity": allocation.c.quantity + new.excluded.quantity,
            "from_allotment": allocation.c.from_allotment + new.excluded.from_allotment,
        },
    )


_ALLOCATION_TAKES = {
    "sqlite": _adding(sqlite.insert(allocation)),
    "postgresql": _adding(postgresql.insert(allocation)),
}


def _own_part(demand_id: int, place: int, lot: int, pieces: int) -> tuple[int, int | None]:
    """How many of the pieces given back belong to an allotment, and to which."""
    row = session.execute(
        select(allocation.c.from_allotment, allotment.c.id)
        .join(demand, demand.c.id == allocation.c.demand_id)
        .join(
            allotment,
            (allotment.c.sku_id == allocation.c.sku_id)
            & (allotment.c.location_id == allocation.c.location_id)
            & (
                (allotment.c.customer_id == demand.c.customer_id)
                | (allotment.c.group_id == demand.c.group_id)
            ),
        )
        .where(
            allocation.c.demand_id == demand_id,
            allocation.c.location_id == place,
            allocation.c.lot == lot,
            allocation.c.from_allotment > 0,
            allotment.c.used > 0,
        )
        .order_by(allotment.c.customer_id.is_(None), allotment.c.id)
        .limit(1)
    ).first()
    return (min(pieces, row[0]), row[1]) if row else (0, None)


def _place(p: Promise, **values: int) -> dict[str, int | None]:
    return {"s": p.sku_id, "l": p.location_id, "t": p.lot, **values}


def _per_demand(rows: Sequence[tuple[int, int]]) -> list[dict[str, int | None]]:
    sums: dict[int, int] = {}
    for demand_id, pieces in rows:
        sums[demand_id] = sums.get(demand_id, 0) + pieces
    return [{"d": demand_id, "n": pieces} for demand_id, pieces in sorted(sums.items())]
