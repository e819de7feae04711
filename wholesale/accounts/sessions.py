"""Sessions: opening, following and ending them, and proving anew who one is."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, true, update
from sqlalchemy.orm import selectinload

from wholesale.accounts import rules
from wholesale.accounts.models import Membership, SignIn, User
from wholesale.accounts.passwords import fits
from wholesale.customers.models import Customer, CustomerState
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor, ActorKind
from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

SEEN_EVERY = timedelta(minutes=1)
FOR_THE_FACTOR = timedelta(minutes=10)
PROVEN_FOR = timedelta(minutes=15)


class NotProven(DomainError):
    """The password given anew is not right."""

    message = N_("The password is not right.")


def actor_of(user: User) -> Actor:
    """How the journal names a person."""
    return Actor(ActorKind(user.kind.value), user.id, user.name)


def open_session(
    user: User,
    *,
    address: str,
    agent: str = "",
    remember: bool = False,
    awaits_factor: bool = False,
) -> str:
    """A fresh session for a person whose identity is proven; returns the cookie's value.

    One that still waits for the second proof lasts ten minutes and opens nothing.
    """
    secret = new_secret()
    idle, at_most = rules.lasts(user, remember=remember)
    now = clock.now()
    session.add(
        SignIn(
            sid_sha256=digest(secret),
            user_id=user.id,
            customer_id=_last_customer(user.id),
            began_at=now,
            seen_at=now,
            expires_at=now + (FOR_THE_FACTOR if awaits_factor else at_most),
            idle_seconds=int(idle.total_seconds()),
            address=address[:45],
            agent=agent[:200],
            awaits_factor=awaits_factor,
            remembered=remember,
            proven_at=now,
        )
    )
    if not awaits_factor:
        journal.record(user, "user:signed_in", actor_of(user))
    return secret


def waiting(secret: str) -> SignIn | None:
    """The session behind a cookie that still waits for its second proof."""
    return session.scalar(
        select(SignIn)
        .where(
            SignIn.sid_sha256 == digest(secret),
            SignIn.awaits_factor,
            SignIn.revoked_at.is_(None),
            SignIn.expires_at > clock.now(),
        )
        .options(selectinload(SignIn.user))
    )


def complete(entry: SignIn) -> str:
    """The second proof was given: the session opens, under a new value."""
    idle, at_most = rules.lasts(entry.user, remember=entry.remembered)
    now = clock.now()
    entry.awaits_factor = False
    entry.began_at = entry.seen_at = entry.proven_at = now
    entry.expires_at, entry.idle_seconds = now + at_most, int(idle.total_seconds())
    journal.record(entry.user, "user:signed_in", actor_of(entry.user), factor=True)
    return renew(entry)


def renew(entry: SignIn) -> str:
    """The same session under a new value: the old cookie is worth nothing from here on."""
    secret = new_secret()
    entry.sid_sha256 = digest(secret)
    return secret


def prove(entry: SignIn, password: str) -> str:
    """Say the password again; returns the session's new value. Raises NotProven."""
    if not fits(password, entry.user.password_hash):
        raise NotProven
    return note_proven(entry)


def note_proven(entry: SignIn) -> str:
    """The person has just proven who it is; returns the session's new value."""
    entry.proven_at = clock.now()
    return renew(entry)


def is_fresh(proven_at: datetime | None) -> bool:
    """Whether the last proof is recent enough for what asks for one."""
    return proven_at is not None and clock.now() - proven_at < PROVEN_FOR


def note_seen(sign_in_id: int) -> None:
    """Note that a session was used, at most once a minute."""
    now = clock.now()
    rows_changed(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.seen_at < now - SEEN_EVERY)
        .values(seen_at=now)
    )


def keep(sign_in_id: int, kept: dict[str, Any]) -> None:
    """What the session carries from one answer to the next page (a word of what was done)."""
    rows_changed(update(SignIn).where(SignIn.id == sign_in_id).values(kept=kept))


def act_for(entry: SignIn, customer_id: int) -> str:
    """Switch the customer a buyer acts for; the caller has looked at the membership.

    Returns the session's new value: nothing made for the other customer fits any more.
    """
    entry.customer_id = customer_id
    return renew(entry)


def sign_out(sign_in_id: int) -> None:
    """End one session."""
    _end(SignIn.id == sign_in_id)


def end_all_sessions(user_id: int, *, but: int | None = None) -> int:
    """End every session of a person (but one): after a new password, a changed role, a disabling."""
    return _end(SignIn.user_id == user_id, SignIn.id != (but or 0))


def end_sessions_for(user_id: int, customer_id: int) -> None:
    """End the sessions in which a buyer acts for one customer."""
    _end(SignIn.user_id == user_id, SignIn.customer_id == customer_id)


def end_session(user: User, sign_in_id: int, by: Actor) -> bool:
    """End one session of a person; False when it has none such."""
    ended = _end(SignIn.id == sign_in_id, SignIn.user_id == user.id)
    if ended:
        journal.record(user, "user:session_ended", by)
    return bool(ended)


def end_others(user: User, by: Actor, *, but: int | None = None) -> int:
    """End all sessions of a person, but for one; how many there were."""
    ended = end_all_sessions(user.id, but=but)
    journal.record(user, "user:sessions_ended", by, sessions=ended)
    return ended


def open_sessions(user_id: int) -> Sequence[SignIn]:
    """The open sessions of a person, the latest used first."""
    found = session.scalars(
        select(SignIn)
        .where(
            SignIn.user_id == user_id,
            SignIn.revoked_at.is_(None),
            SignIn.awaits_factor.is_(False),
            SignIn.expires_at > clock.now(),
        )
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        .limit(50)
    )
    now = clock.now()
    return [one for one in found if now < one.seen_at + timedelta(seconds=one.idle_seconds)]


def history(user_id: int, limit: int = 20) -> Sequence[SignIn]:
    """The latest sign-ins of a person, newest first."""
    return session.scalars(
        select(SignIn)
        .where(SignIn.user_id == user_id, SignIn.awaits_factor.is_(False))
        .order_by(SignIn.began_at.desc(), SignIn.id.desc())
        .limit(limit)
    ).all()


def last_sign_ins(
    user_ids: Sequence[int], *, customer_id: int | None = None
) -> dict[int, datetime]:
    """{person: when it last signed in}, to act for one customer if one is named. One statement."""
    which = SignIn.customer_id == customer_id if customer_id else true()
    rows = session.execute(
        select(SignIn.user_id, func.max(SignIn.began_at))
        .where(SignIn.user_id.in_(user_ids), SignIn.awaits_factor.is_(False), which)
        .group_by(SignIn.user_id)
    )
    return {user: at for user, at in rows if at is not None}


def new_secret() -> str:
    """A random value for a cookie.

    A letter stands in front: values that begin with "-" are those of visitors not signed in.
    """
    return "s" + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _end(*which: Any) -> int:
    return rows_changed(
        update(SignIn).where(SignIn.revoked_at.is_(None), *which).values(revoked_at=clock.now())
    )


def _last_customer(user_id: int) -> int | None:
    """The customer the person last acted for, where it still may; else its first."""
    last = (
        select(func.max(SignIn.id))
        .where(SignIn.user_id == user_id, SignIn.customer_id == Membership.customer_id)
        .scalar_subquery()
    )
    return session.scalar(
        select(Membership.customer_id)
        .join(Customer, Customer.id == Membership.customer_id)
        .where(
            Membership.user_id == user_id,
            Membership.accepted_at.is_not(None),
            Customer.state == CustomerState.ACTIVE,
        )
        .order_by(func.coalesce(last, 0).desc(), Membership.id)
        .limit(1)
    )
