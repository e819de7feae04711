"""Approval inside the customer: a cart waits until a colleague of its buyer agrees to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value

from wholesale.accounts.models import Membership, User, UserState
from wholesale.accounts.permissions import BUYER_PERMISSIONS, Permission
from wholesale.customers.models import Address, Customer
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor, ActorKind
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_
from wholesale.mail import outbox
from wholesale.orders import carting
from wholesale.orders.cancelling import ReasonMissing
from wholesale.orders.checking_out import Whole, review_legs
from wholesale.orders.models import Cart, CartLine, CartState, Order
from wholesale.orders.placing import AlreadyPlaced, check_as_seen, place_orders
from wholesale.orders.splitting import Part, Plan, keep_plan, legs_of

APPROVERS = tuple(
    role for role, may in BUYER_PERMISSIONS.items() if Permission.ORDERS_APPROVE in may
)


class NobodyToAsk(DomainError):
    """No colleague may approve this sum to this ship-to."""

    message = N_(
        "Nobody at your company may approve this order. Ask an administrator to name somebody."
    )


class RequestMovedOn(Conflict):
    """The request was approved, refused or taken back; or taken back and sent anew."""

    message = N_(
        "This request was decided, taken back or changed meanwhile. Load the page again and look."
    )


class OwnRequest(DomainError):
    """Four eyes: who asks is not who agrees."""

    message = N_("Nobody decides on a request of their own. A colleague has to look at it.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the checkout form says beside the lines, and what the asker tells the approver."""

    ship_to: Address | None
    wished_on: date | None = None
    po_number: str = ""
    note: str = ""
    message: str = ""
    together: bool = False

    @property
    def part(self) -> Part:
        """The whole cart, where it is not divided."""
        to = self.ship_to.id if self.ship_to else None
        return Part(to, None, self.wished_on, self.po_number, self.note, self.together)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that is not what the asker saw; None: the item could not be ordered (or can't now)."""

    code: str
    before: Decimal | None
    after: Decimal | None


def must_ask(member: Membership, net: Decimal) -> bool:
    """Whether a buyer may not order this much (net) alone; at a limit of 0, not anything."""
    return member.spending_limit is not None and net > member.spending_limit


def ask(cart: Cart, customer: Customer, wanted: Wanted, fingerprint: str, by: Actor) -> None:
    """Let a cart wait, exactly as its buyer saw it, and write to whoever may approve it.

    It holds no stock meanwhile. Raises EmptyOrder, TotalsChanged, BelowMinimum, NobodyToAsk,
    AlreadyPlaced.
    """
    now = review_legs(customer, legs_of(cart, customer, wanted.part), at=clock.now())
    check_as_seen(now, fingerprint)
    if cart.is_shared and by.id is not None:
        cart.user_id = by.id  # who asks is whose cart it is, and never who agrees
    cart.ship_to_id = wanted.ship_to.id if wanted.ship_to else None
    if wanted.together and not cart.plan:
        keep_plan(cart, Plan((wanted.part,)))
    deciders = who_may_approve(cart, now.net, cart.place_ids)
    if not deciders:
        raise NobodyToAsk
    if not _switch(cart, CartState.OPEN, CartState.AWAITING_APPROVAL):
        raise AlreadyPlaced
    cart.wished_on, cart.po_number, cart.note = wanted.wished_on, wanted.po_number, wanted.note
    cart.asked_at, cart.asked_note, cart.asked_seen = clock.now(), wanted.message, _seen(now)
    cart.refused_by = cart.refusal = ""
    session.flush()  # letters name the version that waits
    journal.record(cart, "cart:asked", by, net=now.net, currency=now.terms.currency)
    _write_to(deciders, cart, customer, by)


def approve(
    cart: Cart, customer: Customer, *, version: int, fingerprint: str, member: Membership, by: Actor
) -> list[Order]:
    """Agree to a waiting cart as it is seen now: it becomes its asker's order, or one per place.

    Of two who decide at once one wins. Raises OwnRequest, RequestMovedOn, PlaceGone, TotalsChanged,
    SpendingLimitExceeded (the approver's own limit holds too), and what `place_order` raises.
    """
    _take(cart, version, by)
    asker = cart.user
    theirs = _membership(asker.id, customer.id)
    orders = place_orders(
        cart, customer, legs_of(cart, customer, part_of(cart)), fingerprint=fingerprint,
        by=Actor(ActorKind.BUYER, asker.id, asker.name),
        email=asker.email if theirs else "",  # who has left is not written to
        spending_limit=member.spending_limit,
        tells_sums=theirs is not None and theirs.sees_prices,
        approved_by=by.name,
    )  # fmt: skip
    for order in orders:
        journal.record(order, "order:approved", by, fingerprint=fingerprint, net=order.amount_net)
    numbers = ", ".join(order.number for order in orders)
    journal.record(cart, "cart:approved", by, order=numbers, fingerprint=fingerprint)
    return orders


def refuse(cart: Cart, *, reason: str, version: int, by: Actor) -> None:
    """Send a waiting cart back to its buyer, who is told why.

    Raises ReasonMissing, OwnRequest, RequestMovedOn.
    """
    if not reason.strip():
        raise ReasonMissing
    _take(cart, version, by)
    cart.refused_by, cart.refusal = by.name, reason.strip()
    _gather(cart)
    journal.record(cart, "cart:refused", by, reason=cart.refusal)
    asker = cart.user
    if _membership(asker.id, cart.customer_id) is None:
        return
    outbox.post(
        "approval_refused", to=asker.email, locale=asker.locale, by=by,
        key=f"approval_refused:{cart.id}:{version}", customer_id=cart.customer_id,
        asker=asker.name, approver=by.name, reason=cart.refusal,
    )  # fmt: skip


def take_back(cart: Cart, *, version: int, by: Actor) -> None:
    """The asker wants to change it after all. Raises RequestMovedOn."""
    if cart.version != version or not _switch(cart, CartState.AWAITING_APPROVAL, CartState.OPEN):
        raise RequestMovedOn
    carting.choose(cart, cart.user_id)
    _gather(cart)
    journal.record(cart, "cart:taken_back", by)


def waiting(customer_id: int) -> Sequence[Cart]:
    """The carts of a customer that wait for approval, the oldest first, lines and askers with them."""
    return session.scalars(
        select(Cart)
        .where(Cart.customer_id == customer_id, Cart.state == CartState.AWAITING_APPROVAL)
        .options(selectinload(Cart.lines), selectinload(Cart.user))
        .order_by(Cart.asked_at, Cart.id)
    ).all()


def look(cart: Cart, customer: Customer) -> Whole:
    """A waiting cart as the orders it would be now. Raises PlaceGone."""
    return review_legs(customer, legs_of(cart, customer, part_of(cart)), at=clock.now())


def part_of(cart: Cart) -> Part:
    """What was asked for of the whole cart, where it is not divided."""
    return Part(cart.ship_to_id, None, wished_day(cart), cart.po_number, cart.note)


def wished_day(cart: Cart) -> date | None:
    """The day a waiting cart is wished for; None (the soonest) once it has passed."""
    day = cart.wished_on
    return day if day is not None and day >= clock.today() else None


def changes(cart: Cart, now: Whole) -> list[Change]:
    """What differs from the figures the asker saw: prices by SKU code, freight and sums."""
    seen: dict[str, Any] = cart.asked_seen
    before = {code: Decimal(price) for code, price in seen.get("prices", {}).items()}
    after = {line.offer.facts.code: line.unit_price for line in now.counted}
    codes = [*before, *(code for code in after if code not in before)]
    found = [Change(code, before.get(code), after.get(code)) for code in codes]
    sums = {"freight": now.freight, "net": now.net, "gross": now.gross}
    found += [Change(name, Decimal(seen[name]), value) for name, value in sums.items()]
    return [one for one in found if one.before != one.after]


def who_may_approve(
    cart: Cart, net: Decimal, ship_to_ids: Iterable[int | None]
) -> list[Membership]:
    """The asker's colleagues who may approve this sum to all these ship-tos. One statement."""
    wanted = set(ship_to_ids)
    rows = session.scalars(
        select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.customer_id == cart.customer_id,
            Membership.user_id != cart.user_id,
            Membership.role.in_(APPROVERS),
            Membership.accepted_at.is_not(None),
            User.state == UserState.ACTIVE,
        )
        .options(selectinload(Membership.user))
        .order_by(Membership.id)
    )
    return [
        one
        for one in rows
        if not must_ask(one, net) and (not one.ship_to_ids or wanted <= set(one.ship_to_ids))
    ]


def _take(cart: Cart, version: int, by: Actor) -> None:
    """Of all who decide on a cart one finds it waiting; it is open then, for the rest of the unit."""
    if cart.user_id == by.id:
        raise OwnRequest
    if cart.version != version or not _switch(cart, CartState.AWAITING_APPROVAL, CartState.OPEN):
        raise RequestMovedOn


_carts = cast("Table", Cart.__table__)
_SWITCH = (
    update(_carts)
    .where(
        _carts.c.id == bindparam("cart"), _carts.c.state == bindparam("before"),
        _carts.c.version == bindparam("seen"),
    )
    .values(
        state=bindparam("after", type_=_carts.c.state.type), version=_carts.c.version + 1,
        changed_at=bindparam("now", type_=_carts.c.changed_at.type),
    )
    .returning(_carts.c.version)
)  # fmt: skip


def _switch(cart: Cart, before: CartState, after: CartState) -> bool:
    """Move a cart on if it still stands as it was read; the row is ours until the unit ends."""
    now = clock.now()
    asked = {"cart": cart.id, "before": before, "seen": cart.version, "after": after, "now": now}
    version = session.scalar(_SWITCH, asked)
    if version is None:
        return False
    for name, value in (("state", after), ("version", version), ("changed_at", now)):
        set_committed_value(cart, name, value)
    return True


def _gather(cart: Cart) -> None:
    """What its buyer has put together meanwhile joins the cart that comes back: one open cart each."""
    other = session.scalar(
        select(Cart)
        .where(
            Cart.customer_id == cart.customer_id, Cart.user_id == cart.user_id,
            Cart.state == CartState.OPEN, Cart.id != cart.id, Cart.name == cart.name,
            ~Cart.is_shared,
        )
        .options(selectinload(Cart.lines))
        .limit(1)
    )  # fmt: skip
    if other is None or cart.is_shared:
        return
    here = {line.sku_id: line for line in cart.lines}
    for line in other.lines:
        known = here.get(line.sku_id)
        if known is not None:
            known.quantity = min(known.quantity + line.quantity, carting.MOST_PIECES)
        else:
            cart.lines.append(
                CartLine(
                    sku_id=line.sku_id, quantity=line.quantity, seen_price=line.seen_price,
                    note=line.note,
                )
            )  # fmt: skip
    carting.choose(cart, cart.user_id)
    session.delete(other)
    session.flush()  # the next look at the cart is a query


def _seen(now: Whole) -> dict[str, Any]:
    """The figures that were shown, as text."""
    return {
        "fingerprint": now.fingerprint, "currency": now.terms.currency, "pieces": now.pieces,
        "prices": {line.offer.facts.code: str(line.unit_price) for line in now.counted},
        "freight": str(now.freight), "net": str(now.net), "gross": str(now.gross),
    }  # fmt: skip


def _membership(user_id: int, customer_id: int) -> Membership | None:
    return session.scalar(
        select(Membership).where(
            Membership.user_id == user_id, Membership.customer_id == customer_id
        )
    )


def _write_to(deciders: Sequence[Membership], cart: Cart, customer: Customer, by: Actor) -> None:
    for member in deciders:
        person = member.user
        outbox.post(
            "approval_asked", to=person.email, locale=person.locale, by=by,
            key=f"approval_asked:{cart.id}:{cart.version}:{person.id}", customer_id=customer.id,
            approver=person.name, asker=by.name, customer=customer.name, cart=cart.id,
            net=str(cart.asked_seen["net"]) if member.sees_prices else "",
            currency=cart.asked_seen["currency"], message=cart.asked_note,
        )  # fmt: skip
