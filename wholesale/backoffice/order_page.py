"""What the pages of orders show, read for a whole page at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from wholesale.backoffice import histories, marks
from wholesale.backoffice.forms.orders import DropForm, HoldForm, PromiseForm, ReasonForm
from wholesale.billing.models import Invoice, InvoiceLine
from wholesale.catalog.queries import pictures, sku_facts
from wholesale.kernel.db import session
from wholesale.orders import holding, queries
from wholesale.orders.models import Order, OrderLine, OrderState
from wholesale.shipping import planning
from wholesale.shipping.models import Shipment, ShipmentLine
from wholesale.stock.models import Allocation, Expected, Location, LocationKind
from wholesale.web.chips import Chip, Step


@dataclass(frozen=True, slots=True)
class Row:
    """One order of a list."""

    order: Order
    chip: Chip
    track: list[Step]
    source: str
    pieces: int


@dataclass(frozen=True, slots=True)
class LineView:
    """One line with where its goods lie. `places` are pieces per location of the page."""

    line: OrderLine
    picture: str
    places: tuple[int, ...]
    waiting: int
    next_on: Any
    ready: int


def counted(orders: Sequence[Order]) -> list[tuple[Order, int]]:
    """Each order with its pieces. One statement."""
    counts = queries.line_counts([order.id for order in orders]) if orders else {}
    return [(order, counts.get(order.id, (0, 0))[1]) for order in orders]


def row(order: Order, pieces: int) -> Row:
    """An order as a list shows it."""
    return Row(
        order, marks.order_chip(order), marks.track(order), marks.source_word(order.source), pieces
    )


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
    lines = _lines(order, places)
    shipments = _shipments(order)
    is_open = order.is_open
    return {
        "order": order,
        "chip": marks.order_chip(order),
        "source": marks.source_word(order.source),
        "steps": _steps(order),
        "places": places,
        "lines": lines,
        "fees": [line for line in order.lines if not line.needs_goods],
        "pieces": sum(view.line.quantity for view in lines),
        "waiting": sum(view.waiting for view in lines),
        "shipments": [(one, marks.shipment_chip(one.state)) for one in shipments],
        "invoices": _invoices(order),
        "holds": [(hold, marks.hold_word(hold.reason)) for hold in holding.open_holds(order)],
        "history": histories.of(order),
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
    }


def _lines(order: Order, places: Sequence[Location]) -> list[LineView]:
    mine = [line for line in order.lines if line.needs_goods and line.sku_id is not None]
    skus = [line.sku_id for line in mine if line.sku_id is not None]
    shown = pictures(sku_facts(skus).values()) if skus else {}
    lying: dict[tuple[int, int], int] = {}
    for demand, place, pieces in session.execute(
        select(Allocation.demand_id, Allocation.location_id, Allocation.quantity).where(
            Allocation.demand_id.in_([line.demand_id for line in mine if line.demand_id])
        )
    ):
        lying[demand, place] = lying.get((demand, place), 0) + pieces
    coming = {  # noqa: C416 - rows are no pairs to the checker
        sku: on
        for sku, on in session.execute(
            select(Expected.sku_id, Expected.due_on)
            .where(Expected.sku_id.in_(skus), Expected.quantity > Expected.received)
            .order_by(Expected.due_on.desc())
        )
    }
    ready: dict[int, int] = {}
    if order.state is OrderState.CONFIRMED:
        for one in planning.ready_of(order):
            ready[one.line.id] = ready.get(one.line.id, 0) + one.quantity
    return [
        LineView(
            line=line,
            picture=shown.get(line.sku_id or 0, ""),
            places=tuple(lying.get((line.demand_id or 0, place.id), 0) for place in places),
            waiting=max(line.open - line.allocated, 0) if order.is_open else 0,
            next_on=coming.get(line.sku_id or 0),
            ready=ready.get(line.id, 0),
        )
        for line in mine
    ]


def _shipments(order: Order) -> Sequence[Shipment]:
    ids = (
        select(ShipmentLine.shipment_id)
        .join(OrderLine, OrderLine.id == ShipmentLine.order_line_id)
        .where(OrderLine.order_id == order.id)
    )
    return session.scalars(select(Shipment).where(Shipment.id.in_(ids)).order_by(Shipment.id)).all()


def _invoices(order: Order) -> Sequence[Invoice]:
    ids = (
        select(InvoiceLine.invoice_id)
        .join(OrderLine, OrderLine.id == InvoiceLine.order_line_id)
        .where(OrderLine.order_id == order.id)
    )
    return session.scalars(select(Invoice).where(Invoice.id.in_(ids)).order_by(Invoice.id)).all()


def _steps(order: Order) -> list[tuple[Step, bool]]:
    """Placed, confirmed, and the four marks; the first that is not done is the current one."""
    agreed = order.state not in {OrderState.PLACED, OrderState.REJECTED, OrderState.PROPOSED}
    placed = Step(gettext("Placed"), gettext("done"), "done", "100")
    confirmed = Step(
        gettext("Confirmed"),
        gettext("done") if agreed else gettext("not yet"),
        "done" if agreed else "none",
        "100" if agreed else "0",
    )
    steps = [placed, confirmed, *marks.track(order)]
    current = next((index for index, step in enumerate(steps) if step.tone != "done"), -1)
    return [(step, index == current) for index, step in enumerate(steps)]
