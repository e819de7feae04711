"""The cart: setting quantities from any page, and the page that shows what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from wholesale.accounts.permissions import Permission
from wholesale.catalog.queries import sku_ids_by_code
from wholesale.customers.models import Customer
from wholesale.customers.queries import ship_tos
from wholesale.kernel import clock
from wholesale.kernel.errors import DomainError
from wholesale.offers.offering import offers
from wholesale.orders import carting
from wholesale.orders.carting import Put
from wholesale.orders.checkout import Requested, Review, ReviewLine, review
from wholesale.orders.models import Cart
from wholesale.portal import baskets, lookups, words
from wholesale.portal.blueprints import portal
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
    customer = lookups.own_customer()
    wanted = baskets.typed(request.form)
    if wanted.unread or not wanted.pieces:
        return _unreadable(wanted)
    cart = lookups.cart_to_fill()
    adds = request.form.get("mode") == "add"
    try:
        put = baskets.set_quantities(cart, customer, wanted.pieces, the_visitor().actor, add=adds)
    except DomainError as error:
        return _mend(wanted, error=error)
    if request.form.get("part") == "cart":
        return moved(
            url_for(".cart"), "portal/cart/_changed.html", refusal="", put=put, **_contents()
        )
    said = summary(put)
    if not is_part() or request.form.get("part") == "all":
        return moved(_back() or url_for(".cart"), said=said)
    basket = baskets.basket_of(customer, carting.quantities(cart))
    return moved("", "portal/cart/_put.html", put=list(put.values()), basket=basket)


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
    """Take everything out."""
    found = lookups.own_cart()
    if found is not None:
        carting.clear(found)
    return moved(url_for(".cart"), said=_("The cart is empty now."))


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


def problems(seen: Review) -> dict[int, str]:
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
    return {"review": seen, "groups": list(groups.items()), "problems": problems(seen)}


def _back() -> str:
    """Where the form stood, on this site alone; "" when it doesn't say."""
    there = request.form.get("back", "")
    return there if there.startswith("/") and not there.startswith(("//", "/\\")) else ""


def _unreadable(wanted: baskets.Typed) -> Answer:
    code = next(iter(wanted.unread), "")
    if code:
        return _mend(wanted, said=_("%(code)s: enter a whole number of pieces.", code=code))
    return _mend(wanted, said=_("Enter a quantity."))


def _mend(wanted: baskets.Typed, *, error: DomainError | None = None, said: str = "") -> Answer:
    """Say what is wrong beside the field and leave what was typed where it stands."""
    reply = refused(
        "portal/cart/mend.html",
        "portal/cart/_refused.html",
        error=error,
        said=said,
        wanted=wanted,
        back=_back(),
        mode=request.form.get("mode", ""),
    )
    if is_part():
        reply.headers["HX-Reswap"] = "innerHTML"
        if request.form.get("part") == "cart":
            reply.headers["HX-Retarget"] = "#flash"
    return reply
