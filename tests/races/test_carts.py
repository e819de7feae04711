"""One shared cart filled by sixteen windows of two buyers; a first cart opened in sixteen."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.factories.goods import make_sku
from tests.factories.orders import BY
from tests.factories.people import PASSWORD, make_customer
from tests.races.contests import fill_the_cart, make_first_carts
from tests.races.runners import Runners
from wholesale.accounts.inviting import add_buyer
from wholesale.catalog.models import OrderPolicy
from wholesale.kernel.access import Principal
from wholesale.kernel.db import session, unit_of_work
from wholesale.orders import carting, keeping_carts
from wholesale.orders.models import Cart, CartChange, CartLine

pytestmark = pytest.mark.race
SYSTEM = Principal.system("test")


def make_shared(name: str, count: int) -> tuple[int, list[int], list[int], int]:
    """A customer, two of its buyers, so many shared carts with one piece in each, and the SKU."""
    with unit_of_work(SYSTEM):
        sku = make_sku(policy=OrderPolicy.MADE_TO_ORDER)
        customer = make_customer(name, "共有")
        buyers = [
            add_buyer(f"b{n}@{name}.example", f"B{n}", customer, BY, password=PASSWORD)
            for n in range(2)
        ]
        carts = []
        for n in range(count):
            cart = keeping_carts.start_cart(customer, buyers[0], f"{n}", is_shared=True, by=BY)
            carting.put(cart, customer, sku.id, 1, BY)
            carts.append(cart.id)
        return customer.id, [one.id for one in buyers], carts, sku.id


def pieces_in(carts: list[int]) -> list[int]:
    with unit_of_work(SYSTEM, read_only=True):
        rows = session.execute(
            select(CartLine.cart_id, CartLine.quantity).where(CartLine.cart_id.in_(carts))
        )
        found: dict[int, int] = dict(rows.all())  # type: ignore[arg-type]
        return [found[cart] for cart in carts]


def test_sixteen_windows_lose_no_piece_of_a_shared_cart(arena: str, runners: Runners) -> None:
    customer, buyers, carts, sku = make_shared("together", 3)
    went = runners.race(arena, fill_the_cart, buyers=buyers, carts=carts, sku=sku)
    assert all(all(one) for one in went)
    assert pieces_in(carts) == [17, 17, 17]
    with unit_of_work(SYSTEM, read_only=True):
        noted = select(CartChange.after).where(CartChange.cart_id == carts[0], CartChange.after > 0)
        assert sorted(session.scalars(noted)) == list(range(1, 18))
    opened = runners.race(arena, make_first_carts, customer=customer, buyers=buyers[1:])
    assert len({cart for one in opened for cart in one}) == 1
    with unit_of_work(SYSTEM, read_only=True):
        mine = select(func.count()).select_from(Cart).where(Cart.user_id == buyers[1])
        assert session.scalar(mine) == 1


def test_reading_before_writing_loses_pieces(arena: str, runners: Runners) -> None:
    """The negative control: the same race with the cart read instead of held."""
    _customer, buyers, carts, sku = make_shared("hastily", 2)
    runners.race(arena, fill_the_cart, buyers=buyers, carts=carts, sku=sku, guard=False)
    assert all(pieces < 17 for pieces in pieces_in(carts))
