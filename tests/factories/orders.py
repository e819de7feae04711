"""Orders made with the real verbs."""

from __future__ import annotations

from sqlalchemy import select

from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.catalog.models import Sku
from wholesale.customers.models import Address, Customer
from wholesale.kernel.access import Actor
from wholesale.kernel.checking import Check, Severity
from wholesale.kernel.db import session
from wholesale.orders import carting
from wholesale.orders.checkout import Requested
from wholesale.orders.confirming import confirm
from wholesale.orders.models import Order, OrderSource
from wholesale.orders.placing import OrderRequest, place_request

BY = Actor.system("test")


def ship_to_of(customer: Customer) -> Address:
    """The customer's first ship-to."""
    return session.scalars(select(Address).where(Address.customer_id == customer.id).limit(1)).one()


def make_order(
    customer: Customer, lines: dict[Sku, int], *, confirmed: bool = False, po_number: str = ""
) -> Order:
    """An order as staff would enter it."""
    order = place_request(
        OrderRequest(
            customer=customer,
            lines=[Requested(sku.id, quantity) for sku, quantity in lines.items()],
            ship_to=ship_to_of(customer),
            source=OrderSource.STAFF,
            po_number=po_number,
        ),
        BY,
    )
    if confirmed:
        confirm(order, BY)
    return order


def pieces_in_cart(cast: Cast, user: User) -> int:
    """All pieces in the cart that one of Nordwind's buyers fills."""
    session.expire_all()
    cart = carting.find_cart(cast.nordwind.id, user.id)
    return sum(carting.quantities(cart).values())


def check_house(*rooms: tuple[Check, ...]) -> None:
    """Every invariant of the given rooms holds."""
    session.flush()  # checks read the rows
    for room in rooms:
        for check in room:
            if check.severity is Severity.BROKEN:
                assert check.offenders() == [], check.says
