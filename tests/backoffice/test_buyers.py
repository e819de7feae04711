"""The buyers of a customer, as our people see them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from sqlalchemy import select

from tests.factories.browsing import Browser
from tests.factories.people import Cast
from wholesale.accounts.models import BuyerRole, Membership, User
from wholesale.kernel.db import session
from wholesale.mail.models import Letter

ClientOf = Callable[[User | None], Browser]
URL = "/office/customers/nordwind/people"


def member(user: User) -> Membership:
    return session.scalars(select(Membership).where(Membership.user_id == user.id)).one()


def test_a_buyer_is_invited_with_its_limits(client_of: ClientOf, cast: Cast) -> None:
    answer = client_of(cast.dana).post(
        URL, {"name": "Hana", "email": "hana@nordwind.example", "role": "approver",
              "spending_limit": "50,000", "hides_prices": "y"},
    )  # fmt: skip
    assert answer.status_code == 303
    made = session.scalars(select(Membership).where(Membership.invited_name == "Hana")).one()
    assert (made.role, made.spending_limit, made.sees_prices, made.is_accepted) == (
        BuyerRole.APPROVER, Decimal(50000), False, False,
    )  # fmt: skip
    page = client_of(cast.dana).get(URL)
    assert "hana@nordwind.example" in page.text
    assert "50,000" in page.text


def test_the_section_stands_on_the_customers_page(client_of: ClientOf, cast: Cast) -> None:
    page = client_of(cast.dana).get("/office/customers/nordwind?section=people")
    assert cast.bo.email in page.text
    assert f'action="{URL}"' in page.text


def test_a_buyer_is_changed_and_signs_in_again(client_of: ClientOf, cast: Cast) -> None:
    bos = client_of(cast.bo)
    assert bos.get("/").status_code == 200
    one = member(cast.bo)
    url = f"{URL}/{one.id}"
    assert client_of(cast.dana).get(url).status_code == 200
    wrong = client_of(cast.dana).post(url, {"role": "buyer", "spending_limit": "-1"})
    assert wrong.status_code == 422
    assert client_of(cast.dana).post(url, {"role": "viewer"}).status_code == 303
    assert one.role is BuyerRole.VIEWER
    assert bos.get("/").status_code == 303


def test_sessions_end_proofs_go_and_buyers_too(client_of: ClientOf, cast: Cast) -> None:
    browser, one = client_of(cast.dana), member(cast.bo)
    bos = client_of(cast.bo)
    assert browser.post(f"{URL}/{one.id}/sessions").status_code == 303
    assert bos.get("/").status_code == 303
    cast.bo.totp_secret = "sealed"
    assert browser.post(f"{URL}/{one.id}/proofs").status_code == 303
    assert cast.bo.totp_secret is None
    assert session.scalar(select(Letter.recipient).where(Letter.event == "factor_removed"))
    assert browser.post(f"{URL}/{one.id}/invitation").status_code == 409
    assert browser.post(f"{URL}/{one.id}/removal").status_code == 303
    assert browser.get(f"{URL}/{one.id}").status_code == 404


def test_a_buyer_of_another_customer_is_not_found_here(client_of: ClientOf, cast: Cast) -> None:
    one = member(cast.cleo)
    browser = client_of(cast.dana)
    assert browser.get(f"{URL}/{one.id}").status_code == 404
    assert browser.post(f"{URL}/{one.id}/removal").status_code == 404
    assert client_of(cast.egon).get(URL).status_code == 200
    assert client_of(cast.egon).post(f"{URL}/{member(cast.bo).id}/removal").status_code == 403
    assert client_of(cast.frida).get(URL).status_code == 403
    assert client_of(cast.alma).get(URL).status_code == 404
