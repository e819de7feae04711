"""The three answers: a page (or its part), moved on, refused."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request
from flask import current_app as app

from wholesale.kernel.errors import DomainError
from wholesale.web.errors import words

Answer = Response


def is_part() -> bool:
    """Whether htmx asks for a part of the page."""
    return bool(app.extensions["house_htmx"].wants_part(request))


def answer(page: str, /, part: str | None = None, **values: Any) -> Answer:
    """GET: the whole page, or its part when htmx asks for one."""
    return _vary(make_response(render_template(part if part and is_part() else page, **values)))


def moved(url: str, part: str | None = None, *, said: str = "", **values: Any) -> Answer:
    """POST that worked: the changed part for htmx, else 303 to the page. `said` becomes a toast."""
    if part and is_part():
        return _vary(make_response(render_template(part, said=said, **values)))
    if said:
        flash(said)
    if request.headers.get("HX-Request"):
        gone = make_response("", 200)
        gone.headers["HX-Redirect"] = url
        return _vary(gone)
    return _vary(make_response(redirect(url, code=303)))


def refused(
    page: str,
    /,
    part: str | None = None,
    *,
    error: DomainError | None = None,
    status: int = 422,
    **values: Any,
) -> Answer:
    """A refusal: the same form again, with what was typed and what to do."""
    template = part if part and is_part() else page
    code = error.status if error else status
    message = words(error) if error else ""
    return _vary(make_response(render_template(template, refusal=message, **values), code))


def _vary(reply: Answer) -> Answer:
    reply.headers.add("Vary", "HX-Request")
    return reply
