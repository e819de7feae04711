"""Setting stock aside: never more than is free."""

from __future__ import annotations

import pytest

from tests.factories.goods import make_sku
from tests.factories.orders import check_house, make_order
from tests.factories.people import Cast
from tests.factories.stock import BY, put_on_shelf
from wholesale.stock import allotting
from wholesale.stock.allotting import NothingToSetAside
from wholesale.stock.checks import CHECKS
from wholesale.stock.setting_up import location_id


def test_no_more_is_set_aside_than_is_free(cast: Cast) -> None:
    sku, place = make_sku(), location_id("W1")
    put_on_shelf(sku, 10)
    make_order(cast.rival, {sku: 3})
    with pytest.raises(NothingToSetAside, match="8"):
        allotting.allot(sku.id, place, 8, BY, customer_id=cast.nordwind.id)
    allotting.allot(sku.id, place, 7, BY, customer_id=cast.nordwind.id)
    with pytest.raises(NothingToSetAside):
        allotting.allot(sku.id, place, 1, BY, customer_id=cast.rival.id)
    check_house(CHECKS)


def test_nothing_is_set_aside_where_there_was_never_any(cast: Cast) -> None:
    with pytest.raises(NothingToSetAside):
        allotting.allot(make_sku().id, location_id("W1"), 1, BY, customer_id=cast.nordwind.id)
