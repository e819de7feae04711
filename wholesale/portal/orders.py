"""The customer's orders: how far each has come, ordering again, calling one off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload
from wtforms import StringField
from wtforms.validators import Length

from wholesale.accounts.permissions import Permission
from wholesale.catalog.queries import pictures, sku_facts
from wholesale.customers.paying_dates import due_on
from wholesale.customers.queries import money_terms
from wholesale.kernel import clock, journal
from wholesale.kernel.db import savepoint, session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.money import ZERO
from wholesale.kernel.text import N_
from wholesale.orders import cancelling, confirming, keeping_carts, messages
from wholesale.orders import queries as listing
from wholesale.orders.models import LineKind, Order, OrderLine, OrderState
from wholesale.portal import deliveries, lookups, order_lists, words
from wholesale.portal.blueprints import portal
from wholesale.portal.deliveries import Arrival
from wholesale.portal.order_lists import VIEWS, Shown
from wholesale.shipping.models import Carton, Shipment, ShipmentLine
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.chips import Chip, Step
from wholesale.web.door import the_visitor
from wholesale.web.forms import HouseForm, Required
from wholesale.web.gate import needs
from wholesale.web.paging import Page, keyed_page


class ConfirmedAlready(Conflict):
    """The buyer wants to call off what we have confirmed."""

    message = N_("This order is confirmed already. Ask us, and we will see what can be stopped.")


class CancelForm(HouseForm):
    """Why the order is called off."""

    reason = StringField(_l("Reason"), [Required(), Length(max=200)])


@dataclass(frozen=True, slots=True)
class Row:
    """One order of the list."""

    order: Order
    chip: Chip
    track: list[Step]
    arrival: Arrival
    pieces: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One shipment of an order: what it carries of that order, in how many cartons."""

    shipment: Shipment
    chip: Chip
    arrives_on: date
    due_on: date
    pieces: dict[int, int]
    cartons: int


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, as the buyer reads it."""

    chip: Chip
    at: datetime
    note: str


@portal.get("/orders")
@needs(Permission.ORDERS_READ)
def orders() -> Answer:
    """The orders, newest first."""
    asked = order_lists.asked_for(request.args)
    customer_ids = lookups.own_ids()
    return answer(
        "portal/orders/index.html",
        "portal/orders/_list.html",
        shown=_page(asked),
        asked=asked,
        places=order_lists.places(),
        view=asked.view,
        views=VIEWS,
        counts=_counts(customer_ids),
    )


@portal.get("/orders/<number>")
@needs(Permission.ORDERS_READ)
def order(number: str) -> Answer:
    """One order: its deliveries, its lines, what happened."""
    return answer(
        "portal/orders/show.html",
        refusal="",
        form=CancelForm(),
        **_shown(lookups.own_order(number)),
    )


@portal.post("/orders/<number>/again")
@needs(Permission.CARTS_EDIT)
def order_again(number: str) -> Answer:
    """Put what can still be had of an order into the cart, on top of what is in it."""
    pieces: dict[int, int] = {}
    for line in lookups.own_order(number).lines:
        if line.sku_id is not None:
            pieces[line.sku_id] = pieces.get(line.sku_id, 0) + line.quantity
    done = keeping_carts.refill(
        lookups.cart_to_fill(), lookups.own_customer(), pieces, the_visitor().actor
    )
    said = _("%(items)s items of %(number)s are in the cart.", items=len(done.put), number=number)
    return moved(url_for(".cart"), said=words.left_out(said, done.left_out))


@portal.post("/orders/<number>/cancellation")
@needs(Permission.ORDERS_PLACE)
def cancel(number: str) -> Answer:
    """Call off an order that isn't confirmed yet."""
    order, form = lookups.own_order(number), CancelForm()
    if not form.validate():
        return refused("portal/orders/show.html", form=form, **_shown(order))
    try:
        if order.state not in {OrderState.PLACED, OrderState.PROPOSED}:
            raise ConfirmedAlready
        with savepoint():  # a refusal leaves the order as it was for the page that says so
            cancelling.cancel(order, the_visitor().actor, reason=form.reason.data)
    except DomainError as error:
        return refused("portal/orders/show.html", error=error, form=form, **_shown(order))
    return moved(
        url_for(".order", number=number), said=_("%(number)s is cancelled.", number=number)
    )


@portal.post("/orders/<number>/questions")
@needs(Permission.ORDERS_PLACE)
def ask(number: str) -> Answer:
    """Ask about the order, or about the line at a position; what was typed stays when refused."""
    order, about = lookups.own_order(number), request.form.get("about", "")
    line = next((one for one in order.lines if str(one.position) == about), None)
    try:
        with savepoint():
            messages.ask(order, line, request.form.get("question", ""), the_visitor().actor)
    except DomainError as error:
        form = CancelForm(data={})
        return refused("portal/orders/show.html", error=error, form=form, **_shown(order))
    return moved(
        url_for(".order", number=number, _anchor="questions"),
        said=_("Your question is on its way."),
    )


@portal.post("/orders/<number>/approval")
@needs(Permission.ORDERS_APPROVE)
def approve(number: str) -> Answer:
    """Agree to what we answered."""
    order = lookups.own_order(number)
    confirming.approve(order, the_visitor().actor)
    return moved(
        url_for(".order", number=number), said=_("%(number)s is confirmed.", number=number)
    )


def _page(asked: Shown) -> Page[Row]:
    found = keyed_page(
        order_lists.matching(asked).options(selectinload(Order.customer)),
        [Order.placed_at, Order.id],
        lambda one: (one.placed_at, one.id),
        request.args,
    )
    ships = deliveries.shipments_of(found.rows)
    counts = listing.line_counts([one.id for one in found.rows])
    rows = [
        Row(
            one, words.order_chip(one, ships[one.id]), words.order_track(one, ships[one.id]),
            deliveries.arrival(one, ships[one.id]), counts.get(one.id, (0, 0))[1],
        )
        for one in found.rows
    ]  # fmt: skip
    return Page(rows, newer=found.newer, older=found.older)


def _counts(customer_ids: frozenset[int]) -> dict[str, int]:
    """How many orders stand in each tab. One statement."""
    columns = [listing.how_many(view).label(view or "all") for view in VIEWS]
    row = session.execute(select(*columns).where(Order.customer_id.in_(customer_ids))).one()
    return dict(zip(VIEWS, row, strict=True))


def _shown(order: Order) -> dict[str, Any]:
    parts = _deliveries(order)
    shipments = [part.shipment for part in parts]
    facts = sku_facts(line.sku_id for line in order.lines if line.sku_id is not None)
    shown = pictures(facts.values())
    goods = [line for line in order.lines if line.kind is LineKind.GOODS]
    return {
        "order": order,
        "chip": words.order_chip(order, shipments),
        "steps": words.order_track(order, shipments),
        "arrival": deliveries.arrival(order, shipments),
        "deliveries": parts,
        "lines": {line.id: line for line in order.lines},
        "waiting": [line for line in goods if _unplanned(line, parts) > 0 and order.is_open],
        "unplanned": {line.id: _unplanned(line, parts) for line in goods},
        "closed": [] if order.is_open or parts else goods,
        "fees": [line for line in order.lines if line.kind is not LineKind.GOODS],
        "goods": sum((line.amount for line in goods), start=ZERO),
        "pieces": sum(line.quantity for line in goods),
        "shipped": sum(line.shipped for line in goods),
        "photos": {line.id: shown.get(line.sku_id or 0, "") for line in goods},
        "events": _events(order),
        "threads": messages.threads(order),
        "ask_about": request.values.get("about", ""),
        "typed": request.form.get("question", ""),
        "can_cancel": order.state in {OrderState.PLACED, OrderState.PROPOSED}
        and not any(line.shipped or line.planned for line in order.lines),
        "can_approve": order.state is OrderState.PROPOSED,
    }


def _unplanned(line: OrderLine, parts: list[Delivery]) -> int:
    """Pieces of a line that are on no shipment yet."""
    carried = sum(part.pieces.get(line.id, 0) for part in parts)
    return line.quantity - line.dropped - carried - line.opening_shipped


def _deliveries(order: Order) -> list[Delivery]:
    shipments = deliveries.shipments_of([order])[order.id]
    ids = [one.id for one in shipments]
    pieces: dict[int, dict[int, int]] = {one: {} for one in ids}
    for shipment, line, count in session.execute(
        select(
            ShipmentLine.shipment_id, ShipmentLine.order_line_id, func.sum(ShipmentLine.quantity)
        )
        .join(OrderLine, OrderLine.id == ShipmentLine.order_line_id)
        .where(ShipmentLine.shipment_id.in_(ids), OrderLine.order_id == order.id)
        .group_by(ShipmentLine.shipment_id, ShipmentLine.order_line_id)
    ):
        pieces[shipment][line] = int(count)
    cartons: dict[int, int] = dict(
        session.execute(
            select(Carton.shipment_id, func.count())
            .where(Carton.shipment_id.in_(ids))
            .group_by(Carton.shipment_id)
        ).all()
    )  # type: ignore[arg-type]
    terms = money_terms(order.customer, clock.today())
    return [
        Delivery(
            one, words.shipment_chip(one), deliveries.arrives(one),
            due_on(terms, one.dispatched_on or one.planned_on),
            pieces[one.id], cartons.get(one.id, 0),
        )
        for one in shipments
    ]  # fmt: skip


def _events(order: Order) -> list[Event]:
    """What the buyer may read of the order's history, newest first; nothing of ours inside."""
    own = the_visitor().user_id
    found = []
    before = ""
    for entry in journal.history(order):
        chip = words.told(entry.did)
        is_told = chip is not None and entry.did == before  # three answers in a row read as one
        before = entry.did
        if chip is not None and not is_told:
            by_buyer = entry.actor_kind == "buyer" or entry.actor_id == own
            found.append(Event(chip, entry.at, entry.actor_name if by_buyer else ""))
    return found
