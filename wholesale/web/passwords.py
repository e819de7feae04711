"""A forgotten password: the wish, the answer that is the same for everybody, and the new one."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import EmailField
from wtforms.validators import Length

from wholesale.accounts import resetting
from wholesale.kernel.errors import DomainError
from wholesale.web import door
from wholesale.web.answers import moved, refused
from wholesale.web.forms import HouseForm, Required
from wholesale.web.gate import public
from wholesale.web.signing_in import NewPasswordForm, bp


class ForgottenForm(HouseForm):
    """Whose password is forgotten."""

    email = EmailField(_l("E-mail"), [Required(), Length(max=254)])


@bp.get("/password/reset")
@public()
def forgotten() -> ResponseReturnValue:
    """Ask whose password is forgotten."""
    return render_template("signing/forgotten.html", form=ForgottenForm(), refusal="")


@bp.post("/password/reset")
@public()
def ask_reset() -> ResponseReturnValue:
    """Take the wish; the answer is the same whoever is meant, and looks nobody up."""
    form = ForgottenForm()
    if not form.validate():
        return refused("signing/forgotten.html", form=form)
    try:
        resetting.ask(form.email.data, address=door.remote_address())
    except DomainError as error:
        return refused("signing/forgotten.html", form=form, error=error)
    return moved(url_for(".reset_asked"))


@bp.get("/password/reset/sent")
@public()
def reset_asked() -> ResponseReturnValue:
    """What happens next, whoever was meant."""
    return render_template("signing/reset_asked.html")


@bp.get("/password/reset/<word>")
@public()
def new_password(word: str) -> ResponseReturnValue:
    """Ask for the new password."""
    resetting.whose(word)
    return render_template(
        "signing/new_password.html", form=NewPasswordForm(), word=word, refusal=""
    )


@bp.post("/password/reset/<word>")
@public()
def set_new_password(word: str) -> ResponseReturnValue:
    """Set it. Nobody is signed in by a link: the sign-in page asks for all it asks for."""
    form = NewPasswordForm()
    resetting.whose(word)
    if not form.validate():
        return refused("signing/new_password.html", form=form, word=word)
    try:
        resetting.reset(word, form.password.data)
    except DomainError as error:
        return refused("signing/new_password.html", form=form, word=word, error=error)
    door.end()
    return moved(url_for(".form", said="password"))
