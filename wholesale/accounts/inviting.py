"""Making people: staff with a role, buyers with a membership, and the links that admit them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from wholesale.accounts.models import (
    BuyerRole,
    Membership,
    OneTimeLink,
    User,
    UserKind,
    UserState,
)
from wholesale.accounts.passwords import hash_password
from wholesale.customers.models import Customer
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_

INVITATION = timedelta(days=7)


class EmailTaken(Conflict):
    """Somebody already signs in with this address."""

    message = N_("%(email)s already has an account. Use another address, or add a membership.")


class LinkExpired(DomainError):
    """A one-time link was used before, or its time is over."""

    message = N_("This link was used before or has expired. Ask for a new one.")


def add_staff(
    email: str, name: str, role: str, by: Actor, *, password: str | None = None, locale: str = "ja"
) -> User:
    """A person of ours. Without a password they are `invited`. Raises EmailTaken, WeakPassword."""
    return _add(email, name, UserKind.STAFF, role, by, password, locale)


def add_buyer(
    email: str,
    name: str,
    customer: Customer,
    by: Actor,
    *,
    role: BuyerRole = BuyerRole.BUYER,
    password: str | None = None,
    spending_limit: Decimal | None = None,
) -> User:
    """A person who acts for a customer. Raises EmailTaken, WeakPassword."""
    user = _add(email, name, UserKind.BUYER, "", by, password, customer.locale)
    join(user, customer, role, by, spending_limit=spending_limit)
    return user


def join(
    user: User,
    customer: Customer,
    role: BuyerRole,
    by: Actor,
    *,
    spending_limit: Decimal | None = None,
) -> Membership:
    """Let a buyer act for one more customer."""
    membership = Membership(
        user_id=user.id, customer_id=customer.id, role=role, spending_limit=spending_limit
    )
    session.add(membership)
    journal.record(user, "user:joined", by, customer=customer.code, role=role.value)
    return membership


def make_link(user: User, purpose: str) -> str:
    """A fresh one-time word for a link; only its hash is kept."""
    word = secrets.token_urlsafe(32)
    session.add(
        OneTimeLink(
            sha256=hashlib.sha256(word.encode()).hexdigest(),
            purpose=purpose,
            user_id=user.id,
            expires_at=clock.now() + INVITATION,
        )
    )
    return word


def invited(word: str, purpose: str = "invite") -> User:
    """Whose link this is. Raises LinkExpired."""
    link = _link(word, purpose)
    return session.scalars(select(User).where(User.id == link.user_id)).one()


def accept(word: str, password: str, purpose: str = "invite") -> User:
    """Use a link up: set the password and open the account. Raises LinkExpired, WeakPassword."""
    link = _link(word, purpose)
    user = session.scalars(select(User).where(User.id == link.user_id)).one()
    user.password_hash = hash_password(password)
    user.password_changed_at = link.used_at = clock.now()
    user.state = UserState.ACTIVE
    journal.record(user, "user:admitted", Actor.system("invitation"))
    return user


def _link(word: str, purpose: str) -> OneTimeLink:
    sha256 = hashlib.sha256(word.encode()).hexdigest()
    link = session.scalar(
        select(OneTimeLink).where(
            OneTimeLink.sha256 == sha256,
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
        )
    )
    if link is None:
        raise LinkExpired
    return link


def _add(
    email: str, name: str, kind: UserKind, role: str, by: Actor, password: str | None, locale: str
) -> User:
    email = email.strip().lower()
    if session.scalar(select(User.id).where(User.email == email)):
        raise EmailTaken(email=email)
    user = User(
        email=email,
        name=name,
        kind=kind,
        role=role,
        locale=locale,
        state=UserState.ACTIVE if password else UserState.INVITED,
        password_hash=hash_password(password) if password else None,
        password_changed_at=clock.now() if password else None,
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()  # memberships and links carry the person's id
    journal.record(user, "user:added", by, email=email, kind=kind.value, role=role)
    return user
