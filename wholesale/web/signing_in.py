"""The sign-in page, signing out, accepting an invitation, and switching the customer acted for."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from wtforms import BooleanField, EmailField, PasswordField, StringField
from wtforms.validators import Length

from wholesale.accounts import inviting, signing_in
from wholesale.accounts.models import Membership, UserKind
from wholesale.kernel import db
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.web import door
from wholesale.web.answers import refused
from wholesale.web.forms import HouseForm, Required
from wholesale.web.gate import public, signed_in

bp = Blueprint("signing", __name__)


class SignInForm(HouseForm):
    """Who, and the proof."""

    email = EmailField(_l("E-mail"), [Required(), Length(max=254)])
    password = PasswordField(_l("Password"), [Required(), Length(max=200)])
    remember = BooleanField(_l("Keep me signed in on this device for 30 days"))
    next = StringField()


class NewPasswordForm(HouseForm):
    """A first password."""

    password = PasswordField(_l("New password"), [Required(), Length(max=200)])


@bp.get("/login")
@public()
def form() -> ResponseReturnValue:
    """The sign-in page."""
    someone = door.visitor()
    if someone is not None:
        return redirect(_home(someone.kind), 303)
    return render_template(
        "signing/login.html", form=SignInForm(next=request.args.get("next", "")), refusal=""
    )


@bp.post("/login")
@public()
def sign_in() -> ResponseReturnValue:
    """Open a session, under a new cookie value."""
    form = SignInForm()
    if not form.validate():
        return refused("signing/login.html", form=form)
    address = door.remote_address()
    try:
        secret, user = signing_in.sign_in(
            form.email.data,
            form.password.data,
            address=address,
            agent=request.user_agent.string,
            remember=bool(form.remember.data),
        )
    except signing_in.WrongPassword as error:
        with db.unit_of_work(door.DOOR):
            signing_in.note_failure(form.email.data, address)
        return refused("signing/login.html", form=form, error=error)
    except DomainError as error:
        return refused("signing/login.html", form=form, error=error)
    door.begin(secret, remember=bool(form.remember.data))
    return redirect(_next(form.next.data) or _home(user.kind), 303)


@bp.post("/logout")
@public()
def sign_out() -> ResponseReturnValue:
    """End this session."""
    someone = door.visitor()
    if someone is not None:
        signing_in.sign_out(someone.sign_in_id)
    door.end()
    return redirect(url_for(".form"), 303)


@bp.get("/invite/<word>")
@public()
def invitation(word: str) -> ResponseReturnValue:
    """What an invited person sees first."""
    return render_template(
        "signing/invite.html", form=NewPasswordForm(), user=inviting.invited(word), refusal=""
    )


@bp.post("/invite/<word>")
@public()
def accept(word: str) -> ResponseReturnValue:
    """Set the first password and come in."""
    form = NewPasswordForm()
    user = inviting.invited(word)
    if not form.validate():
        return refused("signing/invite.html", form=form, user=user)
    try:
        user = inviting.accept(word, form.password.data)
    except DomainError as error:
        return refused("signing/invite.html", form=form, user=user, error=error)
    door.begin(signing_in.open_session(user, address=door.remote_address()), remember=False)
    return redirect(_home(user.kind), 303)


@bp.post("/acting-for")
@signed_in()
def act_for() -> ResponseReturnValue:
    """Switch to another customer the buyer is a member of."""
    someone = door.the_visitor()
    with db.everybodys_rows():
        found = session.scalar(
            select(Membership.customer_id).where(
                Membership.user_id == someone.user_id,
                Membership.customer_id == request.form.get("customer", type=int),
            )
        )
    if found is None:
        raise NotFound
    signing_in.act_for(someone.sign_in_id, found)
    return redirect("/", 303)


def _home(kind: UserKind) -> str:
    return url_for("office.today" if kind is UserKind.STAFF else "portal.home")


def _next(there: str | None) -> str:
    """Only a path on this site."""
    there = there or ""
    return there if there.startswith("/") and not there.startswith(("//", "/\\")) else ""
