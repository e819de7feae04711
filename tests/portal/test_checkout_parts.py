"""Dividing a checkout in the portal: typed, looked at with every figure, ordered; and asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from lxml import html
from sqlalchemy import select

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import Membership, User
from wholesale.catalog.models import Sku
from wholesale.customers.models import Address, Terms
from wholesale.kernel.db import session
from wholesale.orders.models import Order

ClientOf = Callable[[User | None], Browser]
URL = "/checkout/parts"


@pytest.fixture
def cup(cast: Cast) -> Sku:
    sku = make_sku(code="TK-1")
    put_on_shelf(sku, 80)
    terms = session.scalars(select(Terms).where(Terms.customer_id == cast.nordwind.id)).one()
    terms.freight_fee, terms.freight_free_from = Decimal(990), Decimal(30000)
    return sku


def fields_of(page: str, action: str) -> dict[str, str]:
    """What a browser would send of the form with this address, tokens aside."""
    form = next(one for one in html.fromstring(page).forms if one.action == action)
    return {name: str(value) for name, value in form.form_values() if "token" not in name}


def test_two_parts_are_typed_looked_at_and_ordered_at_exactly_those_figures(
    client_of: ClientOf, cast: Cast, cup: Sku
) -> None:
    browser = client_of(cast.alma)
    assert browser.get(URL).status_code == 303, "an empty cart is not divided"
    browser.post("/cart/lines", {"pieces-TK-1": "60"})
    typed = fields_of(browser.get(URL).text, URL)
    assert typed["parts"] == "2"
    more = browser.post(URL, {**typed, "add": "1", "part-0-po": "PO-A"})
    assert more.status_code == 200 and 'name="part-2-to"' in more.text and "PO-A" in more.text
    once = {
        **typed, "part-0-po": "PO-A", "part-1-to": "once", "part-1-day": "12/7", "part-1-name": "会場",
        "part-1-postal_code": "５５０００１４", "spread-TK-1-1": "２０",
    }  # fmt: skip
    wrong = browser.post(URL, {**once, "spread-TK-1-1": "x"})
    assert wrong.status_code == 422 and 'value="x"' in wrong.text and "aria-invalid" in wrong.text
    filled = fields_of(browser.post(URL, {**once, "complete": "1"}).text, URL)
    assert filled["part-1-region"] == "大阪府" and filled["part-1-address"].startswith("大阪市西区")
    assert browser.post(URL, {**filled, "spread-TK-1-1": "99"}).status_code == 422
    assert browser.post(URL, filled).status_code == 303
    page = browser.get("/checkout").text
    for figure in ("24,000", "12,000", "990", "41,778"):
        assert figure in page, figure  # 24,000 + 12,000 + 2 × 990, tax 2,499 + 1,299
    done = browser.post("/checkout", fields_of(page, "/checkout"))
    assert done.status_code == 303, done.text[-2000:]
    first, second = session.scalars(select(Order).order_by(Order.id)).all()
    assert (first.po_number, first.amount_gross + second.amount_gross) == ("PO-A", 41778)
    assert (second.ship_to["name"], str(second.wished_on)) == ("会場", "2026-12-07")
    told = browser.get(done.headers["Location"]).text
    assert first.number in told and second.number in told
    assert "会場" in browser.get(f"/orders/{second.number}").text
    assert client_of(cast.cleo).get(f"/orders/{second.number}").status_code == 404


def test_an_address_is_kept_by_who_may_and_a_rivals_is_404(
    client_of: ClientOf, cast: Cast, cup: Sku
) -> None:
    for user, kept in ((cast.bo, 1), (cast.alma, 2)):
        browser = client_of(user)
        browser.post("/cart/lines", {"pieces-TK-1": "6"})
        typed = {
            **fields_of(browser.get(URL).text, URL), "part-1-to": "once", "part-1-name": "堀江店",
            "part-1-postal_code": "550-0014", "part-1-address": "大阪市西区1", "part-1-keeps": "1",
            "spread-TK-1-1": "2",
        }  # fmt: skip
        assert browser.post(URL, typed).status_code == 303
        mine = select(Address.name).where(Address.customer_id == cast.nordwind.id)
        assert len(session.scalars(mine).all()) == kept
        assert browser.post(URL, {**typed, "part-0-to": "rival-1"}).status_code == 404
        assert browser.post("/checkout/whole").status_code == 303
        assert 'name="ship_to"' in browser.get("/checkout").text
    member = session.scalars(select(Membership).where(Membership.user_id == cast.bo.id)).one()
    place = session.scalars(select(Address).where(Address.code == "nordwind-1")).one()
    member.ship_to_ids = [place.id]
    session.flush()  # the door reads it by a query
    assert client_of(cast.bo).post(URL, typed).status_code == 404
    bo, elsewhere = client_of(cast.bo), {**typed, "part-1-to": "nordwind-1", "part-0-to": ""}
    assert bo.post(URL, elsewhere).status_code == 422, "nor to the customer's own address"
    place.is_active = False
    session.flush()  # the next page reads it by a query
    assert bo.post("/checkout", {"fingerprint": "x"}).status_code == 422


def test_a_place_that_is_no_longer_in_use_leads_to_where_another_is_chosen(
    client_of: ClientOf, cast: Cast, cup: Sku
) -> None:
    browser = client_of(cast.alma)
    browser.post("/cart/lines", {"pieces-TK-1": "6"})
    typed = {**fields_of(browser.get(URL).text, URL), "spread-TK-1-1": "2"}
    assert browser.post(URL, typed).status_code == 303
    place = session.scalars(select(Address).where(Address.code == typed["part-0-to"])).one()
    place.is_active = False
    session.flush()  # the next page reads it by a query
    there = browser.get("/checkout")
    assert (there.status_code, there.headers["Location"]) == (303, URL)
    assert browser.get(URL).status_code == 200


def test_a_divided_request_is_approved_as_it_was_divided(
    client_of: ClientOf, cast: Cast, cup: Sku
) -> None:
    member = session.scalars(select(Membership).where(Membership.user_id == cast.bo.id)).one()
    member.spending_limit = Decimal(1000)
    bo = client_of(cast.bo)
    bo.post("/cart/lines", {"pieces-TK-1": "10"})
    typed = {
        **fields_of(bo.get(URL).text, URL), "part-1-to": "once", "part-1-name": "会場",
        "part-1-postal_code": "550-0014", "part-1-address": "大阪市西区1", "spread-TK-1-1": "4",
    }  # fmt: skip
    bo.post(URL, typed)
    asked = bo.post("/checkout", {**fields_of(bo.get("/checkout").text, "/checkout"), "ask": "1"})
    alma, url = client_of(cast.alma), asked.headers["Location"]
    page = alma.get(url).text
    assert "会場" in page and page.count("990") >= 2
    hidden = dict(re.findall(r'name="(version|fingerprint)" value="(\w+)"', page))
    assert alma.post(f"{url}/approval", hidden).status_code == 303
    pieces = [sum(line.quantity for line in one.lines if line.sku_id)
              for one in session.scalars(select(Order).order_by(Order.id))]  # fmt: skip
    assert pieces == [6, 4]
