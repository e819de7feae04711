"""Lists of orders: what is typed finds them, and the tabs count what the views show."""

from __future__ import annotations

import pytest
from sqlalchemy import func

from tests.factories.goods import make_sku
from tests.factories.orders import make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.kernel.db import session
from wholesale.orders import queries
from wholesale.orders.models import Order
from wholesale.orders.queries import OrderFilter, orders_matching


def numbers(text: str) -> set[str]:
    return {order.number for order in session.scalars(orders_matching(OrderFilter(text=text)))}


def an_order(cast: Cast, *, po_number: str = "") -> Order:
    sku = make_sku()
    put_on_shelf(sku, 10)
    return make_order(cast.nordwind, {sku: 1}, po_number=po_number)


def test_a_number_is_found_by_its_beginning_in_any_width_and_case(cast: Cast) -> None:
    order = an_order(cast)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in order.number)
    for typed in (order.number, order.number[:-1], order.number.lower(), f" {wide} "):
        assert order.number in numbers(typed), typed
    assert order.number not in numbers(order.number[1:])
    assert numbers(order.number + "0") == set()


def test_a_purchase_order_is_found_as_it_was_written(cast: Cast) -> None:
    order = an_order(cast, po_number="Po-77/b")
    other = an_order(cast, po_number="Po-78")
    assert numbers("Po-77") == {order.number}
    assert numbers("Po-7") == {order.number, other.number}


def test_signs_of_a_pattern_are_plain_signs(cast: Cast) -> None:
    an_order(cast, po_number="ABC")
    assert numbers("%") == numbers("_BC") == numbers("A%") == set()


@pytest.mark.parametrize("few", [0, 50])
def test_a_customers_name_or_code_finds_its_orders(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """By the customers looked up first, and along the list where there are too many of them."""
    monkeypatch.setattr(queries, "FEW_CUSTOMERS", few)
    order = an_order(cast)
    customer = cast.nordwind
    for typed in (customer.name[:4], customer.code.lower(), customer.code[:-1]):
        assert order.number in numbers(typed), typed
    assert numbers("no such customer") == set()


def test_every_tab_counts_what_its_view_shows(cast: Cast) -> None:
    an_order(cast)
    sku = make_sku()
    put_on_shelf(sku, 2)
    make_order(cast.nordwind, {sku: 2}, confirmed=True)
    counted = queries.counts()
    assert counted["to_confirm"] == counted["to_ship"] == 1
    for view, count in counted.items():
        shown = orders_matching(OrderFilter(view=view)).with_only_columns(func.count())
        assert session.scalar(shown) == count, view
