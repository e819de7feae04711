"""Opening, following and ending sessions; slowing down whoever guesses passwords."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from wholesale.accounts.models import (
    Attempt,
    BuyerRole,
    Membership,
    SignIn,
    User,
    UserKind,
    UserState,
)
from wholesale.accounts.passwords import fits
from wholesale.accounts.permissions import BUYER_PERMISSIONS, Permission, granted_to_role
from wholesale.customers.models import Customer, CustomerState
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor, ActorKind, Principal
from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

STAFF_IDLE, STAFF_AT_MOST = timedelta(hours=8), timedelta(hours=24)
BUYER_AT_MOST, BUYER_REMEMBERED = timedelta(hours=24), timedelta(days=30)
WINDOW = timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS = 10, 100
SEEN_EVERY = timedelta(minutes=1)


class WrongPassword(DomainError):
    """Unknown address, wrong password or disabled account: one answer for all three."""

    message = N_("The address or the password is not right. Check both and try again.")


class TooManyAttempts(DomainError):
    """Too many failures within a quarter of an hour."""

    status = 429
    message = N_("Too many attempts. Wait %(minutes)s minutes and try again.")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is at the door, read once per request and handed on; the gate looks at this alone.

    A buyer's `customer_id` is the customer it acts for; `customer_ids` what it may see.
    """

    user_id: int
    kind: UserKind
    name: str
    email: str
    locale: str
    theme: str
    single_keys: bool
    sign_in_id: int
    permissions: frozenset[Permission]
    customer_id: int | None = None
    customer_code: str = ""
    customer_name: str = ""
    customer_ids: frozenset[int] | None = None
    role: str = ""
    is_seen_late: bool = False

    def may(self, permission: str) -> bool:
        """Whether a role grants it."""
        return permission in self.permissions

    @property
    def initial(self) -> str:
        """The first letter of the name, for the round mark."""
        return self.name[:1]

    @property
    def actor(self) -> Actor:
        """How the journal names this person."""
        return Actor(ActorKind(self.kind.value), self.user_id, self.name)

    @property
    def principal(self) -> Principal:
        """Whose rows this person's units of work may see."""
        return Principal(self.actor, self.customer_ids)


def sign_in(
    email: str, password: str, *, address: str, agent: str = "", remember: bool = False
) -> tuple[str, User]:
    """Open a session; returns the cookie's secret value and the person.

    The failed attempt is recorded by `note_failure` in a unit of its own, since this one is rolled
    back. Raises WrongPassword, TooManyAttempts.
    """
    email = email.strip().lower()
    _slow_down(email, address)
    user = session.scalar(select(User).where(User.email == email))
    if not fits(password, user.password_hash if user else None) or user is None:
        raise WrongPassword
    if user.state is not UserState.ACTIVE:
        raise WrongPassword
    return open_session(user, address=address, agent=agent, remember=remember), user


def open_session(user: User, *, address: str, agent: str = "", remember: bool = False) -> str:
    """A fresh session for a person whose identity is proven; returns the cookie's value."""
    # A letter in front: values that begin with "-" are those of visitors who are not signed in.
    secret = "s" + secrets.token_urlsafe(32)
    staff = user.kind is UserKind.STAFF
    at_most = STAFF_AT_MOST if staff else BUYER_REMEMBERED if remember else BUYER_AT_MOST
    idle = STAFF_IDLE if staff else at_most
    now = clock.now()
    session.add(
        SignIn(
            sid_sha256=_digest(secret),
            user_id=user.id,
            customer_id=_first_customer(user.id),
            began_at=now,
            seen_at=now,
            expires_at=now + at_most,
            idle_seconds=int(idle.total_seconds()),
            address=address[:45],
            agent=agent[:200],
        )
    )
    journal.record(user, "user:signed_in", Actor(ActorKind(user.kind.value), user.id, user.name))
    return secret


def note_failure(email: str, address: str) -> None:
    """Remember a failed attempt; old ones are cleared on the way."""
    session.execute(delete(Attempt).where(Attempt.at < clock.now() - 4 * WINDOW))
    session.add(Attempt(account=email.strip().lower()[:254], address=address[:45], at=clock.now()))


def visitor_of(secret: str) -> Visitor | None:
    """Who a cookie belongs to, with rights read afresh; None when the session is over."""
    row = session.execute(
        select(SignIn, User)
        .join(User, User.id == SignIn.user_id)
        .where(SignIn.sid_sha256 == _digest(secret), SignIn.revoked_at.is_(None))
    ).first()
    if row is None:
        return None
    entry, user = row
    now = clock.now()
    idle_until = entry.seen_at + timedelta(seconds=entry.idle_seconds)
    if user.state is not UserState.ACTIVE or now >= entry.expires_at or now >= idle_until:
        return None
    return (
        _staff_visitor(entry, user) if user.kind is UserKind.STAFF else _buyer_visitor(entry, user)
    )


def note_seen(sign_in_id: int) -> None:
    """Note that a session was used, at most once a minute."""
    now = clock.now()
    rows_changed(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.seen_at < now - SEEN_EVERY)
        .values(seen_at=now)
    )


def act_for(sign_in_id: int, customer_id: int) -> None:
    """Switch the customer a buyer acts for; the caller has looked at the membership."""
    rows_changed(update(SignIn).where(SignIn.id == sign_in_id).values(customer_id=customer_id))


def sign_out(sign_in_id: int) -> None:
    """End one session."""
    rows_changed(update(SignIn).where(SignIn.id == sign_in_id).values(revoked_at=clock.now()))


def end_all_sessions(user_id: int) -> None:
    """End every session of a person: after a new password, a changed role, a disabled account."""
    rows_changed(
        update(SignIn)
        .where(SignIn.user_id == user_id, SignIn.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )


def _slow_down(email: str, address: str) -> None:
    since = clock.now() - WINDOW
    by_account = session.scalar(
        select(func.count()).where(Attempt.account == email, Attempt.at > since)
    )
    by_address = session.scalar(
        select(func.count()).where(Attempt.address == address, Attempt.at > since)
    )
    if (by_account or 0) >= PER_ACCOUNT or (by_address or 0) >= PER_ADDRESS:
        raise TooManyAttempts(minutes=int(WINDOW.total_seconds() // 60))


def _staff_visitor(entry: SignIn, user: User) -> Visitor:
    return Visitor(**_person(entry, user), permissions=granted_to_role(user.role), role=user.role)


def _buyer_visitor(entry: SignIn, user: User) -> Visitor | None:
    """A buyer sees the customer it acts for, what was merged into it, and a bill-to its stores."""
    row = session.execute(
        select(Membership.role, Customer)
        .join(Customer, Customer.id == Membership.customer_id)
        .where(
            Membership.user_id == user.id,
            Membership.customer_id == entry.customer_id,
            Customer.state == CustomerState.ACTIVE,
        )
        # The gate itself asks: no principal narrows this look at one's own membership.
    ).first()
    if row is None:
        return None
    role, customer = row
    related = session.scalars(
        select(Customer.id).where(
            (Customer.merged_into_id == customer.id) | (Customer.bill_to_id == customer.id)
        )
    )
    return Visitor(
        **_person(entry, user),
        permissions=BUYER_PERMISSIONS[BuyerRole(role)],
        customer_id=customer.id,
        customer_code=customer.code,
        customer_name=customer.display_name(user.locale),
        customer_ids=frozenset({customer.id, *related}),
        role=str(role),
    )


def _person(entry: SignIn, user: User) -> dict[str, Any]:
    return {
        "user_id": user.id,
        "kind": user.kind,
        "name": user.name,
        "email": user.email,
        "locale": user.locale,
        "theme": user.theme,
        "single_keys": user.single_keys,
        "sign_in_id": entry.id,
        "is_seen_late": entry.seen_at < clock.now() - SEEN_EVERY,
    }


def _first_customer(user_id: int) -> int | None:
    return session.scalar(
        select(Membership.customer_id)
        .where(Membership.user_id == user_id)
        .order_by(Membership.id)
        .limit(1)
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
