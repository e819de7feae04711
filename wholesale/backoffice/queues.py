"""The queues of open work: what waits for whom, counted in one statement for what a role may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import floor, office
from wholesale.billing.models import Invoice, InvoiceState
from wholesale.kernel import clock
from wholesale.kernel.db import session
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


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure about a queue: under which name, for whom, and what is counted."""

    name: str
    permission: Permission
    counted: Callable[[date], Select[Any]]


def _orders(*conditions: Any) -> Callable[[date], Select[Any]]:
    return lambda _: select(func.count(Order.id)).where(*conditions)


def _lines(what: Any, *conditions: Any) -> Callable[[date], Select[Any]]:
    return lambda _: (
        select(what).join(Order, Order.id == OrderLine.order_id).where(CONFIRMED, *conditions)
    )


def _shipments(*conditions: Any) -> Callable[[date], Select[Any]]:
    return lambda _: select(func.count(Shipment.id)).where(*conditions)


def _overdue(what: Any) -> Callable[[date], Select[Any]]:
    return lambda today: select(what).where(
        Invoice.total != Invoice.settled,
        Invoice.state == InvoiceState.ISSUED,
        Invoice.due_on < today,
    )


def _arriving(what: Any) -> Callable[[date], Select[Any]]:
    return lambda today: select(what).where(
        Expected.quantity > Expected.received,
        Expected.due_on <= today + timedelta(days=ARRIVALS_AHEAD),
    )


def _receipts(*states: BankLineState) -> Callable[[date], Select[Any]]:
    return lambda _: select(func.count(BankLine.id)).where(
        BankLine.is_credit, BankLine.state.in_(states)
    )


P = Permission
_GONE = Shipment.state.in_([ShipmentState.DISPATCHED, ShipmentState.DELIVERED])

FIGURES = (
    Asked("to_confirm", P.ORDERS_READ, _orders(Order.state == OrderState.PLACED, ~Order.on_hold)),
    Asked("on_hold", P.ORDERS_READ, _orders(
        Order.on_hold, Order.state.in_([OrderState.PLACED, OrderState.CONFIRMED]))),
    Asked("promises", P.ORDERS_READ, _lines(
        func.count(OrderLine.order_id.distinct()), WITHOUT_ANSWER)),
    Asked("promise_lines", P.ORDERS_READ, _lines(func.count(OrderLine.id), WITHOUT_ANSWER)),
    Asked("promises_wished", P.ORDERS_READ, _lines(func.min(OrderLine.wished_on), WITHOUT_ANSWER)),
    Asked("backorders", P.ORDERS_READ, _lines(func.count(OrderLine.id), SHORT_LINE)),
    Asked("backorder_skus", P.ORDERS_READ, _lines(
        func.count(OrderLine.sku_id.distinct()), SHORT_LINE)),
    Asked("to_pick", P.SHIPMENTS_READ, _shipments(Shipment.state == ShipmentState.PLANNED)),
    Asked("to_pack", P.SHIPMENTS_READ, _shipments(Shipment.state == ShipmentState.PICKING)),
    Asked("to_dispatch", P.SHIPMENTS_READ, _shipments(Shipment.state == ShipmentState.PACKED)),
    Asked("arrivals", P.STOCK_READ, _arriving(func.count(Expected.id))),
    Asked("arrivals_from", P.STOCK_READ, _arriving(func.min(Expected.due_on))),
    Asked("to_bill", P.INVOICES_READ, _shipments(_GONE, ~Shipment.is_billed)),
    Asked("unmatched", P.RECEIPTS_READ, _receipts(BankLineState.OPEN, BankLineState.PROPOSED)),
    Asked("proposed", P.RECEIPTS_READ, _receipts(BankLineState.PROPOSED)),
    Asked("overdue", P.INVOICES_READ, _overdue(func.count(Invoice.id))),
    Asked("overdue_customers", P.INVOICES_READ, _overdue(
        func.count(Invoice.customer_id.distinct()))),
    Asked("overdue_since", P.INVOICES_READ, _overdue(func.min(Invoice.due_on))),
)  # fmt: skip

RAIL = {
    "office.orders": ("to_confirm",),
    "office.shipments": ("to_pick", "to_pack", "to_dispatch"),
    "floor.home": ("to_pick", "to_pack"),
    "office.invoices": ("overdue",),
    "office.match": ("unmatched",),
}


def figures(names: Iterable[str] | None = None) -> dict[str, Any]:
    """The figures of the queues this visitor may see, by name. One statement, or none."""
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
    row = session.execute(
        select(*(asked.counted(today).scalar_subquery().label(asked.name) for asked in wanted))
    ).one()
    return dict(row._mapping)  # noqa: SLF001 - the row's own way to a dict


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


@office.context_processor
@floor.context_processor
def _for_the_layout() -> dict[str, Any]:
    return {"rail_counts": rail_counts}
