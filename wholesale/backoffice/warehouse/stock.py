"""Stock for our people: SKUs by place, one SKU's ledger, goods that come in, levels that were counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import request, url_for
from flask_babel import gettext

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import lookups
from wholesale.backoffice.acting import Desk
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.forms.stock import ArrivalForm, CountForm, ReceiveForm
from wholesale.backoffice.warehouse import stock_pages
from wholesale.catalog.models import Sku
from wholesale.catalog.queries import pictures, sku_facts
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.orders import goods
from wholesale.stock import ledger
from wholesale.stock.models import Location, Move
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.forms import HouseForm, first_trouble
from wholesale.web.gate import needs
from wholesale.web.paging import pack, unpack

PAGE, PART = "backoffice/stock/show.html", "backoffice/stock/_sku.html"
SHOWN_BESIDE = 8
VIEWS = (
    ("all", N_("All items")),
    ("held", N_("In stock")),
    ("short", N_("Short")),
    ("coming", N_("Arriving")),
)


class UnknownPlace(DomainError):
    """A form named a place that isn't one of our warehouses."""

    message = N_("Choose one of our warehouses.")


@office.get("/stock")
@needs(Permission.STOCK_READ)
def stock() -> Answer:
    """SKU by place: on hand, promised, free, arriving."""
    view, text = request.args.get("view", "all"), request.args.get("q", "").strip()
    key = unpack(request.args.get("after", ""), [Sku.code])
    ids = stock_pages.sku_ids(view, text, str(key[0]) if key else "")
    places = stock_pages.warehouses()
    rows = stock_pages.rows(ids[: stock_pages.SIZE], places)
    chosen = next((row for row in rows if row.facts.code == request.args.get("item", "")), None)
    return answer(
        "backoffice/stock/index.html",
        "backoffice/stock/_list.html",
        rows=rows,
        places=places,
        view=view,
        q=text,
        views=[(name, gettext(word)) for name, word in VIEWS],
        after=pack(rows[-1].facts.code) if len(ids) > stock_pages.SIZE else "",
        chosen=chosen,
        **(_ledger_of(chosen) if chosen else {}),
    )


def _ledger_of(row: stock_pages.Row) -> dict[str, Any]:
    """What the sheet beside the list shows of one item: its level over a month, its last moves."""
    entries, older = stock_pages.ledger(row.facts.id, None)
    return {
        "entries": entries[:SHOWN_BESIDE],
        "has_more": bool(older) or len(entries) > SHOWN_BESIDE,
        "chart": stock_pages.chart(row.facts.id, entries, row.on_hand),
    }


@office.get("/stock/<code>")
@needs(Permission.STOCK_READ)
def sku(code: str) -> Answer:
    """One SKU: its levels, its ledger, who waits, what is to come in."""
    return answer(PAGE, PART, **_page(lookups.sku(code)), refusal="")


def _page(found: Sku) -> dict[str, Any]:
    facts = sku_facts([found.id])
    key = unpack(request.args.get("before", ""), [Move.id])
    entries, older = stock_pages.ledger(found.id, int(str(key[0])) if key else None)
    levels = stock_pages.places_of(found.id)
    on_hand = sum(level["balance"].on_hand for level in levels)
    warehouses: Sequence[Location] = stock_pages.warehouses()
    return {
        "sku": found,
        "facts": facts[found.id],
        "picture": pictures(facts.values()).get(found.id, ""),
        "levels": levels,
        "on_hand": on_hand,
        "allocated": sum(level["balance"].allocated for level in levels),
        "free": sum(level["free"] for level in levels),
        "entries": entries,
        "older": pack(older) if older else "",
        "chart": None if key else stock_pages.chart(found.id, entries, on_hand),
        "waiting": stock_pages.waiting(found.id),
        "inbound": stock_pages.inbound(found.id),
        "warehouses": warehouses,
        "place_names": {place.id: place.name for place in warehouses},
        "receive_form": ReceiveForm(),
        "count_form": CountForm(),
    }


def _act(code: str, form: HouseForm, act: Callable[[Sku], object], said: str) -> Answer:
    """Run one verb on a SKU; the page again with what was done, or with why not."""
    desk = Desk(lambda: lookups.sku(code), PAGE, PART, _page, url_for("office.sku", code=code))
    if not form.validate():
        return desk.refuse(first_trouble(form))
    return desk.act(act, said)


def _place(code: str | None) -> int:
    for place in stock_pages.warehouses():
        if place.code == code:
            return place.id
    raise UnknownPlace


@office.post("/stock/<code>/receipts")
@needs(Permission.STOCK_ADJUST)
def receive(code: str) -> Answer:
    """Goods came in that nobody had announced; who waits for them is served at once."""
    form, by = ReceiveForm(), the_visitor().actor

    def act(it: Sku) -> None:
        pieces = int(form.quantity.data or 0)
        ledger.receive(it.id, _place(form.place.data), pieces, by, source=("sku", it.id))
        goods.fill_waiting([it.id], by)

    return _act(code, form, act, gettext("Received"))


@office.post("/stock/<code>/expected/<int:expected_id>/receipts")
@needs(Permission.STOCK_ADJUST)
def receive_expected(code: str, expected_id: int) -> Answer:
    """Goods of an announced arrival came in."""
    form, by = ArrivalForm(), the_visitor().actor
    return _act(
        code,
        form,
        lambda it: goods.receive(
            lookups.expected(it.id, expected_id), int(form.quantity.data or 0), by
        ),
        gettext("Received"),
    )


@office.post("/stock/<code>/counts")
@needs(Permission.STOCK_ADJUST)
def adjust(code: str) -> Answer:
    """Set a level to what was counted, with the reason."""
    form, by = CountForm(), the_visitor().actor
    return _act(
        code,
        form,
        lambda it: ledger.adjust(
            it.id, _place(form.place.data), int(form.counted.data or 0), by,
            reason=form.reason.data or "",
        ),
        gettext("The level is as counted"),
    )  # fmt: skip
