"""Holds: rows with a reason that stop confirming, allocating and shipping."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from wholesale.customers import credit_limits
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.orders import goods
from wholesale.orders.models import Hold, HoldReason, Order


def hold(order: Order, reason: HoldReason, by: Actor, *, note: str = "") -> None:
    """Stop an order. What it has taken stays taken."""
    session.add(Hold(order_id=order.id, reason=reason, note=note, since=clock.now()))
    order.on_hold = True
    journal.record(order, "order:held", by, reason=reason.value)


def release(order: Order, by: Actor) -> None:
    """Let an order go on, over a credit limit too: the caller has looked at the right to do so.

    An order that was held for credit is counted now and takes its goods now. Raises OutOfStock.
    """
    held_for_credit = False
    for row in open_holds(order):
        row.released_at, row.released_by = clock.now(), by.name
        held_for_credit |= row.reason is HoldReason.CREDIT
    order.on_hold = False
    order.prepayment = order.prepaid  # who may let it go on doesn't wait for the rest
    if held_for_credit and not order.credit_counted:
        _count_and_take(order, by, force=True)
    journal.record(order, "order:released", by)


def try_again(order: Order, by: Actor) -> bool:
    """Look at a credit hold again after the counter fell; True when the order could go on."""
    holds = open_holds(order)
    if any(row.reason is not HoldReason.CREDIT for row in holds) or order.credit_counted:
        return False
    payer_id, gross = order.bill_to_id, order.amount_gross
    if not credit_limits.add_ordered(order.customer, order.currency, gross, payer_id=payer_id):
        return False
    credit_limits.take_ordered_back(order.customer, order.currency, gross, payer_id=payer_id)
    for row in holds:
        row.released_at, row.released_by = clock.now(), by.name
    order.on_hold = False
    _count_and_take(order, by, force=False)
    journal.record(order, "order:released", by, automatic=True)
    return True


def open_holds(order: Order) -> list[Hold]:
    """Why an order stands still."""
    return list(
        session.scalars(select(Hold).where(Hold.order_id == order.id, Hold.released_at.is_(None)))
    )


def _count_and_take(order: Order, by: Actor, *, force: bool) -> None:
    gross: Decimal = order.amount_gross
    credit_limits.add_ordered(
        order.customer, order.currency, gross, payer_id=order.bill_to_id, force=force
    )
    order.credit_counted = gross
    session.flush()  # the lines are read by queries
    goods.take(order, [line.id for line in order.lines], by)
