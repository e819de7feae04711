"""The staff wing whole: importing this module hangs every route on its blueprint."""

from wholesale.backoffice import (  # noqa: F401 - what hangs on them
    marks,
    queues,
    search,
    today,
)
from wholesale.backoffice.blueprints import floor, office
from wholesale.backoffice.customers import (  # noqa: F401 - what hangs on them
    buyers,
    credit,
    customer_addresses,
    customer_bill_to,
    customer_edit,
    customer_table,
    customer_terms,
    customers,
    duplicates,
    postal_codes,
    signup,
    vettings,
)
from wholesale.backoffice.files import (  # noqa: F401 - what hangs on them
    exports,
    imports,
)
from wholesale.backoffice.firm import (  # noqa: F401 - what hangs on them
    calendar,
    calendar_roads,
    people,
    roles,
    security,
    settings,
    settings_tables,
)
from wholesale.backoffice.goods import (  # noqa: F401 - what hangs on them
    brands,
    catalogue_items,
    catalogues,
    categories,
    order_links,
    pictures,
    product_papers,
    products,
)
from wholesale.backoffice.money import (  # noqa: F401 - what hangs on them
    bank,
    invoices,
    receipts,
)
from wholesale.backoffice.prices import (  # noqa: F401 - what hangs on them
    freight,
    fx,
    price_lists,
    price_reasons,
    price_sheets,
    rate_matrix,
    revisions,
)
from wholesale.backoffice.sales import (  # noqa: F401 - what hangs on them
    order_entry,
    order_questions,
    orders,
)
from wholesale.backoffice.warehouse import (  # noqa: F401 - what hangs on them
    packing,
    receiving,
    shipments,
    stock,
)

__all__ = ["floor", "office"]
