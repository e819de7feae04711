"""What the office refuses, said in the reader's words, with nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from markupsafe import escape
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.orders import make_order
from tests.factories.people import Cast
from tests.factories.receipts import make_bank_lines, make_dispatched, make_invoice
from tests.factories.stock import BY, put_on_shelf
from wholesale.accounts.models import User
from wholesale.backoffice.files.imports import NothingChosen, PreviewGone
from wholesale.backoffice.forms.shipments import FigureMissing
from wholesale.backoffice.money.bank import FileGone, NoFile
from wholesale.backoffice.money.receipts import NoPayer, NotAFigure, NothingTicked
from wholesale.backoffice.sales.order_entry import CustomerMissing, LinesUnclear
from wholesale.backoffice.warehouse.packing import NotInShipment
from wholesale.backoffice.warehouse.shipments import PaperPending, ReasonNeeded
from wholesale.backoffice.warehouse.stock import UnknownPlace
from wholesale.company.models import BankAccount
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import in_language
from wholesale.payments.importing import UnknownAccount
from wholesale.shipping import planning
from wholesale.shipping.models import Shipment

ClientOf = Callable[[User | None], Browser]
CSV = "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分"


def says(reply: TestResponse, error: type[DomainError], **values: Any) -> bool:
    """Whether a page of the Japanese office gives this reason, with its status."""
    text = in_language("ja")(error.message)
    return reply.status_code == error.status and str(escape(text % values)) in reply.text


def make_planned(cast: Cast) -> Shipment:
    sku = make_sku()
    put_on_shelf(sku, 10)
    order = make_order(cast.nordwind, {sku: 10}, confirmed=True)
    (shipment,) = planning.plan_shipments(order, BY)
    return shipment


def test_a_statement_needs_a_file_and_an_account(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.egon)
    assert says(browser.post("/office/bank/preview", {}), NoFile)
    assert says(browser.post("/office/bank", {"sha256": "0" * 64}), FileGone)
    codes = ", ".join(session.scalars(select(BankAccount.code).order_by(BankAccount.id)))
    file = (BytesIO(f"{CSV}\r\n2026/11/20,振込１,ﾀﾞﾚｶ,,1,1,,,入金".encode("cp932")), "nov.csv")
    assert says(browser.post("/office/bank/preview", {"file": file}), UnknownAccount, known=codes)


def test_an_import_needs_a_kind_and_a_file_that_is_kept(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.gil)
    assert says(browser.post("/office/imports/preview", {"kind": "products"}), NothingChosen)
    file = (BytesIO(b"code"), "products.csv")
    assert says(browser.post("/office/imports/preview", {"kind": "", "file": file}), NothingChosen)
    asked = {"kind": "products", "sha256": "0" * 64}
    assert says(browser.post("/office/imports", asked), PreviewGone)


def test_an_order_on_the_telephone_needs_a_customer_and_lines_that_are_clear(
    client_of: ClientOf, cast: Cast
) -> None:
    browser, sku = client_of(cast.dana), make_sku()
    lines = {"what": sku.code, "pieces": "2"}
    assert says(browser.post("/office/orders", {"customer": "nobody", **lines}), CustomerMissing)
    for what, pieces in ((sku.code, "two"), ("no such thing", "2"), (sku.code, "0")):
        typed = {"customer": "nordwind", "what": what, "pieces": pieces}
        assert says(browser.post("/office/orders", typed), LinesUnclear), typed


def test_what_is_scanned_belongs_to_the_shipment(client_of: ClientOf, cast: Cast) -> None:
    shipment, stranger = make_planned(cast), make_sku()
    browser, own = client_of(cast.frida), shipment.lines[0].sku.code
    url = f"/floor/pick/{shipment.number}/scans"
    assert says(browser.post(url, {"code": stranger.code}), NotInShipment, code=stranger.code)
    for _ in range(10):
        assert browser.post(url, {"code": own}).status_code == 303
    assert says(browser.post(url, {"code": own}), NotInShipment, code=own)


def test_a_number_of_pieces_is_a_number(client_of: ClientOf, cast: Cast) -> None:
    shipment = make_planned(cast)
    typed = {f"picked-{shipment.lines[0].id}": "many"}
    reply = client_of(cast.frida).post(f"/floor/pick/{shipment.number}/picks", typed)
    assert says(reply, FigureMissing)


def test_money_is_cleared_for_somebody_by_figures_and_not_for_nothing(
    client_of: ClientOf, cast: Cast
) -> None:
    invoice = make_invoice(cast.nordwind)
    (line,) = make_bank_lines(("ﾏﾂﾓﾄ", invoice.total))
    browser, url = client_of(cast.egon), f"/office/match/{line.id}/settlement"
    assert says(browser.post(url, {"invoice": invoice.number}), NoPayer)
    assert says(browser.post(url, {"customer": "nordwind"}), NothingTicked)
    for typed in ("a lot", "NaN", "-Infinity", "1E999", "1E14", "1.00001"):
        form = {
            "customer": "nordwind",
            "invoice": invoice.number,
            f"amount-{invoice.number}": typed,
        }
        assert says(browser.post(url, form), NotAFigure, number=invoice.number), typed
    assert not invoice.is_paid


def test_a_paper_whose_pages_are_still_being_made_says_so(client_of: ClientOf, cast: Cast) -> None:
    shipment = make_dispatched(cast.nordwind)
    reply = client_of(cast.frida).get(f"/office/shipments/{shipment.number}/delivery-note")
    assert says(reply, PaperPending)


def test_a_dispatch_is_taken_back_for_a_reason(client_of: ClientOf, cast: Cast) -> None:
    shipment = make_dispatched(cast.nordwind)
    url = f"/office/shipments/{shipment.number}/reversal"
    assert says(client_of(cast.frida).post(url, {"reason": "  "}), ReasonNeeded)


@pytest.mark.parametrize("act", ["receipts", "counts"])
def test_stock_lies_in_one_of_our_places(client_of: ClientOf, cast: Cast, act: str) -> None:
    sku = make_sku()
    typed = {"place": "MOON", "quantity": "1", "counted": "1", "reason": "counted"}
    reply = client_of(cast.frida).post(f"/office/stock/{sku.code}/{act}", typed)
    assert says(reply, UnknownPlace)
