"""Terms of trade with their history: a new row from a day on, what was in force stays as it was.

An order carries a copy of the terms it was placed on, so a change touches later orders only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from wholesale.company.changing import apply
from wholesale.customers import credit_limits
from wholesale.customers.models import Customer, Terms
from wholesale.customers.queries import forget_terms
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.money import ZERO
from wholesale.kernel.text import N_
from wholesale.kernel.types import canonical

LAST_DAY = 31
MOST_CLOSINGS = 3


class TermsInForce(DomainError):
    """Terms that were in force are history."""

    message = N_("Terms change from today or a later day; what was in force before stays.")


class BadClosingDays(DomainError):
    """Closing days are days of the month."""

    message = N_("Closing days are days of the month such as 20 or 15,31 (31: the last day).")


class NoTermsYet(DomainError):
    """A limit stands in the terms."""

    message = N_("Enter the terms of trade first; the limit is in their currency.")


def history(customer_id: int) -> list[Terms]:
    """Every row of terms of a customer, the newest first."""
    return list(
        session.scalars(
            select(Terms).where(Terms.customer_id == customer_id).order_by(Terms.valid_from.desc())
        )
    )


def stamp(rows: Sequence[Terms]) -> str:
    """What a form carries of the terms it showed."""
    seen = [{column.key: getattr(row, column.key) for column in _COLUMNS} for row in rows]
    return hashlib.sha256(canonical(seen).encode()).hexdigest()[:16]


def change_terms(
    customer: Customer, valid_from: date, values: Mapping[str, Any], seen: str, by: Actor
) -> Terms:
    """State the terms from a day on; the credit limit goes on as it is.

    In another currency a stated limit starts at 0, for nobody has judged it there.
    Raises Conflict, TermsInForce, BadClosingDays.
    """
    rows = history(customer.id)
    if stamp(rows) != seen:
        raise Conflict
    if valid_from < clock.today():
        raise TermsInForce
    wanted = {**values, "closing_days": read_closing_days(values["closing_days"])}
    before = next((row for row in rows if row.valid_from <= valid_from), None)
    row = before if before and before.valid_from == valid_from else _copy(customer, before)
    is_new, row.valid_from = row is not before, valid_from
    changes = {name: told for name, told in apply(row, wanted).items() if any(one for one in told)}
    if "currency" in changes and before is not None and row.credit_limit is not None:
        changes["credit_limit"] = [row.credit_limit, ZERO]
        row.credit_limit = ZERO
    if before is not None and not changes:
        return before
    if is_new:
        session.add(row)
    _note(customer, changes, by, valid_from)
    if valid_from == clock.today() and "credit_limit" in changes:
        credit_limits.set_limit(customer, row.currency, row.credit_limit)
    return row


def withdraw(customer: Customer, valid_from: date, seen: str, by: Actor) -> None:
    """Take terms back before their day. Raises Conflict, TermsInForce."""
    rows = history(customer.id)
    row = next((row for row in rows if row.valid_from == valid_from), None)
    if row is None or stamp(rows) != seen:
        raise Conflict
    if valid_from <= clock.today():
        raise TermsInForce
    session.delete(row)
    _note(customer, {"valid_from": [valid_from.isoformat(), None]}, by, None)


def change_limit(customer: Customer, limit: Decimal | None, seen: str, by: Actor) -> None:
    """State the credit limit from today on, in the terms to come too. Raises Conflict, NoTermsYet."""
    today, rows = clock.today(), history(customer.id)
    if stamp(rows) != seen:
        raise Conflict
    now = next((row for row in rows if row.valid_from <= today), None)
    if now is None:
        raise NoTermsYet
    if now.credit_limit == limit:
        return
    changes = {"credit_limit": [now.credit_limit, limit]}
    if now.valid_from != today:
        now = _copy(customer, now)
        now.valid_from = today
        session.add(now)
    for row in (now, *(row for row in rows if row.valid_from > today)):
        if row.currency == now.currency:
            row.credit_limit = limit
    _note(customer, changes, by, today)
    credit_limits.set_limit(customer, now.currency, limit)


def read_closing_days(typed: str) -> str:
    """15、31 → 15,31; "" = billed per shipment. Raises BadClosingDays."""
    parts = [part.strip() for part in typed.replace("、", ",").split(",") if part.strip()]
    if any(not part.isdecimal() or not 1 <= int(part) <= LAST_DAY for part in parts):
        raise BadClosingDays
    days = sorted({int(part) for part in parts})
    if len(days) > MOST_CLOSINGS:
        raise BadClosingDays
    return ",".join(map(str, days))


def _copy(customer: Customer, row: Terms | None) -> Terms:
    told = {column.key: getattr(row, column.key) for column in _COLUMNS} if row else {}
    return Terms(**{**told, "customer_id": customer.id})


def _note(
    customer: Customer, changes: Mapping[str, Any], by: Actor, valid_from: date | None
) -> None:
    day = {"valid_from": [None, valid_from.isoformat()]} if valid_from else {}
    journal.record(customer, "customer:terms", by, code=customer.code, changes={**day, **changes})
    session.flush()  # terms are read by queries
    forget_terms()


_COLUMNS = [column for column in Terms.__table__.columns if column.key != "id"]
