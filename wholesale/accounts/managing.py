"""Our own people: their role, their limits, and whether they may sign in at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, select

from wholesale.accounts import inviting, second_factors, sessions
from wholesale.accounts.models import Assignment, Role, User, UserKind, UserState
from wholesale.accounts.permissions import Permission, granted_to_role
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_

OWNER = "owner"


class NotYourself(DomainError):
    """Somebody would change its own role or limits, or shut itself out."""

    message = N_("Nobody changes their own role or limits. Ask a colleague who may.")


class LastOwner(Conflict):
    """Without an owner nobody could let anybody in."""

    message = N_("%(name)s is the last owner. Make somebody else an owner first.")


class MoreThanYours(DomainError):
    """Somebody would hand out, or take from a colleague, rights it has not got itself."""

    message = N_("You can't give or take rights that you don't have yourself.")


class UnknownRole(DomainError):
    """There is no such role."""

    message = N_("There is no such role any more. Load the page again.")


def invite(email: str, name: str, role: str, by: Actor, *, locale: str = "ja") -> User:
    """Invite a person of ours. Raises BadAddress, EmailTaken, UnknownRole, MoreThanYours."""
    _look_at_role(role)
    _must_have(by, granted_to_role(role))
    return inviting.invite_staff(email, name, role, by, locale=locale)


def change(
    user: User,
    by: Actor,
    *,
    role: str,
    brand_ids: Collection[int] = (),
    own_customers_only: bool = False,
) -> None:
    """Give a person another role or other limits; all its sessions end when anything changed.

    Raises NotYourself, LastOwner, UnknownRole, MoreThanYours.
    """
    before = _told(user)
    after = {"role": role, "brands": sorted(brand_ids), "own": own_customers_only}
    if after == before:
        return
    _look_at_role(role)
    _may_manage(user, by, granted_to_role(role))
    if role != OWNER:
        _someone_else_owns(user)
    user.role, user.brand_ids, user.own_customers_only = role, sorted(brand_ids), own_customers_only
    changed = [name for name in after if after[name] != before[name]]
    journal.record(
        user, "user:changed", by,
        old={name: before[name] for name in changed}, new={name: after[name] for name in changed},
    )  # fmt: skip
    sessions.end_all_sessions(user.id)


def assign(user: User, customer_ids: Collection[int], by: Actor) -> None:
    """State whom a person looks after. Raises NotYourself for somebody kept to its own customers."""
    before = set(assigned(user))
    wanted = set(customer_ids)
    if wanted == before:
        return
    if by.id == user.id and user.own_customers_only:
        raise NotYourself
    session.execute(
        delete(Assignment).where(
            Assignment.user_id == user.id, Assignment.customer_id.in_(before - wanted)
        )
    )
    session.add_all(
        Assignment(user_id=user.id, customer_id=customer) for customer in sorted(wanted - before)
    )
    journal.record(user, "user:assigned", by, old=sorted(before), new=sorted(wanted))


def assigned(user: User) -> Sequence[int]:
    """The customers a person looks after."""
    return session.scalars(
        select(Assignment.customer_id)
        .where(Assignment.user_id == user.id)
        .order_by(Assignment.customer_id)
    ).all()


def disable(user: User, by: Actor) -> None:
    """The person may not sign in any more; sessions and links end at once.

    Raises NotYourself, LastOwner, MoreThanYours.
    """
    if user.state is UserState.DISABLED:
        return
    if user.kind is UserKind.STAFF:
        _may_manage(user, by)
        _someone_else_owns(user)
    user.state = UserState.DISABLED
    journal.record(user, "user:disabled", by)
    sessions.end_all_sessions(user.id)
    inviting.void_links(user)


def enable(user: User, by: Actor) -> None:
    """The person may sign in again; one that never had a password is invited again.

    Raises NotYourself, MoreThanYours.
    """
    if user.state is not UserState.DISABLED:
        return
    if user.kind is UserKind.STAFF:
        _may_manage(user, by)
    user.state = UserState.ACTIVE if user.password_hash else UserState.INVITED
    journal.record(user, "user:enabled", by)
    if user.state is UserState.INVITED and user.kind is UserKind.STAFF:
        inviting.send_link(user, by)


def invite_again(user: User, by: Actor) -> None:
    """Send a fresh invitation to somebody who has not come yet. Raises NotWaiting."""
    if user.state is not UserState.INVITED:
        raise NotWaiting(name=user.name)
    inviting.send_link(user, by)


def remove_proofs(user: User, by: Actor) -> None:
    """Take the second proofs from a colleague who lost them. Raises NotYourself, MoreThanYours."""
    _may_manage(user, by)
    second_factors.remove_all(user, by)


def may_manage(user: User, by: Actor) -> bool:
    """Whether `by` may change this colleague at all."""
    return by.id != user.id and rights_of(by) >= granted_to_role(user.role)


def rights_of(by: Actor) -> frozenset[Permission]:
    """What a person may hand on: what it has itself; the program may everything."""
    if by.id is None:
        return frozenset(Permission)
    return granted_to_role(session.scalar(select(User.role).where(User.id == by.id)) or "")


class NotWaiting(Conflict):
    """An invitation for somebody who has come in already, or may not."""

    message = N_("%(name)s has an account already and needs no invitation.")


def _may_manage(user: User, by: Actor, granted: frozenset[Permission] = frozenset()) -> None:
    if by.id is not None and by.id == user.id:
        raise NotYourself
    _must_have(by, granted | granted_to_role(user.role))


def _must_have(by: Actor, granted: frozenset[Permission]) -> None:
    if not rights_of(by) >= granted:
        raise MoreThanYours


def _someone_else_owns(user: User) -> None:
    """Lock the owners, so that two can't take the right from each other at once."""
    if user.role != OWNER or user.state is not UserState.ACTIVE:
        return
    owners = session.scalars(
        select(User.id)
        .where(User.role == OWNER, User.kind == UserKind.STAFF, User.state == UserState.ACTIVE)
        .order_by(User.id)
        .with_for_update()
    ).all()
    if set(owners) <= {user.id}:
        raise LastOwner(name=user.name)


def _look_at_role(code: str) -> None:
    if session.scalar(select(Role.id).where(Role.code == code)) is None:
        raise UnknownRole


def _told(user: User) -> dict[str, Any]:
    return {"role": user.role, "brands": sorted(user.brand_ids), "own": user.own_customers_only}
