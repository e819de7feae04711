"""Papers of a product that count where the buyer sells: food contact, materials, origin, care."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response
from werkzeug.exceptions import NotFound

from wholesale.accounts.permissions import Permission
from wholesale.catalog import product_papers as verbs
from wholesale.catalog.product_papers import ProductPaper
from wholesale.customers.queries import ship_tos
from wholesale.kernel import clock, files
from wholesale.offers.listing import ProductView
from wholesale.portal import lookups
from wholesale.portal.blueprints import portal
from wholesale.web.gate import needs


def own_papers(product_id: int, view: ProductView) -> Sequence[ProductPaper]:
    """The papers of a visible product for the customer's markets; of hidden variants none."""
    customer = lookups.own_customer()
    places = {customer.country, *(one.country for one in ship_tos(customer.id))}
    shown = {None, *(offer.facts.id for offer in view.offers)}
    found = verbs.papers_for(product_id, places, clock.today())
    return [one for one in found if one.sku_id in shown]


@portal.get("/products/<code>/papers/<int:paper>")
@needs(Permission.CATALOG_READ)
def product_paper(code: str, paper: int) -> Response:
    """The PDF of a paper that counts for the buyer today."""
    product, view = lookups.visible_product(code)
    for one in own_papers(product.id, view):
        if one.id == paper:
            reply = Response(files.read(one.sha256), mimetype="application/pdf")
            reply.headers["Content-Disposition"] = f'inline; filename="{product.code}-{one.id}.pdf"'
            return reply
    raise NotFound
