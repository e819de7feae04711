"""Accounts, links that work once, and the brake on guessing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.conftest import NOW
from tests.factories.people import BY, PASSWORD, Cast
from wholesale.accounts import inviting, sessions, signing_in, visiting
from wholesale.accounts.inviting import EmailTaken, LinkExpired
from wholesale.accounts.models import BuyerRole, Membership, SignIn, UserState
from wholesale.accounts.passwords import SHORTEST, WeakPassword
from wholesale.accounts.signing_in import WrongPassword
from wholesale.accounts.throttling import PER_ACCOUNT, PER_ADDRESS, WINDOW, TooManyAttempts
from wholesale.kernel import clock
from wholesale.kernel.db import session

HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"


def test_an_address_has_one_account_however_it_is_written(cast: Cast) -> None:
    with pytest.raises(EmailTaken, match=cast.alma.email.replace(".", r"\.")):
        inviting.add_buyer(" ALMA@Nordwind.example ", "Alma", cast.rival, BY)
    with pytest.raises(EmailTaken):
        inviting.add_staff(cast.cleo.email, "Cleo", "owner", BY)


def test_a_password_too_short_makes_no_account(cast: Cast) -> None:
    with pytest.raises(WeakPassword, match=str(SHORTEST)):
        inviting.add_staff("new@example.jp", "New", "sales", BY, password="x" * (SHORTEST - 1))


def test_an_invitation_admits_once(cast: Cast) -> None:
    hanna = inviting.add_buyer("hanna@nordwind.example", "Hanna", cast.nordwind, BY)
    word = inviting.make_link(hanna, "invite")
    assert hanna.state is UserState.INVITED
    with pytest.raises(WeakPassword):
        inviting.accept(word, "short")
    assert inviting.accept(word, PASSWORD) is hanna
    assert hanna.state is UserState.ACTIVE
    for attempt in (lambda: inviting.invited(word), lambda: inviting.accept(word, PASSWORD)):
        with pytest.raises(LinkExpired):
            attempt()


def test_an_invitation_ends_after_a_week_and_serves_one_purpose(cast: Cast) -> None:
    word = inviting.make_link(cast.bo, "invite")
    session.flush()
    with pytest.raises(LinkExpired):
        inviting.open_link(word, "reset")
    with clock.at(NOW + inviting.INVITATION - timedelta(seconds=1)):
        assert inviting.invited(word).user is cast.bo
    with clock.at(NOW + inviting.INVITATION), pytest.raises(LinkExpired):
        inviting.invited(word)


def test_unknown_wrong_and_disabled_are_refused_alike(cast: Cast) -> None:
    cast.bo.state = UserState.DISABLED
    told = set()
    for email, password in (
        ("nobody@example.jp", PASSWORD), (cast.alma.email, "wrong wrong wrong"), (cast.bo.email, PASSWORD),
    ):  # fmt: skip
        with pytest.raises(WrongPassword) as caught:
            signing_in.sign_in(email, password, address=HERE)
        told.add(str(caught.value))
    assert len(told) == 1


def test_guessing_one_account_is_slowed_down_for_everybody_but_not_for_ever(cast: Cast) -> None:
    for _ in range(PER_ACCOUNT):
        signing_in.note_failure(cast.alma.email, ELSEWHERE)
    session.flush()
    with pytest.raises(TooManyAttempts, match="15"):
        signing_in.sign_in(cast.alma.email, PASSWORD, address=HERE)
    assert signing_in.sign_in(cast.bo.email, PASSWORD, address=HERE).user is cast.bo
    with clock.at(NOW + WINDOW + timedelta(seconds=1)):
        assert signing_in.sign_in(cast.alma.email, PASSWORD, address=HERE).user is cast.alma


def test_guessing_many_accounts_from_one_place_is_slowed_down(cast: Cast) -> None:
    for number in range(PER_ADDRESS):
        signing_in.note_failure(f"guess-{number}@example.jp", HERE)
    session.flush()
    with pytest.raises(TooManyAttempts):
        signing_in.sign_in(cast.alma.email, PASSWORD, address=HERE)
    assert signing_in.sign_in(cast.alma.email, PASSWORD, address=ELSEWHERE)


def test_a_role_that_changes_counts_from_the_next_request(cast: Cast) -> None:
    secret = sessions.open_session(cast.bo, address=HERE)
    session.flush()
    before = visiting.visitor_of(secret)
    assert before is not None and before.may("carts:edit")
    member = session.scalars(select(Membership).where(Membership.user_id == cast.bo.id)).one()
    member.role = BuyerRole.VIEWER
    session.flush()
    reader = visiting.visitor_of(secret)
    assert reader is not None and not reader.may("carts:edit")
    sessions.end_all_sessions(cast.bo.id)
    assert visiting.visitor_of(secret) is None


def test_switching_the_customer_makes_the_old_cookie_worthless(cast: Cast) -> None:
    inviting.join(cast.cleo, cast.nordwind, BuyerRole.VIEWER, BY)
    session.flush()
    secret = sessions.open_session(cast.cleo, address=HERE)
    session.flush()
    found = visiting.visitor_of(secret)
    assert found is not None and found.customer_code == "rival" and found.has_choice
    entry = session.scalars(select(SignIn).where(SignIn.id == found.sign_in_id)).one()
    fresh = sessions.act_for(entry, cast.nordwind.id)
    session.flush()
    assert visiting.visitor_of(secret) is None
    now = visiting.visitor_of(fresh)
    assert now is not None and (now.customer_code, now.role) == ("nordwind", "viewer")
