"""Several carts: making, naming, sharing, copying and deleting them, and what can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from wholesale.accounts.models import User
from wholesale.customers.models import Customer
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_
from wholesale.offers.offering import offers
from wholesale.orders import carting
from wholesale.orders.carting import Put
from wholesale.orders.list_tables import CartChange, CartChoice, CartDeed
from wholesale.orders.models import Cart, CartLine, CartState

MOST_CARTS = 20
LONGEST_NAME = 60
UNDONE_WITHIN = timedelta(days=30)
CHANGES_SHOWN = 12


class NameMissing(DomainError):
    """Of several carts each needs a name."""

    message = N_("Give it a name, so that you find it again.")


class CartNameTaken(DomainError):
    """Another of one's carts is called so."""

    message = N_("Another of your carts is called “%(name)s”.")


class TooManyCarts(DomainError):
    """More carts than anybody keeps in view."""

    message = N_("You have %(most)s carts. Order or delete one first.")


class NotYourCart(DomainError):
    """A colleague's cart is filled and ordered, but not renamed, kept for oneself or deleted."""

    message = N_("This cart is %(name)s's. Only its owner or an administrator can do that.")


class CartMovedOn(Conflict):
    """The cart was changed since it was looked at, in another window or by a colleague."""

    message = N_("This cart was changed meanwhile. Look at it again, then decide.")


class NothingToUndo(Conflict):
    """It has been put back already, or ordered, or too much time has passed."""

    message = N_("There is nothing left to bring back.")


@dataclass(frozen=True, slots=True)
class CartFacts:
    """A cart as a list of carts shows it. `is_current`: the one the person fills."""

    id: int
    name: str
    owner: str
    is_mine: bool
    is_shared: bool
    is_current: bool
    lines: int
    pieces: int
    changed_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Refilled:
    """What came of putting many things in: what is in, and what can't be had, in words known."""

    put: dict[int, Put]
    left_out: list[str]


def carts_of(customer_id: int, user_id: int) -> list[CartFacts]:
    """The open carts a person may fill: its own and the shared ones. One statement."""
    rows = session.execute(
        select(
            Cart.id, Cart.name, User.name, Cart.user_id == user_id, Cart.is_shared,
            CartChoice.id.is_not(None), func.count(CartLine.id),
            func.coalesce(func.sum(CartLine.quantity), 0), Cart.changed_at, Cart.version,
        )
        .join(User, User.id == Cart.user_id)
        .outerjoin(CartChoice, carting.chosen_by(user_id))
        .outerjoin(CartLine, CartLine.cart_id == Cart.id)
        .where(Cart.customer_id == customer_id, Cart.state == CartState.OPEN)
        .where(or_(Cart.user_id == user_id, Cart.is_shared))
        .group_by(
            Cart.id, Cart.name, User.name, Cart.user_id, Cart.is_shared, CartChoice.id,
            Cart.changed_at, Cart.version,
        )
        .order_by(Cart.id.desc())
    ).all()  # fmt: skip
    chosen = next((row[0] for row in rows if row[5]), None)
    current = chosen or next((row[0] for row in rows if row[3]), None)
    found = [
        CartFacts(
            row[0], row[1], row[2], bool(row[3]), bool(row[4]), row[0] == current, row[6],
            int(row[7]), row[8], row[9],
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not one.is_mine, one.id))


def start_cart(customer: Customer, user: User, name: str, *, is_shared: bool, by: Actor) -> Cart:
    """A new cart of the person's, which it fills from now on.

    Raises NameMissing, CartNameTaken, TooManyCarts.
    """
    carting.open_cart(customer, user)  # what is in the nameless one stays beside it
    name = _checked(name, customer.id, user.id)
    cart = Cart(
        customer_id=customer.id, user_id=user.id, name=name, is_shared=is_shared,
        changed_at=clock.now(),
    )  # fmt: skip
    session.add(cart)
    session.flush()  # the choice names it
    carting.choose(cart, user.id)
    if is_shared:
        carting.note(cart, CartDeed.SHARED, by)
    return cart


def set_up(cart: Cart, name: str, *, is_shared: bool, version: int, by: Actor) -> None:
    """Rename a cart, share it with all buyers of the customer or keep it for its owner.

    Raises NotOpen, CartMovedOn, NameMissing, CartNameTaken.
    """
    _check(cart, version)
    if name.strip() != cart.name:
        cart.name = _checked(name, cart.customer_id, cart.user_id, but=cart.id)
        carting.note(cart, CartDeed.RENAMED, by)
    if is_shared != cart.is_shared:
        cart.is_shared = is_shared
        did = "cart:shared" if is_shared else "cart:unshared"
        journal.record(cart, did, by, name=cart.name)
        carting.note(cart, CartDeed.SHARED, by)
    carting.touch(cart)


def check_owner(cart: Cart, user_id: int, *, is_admin: bool) -> None:
    """Whose cart it is, or who looks after the customer's people, may do so. Raises NotYourCart."""
    if cart.user_id != user_id and not is_admin:
        raise NotYourCart(name=cart.user.name)


def empty(cart: Cart, *, version: int | None, by: Actor) -> None:
    """Take everything out of a cart as it was seen. Raises NotOpen, CartMovedOn."""
    if version is not None:
        _check(cart, version)
    carting.clear(cart, by)


def put_back(cart: Cart, customer: Customer, by: Actor) -> Refilled:
    """What was taken out at once goes back in, on top of what came since. Raises NothingToUndo."""
    carting.check_open(cart)
    if not cart.emptied:
        raise NothingToUndo
    pieces: dict[int, int] = {sku: quantity for sku, quantity, _note in cart.emptied}
    notes = {sku: said for sku, _quantity, said in cart.emptied}
    cart.emptied, cart.emptied_by = [], ""
    done = refill(cart, customer, pieces, by)
    for line in cart.lines:
        line.note = line.note or notes.get(line.sku_id, "")
    carting.note(cart, CartDeed.RESTORED, by, after=sum(one.quantity for one in done.put.values()))
    return done


def delete(cart: Cart, *, version: int, by: Actor) -> None:
    """Put a cart away; it can be brought back for a month. Raises NotOpen, CartMovedOn."""
    _check(cart, version)
    cart.move_to(CartState.DELETED)
    carting.touch(cart)
    journal.record(cart, "cart:deleted", by, name=cart.name, lines=len(cart.lines))


def bring_back(cart: Cart, by: Actor) -> None:
    """A deleted cart is open again. Raises NothingToUndo."""
    if cart.state is not CartState.DELETED or cart.changed_at < clock.now() - UNDONE_WITHIN:
        raise NothingToUndo
    cart.move_to(CartState.OPEN)
    carting.touch(cart)
    journal.record(cart, "cart:restored", by, name=cart.name)


def deleted_carts(customer_id: int, user_id: int) -> list[Cart]:
    """The person's carts that can still be brought back, the latest first."""
    return list(
        session.scalars(
            select(Cart)
            .where(
                Cart.customer_id == customer_id, Cart.user_id == user_id,
                Cart.state == CartState.DELETED, Cart.changed_at >= clock.now() - UNDONE_WITHIN,
            )
            .options(selectinload(Cart.lines))
            .order_by(Cart.changed_at.desc())
        )
    )  # fmt: skip


def changes_of(cart: Cart) -> list[CartChange]:
    """The latest changes of a shared cart, the newest first."""
    return list(
        session.scalars(
            select(CartChange)
            .where(CartChange.cart_id == cart.id)
            .order_by(CartChange.id.desc())
            .limit(CHANGES_SHOWN)
        )
    )


def refill(cart: Cart, customer: Customer, pieces: Mapping[int, int], by: Actor) -> Refilled:
    """Put {SKU: pieces} on top of a cart, leaving out what can't be ordered any more.

    What is left out is named by its code: the customer has it from its own list, order or cart.
    """
    shown = offers(customer, pieces, at=clock.now(), with_pictures=False)
    good = {sku: pieces[sku] for sku, offer in shown.items() if offer.orderable}
    here = carting.quantities(cart)
    basket = {sku: n + here.get(sku, 0) for sku, n in good.items()}
    put = carting.put_many(cart, customer, basket, by) if basket else {}
    return Refilled(put, [one.facts.code for one in shown.values() if not one.orderable])


def _check(cart: Cart, version: int) -> None:
    carting.check_open(cart)
    if cart.version != version:
        raise CartMovedOn


def plain_name(typed: str) -> str:
    """A name as it is kept. Raises NameMissing."""
    name = " ".join(typed.split())[:LONGEST_NAME]
    if not name:
        raise NameMissing
    return name


def _checked(name: str, customer_id: int, user_id: int, but: int = 0) -> str:
    """A name nobody else of the person's carts has. One statement."""
    name = plain_name(name)
    mine: list[Any] = list(
        session.execute(
            select(Cart.id, Cart.name).where(
                Cart.customer_id == customer_id, Cart.user_id == user_id,
                Cart.state == CartState.OPEN, Cart.id != but,
            )
        )
    )  # fmt: skip
    if any(one.name == name for one in mine):
        raise CartNameTaken(name=name)
    if not but and len(mine) >= MOST_CARTS:
        raise TooManyCarts(most=MOST_CARTS)
    return name
