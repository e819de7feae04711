"""Builds the web application out of its wings: knows everything, decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, request

from wholesale.backoffice.wing import floor, office
from wholesale.kernel import config, db
from wholesale.portal.wing import links, portal
from wholesale.web import (  # noqa: F401 - two hang their routes on the blueprint of the door
    door,
    gate,
    navigation,
    passkeys,
    passwords,
    profile,
    signing_in,
)
from wholesale.web.errors import handle_errors
from wholesale.web.flask_app import HouseFlask
from wholesale.web.htmx import HouseHtmx
from wholesale.web.languages import speak
from wholesale.web.rendering import prepare_templates
from wholesale.web.security import secure

LONG = 365 * 86400


def create_app(*, connect: bool = True, shown_accounts: Sequence[Any] = ()) -> Flask:
    """The application. `shown_accounts` stand on the sign-in page (the demo's, never production's).

    With `connect` the session is pointed at the database of the settings; tests bring their own.
    Raises BadSettings for an endpoint that states no policy.
    """
    settings = config.current()
    if connect:
        db.connect(settings.database_url)
    app = HouseFlask(
        "wholesale",
        template_folder=str(config.ASSETS / "templates"),
        static_folder=str(config.ASSETS / "static"),
    )
    app.config["SECRET_KEY"] = settings.secret
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    secure(app)
    door.hang(app)
    speak(app)
    HouseHtmx(app)
    prepare_templates(app)
    handle_errors(app)
    for blueprint in (signing_in.bp, profile.bp, portal, links, office, floor):
        app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        office_places=navigation.office_places,
        portal_places=navigation.portal_places,
        demo_accounts=lambda: () if settings.is_production else shown_accounts,
    )
    app.after_request(_cache_assets)
    gate.require_policies(app)
    return app


def _cache_assets(answer: Any) -> Any:
    """A fingerprinted file never changes under its address."""
    if request.endpoint == "static" and request.args.get("v"):
        answer.headers["Cache-Control"] = f"public, max-age={LONG}, immutable"
    return answer
