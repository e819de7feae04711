"""For whom a catalog is: naming customers and price groups, inviting, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from wholesale.catalog.models import Audience, Catalog, CatalogAudience
from wholesale.catalog.presenting import touch
from wholesale.catalog.selecting import in_codes
from wholesale.company.changing import check_version
from wholesale.customers.models import Customer, CustomerGroup
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_


class NoSuchCustomers(DomainError):
    """Codes that no customer has."""

    message = N_("There is no customer with the code %(codes)s.")


class OnlyCustomersInvited(DomainError):
    """A price group can't be invited."""

    message = N_("Customers are invited one by one, price groups are not.")


class NobodyNamed(DomainError):
    """The form was sent empty."""

    message = N_("Name at least one customer or price group.")


@dataclass(frozen=True, slots=True)
class Admitted:
    """One line of whom a catalog is for: a customer, or a price group."""

    id: int
    customer: Customer | None
    group: CustomerGroup | None


def admitted(catalog: Catalog) -> list[Admitted]:
    """Whom a catalog names: price groups first, then customers by code. Three statements at most."""
    rows = session.scalars(
        select(CatalogAudience).where(CatalogAudience.catalog_id == catalog.id)
    ).all()
    ids = {row.customer_id for row in rows if row.customer_id}
    customers = {
        one.id: one for one in session.scalars(select(Customer).where(Customer.id.in_(ids)))
    }
    groups = {one.id: one for one in session.scalars(select(CustomerGroup))}
    found = [
        Admitted(row.id, customers.get(row.customer_id or 0), groups.get(row.group_id or 0))
        for row in rows
    ]
    return sorted(
        (one for one in found if one.customer or one.group),
        key=lambda one: (one.group is None, one.customer.code if one.customer else ""),
    )


def admit(catalog: Catalog, codes: str, groups: list[int], version: int, by: Actor) -> int:
    """Name customers by their codes, and price groups; how many are new.

    Raises Conflict, NobodyNamed, NoSuchCustomers, OnlyCustomersInvited.
    """
    check_version(catalog, version)
    wanted = in_codes(codes)
    if not wanted and not groups:
        raise NobodyNamed
    if groups and catalog.audience is Audience.INVITED:
        raise OnlyCustomersInvited
    customers = _customers(wanted)
    known = {
        (row.customer_id, row.group_id)
        for row in session.scalars(
            select(CatalogAudience).where(CatalogAudience.catalog_id == catalog.id)
        )
    }
    names = {row.id: row.code for row in session.execute(_GROUPS)}
    fresh: list[tuple[int | None, int | None]] = [(one.id, None) for one in customers]
    fresh += [(None, group) for group in dict.fromkeys(groups) if group in names]
    fresh = [one for one in fresh if one not in known]
    for customer_id, group_id in fresh:
        session.add(
            CatalogAudience(catalog_id=catalog.id, customer_id=customer_id, group_id=group_id)
        )
    if fresh:
        of = {one.id: one.code for one in customers}
        told = [of.get(customer or 0) or names[group or 0] for customer, group in fresh]
        _tell(catalog, "catalog:admitted", by, [None, told])
    return len(fresh)


_GROUPS = select(CustomerGroup.id, CustomerGroup.code)


def _customers(codes: list[str]) -> list[Customer]:
    upper = [code.upper() for code in codes]
    found = {
        one.code.upper(): one
        for one in session.scalars(select(Customer).where(func.upper(Customer.code).in_(upper)))
    }
    unknown = [code for code in codes if code.upper() not in found]
    if unknown:
        raise NoSuchCustomers(codes=", ".join(unknown[:10]))
    return [found[code] for code in dict.fromkeys(upper)]


def dismiss(catalog: Catalog, row_id: int, version: int, by: Actor) -> None:
    """Take a customer or price group off. One that is off already stays so. Raises Conflict."""
    check_version(catalog, version)
    for one in admitted(catalog):
        if one.id == row_id:
            named = one.customer or one.group
            session.delete(session.get_one(CatalogAudience, row_id))
            _tell(catalog, "catalog:dismissed", by, [[named.code] if named else None, None])


def _tell(catalog: Catalog, did: str, by: Actor, audience: list[object]) -> None:
    touch(catalog)
    session.flush()  # whom it names is read by queries
    journal.record(catalog, did, by, code=catalog.code, changes={"named": audience})
