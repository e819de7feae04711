"""The rules of signing in: which roles need a second proof, how long sessions last."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext

from wholesale.accounts import own_roles, rules
from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.forms.people import SecurityForm
from wholesale.kernel.errors import DomainError
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.forms import QuantityField
from wholesale.web.gate import needs, proven

PAGE = "backoffice/security/show.html"


@office.get("/settings/security")
@needs(Permission.SETTINGS_EDIT)
@proven()
def security() -> Answer:
    """The rules in force."""
    stated = rules.in_force()
    form = SecurityForm(
        own_roles.roles(),
        factor_roles=sorted(rules.factor_roles(stated.factor_roles)),
        staff_idle=stated.staff_idle,
        staff_at_most=stated.staff_at_most,
        buyer_at_most=stated.buyer_at_most,
    )
    return answer(PAGE, refusal="", **_shown(form))


@office.post("/settings/security")
@needs(Permission.SETTINGS_EDIT)
@proven()
def change_security() -> Answer:
    """State other rules; they hold from the next request, times from the next sign-in."""
    form = SecurityForm(own_roles.roles())
    if not form.validate():
        return refused(PAGE, **_shown(form))
    try:
        rules.set_rules(
            factor_roles=form.factor_roles.data or (),
            staff_idle=_whole(form.staff_idle),
            staff_at_most=_whole(form.staff_at_most),
            buyer_at_most=_whole(form.buyer_at_most),
            by=the_visitor().actor,
        )
    except DomainError as error:
        return refused(PAGE, error=error, **_shown(form))
    return moved(url_for(".security"), said=gettext("Saved"))


def _whole(field: QuantityField) -> int | None:
    return None if field.data is None else int(field.data)


def _shown(form: SecurityForm) -> dict[str, Any]:
    return {
        "form": form,
        "idle": int(rules.STAFF_IDLE.total_seconds() // 60),
        "staff": int(rules.STAFF_AT_MOST.total_seconds() // 60),
        "buyers": int(rules.BUYER_AT_MOST.total_seconds() // 60),
    }
