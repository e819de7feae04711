"""One product: its pictures, the customer's price and how it came about, all colours and sizes."""

from __future__ import annotations

from flask import request

from wholesale.accounts.permissions import Permission
from wholesale.offers.tiers import tiers
from wholesale.orders import carting
from wholesale.portal import baskets, lookups
from wholesale.portal.baskets import Basket
from wholesale.portal.blueprints import portal
from wholesale.web.answers import Answer, answer
from wholesale.web.gate import needs


@portal.get("/products/<code>")
@needs(Permission.CATALOG_READ)
def product(code: str) -> Answer:
    """A product with every SKU the customer may see."""
    found, view = lookups.visible_product(code)
    pieces = carting.quantities(lookups.own_cart())
    shown = next((one for one in view.offers if one.facts.code == code), view.offers[0])
    customer = lookups.own_customer()
    mine = {one.facts.id for one in view.offers}
    of_this = {sku: count for sku, count in pieces.items() if sku in mine}
    return answer(
        "portal/products/show.html",
        product=found,
        view=view,
        shown=shown,
        is_grid=any(one.facts.option_2 for one in view.offers),
        basket=baskets.basket_of(customer, pieces),
        sums=baskets.basket_of(customer, of_this),
        tiers=tiers(
            customer,
            shown.facts,
            catalog_id=shown.catalog_id,
            pieces=sum(of_this.values()),
        ),
    )


@portal.get("/products/<code>/sums")
@needs(Permission.CATALOG_READ)
def product_sums(code: str) -> Answer:
    """What the quantities typed into the grid would come to, beside what else is in the cart."""
    _product, view = lookups.visible_product(code)
    wanted = baskets.typed(request.args).pieces
    ids = {one.facts.code: one.facts.id for one in view.offers if one.orderable}
    here = {ids[sku]: pieces for sku, pieces in wanted.items() if pieces and sku in ids}
    rest = carting.quantities(lookups.own_cart())
    all_of_it = {**{sku: n for sku, n in rest.items() if sku not in ids.values()}, **here}
    whole = baskets.basket_of(lookups.own_customer(), all_of_it)
    amounts = {sku: amount for sku, amount in whole.amounts.items() if sku in here}
    return answer("portal/products/_sums.html", sums=Basket(here, amounts, whole.currency))
