"""Orders that are not placed: nothing in them, or more than a buyer may spend alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests.factories.goods import make_sku
from tests.factories.orders import BY, make_order, ship_to_of
from tests.factories.people import Cast
from wholesale.kernel import clock
from wholesale.kernel.db import savepoint, session
from wholesale.orders import carting
from wholesale.orders.checkout import Requested, review
from wholesale.orders.models import Cart, CartState, Order
from wholesale.orders.placing import EmptyOrder, SpendingLimitExceeded, place_order


def place(cart: Cart, cast: Cast, limit: Decimal | None) -> Order:
    ship_to = ship_to_of(cast.nordwind)
    wanted = [Requested(line.sku_id, line.quantity) for line in cart.lines]
    seen = review(cast.nordwind, wanted, ship_to=ship_to, wished_on=None, at=clock.now())
    with savepoint():
        return place_order(
            cart, cast.nordwind, ship_to=ship_to, fingerprint=seen.fingerprint, by=BY,
            spending_limit=limit,
        )  # fmt: skip


def orders() -> int:
    return session.scalar(select(func.count()).select_from(Order)) or 0


def test_an_empty_cart_or_request_is_no_order(cast: Cast) -> None:
    cart = carting.open_cart(cast.nordwind, cast.alma)
    with pytest.raises(EmptyOrder):
        place(cart, cast, None)
    with pytest.raises(EmptyOrder):
        make_order(cast.nordwind, {})
    session.refresh(cart)
    assert (orders(), cart.state) == (0, CartState.OPEN)


def test_a_buyer_spends_alone_up_to_the_limit_and_no_yen_more(cast: Cast) -> None:
    """6,000 of goods and 1,200 of freight, net."""
    cart = carting.open_cart(cast.nordwind, cast.alma)
    carting.put(cart, cast.nordwind, make_sku().id, 10, BY)
    with pytest.raises(SpendingLimitExceeded, match="7,199"):
        place(cart, cast, Decimal(7199))
    session.refresh(cart)
    assert (orders(), cart.state) == (0, CartState.OPEN)
    assert place(cart, cast, Decimal(7200)).amount_net == Decimal(7200)
