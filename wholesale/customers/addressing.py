"""Addresses of a customer: added, changed, left off, and which one is meant where none is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from wholesale.company.changing import CodeTaken, apply, check_version
from wholesale.customers.models import Address, AddressKind, Customer
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_


class DefaultOutOfUse(DomainError):
    """What is meant where nothing is named must be in use."""

    message = N_("The usual address must be in use. Make another one the usual address first.")


def save_address(
    customer: Customer, address: Address | None, values: Mapping[str, Any], version: int, by: Actor
) -> Address:
    """Add an address, or change one; code and kind never change.

    The first of a kind is the usual one; making another one so takes it from the one before.
    Raises CodeTaken, Conflict, DefaultOutOfUse.
    """
    wanted = dict(values)
    if address is not None:
        check_version(address, version)
        wanted = {name: value for name, value in wanted.items() if name not in {"code", "kind"}}
        if address.is_default:
            wanted["is_default"] = True  # it is taken away by giving it to another one
    kind = address.kind if address else values["kind"]
    wanted["is_default"] = wanted["is_default"] or (
        wanted["is_active"] and default_address(customer.id, kind) is None
    )
    if wanted["is_default"] and not wanted["is_active"]:
        raise DefaultOutOfUse
    saved = _change(address, wanted, by) if address else _add(customer, wanted, by)
    if wanted["is_default"]:
        _only_default(saved)
    return saved


def free_code(customer: Customer) -> str:
    """A code no address of the customer has: its own code and the next figure."""
    taken = set(session.scalars(select(Address.code).where(Address.customer_id == customer.id)))
    figure = len(taken) + 1
    while f"{customer.code}-{figure}" in taken:
        figure += 1
    return f"{customer.code}-{figure}"


def default_address(customer_id: int, kind: AddressKind) -> Address | None:
    """The usual address of a kind."""
    return session.scalar(
        select(Address)
        .where(
            Address.customer_id == customer_id, Address.kind == kind, Address.is_active,
            Address.is_default,
        )
        .limit(1)
    )  # fmt: skip


def _add(customer: Customer, values: Mapping[str, Any], by: Actor) -> Address:
    taken = select(Address.id).where(
        Address.customer_id == customer.id, Address.code == values["code"]
    )
    if session.scalar(taken):
        raise CodeTaken(code=values["code"])
    address = Address(customer_id=customer.id, **values)
    session.add(address)
    session.flush()  # the others are told from it by its id
    told = {name: [None, value] for name, value in values.items() if value not in ("", None)}
    journal.record(address, "address:added", by, code=address.code, changes=told)
    return address


def _change(address: Address, values: Mapping[str, Any], by: Actor) -> Address:
    changes = apply(address, values)
    if changes:
        journal.record(address, "address:changed", by, code=address.code, changes=changes)
    return address


def _only_default(address: Address) -> None:
    session.flush()  # the statement below is not the unit's own
    session.execute(
        update(Address)
        .where(
            Address.customer_id == address.customer_id, Address.kind == address.kind,
            Address.id != address.id, Address.is_default,
        )
        .values(is_default=False, version=Address.version + 1)
    )  # fmt: skip
