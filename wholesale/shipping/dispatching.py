"""Dispatch: goods leave, the delivery note is issued, revenue is written; and the way back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from wholesale.company.queries import digits_of
from wholesale.customers import credit_limits
from wholesale.customers.queries import the_customer
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.money import ZERO
from wholesale.kernel.numbering import next_number
from wholesale.kernel.text import N_
from wholesale.mail import outbox
from wholesale.orders import progress
from wholesale.orders.models import LineKind, Order, OrderLine
from wholesale.sales_ledger import recording
from wholesale.sales_ledger.recording import Earned
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

    Raises IllegalMove unless packed, PromiseGone when stock is no longer promised to these lines.
    """
    shipment.move_to(ShipmentState.DISPATCHED)
    shipment.dispatched_at, shipment.dispatched_on = clock.now(), clock.today()
    shipment.carrier, shipment.tracking_number = carrier, tracking_number
    lines = _order_lines(shipment)
    _leave(shipment, lines, by)
    orders = _orders(lines)
    fees = _fees(orders)
    earned = _earned(shipment, lines, orders, fees)
    pieces: dict[int, int] = {}
    for line in shipment.lines:
        pieces[line.order_line_id] = pieces.get(line.order_line_id, 0) + line.quantity
    shipment.delivery_note_number = next_number("DN", clock.today())
    today = clock.today()
    _write_sales(shipment, earned, today, orders)
    progress.note_shipped(pieces, [fee.id for fee in fees])
    _settle_credit(orders)
    session.expire_all()
    paper = issue_delivery_note(shipment, by)
    journal.record(
        shipment, "shipment:dispatched", by,
        delivery_note=shipment.delivery_note_number, carrier=carrier, tracking=tracking_number,
    )  # fmt: skip
    for order in orders.values():
        journal.record(order, "order:shipped", by, shipment=shipment.number)
    customer = the_customer(shipment.customer_id)
    if customer.invoice_email:
        outbox.post(
            "goods_dispatched", to=customer.invoice_email, locale=customer.locale,
            key=f"goods_dispatched:{shipment.number}", by=by, customer_id=customer.id, paper=paper,
            number=shipment.delivery_note_number, customer=customer.name,
            arrives_on=shipment.arrives_on.isoformat() if shipment.arrives_on else "",
            carrier=carrier, tracking=tracking_number,
        )  # fmt: skip


def deliver(shipment: Shipment, by: Actor) -> None:
    """The goods arrived. Raises IllegalMove."""
    shipment.move_to(ShipmentState.DELIVERED)
    shipment.delivered_at = clock.now()
    journal.record(shipment, "shipment:delivered", by)


def cancel(shipment: Shipment, by: Actor) -> None:
    """Give a shipment up before it leaves; its goods stay promised to the order. Raises IllegalMove."""
    shipment.move_to(ShipmentState.CANCELLED)
    back: dict[int, int] = {}
    for line in shipment.lines:
        back[line.order_line_id] = back.get(line.order_line_id, 0) - line.quantity
    progress.note_planned(back)
    journal.record(shipment, "shipment:cancelled", by)


def _order_lines(shipment: Shipment) -> dict[int, OrderLine]:
    ids = [line.order_line_id for line in shipment.lines]
    rows = session.scalars(
        select(OrderLine).where(OrderLine.id.in_(ids)).execution_options(populate_existing=True)
    )
    return {line.id: line for line in rows}


def _orders(lines: dict[int, OrderLine]) -> dict[int, Order]:
    ids = sorted({line.order_id for line in lines.values()})
    return {
        order.id: order
        for order in session.scalars(select(Order).where(Order.id.in_(ids)).order_by(Order.id))
    }


def _leave(shipment: Shipment, lines: dict[int, OrderLine], by: Actor) -> None:
    leaving = []
    for line in shipment.lines:
        demand_id = lines[line.order_line_id].demand_id
        assert demand_id is not None  # noqa: S101 - goods lines on shipments stand behind a demand
        leaving.append(
            Leaving(demand_id, line.sku_id, shipment.location_id, line.lot, line.quantity, line.id)
        )
    ship_allocated(leaving, LINE, by)


def _fees(orders: dict[int, Order]) -> list[OrderLine]:
    """Lines without goods go with an order's first shipment, once."""
    return list(
        session.scalars(
            select(OrderLine).where(
                OrderLine.order_id.in_(orders),
                OrderLine.kind != LineKind.GOODS,
                OrderLine.shipped == 0,
                OrderLine.quantity > OrderLine.dropped,
            )
        )
    )


def _earned(
    shipment: Shipment,
    lines: dict[int, OrderLine],
    orders: dict[int, Order],
    fees: list[OrderLine],
) -> list[Earned]:
    earned, before = [], {line.id: line.shipped for line in lines.values()}
    for part in shipment.lines:
        line = lines[part.order_line_id]
        order = orders[line.order_id]
        digits = digits_of(order.currency)
        earned.append(Earned(line, order, part.quantity, LINE, part.id, before[line.id], digits))
        before[line.id] += part.quantity
    for fee in fees:
        order = orders[fee.order_id]
        earned.append(Earned(fee, order, fee.quantity, FEE, fee.id, 0, digits_of(order.currency)))
    return earned


def _write_sales(
    shipment: Shipment, earned: list[Earned], today: date, orders: dict[int, Order]
) -> None:
    """Entries per order, and the credit that moves with them from ordered to unbilled."""
    slip = shipment.delivery_note_number or ""
    for order in orders.values():
        mine = [one for one in earned if one.order.id == order.id]
        gross = recording.record(mine, slip_number=slip, supply_on=today, revenue_on=today)
        counted = min(order.credit_counted, gross)
        credit_limits.ship(order.customer, order.currency, counted, gross)
        order.credit_counted -= counted


def _settle_credit(orders: dict[int, Order]) -> None:
    """An order that has nothing open any more counts nothing, to the last yen."""
    for order in orders.values():
        rest: Decimal = order.credit_counted
        open_lines = session.scalar(
            select(OrderLine.id)
            .where(
                OrderLine.order_id == order.id,
                OrderLine.quantity > OrderLine.dropped + OrderLine.shipped,
            )
            .limit(1)
        )
        if rest and open_lines is None:
            credit_limits.ship(order.customer, order.currency, rest, ZERO)
            order.credit_counted = ZERO
    session.flush()  # what follows reads the rows
