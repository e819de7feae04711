"""What of a customer's offers goes to another one: its order links, and what its buyers wait for."""

from __future__ import annotations

from wholesale.customers.models import Customer
from wholesale.kernel.text import N_
from wholesale.kernel.transfers import Takes, Transfer
from wholesale.offers.models import LineSheet, OrderLink
from wholesale.offers.watch_tables import Watch

TAKES = (
    Takes(OrderLink.customer_id, N_("Order links")),
    Takes(Watch.customer_id, N_("Notices by e-mail"), once=("user_id", "kind", "code")),
)
# drawn for the old one, at its prices
STAYS = (LineSheet.customer_id,)


def take_over(transfer: Transfer, old: Customer, new: Customer) -> None:
    """What is ordered by such a link is the new one's from here on."""
    transfer.take(TAKES, old.id, new.id)
