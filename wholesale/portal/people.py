"""The people of the customer, for its administrators: invited, given a role and limits, let go."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from wholesale.accounts import colleagues, sessions
from wholesale.accounts.models import Membership
from wholesale.accounts.permissions import Permission
from wholesale.customers.queries import ship_tos
from wholesale.kernel.errors import DomainError
from wholesale.portal import lookups
from wholesale.portal.blueprints import portal
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs
from wholesale.web.members import InviteMemberForm, MemberForm, currency_of

PAGE, PERSON = "portal/people/index.html", "portal/people/show.html"


@portal.get("/account/people")
@needs(Permission.BUYERS_EDIT)
def people() -> Answer:
    """Who acts for the customer, in which role, and when each last did."""
    return answer(PAGE, refusal="", **_shown())


@portal.post("/account/people")
@needs(Permission.BUYERS_EDIT)
def invite() -> Answer:
    """Invite a colleague: the letter carries a link that works once."""
    customer = lookups.own_customer()
    form = InviteMemberForm(ship_tos(customer.id))
    if not form.validate():
        return refused(PAGE, **_shown(form))
    try:
        colleagues.invite(
            customer, form.email.data, form.name.data, form.standing, the_visitor().actor
        )
    except DomainError as error:
        return refused(PAGE, error=error, **_shown(form))
    return moved(
        url_for(".people"), said=gettext("%(email)s has been invited", email=form.email.data)
    )


@portal.get("/account/people/<int:number>")
@needs(Permission.BUYERS_EDIT)
def person(number: int) -> Answer:
    """One colleague: role and limits."""
    return answer(PERSON, refusal="", **_one(lookups.colleague(number)))


@portal.post("/account/people/<int:number>")
@needs(Permission.BUYERS_EDIT)
def change(number: int) -> Answer:
    """Another role, other limits; the colleague signs in again."""
    member = lookups.colleague(number)
    form = MemberForm(ship_tos(member.customer_id))
    if not form.validate():
        return refused(PERSON, **_one(member, form))
    try:
        colleagues.change(member, form.standing, the_visitor().actor)
    except DomainError as error:
        return refused(PERSON, error=error, **_one(member, form))
    return moved(url_for(".people"), said=gettext("Saved"))


@portal.post("/account/people/<int:number>/invitation")
@needs(Permission.BUYERS_EDIT)
def invite_again(number: int) -> Answer:
    """Send the invitation once more; the link of the earlier one is void."""
    member = lookups.colleague(number)
    try:
        colleagues.invite_again(member, the_visitor().actor)
    except DomainError as error:
        return refused(PERSON, error=error, **_one(member))
    return moved(url_for(".people"), said=gettext("The invitation is sent again"))


@portal.post("/account/people/<int:number>/sessions")
@needs(Permission.BUYERS_EDIT)
def end_sessions(number: int) -> Answer:
    """Sign a colleague out wherever it acts for the customer."""
    member = lookups.colleague(number)
    colleagues.end_sessions(member, the_visitor().actor)
    return moved(url_for(".people"), said=gettext("Signed out everywhere"))


@portal.post("/account/people/<int:number>/removal")
@needs(Permission.BUYERS_EDIT)
def remove(number: int) -> Answer:
    """The colleague acts for this customer no more."""
    member = lookups.colleague(number)
    try:
        colleagues.remove(member, the_visitor().actor)
    except DomainError as error:
        return refused(PERSON, error=error, **_one(member))
    return moved(url_for(".people"), said=gettext("Removed"))


def _shown(form: InviteMemberForm | None = None) -> dict[str, Any]:
    customer = lookups.own_customer()
    found = colleagues.members(customer.id)
    return {
        "customer": customer,
        "people": found,
        "currency": currency_of(customer),
        "form": form or InviteMemberForm(ship_tos(customer.id), MultiDict()),
        "last": sessions.last_sign_ins([one.user_id for one in found], customer_id=customer.id),
    }


def _one(member: Membership, form: MemberForm | None = None) -> dict[str, Any]:
    return {
        "member": member,
        "form": form or MemberForm.of(member, ship_tos(member.customer_id)),
        "is_yourself": member.user_id == the_visitor().user_id,
    }
