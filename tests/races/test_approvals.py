"""One request for approval, decided by sixteen colleagues at once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests.factories.goods import make_sku
from tests.factories.orders import BY, check_house, ship_to_of
from tests.factories.people import PASSWORD, make_customer
from tests.races.contests import approve_at_once
from tests.races.runners import Runners
from wholesale.accounts.inviting import add_buyer
from wholesale.accounts.models import BuyerRole
from wholesale.catalog.models import OrderPolicy
from wholesale.kernel.access import Actor, ActorKind, Principal
from wholesale.kernel.db import session, unit_of_work
from wholesale.orders import approving, carting
from wholesale.orders.approving import Wanted
from wholesale.orders.checks import CHECKS
from wholesale.orders.models import CartState, Order

pytestmark = pytest.mark.race
SYSTEM = Principal.system("test")


def make_requests(name: str, count: int) -> tuple[list[tuple[int, int]], list[int], int]:
    """Requests (cart, version) of so many buyers of one customer, two approvers, and the customer."""
    with unit_of_work(SYSTEM):
        sku = make_sku(policy=OrderPolicy.MADE_TO_ORDER)
        customer = make_customer(name, "承認")
        bosses = [
            add_buyer(
                f"boss{n}@{name}.example", f"Boss {n}", customer, BY,
                role=BuyerRole.APPROVER, password=PASSWORD,
            ).id
            for n in range(2)
        ]  # fmt: skip
        carts = []
        for n in range(count):
            asker = add_buyer(f"asker{n}@{name}.example", f"{n}", customer, BY, password=PASSWORD)
            cart = carting.open_cart(customer, asker)
            carting.put(cart, customer, sku.id, n + 1, BY)
            place = ship_to_of(customer)
            cart.ship_to_id = place.id
            seen = approving.look(cart, customer).fingerprint
            by = Actor(ActorKind.BUYER, asker.id, asker.name)
            approving.ask(cart, customer, Wanted(place), seen, by)
            assert cart.state is CartState.AWAITING_APPROVAL
            carts.append(cart)
        session.flush()
        return [(cart.id, cart.version) for cart in carts], bosses, customer.id


def orders_of(customer_id: int) -> tuple[int, Decimal]:
    with unit_of_work(SYSTEM, read_only=True):
        count, net = session.execute(
            select(func.count(), func.sum(Order.amount_net)).where(Order.customer_id == customer_id)
        ).one()
        return count, net


def test_of_sixteen_approvals_one_makes_the_order(arena: str, runners: Runners) -> None:
    requests, bosses, customer = make_requests("approval", 5)
    results = runners.race(arena, approve_at_once, requests=requests, bosses=bosses)
    made = [number for one in results for number in one]
    assert len(made) == len(set(made)) == 5
    assert orders_of(customer)[0] == 5
    with unit_of_work(SYSTEM, read_only=True):
        check_house(CHECKS)


def test_looking_before_taking_makes_several(arena: str, runners: Runners) -> None:
    """The negative control: the same race with the state read instead of written."""
    requests, bosses, customer = make_requests("hasty", 2)
    runners.race(arena, approve_at_once, requests=requests, bosses=bosses, guard=False)
    assert orders_of(customer)[0] > 2
