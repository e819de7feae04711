"""Requests for accounts: the public page, the office's list, yes and no."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.factories.browsing import Browser
from tests.factories.people import Cast
from wholesale.accounts import throttling
from wholesale.accounts.models import User
from wholesale.customers.applicants import SignupRequest, SignupState
from wholesale.customers.models import Customer
from wholesale.kernel.db import session
from wholesale.kernel.journal import JournalEntry
from wholesale.mail.models import Letter

ClientOf = Callable[[User | None], Browser]
LIST = "/office/signup-requests"
FORM = {"name": "株式会社雪あかり", "contact": "雪野", "email": "yuki@snow.example", "country": "JP",
        "address": "札幌市中央区北一条西1"}  # fmt: skip


def apply(stranger: Browser, **values: str) -> TestResponse:
    """Send the page's own form, with the token that stands in it."""
    token = stranger.get("/apply").text.split('name="csrf_token" value="')[1].split('"')[0]
    return stranger.post("/apply", {"csrf_token": token, **FORM, **values})


def asked(client_of: ClientOf) -> SignupRequest:
    assert apply(client_of(None)).headers["Location"] == "/apply/sent"
    return session.scalars(select(SignupRequest)).one()


def test_a_stranger_asks(client_of: ClientOf, cast: Cast) -> None:
    stranger = client_of(None)
    assert stranger.get("/apply").status_code == 200
    assert asked(client_of).contact == "雪野"
    assert stranger.get("/apply/sent").status_code == 200
    assert session.scalar(select(func.count()).select_from(Letter)) == 0
    wrong = apply(stranger, email="nowhere")
    assert wrong.status_code == 422
    assert 'value="雪野"' in wrong.text
    filled = apply(stranger, postal_code="1000001", address="1", complete="1")
    assert 'value="千代田区千代田1"' in filled.text


def test_the_answer_is_the_same_whomever_we_know(client_of: ClientOf, cast: Cast) -> None:
    stranger = client_of(None)
    known = [apply(stranger, email=email)
             for email in ("new@snow.example", cast.alma.email, cast.dana.email, "new@snow.example")]  # fmt: skip
    assert {(reply.status_code, reply.headers["Location"], reply.data) for reply in known} == {
        (303, "/apply/sent", known[0].data)
    }


def test_who_asks_too_often_waits(client_of: ClientOf, cast: Cast) -> None:
    stranger = client_of(None)
    for n in range(throttling.PER_ACCOUNT):
        assert apply(stranger, email=f"n{n}@snow.example").status_code == 303
    assert apply(stranger, email="more@snow.example").status_code == 429
    assert session.scalar(select(func.count()).select_from(SignupRequest)) == throttling.PER_ACCOUNT


def test_a_yes_leads_to_the_new_customer(client_of: ClientOf, cast: Cast) -> None:
    cast.rival.name = "雪あかり"
    row, dana = asked(client_of), client_of(cast.dana)
    assert row.name in dana.get(LIST).text
    page = dana.get(f"{LIST}/{row.id}")
    assert '<span class="sub code">rival</span>' in page.text
    url = f"{LIST}/{row.id}/approval"
    form = {"code": "K77", "group": "", "version": row.version}
    assert dana.post(url, {**form, "code": ""}).status_code == 422
    assert dana.post(url, {**form, "code": "rival"}).status_code == 409
    assert row.state is SignupState.WAITING
    answer = dana.post(url, form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/office/customers/K77")
    assert dana.get("/office/customers/K77").status_code == 200
    assert dana.post(url, {**form, "code": "K78"}).status_code == 409
    assert session.scalar(select(Customer.id).where(Customer.code == "K78")) is None
    assert row.name not in dana.get(LIST).text
    assert row.name in dana.get(f"{LIST}?all=1").text


def test_a_no_carries_a_reason(client_of: ClientOf, cast: Cast) -> None:
    row, dana = asked(client_of), client_of(cast.dana)
    url = f"{LIST}/{row.id}/refusal"
    assert dana.post(url, {"version": row.version, "reason": ""}).status_code == 422
    part = dana.post_part(url, {"version": row.version, "reason": "今期は受付を終えました"})
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div class="stack" id="signup">')
    assert session.scalars(select(Letter.event)).all() == ["application_refused"]
    assert dana.post(url, {"version": row.version, "reason": "x"}).status_code == 409


def test_who_may_not(client_of: ClientOf, cast: Cast) -> None:
    row = asked(client_of)
    assert client_of(cast.frida).get(LIST).status_code == 403
    assert client_of(cast.alma).get(f"{LIST}/{row.id}").status_code == 404
    assert client_of(cast.egon).get(f"{LIST}/{row.id}").status_code == 200
    for act in ("approval", "refusal"):
        assert client_of(cast.egon).post(f"{LIST}/{row.id}/{act}", {}).status_code == 403
    assert client_of(cast.dana).get(f"{LIST}/999999").status_code == 404


def test_looking_writes_nothing(client_of: ClientOf, cast: Cast) -> None:
    row, browser = asked(client_of), client_of(cast.dana)
    session.commit()
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    for url in (LIST, f"{LIST}/{row.id}", "/apply/sent"):
        assert browser.get(url).status_code == 200
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before
