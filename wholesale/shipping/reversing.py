"""Taking a dispatch back by opposite rows, while it is not billed."""

from __future__ import annotations

from sqlalchemy import select, update

from wholesale.customers import credit_limits
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.money import ZERO
from wholesale.orders import progress
from wholesale.orders.goods import fill_waiting
from wholesale.orders.models import Order
from wholesale.sales_ledger import recording
from wholesale.shipping.dispatching import LINE, AlreadyBilled
from wholesale.shipping.models import Shipment, ShipmentState
from wholesale.stock.ledger import Movement, Why, post
from wholesale.stock.models import Demand, MoveKind
from wholesale.stock.setting_up import location_id


def reverse(shipment: Shipment, by: Actor, *, reason: str) -> None:
    """Bring goods back that should not have left: stock, lines and sales return to what they were.

    The goods are promised to the order again. Raises AlreadyBilled, IllegalMove.
    """
    if shipment.is_billed:
        raise AlreadyBilled
    shipment.move_to(ShipmentState.REVERSED)
    customer_place = location_id("CUSTOMER")
    post(
        [
            Movement(
                part.sku_id, part.quantity, customer_place, shipment.location_id, part.id, part.lot
            )
            for part in shipment.lines
        ],
        Why(MoveKind.REVERSAL, LINE, reason),
        by,
    )
    pieces: dict[int, int] = {}
    for part in shipment.lines:
        pieces[part.order_line_id] = pieces.get(part.order_line_id, 0) + part.quantity
        session.execute(
            update(Demand)
            .where(Demand.id == part.order_line.demand_id)
            .values(open=Demand.open + part.quantity)
            .execution_options(synchronize_session=False)
        )
    gross = recording.take_back(LINE, [part.id for part in shipment.lines])
    order = session.scalars(
        select(Order).where(Order.id == shipment.lines[0].order_line.order_id)
    ).one()
    payer_id = order.bill_to_id
    credit_limits.ship(order.customer, order.currency, ZERO, -gross, payer_id=payer_id)
    credit_limits.add_ordered(order.customer, order.currency, gross, payer_id=payer_id, force=True)
    order.credit_counted += gross
    progress.note_unshipped(pieces)
    journal.record(shipment, "shipment:reversed", by, reason=reason)
    fill_waiting([part.sku_id for part in shipment.lines], by)
