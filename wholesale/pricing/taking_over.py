"""What of a customer's prices goes to another one: its price lists and its own rules."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, select

from wholesale.customers.models import Customer
from wholesale.kernel.db import session
from wholesale.kernel.text import N_
from wholesale.kernel.transfers import Takes, Transfer
from wholesale.pricing.models import CustomerPriceList, OwnerKind, PriceRule, owner_key
from wholesale.pricing.revision_models import LeftOut, PriceNotice

TAKES = (
    Takes(CustomerPriceList.customer_id, N_("Price lists"), once=("price_list_id",)),
    Takes(LeftOut.customer_id, once=("revision_id",)),
)
STAYS = (PriceNotice.customer_id,)  # as it was sent
# One rule per owner and all of these; whose rule it is stands in one number (`owner_key`).
RULES = Takes(
    PriceRule.owner_key,
    N_("Prices and rates of its own"),
    once=("object_key", "kind", "currency", "incoterm", "break_scope", "minimum", "is_special",
          "valid_from"),
)  # fmt: skip


def take_over(transfer: Transfer, old: Customer, new: Customer) -> None:
    """A rule that the new one states for the same thing stays with the old one."""
    transfer.take(TAKES, old.id, new.id)
    rules = cast("Table", PriceRule.__table__)
    before, after = key_of(old), key_of(new)
    ids = transfer.moving(RULES, before, after)
    transfer.change(rules, dict.fromkeys(ids, (before, after)), "owner_key")
    owners = select(rules.c.id).where(rules.c.id.in_(ids), rules.c.owner_id == old.id)
    transfer.change(rules, dict.fromkeys(session.scalars(owners), (old.id, new.id)), "owner_id")
    transfer.counts[RULES.name] = len(ids)


def key_of(customer: Customer) -> int:
    """The number under which a customer's own rules stand."""
    return owner_key(OwnerKind.CUSTOMER, customer.id)
