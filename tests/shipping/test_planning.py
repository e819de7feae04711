"""Shipments are made of confirmed orders that nobody holds, and of goods that are there."""

from __future__ import annotations

import pytest

from tests.factories.goods import make_sku
from tests.factories.orders import BY, check_house, make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.orders import holding
from wholesale.orders.checks import CHECKS
from wholesale.orders.confirming import confirm
from wholesale.orders.models import HoldReason
from wholesale.orders.progress import LineMovedOn
from wholesale.shipping import planning
from wholesale.shipping.planning import NotConfirmed, NothingToShip
from wholesale.stock.checks import CHECKS as STOCK


def test_only_confirmed_orders_that_nobody_holds_are_shipped(cast: Cast) -> None:
    sku = make_sku()
    put_on_shelf(sku, 10)
    order = make_order(cast.nordwind, {sku: 10})
    with pytest.raises(NotConfirmed):
        planning.plan_shipments(order, BY)
    confirm(order, BY)
    holding.hold(order, HoldReason.OWN, BY)
    with pytest.raises(NotConfirmed):
        planning.plan_part(order, {order.lines[0].id: 1}, BY)
    holding.release(order, BY)
    assert len(planning.plan_shipments(order, BY)) == 1
    with pytest.raises(NothingToShip):
        planning.plan_shipments(order, BY)
    check_house(CHECKS, STOCK)


def test_never_more_than_is_ready_is_planned(cast: Cast) -> None:
    sku = make_sku()
    put_on_shelf(sku, 4)
    order = make_order(cast.nordwind, {sku: 10}, confirmed=True)
    (shipment,) = planning.plan_part(order, {order.lines[0].id: 9}, BY)
    assert [line.quantity for line in shipment.lines] == [4]
    check_house(CHECKS, STOCK)


def test_of_two_who_plan_the_same_goods_one_finds_them_gone(cast: Cast) -> None:
    sku = make_sku()
    put_on_shelf(sku, 4)
    order = make_order(cast.nordwind, {sku: 10}, confirmed=True)
    seen_by_both = planning.ready_of(order)
    planning._plan(order, seen_by_both, BY)
    with pytest.raises(LineMovedOn):
        planning._plan(order, seen_by_both, BY)
