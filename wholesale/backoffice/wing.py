"""The staff wing whole: importing this module hangs every route on its blueprint."""

from wholesale.backoffice import (  # noqa: F401 - what hangs on them
    bank,
    buyers,
    calendar,
    calendar_roads,
    categories,
    customer_addresses,
    customer_edit,
    customers,
    freight,
    fx,
    imports,
    invoices,
    marks,
    order_entry,
    orders,
    packing,
    people,
    pictures,
    postal_codes,
    products,
    queues,
    receipts,
    receiving,
    roles,
    search,
    security,
    settings,
    settings_tables,
    shipments,
    stock,
    today,
)
from wholesale.backoffice.blueprints import floor, office

__all__ = ["floor", "office"]
