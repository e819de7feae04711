"""From an id or code in a URL to a colleague, a role, a buyer's membership; and what forms offer."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from wholesale.accounts.models import Membership, Role, User, UserKind
from wholesale.catalog.models import Brand
from wholesale.customers.models import Customer
from wholesale.kernel.db import session
from wholesale.web.lookups import found


def colleague(number: int) -> User:
    """One of our people. Raises NotFound."""
    return found(session.scalar(select(User).where(User.id == number, User.kind == UserKind.STAFF)))


def colleagues() -> Sequence[User]:
    """All our people by name; who may not sign in any more comes last."""
    return session.scalars(
        select(User)
        .where(User.kind == UserKind.STAFF)
        .order_by((User.state == "disabled"), User.name, User.id)
    ).all()


def role(code: str) -> Role:
    """The role with this code. Raises NotFound."""
    return found(session.scalar(select(Role).where(Role.code == code)))


def buyer(customer: Customer, number: int) -> Membership:
    """A buyer of this customer, by the number of the membership. Raises NotFound."""
    return found(
        session.scalar(
            select(Membership)
            .where(Membership.id == number, Membership.customer_id == customer.id)
            .options(joinedload(Membership.user), joinedload(Membership.customer))
        )
    )


def brands() -> Sequence[Brand]:
    """All brands by code."""
    return session.scalars(select(Brand).order_by(Brand.code)).all()


def customers_by_codes(codes: Sequence[str]) -> dict[str, int]:
    """{code: customer} of those that exist."""
    rows = session.execute(select(Customer.code, Customer.id).where(Customer.code.in_(codes)))
    return {row.code: row.id for row in rows}


def codes_of(customer_ids: Sequence[int]) -> Sequence[str]:
    """The codes of these customers, in order."""
    return session.scalars(
        select(Customer.code).where(Customer.id.in_(customer_ids)).order_by(Customer.code)
    ).all()
