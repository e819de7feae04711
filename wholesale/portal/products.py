"""One product: its pictures, the customer's price and how it came about, all colours and sizes."""

from __future__ import annotations

from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.catalog.models import Picture
from wholesale.kernel.db import session
from wholesale.orders import carting
from wholesale.portal import baskets, lookups
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
    return answer(
        "portal/products/show.html",
        product=found,
        view=view,
        shown=shown,
        is_grid=any(one.facts.option_2 for one in view.offers),
        photos=_photos(found.id),
        basket=baskets.basket_of(lookups.own_customer(), pieces),
        mine={one.facts.id for one in view.offers},
    )


def _photos(product_id: int) -> list[str]:
    """The addresses of the product's pictures, in order, each once."""
    found = session.execute(
        select(Picture.sha256, Picture.asset)
        .where(Picture.product_id == product_id)
        .order_by(Picture.position, Picture.id)
    )
    paths = (f"pictures/{sha256}" if sha256 else f"static/{asset}" for sha256, asset in found)
    return list(dict.fromkeys(paths))
