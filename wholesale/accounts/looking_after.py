"""Who of our people looks after a customer, told from the customer's side."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select

from wholesale.accounts.models import Assignment, User, UserKind, UserState
from wholesale.customers.models import Customer
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session


def reps_of(customer_id: int) -> Sequence[User]:
    """Who looks after a customer, by name."""
    return session.scalars(
        select(User)
        .join(Assignment, Assignment.user_id == User.id)
        .where(Assignment.customer_id == customer_id)
        .order_by(User.name, User.id)
    ).all()


def possible_reps() -> Sequence[User]:
    """Our people who may sign in, by name."""
    return session.scalars(
        select(User)
        .where(User.kind == UserKind.STAFF, User.state != UserState.DISABLED)
        .order_by(User.name, User.id)
    ).all()


def state_reps(customer: Customer, user_ids: Collection[int], by: Actor) -> None:
    """State who looks after a customer.

    Somebody who is kept to its own customers stays with those it has: it could shut itself out.
    """
    now = {user.id: user for user in reps_of(customer.id)}
    possible = {user.id: user for user in possible_reps()}
    kept = {one for one in now if one not in possible}
    if by.id in possible and possible[by.id].own_customers_only:
        kept.add(by.id)
    wanted = (set(user_ids) & set(possible)) | kept
    if wanted == set(now):
        return
    session.execute(
        delete(Assignment).where(
            Assignment.customer_id == customer.id, Assignment.user_id.in_(set(now) - wanted)
        )
    )
    session.add_all(
        Assignment(user_id=user, customer_id=customer.id) for user in sorted(wanted - set(now))
    )
    names = {**{one: user.name for one, user in possible.items()},
             **{one: user.name for one, user in now.items()}}  # fmt: skip
    changes = {"reps": [_joined(names, set(now)), _joined(names, wanted)]}
    journal.record(customer, "customer:changed", by, code=customer.code, changes=changes)


def _joined(names: dict[int, str], ids: set[int]) -> str:
    return ", ".join(sorted(names[one] for one in ids))
