"""The currencies we trade in: which are switched on, and the digits their amounts are rounded to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from babel.numbers import get_currency_precision
from sqlalchemy import select

from wholesale.company.changing import apply
from wholesale.company.models import Currency
from wholesale.company.queries import company, forget_digits
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_


class HomeCurrency(DomainError):
    """Our own money."""

    message = N_("%(currency)s is the currency of the house and stays switched on.")


class TooManyDigits(DomainError):
    """ISO 4217 says how small the smallest coin is."""

    message = N_("%(currency)s has 0 to %(most)s digits after the point.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one currency shall be, and what the form showed when it was loaded."""

    enabled: bool
    digits: int
    seen_enabled: bool
    seen_digits: int


def currencies() -> list[Currency]:
    """All of them, in the order of set-up."""
    return list(session.scalars(select(Currency).order_by(Currency.id)))


def most_digits(code: str) -> int:
    """The digits of the smallest coin by ISO 4217 (CLDR): TWD 2, JPY 0, KWD 3."""
    return int(get_currency_precision(code))


def change_currencies(wanted: Mapping[str, Wanted], by: Actor) -> int:
    """Switch currencies on and off and set their digits; how many changed.

    New documents read the digits; stored amounts stay. Raises Conflict where somebody else has
    changed a currency since the form was loaded, HomeCurrency, TooManyDigits.
    """
    changed = 0
    for row in session.scalars(select(Currency).order_by(Currency.id).with_for_update()):
        one = wanted.get(row.code)
        if one is None:
            continue
        if (row.enabled, row.digits) != (one.seen_enabled, one.seen_digits):
            raise Conflict
        if row.code == company().currency and not one.enabled:
            raise HomeCurrency(currency=row.code)
        if not 0 <= one.digits <= most_digits(row.code):
            raise TooManyDigits(currency=row.code, most=most_digits(row.code))
        changes = apply(row, {"enabled": one.enabled, "digits": one.digits})
        if changes:
            changed += 1
            journal.record(row, "currency:changed", by, currency=row.code, changes=changes)
    forget_digits()
    return changed
