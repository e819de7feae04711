"""Line sheets as answers: a small one at once, a large one that the worker has drawn."""

from __future__ import annotations

from flask import Response, request

from wholesale.exchange import line_sheets as excel
from wholesale.kernel import files
from wholesale.offers.line_sheets import MEDIA_TYPES, Gathered
from wholesale.offers.models import SheetKind
from wholesale.trade_docs import line_sheets as pdf


def asked_kind() -> SheetKind:
    """Excel or PDF, as the request says (`kind`)."""
    return SheetKind.PDF if request.values.get("kind") == "pdf" else SheetKind.EXCEL


def at_once(sheet: Gathered, kind: SheetKind, name: str) -> Response:
    """The line sheet, drawn now."""
    drawn = excel.drawn(sheet) if kind is SheetKind.EXCEL else pdf.drawn(sheet)
    return _download(drawn, kind, name)


def kept(sha256: str, kind: SheetKind, name: str) -> Response:
    """The line sheet that the worker drew."""
    return _download(files.read(sha256), kind, name)


def _download(content: bytes, kind: SheetKind, name: str) -> Response:
    reply = Response(content, mimetype=MEDIA_TYPES[kind])
    plain = "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign in "-_"))
    reply.headers["Content-Disposition"] = f'attachment; filename="line-sheet-{plain}.{kind.value}"'
    reply.headers["Cache-Control"] = "no-store"
    return reply
