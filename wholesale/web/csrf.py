"""Forged requests: a token bound to the session's cookie, and one-time tokens for forms."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from flask import request

from wholesale.kernel import config
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.web.door import current_door


class ForgedForm(DomainError):
    """The form was not made for this session, or the session is over."""

    status = 400
    message = N_("This form is too old or was made for another session. Load the page again.")


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
    """Refuse an unsafe request without the session's token. Raises ForgedForm."""
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not hmac.compare_digest(given, token()):
        raise ForgedForm
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise ForgedForm
