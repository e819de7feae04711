"""Checkout: what was seen is what is ordered, or nothing is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select, update

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.orders import make_order, pieces_in_cart
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import User
from wholesale.catalog.models import Sku
from wholesale.kernel.db import session
from wholesale.orders.models import Cart, Order, OrderState
from wholesale.pricing.models import ListPrice

ClientOf = Callable[[User | None], Browser]


def filled(client_of: ClientOf, cast: Cast, pieces: int = 10) -> tuple[Browser, Sku]:
    sku = make_sku(code="TK-1")
    put_on_shelf(sku, 80)
    browser = client_of(cast.alma)
    browser.post("/cart/lines", {"pieces-TK-1": str(pieces)})
    return browser, sku


def form_of(page: str) -> dict[str, str]:
    """The hidden fields of the checkout form, as a browser would send them back."""
    names = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {
        name: value
        for name, value in names
        if name.startswith(("fingerprint", "seen-", "form_token"))
    }


def test_the_order_is_placed_as_it_was_seen(client_of: ClientOf, cast: Cast) -> None:
    browser, _sku = filled(client_of, cast)
    page = browser.get("/checkout")
    assert "6,000" in page.text
    answer = browser.post(
        "/checkout", {**form_of(page.text), "po_number": "PO-7", "note": "ラッピングなし"}
    )
    assert answer.status_code == 303, answer.text[-1500:]
    order = session.scalars(select(Order)).one()
    assert answer.headers["Location"].endswith(f"/checkout/done/{order.number}")
    assert (order.po_number, order.note, order.placed_by) == ("PO-7", "ラッピングなし", "Alma")
    assert pieces_in_cart(cast, cast.alma) == 0


def test_sending_twice_places_one_order(client_of: ClientOf, cast: Cast) -> None:
    browser, _sku = filled(client_of, cast)
    form = form_of(browser.get("/checkout").text)
    first, second = browser.post("/checkout", form), browser.post("/checkout", form)
    assert first.headers["Location"] == second.headers["Location"]
    assert session.scalar(select(func.count()).select_from(Order)) == 1


def test_a_changed_price_is_shown_before_and_after_and_nothing_is_placed(
    client_of: ClientOf, cast: Cast
) -> None:
    browser, sku = filled(client_of, cast)
    form = form_of(browser.get("/checkout").text)
    session.execute(
        update(ListPrice).where(ListPrice.sku_id == sku.id).values(amount=Decimal(2000))
    )
    answer = browser.post("/checkout", {**form, "po_number": "KEPT-1"})
    assert answer.status_code == 409
    assert "KEPT-1" in answer.text
    assert ">600<" in answer.text and "1,200" in answer.text
    assert session.scalar(select(func.count()).select_from(Order)) == 0
    assert pieces_in_cart(cast, cast.alma) == 10


def test_a_day_nobody_understands_is_refused_and_kept(client_of: ClientOf, cast: Cast) -> None:
    browser, _sku = filled(client_of, cast)
    form = form_of(browser.get("/checkout").text)
    answer = browser.post("/checkout", {**form, "day": "other", "other_day": "someday"})
    assert answer.status_code == 422
    assert "someday" in answer.text


def test_a_rivals_address_is_404(client_of: ClientOf, cast: Cast) -> None:
    browser, _sku = filled(client_of, cast)
    assert browser.get("/checkout?ship_to=rival-1").status_code == 404


def test_an_order_is_called_off_before_it_is_confirmed_and_not_after(
    client_of: ClientOf, cast: Cast
) -> None:
    sku = make_sku()
    put_on_shelf(sku, 80)
    early, late = (
        make_order(cast.nordwind, {sku: 2}),
        make_order(cast.nordwind, {sku: 2}, confirmed=True),
    )
    browser = client_of(cast.alma)
    early_url, late_url = (f"/orders/{one.number}/cancellation" for one in (early, late))
    assert browser.post(early_url, {"reason": ""}).status_code == 422
    assert client_of(cast.cleo).post(early_url, {"reason": "mine"}).status_code == 404
    assert browser.post(early_url, {"reason": "ordered twice"}).status_code == 303
    refused = browser.post(late_url, {"reason": "too many"})
    assert refused.status_code == 409
    session.expire_all()
    states = dict(session.execute(select(Order.number, Order.state)).all())
    assert states == {early.number: OrderState.CANCELLED, late.number: OrderState.CONFIRMED}


def test_an_order_can_be_ordered_again(client_of: ClientOf, cast: Cast) -> None:
    sku = make_sku()
    put_on_shelf(sku, 80)
    order = make_order(cast.nordwind, {sku: 7})
    assert client_of(cast.cleo).post(f"/orders/{order.number}/again").status_code == 404
    answer = client_of(cast.alma).post(f"/orders/{order.number}/again")
    assert answer.status_code == 303
    assert pieces_in_cart(cast, cast.alma) == 7


def test_looking_at_another_day_keeps_what_was_typed_and_no_token_in_the_address(
    client_of: ClientOf, cast: Cast
) -> None:
    browser, _sku = filled(client_of, cast)
    form = form_of(browser.get("/checkout").text)
    answer = browser.post(
        "/checkout", {**form, "day": "2026-12-01", "po_number": "PO-8", "look": "1"}
    )
    assert answer.status_code == 303
    assert "token" not in answer.headers["Location"]
    page = browser.get(answer.headers["Location"])
    assert "PO-8" in page.text and 'value="2026-12-01" checked' in page.text
    assert session.scalar(select(func.count()).select_from(Order)) == 0


def test_what_was_emptied_stays_empty_when_looking_again(client_of: ClientOf, cast: Cast) -> None:
    browser, _sku = filled(client_of, cast)
    cart = session.scalars(select(Cart)).one()
    cart.po_number, cart.wished_on = "PO-77", date(2026, 12, 7)
    session.flush()  # the page reads it by a query
    page = browser.get("/checkout").text
    assert "PO-77" in page and 'value="other" checked' in page
    emptied = {**form_of(page), "day": "", "other_day": "", "po_number": "", "look": "1"}
    again = browser.get(browser.post("/checkout", emptied).headers["Location"]).text
    assert "PO-77" not in again and 'name="day" value="" checked' in again
