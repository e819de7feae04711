"""Checkout: the order as it would be placed now, and placing it exactly as it was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
from wholesale.orders import approving
from wholesale.orders import checkout as checking
from wholesale.orders.approving import Wanted
from wholesale.orders.checkout import Review
from wholesale.orders.placing import TotalsChanged, place_order
from wholesale.portal import lookups
from wholesale.portal.blueprints import portal
from wholesale.portal.cart import problems, requested
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.forms import DayField, HouseForm
from wholesale.web.gate import needs

DAYS_SHOWN = 5
FARTHEST = timedelta(days=365)


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
    fingerprint = HiddenField()


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that differs from what the buyer saw."""

    code: str
    before: Decimal
    after: Decimal


@portal.get("/checkout")
@needs(Permission.ORDERS_PLACE)
def checkout() -> Answer:
    """The order as it would be placed now."""
    form = CheckoutForm(request.args)
    form.validate()
    return answer(
        "portal/checkout/show.html", "portal/checkout/_checkout.html",
        refusal="", changes=[], **_shown(form),
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


def _placed(form: CheckoutForm) -> str:
    """Place the order; returns where it is shown."""
    customer, someone = lookups.own_customer(), the_visitor()
    order = place_order(
        lookups.cart_to_fill(),
        customer,
        ship_to=_ship_to(form, customer),
        fingerprint=form.fingerprint.data or "",
        by=someone.actor,
        wished_on=_wished(form),
        po_number=(form.po_number.data or "").strip(),
        note=(form.note.data or "").strip(),
        email=someone.email,
        spending_limit=lookups.own_membership().spending_limit,
        tells_sums=someone.sees_prices,
    )
    return url_for(".placed", number=order.number)


def _asked(form: CheckoutForm) -> str:
    """Let the cart wait for a colleague; returns where it is shown."""
    customer, cart = lookups.own_customer(), lookups.cart_to_fill()
    wanted = Wanted(
        ship_to=_ship_to(form, customer),
        wished_on=_wished(form),
        po_number=(form.po_number.data or "").strip(),
        note=(form.note.data or "").strip(),
        message=(form.message.data or "").strip(),
    )
    approving.ask(cart, customer, wanted, form.fingerprint.data or "", the_visitor().actor)
    return url_for(".approval", number=cart.id)


@portal.get("/checkout/done/<number>")
@needs(Permission.ORDERS_READ)
def placed(number: str) -> Answer:
    """What happens next with an order that was just placed."""
    order = lookups.own_order(number)
    return answer(
        "portal/checkout/done.html",
        order=order,
        arrives_on=dates.arrives_on(
            order.planned_on,
            dates.way_of(order.ship_to, order.customer_id, order.ship_to_id),
            wished_on=order.wished_on,
        ),
    )


def _kept(form: CheckoutForm) -> dict[str, Any]:
    """What was typed, for the address of the page that looks at it again; no token among it."""
    names = ("ship_to", "day", "other_day", "po_number", "note", "message")
    return {name: request.form[name] for name in names if request.form.get(name) and name in form}


def _refused(
    form: CheckoutForm, error: DomainError | None = None, changes: list[Change] | None = None
) -> Answer:
    return refused(
        "portal/checkout/show.html", "portal/checkout/_checkout.html",
        error=error, changes=changes or [], **_shown(form),
    )  # fmt: skip


def _shown(form: CheckoutForm) -> dict[str, Any]:
    customer = lookups.own_customer()
    places = lookups.own_places()
    ship_to = _ship_to(form, customer)
    cart = lookups.own_cart()
    lines = requested(cart)
    soonest = _review(customer, lines, ship_to, None)
    wished = _wished(form)
    seen = _review(customer, lines, ship_to, wished) if wished else soonest
    payer = customer.payer_id
    return {
        "form": form, "places": places, "ship_to": ship_to, "review": seen, "soonest": soonest,
        "days": _days(soonest, ship_to, customer), "wished": wished, "problems": problems(seen),
        "credit": known_credit(payer, seen.terms.currency), "customer": customer,
        "cart": cart, "must_ask": approving.must_ask(lookups.own_membership(), seen.net),
    }  # fmt: skip


def _review(
    customer: Customer,
    lines: list[checking.Requested],
    ship_to: Address | None,
    wished: date | None,
) -> Review:
    return checking.review(customer, lines, ship_to=ship_to, wished_on=wished, at=clock.now())


def _ship_to(form: CheckoutForm, customer: Customer) -> Address | None:
    """The chosen address, or the customer's first one. Raises NotFound for a stranger's."""
    if form.ship_to.data:
        return lookups.own_address(form.ship_to.data)
    places = lookups.own_places()
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
    today = clock.today()
    return day if day is not None and today <= day <= today + FARTHEST else None


def _days(soonest: Review, ship_to: Address | None, customer: Customer) -> list[date]:
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


def _changes(seen: MultiDict[str, str], now: Review) -> list[Change]:
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
