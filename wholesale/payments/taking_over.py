"""What of a customer's money goes to another one: its receipts, and the names it pays under."""

from __future__ import annotations

from wholesale.customers.models import Customer
from wholesale.kernel.text import N_
from wholesale.kernel.transfers import Takes, Transfer
from wholesale.payments.models import PayerName, Receipt

TAKES = (
    Takes(Receipt.customer_id, N_("Receipts")),
    Takes(
        PayerName.customer_id,
        N_("Names it pays under"),
        once=("key", "bank", "branch", "is_registered"),
    ),
)
STAYS = ()


def take_over(transfer: Transfer, old: Customer, new: Customer) -> None:
    """What lies on account lies there for the new one."""
    transfer.take(TAKES, old.id, new.id)
