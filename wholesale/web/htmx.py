"""What we use of htmx-flask: whether htmx asks, and whether it wants a part or the page."""

from __future__ import annotations

from flask import Flask, Request
from htmx_flask import Htmx


class HouseHtmx:
    """htmx-flask marks the requests; this says what they mean for us."""

    def __init__(self, app: Flask) -> None:
        Htmx(app)
        app.extensions["house_htmx"] = self

    def wants_part(self, request: Request) -> bool:
        """Whether a part is asked for: an htmx request that is not a history restore or a boost."""
        asked = getattr(request, "htmx", None)
        if not asked:
            return False
        return not (
            request.headers.get("HX-History-Restore-Request") or request.headers.get("HX-Boosted")
        )
