"""The main job as people click it: forty lines, two parts, two invoices, one receipt, nothing left."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Shop
from tests.browser.person import Person
from wholesale.kernel import clock

pytestmark = pytest.mark.browser
LINES = 40
EACH = 6


@pytest.mark.parametrize(
    ("dialect", "size", "scripts", "language"),
    [
        ("sqlite", "desk", True, "ja"),
        ("postgresql", "phone", True, "en"),
        ("sqlite", "desk", False, "en"),
    ],
    indirect=["dialect"],
)
def test_an_order_goes_from_the_catalogue_to_the_cleared_payment(
    chromium: Browser, shop: Shop, size: str, *, scripts: bool, language: str
) -> None:
    alma = Person(chromium, shop.address, size, scripts=scripts).sign_in("alma@nordwind.example")
    if language != "en":
        alma.speak(language)
    number = order_forty_lines(alma, shop)

    dana = Person(chromium, shop.address, "desk", scripts=scripts).sign_in("dana@example.jp")
    frida = Person(chromium, shop.address, size, scripts=scripts).sign_in("frida@example.jp")
    egon = Person(chromium, shop.address, "desk", scripts=scripts).sign_in("egon@example.jp")
    for path in ("/office/", "/office/orders", "/office/stock", "/office/customers"):
        dana.look(path)
    dana.look(f"/office/orders/{number}")
    dana.send("form[action$='/confirmation'] button")

    plan_some(dana, number, 15)
    first = ship(frida)
    dana.look(f"/office/orders/{number}")
    dana.send("form[action$='/shipments'] button:not(details button)")
    second = ship(frida)
    assert first != second
    for slip in (first, second):
        egon.look(f"/office/shipments/{slip}")
        egon.send("form[action$='/invoice'] button")
    shop.work()

    take_in(egon, what_is_owed(alma))
    alma.look("/invoices")
    assert figure(alma, "#invoices-balance") == 0
    alma.look(f"/orders/{number}")
    for path in ("/office/invoices", "/office/match?state=done", "/office/bank"):
        egon.look(path)
    assert shop.broken() == []


def order_forty_lines(alma: Person, shop: Shop) -> str:
    """One line from the catalogue, the others pasted; the number of the order."""
    for path in ("/", "/orders", "/invoices", "/account"):
        alma.look(path)
    alma.look(f"/products/{shop.codes[0]}")
    alma.look("/catalogue")
    field = alma.page.locator(f"input[name='pieces-{shop.codes[0]}']").first
    field.fill(str(EACH))
    with alma.answered():
        field.press("Enter")
    alma.look("/quick-order")
    alma.page.fill("textarea", "\n".join(f"{code}\t{EACH}" for code in shop.codes[1:LINES]))
    alma.send("form#pad button:not([name])")
    alma.send("form#pad button[value=cart]")
    alma.look("/cart")
    fields = alma.page.locator("main input[name^='pieces-']")
    assert len({fields.nth(at).get_attribute("name") for at in range(fields.count())}) == LINES
    alma.look("/checkout")
    alma.send("main form[action$='/checkout'] button.primary")
    assert "/checkout/done/" in alma.page.url
    number = alma.page.url.rsplit("/", 1)[1]
    alma.look(f"/orders/{number}")
    return number


def plan_some(dana: Person, number: str, lines: int) -> None:
    """Send a part first: the first lines of the order, in full."""
    dana.look(f"/office/orders/{number}")
    dana.unfold("form[action$='/shipments'] input[name^='pieces-']")
    fields = dana.page.locator("form[action$='/shipments'] input[name^='pieces-']")
    for at in range(lines):
        fields.nth(at).fill(str(EACH))
    dana.send("form[action$='/shipments']:has(input[name^='pieces-']) button")


def ship(frida: Person) -> str:
    """Pick, pack and dispatch what waits on the floor; the number of the shipment."""
    frida.look("/floor/")
    slip = frida.first("main a[href*='/floor/pick/']").rsplit("/", 1)[1]
    frida.look(f"/floor/pick/{slip}")
    frida.send("button[name=all]")
    frida.send("form[action$='/cartons'] button[type=submit]")
    frida.look(f"/floor/pick/{slip}")
    frida.send("form[action$='/dispatch'] button[type=submit]")
    frida.look(f"/floor/pick/{slip}")
    return slip


def what_is_owed(alma: Person) -> list[Decimal]:
    """The total of each invoice as the buyer reads it, opened and its PDF fetched."""
    alma.look("/invoices")
    links = alma.page.locator("main a.strong[href^='/invoices/']")
    numbers = {(links.nth(at).get_attribute("href") or "") for at in range(links.count())}
    assert len(numbers) == 2
    balance, totals = figure(alma, "#invoices-balance"), []
    for link in numbers:
        alma.look(link.partition("?")[0])
        totals.append(figure(alma, "#invoice-open"))
        pdf = alma.context.request.get(f"{alma.shop}{link.partition('?')[0]}/pdf")
        assert pdf.status == 200
        assert pdf.body().startswith(b"%PDF")
    assert sum(totals) == balance
    return totals


def take_in(egon: Person, totals: list[Decimal]) -> None:
    """Bring the bank's file in, look at what it proposes, and clear it."""
    egon.look("/office/bank")
    egon.page.set_input_files(
        "input[type=file]",
        {"name": "zengin.txt", "mimeType": "text/plain", "buffer": zengin(totals, clock.today())},
    )
    egon.send("main form[enctype='multipart/form-data'] button[type=submit]")
    egon.send("main form[action$='/office/bank'] button")
    egon.look("/office/match")
    egon.send("form[action$='/match/certain'] button")
    expect(egon.page.locator("ul.banklines li")).to_have_count(0)


def figure(person: Person, where: str) -> Decimal:
    """An amount as it stands on the page."""
    text = person.page.locator(where).inner_text()
    return Decimal("".join(sign for sign in text if sign.isdigit()) or "0")


def zengin(amounts: list[Decimal], day: date) -> bytes:
    """A file of type 01 with receipts of Nordwind's, format A, years counted as 令和."""
    on = f"{day.year - 2018:02d}{day:%m%d}"
    head = f"1010{on}{on}{on}9901{'ｷﾖｳﾄﾐﾔｺ':15}101{'ｻﾝｼﾞﾖｳ':15}11234567{'ﾂﾁﾄｶﾐ(ｶ':40}"
    rows = [
        f"2{at:06d}{on}{on}{int(amount):010d}{0:010d}{0:010d}{'ﾉﾙﾄﾞｳﾞｲﾝﾄ(ｶ':48}{'ﾐﾔｺ':15}{'ｻﾝｼﾞﾖｳ':15}"
        for at, amount in enumerate(amounts, 1)
    ]
    tail = f"8{len(rows):06d}{int(sum(amounts)):012d}{0:06d}{0:012d}"
    records = (head, *rows, tail, "9")
    return b"".join(record.encode("cp932").ljust(200) + b"\r\n" for record in records)
