"""Confirming: the official, agreed version of an order, in numbered revisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from wholesale.customers import vetting
from wholesale.customers.models import PaymentGate
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.text import N_
from wholesale.mail import outbox
from wholesale.orders import prepaying, progress, promising_dates
from wholesale.orders.models import Confirmation, Order, OrderState


class OnHold(Conflict):
    """A held order doesn't go on until somebody with the right releases it."""

    message = N_("This order is on hold. Release it first.")


def confirm(
    order: Order, by: Actor, *, promised: Mapping[int, date] | None = None, forced: bool = False
) -> Confirmation:
    """Agree to an order as it stands; lines whose goods are there are promised for their planned day.

    Where the customer's terms ask for the buyer's approval the order becomes `proposed`, unless
    staff with the right force it, which is recorded. Raises OnHold, PrepaymentMissing,
    VettingFailed, IllegalMove.
    """
    vetting.must_be_sound((order.customer, order.bill_to))
    if order.on_hold:
        prepaying.must_be_paid([order])
        raise OnHold
    needs_buyer = bool(order.terms.get("approval_needed")) and not forced
    lines = order.lines  # read before anything of the order waits to be written
    order.move_to(OrderState.PROPOSED if needs_buyer else OrderState.CONFIRMED)
    with session.no_autoflush:  # the order is written once, with all that changes of it
        promising_dates.promise_what_is_there(order, promised or {}, by)
    revision = Confirmation(
        order_id=order.id,
        revision=_next_revision(order),
        lines=[_frozen(line) for line in lines],
        proposed_at=clock.now(),
        forced=forced,
    )
    session.add(revision)
    if needs_buyer:
        journal.record(order, "order:proposed", by, revision=revision.revision)
    else:
        _agree(order, revision, by)
    session.flush()  # states are derived from the rows
    progress.refresh({order.id})
    return revision


def note_agreed(order: Order, by: Actor, *, promised: Mapping[int, date]) -> None:
    """Write down what was agreed in the system before ours, as a revision; nobody is told."""
    promising_dates.promise_what_is_there(order, promised, by)
    revision = Confirmation(
        order_id=order.id, revision=order.confirmed_revision + 1,
        lines=[_frozen(line) for line in order.lines], proposed_at=clock.now(),
        confirmed_at=clock.now(), confirmed_by=by.name,
    )  # fmt: skip
    session.add(revision)
    order.confirmed_revision = revision.revision
    session.flush()  # states are derived from the rows
    progress.refresh({order.id})


def approve(order: Order, by: Actor) -> None:
    """The buyer agrees to what was proposed. Raises IllegalMove."""
    order.move_to(OrderState.CONFIRMED)
    _agree(order, newest(order), by)
    session.flush()  # states are derived from the rows
    progress.refresh({order.id})


def confirm_again(order: Order, by: Actor) -> None:
    """A confirmed order was changed: its next revision counts, or waits for the buyer.

    One that isn't confirmed yet changes without a revision. Raises IllegalMove.
    """
    if order.state not in {OrderState.CONFIRMED, OrderState.PROPOSED}:
        return
    waited = order.state is OrderState.PROPOSED
    needs_buyer = bool(order.terms.get("approval_needed"))
    revision = Confirmation(
        order_id=order.id, revision=_next_revision(order),
        lines=[_frozen(line) for line in order.lines], proposed_at=clock.now(), forced=False,
    )  # fmt: skip
    session.add(revision)
    if not waited:
        order.move_to(OrderState.PROPOSED)
    if needs_buyer or waited:
        journal.record(order, "order:proposed", by, revision=revision.revision)
    else:
        order.move_to(OrderState.CONFIRMED)
        _agree(order, revision, by)
    session.flush()  # states are derived from the rows
    progress.refresh({order.id})


def ask_for_changes(order: Order, by: Actor, *, wish: str) -> None:
    """The buyer wants it otherwise: the order is with us again. Raises IllegalMove."""
    order.move_to(OrderState.PLACED)
    journal.record(order, "order:asked", by, wish=wish)


def newest(order: Order) -> Confirmation:
    """The newest revision of an order."""
    return session.scalars(
        select(Confirmation)
        .where(Confirmation.order_id == order.id)
        .order_by(Confirmation.revision.desc())
        .limit(1)
    ).one()


def _next_revision(order: Order) -> int:
    """The number after the last one, agreed to or only proposed."""
    last = select(func.max(Confirmation.revision)).where(Confirmation.order_id == order.id)
    return (session.scalar(last) or 0) + 1


def _agree(order: Order, revision: Confirmation, by: Actor) -> None:
    revision.confirmed_at, revision.confirmed_by = clock.now(), by.name
    order.confirmed_revision = revision.revision
    journal.record(order, "order:confirmed", by, revision=revision.revision, forced=revision.forced)
    prepaying.ask(order, PaymentGate.SHIP, by)
    if order.customer.orders_to:
        outbox.post(
            "order_confirmed",
            to=order.customer.orders_to,
            locale=order.customer.locale,
            key=f"order_confirmed:{order.number}:{revision.revision}",
            by=by,
            customer_id=order.customer_id,
            number=order.number,
            customer=order.customer.name,
            planned_on=order.planned_on.isoformat(),
        )


def _frozen(line: Any) -> dict[str, Any]:
    """What a revision keeps of a line."""
    return {
        "line": line.id, "code": line.code, "description": line.description,
        "quantity": line.quantity - line.dropped, "unit_price": str(line.unit_price),
        "amount": str(line.amount), "tax_class": line.tax_class.value,
        "promised_on": line.promised_on, "wished_on": line.wished_on,
    }  # fmt: skip
