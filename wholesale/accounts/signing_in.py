"""Signing in: the password, then the second proof where one is set up."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from wholesale.accounts import devices, second_factors, sessions, throttling
from wholesale.accounts.addresses import address_of
from wholesale.accounts.models import SignIn, User, UserKind, UserState
from wholesale.accounts.passwords import fits
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_


class WrongPassword(DomainError):
    """Unknown address, wrong password or disabled account: one answer for all three."""

    message = N_("The address or the password is not right. Check both and try again.")


class WrongCode(DomainError):
    """The second proof is not right, was used before, or its time is over."""

    message = N_("The code is not right. Codes change every 30 seconds; take the present one.")


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was opened: the cookie's value, and whether the second proof is still due."""

    secret: str
    user: User
    awaits_factor: bool = False


def sign_in(
    email: str,
    password: str,
    *,
    address: str,
    agent: str = "",
    remember: bool = False,
    mark: str = "",
) -> Opened:
    """Open a session by password. `mark` is the value the browser is known by.

    The failed attempt is recorded by `note_failure` in a unit of its own, since this one is rolled
    back. Raises WrongPassword, TooManyAttempts.
    """
    plain = address_of(email) or ""
    user = session.scalar(select(User).where(User.email == plain)) if plain else None
    device = devices.known_device(user.id if user else None, mark)
    throttling.slow_down(plain, address, is_known=device is not None)
    if not fits(password, user.password_hash if user else None) or user is None:
        raise WrongPassword
    if user.state is not UserState.ACTIVE:
        raise WrongPassword
    trusted = user.kind is UserKind.BUYER and devices.is_trusted(device)
    awaits = second_factors.is_set_up(user) and not trusted
    secret = sessions.open_session(
        user, address=address, agent=agent, remember=remember, awaits_factor=awaits
    )
    if not awaits:
        devices.note_device(user, mark, agent=agent, address=address)
    return Opened(secret, user, awaits)


def verify(entry: SignIn, code: str, *, mark: str, trust: bool = False) -> str:
    """The second proof by a code; returns the opened session's value.

    A buyer may have the device trusted for 30 days. A code that does not fit is recorded by
    `note_wrong_code` in a unit of its own. Raises WrongCode, TooManyAttempts.
    """
    throttling.slow_down(_codes_of(entry.user_id), entry.address)
    if not second_factors.takes(entry.user, code):
        raise WrongCode
    return admit(entry, mark=mark, trust=trust)


def admit(entry: SignIn, *, mark: str, trust: bool = False) -> str:
    """The second proof was given; returns the opened session's value."""
    secret = sessions.complete(entry)
    devices.note_device(
        entry.user, mark, agent=entry.agent, address=entry.address,
        trust=trust and entry.user.kind is UserKind.BUYER,
    )  # fmt: skip
    return secret


def begin_proven(user: User, *, address: str, agent: str, mark: str) -> str:
    """A session for somebody proven otherwise: by a passkey, by an invitation; the cookie's value."""
    secret = sessions.open_session(user, address=address, agent=agent)
    devices.note_device(user, mark, agent=agent, address=address)
    return secret


def note_failure(email: str, address: str) -> None:
    """Remember a failed attempt with a password."""
    throttling.note(address_of(email) or "", address)


def note_wrong_code(user_id: int, address: str) -> None:
    """Remember a code that did not fit."""
    throttling.note(_codes_of(user_id), address)


def _codes_of(user_id: int) -> str:
    return f"code:{user_id}"
