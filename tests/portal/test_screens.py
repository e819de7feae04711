"""Every page of the portal opens for its buyer, writes nothing, and is closed to others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.orders import BY, make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import User
from wholesale.billing import invoicing
from wholesale.catalog.models import Picture, SkuState
from wholesale.kernel import files, papers
from wholesale.kernel.db import session
from wholesale.kernel.journal import JournalEntry
from wholesale.kernel.papers import Paper
from wholesale.shipping import dispatching, packing, planning

ClientOf = Callable[[User | None], Browser]
PAGES = (
    "/",
    "/catalogue",
    "/catalogue?view=list",
    "/catalogue?q=TK&sort=price&stock=now",
    "/cart",
    "/checkout",
    "/orders",
    "/orders?view=open",
    "/invoices",
    "/invoices?view=open",
    "/account",
    "/quick-order",
)


@pytest.mark.parametrize("url", PAGES)
def test_a_page_opens_for_a_buyer_and_writes_nothing(
    client_of: ClientOf, cast: Cast, url: str
) -> None:
    sku = make_sku(code="TK-1")
    put_on_shelf(sku, 80)
    make_order(cast.nordwind, {sku: 2}, confirmed=True)
    browser = client_of(cast.alma)
    browser.get(url)
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    page = browser.get(url)
    assert page.status_code == 200, page.text[-2000:]
    assert "<h1" in page.text
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before


@pytest.mark.parametrize("url", PAGES)
def test_staff_and_strangers_do_not_come_in(client_of: ClientOf, cast: Cast, url: str) -> None:
    assert client_of(None).get(url).status_code == 303
    assert client_of(cast.dana).get(url).status_code in {303, 403}


def test_an_order_its_delivery_and_its_invoice_are_shown_to_their_customer_alone(
    client_of: ClientOf, cast: Cast
) -> None:
    sku = make_sku()
    put_on_shelf(sku, 50)
    order = make_order(cast.nordwind, {sku: 10}, confirmed=True)
    for shipment in planning.plan_shipments(order, BY):
        packing.pick_all(shipment, BY)
        packing.pack_as_suggested(shipment, BY)
        dispatching.dispatch(shipment, BY)
        note = shipment.delivery_note_number
    (invoice,) = invoicing.invoice_shipped_goods(BY)
    alma, cleo = client_of(cast.alma), client_of(cast.cleo)
    places = {
        f"/orders/{order.number}": 200,
        f"/checkout/done/{order.number}": 200,
        f"/invoices/{invoice.number}": 200,
        f"/invoices/{invoice.number}/pdf": 202,
        f"/delivery-notes/{note}/pdf": 202,
    }
    for url, status in places.items():
        assert alma.get(url).status_code == status, url
        assert cleo.get(url).status_code == 404, url


def test_a_product_is_found_by_its_code_and_a_wrong_one_is_404(
    client_of: ClientOf, cast: Cast
) -> None:
    sku = make_sku(code="TK-77")
    browser = client_of(cast.alma)
    assert "600" in browser.get("/products/TK-77").text
    assert browser.get("/products/TK-0").status_code == 404
    assert browser.get("/pictures/" + "0" * 64).status_code == 404
    assert sku.code == "TK-77"


def test_a_rendered_invoice_is_handed_out_as_it_is_stored(client_of: ClientOf, cast: Cast) -> None:
    sku = make_sku()
    put_on_shelf(sku, 50)
    order = make_order(cast.nordwind, {sku: 10}, confirmed=True)
    for shipment in planning.plan_shipments(order, BY):
        packing.pick_all(shipment, BY)
        packing.pack(shipment, [[(line.id, line.quantity) for line in shipment.lines]], BY)
        dispatching.dispatch(shipment, BY)
    (invoice,) = invoicing.invoice_shipped_goods(BY)
    papers.keep_bytes(
        session.scalars(select(Paper).where(Paper.id == invoice.paper_id)).one(), b"%PDF-1.7 x"
    )
    browser = client_of(cast.alma)
    answer = browser.get(f"/invoices/{invoice.number}/pdf?save=1")
    assert (answer.status_code, answer.data) == (200, b"%PDF-1.7 x")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{invoice.number}.pdf"'
    assert "<iframe" in browser.get(f"/invoices/{invoice.number}").text
    assert client_of(cast.cleo).get(f"/invoices/{invoice.number}/pdf").status_code == 404


def test_a_stored_picture_is_shown_while_its_product_is_for_sale(
    client_of: ClientOf, cast: Cast
) -> None:
    sku = make_sku()
    stored = files.store(b"\x89PNG picture", name="a.png", media_type="image/png")
    session.add(Picture(product_id=sku.product_id, sha256=stored.sha256))
    browser = client_of(cast.alma)
    assert browser.get(f"/pictures/{stored.sha256}").data == b"\x89PNG picture"
    sku.state = SkuState.HIDDEN
    assert browser.get(f"/pictures/{stored.sha256}").status_code == 404
