"""What the pages of orders show, read for a whole page at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from wholesale.backoffice import histories, marks
from wholesale.backoffice.customers import customer_figures
from wholesale.backoffice.forms.orders import DropForm, HoldForm, PromiseForm, ReasonForm
from wholesale.backoffice.histories import Event
from wholesale.backoffice.sales import order_lines
from wholesale.backoffice.sales.order_lines import LineView
from wholesale.billing.models import Invoice, InvoiceLine
from wholesale.kernel.db import session
from wholesale.kernel.money import ZERO
from wholesale.orders import holding, messages, queries
from wholesale.orders.models import LineKind, Order, OrderLine, OrderState
from wholesale.shipping.models import Shipment, ShipmentLine
from wholesale.stock.models import Location, LocationKind
from wholesale.web.chips import Chip, Step
from wholesale.web.filters import day, figure, moment


@dataclass(frozen=True, slots=True)
class Row:
    """One order of a list."""

    order: Order
    chip: Chip
    track: tuple[Step, ...]
    source: str
    pieces: int
    promised_on: date | None
    unanswered: int


def rows(orders: Sequence[Order]) -> list[Row]:
    """The orders of a list, each with its pieces and its answers. Two statements."""
    ids = [order.id for order in orders]
    counts = queries.line_counts(ids) if ids else {}
    said = _answers(ids) if ids else {}
    return [
        Row(
            order=order,
            chip=marks.order_chip(order),
            track=marks.track(order),
            source=marks.source_word(order.source),
            pieces=counts.get(order.id, (0, 0))[1],
            promised_on=said.get(order.id, (None, 0))[0],
            unanswered=said.get(order.id, (None, 0))[1]
            if order.state is OrderState.CONFIRMED
            else 0,
        )
        for order in orders
    ]


def _answers(order_ids: Sequence[int]) -> dict[int, tuple[date | None, int]]:
    """{order: (last promised day, open lines without an answer)}."""
    is_open = OrderLine.quantity > OrderLine.dropped + OrderLine.shipped
    missing = case((is_open & OrderLine.promised_on.is_(None), 1), else_=0)
    return {
        order: (day, int(count))
        for order, day, count in session.execute(
            select(OrderLine.order_id, func.max(OrderLine.promised_on), func.sum(missing))
            .where(OrderLine.order_id.in_(order_ids), OrderLine.kind == LineKind.GOODS)
            .group_by(OrderLine.order_id)
        )
    }


def line_at(order: Order, position: int) -> OrderLine:
    """The line at a position. Raises NotFound."""
    for line in order.lines:
        if line.position == position:
            return line
    raise NotFound


def page(order: Order) -> dict[str, Any]:
    """Everything one order's page shows; a fixed number of statements."""
    places = session.scalars(
        select(Location).where(Location.kind == LocationKind.WAREHOUSE).order_by(Location.priority)
    ).all()
    lines = order_lines.views(order, places)
    is_open = order.is_open
    history = histories.of(order)
    parts = order_lines.parts(lines, order) if is_open else []
    return {
        "order": order,
        "chip": marks.order_chip(order),
        "source": marks.source_word(order.source),
        "steps": _steps(order, lines, history),
        "places": places,
        "lines": lines,
        "fees": [line for line in order.lines if not line.needs_goods],
        "pieces": sum(view.line.quantity for view in lines),
        "waiting": sum(view.waiting for view in lines),
        "unanswered": sum(1 for view in lines if view.line.open and not view.line.promised_on),
        "sums_at": [sum(view.places[at].pieces for view in lines) for at, _ in enumerate(places)],
        "goods_net": sum((view.line.amount for view in lines), ZERO),
        "shipments": _shipments(order),
        "invoices": _invoices(order),
        "holds": [(hold, marks.hold_word(hold.reason)) for hold in holding.open_holds(order)],
        "history": history,
        "threads": messages.threads(order),
        "parts": parts,
        "answers": order_lines.answers(parts),
        "terms": customer_figures.terms_of(order.customer),
        "credit": customer_figures.credit_of(order.customer),
        "can_choose": is_open
        and not order.on_hold
        and any(view.line.demand_id and view.line.open for view in lines),
        "can_confirm": order.state is OrderState.PLACED and not order.on_hold,
        "can_plan": order.state is OrderState.CONFIRMED
        and not order.on_hold
        and any(view.ready for view in lines),
        "can_promise": is_open and any(view.line.open for view in lines),
        "can_hold": is_open and not order.on_hold,
        "can_cancel": is_open and not any(line.shipped or line.planned for line in order.lines),
        "can_reject": order.state is OrderState.PLACED,
        "can_unreject": order.state is OrderState.REJECTED,
        "can_allocate": is_open and any(view.waiting for view in lines),
        "promise_form": PromiseForm(),
        "hold_form": HoldForm(),
        "reasons": [(reason.value, marks.hold_word(reason)) for reason in marks.HOLDS],
        "reason_form": ReasonForm(),
        "drop_form": DropForm(),
        "typed": {},
    }


def _shipments(order: Order) -> list[tuple[Shipment, Chip, int]]:
    """The shipments that carry this order, their state, and how many of its pieces."""
    pieces: dict[int, int] = dict(
        session.execute(
            select(ShipmentLine.shipment_id, func.sum(ShipmentLine.quantity))
            .join(OrderLine, OrderLine.id == ShipmentLine.order_line_id)
            .where(OrderLine.order_id == order.id)
            .group_by(ShipmentLine.shipment_id)
        ).all()
    )
    found = session.scalars(
        select(Shipment)
        .where(Shipment.id.in_(pieces))
        .options(joinedload(Shipment.location))
        .order_by(Shipment.id)
    )
    return [(one, marks.shipment_chip(one.state), int(pieces[one.id])) for one in found]


def _invoices(order: Order) -> Sequence[Invoice]:
    ids = (
        select(InvoiceLine.invoice_id)
        .join(OrderLine, OrderLine.id == InvoiceLine.order_line_id)
        .where(OrderLine.order_id == order.id)
    )
    return session.scalars(select(Invoice).where(Invoice.id.in_(ids)).order_by(Invoice.id)).all()


def _steps(
    order: Order, lines: Sequence[LineView], history: Sequence[Event]
) -> list[tuple[Step, bool]]:
    """Placed, confirmed, and the four marks with what is known of each; the first open one is now."""
    agreed = order.state not in {OrderState.PLACED, OrderState.REJECTED, OrderState.PROPOSED}
    said = next((event for event in history if event.did == "order:confirmed"), None)
    placed = Step(gettext("Placed"), moment(order.placed_at), "done", "100")
    confirmed = Step(
        gettext("Confirmed"),
        f"{moment(said.at)} {said.who}"
        if said
        else gettext("done")
        if agreed
        else gettext("not yet"),
        "done" if agreed else "none",
        "100" if agreed else "0",
    )
    words = (gettext("Allocation"), gettext("Shipping"), gettext("Invoicing"), gettext("Payment"))
    track = [
        Step(word, told or step.word, step.tone, step.mark)
        for word, told, step in zip(words, _told(order, lines), marks.track(order), strict=True)
    ]
    steps = [placed, confirmed, *track]
    current = next((index for index, step in enumerate(steps) if step.tone != "done"), -1)
    return [(step, index == current) for index, step in enumerate(steps)]


def _told(order: Order, lines: Sequence[LineView]) -> tuple[str, str, str, str]:
    """How many pieces are allocated and shipped; the other two marks have their own word."""
    wanted = sum(view.line.quantity - view.line.dropped for view in lines)
    shipped = sum(view.line.shipped for view in lines)
    here = shipped + sum(view.line.allocated for view in lines)
    leaves = gettext("planned %(day)s", day=day(order.planned_on)) if order.is_open else ""
    if not wanted:
        return "", "", "", ""
    return (
        gettext("%(count)s of %(whole)s", count=figure(here), whole=figure(wanted)),
        gettext("%(count)s of %(whole)s", count=figure(shipped), whole=figure(wanted))
        if shipped
        else leaves,
        "",
        "",
    )
