"""Choosing by hand which warehouse serves which line."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.factories.goods import make_sku
from tests.factories.orders import BY, check_house, make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.catalog.models import Sku
from wholesale.kernel.db import session
from wholesale.orders import checks as order_checks
from wholesale.orders import holding
from wholesale.orders.models import GoodsState, HoldReason, Order
from wholesale.shipping import allocating_by_hand, planning
from wholesale.shipping.allocating_by_hand import (
    MoreThanOpen,
    NoPlaceHasAll,
    NotAllocatable,
    OnShipment,
    PlaceLacksPieces,
)
from wholesale.stock import allotting
from wholesale.stock import checks as stock_checks
from wholesale.stock.models import Allocation, Lot
from wholesale.stock.setting_up import location_id


def lying(order: Order, at: int = 0) -> dict[str, int]:
    """Where the pieces of a line lie, by the code of the place."""
    places = {location_id(code): code for code in ("W1", "W2")}
    return {
        places[place]: pieces
        for place, pieces in session.execute(
            select(Allocation.location_id, Allocation.quantity).where(
                Allocation.demand_id == order.lines[at].demand_id, Allocation.quantity > 0
            )
        )
    }


def an_order(cast: Cast, pieces: int = 12, w1: int = 20, w2: int = 20) -> tuple[Order, Sku]:
    sku = make_sku()
    put_on_shelf(sku, w1, "W1")
    put_on_shelf(sku, w2, "W2")
    return make_order(cast.nordwind, {sku: pieces}, confirmed=True), sku


def choose(order: Order, at: int = 0, **places: int) -> None:
    line = order.lines[at].id
    allocating_by_hand.allocate(
        order, {(line, location_id(code)): n for code, n in places.items()}, BY
    )
    check_house(stock_checks.CHECKS, order_checks.CHECKS)


def test_pieces_go_to_another_warehouse(cast: Cast) -> None:
    order, _ = an_order(cast)
    choose(order, W1=4, W2=8)
    assert lying(order) == {"W1": 4, "W2": 8}
    assert order.lines[0].allocated == 12
    assert order.goods_state is GoodsState.ALLOCATED
    assert {one.location_id for one in planning.plan_shipments(order, BY)} == {
        location_id("W1"),
        location_id("W2"),
    }


def test_a_place_that_is_not_named_stays_as_it_is(cast: Cast) -> None:
    order, _ = an_order(cast)
    choose(order, W1=4)
    choose(order, W2=3)
    assert lying(order) == {"W1": 4, "W2": 3}
    assert order.lines[0].allocated == 7
    assert order.goods_state is GoodsState.PARTLY_ALLOCATED


def test_pieces_of_one_line_serve_another_of_the_same_order(cast: Cast) -> None:
    sku = make_sku()
    put_on_shelf(sku, 10, "W1")
    first = make_order(cast.nordwind, {sku: 10}, confirmed=True)
    second = make_order(cast.nordwind, {sku: 6}, confirmed=True)
    with pytest.raises(PlaceLacksPieces) as refused:
        choose(second, W1=6)
    assert refused.value.values["left"] == 0
    choose(first, W1=4)
    choose(second, W1=6)
    assert (lying(first), lying(second)) == ({"W1": 4}, {"W1": 6})


def test_no_more_than_is_free_there_and_nothing_of_it_is_done(cast: Cast) -> None:
    order, _ = an_order(cast, 12, w1=12, w2=5)
    before = lying(order)
    with pytest.raises(PlaceLacksPieces) as refused, session.begin_nested():
        choose(order, W1=4, W2=8)
    assert (refused.value.values["left"], refused.value.values["wanted"]) == (5, 8)
    session.expire_all()
    assert lying(order) == before
    check_house(stock_checks.CHECKS, order_checks.CHECKS)


def test_no_more_than_the_line_has_open(cast: Cast) -> None:
    order, _ = an_order(cast)
    with pytest.raises(MoreThanOpen):
        choose(order, W1=10, W2=3)


def test_what_is_set_aside_for_another_is_not_to_be_had(cast: Cast) -> None:
    order, sku = an_order(cast, 12, w1=12, w2=10)
    allotting.allot(sku.id, location_id("W2"), 7, BY, customer_id=cast.rival.id)
    with pytest.raises(PlaceLacksPieces):
        choose(order, W1=6, W2=4)
    choose(order, W1=9, W2=3)


def test_what_is_on_a_shipment_stays_where_it_is(cast: Cast) -> None:
    order, _ = an_order(cast)
    (shipment,) = planning.plan_part(order, {order.lines[0].id: 5}, BY)
    place = "W1" if shipment.location_id == location_id("W1") else "W2"
    other = "W2" if place == "W1" else "W1"
    with pytest.raises(OnShipment):
        choose(order, **{place: 4, other: 8})
    choose(order, **{place: 5, other: 7})
    assert lying(order) == {place: 5, other: 7}


def test_an_order_on_hold_stays_as_it_is(cast: Cast) -> None:
    order, _ = an_order(cast)
    holding.hold(order, HoldReason.CHECK, BY)
    with pytest.raises(NotAllocatable):
        choose(order, W1=4, W2=8)


def test_the_whole_order_is_gathered_where_all_of_it_is(cast: Cast) -> None:
    first, second = make_sku(), make_sku()
    for sku, w1, w2 in ((first, 20, 20), (second, 3, 20)):
        put_on_shelf(sku, w1, "W1")
        put_on_shelf(sku, w2, "W2")
    order = make_order(cast.nordwind, {first: 10, second: 8}, confirmed=True)
    choose(order, 0, W1=10, W2=0)
    choose(order, 1, W1=3, W2=5)
    allocating_by_hand.gather(order, BY)
    check_house(stock_checks.CHECKS, order_checks.CHECKS)
    assert (lying(order), lying(order, 1)) == ({"W2": 10}, {"W2": 8})


def test_an_order_no_warehouse_can_serve_alone_is_not_gathered(cast: Cast) -> None:
    order, _ = an_order(cast, 30)
    before = lying(order)
    with pytest.raises(NoPlaceHasAll):
        allocating_by_hand.gather(order, BY)
    assert lying(order) == before


def test_lots_are_taken_by_date_and_given_back_the_other_way_round(cast: Cast) -> None:
    sku = make_sku()
    lots = [Lot(sku_id=sku.id, code=code, best_before=None) for code in "AB"]
    session.add_all(lots)
    session.flush()
    for lot in lots:
        put_on_shelf(sku, 5, "W1", lot=lot.id)
    order = make_order(cast.nordwind, {sku: 8}, confirmed=True)
    choose(order, W1=5)
    kept = session.execute(
        select(Allocation.lot, Allocation.quantity).where(
            Allocation.demand_id == order.lines[0].demand_id, Allocation.quantity > 0
        )
    ).all()
    assert [tuple(row) for row in kept] == [(lots[0].id, 5)]
