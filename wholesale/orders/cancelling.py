"""Giving up: an order before anything shipped, or the rest of a line (打切)."""

from __future__ import annotations

from decimal import Decimal

from wholesale.customers import credit_limits
from wholesale.customers.models import PaymentGate
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.money import Rounding, round_to
from wholesale.kernel.text import N_
from wholesale.orders import goods, prepaying, progress
from wholesale.orders.models import Order, OrderLine, OrderState
from wholesale.stock import allocating


class TooLateToCancel(Conflict):
    """Something has shipped, or is on a shipment."""

    message = N_("Goods of this order are on a shipment. Cancel that first, or drop the rest.")


class ReasonMissing(DomainError):
    """Giving something up needs a reason."""

    message = N_("Say why, so that the next person understands.")


class NothingToDrop(DomainError):
    """There is no rest to give up."""

    message = N_("Only %(open)s pieces are open on this line.")


def cancel(order: Order, by: Actor, *, reason: str) -> None:
    """Withdraw an order while nothing is shipped or planned. Raises TooLateToCancel, ReasonMissing."""
    _end(order, OrderState.CANCELLED, by, reason)
    progress.note_all_dropped({line.id: line.open for line in order.lines}, reason)
    progress.refresh({order.id})
    journal.record(order, "order:cancelled", by, reason=reason)


def reject(order: Order, by: Actor, *, reason: str) -> None:
    """Say no to an order; it can be un-rejected. Raises TooLateToCancel, ReasonMissing."""
    _end(order, OrderState.REJECTED, by, reason)
    journal.record(order, "order:rejected", by, reason=reason)


def unreject(order: Order, by: Actor) -> None:
    """Take a no back: the order is counted and takes its goods again. Raises OutOfStock."""
    order.move_to(OrderState.PLACED)
    credit_limits.add_ordered(
        order.customer, order.currency, order.amount_gross, payer_id=order.bill_to_id, force=True
    )
    order.credit_counted = order.amount_gross
    session.flush()  # the lines are read by queries
    goods.take(order, [line.id for line in order.lines], by)
    prepaying.ask(order, PaymentGate.CONFIRM, by)
    journal.record(order, "order:unrejected", by)


def drop_rest(order: Order, line: OrderLine, pieces: int, by: Actor, *, reason: str) -> None:
    """Give up `pieces` of a line (打切): their goods and their credit are free at once.

    Raises NothingToDrop, ReasonMissing, LineMovedOn (below what has shipped or is planned).
    """
    if not reason.strip():
        raise ReasonMissing
    if not 0 < pieces <= line.open:
        raise NothingToDrop(open=line.open)
    _give_credit_back(order, line, pieces)
    prepaying.drop(order, line, pieces, by)
    if line.demand_id is not None:
        given = allocating.close(line.demand_id, pieces, by)
        progress.note_taken(given, order_ids={order.id})
    progress.note_dropped(line.id, pieces, reason)
    session.flush()  # the sums are read by queries
    progress.refresh({order.id})
    journal.record(order, "order:dropped", by, line=line.code, pieces=pieces, reason=reason)


def _end(order: Order, state: OrderState, by: Actor, reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing
    if any(line.shipped or line.planned for line in order.lines):
        raise TooLateToCancel
    order.move_to(state)
    if order.credit_counted:
        credit_limits.take_ordered_back(
            order.customer, order.currency, order.credit_counted, payer_id=order.bill_to_id,
            later=order.credit_is_later,
        )  # fmt: skip
        order.credit_counted = Decimal(0)
    prepaying.give_up(order)
    goods.give_back(order, by)


def _give_credit_back(order: Order, line: OrderLine, pieces: int) -> None:
    """The dropped share of what the order still counts; all of it when nothing stays open."""
    if not order.credit_counted:
        return
    rest_open = any(other.open for other in order.lines if other.id != line.id)
    if pieces == line.open and not rest_open:
        share = order.credit_counted
    else:
        net = line.amount * pieces / line.quantity
        part = net / order.amount_net if order.amount_net else Decimal(0)
        share = min(order.credit_counted, round_to(order.amount_gross * part, 0, Rounding.DOWN))
    credit_limits.take_ordered_back(
        order.customer, order.currency, share, payer_id=order.bill_to_id,
        later=order.credit_is_later,
    )  # fmt: skip
    order.credit_counted -= share
