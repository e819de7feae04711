"""What of a customer's shipments goes to another one."""

from __future__ import annotations

from wholesale.customers.models import Customer
from wholesale.kernel.text import N_
from wholesale.kernel.transfers import Takes, Transfer
from wholesale.shipping.models import Shipment

TAKES = (Takes(Shipment.customer_id, N_("Shipments")), Takes(Shipment.bill_to_id))
STAYS = ()


def take_over(transfer: Transfer, old: Customer, new: Customer) -> None:
    """What was dispatched and isn't billed yet is billed to the new one."""
    transfer.take(TAKES, old.id, new.id)
