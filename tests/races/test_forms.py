"""The same form sent by eight processes at once, for two people."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.factories.goods import make_sku
from tests.factories.people import make_customer
from tests.races.contests import send_the_form
from tests.races.runners import Runners
from wholesale.catalog.models import OrderPolicy
from wholesale.kernel.access import Principal
from wholesale.kernel.db import session, unit_of_work
from wholesale.orders.models import Order

pytestmark = pytest.mark.race
SYSTEM = Principal.system("test")


def shop(name: str) -> tuple[int, int]:
    with unit_of_work(SYSTEM):
        sku = make_sku(policy=OrderPolicy.MADE_TO_ORDER)
        return make_customer(name, "店").id, sku.id


def orders_of(customer_id: int) -> int:
    with unit_of_work(SYSTEM, read_only=True):
        return session.scalars(select(func.count()).where(Order.customer_id == customer_id)).one()


def test_a_form_sent_eight_times_at_once_places_one_order(arena: str, runners: Runners) -> None:
    """Every click gets the answer of the one that was worked on."""
    customer, sku = shop("double")
    forms = ["first", "second", "third"]
    results = runners.race(arena, send_the_form, forms=forms, customer=customer, sku=sku)
    for at in range(len(forms)):
        answers = [result[at] for result in results]
        assert len(set(answers[0::2])) == len(set(answers[1::2])) == 1
        assert answers[0] != answers[1]
    assert orders_of(customer) == 2 * len(forms)


def test_looking_for_the_token_without_taking_it_places_many(arena: str, runners: Runners) -> None:
    """The negative control: the token is read, not claimed."""
    customer, sku = shop("naive")
    runners.race(arena, send_the_form, forms=["naive"], customer=customer, sku=sku, guard=False)
    assert orders_of(customer) > 2
