"""Which packages hold rows of customers, in the order in which they go over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wholesale.accounts import taking_over as accounts
from wholesale.billing import taking_over as billing
from wholesale.catalog import taking_over as catalog
from wholesale.customers import taking_over as customers
from wholesale.customers.models import Customer
from wholesale.kernel.access import Actor
from wholesale.kernel.papers import Paper
from wholesale.kernel.transfers import Takes, Transfer
from wholesale.mail import taking_over as mail
from wholesale.merging.models import Distinct, Merge
from wholesale.offers import taking_over as offers
from wholesale.orders import taking_over as orders
from wholesale.payments import taking_over as payments
from wholesale.pricing import taking_over as pricing
from wholesale.sales_ledger import taking_over as sales_ledger
from wholesale.shipping import taking_over as shipping
from wholesale.stock import taking_over as stock

ROOMS = (accounts, catalog, pricing, stock, offers, orders, shipping, payments)
TAKES: tuple[Takes, ...] = (
    *customers.TAKES, *(one for room in ROOMS for one in room.TAKES),
    *billing.TAKES, *sales_ledger.TAKES, *mail.TAKES,
)  # fmt: skip
# What is frozen or is history, and what only says who was merged into whom.
STAYS = (
    *customers.STAYS, *(one for room in ROOMS for one in room.STAYS), *billing.STAYS,
    *sales_ledger.STAYS, *mail.STAYS, Paper.customer_id,
    Merge.old_id, Merge.new_id, Distinct.first_id, Distinct.second_id,
)  # fmt: skip


def take_over(
    transfer: Transfer, old: Customer, new: Customer, values: Mapping[str, Any], by: Actor
) -> None:
    """Every package gives what it holds of the old customer to the new one."""
    for room in ROOMS:
        room.take_over(transfer, old, new)
    billing.take_over(transfer.id, old, new, by)
    customers.take_over(transfer, old, new, values)
