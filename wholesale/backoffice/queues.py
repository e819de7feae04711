"""The queues of open work: what waits for whom, counted in one statement for what a role may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, select, true

from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.billing.models import Invoice, InvoiceState
from wholesale.customers import vetting
from wholesale.customers.models import Customer, CustomerState
from wholesale.customers.vettings import Vetting
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.keeping import for_a_minute
from wholesale.orders.messages import OrderMessage
from wholesale.orders.models import LineKind, Order, OrderLine, OrderState
from wholesale.payments.models import BankLine, BankLineState
from wholesale.shipping.models import Shipment, ShipmentState
from wholesale.stock.models import Expected
from wholesale.web.door import once_per_request, visitor

ARRIVALS_AHEAD = 7

# Written as the partial index on order lines states it, so that it is used.
OPEN_LINE = OrderLine.quantity > OrderLine.dropped + OrderLine.shipped
SHORT_LINE = and_(
    OPEN_LINE,
    OrderLine.kind == LineKind.GOODS,
    OrderLine.allocated < OrderLine.quantity - OrderLine.dropped - OrderLine.shipped,
)
WITHOUT_ANSWER = and_(OPEN_LINE, OrderLine.kind == LineKind.GOODS, OrderLine.promised_on.is_(None))
CONFIRMED = Order.state == OrderState.CONFIRMED


Day = Callable[[date], Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure about a queue: under which name, for whom, of which rows, and what is counted."""

    name: str
    permission: Permission
    rows: Day
    value: Day


def _count(*conditions: Any) -> Day:
    """How many of the rows fulfil the conditions."""
    counted = func.count()
    return lambda _: counted.filter(and_(*conditions)) if conditions else counted


def _of(value: Any, *conditions: Any) -> Day:
    return lambda _: value.filter(and_(*conditions)) if conditions else value


# The rows that figures are counted over; the figures of one kind of rows are read in one pass.


def _open_orders(_: date) -> Select[Any]:
    return select().where(Order.state.in_([OrderState.PLACED, OrderState.CONFIRMED]))


def _open_lines(_: date) -> Select[Any]:
    return (
        select()
        .select_from(Order)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(CONFIRMED, OPEN_LINE)
    )


def _questions(_: date) -> Select[Any]:
    return select().where(OrderMessage.is_open)


def _shipments(_: date) -> Select[Any]:
    return select().where(Shipment.state.in_(_AT_THE_SHELVES))


def _unbilled(_: date) -> Select[Any]:
    return select().where(_GONE, ~Shipment.is_billed)


def _overdue(today: date) -> Select[Any]:
    return select().where(
        Invoice.total != Invoice.settled,
        Invoice.state == InvoiceState.ISSUED,
        Invoice.due_on < today,
    )


def _arriving(today: date) -> Select[Any]:
    return select().where(
        Expected.quantity > Expected.received,
        Expected.due_on <= today + timedelta(days=ARRIVALS_AHEAD),
    )


def _receipts(_: date) -> Select[Any]:
    return select().where(
        BankLine.is_credit, BankLine.state.in_([BankLineState.OPEN, BankLineState.PROPOSED])
    )


def _checks(today: date) -> Select[Any]:
    return (
        select()
        .select_from(Vetting)
        .join(Customer, Customer.id == Vetting.customer_id)
        .where(vetting.is_due(today), Customer.state == CustomerState.ACTIVE)
    )


P = Permission
_GONE = Shipment.state.in_([ShipmentState.DISPATCHED, ShipmentState.DELIVERED])
_HAS_A_LINE_WITHOUT_ANSWER = exists(
    select(OrderLine.id).where(OrderLine.order_id == Order.id, WITHOUT_ANSWER)
)
_AT_THE_SHELVES = (ShipmentState.PLANNED, ShipmentState.PICKING, ShipmentState.PACKED)

FIGURES = (
    Asked("to_confirm", P.ORDERS_READ, _open_orders,
          _count(Order.state == OrderState.PLACED, ~Order.on_hold)),
    Asked("on_hold", P.ORDERS_READ, _open_orders, _count(Order.on_hold)),
    Asked("promises", P.ORDERS_READ, _open_orders, _count(CONFIRMED, _HAS_A_LINE_WITHOUT_ANSWER)),
    Asked("promise_lines", P.ORDERS_READ, _open_lines, _count(WITHOUT_ANSWER)),
    Asked("promises_wished", P.ORDERS_READ, _open_lines,
          _of(func.min(OrderLine.wished_on), WITHOUT_ANSWER)),
    Asked("questions", P.ORDERS_READ, _questions,
          _of(func.count(OrderMessage.order_id.distinct()))),
    Asked("backorders", P.ORDERS_READ, _open_lines, _count(SHORT_LINE)),
    Asked("backorder_skus", P.ORDERS_READ, _open_lines,
          _of(func.count(OrderLine.sku_id.distinct()), SHORT_LINE)),
    Asked("to_pick", P.SHIPMENTS_READ, _shipments, _count(Shipment.state == ShipmentState.PLANNED)),
    Asked("to_pack", P.SHIPMENTS_READ, _shipments, _count(Shipment.state == ShipmentState.PICKING)),
    Asked("to_dispatch", P.SHIPMENTS_READ, _shipments,
          _count(Shipment.state == ShipmentState.PACKED)),
    Asked("arrivals", P.STOCK_READ, _arriving, _count()),
    Asked("arrivals_from", P.STOCK_READ, _arriving, _of(func.min(Expected.due_on))),
    Asked("to_bill", P.INVOICES_READ, _unbilled, _count()),
    Asked("unmatched", P.RECEIPTS_READ, _receipts, _count()),
    Asked("proposed", P.RECEIPTS_READ, _receipts, _count(BankLine.state == BankLineState.PROPOSED)),
    Asked("checks_due", P.CUSTOMERS_READ, _checks, _count()),
    Asked("overdue", P.INVOICES_READ, _overdue, _count()),
    Asked("overdue_customers", P.INVOICES_READ, _overdue,
          _of(func.count(Invoice.customer_id.distinct()))),
    Asked("overdue_since", P.INVOICES_READ, _overdue, _of(func.min(Invoice.due_on))),
)  # fmt: skip

RAIL = {
    "office.orders": ("to_confirm",),
    "office.shipments": ("to_pick", "to_pack", "to_dispatch"),
    "floor.home": ("to_pick", "to_pack"),
    "office.invoices": ("overdue",),
    "office.match": ("unmatched",),
}


def figures(names: Iterable[str] | None = None) -> dict[str, Any]:
    """The figures of the queues this visitor may see, by name. One statement, or none.

    Years of unpaid invoices are counted once a minute, by one statement more.
    """
    someone = visitor()
    wanted = [
        asked
        for asked in FIGURES
        if someone is not None
        and someone.may(asked.permission)
        and (names is None or asked.name in names)
    ]
    if not wanted:
        return {}
    today = clock.today()
    found: dict[str, Any] = {}
    late = [asked for asked in wanted if asked.rows is _overdue]
    if late:
        every = [asked for asked in FIGURES if asked.rows is _overdue]
        known = for_a_minute(("overdue", today), lambda: _read(every, today))
        found |= {asked.name: known[asked.name] for asked in late}
    now = [asked for asked in wanted if asked.rows is not _overdue]
    return found | _read(now, today) if now else found


def _read(wanted: list[Asked], today: date) -> dict[str, Any]:
    row = session.execute(_side_by_side(wanted, today)).one()
    return dict(row._mapping)  # noqa: SLF001 - the row's own way to a dict


def _side_by_side(wanted: list[Asked], today: date) -> Select[Any]:
    """One row of all figures: each kind of rows is gone through once."""
    kinds: dict[Day, list[Asked]] = {}
    for asked in wanted:
        kinds.setdefault(asked.rows, []).append(asked)
    first, *others = [
        rows(today).add_columns(*(one.value(today).label(one.name) for one in mine)).subquery()
        for rows, mine in kinds.items()
    ]
    found = select(first, *others).select_from(first)
    for other in others:
        found = found.join(other, true())
    return found


def rail_counts() -> dict[str, int]:
    """Endpoint → open work, for the rail; asked once per request."""
    found: dict[str, int] = once_per_request("rail_counts", _rail_counts)
    return found


def _rail_counts() -> dict[str, int]:
    known = figures({name for names in RAIL.values() for name in names})
    return {
        endpoint: sum(known.get(name, 0) for name in names)
        for endpoint, names in RAIL.items()
        if any(name in known for name in names)
    }


@office.app_context_processor
def _for_the_layout() -> dict[str, Any]:
    return {"rail_counts": rail_counts}
