"""A shop orders again on a phone, taps and figures counted; and changes the lines of a quick order."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, expect
from sqlalchemy import select

from tests.browser.conftest import Shop
from tests.browser.person import Person
from tests.conftest import SYSTEM
from tests.factories.orders import make_order
from wholesale.catalog.models import Sku
from wholesale.customers.models import Customer
from wholesale.kernel import db
from wholesale.orders.models import Order

# One engine will do: what the browser sends is tested on both without it.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]
MOST_TAPS, MOST_FIGURES = 12, 3


@dataclass
class Thumb:
    """What a thumb does on a phone, counted. A field that is typed into is tapped first."""

    person: Person
    taps: int = 0
    figures: int = 0

    def tap(self, what: Locator) -> None:
        self.taps += 1
        what.click()
        self.person.page.wait_for_load_state("networkidle")

    def type(self, field: Locator, figure: str) -> None:
        """Tap a field whose content is selected by the tap, or cleared, and type a figure."""
        self.taps += 1
        self.figures += 1
        field.click()
        with self.person.answered():
            field.fill(figure)
            field.evaluate("field => field.dispatchEvent(new Event('change', {bubbles: true}))")


def ordered_before(shop: Shop) -> str:
    """An order of eight lines, six pieces each; its number."""
    with db.unit_of_work(SYSTEM):
        skus = db.session.scalars(select(Sku).where(Sku.code.in_(shop.codes[:8]))).all()
        customer = db.session.scalars(
            select(Customer).where(Customer.kana == "ノルドヴィント")
        ).one()
        return make_order(customer, dict.fromkeys(skus, 6), confirmed=True).number


def test_ordering_again_with_three_changes_takes_a_dozen_taps(
    chromium: Browser, shop: Shop
) -> None:
    number = ordered_before(shop)
    alma = Person(chromium, shop.address, "phone").sign_in("alma@nordwind.example")
    alma.look("/")
    thumb, page = Thumb(alma), alma.page
    thumb.tap(page.locator("nav.tabbar a[href='/orders']"))
    thumb.tap(page.locator(f"main a[href='/orders/{number}']").first)
    thumb.tap(
        page.locator(f"main form[action='/orders/{number}/again'] button >> visible=true").first
    )
    assert page.url.endswith("/cart")
    for at, figure in enumerate(("12", "18", "24")):
        field = page.locator(f"main input[name='pieces-{shop.codes[at]}'] >> visible=true").first
        thumb.type(field, figure)
    thumb.tap(page.locator("main a[href='/checkout'] >> visible=true").first)
    thumb.tap(page.locator("main form[action$='/checkout'] button.primary >> visible=true").first)
    assert "/checkout/done/" in page.url
    assert thumb.taps <= MOST_TAPS
    assert thumb.figures <= MOST_FIGURES
    new = page.url.rsplit("/", 1)[1]
    with db.unit_of_work(SYSTEM):
        order = db.session.scalars(select(Order).where(Order.number == new)).one()
        pieces = {line.code: line.quantity for line in order.lines if line.sku_id}
    changed = dict(zip(shop.codes, (12, 18, 24), strict=False))
    assert pieces == {**dict.fromkeys(shop.codes[:8], 6), **changed}
    assert alma.complaints == []


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_total_of_a_quick_order_follows_its_steppers(
    chromium: Browser, shop: Shop, size: str
) -> None:
    ordered_before(shop)
    alma = Person(chromium, shop.address, size).sign_in("alma@nordwind.example")
    for path in ("/orders", "/orders?from=2026-01-01&to=2026-12-31", "/invoices/ledger"):
        alma.look(path)
    page = alma.page
    page.goto(f"{shop.address}/catalogue?view=list&q={shop.codes[9]}")
    with alma.answered():
        page.locator("main button[data-step='2'] >> visible=true").first.click()
    page.goto(f"{shop.address}/cart")
    in_cart = page.locator(f"main input[name='pieces-{shop.codes[9]}']").first
    expect(in_cart).to_have_value("2")
    alma.look("/quick-order")
    page.set_input_files(
        "#sheet",
        {
            "name": "order.csv",
            "mimeType": "text/csv",
            "buffer": f"code,qty\n{shop.codes[0]},4\n{shop.codes[1]},3\nNO-SUCH,1\n".encode(),
        },
    )
    alma.send("form#pad button:not([name])")
    goods = page.locator("#pad aside dl.sum dd").first
    expect(goods).to_have_text("¥2,400")
    with alma.answered():
        page.locator("#pad button[data-step='2'] >> visible=true").first.click()
    expect(goods).to_have_text("¥3,600")
    expect(page.locator("#paste")).to_have_value(re.compile(f"^{shop.codes[0]} 6"))
    alma.send("button[name=take][value='2|4']")
    expect(goods).to_have_text("¥6,000")
    alma.check_width("quick order")
    alma.check_axe("quick order")
    assert alma.complaints == []


def test_quantities_typed_without_a_network_wait_for_it_and_signing_out_wipes_them(
    chromium: Browser, shop: Shop
) -> None:
    ordered_before(shop)
    alma = Person(chromium, shop.address, "desk").sign_in("alma@nordwind.example")
    alma.look(f"/catalogue?view=list&q={shop.codes[0]}")
    page = alma.page
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    waits = "Object.entries(localStorage).filter(([name]) => name.startsWith('typed-'))"
    field = page.locator(f"main input[name='pieces-{shop.codes[0]}'] >> visible=true").first

    alma.context.set_offline(True)
    with page.expect_event("requestfailed"):
        field.fill("8")
        field.press("Enter")
    page.locator("#waiting").wait_for(state="visible")
    (told,) = page.evaluate(waits)
    assert json.loads(told[1]) == {f"pieces-{shop.codes[0]}": "8"}
    page.goto(f"{shop.address}/cart")
    expect(page.locator("h1")).to_have_text("No network")

    alma.context.set_offline(False)
    with page.expect_response(lambda answer: answer.url.endswith("/cart/lines")) as sent:
        page.goto(f"{shop.address}/catalogue")
    assert sent.value.status == 200
    page.wait_for_function(f"{waits}.length === 0")
    page.goto(f"{shop.address}/cart")
    expect(page.locator(f"input[name='pieces-{shop.codes[0]}']").first).to_have_value("8")

    page.evaluate("localStorage.setItem('typed-0-0', '{}')")
    kept = page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name)"
        ".then(cache => cache.keys())))).then(all => all.flat().map(one => new URL(one.url).pathname))"
    )
    assert sorted(kept) == ["/offline", "/static/css/app.css"]
    page.locator("button[popovertarget=account]").click()
    page.locator("form[data-signs-out] button >> visible=true").first.click()
    page.wait_for_url("**/login**")
    assert page.evaluate(waits) == []
