"""What of a customer's orders goes to another one: all of them, and its carts."""

from __future__ import annotations

from wholesale.customers.models import Customer
from wholesale.kernel.text import N_
from wholesale.kernel.transfers import Takes, Transfer
from wholesale.orders.list_tables import CartChoice, Favourite, StandardList
from wholesale.orders.messages import OrderMessage
from wholesale.orders.models import Cart, Order

TAKES = (
    Takes(Order.customer_id, N_("Orders")),
    Takes(Order.bill_to_id),
    Takes(Cart.customer_id, N_("Carts")),
    Takes(CartChoice.customer_id, once=("user_id",)),
    Takes(StandardList.customer_id, N_("Standard lists")),
    Takes(Favourite.customer_id, N_("Favourites"), once=("user_id", "sku_id")),
    Takes(OrderMessage.customer_id),
)
STAYS = ()


def take_over(transfer: Transfer, old: Customer, new: Customer) -> None:
    """The terms an order was placed on stay on it."""
    transfer.take(TAKES, old.id, new.id)
