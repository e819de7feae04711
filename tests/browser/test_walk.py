"""The main job as people click it: from the catalogue to the issued invoice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.factories.people import PASSWORD

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


class Person:
    """Somebody in front of a browser."""

    def __init__(self, chromium: Browser, shop: str, size: str, *, scripts: bool) -> None:
        self.context = chromium.new_context(
            viewport=SIZES[size], locale="en-US", java_script_enabled=scripts, bypass_csp=True
        )
        self.page: Page = self.context.new_page()
        self.shop, self.scripts = shop, scripts
        self.page.set_default_timeout(15_000)

    def sign_in(self, email: str) -> None:
        self.page.goto(f"{self.shop}/login")
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main form.stack button[type=submit]")
        self.page.wait_for_load_state()

    def look(self, path: str) -> None:
        """Open a page; it must answer, fit its width, and have no fault that axe can see."""
        answer = self.page.goto(f"{self.shop}{path}")
        assert answer is not None
        assert answer.status == 200, path
        if self.scripts:
            self.check_axe(path)

    def check_axe(self, path: str) -> None:
        self.page.evaluate(AXE)
        found = self.page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']}).then(r => r.violations"
            ".map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))]))"
        )
        assert found == [], f"{path}: {json.dumps(found, ensure_ascii=False)[:1500]}"

    def press(self, word: str) -> None:
        self.page.locator(f"main button:visible:has-text('{word}')").first.click()
        self.page.wait_for_load_state("networkidle")


@pytest.mark.parametrize(("size", "scripts"), [("desk", True), ("phone", True), ("desk", False)])
def test_an_order_goes_from_the_catalogue_to_its_invoice(
    chromium: Browser, shop: str, size: str, scripts: bool
) -> None:
    alma = Person(chromium, shop, size, scripts=scripts)
    alma.sign_in("alma@nordwind.example")
    for path in ("/", "/orders", "/invoices", "/account", "/quick-order"):
        alma.look(path)
    alma.look("/catalogue")
    field = alma.page.locator("input[name^='pieces-']").first
    field.fill("6")
    field.press("Enter")
    alma.page.wait_for_load_state("networkidle")
    alma.look("/cart")
    assert alma.page.locator("input[name^='pieces-']").first.input_value() == "6"
    alma.look("/checkout")
    alma.press("Place the order")
    assert "/checkout/done/" in alma.page.url
    number = alma.page.url.rsplit("/", 1)[1]
    alma.look(f"/orders/{number}")

    gil = Person(chromium, shop, "desk", scripts=scripts)
    gil.sign_in("gil@example.jp")
    for path in ("/office/", "/office/orders", "/office/stock", "/office/customers", "/floor/"):
        gil.look(path)
    gil.look(f"/office/orders/{number}")
    gil.press("Confirm")
    gil.look(f"/office/orders/{number}")
    gil.press("Plan")
    gil.look("/office/shipments")
    shipment = gil.page.locator("main a[href*='/office/shipments/']").first.get_attribute("href")
    assert shipment is not None
    slip = shipment.rsplit("/", 1)[1].partition("?")[0]
    gil.look(f"/floor/pick/{slip}")
    gil.press("All was found")
    gil.look(f"/floor/pick/{slip}")
    gil.press("Close the cartons")
    gil.look(f"/floor/pick/{slip}")
    gil.page.locator(
        "form[action$='/dispatch'] button[type=submit], form:has(#carrier) button[type=submit]"
    ).first.click()
    gil.page.wait_for_load_state("networkidle")
    gil.look(f"/office/shipments/{slip}")
    gil.press("Issue the invoice")
    for path in ("/office/invoices", "/office/match", "/office/bank", "/office/imports"):
        gil.look(path)

    alma.look("/invoices")
    invoice = alma.page.locator("main a[href^='/invoices/']").first.get_attribute("href")
    assert invoice is not None
    alma.look(invoice.partition("?")[0])
