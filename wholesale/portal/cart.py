"""The cart: setting quantities from any page, and the page that shows what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from wholesale.accounts.permissions import Permission
from wholesale.catalog.queries import sku_ids_by_code
from wholesale.customers.models import Customer
from wholesale.customers.queries import ship_tos
from wholesale.kernel import clock
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_
from wholesale.offers.offering import offers
from wholesale.orders import carting, keeping_carts
from wholesale.orders.carting import Put
from wholesale.orders.checking_out import Whole
from wholesale.orders.checkout import Requested, Review, ReviewLine, review
from wholesale.orders.keeping_carts import changes_of
from wholesale.orders.models import Cart
from wholesale.portal import baskets, lookups, words
from wholesale.portal.blueprints import portal
from wholesale.portal.header import carts
from wholesale.web.answers import Answer, answer, is_part, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs


@portal.get("/cart")
@needs(Permission.CARTS_EDIT)
def cart() -> Answer:
    """What is in the cart, by the day it arrives, and what it comes to."""
    return answer("portal/cart/show.html", "portal/cart/_cart.html", refusal="", **_contents())


@portal.post("/cart/lines")
@needs(Permission.CARTS_EDIT)
def put_lines() -> Answer:
    """Set (or with mode=add: add) quantities typed anywhere; 0 takes an item out."""
    customer, actor = lookups.own_customer(), the_visitor().actor
    wanted = baskets.typed(request.form)
    if wanted.unread or not wanted.pieces:
        return _unreadable(wanted)
    cart = lookups.cart_to_fill()
    adds = request.form.get("mode") == "add"
    try:
        check_same_cart(cart)
        carting.check_seen(cart, {} if adds else baskets.seen(request.form), actor)
        put = baskets.set_quantities(cart, customer, wanted.pieces, actor, add=adds)
    except Conflict as error:
        return _overtaken(wanted, error)
    except DomainError as error:
        return _mend(wanted, error=error)
    if request.form.get("part") == "cart":
        return moved(
            url_for(".cart"), "portal/cart/_changed.html", refusal="", put=put, **_contents()
        )
    said = summary(put)
    if not is_part() or request.form.get("part") == "all":
        return moved(way_back() or url_for(".cart"), said=said)
    basket = baskets.basket_of(customer, carting.quantities(cart))
    return moved("", "portal/cart/_put.html", put=list(put.values()), basket=basket)


class OtherCart(Conflict):
    """The page was made for another cart than the one the person fills now."""

    message = N_(
        "You fill the cart “%(name)s” now; this page was made for another one. Load it again."
    )


def check_same_cart(cart: Cart) -> None:
    """Whether a form was made for the cart that is filled now, or for one that is gone.

    Raises OtherCart: in another window the person has changed over.
    """
    made_for = request.form.get("cart", "")
    if made_for in {"", str(cart.id)}:
        return
    if any(str(one.id) == made_for for one in carts()):
        raise OtherCart(name=words.cart_name(cart.name))


@portal.get("/cart/sums")
@needs(Permission.CATALOG_READ)
def typed_sums() -> Answer:
    """What quantities typed into a form come to, nothing else counted; for forms of many fields."""
    customer = lookups.own_customer()
    wanted = baskets.typed(request.args).pieces
    ids = sku_ids_by_code(wanted)
    shown = offers(
        customer,
        {ids[code]: n for code, n in wanted.items() if n and code in ids},
        at=clock.now(),
        with_pictures=False,
    )
    # what is not for this customer counts for nothing, exactly as a code that nobody has
    there = {sku for sku, offer in shown.items() if offer.orderable}
    pieces = {ids[code]: n for code, n in wanted.items() if n and ids.get(code) in there}
    return answer("portal/cart/_sums.html", sums=baskets.basket_of(customer, pieces))


@portal.post("/cart/contents")
@needs(Permission.CARTS_EDIT)
def empty_cart() -> Answer:
    """Take everything out of the cart as it was seen; it can be put back."""
    cart = lookups.cart_to_fill()
    try:
        check_same_cart(cart)
        keeping_carts.empty(cart, version=version_of(request.form), by=the_visitor().actor)
    except DomainError as error:
        return refused("portal/cart/show.html", error=error, **_contents())
    return moved(url_for(".cart"), said=_("The cart is empty now."))


def version_of(form: MultiDict[str, str]) -> int:
    """Which state of something the person looked at; 0 for none."""
    typed = form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdecimal() else 0


def summary(put: Mapping[int, Put]) -> str:
    """What was put in, in one sentence; rounded quantities are named."""
    pieces = sum(one.quantity for one in put.values())
    said = ngettext(
        "%(num)s item in the cart, %(pieces)s pieces.",
        "%(num)s items in the cart, %(pieces)s pieces.",
        len(put),
        pieces=pieces,
    )
    rounded = [one for one in put.values() if one.was_rounded]
    if rounded:
        codes = ", ".join(
            f"{one.offer.facts.code} {one.asked} → {one.quantity}" for one in rounded[:5]
        )
        said = _("%(said)s Rounded to packs: %(codes)s", said=said, codes=codes)
    return said


def requested(cart: Cart | None) -> list[Requested]:
    """The cart's lines as an order would ask for them."""
    return (
        [Requested(line.sku_id, line.quantity, note=line.note) for line in cart.lines]
        if cart
        else []
    )


def problems(seen: Review | Whole) -> dict[int, str]:
    """What keeps a line from being ordered, in words, by SKU."""
    return {
        line.offer.facts.id: words.problem(line.offer, line.problem, line.left)
        for line in seen.lines
        if line.problem
    }


def review_now(customer: Customer, cart: Cart | None) -> Review:
    """The cart as an order to the customer's first ship-to, as soon as possible."""
    places = ship_tos(customer.id)
    return review(
        customer,
        requested(cart),
        ship_to=places[0] if places else None,
        wished_on=None,
        at=clock.now(),
    )


def _contents() -> dict[str, Any]:
    customer, cart = lookups.own_customer(), lookups.own_cart()
    seen = review_now(customer, cart)
    groups: dict[Any, list[ReviewLine]] = {}
    for line in sorted(seen.lines, key=lambda one: one.ships_on):
        groups.setdefault(line.ships_on, []).append(line)
    return {
        "review": seen, "groups": list(groups.items()), "problems": problems(seen), "cart": cart,
        "kept": {line.sku_id: line for line in cart.lines} if cart else {},
        "changes": changes_of(cart) if cart and cart.is_shared else [],
    }  # fmt: skip


def way_back() -> str:
    """Where the form stood, on this site alone; "" when it doesn't say."""
    there = request.form.get("back", "")
    return there if there.startswith("/") and not there.startswith(("//", "/\\")) else ""


def _unreadable(wanted: baskets.Typed) -> Answer:
    code = next(iter(wanted.unread), "")
    if code:
        return _mend(wanted, said=_("%(code)s: enter a whole number of pieces.", code=code))
    return _mend(wanted, said=_("Enter a quantity."))


def _overtaken(wanted: baskets.Typed, error: Conflict) -> Answer:
    """Somebody was faster: the cart as it is now, or the quantities to look at again."""
    if request.form.get("part") != "cart":
        return _mend(wanted, error=error)
    return refused("portal/cart/show.html", "portal/cart/_cart.html", error=error, **_contents())


def _mend(wanted: baskets.Typed, *, error: DomainError | None = None, said: str = "") -> Answer:
    """Say what is wrong beside the field and leave what was typed where it stands."""
    reply = refused(
        "portal/cart/mend.html",
        "portal/cart/_refused.html",
        error=error,
        said=said,
        wanted=wanted,
        back=way_back(),
        mode=request.form.get("mode", ""),
    )
    if is_part():
        reply.headers["HX-Reswap"] = "innerHTML"
        if request.form.get("part") == "cart":
            reply.headers["HX-Retarget"] = "#flash"
    return reply
