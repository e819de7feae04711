"""Several carts and standard lists by their verbs: names, owners, versions, what can be undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.goods import make_sku
from tests.factories.orders import BY
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.kernel import clock
from wholesale.kernel.access import Actor, ActorKind
from wholesale.kernel.db import session
from wholesale.orders import carting, keeping_carts, standard_lists
from wholesale.orders.carting import ChangedByColleague
from wholesale.orders.keeping_carts import (
    CartMovedOn,
    CartNameTaken,
    NameMissing,
    NothingToUndo,
    NotYourCart,
    TooManyCarts,
    start_cart,
)
from wholesale.orders.splitting import Part, Plan, TooManyParts, keep_plan
from wholesale.orders.standard_lists import (
    EmptyList,
    ListMovedOn,
    ListNameTaken,
    TooManyLists,
    list_from,
    make_list,
)


def actor(user: User) -> Actor:
    return Actor(ActorKind.BUYER, user.id, user.name)


def test_every_cart_has_a_name_of_its_own_and_there_are_not_too_many(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, alma = cast.nordwind, cast.alma
    start_cart(customer, alma, "A", is_shared=False, by=BY)
    for name, refusal in ((" ", NameMissing), ("A", CartNameTaken)):
        with pytest.raises(refusal):
            start_cart(customer, alma, name, is_shared=False, by=BY)
    start_cart(customer, cast.bo, "A", is_shared=False, by=BY)
    monkeypatch.setattr(keeping_carts, "MOST_CARTS", 2)
    with pytest.raises(TooManyCarts):
        start_cart(customer, alma, "B", is_shared=False, by=BY)


def test_a_shared_cart_is_kept_by_its_owner_and_changed_as_it_was_seen(cast: Cast) -> None:
    sku = make_sku(code="TK-1")
    cart = start_cart(cast.nordwind, cast.alma, "A", is_shared=True, by=actor(cast.alma))
    carting.put(cart, cast.nordwind, sku.id, 5, actor(cast.alma))
    with pytest.raises(NotYourCart):
        keeping_carts.check_owner(cart, cast.bo.id, is_admin=False)
    keeping_carts.check_owner(cart, cast.bo.id, is_admin=True)
    carting.check_seen(cart, {sku.id: 4}, actor(cast.alma))
    with pytest.raises(ChangedByColleague):
        carting.check_seen(cart, {sku.id: 4}, actor(cast.bo))
    seen = cart.version
    carting.put(cart, cast.nordwind, sku.id, 6, actor(cast.bo))
    with pytest.raises(CartMovedOn):
        keeping_carts.delete(cart, version=seen, by=BY)
    keeping_carts.delete(cart, version=cart.version, by=BY)
    cart.changed_at = clock.now() - timedelta(days=31)
    with pytest.raises(NothingToUndo):
        keeping_carts.bring_back(cart, BY)
    with pytest.raises(carting.NotOpen):
        keep_plan(cart, Plan())


def test_a_division_has_its_limits(cast: Cast) -> None:
    cart = carting.open_cart(cast.nordwind, cast.alma)
    with pytest.raises(TooManyParts):
        keep_plan(cart, Plan(tuple(Part() for _ in range(11))))


def test_lists_have_names_of_their_own_and_are_saved_as_they_were_seen(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sku = make_sku(code="TK-1")
    with pytest.raises(EmptyList):
        list_from(cast.nordwind, "A", {}, BY)
    one = make_list(cast.nordwind, "A", {sku.id: 3}, BY)
    make_list(cast.rival, "A", {}, BY)
    with pytest.raises(ListNameTaken):
        make_list(cast.nordwind, "A", {}, BY)
    with pytest.raises(ListMovedOn):
        standard_lists.delete_list(one, version=one.version + 1, by=BY)
    monkeypatch.setattr(standard_lists, "MOST_LISTS", 1)
    with pytest.raises(TooManyLists):
        make_list(cast.nordwind, "B", {}, BY)
    session.flush()
