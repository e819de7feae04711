"""What makes the portal an app on a phone: its manifest, its service worker, the page without a network.

The worker keeps the one page that says there is no network, and its sheet of styles: no page of a
person, and nothing with a price.
"""

from __future__ import annotations

from flask import Response, jsonify, render_template, url_for
from flask_babel import gettext as _

from wholesale.company.queries import company
from wholesale.kernel.config import ASSETS
from wholesale.portal.blueprints import portal
from wholesale.web import filters
from wholesale.web.gate import public
from wholesale.web.rendering import asset


@portal.get("/manifest.webmanifest")
@public()
def manifest() -> Response:
    """Name, first page, colours and icon for whoever installs the portal."""
    name = filters.brand(company().name)
    told = {
        "name": name, "short_name": name[:24], "description": _("For trade customers"),
        "id": url_for(".home"), "start_url": url_for(".home"), "scope": url_for(".home"),
        "display": "standalone", "lang": filters.language(),
        "background_color": "#fffefa", "theme_color": "#b93a22",
        "icons": [{"src": asset("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }  # fmt: skip
    reply = jsonify(told)
    reply.mimetype = "application/manifest+json"
    return reply


@portal.get("/sw.js")
@public()
def service_worker() -> Response:
    """The worker, from the root so that it may look after every page; never kept for long."""
    script = (ASSETS / "static" / "js" / "sw.js").read_text(encoding="utf8")
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@portal.get("/offline")
@public()
def offline() -> str:
    """The page that is shown where there is no network; it knows nobody."""
    return render_template("portal/offline.html")
