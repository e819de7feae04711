"""One's own page: name, password, second proof by an app, sessions; and how one comes in by them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import func, select

from tests.conftest import NOW
from tests.factories.browsing import Browser
from tests.factories.people import PASSWORD, Cast
from wholesale.accounts import second_factors, sessions
from wholesale.accounts.models import RecoveryCode, SignIn, User
from wholesale.accounts.passwords import fits
from wholesale.accounts.second_factors import CodeDoesNotFit
from wholesale.accounts.signing_in import WrongCode
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.journal import JournalEntry
from wholesale.kernel.tokens import Submission
from wholesale.mail.models import Letter

ClientOf = Callable[[User | None], Browser]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_at(later: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(int(clock.now().timestamp()) + later)


def with_app(user: User) -> list[str]:
    """Set an app up for somebody; the recovery codes."""
    with clock.at(clock.now() - timedelta(minutes=5)):
        codes = second_factors.set_up(user, SECRET, code_at(), sessions.actor_of(user), here=0)
    session.flush()
    return list(codes)


def come(browser: Browser, user: User, **more: str) -> str:
    """Sign in by password; where the answer leads."""
    page = browser.get("/login").text
    token = page.split('name="csrf_token" value="')[1].split('"', maxsplit=1)[0]
    answer = browser.open(
        "/login", method="POST",
        data={"csrf_token": token, "email": user.email, "password": PASSWORD, **more},
    )  # fmt: skip
    cookie = browser.get_cookie("sid")
    browser.secret = cookie.value if cookie else ""
    return str(answer.headers.get("Location", answer.status_code))


@pytest.mark.parametrize("who", ["alma", "dana"])
def test_both_faces_have_the_page(client_of: ClientOf, cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    page = client_of(user).get("/profile")
    assert page.status_code == 200
    assert user.email in page.text


def test_name_and_keys(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.bo)
    assert browser.post("/profile/name", {"name": ""}).status_code == 422
    answer = browser.post("/profile/name", {"name": " Bodil "})
    assert answer.status_code == 303
    assert (cast.bo.name, cast.bo.single_keys) == ("Bodil", False)
    flash = browser.get("/profile").text.split('id="flash"')[1]
    assert 'class="toast"' in flash
    assert 'class="toast"' not in browser.get("/profile").text.split('id="flash"')[1]


def test_a_new_password_ends_the_other_sessions(client_of: ClientOf, cast: Cast) -> None:
    here, there = client_of(cast.bo), client_of(cast.bo)
    wrong = here.post("/profile/password", {"old": "not this one", "password": "a new sentence"})
    assert wrong.status_code == 422
    weak = here.post("/profile/password", {"old": PASSWORD, "password": "short"})
    assert weak.status_code == 422
    right = here.post("/profile/password", {"old": PASSWORD, "password": "a new sentence"})
    assert right.status_code == 303
    assert fits("a new sentence", cast.bo.password_hash)
    assert here.get("/profile").status_code == 200
    assert there.get("/profile").headers["Location"].startswith("/login")


def test_sessions_are_seen_and_ended_ones_own_alone(client_of: ClientOf, cast: Cast) -> None:
    here, there, alma = client_of(cast.bo), client_of(cast.bo), client_of(cast.alma)
    alma.get("/")
    foreign = sessions.open_sessions(cast.alma.id)[0]
    assert here.post(f"/profile/sessions/{foreign.id}/end").status_code == 404
    assert alma.get("/").status_code == 200
    assert here.post("/profile/sessions/end").status_code == 303
    assert there.get("/").status_code == 303
    (own,) = sessions.open_sessions(cast.bo.id)
    answer = here.post(f"/profile/sessions/{own.id}/end")
    assert answer.headers["Location"] == "/login"
    assert here.get("/").status_code == 303


def test_an_app_is_set_up_and_asked_for(client_of: ClientOf, cast: Cast) -> None:
    browser, other = client_of(cast.bo), client_of(cast.bo)
    page = browser.get("/profile/app").text
    secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', page)
    assert secret is not None and "data:image/svg+xml" in page
    assert cast.bo.totp_secret is None  # looking keeps nothing
    for spoilt in ("", "not base 32", "ABC=", "0" * 32):
        again = browser.post("/profile/app", {"secret": spoilt, "code": "000000"})
        assert again.status_code == 422
        assert re.search(r'name="secret" value="[A-Z2-7]{32}"', again.text)
    wrong = browser.post("/profile/app", {"secret": SECRET, "code": "000000"})
    assert wrong.status_code == 422
    assert str(CodeDoesNotFit())
    shown = browser.post("/profile/app", {"secret": SECRET, "code": code_at()})
    codes = re.findall(r"[a-z2-7]{4}(?:-[a-z2-7]{4}){3}", shown.text)
    assert len(set(codes)) == second_factors.CODES
    assert SECRET not in (cast.bo.totp_secret or SECRET)  # sealed
    assert other.get("/").status_code == 303
    kept = "".join(one or "" for one in session.scalars(select(Submission.body)))
    assert not any(code in kept for code in codes)
    stranger = client_of(None)
    assert come(stranger, cast.bo, next="/orders") == "/login/verify?next=/orders"
    assert stranger.get("/orders").headers["Location"].startswith("/login")
    used = stranger.post("/login/verify", {"code": code_at(), "next": "/orders"})
    assert used.status_code == 422  # this half minute's code has been used to set the app up
    before = stranger.get_cookie("sid")
    with clock.at(NOW + timedelta(seconds=60)):
        answer = stranger.post("/login/verify", {"code": code_at(), "next": "/orders"})
        assert answer.headers["Location"] == "/orders"
        after = stranger.get_cookie("sid")
        assert before is not None and after is not None and before.value != after.value
        assert stranger.get("/orders").status_code == 200


def test_a_code_works_once_and_guessing_is_slowed_down(client_of: ClientOf, cast: Cast) -> None:
    with_app(cast.dana)
    browser = client_of(None)
    come(browser, cast.dana)
    code = code_at()
    assert browser.post("/login/verify", {"code": code}).status_code == 303
    other = client_of(None)
    come(other, cast.dana)
    assert other.post("/login/verify", {"code": code}).status_code == 422
    for number in range(9):
        assert other.post("/login/verify", {"code": f"{number:06d}"}).status_code == 422
    assert other.post("/login/verify", {"code": code_at(30)}).status_code == 429
    assert str(WrongCode())


def test_a_recovery_code_stands_in_once(client_of: ClientOf, cast: Cast) -> None:
    first, *_ = with_app(cast.dana)
    for expected in (303, 422):
        browser = client_of(None)
        come(browser, cast.dana)
        assert browser.post("/login/verify", {"code": first.upper()}).status_code == expected
    assert second_factors.codes_left(cast.dana) == second_factors.CODES - 1
    assert first not in "".join(session.scalars(select(RecoveryCode.sha256)))


def test_a_buyers_device_is_trusted_for_thirty_days_staffs_never(
    client_of: ClientOf, cast: Cast
) -> None:
    for user, home in ((cast.bo, "/"), (cast.dana, "/login/verify")):
        with_app(user)
        browser = client_of(None)
        assert come(browser, user) == "/login/verify"
        assert browser.post("/login/verify", {"code": code_at(), "trust": "y"}).status_code == 303
        browser.delete_cookie("sid")
        assert come(browser, user) == home
        assert come(client_of(None), user) == "/login/verify"
        with clock.at(NOW + timedelta(days=30)):
            browser.delete_cookie("sid")
            assert come(browser, user) == "/login/verify"


def test_removing_the_app_tells_the_person_and_ends_other_sessions(
    client_of: ClientOf, cast: Cast
) -> None:
    with_app(cast.bo)
    browser, other = client_of(cast.bo), client_of(cast.bo)
    assert browser.post("/profile/codes").status_code == 200
    assert browser.post("/profile/app/removal").status_code == 303
    assert cast.bo.totp_secret is None
    assert second_factors.codes_left(cast.bo) == 0
    assert other.get("/").status_code == 303
    assert session.scalar(select(Letter.recipient).where(Letter.event == "factor_removed"))
    assert browser.post("/profile/codes").status_code == 404
    assert come(client_of(None), cast.bo) == "/"


def test_the_proofs_ask_for_the_password_anew(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.bo)
    with clock.at(NOW + sessions.PROVEN_FOR):
        answer = browser.get("/profile/app")
        assert answer.headers["Location"] == "/proof?next=/profile/app"
        before = browser.get_cookie("sid")
        assert browser.post("/proof", {"password": "wrong"}).status_code == 422
        answer = browser.post("/proof", {"password": PASSWORD, "next": "/profile/app"})
        assert answer.headers["Location"] == "/profile/app"
        after = browser.get_cookie("sid")
        assert before is not None and after is not None and before.value != after.value
        assert browser.get("/profile/app").status_code == 200
    for evil in ("//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example"):
        browser.secret = after.value
        answer = browser.post("/proof", {"password": PASSWORD, "next": evil})
        assert answer.headers["Location"] == "/"
        after = browser.get_cookie("sid")
        assert after is not None


def test_a_new_device_is_told_by_letter_the_first_and_known_ones_are_not(
    client_of: ClientOf, cast: Cast
) -> None:
    def told() -> int:
        return session.scalar(select(func.count()).where(Letter.event == "new_device")) or 0

    browser = client_of(None)
    come(browser, cast.bo)
    assert told() == 0
    browser.post("/logout")
    come(browser, cast.bo)
    assert told() == 0
    come(client_of(None), cast.bo)
    assert told() == 1


def test_others_failures_never_lock_a_known_device_out(client_of: ClientOf, cast: Cast) -> None:
    browser, stranger = client_of(None), client_of(None)
    come(browser, cast.bo)
    browser.post("/logout")
    for _ in range(10):
        assert come(stranger, cast.bo, password="wrong wrong wrong") == "422"
    assert come(stranger, cast.bo) == "429"
    assert come(browser, cast.bo) == "/"


def test_a_half_open_session_opens_nothing_and_ends_soon(client_of: ClientOf, cast: Cast) -> None:
    with_app(cast.gil)
    browser = client_of(None)
    come(browser, cast.gil)
    for url in ("/office/", "/office/settings/people", "/profile"):
        assert browser.get(url).headers["Location"].startswith("/login")
    with clock.at(NOW + sessions.FOR_THE_FACTOR):
        answer = browser.post("/login/verify", {"code": code_at()})
        assert answer.headers["Location"] == "/login"
    assert session.scalar(select(func.count()).where(SignIn.awaits_factor.is_(False))) == 0


def test_looking_writes_nothing(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.bo)
    session.commit()
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    for url in ("/profile", "/profile/app", "/proof"):
        assert browser.get(url).status_code == 200
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before
