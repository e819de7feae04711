"""Checkout: the order as it would be placed now, and placing it exactly as it was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from wholesale.accounts.permissions import Permission
from wholesale.customers.credit_limits import known_credit
from wholesale.customers.models import Address, Customer
from wholesale.kernel import clock
from wholesale.kernel.db import savepoint
from wholesale.kernel.errors import DomainError
from wholesale.offers import dates
from wholesale.orders import approving, carting
from wholesale.orders.approving import Change, Wanted
from wholesale.orders.checking_out import Whole, review_legs
from wholesale.orders.checkout import Review
from wholesale.orders.models import Cart
from wholesale.orders.placing import TotalsChanged, place_orders
from wholesale.orders.splitting import MOST_PARTS, Leg, Part, PlaceGone, legs_of
from wholesale.portal import lookups
from wholesale.portal.blueprints import portal
from wholesale.portal.cart import check_same_cart, problems
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.errors import words
from wholesale.web.forms import DayField, HouseForm
from wholesale.web.gate import needs

DAYS_SHOWN = 5


class CheckoutForm(HouseForm):
    """Where to, when, and what the buyer wants printed."""

    ship_to = StringField(_l("Ship to"), [Length(max=30)])
    day = StringField(_l("Delivery day"), [Length(max=10)])
    other_day = DayField(_l("Another day"))
    po_number = StringField(
        _l("Your order number"), [Length(max=40, message=_l("At most 40 signs."))]
    )
    note = TextAreaField(_l("Note to us"), [Length(max=500, message=_l("At most 500 signs."))])
    message = TextAreaField(
        _l("Message to the approver"), [Length(max=500, message=_l("At most 500 signs."))]
    )
    together = StringField(_l("Send together"), [Length(max=1)])
    fingerprint = HiddenField()


@portal.get("/checkout")
@needs(Permission.ORDERS_PLACE)
def checkout() -> Answer:
    """The order as it would be placed now."""
    form = CheckoutForm(request.args)
    form.validate()
    _remember(form, lookups.own_cart())
    try:
        shown = _shown(form)
    except PlaceGone as gone:  # only there another one can be chosen
        return moved(url_for(".checkout_parts"), said=words(gone))
    return answer(
        "portal/checkout/show.html", "portal/checkout/_checkout.html",
        refusal="", changes=[], **shown,
    )  # fmt: skip


@portal.post("/checkout")
@needs(Permission.ORDERS_PLACE)
def place() -> Answer:
    """Place the order, or let it wait for approval; if any figure has changed, show before and after."""
    form = CheckoutForm()
    if not form.validate():
        return _refused(form)
    if request.form.get("look"):
        return moved(url_for(".checkout", **_kept(form)))
    try:
        with savepoint():  # a refusal leaves the cart open for the page that says so
            there = _asked(form) if request.form.get("ask") else _placed(form)
    except TotalsChanged as error:
        return _refused(form, error, _changes(request.form, error.now))
    except DomainError as error:
        return _refused(form, error)
    return moved(there)


def _remember(form: CheckoutForm, cart: Cart | None) -> None:
    """What a file said, or an earlier request for approval: the order number and the wished day."""
    if cart is None:
        return
    if "po_number" not in request.args:
        form.po_number.data = cart.po_number
    if "note" not in request.args:
        form.note.data = cart.note
    if "day" not in request.args and cart.wished_on and cart.wished_on >= clock.today():
        form.day.data, form.other_day.data = "other", cart.wished_on


def _placed(form: CheckoutForm) -> str:
    """Place the order, or an order for each place; returns where it is shown."""
    customer, someone, cart = lookups.own_customer(), the_visitor(), lookups.cart_to_fill()
    check_same_cart(cart)
    orders = place_orders(
        cart,
        customer,
        legs_of(cart, customer, _part(form, customer)),
        fingerprint=form.fingerprint.data or "",
        by=someone.actor,
        email=someone.email,
        spending_limit=lookups.own_membership().spending_limit,
        tells_sums=someone.sees_prices,
    )
    also = [order.number for order in orders[1:]]
    return url_for(".placed", number=orders[0].number, also=also or None)


def _part(form: CheckoutForm, customer: Customer) -> Part:
    """Where and when the whole cart goes, as the form says."""
    ship_to = _ship_to(form, customer)
    return Part(
        ship_to.id if ship_to else None, None, _wished(form),
        (form.po_number.data or "").strip(), (form.note.data or "").strip(),
        together=bool(form.together.data),
    )  # fmt: skip


def _asked(form: CheckoutForm) -> str:
    """Let the cart wait for a colleague; returns where it is shown."""
    customer, cart = lookups.own_customer(), lookups.cart_to_fill()
    check_same_cart(cart)
    part = _part(form, customer)
    wanted = Wanted(
        ship_to=_ship_to(form, customer),
        wished_on=part.wished_on,
        po_number=part.po_number,
        note=part.note,
        message=(form.message.data or "").strip(),
        together=part.together,
    )
    approving.ask(cart, customer, wanted, form.fingerprint.data or "", the_visitor().actor)
    return url_for(".approval", number=cart.id)


@portal.get("/checkout/done/<number>")
@needs(Permission.ORDERS_READ)
def placed(number: str) -> Answer:
    """What happens next with an order that was just placed."""
    order = lookups.own_order(number)
    others = [lookups.own_order(one) for one in request.args.getlist("also")[:MOST_PARTS]]
    return answer(
        "portal/checkout/done.html",
        order=order,
        orders=[order, *others],
        arrives_on=dates.arrives_on(
            order.planned_on,
            dates.way_of(order.ship_to, order.customer_id, order.ship_to_id),
            wished_on=order.wished_on,
        ),
    )


def _kept(form: CheckoutForm) -> dict[str, Any]:
    """What was typed, for the address of the page that looks at it again; no token among it.

    What was emptied goes along, or what the cart remembers would come back.
    """
    names = ("ship_to", "day", "other_day", "po_number", "note", "message", "together")
    return {name: request.form[name] for name in names if name in request.form and name in form}


def _refused(
    form: CheckoutForm, error: DomainError | None = None, changes: list[Change] | None = None
) -> Answer:
    return refused(
        "portal/checkout/show.html", "portal/checkout/_checkout.html",
        error=error, changes=changes or [], **_shown(form),
    )  # fmt: skip


def _shown(form: CheckoutForm) -> dict[str, Any]:
    customer, cart = lookups.own_customer(), lookups.own_cart()
    part = _part(form, customer)
    ship_to = _ship_to(form, customer)
    seen = _review(customer, cart, part)
    soonest = seen
    if part.wished_on or part.together:
        soonest = _review(customer, cart, replace(part, wished_on=None, together=False))
    payer = customer.payer_id
    return {
        "form": form, "places": lookups.own_places(), "ship_to": ship_to, "review": seen,
        "soonest": soonest, "days": _days(soonest, ship_to, customer), "wished": part.wished_on,
        "problems": problems(seen), "credit": known_credit(payer, seen.terms.currency),
        "customer": customer, "cart": cart, "kept": carting.names_known(cart),
        "must_ask": approving.must_ask(lookups.own_membership(), seen.net),
        "legs": list(zip(seen.legs, seen.reviews, strict=True)),
        "is_divided": bool(cart and cart.plan),
        "days_of_leaving": sorted({line.ships_on for line in soonest.counted}),
        "together": part.together,
    }  # fmt: skip


def _review(customer: Customer, cart: Cart | None, part: Part) -> Whole:
    legs = legs_of(cart, customer, part) if cart else [Leg(None, ())]
    return review_legs(customer, legs, at=clock.now())


def _ship_to(form: CheckoutForm, customer: Customer) -> Address | None:
    """The chosen address, or the customer's first one; None for the customer's own.

    Raises NotFound for a stranger's, PlaceGone where none is left of those the person is kept to.
    """
    if form.ship_to.data:
        return lookups.own_address(form.ship_to.data)
    places = lookups.own_places()
    if not places and the_visitor().ship_to_ids is not None:
        raise PlaceGone
    return places[0] if places else None


def _wished(form: CheckoutForm) -> date | None:
    """The day that was picked; None for the soonest. A day beyond a year, or past, is no wish."""
    if form.day.data == "other":
        day = form.other_day.data
    else:
        try:
            day = date.fromisoformat(form.day.data or "")
        except ValueError:
            return None
    return day if day is not None and dates.can_be_wished(day) else None


def _days(soonest: Whole, ship_to: Address | None, customer: Customer) -> list[date]:
    """The next days on which goods of one delivery can arrive."""
    way = dates.way_to(ship_to, customer)
    found: list[date] = []
    shipped = soonest.ships_on
    while len(found) < DAYS_SHOWN:
        shipped = dates.next_working(shipped + timedelta(days=1), way)
        day = dates.arrives_on(shipped, way)
        if day > (found[-1] if found else soonest.arrives_on):
            found.append(day)
    return found


def _changes(seen: MultiDict[str, str], now: Review | Whole) -> list[Change]:
    """The prices and sums the page had shown beside what they are now."""
    figures: Mapping[str, Decimal] = {
        **{line.offer.facts.code: line.unit_price for line in now.counted},
        "freight": now.freight,
        "net": now.net,
        "gross": now.gross,
    }
    found = []
    for code, after in figures.items():
        try:
            before = Decimal(seen.get(f"seen-{code}", ""))
        except InvalidOperation:
            continue
        if before != after:
            found.append(Change(code, before, after))
    return found
