"""What can be promised and when: one answer for every screen, cart check and date of promise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from wholesale.catalog.models import OrderPolicy
from wholesale.kernel.db import session
from wholesale.stock.models import Allotment, Balance, Demand, Expected, Location


@dataclass(frozen=True, slots=True)
class Availability:
    """What one customer can have of a SKU.

    `free` pieces can leave on the day asked for; `next_on` is the first later day with more, and
    `next_quantity` how much can be had then in all.
    """

    free: int = 0
    next_on: date | None = None
    next_quantity: int = 0


@dataclass(slots=True)
class Supply:
    """The figures behind the promises of one SKU, for one customer.

    `now` = on hand − allocated − others' allotments − safety over the sellable own locations;
    `changes` are inbound (+) and unallocated demand (−) by day.
    """

    now: int = 0
    changes: dict[date, int] = field(default_factory=dict)

    def change(self, day: date, pieces: int) -> None:
        """Add an inbound or a demand."""
        self.changes[day] = self.changes.get(day, 0) + pieces

    def atp(self, day: date) -> int:
        """Available to promise: the least that is left on `day` or on any later day."""
        level = self.now + sum(n for on, n in self.changes.items() if on <= day)
        least = level
        for on in sorted(on for on in self.changes if on > day):
            level += self.changes[on]
            least = min(least, level)
        return least

    def takeable(self, day: date) -> int:
        """What may be allocated at once for a shipment on `day`: there now, and not needed later."""
        return max(0, min(self.now, self.atp(day)))


def available(
    sku_ids: Iterable[int], *, customer_id: int | None, group_id: int | None, on: date
) -> dict[int, Availability]:
    """What a customer can have of each SKU on a day. One statement for any number of SKUs."""
    answers = {}
    for sku_id, supply in supplies(
        sku_ids, customer_id=customer_id, group_id=group_id, on=on
    ).items():
        free = supply.takeable(on)
        later = sorted(day for day, n in supply.changes.items() if n > 0 and day > on)
        more = next(((day, n) for day in later if (n := supply.atp(day)) > free), None)
        answers[sku_id] = Availability(free, *more) if more else Availability(free)
    return answers


def supplies(
    sku_ids: Iterable[int], *, customer_id: int | None, group_id: int | None, on: date
) -> dict[int, Supply]:
    """The supply of each SKU as one customer meets it; every SKU asked for has an answer."""
    found = {sku_id: Supply() for sku_id in sku_ids}
    if not found:
        return found
    for kind, sku_id, day, pieces in session.execute(
        _everything(list(found), customer_id, group_id)
    ):
        supply = found[sku_id]
        if kind == "now":
            supply.now += int(pieces)
        elif kind == "in":  # what is late can't arrive before tomorrow
            supply.change(max(_day(day), on + timedelta(days=1)), int(pieces))
        else:
            supply.change(max(_day(day), on), -int(pieces))
    return found


def _day(value: date | str) -> date:
    """SQLite hands days of a UNION back as text."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _everything(
    sku_ids: list[int], customer_id: int | None, group_id: int | None
) -> CompoundSelect[Any]:
    """Balances, own allotments, inbound and open demand of these SKUs, in one statement."""
    no_day = cast(null(), Date)
    stock = (
        select(
            literal("now"), Balance.sku_id, no_day,
            func.sum(Balance.on_hand - Balance.allocated - Balance.set_aside - Balance.safety),
        )
        .join(Location, Location.id == Balance.location_id)
        .where(Balance.sku_id.in_(sku_ids), Location.is_own, Location.is_sellable)
        .group_by(Balance.sku_id)
    )  # fmt: skip
    own = (
        select(
            literal("now"), Allotment.sku_id, no_day, func.sum(Allotment.quantity - Allotment.used)
        )
        .where(Allotment.sku_id.in_(sku_ids), owned_by(customer_id, group_id))
        .group_by(Allotment.sku_id)
    )
    inbound = (
        select(literal("in"), Expected.sku_id, Expected.due_on,
               func.sum(Expected.quantity - Expected.received))
        .where(Expected.sku_id.in_(sku_ids), Expected.quantity > Expected.received)
        .group_by(Expected.sku_id, Expected.due_on)
    )  # fmt: skip
    wanted = (
        select(literal("out"), Demand.sku_id, Demand.planned_on,
               func.sum(Demand.open - Demand.allocated))
        .where(
            Demand.sku_id.in_(sku_ids),
            Demand.open > Demand.allocated,
            Demand.policy != OrderPolicy.MADE_TO_ORDER,
        )
        .group_by(Demand.sku_id, Demand.planned_on)
    )  # fmt: skip
    parts = [stock, inbound, wanted]
    if customer_id is not None:
        parts.append(own)
    return union_all(*parts)


def owned_by(customer_id: int | None, group_id: int | None) -> ColumnElement[bool]:
    """Allotments set aside for this customer or its price group."""
    mine = Allotment.customer_id == customer_id
    return mine if group_id is None else or_(mine, Allotment.group_id == group_id)
