"""What every answer says to the browser: no frames, no foreign scripts, no shared caches."""

from __future__ import annotations

from flask import Flask, Response, request

from wholesale.kernel import config

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-src 'self'; frame-ancestors 'self'"
)
LOOPBACK_NAMES = ("localhost", "127.0.0.1")
LARGEST_UPLOAD = 20 * 1024 * 1024


def secure(app: Flask) -> None:
    """Limits, host names and headers of an application."""
    settings = config.current()
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_UPLOAD
    app.config["MAX_FORM_PARTS"] = 5000
    app.config["MAX_FORM_MEMORY_SIZE"] = 4 * 1024 * 1024
    app.config["TRUSTED_HOSTS"] = list(settings.hosts or LOOPBACK_NAMES)
    app.after_request(_headers)


def _headers(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if config.current().is_production:
        answer.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.headers.add("Vary", "Cookie")
    return answer
