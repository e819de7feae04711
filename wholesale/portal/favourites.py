"""Favourites: items somebody has starred, to order straight from."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _

from wholesale.accounts.permissions import Permission
from wholesale.orders import carting, standard_lists
from wholesale.portal import baskets, lookups
from wholesale.portal.blueprints import portal
from wholesale.portal.cart import way_back
from wholesale.portal.standard_lists import rows_of
from wholesale.web.answers import Answer, answer, moved
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs

STAR = "portal/favourites/_starred.html"


@portal.get("/favourites")
@needs(Permission.CARTS_EDIT)
def favourite_items() -> Answer:
    """What one has starred, at today's prices and stock."""
    someone, customer = the_visitor(), lookups.own_customer()
    kept = standard_lists.favourites_of(customer.id, someone.user_id)
    pieces = carting.quantities(lookups.own_cart())
    rows = rows_of(kept)
    products = {
        row.offer.facts.product_id for row in rows if row.offer and row.offer.facts.option_2
    }
    return answer(
        "portal/favourites/index.html",
        rows=rows,
        basket=baskets.basket_of(customer, pieces),
        by_product=baskets.pieces_by_product(products, pieces),
    )


@portal.post("/favourites")
@needs(Permission.CARTS_EDIT)
def star() -> Answer:
    """Star an item (`item` is its code), or with on="" take the star away."""
    customer, code = lookups.own_customer(), request.form.get("item", "")
    if not request.form.get("on"):
        standard_lists.unstar(customer.id, the_visitor().user_id, code)
        said = _("%(code)s is no longer among your favourites.", code=code)
        return moved(way_back() or url_for(".favourite_items"), STAR, said=said, code=code, on="")
    _product, facts = lookups.visible_sku(code)
    standard_lists.star(customer, the_visitor().user_id, facts)
    said = _("%(code)s is among your favourites.", code=code)
    return moved(way_back() or url_for(".favourite_items"), STAR, said=said, code=code, on="1")
