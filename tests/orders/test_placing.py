"""From the cart to an order that is frozen and has its goods."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.factories.goods import make_sku
from tests.factories.orders import BY, check_house, make_order, ship_to_of
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.catalog.models import Life, OrderPolicy, Sku
from wholesale.customers import credit_limits
from wholesale.customers.queries import forget_terms, terms_on
from wholesale.kernel import clock, journal
from wholesale.kernel.db import session
from wholesale.orders import cancelling, carting, holding
from wholesale.orders.checkout import Requested, Review, review
from wholesale.orders.checks import CHECKS
from wholesale.orders.confirming import OnHold, confirm
from wholesale.orders.models import Cart, GoodsState, Order, OrderSource, OrderState
from wholesale.orders.placing import (
    AfterLastDay,
    AlreadyPlaced,
    BelowMinimum,
    LinesRefused,
    OrderRequest,
    TotalsChanged,
    place_order,
    place_request,
)
from wholesale.stock.checks import CHECKS as STOCK


def look(cart: Cart, cast: Cast) -> Review:
    requested = [Requested(line.sku_id, line.quantity) for line in cart.lines]
    return review(
        cast.nordwind, requested, ship_to=ship_to_of(cast.nordwind), wished_on=None, at=clock.now()
    )


def fill(cast: Cast, basket: dict[Sku, int]) -> Cart:
    cart = carting.open_cart(cast.nordwind, cast.alma)
    carting.put_many(cart, cast.nordwind, {sku.id: n for sku, n in basket.items()}, BY)
    return cart


def place(cart: Cart, cast: Cast, fingerprint: str | None = None) -> Order:
    return place_order(
        cart, cast.nordwind, ship_to=ship_to_of(cast.nordwind), by=BY,
        fingerprint=fingerprint or look(cart, cast).fingerprint, email="alma@nordwind.example",
    )  # fmt: skip


def test_an_order_is_frozen_and_takes_its_goods(cast: Cast) -> None:
    cup, bowl = make_sku(list_price="2200"), make_sku(list_price="999")
    put_on_shelf(cup, 10)
    put_on_shelf(bowl, 4)
    order = place(fill(cast, {cup: 6, bowl: 10}), cast)
    assert order.number == "SO-26-00001"
    assert [(line.unit_price, line.amount) for line in order.lines] == [
        (Decimal(1320), Decimal(7920)), (Decimal(599), Decimal(5990)), (Decimal(1200), Decimal(1200)),
    ]  # fmt: skip
    assert (order.amount_net, order.tax_estimate) == (Decimal(15110), Decimal(1511))
    assert [line.allocated for line in order.lines] == [6, 4, 0]
    assert order.goods_state is GoodsState.PARTLY_ALLOCATED
    assert credit_limits.credit_of(cast.nordwind, "JPY").ordered == Decimal(16621)
    check_house(CHECKS, STOCK)


def test_nothing_is_placed_when_the_figures_have_changed(cast: Cast) -> None:
    cup = make_sku()
    cart = fill(cast, {cup: 6})
    with pytest.raises(TotalsChanged):
        place(cart, cast, fingerprint="what the buyer saw yesterday")


def test_a_cart_is_ordered_once(cast: Cast) -> None:
    cart = fill(cast, {make_sku(): 6})
    seen = look(cart, cast).fingerprint
    place(cart, cast, seen)
    with pytest.raises(AlreadyPlaced):
        place(cart, cast, seen)


def test_pieces_that_are_gone_are_refused_with_what_is_left(cast: Cast) -> None:
    cup = make_sku(policy=OrderPolicy.IN_STOCK)
    put_on_shelf(cup, 3)
    cart = fill(cast, {cup: 3})
    seen = look(cart, cast)
    make_order(cast.rival, {cup: 2})
    now = look(cart, cast)
    assert (now.lines[0].problem, now.lines[0].left) == ("only_left", 1)
    assert now.fingerprint != seen.fingerprint
    with pytest.raises(LinesRefused):
        make_order(cast.rival, {cup: 2})


def test_quantities_are_rounded_up_to_the_pack(cast: Cast) -> None:
    cup = make_sku(minimum=12, multiple=6)
    cart = carting.open_cart(cast.nordwind, cast.alma)
    put = carting.put(cart, cast.nordwind, cup.id, 13, BY)
    assert (put.asked, put.quantity, put.was_rounded) == (13, 18, True)
    carting.put(cart, cast.nordwind, cup.id, 0, BY)
    assert cart.lines == []


def test_an_order_below_the_minimum_is_refused(cast: Cast) -> None:
    terms = terms_on(cast.nordwind.id, clock.today())
    assert terms is not None
    terms.minimum_amount = Decimal(30000)
    session.flush()
    forget_terms()
    with pytest.raises(BelowMinimum):
        place(fill(cast, {make_sku(list_price="49999"): 1}), cast)


def test_beyond_the_limit_an_order_is_held_and_counts_for_nothing(cast: Cast) -> None:
    cup = make_sku(list_price="100000")
    put_on_shelf(cup, 10)
    credit_limits.set_limit(cast.nordwind, "JPY", Decimal(131_999))
    held = make_order(cast.nordwind, {cup: 2})
    assert held.on_hold
    assert credit_limits.credit_of(cast.nordwind, "JPY").exposure == 0
    assert [line.allocated for line in held.lines] == [0]
    with pytest.raises(OnHold):
        confirm(held, BY)
    holding.release(held, BY)
    confirm(held, BY)
    assert (held.state, held.goods_state) == (OrderState.CONFIRMED, GoodsState.ALLOCATED)
    assert held.lines[0].promised_on == held.planned_on + timedelta(days=1)  # the day it arrives
    check_house(CHECKS, STOCK)


def test_the_limit_is_met_to_the_yen(cast: Cast) -> None:
    """Exposure may reach the limit, not one yen more."""
    cup = make_sku(list_price="100000")
    put_on_shelf(cup, 10)
    credit_limits.set_limit(cast.nordwind, "JPY", Decimal(132_000))
    assert not make_order(cast.nordwind, {cup: 2}).on_hold
    assert make_order(cast.nordwind, {make_sku(list_price="2"): 1}).on_hold


def test_cancelling_gives_goods_and_credit_back(cast: Cast) -> None:
    cup = make_sku()
    put_on_shelf(cup, 10)
    order = make_order(cast.nordwind, {cup: 10}, confirmed=True)
    with pytest.raises(cancelling.ReasonMissing):
        cancelling.cancel(order, BY, reason=" ")
    cancelling.cancel(order, BY, reason="wrong size")
    assert order.state is OrderState.CANCELLED
    assert credit_limits.credit_of(cast.nordwind, "JPY").ordered == 0
    assert not make_order(cast.rival, {cup: 10}).on_hold
    check_house(CHECKS, STOCK)


def test_a_rejected_order_can_come_back(cast: Cast) -> None:
    cup = make_sku()
    put_on_shelf(cup, 10)
    order = make_order(cast.nordwind, {cup: 4})
    cancelling.reject(order, BY, reason="no")
    assert session.scalars(select(Order.goods_state).where(Order.id == order.id)).one() == "none"
    cancelling.unreject(order, BY)
    session.expire_all()
    assert order.lines[0].allocated == 4
    check_house(CHECKS, STOCK)


def test_the_rest_of_a_line_can_be_dropped(cast: Cast) -> None:
    cup = make_sku(list_price="1000")
    put_on_shelf(cup, 60)
    order = make_order(cast.nordwind, {cup: 100}, confirmed=True)
    line = order.lines[0]
    cancelling.drop_rest(order, line, 40, BY, reason="not before spring")
    session.expire_all()
    assert (line.dropped, line.open, line.allocated) == (40, 60, 60)
    assert order.goods_state is GoodsState.ALLOCATED
    with pytest.raises(cancelling.NothingToDrop):
        cancelling.drop_rest(order, line, 61, BY, reason="x")
    check_house(CHECKS, STOCK)


def test_staff_place_nothing_after_the_last_day_unless_it_is_forced(cast: Cast) -> None:
    cup, bowl = make_sku(), make_sku()
    cup.product.life, cup.product.last_order_on = Life.ENDING, clock.today() - timedelta(days=1)
    lines = [Requested(cup.id, 2), Requested(bowl.id, 1)]
    request = OrderRequest(
        cast.nordwind, lines, ship_to_of(cast.nordwind), OrderSource.STAFF
    )  # fmt: skip
    with pytest.raises(AfterLastDay) as refused:
        place_request(request, BY)
    assert [line.offer.facts.id for line in refused.value.lines] == [cup.id]
    assert session.scalar(select(Order.id)) is None
    order = place_request(replace(request, forced_because="promised in October"), BY)
    session.commit()
    (forced,) = [one for one in journal.history(order) if one.did == "order:forced"]
    assert json.loads(forced.details) == {"reason": "promised in October", "lines": [cup.code]}
    plain = place_request(replace(request, lines=lines[1:], forced_because="no need"), BY)
    session.commit()
    assert "order:forced" not in {one.did for one in journal.history(plain)}
