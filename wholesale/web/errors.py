"""One place where refusals and troubles become pages in the reader's language."""

from __future__ import annotations

import errno
import logging
import uuid
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import (
    Forbidden,
    HTTPException,
    NotFound,
    RequestEntityTooLarge,
    Unauthorized,
)

from wholesale.accounts.models import UserKind
from wholesale.kernel import engines
from wholesale.kernel.db import unit_of_work
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.web.door import principal_of_request, visitor
from wholesale.web.filters import NOTHING, is_veiled, name
from wholesale.web.gate import FactorNeeded, ProofNeeded

log = logging.getLogger("wholesale")
# What refusals call their sums; a buyer without sight of prices is not told them.
SUMS = frozenset({"amount", "limit", "minimum", "missing", "price", "sum"})
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}


def words(error: DomainError) -> str:
    """What a refusal says, in the reader's language."""
    text = gettext(error.message)
    values = {
        key: name(dict(value)) if isinstance(value, Mapping) else value
        for key, value in error.values.items()
    }
    if is_veiled():
        values |= dict.fromkeys(values.keys() & SUMS, NOTHING)
    return text % values if values else text


def handle_errors(app: Flask) -> None:
    """Hang the handlers into an application."""
    app.register_error_handler(DomainError, _refusal)
    app.register_error_handler(StaleDataError, lambda _: _refusal(Conflict()))
    app.register_error_handler(IntegrityError, _broken_rule)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(engines.Busy, _busy)
    app.register_error_handler(OSError, _machine)
    app.register_error_handler(Unauthorized, _to_sign_in)
    app.register_error_handler(ProofNeeded, lambda _: _first("signing.proof", _page_of_request()))
    app.register_error_handler(FactorNeeded, lambda _: _first("profile.show", ""))
    app.register_error_handler(Forbidden, lambda _: _page("errors/403.html", 403))
    app.register_error_handler(NotFound, lambda _: _page("errors/404.html", 404))
    app.register_error_handler(RequestEntityTooLarge, lambda _: _page("errors/413.html", 413))
    app.register_error_handler(500, _crash)


def _refusal(error: Exception) -> ResponseReturnValue:
    assert isinstance(error, DomainError)  # noqa: S101 - registered for nothing else
    with unit_of_work(principal_of_request(), read_only=True):
        if request.headers.get("HX-Request"):
            body = render_template("errors/_refused.html", message=words(error))
            return body, error.status, {"HX-Retarget": "#flash", "HX-Reswap": "outerHTML"}
        return render_template("errors/refused.html", message=words(error)), error.status


def _broken_rule(error: Exception) -> ResponseReturnValue:
    """A constraint said no where no verb did: somebody was faster."""
    log.warning("constraint: %s", str(getattr(error, "orig", error))[:300])
    return _refusal(Conflict())


def _database(error: Exception) -> ResponseReturnValue:
    assert isinstance(error, DBAPIError)  # noqa: S101 - registered for nothing else
    if engines.has_no_room(error):
        return _full(error)
    return _busy(error) if engines.is_worth_another_try(error) else _crash(error)


def _busy(error: Exception) -> ResponseReturnValue:
    """Others write for longer than a person waits."""
    log.warning("busy at %s %s: %s", request.method, request.path, error)
    g.house = None  # a database in trouble is not asked for our name
    return render_template("errors/503.html"), 503, {"Retry-After": "3"}


def _machine(error: Exception) -> ResponseReturnValue:
    assert isinstance(error, OSError)  # noqa: S101 - registered for nothing else
    return _full(error) if error.errno in NO_ROOM else _crash(error)


def _full(error: Exception) -> ResponseReturnValue:
    """Nothing can be put down: an operator has to make room."""
    log.critical("no room at %s %s: %s", request.method, request.path, error)
    g.house = None  # a database in trouble is not asked for our name
    return render_template("errors/507.html"), 507


def _to_sign_in(_error: Exception) -> ResponseReturnValue:
    there = url_for("signing.form", next=request.full_path.rstrip("?"))
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": url_for("signing.form")}
    if request.method != "GET":
        return redirect(url_for("signing.form"), 303)
    return redirect(there, 303)


def _first(endpoint: str, there: str) -> ResponseReturnValue:
    """Something must be done before: go there, and from there back to `there`."""
    url = url_for(endpoint, next=there or None)
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": url}
    return redirect(url, 303)


def _page_of_request() -> str:
    """The page of this site that was asked for, or the one whose form was sent."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    parts = urlsplit(request.referrer or "")
    return parts.path if parts.netloc == request.host else "/"


def _page(template: str, status: int) -> ResponseReturnValue:
    someone = visitor()
    if (
        status == 403  # noqa: PLR2004
        and request.method == "GET"
        and request.path == "/"
        and someone is not None
        and someone.kind is UserKind.STAFF
    ):
        return redirect(url_for("office.today"), 303)
    with unit_of_work(principal_of_request(), read_only=True):
        return render_template(template), status


def _crash(error: Exception) -> ResponseReturnValue:
    if isinstance(error, HTTPException) and error.code and error.code < 500:  # noqa: PLR2004
        return error
    g.trouble = uuid.uuid4().hex[:8]
    g.house = None  # a database in trouble is not asked for our name
    log.error("trouble %s at %s %s", g.trouble, request.method, request.path, exc_info=error)
    return render_template("errors/500.html", trouble=g.trouble), 500
