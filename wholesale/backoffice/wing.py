"""The staff wing whole: importing this module hangs every route on its blueprint."""

from wholesale.backoffice import (  # noqa: F401 - what hangs on them
    bank,
    customers,
    imports,
    invoices,
    marks,
    order_entry,
    orders,
    packing,
    queues,
    receipts,
    search,
    settings,
    settings_tables,
    shipments,
    stock,
    today,
)
from wholesale.backoffice.blueprints import floor, office

__all__ = ["floor", "office"]
