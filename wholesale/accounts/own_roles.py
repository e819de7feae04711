"""Roles of our own making: a name and the permissions ticked in a table."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from wholesale.accounts import sessions
from wholesale.accounts.managing import MoreThanYours, NotYourself, rights_of
from wholesale.accounts.models import Role, User, UserState
from wholesale.accounts.permissions import (
    OF_BUYERS,
    STAFF_ROLES,
    Permission,
    granted_to_role,
    is_of_the_house,
)
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_


class RoleOfTheHouse(DomainError):
    """The roles that come with the house stay as they are."""

    message = N_("The roles that come with the house can't be changed. Make one of your own.")


class RoleInUse(Conflict):
    """Somebody still has this role."""

    message = N_("%(count)s people have this role. Give them another first.")


class NameTaken(Conflict):
    """Two roles of one name can't be told apart."""

    message = N_("There is a role of this name already.")


class EmptyRole(DomainError):
    """A role without any permission opens nothing."""

    message = N_("Tick at least one permission.")


def roles() -> Sequence[Role]:
    """All roles: those of the house in their order, then our own by name."""
    order = {code: place for place, (code, _, _) in enumerate(STAFF_ROLES)}
    found = session.scalars(select(Role).order_by(Role.name, Role.id)).all()
    return sorted(found, key=lambda role: order.get(role.code, len(order)))


def holders() -> dict[str, int]:
    """{role: how many people have it who may sign in, or are invited}. One statement."""
    rows = session.execute(
        select(User.role, func.count())
        .where(User.role != "", User.state != UserState.DISABLED)
        .group_by(User.role)
    )
    return {role: int(count) for role, count in rows}


def make(name: str, permissions: Collection[Permission], by: Actor) -> Role:
    """A role of our own. Raises NameTaken, EmptyRole, MoreThanYours."""
    granted = _granted(permissions, by)
    _look_at_name(name)
    role = Role(code=f"own-{secrets.token_hex(4)}", name=name.strip(), permissions=sorted(granted))
    session.add(role)
    journal.record(role, "role:made", by, name=role.name, new=role.permissions)
    return role


def change(role: Role, name: str, permissions: Collection[Permission], by: Actor) -> None:
    """Another name, other permissions; whoever has the role signs in again.

    Raises RoleOfTheHouse, NotYourself, NameTaken, EmptyRole, MoreThanYours.
    """
    _may_change(role, by)
    granted = _granted(permissions, by)
    _look_at_name(name, role)
    before = list(role.permissions)
    journal.record(
        role, "role:changed", by, name=name.strip(),
        old=[role.name, *before], new=[name.strip(), *sorted(granted)],
    )  # fmt: skip
    role.name, role.permissions = name.strip(), sorted(granted)
    if before != role.permissions:
        for user_id in session.scalars(select(User.id).where(User.role == role.code)).all():
            sessions.end_all_sessions(user_id)


def drop(role: Role, by: Actor) -> None:
    """A role nobody has any more. Raises RoleOfTheHouse, RoleInUse, NotYourself, MoreThanYours."""
    _may_change(role, by)
    count = session.scalar(select(func.count()).where(User.role == role.code))
    if count:
        raise RoleInUse(count=count)
    journal.record(role, "role:dropped", by, name=role.name, old=role.permissions)
    session.delete(role)


def _may_change(role: Role, by: Actor) -> None:
    if is_of_the_house(role.code):
        raise RoleOfTheHouse
    if by.id is not None and role.code == session.scalar(select(User.role).where(User.id == by.id)):
        raise NotYourself
    if not rights_of(by) >= granted_to_role(role.code):
        raise MoreThanYours


def _granted(permissions: Collection[Permission], by: Actor) -> frozenset[Permission]:
    granted = frozenset(permissions) - OF_BUYERS
    if not granted:
        raise EmptyRole
    if not rights_of(by) >= granted:
        raise MoreThanYours
    return granted


def _look_at_name(name: str, role: Role | None = None) -> None:
    same = session.scalars(
        select(Role.id).where(func.lower(Role.name) == name.strip().lower())
    ).all()
    if set(same) - {role.id if role else None}:
        raise NameTaken
