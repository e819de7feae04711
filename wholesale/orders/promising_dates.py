"""納期回答: the promised date beside the wished one, per line, with its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm.attributes import set_committed_value

from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.offers import dates
from wholesale.orders.models import Order, OrderLine, Promise


def answer(
    order: Order, lines: Iterable[OrderLine], promised_on: date, by: Actor, *, reason: str = ""
) -> None:
    """Promise these lines for a day; an earlier promise stays in the history."""
    told = [line for line in lines if line.promised_on != promised_on]
    if not told:
        return
    session.execute(
        _WRITE,
        [
            {
                "order_line_id": line.id, "promised_on": promised_on, "quantity": line.open,
                "said_at": clock.now(), "said_by": by.name, "reason": reason,
            }
            for line in told
        ],
    )  # fmt: skip
    session.execute(_SET, {"day": promised_on, "some": [line.id for line in told]})
    for line in told:
        set_committed_value(line, "promised_on", promised_on)
    journal.record(
        order, "order:promised", by, lines=[line.code for line in told], promised_on=promised_on
    )


_lines = cast("Table", OrderLine.__table__)
_WRITE = insert(cast("Table", Promise.__table__))
_SET = (
    update(_lines)
    .where(_lines.c.id.in_(bindparam("some", expanding=True)))
    .values(promised_on=bindparam("day"))
)


def promise_what_is_there(order: Order, stated: Mapping[int, date], by: Actor) -> None:
    """At confirmation: stated days first, else the day they arrive where all goods are there."""
    way = dates.way_of(order.ship_to, order.customer_id, order.ship_to_id)
    by_day: dict[date, list[OrderLine]] = {}
    for line in order.lines:
        day = stated.get(line.id)
        is_there = line.allocated >= line.open > 0
        if day is None and line.needs_goods and line.promised_on is None and is_there:
            day = dates.arrives_on(line.planned_on, way, wished_on=line.wished_on)
        if day is not None:
            by_day.setdefault(day, []).append(line)
    for day, lines in by_day.items():
        answer(order, lines, day, by)
