"""The cart: SKUs and quantities, no price and no stock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from sqlalchemy import ColumnElement, Table, and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.attributes import flag_modified

from wholesale.accounts.models import User
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import Names, session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_
from wholesale.offers.offering import Offer, offers
from wholesale.orders.list_tables import CartChange, CartChoice, CartDeed
from wholesale.orders.models import Cart, CartLine, CartState

MOST_PIECES = 999_999
MOST_LINES = 1000


class NotOrderable(DomainError):
    """The SKU can't be ordered by this customer now."""

    message = N_("%(sku)s can't be ordered at the moment.")


class TooMany(DomainError):
    """A quantity nobody means."""

    message = N_("Enter at most %(most)s pieces.")


class NotOpen(Conflict):
    """The cart waits for a colleague's approval, or has been ordered."""

    message = N_(
        "This cart waits for approval or is ordered already. Nothing in it can be changed."
    )


class ChangedByColleague(Conflict):
    """A colleague has changed the same line of a shared cart meanwhile."""

    message = N_("%(name)s has set %(sku)s to %(pieces)s meanwhile; you had seen %(seen)s.")


@dataclass(frozen=True, slots=True)
class Put:
    """What came of putting a quantity in. `asked` differs from `quantity` where it was rounded up."""

    offer: Offer
    quantity: int
    asked: int

    @property
    def was_rounded(self) -> bool:
        """Whether a pack size or a minimum changed the figure."""
        return self.quantity != self.asked


def open_cart(customer: Customer, user: User) -> Cart:
    """The cart the person fills for this customer, held until the unit ends; made at the first use."""
    turn = _turn(customer.id, user.id)
    cart = find_cart(customer.id, user.id)
    if cart is None:
        cart = Cart(customer_id=customer.id, user_id=user.id, changed_at=clock.now())
        session.add(cart)
        session.flush()  # lines carry its id
        turn.cart_id = cart.id
        return cart
    return hold(cart)


def hold(cart: Cart) -> Cart:
    """The cart as it is now, and nobody else's until the unit ends: colleagues fill it in turn."""
    session.refresh(cart, with_for_update=True)
    session.expire(cart, ["lines"])
    return cart


def find_cart(customer_id: int, user_id: int) -> Cart | None:
    """The cart the person fills, where there is one; a GET never makes one.

    It is the one that was chosen, while it is open and the person's own or shared; else the newest
    open one of the person's own.
    """
    return session.scalar(
        select(Cart)
        .outerjoin(CartChoice, chosen_by(user_id))
        .where(Cart.customer_id == customer_id, Cart.state == CartState.OPEN)
        .where(or_(Cart.user_id == user_id, and_(Cart.is_shared, CartChoice.id.is_not(None))))
        .order_by(CartChoice.id.is_(None), Cart.id.desc())
        .limit(1)
    )


def chosen_by(user_id: int) -> ColumnElement[bool]:
    """How a cart meets the person's choice of it."""
    return and_(
        CartChoice.cart_id == Cart.id,
        CartChoice.customer_id == Cart.customer_id,
        CartChoice.user_id == user_id,
    )


def choose(cart: Cart, user_id: int) -> None:
    """From now on the person fills this cart. Raises NotOpen."""
    check_open(cart)
    _turn(cart.customer_id, user_id).cart_id = cart.id


def _turn(customer_id: int, user_id: int) -> CartChoice:
    """The person's choice, made and held: of two first uses at once one makes the cart."""
    dialect = session.get_bind().dialect.name
    session.execute(_MAKE_TURN[dialect], {"customer_id": customer_id, "user_id": user_id})
    return session.scalars(
        select(CartChoice)
        .where(CartChoice.customer_id == customer_id, CartChoice.user_id == user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


_choices = cast("Table", CartChoice.__table__)
_ONCE = ["customer_id", "user_id"]
_MAKE_TURN = {
    "sqlite": sqlite.insert(_choices).on_conflict_do_nothing(index_elements=_ONCE),
    "postgresql": postgresql.insert(_choices).on_conflict_do_nothing(index_elements=_ONCE),
}


def put(cart: Cart, customer: Customer, sku_id: int, quantity: int, by: Actor) -> Put:
    """Set the quantity of a SKU; 0 takes it out. Rounded up to pack and minimum, and said so.

    Raises NotOpen, NotOrderable, TooMany.
    """
    return put_many(cart, customer, {sku_id: quantity}, by)[sku_id]


def put_many(cart: Cart, customer: Customer, basket: dict[int, int], by: Actor) -> dict[int, Put]:
    """Set the quantities of many SKUs at once; as `put`."""
    check_open(cart)
    if any(quantity > MOST_PIECES for quantity in basket.values()):
        raise TooMany(most=MOST_PIECES)
    lines = {line.sku_id: line for line in cart.lines}
    basket_now = {**{sku: line.quantity for sku, line in lines.items()}, **basket}
    shown = offers(customer, basket_now, at=clock.now())
    done = {}
    for sku_id, asked in basket.items():
        offer = shown.get(sku_id)
        if offer is None or (asked and not offer.orderable):
            raise NotOrderable(sku=offer.facts.code if offer else str(sku_id))
        quantity = offer.limits.rounded(asked) if asked else 0
        _set(cart, lines.get(sku_id), offer, quantity, by)
        done[sku_id] = Put(offer, quantity, asked)
    if len(cart.lines) > MOST_LINES:
        raise TooMany(most=MOST_LINES)
    touch(cart)
    session.flush()  # totals and badges are read by queries
    return done


def check_seen(cart: Cart, seen: Mapping[int, int], by: Actor) -> None:
    """Whether the pieces {SKU: pieces} somebody saw still stand where a colleague may have been.

    Raises ChangedByColleague. What one has changed oneself, in another window, is no surprise.
    """
    lines = {line.sku_id: line for line in cart.lines}
    for sku_id, pieces in seen.items():
        line = lines.get(sku_id)
        if line is None or line.quantity == pieces or line.changed_by_id in {None, by.id}:
            continue
        raise ChangedByColleague(
            name=line.changed_by, sku=line.sku.code, pieces=line.quantity, seen=pieces
        )


def clear(cart: Cart, by: Actor) -> None:
    """Take everything out; it can be put back until the cart is ordered. Raises NotOpen."""
    check_open(cart)
    if not cart.lines:
        return
    cart.emptied = [[line.sku_id, line.quantity, line.note] for line in cart.lines]
    cart.emptied_by = by.name
    note(cart, CartDeed.EMPTIED, by, before=sum(line.quantity for line in cart.lines))
    cart.lines.clear()
    touch(cart)
    session.flush()  # totals and badges are read by queries


def note(
    cart: Cart, deed: CartDeed, by: Actor, *, offer: Offer | None = None, before: int = 0,
    after: int = 0,
) -> None:  # fmt: skip
    """Write down who did what to a shared cart."""
    if not cart.is_shared:
        return
    session.add(
        CartChange(
            cart_id=cart.id, deed=deed, sku_id=offer.facts.id if offer else None,
            code=offer.facts.code if offer else "", before=before, after=after,
            at=clock.now(), by=by.name,
        )
    )  # fmt: skip


def quantities(cart: Cart | None) -> dict[int, int]:
    """{SKU: pieces} of a cart."""
    return {line.sku_id: line.quantity for line in cart.lines} if cart else {}


def names_known(cart: Cart | None) -> dict[int, Names]:
    """{SKU: its name as it was when it was put in}."""
    return {line.sku_id: line.known_as for line in cart.lines} if cart else {}


def touch(cart: Cart) -> None:
    """The cart has changed: it gets its next version, within the same instant, too."""
    cart.changed_at = clock.now()
    flag_modified(cart, "changed_at")


def check_open(cart: Cart) -> None:
    """Whether anything in a cart may change. Raises NotOpen."""
    if cart.state is not CartState.OPEN:
        raise NotOpen


def _set(cart: Cart, line: CartLine | None, offer: Offer, quantity: int, by: Actor) -> None:
    price: Decimal | None = offer.price.unit_price if offer.price else None
    before = line.quantity if line else 0
    if line is None and quantity:
        line = CartLine(sku_id=offer.facts.id)
        cart.lines.append(line)
    if line is not None and quantity:
        line.quantity, line.seen_price = quantity, price
        if not offer.is_gone:
            line.known_as = offer.facts.full_name()
        if quantity != before:
            line.changed_by, line.changed_by_id, line.changed_at = by.name, by.id, clock.now()
    elif line is not None:
        cart.lines.remove(line)
    if quantity != before:
        note(cart, CartDeed.PUT, by, offer=offer, before=before, after=quantity)
