"""What of a customer's claims on stock goes to another one: its demand, and what is set aside."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table, select

from wholesale.customers.models import Customer
from wholesale.kernel.db import session
from wholesale.kernel.text import N_
from wholesale.kernel.transfers import Takes, Transfer
from wholesale.stock.models import Allotment, Demand

TAKES = (
    Takes(Demand.customer_id),
    Takes(Allotment.customer_id, N_("Stock set aside"), once=("sku_id", "location_id")),
)
STAYS = ()
_allotments = cast("Table", Allotment.__table__)


def take_over(transfer: Transfer, old: Customer, new: Customer) -> None:
    """Where both have stock of a SKU set aside at one place, it is one sum."""
    _add_up(transfer, old, new)
    transfer.take(TAKES, old.id, new.id)


def _add_up(transfer: Transfer, old: Customer, new: Customer) -> None:
    theirs, ours = _allotted(old), _allotted(new)
    for place, (row, quantity, used) in theirs.items():
        if place not in ours:
            continue
        to, has, has_used = ours[place]
        if used:  # first what is within bounds whichever way it is read
            transfer.change(_allotments, {row: (used, 0)}, "used")
        transfer.change(_allotments, {row: (quantity, 0), to: (has, has + quantity)}, "quantity")
        if used:
            transfer.change(_allotments, {to: (has_used, has_used + used)}, "used")


def _allotted(customer: Customer) -> dict[tuple[int, int], tuple[int, int, int]]:
    one: Any = _allotments.c
    rows = session.execute(
        select(one.sku_id, one.location_id, one.id, one.quantity, one.used).where(
            one.customer_id == customer.id
        )
    )
    return {(sku, place): (row, quantity, used) for sku, place, row, quantity, used in rows}
