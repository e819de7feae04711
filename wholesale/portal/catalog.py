"""The catalogue: what the customer may see, at its own prices, quantities in place."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from flask import Response, request

from wholesale.accounts.permissions import Permission
from wholesale.kernel import clock, files
from wholesale.offers.listing import (
    PAGE,
    Asked,
    Facet,
    brand_facets,
    catalogue_page,
    category_facets,
    codes_in,
    option_facets,
)
from wholesale.orders import carting
from wholesale.portal import baskets, lookups
from wholesale.portal.blueprints import portal
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.forms import folded
from wholesale.web.gate import needs

VIEWS = ("grid", "list")
SORTS = ("", "new", "code", "price", "-price")
STOCKS = ("now", "coming", "made")
FURTHEST = 100_000
MOST_PRICE = 10**9


@dataclass(frozen=True, slots=True)
class Chosen:
    """One filter that is set: the field of the address, and the facet behind it."""

    field: str
    facet: Facet


@portal.get("/catalogue")
@needs(Permission.CATALOG_READ)
def catalogue() -> Answer:
    """One page of the catalogue, as cards or as a list."""
    customer, now = lookups.own_customer(), clock.now()
    asked = asked_for()
    page = catalogue_page(customer, asked, at=now)
    pieces = carting.quantities(lookups.own_cart())
    facets = {
        "category": category_facets(customer, at=now),
        "brand": brand_facets(customer, asked.category, at=now),
        "option": option_facets(customer, asked.category, at=now),
    }
    chosen = [
        Chosen(field, facet)
        for field, found in facets.items()
        for facet in found
        if facet.code in codes_in(getattr(asked, field))
    ]
    products = {offer.facts.product_id for offer in page.offers if offer.facts.option_2}
    return answer(
        "portal/catalog/index.html",
        "portal/catalog/_listing.html",
        asked=asked,
        shown=page,
        size=PAGE,
        view="list" if request.args.get("view") == "list" else "grid",
        facets=facets,
        chosen=chosen,
        filters_set=len(chosen) + bool(asked.stock) + bool(asked.lowest or asked.highest),
        basket=baskets.basket_of(customer, pieces),
        by_product=baskets.pieces_by_product(products, pieces),
        turned=lambda field, code: turned(asked, field, code),
        sorts=SORTS,
        stocks=STOCKS,
    )


def turned(asked: Asked, field: str, code: str) -> str:
    """What a filter says once a choice was pressed; of categories several are in force at once."""
    now = codes_in(getattr(asked, field))
    if field != "category":
        return "" if code in now else code
    return ",".join([one for one in now if one != code] if code in now else [*now, code])


def asked_for(*, whole: bool = False) -> Asked:
    """What the address of a page asks for; `whole` leaves out which page."""
    args = request.args
    offset = 0 if whole else args.get("after", 0, type=int)
    return Asked(
        category=args.get("category", ""),
        brand=args.get("brand", ""),
        query=args.get("q", "").strip()[:100],
        option=args.get("option", ""),
        stock=args.get("stock", "") if args.get("stock") in STOCKS else "",
        lowest=_price("lowest"),
        highest=_price("highest"),
        sort=_sort(),
        offset=min(max(offset, 0), FURTHEST),
    )


def _sort() -> str:
    """The order that was asked for; who may not see prices learns none from an order by them."""
    asked = request.args.get("sort", "")
    is_told = the_visitor().sees_prices or not asked.endswith("price")
    return asked if asked in SORTS and is_told else ""


def _price(field: str) -> Decimal | None:
    """A price as people type it (1,200 or １２００); None for what can't be one, or may not be asked."""
    if not the_visitor().sees_prices:
        return None
    try:
        value = Decimal(folded(request.args.get(field, "")))
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 < value < MOST_PRICE else None


@portal.get("/pictures/<sha256>")
@needs(Permission.CATALOG_READ)
def picture(sha256: str) -> Response:
    """A stored picture, only of products the customer may see."""
    stored = lookups.visible_picture(sha256)
    reply = Response(files.read(stored.sha256), mimetype=stored.media_type)
    reply.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return reply
