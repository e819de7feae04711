"""The Flask class of the house: one request, one unit of work, one effect per form."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

from wholesale.kernel import db, tokens
from wholesale.kernel.db import run_unit
from wholesale.kernel.types import canonical
from wholesale.web import csrf, door, gate
from wholesale.web.door import principal_of_request

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PATIENCE = 5.0  # seconds a person waits for others who write
KEPT_HEADERS = ("Location", "Content-Type", "HX-Redirect", "HX-Retarget", "HX-Trigger")


class HouseFlask(Flask):
    """Commits when a view returns, rolls back when it raises or refuses (4xx).

    GET runs in a read-only unit, everything else in one that may write; what the database refuses
    as "try again" is run again whole, until patience ends. A form's one-time token commits with its
    effect, so a double submit gets the first answer.
    """

    def dispatch_request(self, *args: Any) -> ResponseReturnValue:
        """Look at the gate, then run the view inside a unit of work."""
        if request.endpoint == "static" or request.routing_exception is not None:
            return super().dispatch_request(*args)
        door.look()
        gate.admit(self)
        safe = request.method in SAFE
        if not safe:
            csrf.check()
        return run_unit(
            lambda: self._answer(args, safe=safe),
            principal_of_request(),
            read_only=safe,
            patience=PATIENCE,
        )

    def _answer(self, args: tuple[Any, ...], *, safe: bool) -> Response:
        token = "" if safe else request.form.get("form_token", "")
        if token:
            earlier = tokens.claim(_actor(), token, _content())
            if earlier is not None:
                return _repeat(earlier)
        answer = self.make_response(super().dispatch_request(*args))
        if answer.status_code >= 400:  # noqa: PLR2004 - a refusal changes nothing
            db.session.rollback()
        elif token and not answer.is_streamed:
            kept = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
            kept["status"] = str(answer.status_code)
            tokens.remember(_actor(), token, kept, answer.get_data(as_text=True))
        return answer


def _actor() -> str:
    actor = principal_of_request().actor
    return f"{actor.kind}:{actor.id}"


def _content() -> bytes:
    """What a form said, in a fixed order, without the tokens."""
    fields = sorted(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in {"form_token", "csrf_token"}
    )
    return f"{request.method} {request.path} {canonical(fields)}".encode()


def _repeat(earlier: tokens.Submission) -> Response:
    kept = dict(earlier.answer or {"status": "204"})
    status = int(kept.pop("status"))
    answer = Response(earlier.body or "", status=status)
    for name, value in kept.items():
        answer.headers[name] = value
    return answer
