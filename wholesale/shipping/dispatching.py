"""Dispatch: goods leave, the delivery note is issued, revenue is written; and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, case, func, select

from wholesale.company.queries import digits_of
from wholesale.customers import credit_limits
from wholesale.customers.models import PaymentMeans
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.numbering import next_number
from wholesale.kernel.papers import Paper
from wholesale.kernel.text import N_
from wholesale.mail import outbox
from wholesale.orders import prepaying, progress
from wholesale.orders.confirming import OnHold
from wholesale.orders.models import LineKind, Order, OrderLine
from wholesale.sales_ledger import recording
from wholesale.sales_ledger.recording import Earned, Row
from wholesale.shipping.delivery_notes import issue_delivery_note
from wholesale.shipping.models import Shipment, ShipmentState
from wholesale.stock.allocating import Leaving, ship_allocated

LINE = "shipment_line"
FEE = "order_fee"


class AlreadyBilled(Conflict):
    """A billed shipment is corrected by a return and a credit note, not by reversing it."""

    message = N_("This shipment is on an invoice. Take the goods back as a return instead.")


def dispatch(
    shipment: Shipment, by: Actor, *, carrier: str = "", tracking_number: str = ""
) -> None:
    """Hand the goods over: moves, sales entries, delivery note and letter in one unit of work.

    Raises IllegalMove unless packed, PromiseGone when stock is no longer promised to these lines,
    PrepaymentMissing, OnHold.
    """
    orders = _orders(shipment)
    must_go_on(orders)
    shipment.move_to(ShipmentState.DISPATCHED)
    shipment.dispatched_at, shipment.dispatched_on = clock.now(), clock.today()
    shipment.carrier, shipment.tracking_number = carrier, tracking_number
    session.flush()  # of two who hand it over, one finds it packed
    lines = _order_lines(shipment)
    rests = _rests(orders)
    fees = _fees([order for order in orders if rests[order.id].has_fees])
    today = clock.today()
    earned = _earned(shipment, lines, orders, fees)
    rows = recording.rows_of(earned, supply_on=today, revenue_on=today)
    _move_credit(orders, earned, rows, rests)
    _leave(shipment, lines, by)
    progress.note_shipped(_pieces(shipment), [fee.id for fee in fees])
    number = next_number("DN", today)
    recording.record(rows, slip_number=number)
    amounts = {row["source_id"]: row["amount"] for row in rows if row["source_kind"] == LINE}
    shipment.collects = _collected(orders, earned, rows)
    paper = issue_delivery_note(shipment, number, orders, amounts, by)
    _tell(shipment, orders, paper, by)


def must_go_on(orders: Sequence[Order]) -> None:
    """An order that was held after its shipment was planned keeps its goods here."""
    prepaying.must_be_paid(orders)
    if any(order.on_hold for order in orders):
        raise OnHold


def _tell(shipment: Shipment, orders: Sequence[Order], paper: Paper, by: Actor) -> None:
    number, carrier, tracking = (
        paper.number, shipment.carrier, shipment.tracking_number
    )  # fmt: skip
    journal.record(
        shipment, "shipment:dispatched", by,
        delivery_note=number, carrier=carrier, tracking=tracking,
    )  # fmt: skip
    for order in orders:
        journal.record(order, "order:shipped", by, shipment=shipment.number)
    customer = shipment.customer
    if customer.deliveries_to:
        outbox.post(
            "goods_dispatched", to=customer.deliveries_to, locale=customer.locale,
            key=f"goods_dispatched:{shipment.number}", by=by, customer_id=customer.id, paper=paper,
            number=number, customer=customer.name,
            arrives_on=shipment.arrives_on.isoformat() if shipment.arrives_on else "",
            carrier=carrier, tracking=tracking,
        )  # fmt: skip


def deliver(shipment: Shipment, by: Actor) -> None:
    """The goods arrived. Raises IllegalMove."""
    shipment.move_to(ShipmentState.DELIVERED)
    shipment.delivered_at = clock.now()
    journal.record(shipment, "shipment:delivered", by)


def cancel(shipment: Shipment, by: Actor) -> None:
    """Give a shipment up before it leaves; its goods stay promised to the order. Raises IllegalMove."""
    shipment.move_to(ShipmentState.CANCELLED)
    progress.note_planned({line: -pieces for line, pieces in _pieces(shipment).items()})
    journal.record(shipment, "shipment:cancelled", by)


def _pieces(shipment: Shipment) -> dict[int, int]:
    """How many pieces of each order line a shipment holds."""
    pieces: dict[int, int] = {}
    for line in shipment.lines:
        pieces[line.order_line_id] = pieces.get(line.order_line_id, 0) + line.quantity
    return pieces


def _order_lines(shipment: Shipment) -> dict[int, OrderLine]:
    ids = [line.order_line_id for line in shipment.lines]
    rows = session.scalars(
        select(OrderLine).where(OrderLine.id.in_(ids)).execution_options(populate_existing=True)
    )
    return {line.id: line for line in rows}


def _orders(shipment: Shipment) -> list[Order]:
    """The orders whose goods a shipment holds, in the order of their ids."""
    ids = [line.order_line_id for line in shipment.lines]
    of_lines = select(OrderLine.order_id).where(OrderLine.id.in_(ids))
    return list(session.scalars(select(Order).where(Order.id.in_(of_lines)).order_by(Order.id)))


class _Rest(NamedTuple):
    """What of an order hasn't shipped: pieces, and whether lines without goods are among them."""

    open: int
    has_fees: bool


def _rests(orders: Sequence[Order]) -> dict[int, _Rest]:
    rows = session.execute(_REST, {"orders": [order.id for order in orders]})
    return {order: _Rest(int(pieces), bool(fees)) for order, pieces, fees in rows}


_line = cast("Table", OrderLine.__table__).c
_open = _line.quantity - _line.dropped - _line.shipped
_is_fee = (_line.kind != LineKind.GOODS) & (_line.shipped == 0) & (_open > 0)
_REST = (
    select(_line.order_id, func.sum(_open), func.sum(case((_is_fee, 1), else_=0)))
    .where(_line.order_id.in_(bindparam("orders", expanding=True)))
    .group_by(_line.order_id)
)


def _leave(shipment: Shipment, lines: dict[int, OrderLine], by: Actor) -> None:
    leaving = []
    for line in shipment.lines:
        demand_id = lines[line.order_line_id].demand_id
        assert demand_id is not None  # noqa: S101 - goods lines on shipments stand behind a demand
        leaving.append(
            Leaving(demand_id, line.sku_id, shipment.location_id, line.lot, line.quantity, line.id)
        )
    ship_allocated(leaving, LINE, by)


def _fees(orders: Sequence[Order]) -> Sequence[OrderLine]:
    """Lines without goods go with an order's first shipment, once."""
    if not orders:
        return ()
    return session.scalars(
        select(OrderLine).where(
            OrderLine.order_id.in_([order.id for order in orders]),
            OrderLine.kind != LineKind.GOODS,
            OrderLine.shipped == 0,
            OrderLine.quantity > OrderLine.dropped,
        )
    ).all()


def _earned(
    shipment: Shipment,
    lines: Mapping[int, OrderLine],
    orders: Sequence[Order],
    fees: Sequence[OrderLine],
) -> list[Earned]:
    of = {order.id: (order, digits_of(order.currency)) for order in orders}
    earned, before = [], {line.id: line.shipped for line in lines.values()}
    for part in shipment.lines:
        line = lines[part.order_line_id]
        order, digits = of[line.order_id]
        earned.append(Earned(line, order, part.quantity, LINE, part.id, before[line.id], digits))
        before[line.id] += part.quantity
    for fee in fees:
        order, digits = of[fee.order_id]
        earned.append(Earned(fee, order, fee.quantity, FEE, fee.id, 0, digits))
    return earned


def _collected(
    orders: Sequence[Order], earned: Sequence[Earned], rows: Sequence[Row]
) -> Decimal | None:
    """What the carrier collects for us at the door, with tax; None where it collects nothing."""
    at_door = {o.id for o in orders if o.payment_means is PaymentMeans.CASH_ON_DELIVERY}
    ours = [row for one, row in zip(earned, rows, strict=True) if one.order.id in at_door]
    return recording.gross_of(ours) if ours else None


def _move_credit(
    orders: Sequence[Order],
    earned: Sequence[Earned],
    rows: Sequence[Row],
    rests: Mapping[int, _Rest],
) -> None:
    """What an order counts moves from ordered to unbilled: its share, or all when nothing stays open."""
    for order in orders:
        pairs = [(one, row) for one, row in zip(earned, rows, strict=True) if one.order is order]
        gross = recording.gross_of([row for _, row in pairs])
        goes = sum(one.quantity for one, _ in pairs)
        whole = goes >= rests[order.id].open
        counted = order.credit_counted if whole else min(order.credit_counted, gross)
        credit_limits.ship(
            order.customer, order.currency, counted, gross, payer_id=order.bill_to_id
        )
        order.credit_counted -= counted
