"""The customer file in the office: adding, changing, addresses, postal codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.people import Cast
from tests.factories.receipts import make_invoice
from wholesale.accounts import managing
from wholesale.accounts.models import User
from wholesale.customers.models import Address, AddressKind, Customer
from wholesale.kernel.db import session
from wholesale.kernel.journal import JournalEntry
from wholesale.kernel.papers import Paper
from wholesale.payments.models import PayerName

ClientOf = Callable[[User | None], Browser]
NEW = {"code": "K900", "group": "", "name": "株式会社青磁堂", "state": "active", "locale": "zh", "priority": "5",
       "country": "JP", "tags": "百貨店、京都", "payer_names": "ｶ)ｾｲｼﾞﾄﾞｳ"}  # fmt: skip
PLACE = {"kind": "ship_to", "code": "N2", "name": "二条店", "country": "JP", "postal_code": "604-0001",
         "region": "京都府", "address": "京都市中京区道場町1", "is_active": "y"}  # fmt: skip
EDIT = "/office/customers/nordwind/edit"


def stored(customer: Customer, **values: Any) -> dict[str, Any]:
    return {
        **NEW, "code": customer.code, "name": customer.name, "locale": "ja",
        "invoice_email": customer.invoice_email, "version": customer.version, **values,
    }  # fmt: skip


def test_a_customer_without_anybody_is_added(client_of: ClientOf, cast: Cast) -> None:
    dana = client_of(cast.dana)
    assert dana.get("/office/customers/new").status_code == 200
    answer = dana.post("/office/customers", {**NEW, "reps": [cast.dana.id]})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/office/customers/K900")
    page = dana.get(answer.headers["Location"])
    assert "株式会社青磁堂" in page.text
    made = session.scalars(select(Customer).where(Customer.code == "K900")).one()
    assert (made.tags, made.locale) == (["百貨店", "京都"], "zh")
    assert managing.assigned(cast.dana) == [made.id]
    assert session.scalars(select(PayerName.raw)).all() == ["ｶ)ｾｲｼﾞﾄﾞｳ"]
    taken = dana.post("/office/customers", NEW)
    assert taken.status_code == 409
    assert 'value="株式会社青磁堂"' in taken.text
    assert dana.post("/office/customers", {**NEW, "code": "", "name": ""}).status_code == 422


def test_a_change_is_shown_with_what_was_before(client_of: ClientOf, cast: Cast) -> None:
    dana = client_of(cast.dana)
    answer = dana.post(EDIT, stored(cast.nordwind, order_email="chumon@nordwind.example.jp"))
    assert (answer.status_code, answer.headers["Location"]) == (303, EDIT)
    assert "<ins>chumon@nordwind.example.jp</ins>" in dana.get(EDIT).text
    part = dana.post_part(EDIT, stored(cast.nordwind, phone="075-1"))
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div class="stack" id="customer-edit">')


def test_what_two_people_change_is_not_lost(client_of: ClientOf, cast: Cast) -> None:
    dana, form = client_of(cast.dana), stored(cast.nordwind)
    assert dana.post(EDIT, {**form, "phone": "075-1"}).status_code == 303
    late = dana.post(EDIT, {**form, "phone": "075-2"})
    assert late.status_code == 409
    assert 'value="075-2"' in late.text
    wrong = dana.post_part(EDIT, stored(cast.nordwind, invoice_email="a@b.jp, c@d.jp"))
    assert wrong.status_code == 422
    assert wrong.text.lstrip().startswith('<div class="stack" id="customer-edit">')


def test_a_check_digit_that_does_not_fit_is_a_warning(client_of: ClientOf, cast: Cast) -> None:
    dana = client_of(cast.dana)
    words = "check digit of the registration number"
    dana.get("/office/")
    sound = "T7000012050002"
    dana.post(EDIT, stored(cast.nordwind, registration_number="T1234567890123"))
    assert cast.nordwind.registration_number == "T1234567890123"
    cast.dana.locale = "en"
    assert words in dana.get(EDIT).text
    dana.post(EDIT, stored(cast.nordwind, registration_number=sound))
    assert words not in dana.get(EDIT).text
    assert dana.post(EDIT, stored(cast.nordwind, registration_number="T1")).status_code == 422


def test_the_button_fills_the_address_and_saves_nothing(client_of: ClientOf, cast: Cast) -> None:
    form = stored(cast.nordwind, postal_code="１０００００１", address="1-1", complete="1")
    for browser in (
        client_of(cast.dana).post(EDIT, form),
        client_of(cast.dana).post_part(EDIT, form),
    ):
        assert browser.status_code == 200
        assert 'value="千代田区千代田1-1"' in browser.text
        assert 'value="東京都"' in browser.text
    assert cast.nordwind.postal_code == ""
    url = "/office/customers/nordwind/addresses"
    filled = client_of(cast.dana).post(url, {**PLACE, "address": "", "complete": "1"})
    assert 'value="京都市中京区道場町"' in filled.text
    assert session.scalar(select(func.count()).select_from(Address)) == 2


def test_while_typing_the_fields_come_alone(client_of: ClientOf, cast: Cast) -> None:
    dana = client_of(cast.dana)
    part = dana.part("/office/postal-codes?postal_code=100-0001&country=JP&region=&address=2")
    assert part.text.lstrip().startswith('<div class="fields" id="place">')
    assert 'value="千代田区千代田2"' in part.text
    abroad = dana.part("/office/postal-codes?postal_code=1000001&country=DE&address=Weg+2")
    assert 'value="Weg 2"' in abroad.text
    assert "東京都千代田区千代田" in dana.get("/office/postal-codes?postal_code=1000001").text
    assert client_of(cast.frida).get("/office/postal-codes").status_code == 403


def test_addresses_are_added_changed_and_left_off(client_of: ClientOf, cast: Cast) -> None:
    dana, url = client_of(cast.dana), "/office/customers/nordwind/addresses"
    assert dana.get(f"{url}/new").status_code == 200
    assert dana.post(url, PLACE).status_code == 303
    assert dana.post(url, PLACE).status_code == 409
    assert dana.post(url, {**PLACE, "code": "N3", "address": ""}).status_code == 422
    assert "二条店" in dana.get("/office/customers/nordwind?section=addresses").text
    row = session.scalars(select(Address).where(Address.code == "N2")).one()
    assert not row.is_default
    off = {**PLACE, "version": row.version}
    del off["is_active"]
    assert dana.post(f"{url}/N2", off).status_code == 303
    assert not row.is_active
    part = dana.post_part(f"{url}/N2", {**off, "version": 99})
    assert part.status_code == 409
    assert part.text.lstrip().startswith('<div class="stack" id="address-edit">')
    assert "二条店" in dana.get(f"{url}/N2").text
    assert dana.get(f"{url}/none").status_code == 404


def test_the_invoice_goes_to_the_billing_address(client_of: ClientOf, cast: Cast) -> None:
    url = "/office/customers/nordwind/addresses"
    billing = {**PLACE, "kind": "billing", "code": "B1", "name": "経理部", "attention": "佐藤様"}
    assert client_of(cast.dana).post(url, billing).status_code == 303
    assert (
        session.scalars(select(Address).where(Address.kind == AddressKind.BILLING)).one().is_default
    )
    invoice = make_invoice(cast.nordwind)
    paper = session.scalars(select(Paper).where(Paper.id == invoice.paper_id)).one()
    assert json.loads(paper.facts)["addressee"]["lines"] == [
        "〒604-0001",
        "京都府京都市中京区道場町1",
        "経理部",
        "佐藤様",
    ]


def test_who_may_not(client_of: ClientOf, cast: Cast) -> None:
    for url in ("/office/customers/new", EDIT, "/office/customers/nordwind/addresses/new",
                "/office/customers/nordwind/addresses/nordwind-1"):  # fmt: skip
        assert client_of(cast.egon).get(url).status_code == 403, url
        assert client_of(cast.alma).get(url).status_code == 404, url
        assert client_of(cast.dana).get(url).status_code == 200, url
    assert client_of(cast.egon).post(EDIT, {}).status_code == 403
    assert client_of(cast.egon).post("/office/customers", NEW).status_code == 403


def test_looking_writes_nothing(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.dana)
    session.commit()
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    for url in ("/office/customers/new", EDIT, "/office/postal-codes?postal_code=1000001"):
        assert browser.get(url).status_code == 200
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before
