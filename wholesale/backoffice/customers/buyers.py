"""The buyers of a customer, as our people see them: invited, given a role and limits, let go."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from wholesale.accounts import colleagues, second_factors, sessions
from wholesale.accounts.models import Membership
from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.firm import people_lookups
from wholesale.backoffice.money import money_lookups
from wholesale.customers.models import Customer
from wholesale.customers.queries import ship_tos
from wholesale.kernel.errors import DomainError
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs
from wholesale.web.members import InviteMemberForm, MemberForm, currency_of

PAGE, BUYER = "backoffice/buyers/index.html", "backoffice/buyers/show.html"


def section(customer: Customer, form: InviteMemberForm | None = None) -> dict[str, Any]:
    """What the section "Buyers" of a customer's page needs."""
    people = colleagues.members(customer.id)
    return {
        "people": people,
        "currency": currency_of(customer),
        "invite_form": form or InviteMemberForm(ship_tos(customer.id), MultiDict()),
        "last_sign_ins": sessions.last_sign_ins(
            [one.user_id for one in people], customer_id=customer.id
        ),
    }


@office.get("/customers/<code>/people")
@needs(Permission.CUSTOMERS_READ)
def buyers(code: str) -> Answer:
    """Who buys for a customer."""
    found = money_lookups.customer(code)
    return answer(PAGE, customer=found, refusal="", **section(found))


@office.post("/customers/<code>/people")
@needs(Permission.CUSTOMERS_EDIT)
def invite(code: str) -> Answer:
    """Invite a person of the customer: the letter carries a link that works once."""
    found = money_lookups.customer(code)
    form = InviteMemberForm(ship_tos(found.id))
    if not form.validate():
        return refused(PAGE, customer=found, **section(found, form))
    try:
        member = colleagues.invite(
            found, form.email.data, form.name.data, form.standing, the_visitor().actor
        )
    except DomainError as error:
        return refused(PAGE, error=error, customer=found, **section(found, form))
    return moved(
        url_for(".buyers", code=code),
        said=gettext("%(email)s has been invited", email=member.user.email),
    )


@office.get("/customers/<code>/people/<int:number>")
@needs(Permission.CUSTOMERS_READ)
def buyer(code: str, number: int) -> Answer:
    """One buyer: role, limits, whether it may still come in."""
    member = _member(code, number)
    return answer(BUYER, refusal="", **_shown(member))


@office.post("/customers/<code>/people/<int:number>")
@needs(Permission.CUSTOMERS_EDIT)
def change_buyer(code: str, number: int) -> Answer:
    """Another role, other limits; the buyer's sessions for this customer end."""
    member = _member(code, number)
    form = MemberForm(ship_tos(member.customer_id))
    if not form.validate():
        return refused(BUYER, **_shown(member, form))
    try:
        colleagues.change(member, form.standing, the_visitor().actor)
    except DomainError as error:
        return refused(BUYER, error=error, **_shown(member, form))
    return moved(url_for(".buyers", code=code), said=gettext("Saved"))


@office.post("/customers/<code>/people/<int:number>/invitation")
@needs(Permission.CUSTOMERS_EDIT)
def invite_buyer_again(code: str, number: int) -> Answer:
    """Send the invitation once more; the link of the earlier one is void."""
    member = _member(code, number)
    try:
        colleagues.invite_again(member, the_visitor().actor)
    except DomainError as error:
        return refused(BUYER, error=error, **_shown(member))
    return moved(url_for(".buyers", code=code), said=gettext("The invitation is sent again"))


@office.post("/customers/<code>/people/<int:number>/proofs")
@needs(Permission.CUSTOMERS_EDIT)
def remove_buyers_proofs(code: str, number: int) -> Answer:
    """Take the second proofs from a buyer who lost them; the buyer is told by letter."""
    member = _member(code, number)
    second_factors.remove_all(member.user, the_visitor().actor)
    return moved(
        url_for(".buyer", code=code, number=number), said=gettext("The second proof is removed")
    )


@office.post("/customers/<code>/people/<int:number>/sessions")
@needs(Permission.CUSTOMERS_EDIT)
def end_buyers_sessions(code: str, number: int) -> Answer:
    """Sign a buyer out everywhere."""
    member = _member(code, number)
    sessions.end_others(member.user, the_visitor().actor)
    return moved(url_for(".buyer", code=code, number=number), said=gettext("Signed out everywhere"))


@office.post("/customers/<code>/people/<int:number>/removal")
@needs(Permission.CUSTOMERS_EDIT)
def remove_buyer(code: str, number: int) -> Answer:
    """The person acts for this customer no more."""
    member = _member(code, number)
    colleagues.remove(member, the_visitor().actor)
    return moved(url_for(".buyers", code=code), said=gettext("Removed"))


def _member(code: str, number: int) -> Membership:
    return people_lookups.buyer(money_lookups.customer(code), number)


def _shown(member: Membership, form: MemberForm | None = None) -> dict[str, Any]:
    return {
        "member": member,
        "customer": member.customer,
        "form": form or MemberForm.of(member, ship_tos(member.customer_id)),
        "sign_ins": sessions.open_sessions(member.user_id),
        "history": sessions.history(member.user_id),
        "has_factor": second_factors.is_set_up(member.user),
    }
