"""Adding a customer and changing who it is; old and new are kept in the journal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from wholesale.company.changing import CodeTaken, apply, check_version
from wholesale.company.registration import read_registration_number
from wholesale.customers.models import Customer, CustomerGroup, CustomerState
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

LONGEST_TAG = 30
MOST_TAGS = 20


class TooManyTags(DomainError):
    """Tags are few words, not notes."""

    message = N_("At most %(most)s tags of at most %(longest)s characters.")


class IsMerged(DomainError):
    """A customer that was merged into another one lives there."""

    message = N_("%(customer)s was merged into another customer and can't be changed any more.")


def save_customer(
    customer: Customer | None, values: Mapping[str, Any], version: int, by: Actor
) -> Customer:
    """Add a customer, or change one; a code never changes.

    Raises CodeTaken, Conflict, BadRegistrationNumber, TooManyTags, IsMerged.
    """
    wanted = dict(values)
    wanted["registration_number"] = read_registration_number(wanted["registration_number"] or "")
    wanted["tags"] = _tags(wanted["tags"])
    if customer is None:
        return _add(wanted, by)
    if customer.state is CustomerState.MERGED:
        raise IsMerged(customer=customer.name)
    check_version(customer, version)
    before = _group_code(customer.group_id)
    changes = apply(customer, {name: value for name, value in wanted.items() if name != "code"})
    if "group_id" in changes:
        changes["group"] = [before, _group_code(customer.group_id)]
        del changes["group_id"]
    if changes:
        journal.record(customer, "customer:changed", by, code=customer.code, changes=changes)
    return customer


def _add(values: Mapping[str, Any], by: Actor) -> Customer:
    if session.scalar(select(Customer.id).where(Customer.code == values["code"])):
        raise CodeTaken(code=values["code"])
    customer = Customer(**values, since=clock.today())
    session.add(customer)
    session.flush()  # terms, addresses and whom it belongs to carry its id
    told = {name: [None, value] for name, value in values.items() if value not in ("", None, [])}
    journal.record(customer, "customer:registered", by, code=customer.code, changes=told)
    return customer


def _group_code(group_id: int | None) -> str | None:
    return session.scalar(select(CustomerGroup.code).where(CustomerGroup.id == group_id))


def _tags(typed: Iterable[str]) -> list[str]:
    plain = [unicodedata.normalize("NFKC", tag).strip() for tag in typed]
    tags = list(dict.fromkeys(tag for tag in plain if tag))
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        raise TooManyTags(most=MOST_TAGS, longest=LONGEST_TAG)
    return tags
