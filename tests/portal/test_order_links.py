"""Order links: people without an account look, choose and order, and find nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.factories.browsing import Browser
from tests.factories.goods import make_product, make_sku
from tests.factories.links import make_link
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import User
from wholesale.catalog.models import Catalog, Sku
from wholesale.cli.checking import look
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.mail.models import Letter
from wholesale.offers.models import LinkOrders, OrderLink
from wholesale.orders.models import Order, OrderSource
from wholesale.pricing.resolving import resolve

ClientOf = Callable[[User | None], Browser]
WHO = {"name": "雪あかり商店", "contact": "雪村", "email": "yuki@yukiakari.example",
       "country": "JP", "postal_code": "604-0001", "region": "京都府", "address": "京都市中京区1"}  # fmt: skip


class Guest(Browser):
    """A browser without an account that keeps its cookie, as a person's does."""

    def post(self, url: str, data: dict[str, str] | None = None, **options: object):  # type: ignore[no-untyped-def,override]
        cookie = self.get_cookie("sid")
        self.secret = cookie.value if cookie else ""
        return super().post(url, data, **options)


def goods() -> Sku:
    sku = make_sku(make_product("灰白 飯碗"), code="TK-1", multiple=6, list_price="1000")
    put_on_shelf(sku, 80)
    return sku


def guest_at(app: Flask, link: OrderLink) -> Guest:
    guest = Guest(app)
    assert guest.get(f"/o/{link.word}").status_code == 200
    return guest


def ordering(guest: Guest, word: str, **changes: str) -> str:
    """Send the form of the order as the page shows it; where it leads, or the page again."""
    page = guest.get(f"/o/{word}/order").text
    seen = re.search(r'name="fingerprint" value="(\w+)"', page)
    assert seen, page[:2000]
    reply = guest.post(f"/o/{word}/order", {**WHO, "fingerprint": seen[1], **changes})
    return reply.headers.get("Location") or reply.text


def test_a_visitor_orders_at_the_links_prices_and_becomes_a_customer(
    app: Flask, cast: Cast
) -> None:
    sku = goods()
    link = make_link(cast.nordwind, sku)
    guest = guest_at(app, link)
    price = resolve(cast.nordwind, {sku.id: 12}, on=clock.today())[sku.id].unit_price
    assert f"{price:,.0f}" in guest.get(f"/o/{link.word}").text
    reply = guest.post(f"/o/{link.word}/lines", {"pieces-TK-1": "8", "act": "order"})
    assert reply.headers["Location"] == f"/o/{link.word}/order"
    assert ordering(guest, link.word, note="入口で").endswith("/done")
    order = session.scalars(select(Order).where(Order.link_id == link.id)).one()
    assert order.source is OrderSource.LINK
    assert order.customer.name == "雪あかり商店" and order.customer_id != cast.nordwind.id
    assert order.customer.group_id == cast.nordwind.group_id
    assert order.ship_to["address"].startswith("京都市中京区1") and order.note == "入口で"
    (line,) = [line for line in order.lines if line.sku_id]
    assert (line.quantity, line.unit_price, line.amount) == (12, price, price * 12)
    letter = session.scalars(select(Letter).where(Letter.recipient == WHO["email"])).one()
    assert letter.event == "order_by_link"
    assert order.number in guest.get(f"/o/{link.word}/done").text
    assert guest.get(f"/o/{link.word}/order").text.count(order.number) == 1  # it is not sent twice
    assert [one for one in look() if one["level"] == 2] == []


def test_a_customers_own_link_orders_for_it(app: Flask, cast: Cast) -> None:
    sku = goods()
    link = make_link(cast.nordwind, sku, orders_as=LinkOrders.OF_CUSTOMER)
    guest = guest_at(app, link)
    guest.post(f"/o/{link.word}/lines", {"pieces-TK-1": "6"})
    assert ordering(guest, link.word, name="", address="").endswith("/done")
    order = session.scalars(select(Order).where(Order.link_id == link.id)).one()
    assert order.customer_id == cast.nordwind.id
    assert "雪村" in order.placed_by


def test_nothing_is_lost_and_nothing_ordered_where_the_form_is_wrong(
    app: Flask, cast: Cast
) -> None:
    link = make_link(cast.nordwind, goods())
    guest = guest_at(app, link)
    guest.post(f"/o/{link.word}/lines", {"pieces-TK-1": "6"})
    again = ordering(guest, link.word, email="yuki", note="裏口へ")
    assert "裏口へ" in again and "雪あかり商店" in again
    assert "裏口へ" in ordering(guest, link.word, address="", note="裏口へ")
    for day in ("2026-01-05", "2031-01-06"):
        assert f'value="{day}"' in ordering(guest, link.word, wished_on=day), day
    assert "まだ確定していません" in ordering(guest, link.word, fingerprint="an old one")
    assert session.scalar(select(Order).where(Order.link_id == link.id)) is None


def test_the_pass_code_opens_and_guessing_is_slowed_down(app: Flask, cast: Cast) -> None:
    link = make_link(cast.nordwind, goods(), pass_code="aki2026")
    guest = guest_at(app, link)
    hidden = ("", "/order", "/done", f"/pictures/{'0' * 64}")
    assert all("TK-1" not in guest.get(f"/o/{link.word}{page}").text for page in hidden)
    assert guest.post(f"/o/{link.word}/lines", {"pieces-TK-1": "6"}).status_code == 404
    assert guest.post(f"/o/{link.word}/entry", {"pass_code": "haru"}).status_code == 403
    assert guest.post(f"/o/{link.word}/entry", {"pass_code": "aki2026"}).status_code == 303
    assert "TK-1" in guest.get(f"/o/{link.word}").text
    other = guest_at(app, link)
    tried = [other.post(f"/o/{link.word}/entry", {"pass_code": "x"}).status_code for _ in range(12)]
    assert tried[-1] == 429


@pytest.mark.parametrize("values", ["off", "not yet", "over"])
def test_a_link_that_is_not_open_says_so_and_shows_nothing(
    app: Flask, cast: Cast, values: str
) -> None:
    today = clock.today()
    closed = {"off": {"is_on": False}, "not yet": {"opens_on": today + timedelta(days=1)},
              "over": {"closes_on": today - timedelta(days=1)}}[values]  # fmt: skip
    link = make_link(cast.nordwind, goods(), **closed)
    reply = Guest(app).get(f"/o/{link.word}")
    assert reply.status_code == 410
    assert "TK-1" not in reply.text
    assert Guest(app).get(f"/o/{link.word}/order").status_code == 404


def test_the_last_day_counts_whole_and_a_closed_catalogue_shows_nothing(
    app: Flask, cast: Cast
) -> None:
    link = make_link(cast.nordwind, goods(), closes_on=clock.today())
    guest = guest_at(app, link)
    assert "TK-1" in guest.get(f"/o/{link.word}").text
    session.execute(
        update(Catalog).where(Catalog.id == link.catalog_id).values(closes_at=clock.now())
    )
    assert "TK-1" not in guest.get(f"/o/{link.word}").text


def test_only_the_links_own_goods_are_shown_taken_or_priced(app: Flask, cast: Cast) -> None:
    link = make_link(cast.nordwind, goods())
    other = make_sku(make_product("内緒の壺"), code="SECRET-9", list_price="918273")
    put_on_shelf(other, 9)
    guest = guest_at(app, link)
    assert "SECRET-9" not in guest.get(f"/o/{link.word}?q=SECRET").text.replace('"SECRET"', "")
    guest.post(f"/o/{link.word}/lines", {"pieces-SECRET-9": "3", "pieces-TK-1": "6"})
    page = guest.get(f"/o/{link.word}/order").text
    assert "TK-1" in page and "SECRET-9" not in page and "918,273" not in page


def test_without_prices_and_to_look_at_only(app: Flask, cast: Cast) -> None:
    sku = goods()
    silent = make_link(cast.nordwind, sku, shows_prices=False)
    guest = guest_at(app, silent)
    guest.post(f"/o/{silent.word}/lines", {"pieces-TK-1": "6"})
    pages = guest.get(f"/o/{silent.word}").text + guest.get(f"/o/{silent.word}/order").text
    pages = re.sub(r"[\w-]{12,}", "", pages, flags=re.ASCII)  # a token may hold any figures
    assert "¥" not in pages and "600" not in pages
    assert ordering(guest, silent.word).endswith("/done")
    assert "¥" not in guest.get(f"/o/{silent.word}/done").text
    still = make_link(cast.nordwind, sku, view_only=True)
    guest = guest_at(app, still)
    assert "pieces-" not in guest.get(f"/o/{still.word}").text
    assert guest.post(f"/o/{still.word}/lines", {"pieces-TK-1": "6"}).status_code == 403


def test_a_buyer_of_another_customer_may_use_a_link_too(client_of: ClientOf, cast: Cast) -> None:
    link = make_link(cast.nordwind, goods())
    assert "TK-1" in client_of(cast.cleo).get(f"/o/{link.word}").text


def test_the_office_makes_a_link_and_sees_what_came_by_it(
    app: Flask, client_of: ClientOf, cast: Cast
) -> None:
    sku = goods()
    made = make_link(cast.nordwind, sku)
    catalog = session.get_one(Catalog, made.catalog_id)
    browser = client_of(cast.dana)
    form = {"name": "春の展示会", "catalog": catalog.code, "customer": "nobody",
            "orders_as": "visitors", "shows_prices": "y", "is_on": "y", "without_code": "y"}  # fmt: skip
    wrong = browser.post("/office/order-links", form)
    assert wrong.status_code == 422 and "春の展示会" in wrong.text
    right = browser.post("/office/order-links", {**form, "customer": cast.nordwind.code})
    assert right.status_code == 303
    link = session.scalars(select(OrderLink).where(OrderLink.name == "春の展示会")).one()
    guest = guest_at(app, link)
    guest.post(f"/o/{link.word}/lines", {"pieces-TK-1": "6"})
    ordering(guest, link.word)
    page = browser.get(f"/office/order-links/{link.id}").text
    assert link.word in page and "雪あかり商店" in page
    part = browser.post_part(
        f"/office/order-links/{link.id}",
        {**form, "customer": cast.nordwind.code, "version": str(link.version), "is_on": ""},
    )
    assert part.status_code == 200 and 'id="order-link"' in part.text
    assert client_of(cast.frida).get("/office/order-links").status_code == 403


def test_amounts_of_an_order_by_link_are_exact(app: Flask, cast: Cast) -> None:
    sku = goods()
    link = make_link(cast.nordwind, sku)
    guest = guest_at(app, link)
    guest.post(f"/o/{link.word}/lines", {"pieces-TK-1": "18"})
    ordering(guest, link.word)
    order = session.scalars(select(Order).where(Order.link_id == link.id)).one()
    assert order.amount_net == sum((line.amount for line in order.lines), Decimal(0))
