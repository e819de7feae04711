"""Pictures of products for our people."""

from __future__ import annotations

from flask import Response

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import lookups
from wholesale.backoffice.blueprints import office
from wholesale.kernel import files
from wholesale.web.gate import needs


@office.get("/pictures/<sha256>")
@needs(Permission.CATALOG_READ)
def office_picture(sha256: str) -> Response:
    """A stored picture of any product our reader may see."""
    stored = lookups.picture(sha256)
    reply = Response(files.read(stored.sha256), mimetype=stored.media_type)
    reply.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return reply
