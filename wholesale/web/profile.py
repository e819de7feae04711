"""One's own page, for our people and for buyers: name, password, second proofs, sessions."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import Length

from wholesale.accounts import passkeys, resetting, second_factors, sessions
from wholesale.accounts.models import User
from wholesale.kernel import journal
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.web import door
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.forms import HouseForm, Required
from wholesale.web.gate import proven, signed_in
from wholesale.web.lookups import found
from wholesale.web.passkeys import question, this_site

bp = Blueprint("profile", __name__, url_prefix="/profile")
PAGE = "profile/show.html"


class NameForm(HouseForm):
    """How the person is called, and whether single keys act."""

    name = StringField(_l("Name"), [Required(), Length(max=80)])
    single_keys = BooleanField(_l("Single keys act (G then O opens the orders)"))


class PasswordForm(HouseForm):
    """The old password and the new one."""

    old = PasswordField(_l("Present password"), [Required(), Length(max=200)])
    password = PasswordField(_l("New password"), [Required(), Length(max=200)])


class AppForm(HouseForm):
    """The secret that was shown, and a code that proves it arrived."""

    secret = HiddenField("", [Required(), Length(max=64)])
    code = StringField(_l("Code shown by the app"), [Required(), Length(max=12)])


class KeyForm(HouseForm):
    """A key the browser has made, and what to call it."""

    called = StringField(_l("Name of the passkey"), [Length(max=60)])
    answer = HiddenField("")


@bp.get("")
@signed_in()
def show() -> Answer:
    """Everything about oneself on one page."""
    return answer(PAGE, refusal="", **_page())


@bp.post("/name")
@signed_in()
def rename() -> Answer:
    """Another name; single keys on or off."""
    form = NameForm()
    if not form.validate():
        return refused(PAGE, **_page(name_form=form))
    user = _self()
    user.single_keys = bool(form.single_keys.data)
    name = form.name.data.strip()
    if user.name != name:
        journal.record(user, "user:renamed", door.the_visitor().actor, old=user.name, new=name)
        user.name = name
    return moved(url_for(".show"), said=gettext("Saved"))


@bp.post("/password")
@signed_in()
def change_password() -> Answer:
    """Another password; all other sessions end."""
    form = PasswordForm()
    if not form.validate():
        return refused(PAGE, **_page(password_form=form))
    try:
        resetting.change_password(
            _self(), form.old.data, form.password.data, here=door.the_visitor().sign_in_id
        )
    except DomainError as error:
        return refused(PAGE, error=error, **_page(password_form=form))
    return moved(url_for(".show"), said=gettext("Your password is changed"))


@bp.get("/app")
@signed_in()
@proven()
def app() -> Answer:
    """A fresh secret for an authenticator app, as a square code and as text."""
    return answer("profile/app.html", refusal="", **_secret(AppForm(), second_factors.new_secret()))


@bp.post("/app")
@signed_in()
@proven()
def set_up_app() -> ResponseReturnValue:
    """Ask for the app's codes from now on; the recovery codes are shown this once."""
    form = AppForm()
    if not second_factors.is_secret(form.secret.data or ""):
        return refused("profile/app.html", **_secret(form, second_factors.new_secret()))
    if not form.validate():
        return refused("profile/app.html", **_secret(form, form.secret.data))
    someone = door.the_visitor()
    try:
        codes = second_factors.set_up(
            _self(), form.secret.data, form.code.data, someone.actor, here=someone.sign_in_id
        )
    except DomainError as error:
        return refused("profile/app.html", error=error, **_secret(form, form.secret.data))
    return _codes(codes)


@bp.post("/app/removal")
@signed_in()
@proven()
def remove_app() -> Answer:
    """No codes of an app any more."""
    someone = door.the_visitor()
    second_factors.remove_app(_self(), someone.actor, here=someone.sign_in_id)
    return moved(url_for(".show"), said=gettext("The app is removed"))


@bp.post("/codes")
@signed_in()
@proven()
def new_codes() -> ResponseReturnValue:
    """Ten fresh recovery codes; the earlier ones are void."""
    user = _self()
    if not second_factors.is_set_up(user):
        raise NotFound
    return _codes(second_factors.renew_codes(user, door.the_visitor().actor))


@bp.post("/passkeys/question")
@signed_in()
@proven()
def key_question() -> ResponseReturnValue:
    """What the browser needs to make a key, as JSON."""
    return question(passkeys.to_make(_self(), this_site(), door.current_door().secret))


@bp.post("/passkeys")
@signed_in()
@proven()
def keep_key() -> Answer:
    """Keep the key the browser has made."""
    form = KeyForm()
    if not form.validate():
        return refused(PAGE, **_page(key_form=form))
    someone = door.the_visitor()
    try:
        passkeys.keep(
            _self(), form.called.data or "", form.answer.data or "", this_site(),
            door.current_door().secret, someone.actor, here=someone.sign_in_id,
        )  # fmt: skip
    except DomainError as error:
        return refused(PAGE, error=error, **_page(key_form=form))
    return moved(url_for(".show"), said=gettext("The passkey is kept"))


@bp.post("/passkeys/<int:number>/removal")
@signed_in()
@proven()
def remove_key(number: int) -> Answer:
    """Forget a key."""
    someone = door.the_visitor()
    if not passkeys.remove(_self(), number, someone.actor, here=someone.sign_in_id):
        raise NotFound
    return moved(url_for(".show"), said=gettext("The passkey is removed"))


@bp.post("/sessions/<int:number>/end")
@signed_in()
def end_session(number: int) -> Answer:
    """End one of one's own sessions."""
    someone = door.the_visitor()
    if not sessions.end_session(_self(), number, someone.actor):
        raise NotFound
    if number == someone.sign_in_id:
        door.end()
        return moved(url_for("signing.form"))
    return moved(url_for(".show"), said=gettext("The session is ended"))


@bp.post("/sessions/end")
@signed_in()
def end_others() -> Answer:
    """End all sessions but this one."""
    someone = door.the_visitor()
    sessions.end_others(_self(), someone.actor, but=someone.sign_in_id)
    return moved(url_for(".show"), said=gettext("You are signed out everywhere else"))


def _self() -> User:
    return found(session.get(User, door.the_visitor().user_id))


def _page(**forms: HouseForm) -> dict[str, Any]:
    """What the page shows; a form that was refused comes back as it was typed."""
    user, someone = _self(), door.the_visitor()
    return {
        "user": user,
        "name_form": NameForm(name=user.name, single_keys=user.single_keys),
        "password_form": PasswordForm(),
        "key_form": KeyForm(),
        "keys": passkeys.own(user),
        "codes_left": second_factors.codes_left(user),
        "sign_ins": sessions.open_sessions(user.id),
        "history": sessions.history(user.id),
        "here": someone.sign_in_id,
        **forms,
    }


def _secret(form: AppForm, secret: str) -> dict[str, Any]:
    address = second_factors.address_for_apps(_self(), secret, this_site().name)
    picture = segno.make(address, micro=False).svg_data_uri(scale=5, border=4, light="#fff")
    return {"form": form, "secret": secret, "picture": picture}


def _codes(codes: Any) -> Response:
    """Shown once: the answer is kept by nobody, neither by us nor by the browser."""
    return Response(render_template("profile/codes.html", codes=codes))
