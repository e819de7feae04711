"""The door: who is behind a request, by a server-side session and one cookie."""

from __future__ import annotations

import logging
import secrets
from typing import Any, cast

from flask import Flask, Request, Response, g, request
from flask import session as flask_session
from flask.sessions import SessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin
from sqlalchemy.exc import DBAPIError

from wholesale.accounts import devices, sessions, visiting
from wholesale.accounts.visiting import Visitor
from wholesale.kernel import config
from wholesale.kernel.access import Principal
from wholesale.kernel.db import unit_of_work
from wholesale.kernel.engines import Busy

log = logging.getLogger("wholesale")
BRIEFLY = 1.0  # seconds
DOOR = Principal.system("door")
NOBODY = Principal.system("visitor")
DEVICE_DAYS = 400


class DoorSession(dict[str, Any], SessionMixin):
    """What the door knows of one request. Nothing of it travels in the cookie but a random value."""

    visitor: Visitor | None = None
    secret: str = ""
    is_new: bool = False
    days: int = 0
    ended: bool = False
    trouble: DBAPIError | None = None
    mark: str = ""


class SignedIn(UserMixin):
    """The visitor as Flask-Login wants to see it."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.id = visitor.user_id


class Door(SessionInterface):
    """Reads the visitor in a short unit of its own; writes "last seen" in another, afterwards."""

    def open_session(self, app: Flask, request: Request) -> DoorSession:
        """Find out who comes."""
        door = DoorSession()
        if request.path.startswith("/static/"):
            return door
        door.secret = request.cookies.get(cookie_name(), "")
        if door.secret and not door.secret.startswith("-"):
            try:
                with unit_of_work(DOOR, read_only=True):
                    door.visitor = visiting.visitor_of(door.secret)
            except DBAPIError as trouble:
                door.trouble = trouble
            if door.visitor is not None:
                door.update(door.visitor.kept)
        if not door.secret:
            door.secret, door.is_new = "-" + secrets.token_urlsafe(32), True
        return door

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Give or take the cookie; note that the session was used."""
        door = cast("DoorSession", session)
        if request.path.startswith("/static/"):
            return
        response.headers.add("Vary", "Cookie")
        if door.ended:
            response.delete_cookie(cookie_name(), path="/")
        elif door.is_new:
            response.set_cookie(
                cookie_name(),
                door.secret,
                max_age=door.days * 86400 or None,
                secure=config.current().is_production,
                httponly=True,
                samesite="Lax",
                path="/",
            )
        if door.mark:
            response.set_cookie(
                device_cookie(), door.mark, max_age=DEVICE_DAYS * 86400, httponly=True,
                secure=config.current().is_production, samesite="Lax", path="/",
            )  # fmt: skip
        if door.visitor is not None and not door.ended:
            _note(door, door.visitor)


def _note(door: DoorSession, someone: Visitor) -> None:
    """What the session itself writes down: that it was used, and what it carries to the next page.

    A page is shown all the same when this can't be written just now.
    """
    carries = dict(door)
    if not someone.is_seen_late and carries == someone.kept:
        return
    try:
        with unit_of_work(DOOR, patience=BRIEFLY):
            if someone.is_seen_late:
                sessions.note_seen(someone.sign_in_id)
            if carries != someone.kept:
                sessions.keep(someone.sign_in_id, carries)
    except (DBAPIError, Busy) as trouble:
        log.warning("a visit was not noted: %s", trouble)


def cookie_name() -> str:
    """`__Host-sid` where it can be Secure, plain `sid` on a loopback address."""
    return "__Host-sid" if config.current().is_production else "sid"


def device_cookie() -> str:
    """The name of the cookie by which a browser is known again."""
    return "__Host-device" if config.current().is_production else "device"


def current_door() -> DoorSession:
    """The session object of this request."""
    return cast("DoorSession", flask_session._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - the proxy's own way


def look() -> None:
    """Go no further when nobody could be asked who comes. Raises the database's own error."""
    trouble = current_door().trouble
    if trouble is not None:
        raise trouble


def visitor() -> Visitor | None:
    """Who is signed in, or None."""
    return current_door().visitor


def the_visitor() -> Visitor:
    """Who is signed in; the gate has looked already."""
    found = visitor()
    assert found is not None  # noqa: S101 - the gate lets nobody else in
    return found


def principal_of_request() -> Principal:
    """Whose rows this request may see."""
    someone = visitor()
    return NOBODY if someone is None else someone.principal


def begin(secret: str, *, remember: bool) -> None:
    """From the next request on the visitor is known; a new cookie value at every sign-in."""
    door = current_door()
    door.secret, door.is_new, door.days = secret, True, 30 if remember else 0


def device_mark() -> str:
    """The value this browser is known by; a fresh one for a browser that has none.

    It is handed out with the answer, so that the next sign-in finds it.
    """
    door = current_door()
    door.mark = door.mark or request.cookies.get(device_cookie(), "")[:100] or devices.new_mark()
    return door.mark


def renew(secret: str) -> None:
    """The same session goes on under a new cookie value."""
    door = current_door()
    remembered = door.visitor is not None and door.visitor.is_remembered
    begin(secret, remember=remembered)


def end() -> None:
    """Take the cookie back."""
    current_door().ended = True


def hang(app: Flask) -> None:
    """Put the door into an application."""
    app.session_interface = Door()
    manager = LoginManager(app)
    manager.session_protection = None

    @manager.request_loader
    def load(_request: Request) -> SignedIn | None:
        someone = visitor()
        return None if someone is None else SignedIn(someone)


def remote_address() -> str:
    """Where the request comes from."""
    return request.remote_addr or ""


def once_per_request(name: str, make: Any) -> Any:
    """A value computed at the first use and kept for the rest of the request."""
    if not hasattr(g, name):
        setattr(g, name, make())
    return getattr(g, name)
