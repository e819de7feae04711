"""Shipments for the office: by state and day, one with its cartons, tracking and papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import histories, lookups, marks
from wholesale.backoffice.acting import Desk
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.forms.shipments import DispatchForm, ReverseForm
from wholesale.catalog.queries import pictures, sku_facts
from wholesale.customers.models import Customer
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.papers import Paper
from wholesale.kernel.text import N_
from wholesale.shipping import dispatching, reversing
from wholesale.shipping.models import Shipment, ShipmentState
from wholesale.shipping.planning import OPEN
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs
from wholesale.web.paging import keyed_page
from wholesale.web.sheets import sheet

PAGE, PART = "backoffice/shipments/show.html", "backoffice/shipments/_shipment.html"
_GONE = (ShipmentState.DISPATCHED, ShipmentState.DELIVERED)
VIEWS: tuple[tuple[str, str, ColumnElement[bool]], ...] = (
    ("open", N_("Still here"), Shipment.state.in_(OPEN)),
    ("planned", N_("To pick"), Shipment.state == ShipmentState.PLANNED),
    ("picking", N_("To pack"), Shipment.state == ShipmentState.PICKING),
    ("packed", N_("To dispatch"), Shipment.state == ShipmentState.PACKED),
    ("to_bill", N_("Not invoiced"), Shipment.state.in_(_GONE) & ~Shipment.is_billed),
    ("gone", N_("Dispatched"), Shipment.state.in_(_GONE)),
    ("all", N_("All"), Shipment.id > 0),
)


class PaperPending(Conflict):
    """The paper is issued, its pages are still being made."""

    message = N_("The PDF is being made. Try again in a moment.")


class ReasonNeeded(DomainError):
    """A dispatch is taken back for a reason."""

    message = N_("Say why the dispatch is taken back.")


@office.get("/shipments")
@needs(Permission.SHIPMENTS_READ)
def shipments() -> Answer:
    """One state of the shipments, by the day they leave."""
    state = request.args.get("state", "open")
    text = request.args.get("q", "").strip()
    chosen = next((rule for name, _, rule in VIEWS if name == state), VIEWS[0][2])
    found = select(Shipment).where(chosen)
    if text:
        customers = select(Customer.id).where(Customer.name.contains(text, autoescape=True))
        found = found.where(
            or_(Shipment.number.like(f"{text.upper()}%"), Shipment.tracking_number == text,
                Shipment.customer_id.in_(customers))
        )  # fmt: skip
    page = keyed_page(
        found.options(joinedload(Shipment.customer), joinedload(Shipment.location)),
        [Shipment.planned_on, Shipment.id],
        lambda one: (one.planned_on, one.id),
        request.args,
    )
    return answer(
        "backoffice/shipments/index.html",
        "backoffice/shipments/_list.html",
        rows=[(one, marks.shipment_chip(one.state)) for one in page.rows],
        tabs=_tabs(),
        state=state,
        q=text,
        newer=page.newer,
        older=page.older,
    )


def _tabs() -> list[tuple[str, str, int | None]]:
    counted = [view for view in VIEWS if view[0] not in {"gone", "all"}]
    row = session.execute(
        select(*(
            select(func.count(Shipment.id)).where(rule).scalar_subquery() for _, _, rule in counted
        ))
    ).one()  # fmt: skip
    counts = {view[0]: number for view, number in zip(counted, row, strict=True)}
    return [(name, gettext(word), counts.get(name)) for name, word, _ in VIEWS]


@office.get("/shipments/<number>")
@needs(Permission.SHIPMENTS_READ)
def shipment(number: str) -> Answer:
    """One shipment with its lines and cartons."""
    return answer(PAGE, PART, **_page(lookups.shipment(number)), refusal="")


def _page(found: Shipment) -> dict[str, Any]:
    facts = sku_facts([line.sku_id for line in found.lines])
    orders = {line.order_line.order_id: line.order_line.order for line in found.lines}
    paper = _paper(found)
    return {
        "shipment": found,
        "chip": marks.shipment_chip(found.state),
        "orders": list(orders.values()),
        "facts": facts,
        "pictures": pictures(facts.values()),
        "pieces": sum(line.quantity for line in found.lines),
        "paper": paper,
        "history": histories.of(found),
        "can_pack": found.state in {ShipmentState.PLANNED, ShipmentState.PICKING},
        "can_dispatch": found.state is ShipmentState.PACKED,
        "can_deliver": found.state is ShipmentState.DISPATCHED,
        "can_cancel": found.state in OPEN,
        "can_reverse": found.state in _GONE and not found.is_billed,
        "can_bill": found.state in _GONE and not found.is_billed,
        "form": DispatchForm(),
        "reverse_form": ReverseForm(),
    }


def _paper(found: Shipment) -> Paper | None:
    return (
        session.scalar(select(Paper).where(Paper.id == found.paper_id)) if found.paper_id else None
    )


@office.get("/shipments/<number>/delivery-note")
@needs(Permission.SHIPMENTS_READ)
def delivery_note(number: str) -> Response:
    """The stored PDF of the delivery note. Raises PaperPending while its bytes are made."""
    paper = _paper(lookups.shipment(number))
    if paper is None or paper.sha256 is None:
        raise PaperPending
    return sheet(paper)


def _act(number: str, act: Callable[[Shipment], object], said: str) -> Answer:
    """Run one verb; the shipment again with what was done, or with why not."""
    url = url_for("office.shipment", number=number)
    return Desk(lambda: lookups.shipment(number), PAGE, PART, _page, url).act(act, said)


@office.post("/shipments/<number>/dispatch")
@needs(Permission.SHIPMENTS_DISPATCH)
def dispatch(number: str) -> Answer:
    """Hand the goods over."""
    form, by = DispatchForm(), the_visitor().actor
    return _act(
        number, lambda it: dispatching.dispatch(it, by, **form.told()), gettext("Dispatched")
    )


@office.post("/shipments/<number>/delivery")
@needs(Permission.SHIPMENTS_DISPATCH)
def deliver(number: str) -> Answer:
    """Note that the goods arrived."""
    by = the_visitor().actor
    return _act(number, lambda it: dispatching.deliver(it, by), gettext("Delivered"))


@office.post("/shipments/<number>/cancellation")
@needs(Permission.SHIPMENTS_DISPATCH)
def cancel_shipment(number: str) -> Answer:
    """Give the shipment up before it leaves."""
    by = the_visitor().actor
    return _act(number, lambda it: dispatching.cancel(it, by), gettext("Shipment cancelled"))


@office.post("/shipments/<number>/reversal")
@needs(Permission.SHIPMENTS_DISPATCH)
def reverse(number: str) -> Answer:
    """Take a dispatch back, with a reason, while it is not billed."""
    form, by = ReverseForm(), the_visitor().actor

    def act(it: Shipment) -> None:
        reason = (form.reason.data or "").strip()
        if not reason:
            raise ReasonNeeded
        reversing.reverse(it, by, reason=reason)

    return _act(number, act, gettext("Dispatch taken back"))
