"""The warehouse floor: what to pick, into which cartons, and out of the door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import lookups, marks
from wholesale.backoffice.acting import Desk
from wholesale.backoffice.blueprints import floor
from wholesale.backoffice.forms import shipments as forms
from wholesale.backoffice.forms.shipments import DispatchForm
from wholesale.catalog.queries import pictures, sku_facts
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.shipping import dispatching, packing
from wholesale.shipping.models import Shipment, ShipmentLine, ShipmentState
from wholesale.shipping.packing import NotAllPicked
from wholesale.shipping.planning import OPEN
from wholesale.stock.models import Shelf
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.filters import day, figure
from wholesale.web.gate import needs

PAGE, PART = "backoffice/packing/pick.html", "backoffice/packing/_pick.html"
MOST = 100


class NotInShipment(DomainError):
    """What was scanned doesn't belong here."""

    message = N_("%(code)s is not in this shipment, or all its pieces are picked.")


@floor.get("/")
@needs(Permission.SHIPMENTS_DISPATCH)
def home() -> Answer:
    """The shipments that are still here, the earliest first."""
    rows = session.scalars(
        select(Shipment)
        .where(Shipment.state.in_(OPEN))
        .options(joinedload(Shipment.customer), joinedload(Shipment.location))
        .order_by(Shipment.planned_on, Shipment.id)
        .limit(MOST)
    ).all()
    pieces: dict[int, tuple[int, int]] = {
        shipment: (int(picked), int(wanted))
        for shipment, picked, wanted in session.execute(
            select(
                ShipmentLine.shipment_id, func.sum(ShipmentLine.picked),
                func.sum(ShipmentLine.quantity),
            )
            .where(ShipmentLine.shipment_id.in_([one.id for one in rows]))
            .group_by(ShipmentLine.shipment_id)
        )
    }  # fmt: skip
    return answer(
        "backoffice/packing/index.html",
        rows=[(one, marks.shipment_chip(one.state), *pieces.get(one.id, (0, 0))) for one in rows],
        left=sum(wanted - picked for picked, wanted in pieces.values()),
    )


@floor.get("/pick/<number>")
@needs(Permission.SHIPMENTS_DISPATCH)
def pick(number: str) -> Answer:
    """One shipment at the shelves: lines, cartons, dispatch."""
    return answer(PAGE, PART, **_page(lookups.shipment(number)), refusal="")


def _page(shipment: Shipment, typed: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What the floor sees; a fixed number of statements."""
    skus = [line.sku_id for line in shipment.lines]
    facts = sku_facts(skus)
    shelves = dict(
        session.execute(
            select(Shelf.sku_id, Shelf.code).where(
                Shelf.sku_id.in_(skus), Shelf.location_id == shipment.location_id
            )
        ).all()
    )
    lines = sorted(shipment.lines, key=lambda line: (shelves.get(line.sku_id, "~"), line.id))
    wanted = sum(line.quantity for line in shipment.lines)
    done = sum(line.picked for line in shipment.lines)
    picking = shipment.state in {ShipmentState.PLANNED, ShipmentState.PICKING}
    return {
        "shipment": shipment,
        "chip": marks.shipment_chip(shipment.state),
        "order": shipment.lines[0].order_line.order,
        "lines": lines,
        "current": next((line.id for line in lines if line.picked < line.quantity), None),
        "facts": facts,
        "pictures": pictures(facts.values()),
        "shelves": shelves,
        "wanted": wanted,
        "picked": done,
        "steps": _steps(shipment, done, wanted),
        "can_pick": picking,
        "can_pack": picking and done == wanted,
        "can_dispatch": shipment.state is ShipmentState.PACKED,
        "cartons": forms.carton_fields(shipment, typed) if picking else [],
        "typed": typed or {},
        "form": DispatchForm(),
    }


def _steps(shipment: Shipment, done: int, wanted: int) -> list[tuple[str, str, str, str]]:
    """(word, tone, mark, what is known): the shelves, the cartons, the carrier."""
    state = shipment.state
    packed = state not in {ShipmentState.PLANNED, ShipmentState.PICKING}
    gone = state in {ShipmentState.DISPATCHED, ShipmentState.DELIVERED}
    full = packed or done == wanted
    return [
        (gettext("Take"), "done" if full else "now", "100" if full else "25",
         gettext("%(count)s of %(whole)s", count=figure(done), whole=figure(wanted))),
        (gettext("Packing"), "done" if packed else "now" if full else "", "100" if packed else "0",
         ngettext("%(num)s carton", "%(num)s cartons", len(shipment.cartons)) if packed else "–"),
        (gettext("Dispatch"), "done" if gone else "now" if packed else "", "100" if gone else "0",
         day(shipment.dispatched_on or shipment.planned_on)),
    ]  # fmt: skip


def _act(number: str, act: Callable[[Shipment], None], said: str) -> Answer:
    """Run one verb; the screen again with what was done, or with why not and what was typed."""
    return Desk(
        lambda: lookups.shipment(number),
        PAGE,
        PART,
        _page,
        url_for("floor.pick", number=number),
        typed=lambda it: _page(it, _typed()),
    ).act(act, said)


def _typed() -> Mapping[str, str] | None:
    return request.form if any(name.startswith("carton-") for name in request.form) else None


@floor.post("/pick/<number>/picks")
@needs(Permission.SHIPMENTS_DISPATCH)
def save_picks(number: str) -> Answer:
    """Note how many pieces were found of each line."""
    by = the_visitor().actor
    return _act(number, lambda it: packing.pick(it, forms.picked(it), by), gettext("Saved"))


@floor.post("/pick/<number>/scans")
@needs(Permission.SHIPMENTS_DISPATCH)
def scan(number: str) -> Answer:
    """One piece was scanned by its JAN or its code: count it, and say which and how many so far."""
    by, code = the_visitor().actor, request.form.get("code", "").strip()
    said = gettext("%(code)s counted", code=code)

    def act(it: Shipment) -> None:
        for line in it.lines:
            if code in {line.sku.code, line.sku.jan} and line.picked < line.quantity:
                packing.pick(it, {line.id: line.picked + 1}, by)
                return
        raise NotInShipment(code=code)

    return _act(number, act, said)


@floor.post("/pick/<number>/cartons")
@needs(Permission.SHIPMENTS_DISPATCH)
def pack(number: str) -> Answer:
    """Close the cartons as they were filled."""
    by = the_visitor().actor

    def act(it: Shipment) -> None:
        missing = sum(line.quantity - line.picked for line in it.lines)
        if missing:
            raise NotAllPicked(missing=missing)
        filled = [carton for carton in forms.cartons(it) if carton]
        packing.pack(it, filled, by, weights=forms.weights(it))

    return _act(number, act, gettext("Cartons closed"))


@floor.post("/pick/<number>/dispatch")
@needs(Permission.SHIPMENTS_DISPATCH)
def dispatch(number: str) -> Answer:
    """Hand the goods over: stock, sales and the delivery note are written."""
    form, by = DispatchForm(), the_visitor().actor
    return _act(
        number, lambda it: dispatching.dispatch(it, by, **form.told()), gettext("Dispatched")
    )
