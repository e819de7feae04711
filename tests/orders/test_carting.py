"""The cart takes what may be ordered, in quantities somebody means."""

from __future__ import annotations

import pytest

from tests.factories.goods import make_sku
from tests.factories.orders import BY
from tests.factories.people import Cast
from wholesale.catalog.models import SkuState
from wholesale.orders import carting
from wholesale.orders.carting import MOST_PIECES, NotOrderable, TooMany
from wholesale.orders.models import Cart


@pytest.fixture
def cart(cast: Cast) -> Cart:
    return carting.open_cart(cast.nordwind, cast.alma)


def test_a_pack_size_is_kept_and_said(cast: Cast, cart: Cart) -> None:
    sku = make_sku(minimum=12, multiple=6)
    put = carting.put(cart, cast.nordwind, sku.id, 13, BY)
    assert (put.asked, put.quantity, put.was_rounded) == (13, 18, True)
    assert carting.quantities(cart) == {sku.id: 18}
    carting.put(cart, cast.nordwind, sku.id, 0, BY)
    assert carting.quantities(cart) == {}


def test_a_quantity_nobody_means_is_refused(cast: Cast, cart: Cart) -> None:
    sku = make_sku()
    with pytest.raises(TooMany, match=str(MOST_PIECES)):
        carting.put(cart, cast.nordwind, sku.id, MOST_PIECES + 1, BY)
    assert carting.quantities(cart) == {}


def test_more_lines_than_a_cart_holds_are_refused(
    cast: Cast, cart: Cart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carting, "MOST_LINES", 2)
    skus = [make_sku() for _ in range(3)]
    with pytest.raises(TooMany):
        carting.put_many(cart, cast.nordwind, {sku.id: 1 for sku in skus}, BY)


def test_what_cannot_be_ordered_does_not_enter(cast: Cast, cart: Cart) -> None:
    hidden, unpriced = make_sku(state=SkuState.HIDDEN), make_sku(list_price=None)
    for sku_id in (hidden.id, unpriced.id, 10**8):
        with pytest.raises(NotOrderable):
            carting.put(cart, cast.nordwind, sku_id, 1, BY)
    assert carting.quantities(cart) == {}
