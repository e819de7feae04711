"""The cart: SKUs and quantities, no price and no stock."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from wholesale.accounts.models import User
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_
from wholesale.offers.offering import Offer, offers
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
    """The person's open cart for this customer; made at the first use."""
    cart = find_cart(customer.id, user.id)
    if cart is None:
        cart = Cart(customer_id=customer.id, user_id=user.id, changed_at=clock.now())
        session.add(cart)
        session.flush()  # lines carry its id
    return cart


def find_cart(customer_id: int, user_id: int) -> Cart | None:
    """The open cart where there is one; a GET never makes one."""
    return session.scalar(
        select(Cart)
        .where(
            Cart.customer_id == customer_id,
            Cart.user_id == user_id,
            Cart.state == CartState.OPEN,
        )
        .order_by(Cart.id.desc())
        .limit(1)
    )


def put(cart: Cart, customer: Customer, sku_id: int, quantity: int, by: Actor) -> Put:
    """Set the quantity of a SKU; 0 takes it out. Rounded up to pack and minimum, and said so.

    Raises NotOpen, NotOrderable, TooMany.
    """
    return put_many(cart, customer, {sku_id: quantity}, by)[sku_id]


def put_many(cart: Cart, customer: Customer, basket: dict[int, int], by: Actor) -> dict[int, Put]:
    """Set the quantities of many SKUs at once; as `put`."""
    _check_open(cart)
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
        _set(cart, lines.get(sku_id), offer, quantity)
        done[sku_id] = Put(offer, quantity, asked)
    if len(cart.lines) > MOST_LINES:
        raise TooMany(most=MOST_LINES)
    cart.changed_at = clock.now()
    session.flush()  # totals and badges are read by queries
    return done


def clear(cart: Cart) -> None:
    """Take everything out. Raises NotOpen."""
    _check_open(cart)
    cart.lines.clear()
    cart.changed_at = clock.now()
    session.flush()  # totals and badges are read by queries


def pieces_in_cart(customer_id: int, user_id: int) -> int:
    """All pieces of the open cart, for the badge. One statement."""
    return (
        session.scalar(
            select(func.coalesce(func.sum(CartLine.quantity), 0))
            .join(Cart, Cart.id == CartLine.cart_id)
            .where(
                Cart.customer_id == customer_id,
                Cart.user_id == user_id,
                Cart.state == CartState.OPEN,
            )
        )
        or 0
    )


def quantities(cart: Cart | None) -> dict[int, int]:
    """{SKU: pieces} of a cart."""
    return {line.sku_id: line.quantity for line in cart.lines} if cart else {}


def _check_open(cart: Cart) -> None:
    if cart.state is not CartState.OPEN:
        raise NotOpen


def _set(cart: Cart, line: CartLine | None, offer: Offer, quantity: int) -> None:
    price: Decimal | None = offer.price.unit_price if offer.price else None
    if line is None and quantity:
        cart.lines.append(CartLine(sku_id=offer.facts.id, quantity=quantity, seen_price=price))
    elif line is not None and quantity:
        line.quantity, line.seen_price = quantity, price
    elif line is not None:
        cart.lines.remove(line)
