"""Roles: those of the house, and our own made of rights ticked in a table."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext

from wholesale.accounts import own_roles
from wholesale.accounts.models import Role
from wholesale.accounts.permissions import Permission, granted_to_role, is_of_the_house
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.firm import people_lookups as lookups
from wholesale.backoffice.firm import people_words
from wholesale.backoffice.forms.people import RoleForm
from wholesale.kernel.errors import DomainError
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs, proven

PAGE = "backoffice/roles/show.html"


@office.get("/settings/roles")
@needs(Permission.PEOPLE_EDIT)
def roles() -> Answer:
    """All roles side by side: what each may do, and how many have it."""
    found = own_roles.roles()
    granted = {role.code: granted_to_role(role.code) for role in found}
    return answer(
        "backoffice/roles/index.html",
        roles=found,
        granted=granted,
        rows=people_words.rights_table(frozenset()),
        holders=own_roles.holders(),
        role_name=people_words.role_name,
    )


@office.get("/settings/roles/new")
@needs(Permission.PEOPLE_EDIT)
@proven()
def new_role() -> Answer:
    """An empty table of rights."""
    return answer(PAGE, refusal="", **_shown(None, RoleForm()))


@office.post("/settings/roles")
@needs(Permission.PEOPLE_EDIT)
@proven()
def make_role() -> Answer:
    """A role of our own."""
    form = RoleForm()
    if not form.validate():
        return refused(PAGE, **_shown(None, form))
    try:
        own_roles.make(form.name.data, form.granted, the_visitor().actor)
    except DomainError as error:
        return refused(PAGE, error=error, **_shown(None, form))
    return moved(url_for(".roles"), said=gettext("The role is made"))


@office.get("/settings/roles/<code>")
@needs(Permission.PEOPLE_EDIT)
@proven()
def role(code: str) -> Answer:
    """One role: its name and its table of rights."""
    found = lookups.role(code)
    form = RoleForm(
        name=people_words.role_name(found),
        permissions=[one.value for one in granted_to_role(code)],
    )
    return answer(PAGE, refusal="", **_shown(found, form))


@office.post("/settings/roles/<code>")
@needs(Permission.PEOPLE_EDIT)
@proven()
def change_role(code: str) -> Answer:
    """Another name, other rights; whoever has the role signs in again."""
    found, form = lookups.role(code), RoleForm()
    if not form.validate():
        return refused(PAGE, **_shown(found, form))
    try:
        own_roles.change(found, form.name.data, form.granted, the_visitor().actor)
    except DomainError as error:
        return refused(PAGE, error=error, **_shown(found, form))
    return moved(url_for(".roles"), said=gettext("Saved"))


@office.post("/settings/roles/<code>/removal")
@needs(Permission.PEOPLE_EDIT)
@proven()
def drop_role(code: str) -> Answer:
    """A role nobody has any more."""
    found = lookups.role(code)
    form = RoleForm(name=found.name, permissions=found.permissions)
    try:
        own_roles.drop(found, the_visitor().actor)
    except DomainError as error:
        return refused(PAGE, error=error, **_shown(found, form))
    return moved(url_for(".roles"), said=gettext("The role is removed"))


def _shown(found: Role | None, form: RoleForm) -> dict[str, Any]:
    ticked = frozenset(
        Permission(one) for one in form.permissions.data or () if one in set(Permission)
    )
    return {
        "role": found,
        "form": form,
        "rows": people_words.rights_table(ticked),
        "is_fixed": found is not None and is_of_the_house(found.code),
        "count": own_roles.holders().get(found.code, 0) if found else 0,
    }
