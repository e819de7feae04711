"""A price that strays into another customer's unit of work can't be read there."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.goods import make_sku
from tests.factories.people import Cast
from wholesale.customers.queries import money_terms
from wholesale.kernel import db
from wholesale.kernel.access import Actor, ActorKind, Principal
from wholesale.kernel.db import NotYours
from wholesale.pricing.resolving import amount, resolve

ON = date(2026, 11, 20)


def buyer_of(customer_id: int) -> Principal:
    return Principal(Actor(ActorKind.BUYER, 1, "Buyer"), frozenset({customer_id}))


def test_its_own_buyer_and_our_people_read_a_price(cast: Cast) -> None:
    sku = make_sku(list_price="1000")
    price = resolve(cast.nordwind, {sku.id: 1}, on=ON)[sku.id]
    assert price.unit_price == 600
    db.acts_as(buyer_of(cast.nordwind.id))
    assert price.unit_price == 600
    assert price.rate is not None


def test_nobody_elses_buyer_reads_it(cast: Cast) -> None:
    sku = make_sku(list_price="1000")
    price = resolve(cast.nordwind, {sku.id: 1}, on=ON)[sku.id]
    terms = money_terms(cast.nordwind, ON)
    db.acts_as(buyer_of(cast.rival.id))
    for read in (
        lambda: price.unit_price,
        lambda: price.rate,
        lambda: amount(price, 1, terms),
    ):
        with pytest.raises(NotYours):
            read()
