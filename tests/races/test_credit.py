"""The last yen of a credit limit, wanted by sixteen orders at once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests.factories.goods import make_sku
from tests.factories.orders import check_house
from tests.factories.people import make_customer
from tests.races.contests import order_on_credit
from tests.races.runners import Runners
from wholesale.catalog.models import OrderPolicy
from wholesale.customers import credit_limits
from wholesale.customers.models import Customer
from wholesale.kernel.access import Principal
from wholesale.kernel.db import session, unit_of_work
from wholesale.orders.checks import CHECKS
from wholesale.orders.models import Order

pytestmark = pytest.mark.race
SYSTEM = Principal.system("test")
GROSS, FIT = Decimal(66_000), 10  # 100,000 at 60 %, and 10 % tax: ten such orders fit
LIMIT = GROSS * FIT


def open_accounts(name: str, count: int) -> tuple[list[int], int]:
    """Customers with a limit that ten orders fill to the yen, and a SKU that is made to order."""
    with unit_of_work(SYSTEM):
        sku = make_sku(list_price="100000", policy=OrderPolicy.MADE_TO_ORDER)
        customers = [make_customer(f"{name}-{n}", "掛") for n in range(count)]
        for customer in customers:
            credit_limits.set_limit(customer, "JPY", LIMIT)
        return [customer.id for customer in customers], sku.id


def exposure(customer_id: int) -> Decimal:
    with unit_of_work(SYSTEM, read_only=True):
        return credit_limits.credit_of(session.get_one(Customer, customer_id), "JPY").exposure


def held(customer_id: int) -> int:
    with unit_of_work(SYSTEM, read_only=True):
        return session.scalars(
            select(func.count()).where(Order.customer_id == customer_id, Order.on_hold)
        ).one()


def test_ten_of_sixteen_orders_fit_and_six_are_held(arena: str, runners: Runners) -> None:
    """The limit is reached to the yen, never passed; what is held counts for nothing."""
    customers, sku = open_accounts("credit", 5)
    results = runners.race(arena, order_on_credit, customers=customers, sku=sku)
    assert [sum(went) for went in zip(*results, strict=True)] == [FIT] * 5
    assert [exposure(one) for one in customers] == [LIMIT] * 5
    assert [held(one) for one in customers] == [runners.count - FIT] * 5
    with unit_of_work(SYSTEM, read_only=True):
        check_house(CHECKS)


def test_looking_before_counting_passes_the_limit(arena: str, runners: Runners) -> None:
    """The negative control: the same race with the condition read instead of written."""
    customers, sku = open_accounts("careless", 2)
    runners.race(arena, order_on_credit, customers=customers, sku=sku, guard=False)
    assert [exposure(one) > LIMIT for one in customers] == [True, True]
