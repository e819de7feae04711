"""Prices by quantity, as the one price function gives them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.factories.goods import make_sku
from tests.factories.people import Cast
from wholesale.catalog.queries import sku_facts
from wholesale.kernel.db import session
from wholesale.offers.tiers import tiers
from wholesale.pricing.models import OwnerKind, PriceRule, RuleKind, Scope, object_key, owner_key


def test_a_step_of_ten_pieces_is_named_and_the_one_reached_is_marked(cast: Cast) -> None:
    sku = make_sku(list_price="1000")
    facts = sku_facts([sku.id])[sku.id]
    assert len(tiers(cast.nordwind, facts, catalog_id=None, pieces=0)) == 1
    for minimum, rate in ((1, "0.6"), (10, "0.55")):
        session.add(
            PriceRule(
                owner_key=owner_key(OwnerKind.CUSTOMER, cast.nordwind.id),
                object_key=object_key(Scope.SKU, sku.id),
                owner_kind=OwnerKind.CUSTOMER,
                owner_id=cast.nordwind.id,
                scope=Scope.SKU,
                object_id=sku.id,
                kind=RuleKind.RATE,
                value=Decimal(rate),
                minimum=minimum,
                valid_from=date(2020, 1, 1),
            )
        )
    session.flush()
    found = tiers(cast.nordwind, facts, catalog_id=None, pieces=12)
    assert [(one.minimum, one.price.unit_price, one.is_now) for one in found] == [
        (1, 600, False),
        (10, 550, True),
    ]
    other = tiers(cast.rival, facts, catalog_id=None, pieces=12)
    assert [one.minimum for one in other] == [1]
