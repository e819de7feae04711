"""What of a customer's catalogues goes to another one: what is open to it, its limits and numbers."""

from __future__ import annotations

from wholesale.catalog.models import CatalogAudience, PartNumber, QuantityRule
from wholesale.customers.models import Customer
from wholesale.kernel.text import N_
from wholesale.kernel.transfers import Takes, Transfer

TAKES = (
    Takes(CatalogAudience.customer_id, N_("Catalogues open to it"), once=("catalog_id",)),
    Takes(QuantityRule.customer_id, N_("Limits of quantity"), once=("sku_id",)),
    Takes(PartNumber.customer_id, N_("Its own part numbers"), once=("sku_id",)),
)
STAYS = ()


def take_over(transfer: Transfer, old: Customer, new: Customer) -> None:
    """What both have of one thing stays as the new one has it."""
    transfer.take(TAKES, old.id, new.id)
