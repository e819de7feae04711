"""The pages about people in Chromium: axe, a phone's width, and a passkey made and used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Shop
from tests.factories.people import PASSWORD

AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
PHONE: Any = {"width": 390, "height": 844}
BUYERS = ("/account/people", "/account/people/1", "/profile", "/profile/app")
STAFF = ("/office/settings/people", "/office/settings/people/new", "/office/settings/people/7",
         "/office/settings/roles", "/office/settings/roles/new", "/office/settings/security",
         "/office/customers/nordwind/people", "/profile")  # fmt: skip
# What is looked at here is drawn and not stored: one engine will do, the walk goes over both.
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
STRANGERS = ("/login", "/password/reset", "/password/reset/sent")


def come_in(page: Page, shop: Shop, email: str) -> None:
    page.goto(f"{shop.address}/login")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def faults(page: Page) -> list[str]:
    """What axe finds, and whether the page is wider than the screen."""
    page.evaluate(AXE)
    found = page.evaluate(
        "axe.run().then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))"
    )
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    return [*found, *(["wider than the screen"] if wide else [])]


@pytest.mark.parametrize(
    ("email", "urls"),
    [("", STRANGERS), ("alma@nordwind.example", BUYERS), ("gil@example.jp", STAFF)],
    ids=["strangers", "buyers", "staff"],
)
def test_the_pages_are_sound_and_fit_a_phone(
    chromium: Browser, shop: Shop, email: str, urls: tuple[str, ...]
) -> None:
    page = chromium.new_context(viewport=PHONE, bypass_csp=True).new_page()
    if email:
        come_in(page, shop, email)
    told = {}
    for url in urls:
        answer = page.goto(shop.address + url)
        assert answer is not None and answer.status == 200, url
        if found := faults(page):
            told[url] = found
    assert told == {}


def test_a_passkey_is_made_and_lets_its_person_in(chromium: Browser, shop: Shop) -> None:
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
               "hasUserVerification": True, "isUserVerified": True,
               "automaticPresenceSimulation": True}  # fmt: skip
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    home = shop.address.replace("127.0.0.1", "localhost")
    there = Shop(home, shop.codes)
    come_in(page, there, "dana@example.jp")
    page.goto(f"{home}/profile")
    page.fill("#called", "laptop")
    page.click("form[data-passkey=create] button[type=submit]")
    page.wait_for_selector("text=laptop")
    context.clear_cookies()
    page.goto(f"{home}/login")
    page.click("form[data-passkey=get] button[type=submit]")
    page.wait_for_url(f"{home}/office/")
    assert "Dana" in page.locator("body").inner_text()
