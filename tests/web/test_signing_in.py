"""The door: signing in and out, by the page a person sees."""

from __future__ import annotations

from collections.abc import Callable

from tests.factories.browsing import Browser
from tests.factories.people import PASSWORD, Cast
from wholesale.accounts.models import User

ClientOf = Callable[[User | None], Browser]


def forms_token(page: str) -> str:
    """The token a page's form carries."""
    return page.split('name="csrf_token" value="')[1].split('"', maxsplit=1)[0]


def test_the_sign_in_page_speaks_the_browsers_language(client_of: ClientOf) -> None:
    page = client_of(None).get("/login", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "Sign in" in page.text
    assert 'lang="en"' in page.text


def test_a_stranger_is_sent_to_the_sign_in_page_and_back(client_of: ClientOf) -> None:
    answer = client_of(None).get("/office/")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login?next=/office/"


def test_a_wrong_password_keeps_the_address_that_was_typed(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(None)
    token = forms_token(browser.get("/login").text)
    answer = browser.open(
        "/login",
        method="POST",
        data={"csrf_token": token, "email": cast.alma.email, "password": "wrong wrong wrong"},
    )
    assert answer.status_code == 422
    assert cast.alma.email in answer.text


def test_the_right_password_opens_the_wing_of_the_person(client_of: ClientOf, cast: Cast) -> None:
    for user, home in ((cast.alma, "/"), (cast.dana, "/office/")):
        browser = client_of(None)
        token = forms_token(browser.get("/login").text)
        answer = browser.open(
            "/login",
            method="POST",
            data={"csrf_token": token, "email": user.email, "password": PASSWORD},
        )
        assert answer.status_code == 303, answer.text[-3000:]
        assert answer.headers["Location"].rstrip("/") == home.rstrip("/")


def test_a_form_without_the_sessions_token_is_refused(client_of: ClientOf, cast: Cast) -> None:
    answer = client_of(None).open(
        "/login", method="POST", data={"email": cast.alma.email, "password": PASSWORD}
    )
    assert answer.status_code == 400
