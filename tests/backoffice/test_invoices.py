"""Invoices in the office: list, issuing, the sheet, its PDF."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.people import Cast
from tests.factories.receipts import make_dispatched, make_invoice
from wholesale.accounts.models import User
from wholesale.billing.models import Invoice
from wholesale.kernel import papers
from wholesale.kernel.db import session
from wholesale.kernel.papers import Paper

ClientOf = Callable[[User | None], Browser]


def how_many() -> int:
    return session.scalar(select(func.count()).select_from(Invoice)) or 0


def test_open_invoices_are_listed_and_found_by_customer(client_of: ClientOf, cast: Cast) -> None:
    ours, theirs = make_invoice(cast.nordwind), make_invoice(cast.rival)
    page = client_of(cast.egon).get("/office/invoices?customer=nordwind")
    assert ours.number in page.text
    assert theirs.number not in page.text
    assert ours.number not in client_of(cast.egon).get("/office/invoices?view=paid").text


def test_the_list_as_a_part_is_one_element(client_of: ClientOf, cast: Cast) -> None:
    make_invoice(cast.nordwind)
    assert (
        client_of(cast.egon)
        .part("/office/invoices")
        .text.lstrip()
        .startswith('<section class="stack" id="invoices"')
    )


def test_shipped_goods_are_invoiced_once(client_of: ClientOf, cast: Cast) -> None:
    shipment = make_dispatched(cast.nordwind)
    browser = client_of(cast.egon)
    assert shipment.number in browser.get("/office/invoices?view=to_bill").text
    assert browser.post(f"/office/shipments/{shipment.number}/invoice").status_code == 303
    assert how_many() == 1
    assert browser.post(f"/office/shipments/{shipment.number}/invoice").status_code == 409
    assert how_many() == 1


def test_issuing_all_bills_every_shipment(client_of: ClientOf, cast: Cast) -> None:
    make_dispatched(cast.nordwind)
    make_dispatched(cast.rival)
    assert client_of(cast.egon).post("/office/invoices").status_code == 303
    assert how_many() == 2


def test_the_sheet_shows_total_tax_and_lines(client_of: ClientOf, cast: Cast) -> None:
    invoice = make_invoice(cast.nordwind)
    page = client_of(cast.dana).get(f"/office/invoices/{invoice.number}")
    assert page.status_code == 200
    assert f'value="{invoice.total}"' in page.text
    assert "10%" in page.text


def test_a_pdf_is_being_prepared_until_its_bytes_are_stored(
    client_of: ClientOf, cast: Cast
) -> None:
    invoice = make_invoice(cast.nordwind)
    browser = client_of(cast.dana)
    assert browser.get(f"/office/invoices/{invoice.number}/pdf").status_code == 202
    paper = session.scalars(select(Paper).where(Paper.id == invoice.paper_id)).one()
    papers.keep_bytes(paper, b"%PDF-1.7 sheet")
    reply = browser.get(f"/office/invoices/{invoice.number}/pdf")
    assert (reply.status_code, reply.data) == (200, b"%PDF-1.7 sheet")
    assert (
        f'src="/office/invoices/{invoice.number}/pdf#'
        in browser.get(f"/office/invoices/{invoice.number}").text
    )


def test_who_may_not_see_or_issue_is_refused(client_of: ClientOf, cast: Cast) -> None:
    invoice = make_invoice(cast.nordwind)
    assert client_of(cast.alma).get(f"/office/invoices/{invoice.number}").status_code == 404
    assert client_of(cast.frida).get("/office/invoices").status_code == 403
    assert client_of(cast.dana).post("/office/invoices").status_code == 403
    assert client_of(cast.egon).get("/office/invoices/INV-0").status_code == 404
    assert client_of(cast.egon).get("/office/invoices/INV-0/pdf").status_code == 404


def test_looking_issues_nothing(client_of: ClientOf, cast: Cast) -> None:
    make_dispatched(cast.nordwind)
    client_of(cast.egon).get("/office/invoices?view=to_bill")
    assert how_many() == 0


def test_an_invoice_is_held_against_what_the_law_asks(client_of: ClientOf, cast: Cast) -> None:
    page = client_of(cast.egon).get(f"/office/invoices/{make_invoice(cast.nordwind).number}").text
    sheet = page.split('id="i-needs"')[1].split("</section>")[0]
    assert sheet.count("<li>") == 6
    assert "m-hold" not in sheet
