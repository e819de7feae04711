"""Choosing the places of a demand's pieces, asked of the stock itself."""

from __future__ import annotations

import pytest

from tests.factories.goods import make_sku
from tests.factories.people import Cast
from tests.factories.stock import BY, put_on_shelf
from tests.stock.test_allocating import check_stock, want
from wholesale.catalog.models import OrderPolicy
from wholesale.kernel.db import savepoint
from wholesale.stock import allocating, choosing
from wholesale.stock.choosing import Choice, NotFreeHere
from wholesale.stock.setting_up import location_id


def test_what_a_demand_could_take_is_told_for_every_place(cast: Cast) -> None:
    sku = make_sku()
    put_on_shelf(sku, 10, "W1")
    put_on_shelf(sku, 4, "W2")
    (demand,), _ = allocating.take([want(sku, 6, cast.nordwind, OrderPolicy.BACKORDER)], BY)
    first, second = location_id("W1"), location_id("W2")
    assert choosing.free_at([demand]) == {(demand, first): 4, (demand, second): 4}
    given_and_taken = choosing.choose([Choice(demand, first, 3), Choice(demand, second, 3)], BY)
    assert sorted(one.quantity for one in given_and_taken) == [-3, 3]
    assert choosing.lying_of([demand]) == {(demand, first): {0: 3}, (demand, second): {0: 3}}
    with pytest.raises(NotFreeHere) as refused, savepoint():
        choosing.choose([Choice(demand, first, 0), Choice(demand, second, 6)], BY)
    assert (refused.value.left, refused.value.location_id) == (4, second)
    check_stock()


def test_nothing_chosen_moves_nothing(cast: Cast) -> None:
    assert choosing.choose([], BY) == []
    assert choosing.free_at([]) == {}
