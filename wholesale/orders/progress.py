"""How far each line has come: the only writer of the counters on order lines, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, cast

from sqlalchemy import Select, Table, bindparam, case, func, select, update

from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.text import N_
from wholesale.orders.models import (
    GoodsState,
    LineKind,
    MoneyState,
    Order,
    OrderLine,
    OrderState,
)
from wholesale.stock.allocating import Taken

lines = cast("Table", OrderLine.__table__)


class LineMovedOn(Conflict):
    """A line's counters no longer allow this: somebody shipped, planned or dropped in between."""

    message = N_("A line of this order has changed meanwhile. Load the page again and look.")


class Headline(NamedTuple):
    """The word on a list, its tone (wait, stop, go, done or "") and its mark."""

    word: str
    tone: str
    mark: str


def note_demands(pairs: Sequence[tuple[int, int]]) -> None:
    """(line, demand): which demand a line stands behind."""
    if pairs:
        session.execute(
            update(lines).where(lines.c.id == bindparam("i")).values(demand_id=bindparam("d")),
            [{"i": line, "d": demand} for line, demand in pairs],
        )


def forget_demands(line_ids: Iterable[int]) -> None:
    """The demands of these lines are withdrawn."""
    session.execute(update(lines).where(lines.c.id.in_(list(line_ids))).values(demand_id=None))


def note_taken(taken: Sequence[Taken], order_ids: Iterable[int] = ()) -> None:
    """Stock was promised to lines, or (negative) given back."""
    sums: dict[int, int] = {}
    for one in taken:
        sums[one.source_id] = sums.get(one.source_id, 0) + one.quantity
    _add("allocated", {line: pieces for line, pieces in sums.items() if pieces})
    refresh({*order_ids, *orders_of(sums)})


def note_planned(pieces: Mapping[int, int]) -> None:
    """Pieces were put on a shipment that is not yet dispatched (negative: taken off again)."""
    _add("planned", pieces)


def note_shipped(pieces: Mapping[int, int]) -> None:
    """Planned and allocated pieces left with a shipment."""
    _change(
        pieces,
        shipped=lines.c.shipped + bindparam("n", type_=lines.c.shipped.type),
        planned=lines.c.planned - bindparam("n", type_=lines.c.shipped.type),
        allocated=lines.c.allocated - bindparam("n", type_=lines.c.shipped.type),
    )
    refresh(orders_of(pieces))


def note_fees_shipped(line_ids: Iterable[int]) -> None:
    """Lines without goods went out with the first shipment."""
    ids = list(line_ids)
    if ids:
        rows_changed(
            update(lines)
            .where(lines.c.id.in_(ids))
            .values(shipped=lines.c.quantity - lines.c.dropped)
        )


def note_unshipped(pieces: Mapping[int, int]) -> None:
    """A dispatch was reversed before it was billed."""
    _add("shipped", {line: -n for line, n in pieces.items()})
    refresh(orders_of(pieces))


def note_invoiced(pieces: Mapping[int, int]) -> None:
    """Pieces stand on an issued invoice (negative: on a credit note)."""
    _add("invoiced", pieces)
    refresh(orders_of(pieces))


def note_settled(amounts: Mapping[int, Decimal]) -> None:
    """Amounts (net) of lines whose invoice was paid in full (negative: it is open again)."""
    rows = [{"i": line, "n": amount} for line, amount in sorted(amounts.items())]
    if rows:
        session.execute(
            update(lines)
            .where(lines.c.id == bindparam("i"))
            .values(settled=lines.c.settled + bindparam("n", type_=lines.c.settled.type)),
            rows,
        )
    refresh(orders_of(amounts))


def note_dropped(line_id: int, pieces: int, reason: str) -> None:
    """Pieces were given up (打切). Raises LineMovedOn below what has shipped or is on a shipment."""
    dropped = rows_changed(
        update(lines)
        .where(
            lines.c.id == line_id,
            lines.c.quantity - lines.c.dropped - lines.c.shipped - lines.c.planned >= pieces,
        )
        .values(dropped=lines.c.dropped + pieces, drop_reason=reason)
    )
    if not dropped:
        raise LineMovedOn


def orders_of(line_ids: Iterable[int]) -> set[int]:
    """The orders these lines belong to."""
    ids = list(line_ids)
    if not ids:
        return set()
    return set(session.scalars(select(OrderLine.order_id).where(OrderLine.id.in_(ids)).distinct()))


def refresh(order_ids: Iterable[int]) -> None:
    """Derive the goods and money states of these orders again and write what differs."""
    ids = sorted(set(order_ids))
    if not ids:
        return
    session.flush()  # states are derived from the rows
    changed = []
    for row in session.execute(_sums(ids)):
        goods, money = goods_state(row), money_state(row)
        state = row.state
        if state == OrderState.CONFIRMED and goods is GoodsState.SHIPPED and money in _BILLED:
            state = OrderState.COMPLETED
        if (row.goods_state, row.money_state, row.state) != (goods, money, state):
            changed.append({"i": row.id, "g": goods, "m": money, "s": state})
    orders = cast("Table", Order.__table__)
    if changed:
        session.execute(
            update(orders)
            .where(orders.c.id == bindparam("i"))
            .values(goods_state=bindparam("g"), money_state=bindparam("m"), state=bindparam("s"),
                    version=orders.c.version + 1),
            changed,
        )  # fmt: skip
    for known in list(session.identity_map.values()):
        if isinstance(known, Order) and known.id in ids:
            session.refresh(known, ["goods_state", "money_state", "state", "version"])
        elif isinstance(known, OrderLine) and known.order_id in ids:
            session.expire(known)


_BILLED = {MoneyState.BILLED, MoneyState.PAID}


def _sums(order_ids: list[int]) -> Select[Any]:
    goods = OrderLine.kind == LineKind.GOODS
    wanted = OrderLine.quantity - OrderLine.dropped

    def total(condition: Any, value: Any) -> Any:
        return func.coalesce(func.sum(case((condition, value), else_=0)), 0)

    costs = OrderLine.amount != 0
    return (
        select(
            Order.id, Order.state, Order.goods_state, Order.money_state,
            total(goods, wanted).label("wanted"),
            total(goods, OrderLine.allocated).label("allocated"),
            total(goods, OrderLine.shipped).label("shipped"),
            total(costs, wanted).label("billable"),
            total(costs, OrderLine.invoiced).label("invoiced"),
            total(costs & (OrderLine.settled != 0), OrderLine.invoiced).label("paid"),
        )
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(Order.id.in_(order_ids))
        .group_by(Order.id, Order.state, Order.goods_state, Order.money_state)
    )  # fmt: skip


def goods_state(row: Any) -> GoodsState:
    """From the sums of the lines that need goods."""
    if not row.wanted:
        return GoodsState.NONE
    if row.shipped >= row.wanted:
        return GoodsState.SHIPPED
    if row.shipped:
        return GoodsState.PARTLY_SHIPPED
    if row.allocated >= row.wanted:
        return GoodsState.ALLOCATED
    return GoodsState.PARTLY_ALLOCATED if row.allocated else GoodsState.NONE


def money_state(row: Any) -> MoneyState:
    """From the sums of the lines that cost money."""
    if not row.billable or not row.invoiced:
        return MoneyState.UNBILLED
    if row.invoiced < row.billable:
        return MoneyState.PARTLY_BILLED
    return MoneyState.PAID if row.paid >= row.billable else MoneyState.BILLED


def headline(order: Order) -> Headline:  # noqa: PLR0911 - one line per word
    """The word on a list: hold, else shortage, else goods state, else order state."""
    if order.state is OrderState.CANCELLED:
        return Headline(N_("Cancelled"), "", "void")
    if order.state is OrderState.REJECTED:
        return Headline(N_("Rejected"), "", "void")
    if order.on_hold:
        return Headline(N_("On hold"), "wait", "lock")
    if order.state is OrderState.COMPLETED:
        return Headline(N_("Completed"), "done", "done")
    if order.state is OrderState.PLACED:
        return Headline(N_("To be confirmed"), "", "ring")
    if order.state is OrderState.PROPOSED:
        return Headline(N_("With the buyer"), "go", "quarter")
    return _GOODS_WORDS[order.goods_state]


_GOODS_WORDS = {
    GoodsState.NONE: Headline(N_("Out of stock"), "wait", "alert"),
    GoodsState.PARTLY_ALLOCATED: Headline(N_("Short of stock"), "wait", "alert"),
    GoodsState.ALLOCATED: Headline(N_("Confirmed"), "go", "quarter"),
    GoodsState.PARTLY_SHIPPED: Headline(N_("Partly shipped"), "go", "half"),
    GoodsState.SHIPPED: Headline(N_("Shipped"), "done", "three-quarters"),
}


def _add(column: str, pieces: Mapping[int, int]) -> None:
    _change(pieces, **{column: lines.c[column] + bindparam("n", type_=lines.c.quantity.type)})


def _change(pieces: Mapping[int, int], **values: Any) -> None:
    """One guarded UPDATE per line; the table's CHECKs are the guard."""
    rows = [{"i": line, "n": n} for line, n in sorted(pieces.items()) if n]
    if not rows:
        return
    if rows_changed(update(lines).where(lines.c.id == bindparam("i")).values(values), rows) != len(
        rows
    ):
        raise LineMovedOn
