"""Approval inside the customer in Chromium: without script, at a phone's width, by keyboard; axe."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from tests.browser.conftest import Shop
from tests.browser.test_people import PHONE, come_in, faults
from tests.conftest import SYSTEM
from wholesale.accounts.models import Membership, User
from wholesale.catalog.models import Sku
from wholesale.kernel import db
from wholesale.kernel.db import session
from wholesale.orders import carting

BO, ALMA = "bo@nordwind.example", "alma@nordwind.example"
# One engine will do: the races and verbs of approval run on both.
pytestmark = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
DESK: Any = {"width": 1280, "height": 900}


@pytest.fixture
def limited(shop: Shop) -> Shop:
    """Bo may order nothing alone, and has four of something in the cart."""
    with db.unit_of_work(SYSTEM):
        bo = session.scalars(select(User).where(User.email == BO)).one()
        bo.locale = "en"
        member = session.scalars(select(Membership).where(Membership.user_id == bo.id)).one()
        member.spending_limit = Decimal(0)
        sku = session.scalars(select(Sku).where(Sku.code == shop.codes[0])).one()
        cart = carting.open_cart(member.customer, bo)
        carting.put(cart, member.customer, sku.id, 4, SYSTEM.actor)
    return shop


def ask(context: BrowserContext, shop: Shop, message: str) -> str:
    """Bo asks for approval of what is in the cart; returns where the request is shown."""
    page = context.new_page()
    come_in(page, shop, BO)
    page.goto(f"{shop.address}/checkout")
    page.fill("textarea[name=message]", message)
    page.focus("button[name=ask]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/approvals/*")
    return page.url


def test_a_request_is_sent_and_approved_without_script(chromium: Browser, limited: Shop) -> None:
    plain = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    url = ask(plain, limited, "for the fair")
    boss = chromium.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    come_in(boss, limited, ALMA)
    boss.click("text=Look and decide")
    boss.wait_for_url(url)
    expect(boss.locator("text=for the fair").first).to_be_visible()
    boss.focus("text=Approve and order")
    boss.keyboard.press("Enter")
    boss.wait_for_url("**/orders/SO-*")
    expect(boss.locator("text=approved by Alma").first).to_be_visible()
    assert limited.broken() == []


def pages(page: Page, shop: Shop, urls: tuple[str, ...]) -> dict[str, list[str]]:
    found = {}
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for url in urls:
            answer = page.goto(url if url.startswith("http") else shop.address + url)
            assert answer is not None and answer.status == 200, url
            if wrong := faults(page):
                found[f"{url} {size['width']}"] = wrong
    return found


def test_the_pages_are_sound_and_fit_a_phone(chromium: Browser, limited: Shop) -> None:
    asking = chromium.new_context(viewport=PHONE, bypass_csp=True)
    deciding = chromium.new_context(viewport=PHONE, bypass_csp=True)
    url = ask(asking, limited, "a long word without any place to break it: " + "x" * 60)
    mine, boss = asking.new_page(), deciding.new_page()
    come_in(boss, limited, ALMA)
    assert pages(mine, limited, ("/", "/orders/approvals", url)) == {}
    assert pages(boss, limited, ("/", "/orders/approvals", "/orders", url)) == {}
    boss.fill("#reason", "half of it, please")
    boss.press("#reason", "Enter")
    boss.wait_for_url("**/orders/approvals")
    assert pages(mine, limited, ("/", "/orders/approvals", "/checkout", url)) == {}
