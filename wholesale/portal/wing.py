"""The portal whole: importing this module hangs every route on its blueprints."""

from wholesale.portal import (  # noqa: F401 - routes hang themselves on the blueprint
    account,
    apply,
    approvals,
    cart,
    carts,
    catalog,
    checkout,
    checkout_parts,
    collections,
    favourites,
    header,
    home,
    installing,
    invoices,
    ledger,
    materials,
    notices,
    order_links,
    order_lists,
    order_sheet,
    orders,
    people,
    price_notices,
    product_papers,
    products,
    quick_order,
    search,
    standard_lists,
)
from wholesale.portal.blueprints import links, portal

__all__ = ["links", "portal"]
