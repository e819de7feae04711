"""Stored papers as an answer: the bytes that were issued, under their number."""

from __future__ import annotations

from flask import Response, request

from wholesale.kernel import files
from wholesale.kernel.papers import Paper


def sheet(paper: Paper) -> Response:
    """The PDF of a paper whose bytes are stored; `?save=1` offers it for saving."""
    reply = Response(files.read(paper.sha256 or ""), mimetype="application/pdf")
    how = "attachment" if request.args.get("save") else "inline"
    reply.headers["Content-Disposition"] = f'{how}; filename="{_file_name(paper.number)}"'
    return reply


def _file_name(number: str) -> str:
    """The number as a file name: letters, figures and hyphens alone."""
    plain = "".join(one for one in number if one.isascii() and (one.isalnum() or one in "-_"))
    return f"{plain}.pdf"
