"""What of a customer's people goes to another customer: who buys for it, who looks after it."""

from __future__ import annotations

from wholesale.accounts.models import ApiKey, Assignment, Membership, SignIn
from wholesale.customers.models import Customer
from wholesale.kernel.text import N_
from wholesale.kernel.transfers import Takes, Transfer

TAKES = (
    Takes(Membership.customer_id, N_("Buyers"), once=("user_id",)),
    Takes(Assignment.customer_id, N_("Who looks after it"), once=("user_id",)),
    Takes(SignIn.customer_id, N_("Open sessions in the portal")),
    Takes(ApiKey.customer_id, N_("Keys of machines")),
)
STAYS = ()


def take_over(transfer: Transfer, old: Customer, new: Customer) -> None:
    """Who buys for the old one buys for the new one, and goes on where it is signed in."""
    transfer.take(TAKES, old.id, new.id)
