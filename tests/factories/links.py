"""An order link and the catalog behind it."""

from __future__ import annotations

from typing import Any

from tests.factories.catalogs import make_catalog
from tests.factories.orders import BY
from wholesale.catalog.models import Audience, Sku
from wholesale.customers.models import Customer
from wholesale.offers.links import save_link
from wholesale.offers.models import LinkOrders, OrderLink


def make_link(customer: Customer, *skus: Sku, pass_code: str = "", **values: Any) -> OrderLink:
    """A link to a catalog of these SKUs that is open for nobody else."""
    catalog = make_catalog(skus, audience=Audience.INVITED, name={"ja": "秋の展示会"})
    stated = {
        "name": "秋の展示会", "greeting": "", "catalog": catalog, "customer": customer,
        "orders_as": LinkOrders.OF_VISITORS, "opens_on": None, "closes_on": None, "is_on": True,
        "view_only": False, "shows_prices": True, **values,
    }  # fmt: skip
    return save_link(None, stated, pass_code, 0, BY)
