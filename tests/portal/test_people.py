"""The people of a customer, by the pages of its administrator; and for whom one acts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from sqlalchemy import func, select

from tests.factories.browsing import PART, Browser
from tests.factories.people import BY, Cast
from wholesale.accounts import inviting
from wholesale.accounts.models import BuyerRole, Membership, User
from wholesale.kernel.db import session
from wholesale.kernel.journal import JournalEntry
from wholesale.web.csrf import OtherCustomer

ClientOf = Callable[[User | None], Browser]
URL = "/account/people"
HANA = {"name": "Hana", "email": "hana@nordwind.example", "role": "buyer"}


def member(user: User) -> Membership:
    return session.scalars(
        select(Membership).where(Membership.user_id == user.id).order_by(Membership.id).limit(1)
    ).one()


def test_an_administrator_invites_a_colleague(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.alma)
    assert cast.bo.email in browser.get(URL).text
    answer = browser.post(URL, {**HANA, "spending_limit": "30000"})
    assert answer.status_code == 303
    made = session.scalars(select(Membership).where(Membership.invited_name == "Hana")).one()
    assert (made.customer_id, made.spending_limit) == (cast.nordwind.id, Decimal(30000))
    assert browser.post(URL, HANA).status_code == 409
    assert browser.post(URL, {**HANA, "email": "x"}).status_code == 422
    assert browser.post(f"{URL}/{made.id}/invitation").status_code == 303


def test_known_and_unknown_addresses_are_answered_alike(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.alma)
    told = []
    for email in ("nobody@nowhere.example", cast.cleo.email):
        answer = browser.post(URL, {**HANA, "email": email})
        page = browser.get(answer.headers["Location"]).text
        told.append((answer.status_code, page.split('id="flash"')[1].replace(email, "•")))
        row = page.split(email)[0].rsplit("<li>", 1)[1]
        assert "Hana" in row and "Cleo" not in page
    assert told[0] == told[1]


def test_a_colleague_is_changed_signed_out_and_removed(client_of: ClientOf, cast: Cast) -> None:
    browser, one = client_of(cast.alma), member(cast.bo)
    bos = client_of(cast.bo)
    assert browser.get(f"{URL}/{one.id}").status_code == 200
    assert browser.post(f"{URL}/{one.id}", {"role": "nothing"}).status_code == 422
    assert browser.post(f"{URL}/{one.id}", {"role": "viewer"}).status_code == 303
    assert one.role is BuyerRole.VIEWER
    assert bos.get("/").status_code == 303
    again = client_of(cast.bo)
    assert browser.post(f"{URL}/{one.id}/sessions").status_code == 303
    assert again.get("/").status_code == 303
    assert browser.post(f"{URL}/{one.id}/invitation").status_code == 409
    assert browser.post(f"{URL}/{one.id}/removal").status_code == 303
    assert browser.get(f"{URL}/{one.id}").status_code == 404


def test_nobody_promotes_itself_and_the_last_administrator_stays(
    client_of: ClientOf, cast: Cast
) -> None:
    alma = member(cast.alma)
    browser = client_of(cast.alma)
    assert browser.post(f"{URL}/{alma.id}", {"role": "buyer"}).status_code == 422
    assert browser.post(f"{URL}/{alma.id}/removal").status_code == 422
    assert alma.role is BuyerRole.ADMIN


def test_strangers_and_those_without_the_right(client_of: ClientOf, cast: Cast) -> None:
    foreign, own = member(cast.cleo), member(cast.bo)
    browser = client_of(cast.alma)
    for path in (f"{URL}/{foreign.id}", f"{URL}/999999"):
        assert browser.get(path).status_code == 404
        for act in ("", "/removal", "/sessions", "/invitation"):
            assert browser.post(path + act, {"role": "viewer"}).status_code == 404
    assert foreign.role is BuyerRole.BUYER
    for act in (f"/{own.id}", f"/{own.id}/removal", ""):
        assert client_of(cast.bo).post(URL + act, {"role": "admin"}).status_code == 403
    assert client_of(cast.bo).get(URL).status_code == 403
    assert own.role is BuyerRole.BUYER


def test_looking_writes_nothing(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.alma)
    session.commit()
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    browser.get(URL)
    browser.get(f"{URL}/{member(cast.bo).id}")
    browser.get("/acting-for")
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before


def test_who_buys_for_two_chooses_at_sign_in_and_in_the_header(
    client_of: ClientOf, cast: Cast
) -> None:
    inviting.join(cast.cleo, cast.nordwind, BuyerRole.BUYER, BY)
    session.flush()
    browser = client_of(cast.cleo)
    assert 'href="/acting-for"' in browser.get("/").text
    page = browser.get("/acting-for")
    assert "ノルドヴィント株式会社" in page.text and "株式会社ライバル商会" in page.text
    old = browser.get_cookie("sid")
    answer = browser.post("/acting-for", {"customer": cast.nordwind.id})
    assert answer.status_code == 303
    new = browser.get_cookie("sid")
    assert old is not None and new is not None and old.value != new.value
    assert "ノルドヴィント" in browser.get("/account").text
    browser.secret = new.value
    assert browser.post("/acting-for", {"customer": 999999}).status_code == 404
    assert client_of(cast.bo).post("/acting-for", {"customer": cast.rival.id}).status_code == 404


def test_a_form_made_for_another_customer_is_refused(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.alma)
    page = browser.get("/account")
    assert f'name="acting_for" value="{cast.nordwind.id}"' in page.text
    for extra in ({"data": {"acting_for": cast.rival.id}}, {"headers": {"X-Acting-For": "0"}}):
        answer = browser.post("/language", extra.get("data"), headers=extra.get("headers"))
        assert answer.status_code == 409
    part = browser.post("/language", {"acting_for": cast.rival.id}, headers=PART)
    assert part.status_code == 409
    assert OtherCustomer.status == 409
    assert browser.post("/language", {"acting_for": cast.nordwind.id}).status_code == 303
