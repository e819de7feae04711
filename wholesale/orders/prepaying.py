"""Money first (前払い): what must have come before an order goes on, and what is set apart for it.

Money that lies on account of the bill-to is set apart for the oldest order that waits, so that the
same yen never lets two orders go. An order that lacks some of it stands on a hold of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlalchemy import select

from wholesale.company.queries import digits_of
from wholesale.customers import credit_limits
from wholesale.customers.models import PaymentGate, PaymentMeans
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.money import ZERO, Rounding, round_to
from wholesale.kernel.text import N_
from wholesale.orders import holding
from wholesale.orders.models import Hold, HoldReason, Order, OrderLine, OrderState

LIVE = (OrderState.PLACED, OrderState.PROPOSED, OrderState.CONFIRMED)


class PrepaymentMissing(Conflict):
    """The money comes first."""

    message = N_(
        "%(number)s waits for its prepayment: %(missing)s %(currency)s have not arrived yet."
    )


def ask(order: Order, gate: PaymentGate, by: Actor) -> None:
    """At its gate, hold an order until its money (or the settlement service's yes) has come."""
    if order.terms.get("payment_gate", PaymentGate.SHIP.value) != gate.value:
        return
    if order.payment_means is PaymentMeans.SETTLEMENT_SERVICE and not _asked_service(order):
        holding.hold(order, HoldReason.SERVICE, by)
    wanted = _wanted(order)
    if not wanted and not order.prepayment:
        return
    order.prepayment = wanted
    _give_back(order, max(ZERO, order.prepaid - order.prepayment))
    _take(order, by)


def demand(order: Order, by: Actor, *, note: str = "") -> None:
    """Ask for the whole of an order in advance, whatever its terms say. No hold where it is there."""
    order.prepayment = max(order.prepayment, _rest(order, Decimal(1)))
    _take(order, by, note)


def must_be_paid(orders: Iterable[Order]) -> None:
    """Nothing of an order leaves before its money has come. Raises PrepaymentMissing."""
    for order in orders:
        if order.prepayment_missing > 0:
            raise PrepaymentMissing(
                number=order.number, missing=f"{order.prepayment_missing:,f}",
                currency=order.currency,
            )  # fmt: skip


def look_again(payer_id: int, currency: str, by: Actor) -> None:
    """Money has come: it is set apart for the orders that wait, the oldest first."""
    for order in _waiting(payer_id, currency):
        if not _take(order, by):
            return


def take_back(payer_id: int, currency: str, by: Actor) -> None:
    """Money was taken back: the newest orders lose theirs, and stand still unless all has left."""
    over = credit_limits.over_reserved(payer_id, currency)
    if not over:
        return
    for order in _covered(payer_id, currency):
        lost = min(over, order.prepaid)
        _give_back(order, lost)
        if order.state in LIVE and any(line.open for line in order.lines):
            _hold(order, by)
        else:
            order.prepayment -= lost  # its goods are gone: it is a debt like any other
        over -= lost
        if not over:
            return


def use(order: Order, amount: Decimal) -> None:
    """So much of what was set apart has paid an invoice of the order."""
    _give_back(order, amount)
    order.prepayment -= amount


def give_up(order: Order) -> None:
    """The order needs no money any more: what was set apart is free."""
    _give_back(order, order.prepaid)
    order.prepayment = ZERO


def drop(order: Order, line: OrderLine, pieces: int, by: Actor) -> None:
    """A part of an order is given up: its share of the prepayment isn't asked for any more."""
    if not order.prepayment or not order.amount_net:
        return
    part = line.amount * pieces / line.quantity / order.amount_net
    less = _rounded(order, order.amount_gross * part * _share(order))
    order.prepayment = max(ZERO, order.prepayment - less)
    _give_back(order, max(ZERO, order.prepaid - order.prepayment))
    _let_go(order, by)


def _share(order: Order) -> Decimal:
    stated = order.terms.get("deposit_share")
    if stated is not None:
        return Decimal(str(stated))
    return Decimal(order.payment_means is PaymentMeans.PREPAYMENT)


def _wanted(order: Order) -> Decimal:
    share = _share(order)
    return _rest(order, share) if share else ZERO


def _rest(order: Order, share: Decimal) -> Decimal:
    """A share of all that is neither given up nor billed, with tax."""
    if not order.amount_net:
        return ZERO
    rest = sum(
        (
            line.amount * (line.quantity - line.dropped - line.invoiced) / line.quantity
            for line in order.lines
        ),
        ZERO,
    )
    return _rounded(order, order.amount_gross * rest / order.amount_net * share)


def _rounded(order: Order, amount: Decimal) -> Decimal:
    return round_to(amount, digits_of(order.currency), Rounding.HALF_UP)


def _take(order: Order, by: Actor, note: str = "") -> bool:
    """Set apart what there is; True when the order lacks nothing."""
    if order.prepayment_missing > 0:
        order.prepaid += credit_limits.reserve(
            order.bill_to_id, order.currency, order.prepayment_missing
        )
    if order.prepayment_missing > 0:
        _hold(order, by, note)
        return False
    _let_go(order, by)
    return True


def _give_back(order: Order, amount: Decimal) -> None:
    if amount:
        credit_limits.unreserve(order.bill_to_id, order.currency, amount)
        order.prepaid -= amount


def _hold(order: Order, by: Actor, note: str = "") -> None:
    if not any(row.reason is HoldReason.PREPAYMENT for row in holding.open_holds(order)):
        holding.hold(order, HoldReason.PREPAYMENT, by, note=note)


def _let_go(order: Order, by: Actor) -> None:
    holds = holding.open_holds(order)
    ours = [row for row in holds if row.reason is HoldReason.PREPAYMENT]
    if not ours or order.prepayment_missing > 0:
        return
    for row in ours:
        row.released_at, row.released_by = clock.now(), by.name
    order.on_hold = len(holds) > len(ours)
    journal.record(order, "order:prepaid", by, amount=order.prepaid, currency=order.currency)


def _asked_service(order: Order) -> bool:
    asked = select(Hold.id).where(Hold.order_id == order.id, Hold.reason == HoldReason.SERVICE)
    return session.scalar(asked.limit(1)) is not None


def _waiting(payer_id: int, currency: str) -> Sequence[Order]:
    return session.scalars(
        select(Order)
        .where(
            Order.bill_to_id == payer_id, Order.currency == currency, Order.state.in_(LIVE),
            Order.prepayment > Order.prepaid,
        )
        .order_by(Order.placed_at, Order.id)
    ).all()  # fmt: skip


def _covered(payer_id: int, currency: str) -> Sequence[Order]:
    return session.scalars(
        select(Order)
        .where(Order.bill_to_id == payer_id, Order.currency == currency, Order.prepaid > 0)
        .order_by(Order.placed_at.desc(), Order.id.desc())
    ).all()
