"""One product: its pictures, the customer's price and how it came about, all colours and sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.kernel.db import Names, session
from wholesale.offers.listing import ProductView
from wholesale.offers.offering import Offer
from wholesale.offers.tiers import Tier, tiers
from wholesale.orders import carting
from wholesale.orders.models import Order, OrderLine
from wholesale.portal import baskets, lookups
from wholesale.portal.baskets import Basket
from wholesale.portal.blueprints import portal
from wholesale.portal.notices import switched_on, things_of
from wholesale.portal.product_facts import facts
from wholesale.portal.product_papers import own_papers
from wholesale.web.answers import Answer, answer
from wholesale.web.gate import needs


@dataclass(frozen=True, slots=True)
class Nudge:
    """How far the next price step is: pieces still missing, and how full the way is (0–100)."""

    tier: Tier
    missing: int
    percent: int


@portal.get("/products/<code>")
@needs(Permission.CATALOG_READ)
def product(code: str) -> Answer:
    """A product with every SKU the customer may see; `?fill=last` types its last order in."""
    found, view = lookups.visible_product(code)
    pieces = carting.quantities(lookups.own_cart())
    shown = next((one for one in view.offers if one.facts.code == code), view.offers[0])
    customer = lookups.own_customer()
    mine = [one.facts.id for one in view.offers]
    last = _last_pieces(mine)
    of_this = {sku: pieces[sku] for sku in mine if sku in pieces}
    if request.args.get("fill") == "last":
        of_this = {
            one.facts.id: last[one.facts.id]
            for one in view.offers
            if one.orderable and one.facts.id in last
        }
    return answer(
        "portal/products/show.html",
        product=found,
        gallery=lookups.gallery(found, view),
        successor=lookups.visible_successor(found),
        more=facts(found, lookups.offered_sku(shown), customer.country),
        view=view,
        shown=shown,
        columns=_columns(view),
        is_grid=any(one.facts.option_2 for one in view.offers),
        typed=of_this,
        has_last=bool(last),
        things=things_of(found, shown.facts),
        switched_on=switched_on(customer.id),
        papers=own_papers(found.id, view),
        basket=baskets.basket_of(customer, pieces),
        sums=baskets.basket_of(customer, of_this),
        **_steps(shown, sum(of_this.values())),
    )


@portal.get("/products/<code>/sums")
@needs(Permission.CATALOG_READ)
def product_sums(code: str) -> Answer:
    """What the quantities typed into the grid would come to, beside what else is in the cart."""
    product, view = lookups.visible_product(code)
    wanted = baskets.typed(request.args).pieces
    ids = {one.facts.code: one.facts.id for one in view.offers if one.orderable}
    here = {ids[sku]: pieces for sku, pieces in wanted.items() if pieces and sku in ids}
    rest = carting.quantities(lookups.own_cart())
    all_of_it = {**{sku: n for sku, n in rest.items() if sku not in ids.values()}, **here}
    whole = baskets.basket_of(lookups.own_customer(), all_of_it)
    amounts = {sku: amount for sku, amount in whole.amounts.items() if sku in here}
    return answer(
        "portal/products/_summed.html",
        product=product,
        sums=Basket(here, amounts, whole.currency),
        **_steps(view.offers[0], sum(here.values())),
    )


def _columns(view: ProductView) -> dict[str, Names]:
    """The columns of the grid with what each is called."""
    called: dict[str, Names] = {}
    for (_row, column), offer in view.cells.items():
        called.setdefault(column, offer.facts.option_2 or {})
    return called


def _steps(shown: Offer, pieces: int) -> dict[str, Any]:
    """The price steps for so many pieces, and how far the next one is."""
    steps = tiers(lookups.own_customer(), shown.facts, catalog_id=shown.catalog_id, pieces=pieces)
    ahead = next((one for one in steps if one.minimum > pieces), None)
    nudge = None
    if ahead is not None and pieces and len(steps) > 1:
        nudge = Nudge(ahead, ahead.minimum - pieces, 100 * pieces // ahead.minimum)
    return {"tiers": steps, "nudge": nudge}


def _last_pieces(skus: list[int]) -> Mapping[int, int]:
    """What the customer's newest order with any of these SKUs had of them. Two statements."""
    mine = (OrderLine.sku_id.in_(skus), Order.customer_id.in_(lookups.own_ids()))
    newest = session.scalar(
        select(Order.id)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(*mine)
        .order_by(Order.placed_at.desc())
        .limit(1)
    )
    if newest is None:
        return {}
    found: dict[int, int] = {}
    for sku, pieces in session.execute(
        select(OrderLine.sku_id, OrderLine.quantity).where(
            OrderLine.order_id == newest, OrderLine.sku_id.in_(skus)
        )
    ):
        if sku is not None:
            found[sku] = found.get(sku, 0) + pieces
    return found
