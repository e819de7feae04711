"""A checkout divided by addresses and days on a phone: without script, then ordered; axe on its pages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from tests.browser.conftest import Shop
from tests.browser.test_people import PHONE, come_in, faults
from tests.conftest import SYSTEM
from wholesale.accounts.models import Membership, User
from wholesale.catalog.models import Sku
from wholesale.kernel import db
from wholesale.kernel.db import session
from wholesale.orders import carting
from wholesale.orders.models import Order

ALMA = "alma@nordwind.example"
PAGES = ("/checkout/parts", "/checkout", "/carts", "/cart", "/favourites", "/standard-lists")


@pytest.fixture
def filled(shop: Shop) -> Shop:
    """Alma has twelve of two things in the cart."""
    with db.unit_of_work(SYSTEM):
        alma = session.scalars(select(User).where(User.email == ALMA)).one()
        member = session.scalars(select(Membership).where(Membership.user_id == alma.id)).one()
        customer = member.customer
        cart = carting.open_cart(customer, alma)
        skus = session.scalars(select(Sku.id).where(Sku.code.in_(shop.codes[:2])))
        carting.put_many(cart, customer, dict.fromkeys(skus, 12), SYSTEM.actor)
    return shop


def test_a_phone_divides_an_order_without_script_and_every_page_is_sound(
    chromium: Browser, filled: Shop
) -> None:
    look = chromium.new_context(viewport=PHONE, bypass_csp=True, locale="en-US").new_page()
    come_in(look, filled, ALMA)
    found = {}
    for url in PAGES:
        look.goto(filled.address + url)
        if wrong := faults(look):
            found[url] = wrong
    assert found == {}
    plain = chromium.new_context(viewport=PHONE, java_script_enabled=False, locale="en-US")
    page = plain.new_page()
    come_in(page, filled, ALMA)
    page.goto(f"{filled.address}/checkout")
    page.click("a[href='/checkout/parts']")
    page.select_option("#part-1-to", "once")
    page.locator("fieldset.part").nth(1).locator("details summary").click()
    page.fill("#part-1-name", "Horie")
    page.fill("#part-1-postal_code", "550-0014")
    page.click("button[name=complete][value='1']")
    expect(page.locator("#part-1-region")).to_have_value("大阪府")
    page.fill("#part-1-day", "+20")
    page.fill("#part-1-po", "PO-B")
    page.fill(f"input[name='spread-{filled.codes[0]}-1']", "4")
    page.click("p.row button[name=save]")
    expect(page.locator(".leg")).to_have_count(2)
    expect(page.locator(".leg").nth(1)).to_contain_text("Horie")
    page.click(".checkout-sum button[type=submit]")
    page.wait_for_url("**/checkout/done/*")
    expect(page.locator("h1")).to_have_text(re.compile(r"SO-\d+-\d+, SO-\d+-\d+"))
    with db.unit_of_work(SYSTEM, read_only=True):
        pieces = [
            sum(line.quantity for line in one.lines if line.sku_id)
            for one in session.scalars(select(Order).order_by(Order.id))
        ]
    assert pieces == [20, 4]
    assert filled.broken() == []
