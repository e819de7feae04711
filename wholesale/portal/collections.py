"""Collections: the catalogues open to the customer, each as a look book, as cards, or to be filled in."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from flask import Response, request, url_for

from wholesale.accounts.permissions import Permission
from wholesale.catalog.models import Catalog
from wholesale.kernel import clock
from wholesale.offers import collections as shelves
from wholesale.offers import line_sheets
from wholesale.offers.listing import PAGE
from wholesale.orders import carting
from wholesale.portal import baskets, lookups
from wholesale.portal.blueprints import portal
from wholesale.web import line_sheets as answers
from wholesale.web import zones
from wholesale.web.answers import Answer, answer, moved
from wholesale.web.door import the_visitor
from wholesale.web.filters import language
from wholesale.web.gate import needs
from wholesale.web.lookups import found

VIEWS = ("book", "grid", "list")
FURTHEST = 100_000


class Deadline(NamedTuple):
    """Until when orders are taken: how long that is, the instant on the reader's clock and on the
    catalogue's own ("" where both are the same), and whether it has passed.
    """

    left: str
    until: str
    zone: str
    there: str
    is_over: bool


def deadline(catalog: Catalog) -> Deadline | None:
    """The deadline in words, in the reader's language and zone; None for a catalogue without one."""
    if catalog.closes_at is None:
        return None
    zone = zones.zone_of_country(lookups.own_customer().country) or catalog.time_zone
    there = ""
    if _clock(catalog.closes_at, zone) != _clock(catalog.closes_at, catalog.time_zone):
        there = f"{zones.until(catalog.closes_at, catalog.time_zone)} ({zones.zone_word(catalog.time_zone)})"  # fmt: skip
    else:
        zone = catalog.time_zone
    return Deadline(
        zones.left(catalog.closes_at, zone),
        zones.until(catalog.closes_at, zone),
        zones.zone_word(zone),
        there,
        catalog.closes_at <= clock.now(),
    )


def _clock(instant: datetime, zone: str) -> str:
    return zones.in_zone(instant, zone)


@portal.get("/collections")
@needs(Permission.CATALOG_READ)
def collections() -> Answer:
    """The catalogues the customer sees now, each with its deadline."""
    shown = shelves.collections(lookups.own_customer(), at=clock.now())
    return answer("portal/collections/index.html", shown=shown, deadline=deadline)


@portal.get("/collections/<code>")
@needs(Permission.CATALOG_READ)
def collection(code: str) -> Answer:
    """One of them: as a look book with large pictures, as cards, or every item to be filled in."""
    customer, shelf = lookups.own_customer(), lookups.visible_collection(code)
    view = request.args.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    offset = min(max(request.args.get("after", 0, type=int), 0), FURTHEST)
    page = shelves.collection_page(
        customer, shelf.catalog, at=clock.now(), offset=offset, every=view == "list",
        large=view == "book",
    )  # fmt: skip
    pieces = carting.quantities(lookups.own_cart())
    products = {one.facts.product_id for one in page.offers if one.facts.option_2}
    return answer(
        "portal/collections/show.html", "portal/collections/_page.html",
        collection=shelf, catalog=shelf.catalog, shown=page, view=view, views=VIEWS, offset=offset,
        size=PAGE, deadline=deadline(shelf.catalog), basket=baskets.basket_of(customer, pieces),
        by_product=baskets.pieces_by_product(products, pieces),
        is_large=line_sheets.is_large(shelf.skus),
    )  # fmt: skip


@portal.get("/collections/<code>/line-sheet")
@needs(Permission.CATALOG_READ)
def line_sheet(code: str) -> Response:
    """The collection as Excel or PDF at the customer's prices, to be filled in."""
    shelf = lookups.visible_collection(code)
    line_sheets.check_size(shelf.skus)
    sheet = line_sheets.gather(
        lookups.own_customer(), shelf.catalog, language(),
        with_prices=the_visitor().sees_prices,
    )  # fmt: skip
    return answers.at_once(sheet, answers.asked_kind(), shelf.catalog.code)


@portal.post("/collections/<code>/line-sheets")
@needs(Permission.CATALOG_READ)
def ask_line_sheet(code: str) -> Answer:
    """Have a large one drawn."""
    someone, shelf = the_visitor(), lookups.visible_collection(code)
    sheet = line_sheets.ask(
        lookups.own_customer(), shelf.catalog, answers.asked_kind(), language(), someone.actor,
        with_prices=someone.sees_prices,
    )  # fmt: skip
    return moved(url_for("portal.asked_line_sheet", number=sheet.id))


@portal.get("/line-sheets/<int:number>")
@needs(Permission.CATALOG_READ)
def asked_line_sheet(number: int) -> Answer:
    """Whether it is drawn."""
    sheet, catalog = lookups.own_line_sheet(number)
    return answer(
        "portal/collections/line_sheet.html", "portal/collections/_line_sheet.html",
        sheet=sheet, catalog=catalog,
    )  # fmt: skip


@portal.get("/line-sheets/<int:number>/file")
@needs(Permission.CATALOG_READ)
def line_sheet_file(number: int) -> Response:
    """The line sheet as the worker drew it."""
    sheet, catalog = lookups.own_line_sheet(number)
    return answers.kept(found(sheet.sha256), sheet.kind, catalog.code)
