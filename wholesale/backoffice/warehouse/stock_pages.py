"""What the pages of stock show: levels per place for a page of SKUs, and one SKU's ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, func, or_, select

from wholesale.backoffice import charts, marks
from wholesale.backoffice.queues import CONFIRMED, SHORT_LINE
from wholesale.catalog import searching
from wholesale.catalog.models import Sku
from wholesale.catalog.queries import SkuFacts, pictures, sku_facts
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.db import Names, session
from wholesale.orders.models import Order, OrderLine
from wholesale.stock.models import (
    Balance,
    Demand,
    Expected,
    Location,
    LocationKind,
    Lot,
    Move,
    Shelf,
)
from wholesale.web.filters import day

SIZE = 50
CHART_DAYS = 30


@dataclass(frozen=True, slots=True)
class Level:
    """What lies at one place: on hand, and how much of it is promised."""

    on_hand: int = 0
    allocated: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One SKU of the list. `free` = on hand − promised − set aside − safety at sellable places."""

    facts: SkuFacts
    picture: str
    places: tuple[Level, ...]
    on_hand: int
    allocated: int
    free: int
    coming: int
    next_on: date | None


def warehouses() -> Sequence[Location]:
    """Our own warehouses, in their order."""
    return session.scalars(
        select(Location)
        .where(Location.kind == LocationKind.WAREHOUSE)
        .order_by(Location.priority, Location.id)
    ).all()


def sku_ids(view: str, text: str, after: str) -> list[int]:
    """The SKUs of one page by code, one more than fits. One statement."""
    found = select(Sku.id)
    if after:
        found = found.where(Sku.code > after)
    if text:
        matching = searching.matches(text)
        found = found.where(
            Sku.id.in_(matching) if matching is not None else Sku.code == text.upper()
        )
    if view == "short":
        short = select(OrderLine.sku_id).join(Order, Order.id == OrderLine.order_id)
        found = found.where(Sku.id.in_(short.where(CONFIRMED, SHORT_LINE)))
    elif view == "coming":
        found = found.where(
            Sku.id.in_(select(Expected.sku_id).where(Expected.quantity > Expected.received))
        )
    elif view == "held":
        found = found.where(
            Sku.id.in_(select(Balance.sku_id).where(Balance.is_guarded, Balance.on_hand > 0))
        )
    return list(session.scalars(found.order_by(Sku.code).limit(SIZE + 1)))


def rows(ids: Sequence[int], places: Sequence[Location]) -> list[Row]:
    """The levels of these SKUs. Four statements, whatever their number."""
    facts = sku_facts(ids)
    shown = pictures(facts.values())
    at: dict[tuple[int, int], Level] = {}
    free: dict[int, int] = {}
    sellable = {place.id for place in places if place.is_sellable}
    for sku, place, on_hand, allocated, kept in session.execute(
        select(
            Balance.sku_id, Balance.location_id, func.sum(Balance.on_hand),
            func.sum(Balance.allocated), func.sum(Balance.set_aside + Balance.safety),
        )
        .where(Balance.sku_id.in_(ids), Balance.is_guarded)
        .group_by(Balance.sku_id, Balance.location_id)
    ):  # fmt: skip
        at[sku, place] = Level(int(on_hand), int(allocated))
        if place in sellable:
            free[sku] = free.get(sku, 0) + int(on_hand) - int(allocated) - int(kept)
    coming = {
        sku: (int(pieces), on)
        for sku, pieces, on in session.execute(
            select(
                Expected.sku_id, func.sum(Expected.quantity - Expected.received),
                func.min(Expected.due_on),
            )
            .where(Expected.sku_id.in_(ids), Expected.quantity > Expected.received)
            .group_by(Expected.sku_id)
        )
    }  # fmt: skip
    made = []
    for sku, fact in facts.items():
        levels = tuple(at.get((sku, place.id), Level()) for place in places)
        pieces, on = coming.get(sku, (0, None))
        made.append(
            Row(fact, shown.get(sku, ""), levels, sum(one.on_hand for one in levels),
                sum(one.allocated for one in levels), free.get(sku, 0), pieces, on)
        )  # fmt: skip
    return made


@dataclass(frozen=True, slots=True)
class Entry:
    """One move of the ledger: what changed in our own places, and what was there after it."""

    id: int
    at: datetime
    word: str
    detail: str
    who: str
    change: int
    left: int


def ledger(sku_id: int, before: int | None) -> tuple[list[Entry], int | None]:
    """A page of moves, newest first, with the running balance; the next page's key. Two statements."""
    own = select(Location.id).where(Location.is_own)
    change = case((Move.to_location_id.in_(own), Move.quantity), else_=0) - case(
        (Move.from_location_id.in_(own), Move.quantity), else_=0
    )
    total = select(func.coalesce(func.sum(change), 0)).where(Move.sku_id == sku_id)
    found = select(Move, change).where(Move.sku_id == sku_id)
    if before is not None:
        found, total = found.where(Move.id < before), total.where(Move.id < before)
    left = int(session.scalar(total) or 0)
    moves = session.execute(found.order_by(Move.id.desc()).limit(SIZE + 1)).all()
    names = {place.id: place.name for place in session.scalars(select(Location))}
    entries = []
    for move, pieces in moves[:SIZE]:
        entries.append(
            Entry(move.id, move.moved_at, marks.move_word(move.kind), _way(move, names),
                  "" if move.actor_name.startswith("system:") else move.actor_name, pieces, left)
        )  # fmt: skip
        left -= pieces
    return entries, entries[-1].id if len(moves) > SIZE else None


def _way(move: Move, names: dict[int, Names]) -> str:
    """From where to where, and the reason."""
    here, there = (
        marks.localized_name(names[place]) for place in (move.from_location_id, move.to_location_id)
    )
    way = f"{here} → {there}"
    return f"{way} · {move.reason}" if move.reason else way


def chart(sku_id: int, entries: Sequence[Entry], on_hand: int) -> charts.Steps:
    """The level of the last thirty days, as far as the newest page of the ledger reaches."""
    today = clock.today()
    first = today - timedelta(days=CHART_DAYS)
    start = clock.midnight(first)
    recent = [entry for entry in reversed(entries) if entry.at >= start]
    begin = recent[0].left - recent[0].change if recent else on_hand
    levels = [(0, begin)] + [
        ((clock.local(entry.at).date() - first).days, entry.left) for entry in recent
    ]
    return charts.steps(levels, CHART_DAYS, (day(first), day(today)))


def places_of(sku_id: int) -> list[dict[str, Any]]:
    """Each own place and lot with its figures and shelf. One statement."""
    found = session.execute(
        select(Balance, Location.name, Location.code, Lot.code, Shelf.code)
        .join(Location, Location.id == Balance.location_id)
        .outerjoin(Lot, Lot.id == Balance.lot)
        .outerjoin(
            Shelf, (Shelf.sku_id == Balance.sku_id) & (Shelf.location_id == Balance.location_id)
        )
        .where(Balance.sku_id == sku_id, or_(Balance.is_guarded, Balance.on_hand > 0))
        .where(Location.kind.in_([LocationKind.WAREHOUSE, LocationKind.TRANSIT]))
        .order_by(Location.priority, Location.id, Balance.lot)
    )
    return [
        {
            "balance": balance, "name": name, "code": code, "lot": lot or "", "shelf": shelf or "",
            "free": balance.on_hand - balance.allocated - balance.set_aside - balance.safety,
        }
        for balance, name, code, lot, shelf in found
    ]  # fmt: skip


def waiting(sku_id: int) -> list[dict[str, Any]]:
    """The demands that still want goods, in the order they are served. One statement."""
    found = session.execute(
        select(Demand, Customer.name, Order.number)
        .join(Customer, Customer.id == Demand.customer_id)
        .outerjoin(
            OrderLine, (OrderLine.id == Demand.source_id) & (Demand.source_kind == "order_line")
        )
        .outerjoin(Order, Order.id == OrderLine.order_id)
        .where(Demand.sku_id == sku_id, Demand.open > 0)
        .order_by(Demand.planned_on, Demand.priority, Demand.asked_at, Demand.id)
        .limit(SIZE)
    )
    return [{"demand": demand, "customer": name, "order": number} for demand, name, number in found]


def inbound(sku_id: int) -> Sequence[Expected]:
    """What is still to come in, the nearest first."""
    return session.scalars(
        select(Expected)
        .where(Expected.sku_id == sku_id, Expected.quantity > Expected.received)
        .order_by(Expected.due_on, Expected.id)
    ).all()
