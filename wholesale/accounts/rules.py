"""The rules of signing in: who needs a second factor, how long a session lasts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select

from wholesale.accounts.models import SecurityRules, User, UserKind
from wholesale.kernel import config, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

STAFF_IDLE, STAFF_AT_MOST = timedelta(hours=8), timedelta(hours=24)
BUYER_AT_MOST, BUYER_REMEMBERED = timedelta(hours=24), timedelta(days=30)
SHORTEST = timedelta(minutes=5)
IN_PRODUCTION = ("owner", "accounting")


class OutOfBounds(DomainError):
    """A time limit is shorter than usable or longer than safe."""

    message = N_("Sessions last between %(least)s and %(most)s minutes.")


def factor_roles(stated: Collection[str] | None) -> frozenset[str]:
    """The roles that need a second factor; unless stated, owner and accounting in production."""
    if stated is not None:
        return frozenset(stated)
    return frozenset(IN_PRODUCTION) if config.current().is_production else frozenset()


def in_force() -> SecurityRules:
    """The rules of this installation; an empty row, not stored, while none were set."""
    return session.scalars(select(SecurityRules).limit(1)).first() or SecurityRules()


def lasts(user: User, *, remember: bool) -> tuple[timedelta, timedelta]:
    """(idle, at most) of a session of this person."""
    rules = in_force()
    if user.kind is UserKind.STAFF:
        return _minutes(rules.staff_idle, STAFF_IDLE), _minutes(rules.staff_at_most, STAFF_AT_MOST)
    at_most = BUYER_REMEMBERED if remember else _minutes(rules.buyer_at_most, BUYER_AT_MOST)
    return at_most, at_most


def set_rules(
    *,
    factor_roles: Collection[str],
    staff_idle: int | None,
    staff_at_most: int | None,
    buyer_at_most: int | None,
    by: Actor,
) -> SecurityRules:
    """State the rules; times in minutes, None for the default. Raises OutOfBounds."""
    for minutes, most in (
        (staff_idle, STAFF_IDLE),
        (staff_at_most, STAFF_AT_MOST),
        (buyer_at_most, BUYER_AT_MOST),
    ):
        if minutes is not None and not SHORTEST <= timedelta(minutes=minutes) <= most:
            raise OutOfBounds(least=_in_minutes(SHORTEST), most=_in_minutes(most))
    rules = in_force()
    session.add(rules)
    before = _told(rules)
    rules.factor_roles = sorted(factor_roles)
    rules.staff_idle, rules.staff_at_most = staff_idle, staff_at_most
    rules.buyer_at_most = buyer_at_most
    journal.record(rules, "security:changed", by, old=before, new=_told(rules))
    return rules


def _told(rules: SecurityRules) -> str:
    roles = ",".join(rules.factor_roles) if rules.factor_roles is not None else "default"
    return f"{roles} {rules.staff_idle} {rules.staff_at_most} {rules.buyer_at_most}"


def _minutes(stated: int | None, default: timedelta) -> timedelta:
    return default if stated is None else min(timedelta(minutes=stated), default)


def _in_minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
