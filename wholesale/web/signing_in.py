"""Coming in and going out: the password, the second proof, the invitation, the customer acted for."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from wtforms import BooleanField, EmailField, PasswordField, StringField
from wtforms.validators import Length

from wholesale.accounts import colleagues, inviting, sessions, signing_in, throttling
from wholesale.accounts.models import SignIn, User, UserKind
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


class CodeForm(HouseForm):
    """The second proof."""

    code = StringField(_l("Code"), [Required(), Length(max=40)])
    trust = BooleanField(_l("Don't ask for a code on this device for 30 days"))
    next = StringField()


class ProofForm(HouseForm):
    """The password once more."""

    password = PasswordField(_l("Password"), [Required(), Length(max=200)])
    next = StringField()


class NewPasswordForm(HouseForm):
    """A first password, or a new one."""

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
        opened = signing_in.sign_in(
            form.email.data,
            form.password.data,
            address=address,
            agent=request.user_agent.string,
            remember=bool(form.remember.data),
            mark=door.device_mark(),
        )
    except signing_in.WrongPassword as error:
        with db.unit_of_work(door.DOOR):
            signing_in.note_failure(form.email.data, address)
        return refused("signing/login.html", form=form, error=error)
    except DomainError as error:
        return refused("signing/login.html", form=form, error=error)
    door.begin(opened.secret, remember=bool(form.remember.data))
    if opened.awaits_factor:
        return redirect(url_for(".second", next=inside(form.next.data) or None), 303)
    return redirect(first_page(opened.user, form.next.data), 303)


@bp.get("/login/verify")
@public()
def second() -> ResponseReturnValue:
    """Ask for the second proof."""
    entry = sessions.waiting(door.current_door().secret)
    if entry is None:
        return redirect(url_for(".form"), 303)
    return render_template(
        "signing/second.html", form=CodeForm(next=request.args.get("next", "")), refusal="",
        entry=entry,
    )  # fmt: skip


@bp.post("/login/verify")
@public()
def verify() -> ResponseReturnValue:
    """Take the second proof; the session opens under a new cookie value."""
    entry = sessions.waiting(door.current_door().secret)
    if entry is None:
        return redirect(url_for(".form"), 303)
    form = CodeForm()
    if not form.validate():
        return refused("signing/second.html", form=form, entry=entry)
    try:
        secret = signing_in.verify(
            entry, form.code.data, mark=door.device_mark(), trust=bool(form.trust.data)
        )
    except signing_in.WrongCode as error:
        with db.unit_of_work(door.DOOR):
            signing_in.note_wrong_code(entry.user_id, entry.address)
        return refused("signing/second.html", form=form, entry=entry, error=error)
    except DomainError as error:
        return refused("signing/second.html", form=form, entry=entry, error=error)
    return come_in(entry, secret, form.next.data)


def come_in(entry: SignIn, secret: str, there: str | None) -> ResponseReturnValue:
    """The second proof was given: hand out the session's new value and go on."""
    door.begin(secret, remember=entry.remembered)
    return redirect(first_page(entry.user, there), 303)


@bp.post("/logout")
@public()
def sign_out() -> ResponseReturnValue:
    """End this session, the browser's copies of pages with it."""
    someone = door.visitor()
    if someone is not None:
        sessions.sign_out(someone.sign_in_id)
    door.end()
    return redirect(url_for(".form"), 303)


@bp.get("/proof")
@signed_in()
def proof() -> ResponseReturnValue:
    """Ask for the password again before something that protects everybody is changed."""
    return render_template(
        "signing/proof.html", form=ProofForm(next=request.args.get("next", "")), refusal=""
    )


@bp.post("/proof")
@signed_in()
def prove() -> ResponseReturnValue:
    """Take the proof; the session goes on under a new cookie value for 15 minutes of such work."""
    form = ProofForm()
    if not form.validate():
        return refused("signing/proof.html", form=form)
    someone = door.the_visitor()
    entry = own_sign_in()
    try:
        throttling.slow_down(someone.email, door.remote_address(), is_known=True)
        secret = sessions.prove(entry, form.password.data)
    except sessions.NotProven as error:
        with db.unit_of_work(door.DOOR):
            signing_in.note_failure(someone.email, door.remote_address())
        return refused("signing/proof.html", form=form, error=error)
    except DomainError as error:
        return refused("signing/proof.html", form=form, error=error)
    door.renew(secret)
    return redirect(inside(form.next.data) or _home(someone.kind), 303)


@bp.get("/invite/<word>")
@public()
def invitation(word: str) -> ResponseReturnValue:
    """What an invited person sees first: who invites, for whom, in which role."""
    return render_template(
        "signing/invite.html", form=NewPasswordForm(), invited=inviting.invited(word), refusal=""
    )


@bp.post("/invite/<word>")
@public()
def accept(word: str) -> ResponseReturnValue:
    """Take the invitation up. Who sets a first password comes in; who has one signs in with it."""
    form = NewPasswordForm()
    invited = inviting.invited(word)
    if invited.needs_password and not form.validate():
        return refused("signing/invite.html", form=form, invited=invited)
    try:
        user = inviting.accept(word, form.password.data or "")
    except DomainError as error:
        return refused("signing/invite.html", form=form, invited=invited, error=error)
    if not invited.needs_password:
        return redirect(url_for(".choose" if door.visitor() else ".form"), 303)
    session.flush()  # the session looks for the customer that was just joined
    door.begin(
        signing_in.begin_proven(
            user, address=door.remote_address(), agent=request.user_agent.string,
            mark=door.device_mark(),
        ),
        remember=False,
    )  # fmt: skip
    return redirect(_home(user.kind), 303)


@bp.get("/acting-for")
@signed_in()
def choose() -> ResponseReturnValue:
    """For whom the person acts, where there is a choice."""
    someone = door.the_visitor()
    if someone.kind is not UserKind.BUYER:
        raise NotFound
    return render_template(
        "signing/acting_for.html", customers=colleagues.customers_of(someone.user_id),
        next=request.args.get("next", ""),
    )  # fmt: skip


@bp.post("/acting-for")
@signed_in()
def act_for() -> ResponseReturnValue:
    """Switch to another customer the buyer is a member of, under a new cookie value."""
    someone = door.the_visitor()
    wanted = request.form.get("customer", type=int)
    if wanted not in {one.id for one in colleagues.customers_of(someone.user_id)}:
        raise NotFound
    entry = own_sign_in()
    if entry.customer_id != wanted:
        door.renew(sessions.act_for(entry, wanted))
    return redirect(inside(request.form.get("next")) or url_for("portal.home"), 303)


def own_sign_in() -> SignIn:
    """The session this request came in."""
    return session.scalars(select(SignIn).where(SignIn.id == door.the_visitor().sign_in_id)).one()


def inside(there: str | None) -> str:
    """Only a path on this site; "" for anything else."""
    there = there or ""
    plain = not any(sign < " " for sign in there)
    return there if plain and there.startswith("/") and there[1:2] not in {"/", "\\"} else ""


def first_page(user: User, there: str | None) -> str:
    """Where a person goes first: to the choice of a customer where there is one."""
    if user.kind is UserKind.BUYER and len(colleagues.customers_of(user.id)) > 1:
        return url_for(".choose", next=inside(there) or None)
    return inside(there) or _home(user.kind)


def _home(kind: UserKind) -> str:
    return url_for("office.today" if kind is UserKind.STAFF else "portal.home")
