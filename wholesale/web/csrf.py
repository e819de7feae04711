"""Forged requests: a token bound to the session's cookie, and one-time tokens for forms."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from flask import request

from wholesale.kernel import config
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_
from wholesale.web.door import current_door, visitor


class ForgedForm(DomainError):
    """The form was not made for this session, or the session is over."""

    status = 400
    message = N_("This form is too old or was made for another session. Load the page again.")


class OtherCustomer(Conflict):
    """The form was made while the buyer acted for another customer."""

    message = N_("You now act for %(customer)s. This page was for another customer; load it again.")


def token() -> str:
    """What every form of this session carries."""
    return token_for(current_door().secret)


def token_for(secret: str) -> str:
    """The token of the session behind a cookie value."""
    key = config.current().secret.encode()
    return hmac.new(key, b"csrf:" + secret.encode(), hashlib.sha256).hexdigest()


def form_token() -> str:
    """A fresh one-time token for one form."""
    return secrets.token_urlsafe(16)


def check() -> None:
    """Refuse an unsafe request without the session's token. Raises ForgedForm, OtherCustomer."""
    someone = visitor()
    meant = request.headers.get("X-Acting-For") or request.form.get("acting_for", "")
    if someone is not None and meant and meant != str(someone.customer_id or ""):
        raise OtherCustomer(customer=someone.customer_name or someone.name)
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not hmac.compare_digest(given, token()):
        raise ForgedForm
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise ForgedForm
