"""A forgotten password: forty hostile ways to ask for one, and what a link is good for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.conftest import NOW
from tests.factories.browsing import Browser
from tests.factories.people import BY, PASSWORD, Cast
from wholesale.accounts import inviting, resetting, sessions, throttling, visiting
from wholesale.accounts.addresses import address_of
from wholesale.accounts.inviting import LinkExpired
from wholesale.accounts.models import Attempt, OneTimeLink, User, UserState
from wholesale.accounts.passwords import WeakPassword, fits
from wholesale.accounts.sessions import NotProven
from wholesale.accounts.throttling import TooManyAttempts
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.jobs import Job
from wholesale.mail.letters import compose
from wholesale.mail.models import Letter

ClientOf = Callable[[User | None], Browser]
NEW = "another horse battery"

# Thirty spellings that must reach nobody, and certainly not two.
HOSTILE: list[Any] = [
    "", " ", "alma", "alma@", "@nordwind.example", "alma@nordwind", "alma@@nordwind.example",
    "alma@nordwind.example,eve@evil.example", "alma@nordwind.example;eve@evil.example",
    "alma@nordwind.example eve@evil.example", "eve@evil.example\nalma@nordwind.example",
    "alma@nordwind.example\r\nBcc: eve@evil.example", "alma@nordwind.example%0a",
    '"alma@nordwind.example" <eve@evil.example>', "<alma@nordwind.example>",
    "alma@nordwind.example\x00", "alma@nordwind.example|eve@evil.example",
    '["alma@nordwind.example","eve@evil.example"]', '{"email":"alma@nordwind.example"}',
    ["alma@nordwind.example"], {"$ne": ""}, None, 7,
    "ａｌｍａ@nordwind.example", "alma@nordwınd.example", "\u0430lma@nordwind.example",
    "alma@nordwind.example\u200b", "alma\u00ad@nordwind.example", "ALMA@NORDWİND.EXAMPLE",
    "a" * 65 + "@nordwind.example", "alma@" + "x" * 250 + ".example", "' OR 1=1 --@x.example",
]  # fmt: skip


def ask(email: Any, address: str = "192.0.2.9") -> None:
    """The wish, and the worker's part of it."""
    before = session.scalar(select(func.max(Job.id))) or 0
    resetting.ask(email, address=address)
    session.flush()
    for job in session.scalars(select(Job).where(Job.id > before, Job.name == resetting.RESET)):
        resetting.send(job.arguments, job.asked_by)
    session.flush()


def letters() -> list[Letter]:
    return list(
        session.scalars(select(Letter).where(Letter.event == "password_reset").order_by(Letter.id))
    )


def word_of(letter: Letter) -> str:
    return str(letter.facts["path"]).removeprefix("/password/reset/")


@pytest.mark.parametrize("email", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_spelling_reaches_nobody(cast: Cast, email: Any) -> None:
    assert address_of(email) is None or address_of(email) != cast.alma.email
    ask(email)
    assert letters() == []
    assert session.scalar(select(func.count()).select_from(OneTimeLink)) == 0


def test_the_letter_goes_to_the_stored_address_in_the_persons_language(cast: Cast) -> None:
    cast.alma.locale = "en"
    ask("  Alma@NORDWIND.example ")
    (letter,) = letters()
    assert letter.recipient == "alma@nordwind.example"
    text = compose(letter).get_content()
    assert f"http://localhost/password/reset/{word_of(letter)}" in text.replace("=\n", "")


def test_known_and_unknown_leave_the_same_rows_behind(cast: Cast) -> None:
    def rows() -> tuple[int, ...]:
        return tuple(
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Job, Attempt, OneTimeLink, Letter)
        )

    steps = []
    for email in (cast.alma.email, "nobody@nowhere.example", "nonsense"):
        before = rows()
        resetting.ask(email, address="192.0.2.9")
        session.flush()
        steps.append(tuple(b - a for a, b in zip(before, rows(), strict=True)))
    assert steps == [(1, 1, 0, 0)] * 3


def test_the_answers_are_the_same_bytes_for_everybody(client_of: ClientOf, cast: Cast) -> None:
    answers = set()
    for email in (cast.alma.email, "nobody@nowhere.example", "x y z", cast.dana.email):
        browser = client_of(None)
        token = browser.get("/password/reset").text.split('name="csrf_token" value="')[1]
        answer = browser.open(
            "/password/reset", method="POST",
            data={"csrf_token": token.split('"', maxsplit=1)[0], "email": email},
        )  # fmt: skip
        page = browser.get(answer.headers["Location"])
        answers.add((answer.status_code, answer.headers["Location"], answer.data, len(page.data)))
    assert len(answers) == 1


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "X-Host", "Forwarded"])
def test_the_links_host_comes_from_the_settings_alone(
    client_of: ClientOf, cast: Cast, header: str
) -> None:
    browser = client_of(None)
    token = browser.get("/password/reset").text.split('name="csrf_token" value="')[1]
    browser.open(
        "/password/reset", method="POST", headers={header: "evil.example"},
        data={"csrf_token": token.split('"', maxsplit=1)[0], "email": cast.alma.email},
    )  # fmt: skip
    for job in session.scalars(select(Job).where(Job.name == resetting.RESET)):
        resetting.send(job.arguments, job.asked_by)
    session.flush()
    for letter in letters():
        assert "evil.example" not in compose(letter).as_string()


@pytest.mark.parametrize("two", [["alma@nordwind.example", "eve@evil.example"],
                                 ["eve@evil.example", "alma@nordwind.example"]])  # fmt: skip
def test_two_addresses_in_one_form_are_never_two_letters(
    client_of: ClientOf, cast: Cast, two: list[str]
) -> None:
    browser = client_of(None)
    token = browser.get("/password/reset").text.split('name="csrf_token" value="')[1]
    browser.open(
        "/password/reset", method="POST",
        data={"csrf_token": token.split('"', maxsplit=1)[0], "email": two},
    )  # fmt: skip
    for job in session.scalars(select(Job).where(Job.name == resetting.RESET)):
        resetting.send(job.arguments, job.asked_by)
    session.flush()
    assert {letter.recipient for letter in letters()} <= {cast.alma.email}
    assert len(letters()) <= 1


def test_json_asks_for_nothing(client_of: ClientOf, cast: Cast) -> None:
    answer = client_of(None).open(
        "/password/reset", method="POST", json={"email": [cast.alma.email, "eve@evil.example"]}
    )
    assert answer.status_code == 400
    assert session.scalar(select(func.count()).select_from(Job)) == 0


def test_a_link_sets_the_password_once_and_ends_everything_else(cast: Cast) -> None:
    secret = sessions.open_session(cast.alma, address="192.0.2.1")
    ask(cast.alma.email)
    ask(cast.alma.email)
    first, second = (word_of(letter) for letter in letters())
    with pytest.raises(LinkExpired):  # the later wish voids the earlier link
        resetting.whose(first)
    with pytest.raises(WeakPassword):
        resetting.reset(second, "short")
    assert resetting.reset(second, NEW) is cast.alma
    session.flush()
    assert fits(NEW, cast.alma.password_hash)
    assert visiting.visitor_of(secret) is None
    with pytest.raises(LinkExpired):
        resetting.reset(second, NEW)
    assert session.scalar(select(Letter.recipient).where(Letter.event == "password_changed"))


def test_a_link_serves_its_person_its_purpose_and_its_hour(cast: Cast) -> None:
    ask(cast.alma.email)
    (letter,) = letters()
    word = word_of(letter)
    with pytest.raises(LinkExpired):
        inviting.invited(word)
    other = inviting.make_link(cast.bo, "invite")
    session.flush()
    for wrong in (other, word[:-1], word + "x", word.upper(), "", "none"):
        with pytest.raises(LinkExpired):
            resetting.whose(wrong)
    with clock.at(NOW + resetting.LASTS - timedelta(seconds=1)):
        assert resetting.whose(word) is cast.alma
    with clock.at(NOW + resetting.LASTS), pytest.raises(LinkExpired):
        resetting.whose(word)
    cast.alma.state = UserState.DISABLED
    session.flush()
    with pytest.raises(LinkExpired):
        resetting.whose(word)


def test_a_password_changed_meanwhile_voids_the_link(cast: Cast) -> None:
    ask(cast.alma.email)
    (letter,) = letters()
    with pytest.raises(NotProven):
        resetting.change_password(cast.alma, "not this one", NEW, here=0)
    resetting.change_password(cast.alma, PASSWORD, NEW, here=0)
    session.flush()
    with pytest.raises(LinkExpired):
        resetting.whose(word_of(letter))


def test_who_is_shut_out_gets_no_letter_and_who_was_invited_is_invited_again(cast: Cast) -> None:
    cast.bo.state = UserState.DISABLED
    inviting.add_buyer("hana@nordwind.example", "Hana", cast.nordwind, BY)
    session.flush()
    ask(cast.bo.email)
    ask("hana@nordwind.example")
    assert letters() == []
    sent = session.scalars(select(Letter).where(Letter.event == "invitation")).all()
    assert [letter.recipient for letter in sent] == ["hana@nordwind.example"]


def test_one_account_gets_three_letters_in_a_quarter_and_one_place_asks_twenty_times(
    cast: Cast,
) -> None:
    for number in range(5):
        ask(cast.alma.email, address=f"192.0.2.{number}")
    assert len(letters()) == resetting.PER_ACCOUNT
    for number in range(resetting.PER_ADDRESS):
        ask(f"nobody-{number}@x.example", address="192.0.2.77")
    with pytest.raises(TooManyAttempts):
        ask("one-more@x.example", address="192.0.2.77")
    with clock.at(NOW + throttling.WINDOW + timedelta(seconds=1)):
        ask(cast.alma.email, address="192.0.2.77")
    assert len(letters()) == resetting.PER_ACCOUNT + 1
