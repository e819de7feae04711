"""A signed-in test client that carries the session's token, as a browser's form would."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.test import Client, TestResponse

from wholesale.accounts import sessions
from wholesale.accounts.models import User
from wholesale.kernel import db
from wholesale.kernel.access import Principal
from wholesale.kernel.db import session
from wholesale.web import csrf

PART = {"HX-Request": "true"}


class Browser(Client):
    """A client of one person. `part` and `post_part` ask as htmx does."""

    def __init__(self, app: Flask, secret: str = "") -> None:
        super().__init__(app)
        self.secret = secret
        if secret:
            self.set_cookie("sid", secret)

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """Any request. What the test prepared is committed first: a request has its own unit."""
        session.commit()
        return super().open(*args, **options)

    def part(self, url: str, **options: Any) -> TestResponse:
        """GET as htmx."""
        return super().get(url, headers=PART, **options)

    def post(self, url: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """POST with the session's token, as the page's own form does."""
        fields = {"csrf_token": csrf.token_for(self.secret), **(data or {})}
        return super().post(url, data=fields, **options)

    def post_part(self, url: str, data: dict[str, Any] | None = None) -> TestResponse:
        """POST as htmx."""
        return self.post(url, data, headers=PART)


def browser_of(app: Flask, user: User | None) -> Browser:
    """Somebody's browser, signed in; None: a stranger's."""
    if user is None:
        return Browser(app)
    secret = sessions.open_session(user, address="127.0.0.1")
    session.flush()  # the door looks the session up by its cookie
    db.acts_as(Principal.system("test"))
    return Browser(app, secret)
