"""Passkeys: made, used as both proofs at once or as the second, refused when anything is off."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.conftest import NOW
from tests.factories.authenticator import PRESENT, VERIFIED, Device
from tests.factories.browsing import Browser
from tests.factories.people import PASSWORD, Cast
from wholesale.accounts import passkeys, sessions
from wholesale.accounts.models import Passkey, User, UserState
from wholesale.accounts.passkeys import MOST, PasskeyRefused, Site, TooManyPasskeys
from wholesale.kernel import clock
from wholesale.kernel.db import session

ClientOf = Callable[[User | None], Browser]
SITE = Site("http://localhost", "Wholesale")


def with_key(browser: Browser, device: Device, name: str = "telephone") -> None:
    """Make a passkey by the profile page."""
    question = browser.post("/profile/passkeys/question")
    assert question.content_type == "application/json"
    answer = browser.post(
        "/profile/passkeys", {"called": name, "answer": device.make(question.text)}
    )
    assert answer.status_code == 303, answer.text[-2000:]


def stranger(client_of: ClientOf) -> Browser:
    """Somebody at the sign-in page."""
    browser = client_of(None)
    browser.get("/login")
    cookie = browser.get_cookie("sid")
    assert cookie is not None
    browser.secret = cookie.value
    return browser


def question(browser: Browser) -> str:
    return browser.post("/login/passkey/question").text


def test_a_passkey_is_made_and_lets_its_person_in(client_of: ClientOf, cast: Cast) -> None:
    mine, other = client_of(cast.dana), client_of(cast.dana)
    device = Device()
    with_key(mine, device)
    assert "telephone" in mine.get("/profile").text
    assert other.get("/office/").status_code == 303  # every other session has ended
    browser = stranger(client_of)
    asked = question(browser)
    assert "allowCredentials" not in json.loads(asked) or not json.loads(asked)["allowCredentials"]
    answer = browser.post(
        "/login/passkey", {"answer": device.sign(asked), "next": "/office/orders"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/office/orders")
    assert browser.get("/office/").status_code == 200


def test_a_password_alone_is_not_enough_any_more_and_the_key_is_the_second_proof(
    client_of: ClientOf, cast: Cast
) -> None:
    device = Device()
    with_key(client_of(cast.bo), device)
    browser = stranger(client_of)
    answer = browser.post("/login", {"email": cast.bo.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/login/verify"
    cookie = browser.get_cookie("sid")
    assert cookie is not None
    browser.secret = cookie.value
    asked = json.loads(question(browser))
    assert len(asked["allowCredentials"]) == 1
    answer = browser.post("/login/passkey", {"answer": device.sign(json.dumps(asked))})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert browser.get("/").status_code == 200


def test_somebody_elses_key_is_no_second_proof(client_of: ClientOf, cast: Cast) -> None:
    own, foreign = Device(), Device()
    with_key(client_of(cast.bo), own)
    with_key(client_of(cast.cleo), foreign)
    browser = stranger(client_of)
    browser.post("/login", {"email": cast.bo.email, "password": PASSWORD})
    cookie = browser.get_cookie("sid")
    assert cookie is not None
    browser.secret = cookie.value
    answer = browser.post("/login/passkey", {"answer": foreign.sign(question(browser))})
    assert answer.status_code == 422
    assert browser.get("/").status_code == 303


def spoiled(device: Device, how: str) -> Device:
    """The same key on a device that does one thing wrong."""
    wrong = {
        "origin": {"origin": "https://evil.example"},
        "host": {"host": "evil.example"},
        "not verified": {"flags": PRESENT},
        "not present": {"flags": VERIFIED},
        "copied": {"count": -1},
        "unknown key": {"credential_id": b"x" * 32},
        "another key": {},
    }[how]
    other = Device(credential_id=device.credential_id, count=device.count)
    if how != "another key":
        other.key = device.key
    for name, value in wrong.items():
        setattr(other, name, value)
    return other


@pytest.mark.parametrize(
    "how",
    ["origin", "host", "not verified", "not present", "copied", "unknown key", "another key"],
)
def test_an_answer_with_one_thing_wrong_is_refused(
    client_of: ClientOf, cast: Cast, how: str
) -> None:
    device = Device()
    with_key(client_of(cast.dana), device)
    browser = stranger(client_of)
    good = browser.post("/login/passkey", {"answer": device.sign(question(browser))})
    assert good.status_code == 303
    browser = stranger(client_of)
    answer = spoiled(device, how).sign(question(browser))
    assert browser.post("/login/passkey", {"answer": answer}).status_code == 422
    assert browser.get("/office/").status_code == 303


@pytest.mark.parametrize("answer", ["", "{}", "null", "[]", '{"id": "x"}', "\x00", "9" * 10000])
def test_what_is_no_answer_at_all_is_refused(client_of: ClientOf, cast: Cast, answer: str) -> None:
    browser = stranger(client_of)
    question(browser)
    assert browser.post("/login/passkey", {"answer": answer}).status_code == 422


def test_an_answer_works_once_for_its_browser_and_five_minutes(
    client_of: ClientOf, cast: Cast
) -> None:
    device = Device()
    with_key(client_of(cast.dana), device)
    one, two = stranger(client_of), stranger(client_of)
    answer = device.sign(question(one))
    question(two)
    assert two.post("/login/passkey", {"answer": answer}).status_code == 422
    with clock.at(NOW + passkeys.LASTS):
        assert one.post("/login/passkey", {"answer": answer}).status_code == 422
    assert one.post("/login/passkey", {"answer": answer}).status_code == 303
    again = stranger(client_of)
    assert again.post("/login/passkey", {"answer": answer}).status_code == 422


def test_a_disabled_person_does_not_come_in_by_key(client_of: ClientOf, cast: Cast) -> None:
    device = Device()
    with_key(client_of(cast.dana), device)
    cast.dana.state = UserState.DISABLED
    browser = stranger(client_of)
    assert (
        browser.post("/login/passkey", {"answer": device.sign(question(browser))}).status_code
        == 422
    )


def test_keys_are_removed_by_their_owner_alone_and_there_is_a_limit(
    client_of: ClientOf, cast: Cast
) -> None:
    device, mine = Device(), client_of(cast.bo)
    with_key(mine, device)
    key = session.scalars(select(Passkey)).one()
    assert client_of(cast.alma).post(f"/profile/passkeys/{key.id}/removal").status_code == 404
    assert mine.post(f"/profile/passkeys/{key.id}/removal").status_code == 303
    assert session.scalar(select(func.count()).select_from(Passkey)) == 0
    with pytest.raises(PasskeyRefused):  # no question was asked
        passkeys.keep(cast.bo, "x", "{}", SITE, "nobody", sessions.actor_of(cast.bo), here=0)
    session.add_all(
        Passkey(
            user_id=cast.bo.id, credential_id=str(number), public_key="", name="", created_at=NOW
        )
        for number in range(MOST)
    )
    session.flush()
    with pytest.raises(TooManyPasskeys, match=str(MOST)):
        passkeys.to_make(cast.bo, SITE, "holder")


def test_making_a_key_asks_for_the_password_anew(client_of: ClientOf, cast: Cast) -> None:
    mine = client_of(cast.bo)
    with clock.at(NOW + sessions.PROVEN_FOR + timedelta(seconds=1)):
        assert mine.post("/profile/passkeys/question").status_code == 303
    assert session.scalar(select(func.count()).select_from(Passkey)) == 0
