"""Our own people: the list, one person with its rights, limits and sessions, and inviting."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from wholesale.accounts import managing, own_roles, second_factors, sessions
from wholesale.accounts.models import User
from wholesale.accounts.permissions import Permission
from wholesale.backoffice import histories
from wholesale.backoffice.acting import Desk
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.firm import people_lookups as lookups
from wholesale.backoffice.firm import people_words
from wholesale.backoffice.forms.people import InvitePersonForm, PersonForm
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs, proven

PAGE, PART = "backoffice/people/show.html", "backoffice/people/_person.html"
# The page as it stands, whatever a form has just sent.
EMPTY: MultiDict[str, str] = MultiDict()
TOLD = ("old", "new", "factor", "reason")


class UnknownCustomers(DomainError):
    """Codes were typed that no customer has."""

    message = N_("There is no customer %(codes)s.")


@office.get("/settings/people")
@needs(Permission.PEOPLE_EDIT)
def settings_people() -> Answer:
    """Who of us may come in, in which role, and when each last did."""
    found = lookups.colleagues()
    return answer(
        "backoffice/people/index.html",
        people=found,
        roles={role.code: people_words.role_name(role) for role in own_roles.roles()},
        proofs=second_factors.with_proof([one.id for one in found]),
        last=sessions.last_sign_ins([one.id for one in found]),
        state_chip=people_words.state_chip,
    )


@office.get("/settings/people/new")
@needs(Permission.PEOPLE_EDIT)
@proven()
def new_person() -> Answer:
    """The form for an invitation."""
    return answer(
        "backoffice/people/new.html", form=InvitePersonForm(own_roles.roles()), refusal=""
    )


@office.post("/settings/people")
@needs(Permission.PEOPLE_EDIT)
@proven()
def invite_person() -> Answer:
    """Invite a person: the letter carries a link that works once."""
    form = InvitePersonForm(own_roles.roles())
    if not form.validate():
        return refused("backoffice/people/new.html", form=form)
    try:
        user = managing.invite(
            form.email.data, form.name.data, form.role.data, the_visitor().actor,
            locale=form.locale.data,
        )  # fmt: skip
    except DomainError as error:
        return refused("backoffice/people/new.html", form=form, error=error)
    return moved(
        url_for(".person", number=user.id),
        said=gettext("%(email)s has been invited", email=user.email),
    )


@office.get("/settings/people/<int:number>")
@needs(Permission.PEOPLE_EDIT)
@proven()
def person(number: int) -> Answer:
    """One person: role, limits, whom it looks after, sessions, history."""
    return answer(PAGE, PART, refusal="", **_shown(lookups.colleague(number)))


@office.post("/settings/people/<int:number>/rights")
@needs(Permission.PEOPLE_EDIT)
@proven()
def change_rights(number: int) -> Answer:
    """Another role, other limits, other customers to look after."""
    form = PersonForm(own_roles.roles(), lookups.brands())
    user = lookups.colleague(number)
    desk = _desk(number, form)
    if not form.validate():
        return refused(PAGE, PART, **_shown(user, form))
    return desk.act(lambda user: _change(user, form), gettext("Saved"))


@office.post("/settings/people/<int:number>/state")
@needs(Permission.PEOPLE_EDIT)
@proven()
def disable_person(number: int) -> Answer:
    """Shut a person out: sessions and links end at once."""
    by = the_visitor().actor
    return _desk(number).act(lambda user: managing.disable(user, by), gettext("Shut out"))


@office.post("/settings/people/<int:number>/return")
@needs(Permission.PEOPLE_EDIT)
@proven()
def enable_person(number: int) -> Answer:
    """Let a person in again."""
    by = the_visitor().actor
    return _desk(number).act(lambda user: managing.enable(user, by), gettext("Let in again"))


@office.post("/settings/people/<int:number>/invitation")
@needs(Permission.PEOPLE_EDIT)
@proven()
def invite_person_again(number: int) -> Answer:
    """Send a fresh invitation; the link of the earlier one is void."""
    by = the_visitor().actor
    return _desk(number).act(
        lambda user: managing.invite_again(user, by), gettext("The invitation is sent again")
    )


@office.post("/settings/people/<int:number>/proofs")
@needs(Permission.PEOPLE_EDIT)
@proven()
def remove_proofs(number: int) -> Answer:
    """Take the second proofs from somebody who lost them."""
    by = the_visitor().actor
    return _desk(number).act(
        lambda user: managing.remove_proofs(user, by), gettext("The second proof is removed")
    )


@office.post("/settings/people/<int:number>/sessions")
@needs(Permission.PEOPLE_EDIT)
@proven()
def end_sessions(number: int) -> Answer:
    """Sign a person out everywhere."""
    by, here = the_visitor().actor, the_visitor().sign_in_id
    return _desk(number).act(
        lambda user: sessions.end_others(user, by, but=here), gettext("Signed out everywhere")
    )


@office.post("/settings/people/<int:number>/sessions/<int:session>")
@needs(Permission.PEOPLE_EDIT)
@proven()
def end_one_session(number: int, session: int) -> Answer:
    """End one session of a person."""
    by = the_visitor().actor
    if not sessions.end_session(lookups.colleague(number), session, by):
        raise NotFound
    return _desk(number).act(lambda _: None, gettext("The session is ended"))


def _change(user: User, form: PersonForm) -> None:
    by = the_visitor().actor
    known = lookups.customers_by_codes(form.codes)
    if unknown := [code for code in form.codes if code not in known]:
        raise UnknownCustomers(codes=", ".join(unknown[:5]))
    managing.assign(user, list(known.values()), by)
    managing.change(
        user, by, role=form.role.data, brand_ids=form.brands.data or (),
        own_customers_only=bool(form.own_customers_only.data),
    )  # fmt: skip


def _desk(number: int, form: PersonForm | None = None) -> Desk[User]:
    return Desk(
        find=lambda: lookups.colleague(number),
        page=PAGE,
        part=PART,
        values=_shown,
        url=url_for(".person", number=number),
        typed=lambda user: _shown(user, form),
    )


def _shown(user: User, form: PersonForm | None = None) -> dict[str, Any]:
    roles, by = own_roles.roles(), the_visitor().actor
    return {
        "person": user,
        "form": form
        or PersonForm(
            roles,
            lookups.brands(),
            formdata=EMPTY,
            role=user.role,
            brands=user.brand_ids,
            own_customers_only=user.own_customers_only,
            customers="\n".join(lookups.codes_of(managing.assigned(user))),
        ),
        "chip_of": people_words.state_chip(user),
        "is_yourself": user.id == by.id,
        "may_manage": managing.may_manage(user, by),
        "has_factor": second_factors.is_set_up(user),
        "sign_ins": sessions.open_sessions(user.id),
        "history": sessions.history(user.id),
        "here": the_visitor().sign_in_id,
        "events": histories.of(user, TOLD),
    }
