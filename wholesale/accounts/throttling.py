"""Slowing down whoever guesses: so many failures in a quarter of an hour, per account and address."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select

from wholesale.accounts.models import Attempt
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

WINDOW = timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS = 10, 100


class TooManyAttempts(DomainError):
    """Too many failures within a quarter of an hour."""

    status = 429
    message = N_("Too many attempts. Wait %(minutes)s minutes and try again.")


def note(account: str, address: str) -> None:
    """Remember a failed attempt; old ones are cleared on the way."""
    session.execute(delete(Attempt).where(Attempt.at < clock.now() - 4 * WINDOW))
    session.add(
        Attempt(account=account.strip().lower()[:254], address=address[:45], at=clock.now())
    )


def slow_down(account: str, address: str, *, is_known: bool = False) -> None:
    """Refuse after too many failures. Raises TooManyAttempts.

    A device the person has signed in with before (`is_known`) is not kept out by what others try
    with its account: nobody can lock a customer out of ordering.
    """
    if (not is_known and failures(account=account) >= PER_ACCOUNT) or (
        failures(address=address) >= PER_ADDRESS
    ):
        raise TooManyAttempts(minutes=int(WINDOW.total_seconds() // 60))


def failures(*, account: str = "", address: str = "") -> int:
    """How often it was tried in vain within the window, with one account or from one address."""
    which = Attempt.account == account[:254] if account else Attempt.address == address[:45]
    return session.scalar(select(func.count()).where(which, Attempt.at > clock.now() - WINDOW)) or 0
