"""Finding anything in the office."""

from __future__ import annotations

from collections.abc import Callable

from tests.factories.browsing import Browser
from tests.factories.people import Cast
from tests.factories.receipts import make_invoice
from wholesale.accounts.models import User

ClientOf = Callable[[User | None], Browser]


def test_an_invoice_is_found_by_its_number(client_of: ClientOf, cast: Cast) -> None:
    invoice = make_invoice(cast.nordwind)
    page = client_of(cast.egon).get(f"/office/search?q={invoice.number[:8].lower()}")
    assert page.status_code == 200
    assert f"/office/invoices/{invoice.number}" in page.text


def test_a_customer_is_found_by_its_telephone_in_the_palette(
    client_of: ClientOf, cast: Cast
) -> None:
    cast.nordwind.phone = "075-123-4567"
    part = client_of(cast.dana).part("/office/search?q=075123")
    assert part.text.lstrip().startswith('<div id="palette-results"')
    assert "/office/customers/nordwind" in part.text


def test_the_warehouse_finds_no_customers_or_invoices(client_of: ClientOf, cast: Cast) -> None:
    invoice = make_invoice(cast.nordwind)
    assert "/office/customers/" not in client_of(cast.frida).part("/office/search?q=nord").text
    assert invoice.number not in client_of(cast.frida).part("/office/search?q=INV").text


def test_buyers_find_no_office(client_of: ClientOf, cast: Cast) -> None:
    assert client_of(cast.alma).get("/office/search?q=a").status_code == 404


def test_nothing_found_says_so(client_of: ClientOf, cast: Cast) -> None:
    assert "zzzzqq" in client_of(cast.dana).get("/office/search?q=zzzzqq").text
