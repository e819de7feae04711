"""Customers in the office: list, one customer, inviting its people."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.people import Cast
from tests.factories.receipts import make_invoice
from wholesale.accounts.models import User, UserState
from wholesale.kernel.db import session
from wholesale.kernel.journal import JournalEntry
from wholesale.mail.letters import compose
from wholesale.mail.models import Letter

ClientOf = Callable[[User | None], Browser]


def test_the_list_shows_every_customer_with_rate_and_finds_by_telephone(
    client_of: ClientOf, cast: Cast
) -> None:
    cast.nordwind.phone = "075-123-4567"
    page = client_of(cast.dana).get("/office/customers")
    assert page.status_code == 200
    assert "ノルドヴィント株式会社" in page.text
    assert "60%" in page.text
    found = client_of(cast.dana).get("/office/customers?q=1234567")
    assert "ノルドヴィント" in found.text
    assert "ライバル商会" not in found.text


def test_the_list_as_a_part_is_the_sheet_alone(client_of: ClientOf, cast: Cast) -> None:
    part = client_of(cast.dana).part("/office/customers?q=nord")
    assert part.text.lstrip().startswith('<section class="sheet" id="customers"')
    assert "rival" not in part.text


def test_a_customer_shows_what_it_owes(client_of: ClientOf, cast: Cast) -> None:
    invoice = make_invoice(cast.nordwind)
    page = client_of(cast.egon).get("/office/customers/nordwind")
    assert page.status_code == 200
    assert f'value="{invoice.total}"' in page.text
    assert invoice.number in page.text


def test_every_part_of_a_customer_opens(client_of: ClientOf, cast: Cast) -> None:
    for part in ("prices", "orders", "invoices", "addresses", "people", "history"):
        page = client_of(cast.gil).get(f"/office/customers/nordwind?section={part}")
        assert page.status_code == 200, part


def test_inviting_a_buyer_sends_a_letter_with_a_link(client_of: ClientOf, cast: Cast) -> None:
    answer = client_of(cast.dana).post(
        "/office/customers/nordwind/people",
        {"name": "Hana", "email": "hana@nordwind.example", "role": "buyer"},
    )
    assert answer.status_code == 303
    user = session.scalars(select(User).where(User.email == "hana@nordwind.example")).one()
    assert user.state is UserState.INVITED
    letter = session.scalars(select(Letter).where(Letter.event == "invitation")).one()
    assert "/invite/" in compose(letter).get_content()


def test_an_invitation_without_an_address_keeps_what_was_typed(
    client_of: ClientOf, cast: Cast
) -> None:
    answer = client_of(cast.dana).post(
        "/office/customers/nordwind/people", {"name": "Hana", "email": "nowhere", "role": "buyer"}
    )
    assert answer.status_code == 422
    assert 'value="Hana"' in answer.text


def test_an_address_that_is_taken_is_refused(client_of: ClientOf, cast: Cast) -> None:
    answer = client_of(cast.dana).post(
        "/office/customers/nordwind/people",
        {"name": "Alma", "email": cast.alma.email, "role": "buyer"},
    )
    assert answer.status_code == 409
    assert cast.alma.email in answer.text


def test_buyers_find_nothing_and_the_warehouse_is_refused(client_of: ClientOf, cast: Cast) -> None:
    assert client_of(cast.alma).get("/office/customers/nordwind").status_code == 404
    assert client_of(cast.frida).get("/office/customers").status_code == 403
    assert client_of(cast.egon).post("/office/customers/nordwind/people", {}).status_code == 403
    assert client_of(cast.dana).get("/office/customers/nobody").status_code == 404


def test_looking_writes_nothing(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.gil)
    session.commit()
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    browser.get("/office/customers")
    browser.get("/office/customers/nordwind")
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before


def test_the_memo_is_written_by_who_may_edit(client_of: ClientOf, cast: Cast) -> None:
    url = f"/office/customers/{cast.nordwind.code}/memo"
    dana = client_of(cast.dana)
    assert dana.post(url, {"memo": "rings on Fridays"}).status_code == 303
    assert "rings on Fridays" in dana.get(f"/office/customers/{cast.nordwind.code}").text
    part = dana.post_part(url, {"memo": "rings on Mondays"})
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<section class="sheet" id="customer-memo"')
    refused = dana.post(url, {"memo": "x" * 1001})
    assert refused.status_code == 422
    assert "x" * 1001 in refused.text
    assert client_of(cast.egon).post(url, {"memo": "x"}).status_code == 403
    assert client_of(cast.alma).post(url, {"memo": "x"}).status_code == 404
    assert "rings on Mondays" not in client_of(cast.alma).get("/account").text
