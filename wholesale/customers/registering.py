"""Registering customers, their terms and ship-tos, many at once: a sheet and a screen use one verb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from wholesale.customers import credit_limits
from wholesale.customers.billing_to import note_bill_to
from wholesale.customers.models import Address, Customer, Terms
from wholesale.customers.queries import forget_terms, lives_on
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session


@dataclass(frozen=True, slots=True)
class AddressDraft:
    """What a ship-to shall be; `values` are columns of Address."""

    code: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CustomerDraft:
    """What a customer shall be: columns of Customer and of Terms, who pays by code, ship-tos.

    `bill_to` and `pays_for` (the customer that pays what stays billed to this one) are "" for none,
    None to leave what is known.
    """

    code: str
    values: Mapping[str, Any]
    terms: Mapping[str, Any]
    bill_to: str | None = ""
    pays_for: str | None = None
    ship_tos: Sequence[AddressDraft] = field(default_factory=tuple)


@dataclass(slots=True)
class Registered:
    """What registering did, by code."""

    created: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)


def save_customers(drafts: Sequence[CustomerDraft], by: Actor, *, first_day: date) -> Registered:
    """Create or change customers; what is equal stays untouched. Bill-tos may stand in any order.

    A new customer's terms hold from `first_day`, changed ones from today on.
    """
    done = Registered()
    named = {code for d in drafts for code in (d.code, d.bill_to, d.pays_for) if code}
    known = {
        one.code: one for one in session.scalars(select(Customer).where(Customer.code.in_(named)))
    }
    for draft in drafts:
        if draft.code not in known:
            known[draft.code] = Customer(code=draft.code, since=clock.today())
            session.add(known[draft.code])
            done.created.add(draft.code)
        _apply(known[draft.code], draft.values, done, draft.code)
    session.flush()  # bill-tos, terms and addresses carry the ids
    for draft in drafts:
        payers = {"bill_to_id": draft.bill_to, "pays_for_id": draft.pays_for}
        told: dict[str, Any] = {
            name: lives_on(known[code]).id if code else None
            for name, code in payers.items()
            if code is not None
        }
        customer = known[draft.code]
        is_told = draft.code not in done.created and "bill_to_id" in told
        if is_told and customer.payer_id != (told["bill_to_id"] or customer.id):
            note_bill_to(customer, told["bill_to_id"])
            told |= {"next_bill_to_id": None, "next_bill_to_on": None}
        _apply(customer, told, done, draft.code)
    session.flush()  # limits are counted by bill-to
    terms, addresses = _latest_terms(known), _addresses(known)
    for draft in drafts:
        customer = known[draft.code]
        _save_terms(customer, terms.get(customer.id), draft, done, first_day)
        _save_ship_tos(customer, addresses.get(customer.id, {}), draft, done)
        if draft.code in done.created:
            journal.record(customer, "customer:registered", by, code=draft.code)
        elif draft.code in done.updated:
            journal.record(customer, "customer:changed", by, code=draft.code)
    session.flush()  # terms are read by the next verb of the same unit
    forget_terms()
    done.updated -= done.created
    return done


def _apply(row: Any, values: Mapping[str, Any], done: Registered, code: str) -> None:
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            done.updated.add(code)


def _latest_terms(known: Mapping[str, Customer]) -> dict[int, Terms]:
    rows = session.scalars(
        select(Terms)
        .where(
            Terms.customer_id.in_([one.id for one in known.values()]),
            Terms.valid_from <= clock.today(),
        )
        .order_by(Terms.valid_from)
    )
    return {row.customer_id: row for row in rows}


def _addresses(known: Mapping[str, Customer]) -> dict[int, dict[str, Address]]:
    found: dict[int, dict[str, Address]] = {}
    for row in session.scalars(
        select(Address).where(Address.customer_id.in_([one.id for one in known.values()]))
    ):
        found.setdefault(row.customer_id, {})[row.code] = row
    return found


def _save_terms(
    customer: Customer,
    now: Terms | None,
    draft: CustomerDraft,
    done: Registered,
    first_day: date,
) -> None:
    if now is None:
        session.add(Terms(customer_id=customer.id, valid_from=first_day, **draft.terms))
        done.updated.add(draft.code)
        return
    changed = {name for name, value in draft.terms.items() if getattr(now, name) != value}
    if changed == {"payment_text"} and not now.payment_text:
        return  # the figures in words: they say nothing new
    if not changed:
        return
    if now.valid_from != clock.today():
        kept = {
            column.key: getattr(now, column.key)
            for column in Terms.__table__.columns
            if column.key not in {"id", "valid_from"}
        }
        now = Terms(**kept, valid_from=clock.today())
        session.add(now)
    for name in changed:
        setattr(now, name, draft.terms[name])
    done.updated.add(draft.code)
    if changed & {"credit_limit", "currency"}:
        session.flush()  # the counter reads the limit from the terms
        forget_terms()
        credit_limits.set_limit(customer, now.currency, now.credit_limit)


def _save_ship_tos(
    customer: Customer, known: dict[str, Address], draft: CustomerDraft, done: Registered
) -> None:
    has_default = any(one.is_default for one in known.values())
    for told in draft.ship_tos:
        if told.code in known:
            _apply(known[told.code], told.values, done, draft.code)
            continue
        session.add(
            Address(
                customer_id=customer.id, code=told.code, is_default=not has_default, **told.values
            )
        )
        has_default = True
        done.updated.add(draft.code)
