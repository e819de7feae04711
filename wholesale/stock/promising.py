"""What can be promised and when: one answer for every screen, cart check and date of promise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from typing import cast as as_type

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Date,
    Table,
    bindparam,
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
    asked = {"skus": list(found), "customer": customer_id, "group": group_id or -1}
    everything = _OURS if customer_id is None else _ONES_OWN
    for kind, sku_id, day, pieces in session.execute(everything, asked).all():
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


def _everything(*, with_own: bool) -> CompoundSelect[Any]:
    """Balances, inbound and open demand of SKUs, and allotments of one's own, in one statement."""
    no_day = cast(null(), Date)
    skus: BindParameter[Any] = bindparam("skus", expanding=True)
    stock = (
        select(
            literal("now"), _balance.sku_id, no_day,
            func.sum(_balance.on_hand - _balance.allocated - _balance.set_aside - _balance.safety),
        )
        .join_from(Balance.__table__, Location.__table__, _location.id == _balance.location_id)
        .where(_balance.sku_id.in_(skus), _location.is_own, _location.is_sellable)
        .group_by(_balance.sku_id)
    )  # fmt: skip
    inbound = (
        select(literal("in"), _expected.sku_id, _expected.due_on,
               func.sum(_expected.quantity - _expected.received))
        .where(_expected.sku_id.in_(skus), _expected.quantity > _expected.received)
        .group_by(_expected.sku_id, _expected.due_on)
    )  # fmt: skip
    wanted = (
        select(literal("out"), _demand.sku_id, _demand.planned_on,
               func.sum(_demand.open - _demand.allocated))
        .where(
            _demand.sku_id.in_(skus),
            _demand.open > _demand.allocated,
            _demand.policy != OrderPolicy.MADE_TO_ORDER,
        )
        .group_by(_demand.sku_id, _demand.planned_on)
    )  # fmt: skip
    own = (
        select(
            literal("now"), _allotment.sku_id, no_day,
            func.sum(_allotment.quantity - _allotment.used),
        )
        .where(
            _allotment.sku_id.in_(skus),
            or_(
                _allotment.customer_id == bindparam("customer"),
                _allotment.group_id == bindparam("group"),
            ),
        )
        .group_by(_allotment.sku_id)
    )  # fmt: skip
    return union_all(stock, inbound, wanted, own) if with_own else union_all(stock, inbound, wanted)


# Composed once, of the tables alone: putting a statement together costs more than running it.
_balance = as_type("Table", Balance.__table__).c
_location = as_type("Table", Location.__table__).c
_expected = as_type("Table", Expected.__table__).c
_demand = as_type("Table", Demand.__table__).c
_allotment = as_type("Table", Allotment.__table__).c
_OURS, _ONES_OWN = _everything(with_own=False), _everything(with_own=True)
