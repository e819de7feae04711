"""Passkeys at the door: signing in with one, and giving one as the second proof."""

from __future__ import annotations

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from wholesale.accounts import passkeys, sessions, signing_in
from wholesale.accounts.passkeys import Site
from wholesale.company.queries import company
from wholesale.kernel import config
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import localized
from wholesale.web import door
from wholesale.web.answers import refused
from wholesale.web.gate import public
from wholesale.web.signing_in import CodeForm, SignInForm, bp, come_in, first_page


def this_site() -> Site:
    """The site keys are made for: the address of the settings, on one's own machine the request's.

    Browsers make no keys for a bare number: there it must be called localhost.
    """
    settings = config.current()
    origin = settings.url if settings.is_production else request.host_url.rstrip("/")
    return Site(origin, localized(company().name, "en"))


def question(told: str) -> ResponseReturnValue:
    """What a browser is asked to sign, as JSON."""
    return Response(told, content_type="application/json")


@bp.post("/login/passkey/question")
@public()
def passkey_question() -> ResponseReturnValue:
    """A fresh question for the browser of somebody who is not signed in."""
    holder = door.current_door().secret
    entry = sessions.waiting(holder)
    return question(passkeys.to_sign(this_site(), holder, entry.user if entry else None))


@bp.post("/login/passkey")
@public()
def sign_in_by_passkey() -> ResponseReturnValue:
    """A passkey is both proofs at once: the device has looked who holds it."""
    if door.visitor() is not None:
        raise NotFound
    holder, mark = door.current_door().secret, door.device_mark()
    entry = sessions.waiting(holder)
    there = request.form.get("next", "")
    try:
        user = passkeys.signed_by(request.form.get("answer", ""), this_site(), holder)
        if entry is not None and entry.user_id != user.id:
            raise passkeys.PasskeyRefused
        if entry is not None:
            return come_in(entry, signing_in.admit(entry, mark=mark), there)
        secret = signing_in.begin_proven(
            user, address=door.remote_address(), agent=request.user_agent.string, mark=mark
        )
    except DomainError as error:
        if entry is not None:
            return refused(
                "signing/second.html", form=CodeForm(next=there), entry=entry, error=error
            )
        return refused("signing/login.html", form=SignInForm(next=there), error=error)
    door.begin(secret, remember=False)
    return redirect(first_page(user, there), 303)
