"""A forgotten password: asked for without learning who has an account, set by a link that works once."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from wholesale.accounts import inviting, sessions, throttling
from wholesale.accounts.addresses import address_of
from wholesale.accounts.models import Membership, User, UserState
from wholesale.accounts.passwords import fits, hash_password
from wholesale.kernel import clock, jobs, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.mail import outbox

RESET = "accounts.reset"
PURPOSE = "reset"
LASTS = timedelta(hours=1)
PER_ACCOUNT, PER_ADDRESS = 3, 20


def ask(email: Any, *, address: str) -> None:
    """Somebody says it forgot the password of `email`.

    Here nothing is looked up and nothing is answered: the same rows are written whoever is meant.
    The worker finds out whether anybody is (`send`). Too many wishes from one network address raise
    TooManyAttempts; too many for one account are let fall without a word.
    """
    if throttling.failures(address=_from(address)) >= PER_ADDRESS:
        raise throttling.TooManyAttempts(minutes=_minutes(throttling.WINDOW))
    plain = address_of(email) or ""
    account = f"reset:{plain}"
    is_too_often = throttling.failures(account=account) >= PER_ACCOUNT
    throttling.note(account, _from(address))
    jobs.enqueue(
        RESET, {"email": "" if is_too_often else plain}, by=Actor.system("visitor"), priority=1
    )


def send(arguments: dict[str, Any], by: Actor) -> None:
    """The worker's part: a letter to the stored address of whoever has this account, if anybody."""
    email = arguments["email"]
    user = session.scalar(select(User).where(User.email == email)) if email else None
    if user is None or user.state is UserState.DISABLED:
        return
    if user.state is UserState.INVITED:
        _invite_again(user, by)
        return
    inviting.void_links(user, PURPOSE)
    word = inviting.make_link(user, PURPOSE, lasts=LASTS)
    outbox.post(
        "password_reset", to=user.email, locale=user.locale, by=by, name=user.name,
        key=f"reset:{hashlib.sha256(word.encode()).hexdigest()[:40]}",
        minutes=_minutes(LASTS), path=f"/password/reset/{word}",
    )  # fmt: skip
    journal.record(user, "user:reset_asked", by)


def whose(word: str) -> User:
    """Whose password a link may set. Raises LinkExpired."""
    return inviting.open_link(word, PURPOSE)[1]


def reset(word: str, password: str) -> User:
    """Set a new password by a link. Every session and every other link of the person ends.

    Raises LinkExpired, WeakPassword.
    """
    user = whose(word)
    set_password(user, password, sessions.actor_of(user), word="user:password_reset")
    inviting.use_up(word, PURPOSE)
    inviting.void_links(user)
    return user


def change_password(user: User, old: str, new: str, *, here: int) -> None:
    """Another password, by its owner; all other sessions end. Raises NotProven, WeakPassword."""
    if not fits(old, user.password_hash):
        raise sessions.NotProven
    set_password(user, new, sessions.actor_of(user), here=here)
    inviting.void_links(user, PURPOSE)


def set_password(
    user: User, password: str, by: Actor, *, here: int | None = None, word: str = "user:password"
) -> None:
    """A new password; sessions end, and the person is told by letter. Raises WeakPassword."""
    user.password_hash = hash_password(password)
    now = user.password_changed_at = clock.now()
    sessions.end_all_sessions(user.id, but=here)
    journal.record(user, word, by)
    outbox.post(
        "password_changed", to=user.email, locale=user.locale, by=by, name=user.name,
        key=f"password_changed:{user.id}:{now.isoformat()}",
        at=clock.local(now).strftime("%Y-%m-%d %H:%M"),
    )  # fmt: skip


def _invite_again(user: User, by: Actor) -> None:
    waiting = session.scalars(
        select(Membership).where(Membership.user_id == user.id, Membership.accepted_at.is_(None))
    ).all()
    for membership in waiting:
        inviting.send_link(user, by, membership)
    if not waiting:
        inviting.send_link(user, by)


def _from(address: str) -> str:
    return f"reset:{address}"[:45]


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
