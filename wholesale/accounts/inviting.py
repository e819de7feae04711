"""Making people: staff with a role, buyers with a membership, and the links that admit them."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select, update

from wholesale.accounts import sessions
from wholesale.accounts.addresses import the_address
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
from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_
from wholesale.mail import outbox

INVITATION = timedelta(days=7)


class EmailTaken(Conflict):
    """Somebody already signs in with this address."""

    message = N_("%(email)s already has an account. Use another address, or add a membership.")


class LinkExpired(DomainError):
    """A one-time link was used before, or its time is over."""

    message = N_("This link was used before or has expired. Ask for a new one.")


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a link admits: the person, for which customer (buyers), who invited, and what is due.

    `needs_password` is false for a person who has one and only takes up one more customer.
    """

    user: User
    membership: Membership | None
    made_by: str
    needs_password: bool


def add_staff(
    email: str, name: str, role: str, by: Actor, *, password: str | None = None, locale: str = "ja"
) -> User:
    """A person of ours. Without a password they are `invited`.

    Raises BadAddress, EmailTaken, WeakPassword.
    """
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
    """A person who acts for a customer. Raises BadAddress, EmailTaken, WeakPassword."""
    user = _add(email, name, UserKind.BUYER, "", by, password, customer.locale)
    join(user, customer, role, by, spending_limit=spending_limit, accepted=bool(password))
    return user


def join(
    user: User,
    customer: Customer,
    role: BuyerRole,
    by: Actor,
    *,
    spending_limit: Decimal | None = None,
    accepted: bool = True,
) -> Membership:
    """Let a buyer act for one more customer; unless `accepted`, once the person takes it up."""
    membership = Membership(
        user_id=user.id,
        customer_id=customer.id,
        role=role,
        spending_limit=spending_limit,
        accepted_at=clock.now() if accepted else None,
    )
    session.add(membership)
    journal.record(user, "user:joined", by, customer=customer.code, role=role.value)
    return membership


def invite_staff(email: str, name: str, role: str, by: Actor, *, locale: str = "ja") -> User:
    """A person of ours, told by a letter whose link works once.

    Raises BadAddress, EmailTaken.
    """
    user = add_staff(email, name, role, by, locale=locale)
    send_link(user, by)
    return user


def send_link(user: User, by: Actor, membership: Membership | None = None) -> None:
    """Send an invitation, once more perhaps; the links of earlier ones are void."""
    void_links(user, "invite", membership)
    word = make_link(user, "invite", by=by, membership=membership)
    customer = membership.customer if membership else None
    outbox.post(
        "invitation" if customer else "staff_invitation",
        to=user.email,
        locale=user.locale,
        key=f"invitation:{hashlib.sha256(word.encode()).hexdigest()[:40]}",
        by=by,
        customer_id=customer.id if customer else None,
        name=membership.called if membership else user.name,
        customer=customer.display_name(user.locale) if customer else "",
        path=f"/invite/{word}",
    )


def make_link(
    user: User,
    purpose: str,
    *,
    by: Actor | None = None,
    membership: Membership | None = None,
    lasts: timedelta = INVITATION,
) -> str:
    """A fresh one-time word for a link; only its hash is kept."""
    word = secrets.token_urlsafe(32)
    session.add(
        OneTimeLink(
            sha256=_digest(word),
            purpose=purpose,
            user_id=user.id,
            membership_id=membership.id if membership else None,
            made_by="" if by is None or by.id is None else by.name,
            expires_at=clock.now() + lasts,
        )
    )
    return word


def void_links(user: User, purpose: str = "", membership: Membership | None = None) -> None:
    """The open links of a person work no more: those of one purpose (and membership), or all."""
    which = [OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None)]
    if purpose:
        which.append(OneTimeLink.purpose == purpose)
    if membership is not None:
        which.append(OneTimeLink.membership_id == membership.id)
    rows_changed(update(OneTimeLink).where(*which).values(used_at=clock.now()))


def invited(word: str) -> Invited:
    """Whose invitation this is. Raises LinkExpired."""
    link, user = open_link(word, "invite")
    membership = session.get(Membership, link.membership_id) if link.membership_id else None
    needs = user.state is UserState.INVITED or user.kind is UserKind.STAFF
    return Invited(user, membership, link.made_by, needs)


def accept(word: str, password: str = "") -> User:
    """Take an invitation up: set the first password, open the account, join the customer.

    A person who signs in already keeps the password. Raises LinkExpired, WeakPassword.
    """
    found = invited(word)
    user = found.user
    by = sessions.actor_of(user)
    if found.needs_password:
        user.password_hash = hash_password(password)
        user.password_changed_at = clock.now()
        user.state = UserState.ACTIVE
        sessions.end_all_sessions(user.id)
        journal.record(user, "user:admitted", by)
    if found.membership is not None and not found.membership.is_accepted:
        found.membership.accepted_at = clock.now()
        journal.record(user, "user:accepted", by, customer=found.membership.customer.code)
    use_up(word, "invite")
    return user


def open_link(word: str, purpose: str) -> tuple[OneTimeLink, User]:
    """A link that still works, and its person. Raises LinkExpired."""
    row = session.execute(
        select(OneTimeLink, User)
        .join(User, User.id == OneTimeLink.user_id)
        .where(
            OneTimeLink.sha256 == _digest(word),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
            User.state != UserState.DISABLED,
        )
    ).first()
    if row is None:
        raise LinkExpired
    return row[0], row[1]


def use_up(word: str, purpose: str) -> None:
    """The link is spent. Guarded: of two that come at once one is too late. Raises LinkExpired."""
    spent = rows_changed(
        update(OneTimeLink)
        .where(
            OneTimeLink.sha256 == _digest(word),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )
    if not spent:
        raise LinkExpired


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def _add(
    email: str, name: str, kind: UserKind, role: str, by: Actor, password: str | None, locale: str
) -> User:
    email = the_address(email)
    if session.scalar(select(User.id).where(User.email == email)):
        raise EmailTaken(email=email)
    user = User(
        email=email,
        name=name.strip(),
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
