"""Passwords: argon2id, and what a new one must be."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from wholesale.kernel import config
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

SHORTEST = 10


class WeakPassword(DomainError):
    """A new password is too easy to guess."""

    message = N_(
        "A password needs at least %(length)s characters. A short sentence is easy to keep."
    )


@cache
def _hasher() -> PasswordHasher:
    """OWASP's minimum for argon2id: 19 MiB, two passes, one lane (41 ms here)."""
    if config.current().fast_passwords:
        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """The hash that is kept. Raises WeakPassword."""
    if len(password) < SHORTEST:
        raise WeakPassword(length=SHORTEST)
    return _hasher().hash(password)


def hash_code(code: str) -> str:
    """The hash of a short code that is given to many, such as an order link's; any length."""
    return _hasher().hash(code)


def fits(password: str, hashed: str | None) -> bool:
    """Whether a password fits; as slow for somebody unknown as for somebody known."""
    try:
        return _hasher().verify(hashed or _nobody(), password) and hashed is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")
