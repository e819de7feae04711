"""How far each line has come: the only writer of the counters on order lines, and what follows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import BindParameter, Table, Update, bindparam, case, func, inspect, select, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

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
from wholesale.stock.models import Demand

T = TypeVar("T", Order, OrderLine)
lines = cast("Table", OrderLine.__table__)
orders = cast("Table", Order.__table__)
demands = cast("Table", Demand.__table__)
_SOME: BindParameter[Any] = bindparam("some", expanding=True)


class LineMovedOn(Conflict):
    """A line's counters no longer allow this: somebody shipped, planned or dropped in between."""

    message = N_("A line of this order has changed meanwhile. Load the page again and look.")


class Headline(NamedTuple):
    """The word on a list, its tone (wait, stop, go, done or "") and its mark."""

    word: str
    tone: str
    mark: str


def note_placed(order_id: int, line_ids: Collection[int], demand_ids: Collection[int]) -> None:
    """New demands stand behind lines of an order, with what they took at once."""
    if demand_ids:
        session.execute(_PLACE, {"some": list(demand_ids)})
    _read_again(line_ids)
    refresh({order_id})


def forget_demands(line_ids: Collection[int]) -> None:
    """The demands of these lines are withdrawn."""
    session.execute(_FORGET, {"some": list(line_ids)})
    _read_again(line_ids)


def note_taken(taken: Sequence[Taken], order_ids: Iterable[int] = ()) -> None:
    """Stock was promised to lines, or (negative) given back."""
    sums: dict[int, int] = {}
    for one in taken:
        sums[one.source_id] = sums.get(one.source_id, 0) + one.quantity
    _change(_ALLOCATE, sums)
    refresh({*order_ids, *orders_of(sums)})


def note_planned(pieces: Mapping[int, int]) -> None:
    """Pieces were put on a shipment that is not yet dispatched (negative: taken off again).

    Raises LineMovedOn where more would be planned than is allocated.
    """
    _change(_PLAN, pieces)


def note_shipped(pieces: Mapping[int, int], fee_ids: Iterable[int] = ()) -> None:
    """Planned and allocated pieces left with a shipment, and with it lines without goods."""
    _change(_SHIP, pieces)
    fees = sorted(fee_ids)
    if fees:
        session.execute(_SHIP_FEES, {"some": fees})
        _read_again(fees)
    refresh(orders_of(pieces))


def note_unshipped(pieces: Mapping[int, int]) -> None:
    """A dispatch was reversed before it was billed."""
    _change(_UNSHIP, pieces)
    refresh(orders_of(pieces))


def note_invoiced(pieces: Mapping[int, int]) -> None:
    """Pieces stand on an issued invoice (negative: on a credit note)."""
    _change(_INVOICE, pieces)
    refresh(orders_of(pieces))


def note_settled(amounts: Mapping[int, Decimal]) -> None:
    """Amounts (net) of lines whose invoice was paid in full (negative: it is open again)."""
    rows = [{"i": line, "n": amount} for line, amount in sorted(amounts.items())]
    if rows:
        session.execute(_SETTLE, rows)
        _read_again(amounts)
    refresh(orders_of(amounts))


def note_dropped(line_id: int, pieces: int, reason: str) -> None:
    """Pieces were given up (打切). Raises LineMovedOn below what has shipped or is on a shipment."""
    note_all_dropped({line_id: pieces}, reason)


def note_all_dropped(pieces: Mapping[int, int], reason: str) -> None:
    """The same for pieces of several lines."""
    _change(_DROP, pieces, {"why": reason})


def orders_of(line_ids: Collection[int]) -> set[int]:
    """The orders these lines belong to; lines that are loaded are not asked for."""
    loaded = _loaded(OrderLine, line_ids)
    found = {line: loaded[line].order_id for line in line_ids if line in loaded}
    rest = [line for line in line_ids if line not in found]
    return {*found.values(), *(session.scalars(_ORDERS_OF, {"some": rest}) if rest else ())}


def refresh(order_ids: Iterable[int]) -> None:
    """Derive the goods and money states of these orders again and write what differs."""
    ids = sorted(set(order_ids))
    if not ids:
        return
    session.flush()  # states are derived from the rows
    states, changed = {}, []
    for row in session.execute(_SUMS, {"some": ids}):
        goods, money = goods_state(row), money_state(row)
        state = row.state
        if state == OrderState.CONFIRMED and goods is GoodsState.SHIPPED and money in _BILLED:
            state = OrderState.COMPLETED
        differs = (row.goods_state, row.money_state, row.state) != (goods, money, state)
        if differs:
            changed.append({"i": row.id, "g": goods, "m": money, "s": state})
        states[row.id] = {
            "goods_state": goods, "money_state": money, "state": state,
            "version": row.version + differs,
        }  # fmt: skip
    if changed:
        session.execute(_STATE, changed)
    for order_id, known in _loaded(Order, states).items():
        _know(known, states[order_id])


_BILLED = {MoneyState.BILLED, MoneyState.PAID}


def _loaded(kind: type[T], ids: Iterable[int]) -> dict[int, T]:
    """Those of these rows that this unit holds; one that is expired reads itself again anyway."""
    held = ((row_id, session.identity_map.get(identity_key(kind, row_id))) for row_id in ids)
    return {row_id: row for row_id, row in held if row is not None and not inspect(row).expired}


def _read_again(line_ids: Iterable[int]) -> None:
    """Bring the counters of lines that are loaded up to date, by one statement."""
    loaded = _loaded(OrderLine, line_ids)
    if loaded:
        for row in session.execute(_COUNTERS, {"some": sorted(loaded)}):
            _know(loaded[row[0]], dict(zip(_COUNTED, row, strict=True)))


def _know(row: Order | OrderLine, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        set_committed_value(row, name, value)


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


def _change(
    statement: Update, pieces: Mapping[int, int], more: Mapping[str, str] | None = None
) -> None:
    """One guarded UPDATE per line, in order; the table's CHECKs are the guard."""
    rows = [{"i": line, "n": n, **(more or {})} for line, n in sorted(pieces.items()) if n]
    if rows and rows_changed(statement, rows) != len(rows):
        raise LineMovedOn
    _read_again(pieces)


_n = bindparam("n", type_=lines.c.quantity.type)
_line = update(lines).where(lines.c.id == bindparam("i"))
_ALLOCATE = _line.values(allocated=lines.c.allocated + _n)
# Of two who plan the same goods at once, or plan what a third is moving, one finds them gone.
_PLAN = _line.where((_n < 0) | (lines.c.planned + _n <= lines.c.allocated)).values(
    planned=lines.c.planned + _n
)
_SHIP = _line.values(
    shipped=lines.c.shipped + _n,
    planned=lines.c.planned - _n,
    allocated=lines.c.allocated - _n,
)
_SHIP_FEES = (
    update(lines).where(lines.c.id.in_(_SOME)).values(shipped=lines.c.quantity - lines.c.dropped)
)
_UNSHIP = _line.values(shipped=lines.c.shipped - _n)
_INVOICE = _line.values(invoiced=lines.c.invoiced + _n)
_SETTLE = _line.values(settled=lines.c.settled + bindparam("n", type_=lines.c.settled.type))
_FORGET = update(lines).where(lines.c.id.in_(_SOME)).values(demand_id=None)
_DROP = _line.where(
    lines.c.quantity - lines.c.dropped - lines.c.shipped - lines.c.planned >= _n
).values(dropped=lines.c.dropped + _n, drop_reason=bindparam("why"))
_PLACE = (
    update(lines)
    .where(demands.c.id.in_(_SOME), lines.c.id == demands.c.source_id)
    .values(demand_id=demands.c.id, allocated=lines.c.allocated + demands.c.allocated)
)
_ORDERS_OF = select(lines.c.order_id).where(lines.c.id.in_(_SOME)).distinct()
_COUNTED = (
    "id", "dropped", "drop_reason", "planned", "allocated", "shipped", "returned", "invoiced",
    "settled", "demand_id",
)  # fmt: skip
_COUNTERS = select(*(lines.c[name] for name in _COUNTED)).where(lines.c.id.in_(_SOME))
_STATE = (
    update(orders)
    .where(orders.c.id == bindparam("i"))
    .values(goods_state=bindparam("g"), money_state=bindparam("m"), state=bindparam("s"),
            version=orders.c.version + 1)
)  # fmt: skip
_is_goods, _costs = lines.c.kind == LineKind.GOODS, lines.c.amount != 0
_wanted = lines.c.quantity - lines.c.dropped


def _total(condition: Any, value: Any) -> Any:
    return func.coalesce(func.sum(case((condition, value), else_=0)), 0)


_of_the_order = (
    orders.c.id, orders.c.state, orders.c.goods_state, orders.c.money_state, orders.c.version,
)  # fmt: skip
_SUMS = (
    select(
        *_of_the_order,
        _total(_is_goods, _wanted).label("wanted"),
        _total(_is_goods, lines.c.allocated).label("allocated"),
        _total(_is_goods, lines.c.shipped).label("shipped"),
        _total(_costs, _wanted).label("billable"),
        _total(_costs, lines.c.invoiced).label("invoiced"),
        _total(_costs & (lines.c.settled != 0), lines.c.invoiced).label("paid"),
    )
    .join(lines, lines.c.order_id == orders.c.id)
    .where(orders.c.id.in_(_SOME))
    .group_by(*_of_the_order)
)
