"""What a buyer is kept to: no sight of prices, some ship-tos alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.orders import make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import Membership, User
from wholesale.customers.models import Address
from wholesale.kernel.db import session
from wholesale.mail.letters import compose
from wholesale.mail.models import Letter
from wholesale.orders.models import Order

ClientOf = Callable[[User | None], Browser]
# 600 a piece (and the list price of 1,000), nine of them, with tax and without.
TOLD = re.compile(r"(?<![\d-])(600|1,000|1000|5,400|5400|5,940|5940|540|60%|0\.6|6,000|6000)(?!\d)")


def blind(cast: Cast) -> Membership:
    member = session.scalars(select(Membership).where(Membership.user_id == cast.bo.id)).one()
    member.sees_prices = False
    session.flush()
    return member


def figures(text: str) -> list[str]:
    """Money in a page, its addresses of assets and one-time tokens left out."""
    plain = re.sub(r'(?:value|content|v|href|src)="?[\w=/?.&;#:-]{16,}"?|\?v=\w+', "", text)
    return TOLD.findall(plain)


def test_a_buyer_without_sight_of_prices_orders_and_is_told_none(
    client_of: ClientOf, cast: Cast
) -> None:
    sku = make_sku(code="TK-ONE")
    put_on_shelf(sku, 80)
    order = make_order(cast.nordwind, {sku: 9}, confirmed=True)
    seeing = client_of(cast.alma)
    assert figures(seeing.get(f"/orders/{order.number}").text)
    blind(cast)
    browser = client_of(cast.bo)
    put = browser.post_part("/cart/lines", {"pieces-TK-ONE": "9"})
    assert figures(put.text) == []
    told = {}
    for url in (
        "/", "/catalogue", "/catalogue?sort=price", "/products/TK-ONE", "/cart", "/checkout",
        "/orders", f"/orders/{order.number}", "/quick-order", "/account", "/search?q=TK",
        "/products/TK-ONE/sums?pieces-TK-ONE=9",
    ):  # fmt: skip
        page = browser.get(url)
        assert page.status_code in {200, 404}, (url, page.status_code)
        if found := figures(page.text):
            told[url] = found
    assert told == {}
    assert browser.get("/invoices").status_code == 403
    page = browser.get("/checkout").text
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    assert not any(name.startswith("seen-") for name in form)
    answer = browser.post("/checkout", {"fingerprint": form["fingerprint"]})
    assert answer.status_code == 303, answer.text[-1500:]
    letter = session.scalars(select(Letter).where(Letter.event == "order_placed")).one()
    assert letter.recipient == cast.bo.email
    assert figures(compose(letter).get_content()) == []


def test_an_order_by_price_tells_nothing_to_who_may_not_see_any(
    client_of: ClientOf, cast: Cast
) -> None:
    for code in ("TK-A", "TK-B", "TK-C"):
        put_on_shelf(make_sku(code=code), 10)
    blind(cast)
    browser = client_of(cast.bo)
    seen = {
        tuple(re.findall(r"TK-[ABC]", browser.get(f"/catalogue{asked}").text))
        for asked in ("", "?sort=price", "?sort=-price", "?lowest=999999", "?highest=1")
    }
    assert len(seen) == 1 and seen != {()}


@pytest.fixture
def branch(cast: Cast) -> Address:
    """A second ship-to of Nordwind, to which alone Bo may order."""
    place = Address(
        customer_id=cast.nordwind.id, code="nordwind-2", name="支店", postal_code="604-0002",
        region="京都府", address="京都市中京区2",
    )  # fmt: skip
    session.add(place)
    session.flush()
    member = session.scalars(select(Membership).where(Membership.user_id == cast.bo.id)).one()
    member.ship_to_ids = [place.id]
    session.flush()
    return place


def test_a_buyer_kept_to_some_ship_tos_sees_and_places_orders_for_these_alone(
    client_of: ClientOf, cast: Cast, branch: Address
) -> None:
    sku = make_sku(code="TK-ONE")
    put_on_shelf(sku, 80)
    head, mine = (make_order(cast.nordwind, {sku: 1}) for _ in range(2))
    mine.ship_to_id = branch.id
    session.flush()
    browser = client_of(cast.bo)
    page = browser.get("/orders").text
    assert mine.number in page and head.number not in page
    assert browser.get(f"/orders/{mine.number}").status_code == 200
    assert browser.get(f"/orders/{head.number}").status_code == 404
    assert browser.post(f"/orders/{head.number}/again").status_code == 404
    browser.post("/cart/lines", {"pieces-TK-ONE": "3"})
    page = browser.get("/checkout").text
    assert 'value="nordwind-2"' in page and 'value="nordwind-1"' not in page
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    assert browser.post("/checkout", {**form, "ship_to": "nordwind-1"}).status_code == 404
    assert browser.post("/checkout", {**form, "ship_to": "nordwind-2"}).status_code == 303
    placed = session.scalars(select(Order).order_by(Order.id.desc()).limit(1)).one()
    assert placed.ship_to_id == branch.id
    assert head.number in client_of(cast.alma).get("/orders").text
