"""In which language a page speaks, and switching it."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, redirect, request
from flask_babel import Babel
from sqlalchemy import update

from wholesale.accounts.models import User
from wholesale.kernel.db import rows_changed
from wholesale.kernel.text import LOCALES, TRANSLATIONS, compile_catalogues
from wholesale.web.door import visitor
from wholesale.web.gate import public

LANGUAGES = (("ja", "日本語"), ("en", "English"), ("zh", "简体中文"))
COOKIE = "language"
YEAR = 365 * 86400

bp = Blueprint("language", __name__)


def of_request() -> str:
    """The reader's own choice, else the cookie's, else what the browser asks for, else Japanese."""
    someone = visitor()
    if someone is not None and someone.locale in LOCALES:
        return someone.locale
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LOCALES:
        return chosen
    return request.accept_languages.best_match(LOCALES) or "ja"


def speak(app: Flask) -> None:
    """Set Babel up over our catalogues."""
    compile_catalogues()
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, locale_selector=of_request)
    app.register_blueprint(bp)


@bp.post("/language")
@public()
def choose() -> Response:
    """Keep the reader's choice with the person, and in a cookie for the sign-in page."""
    chosen = request.form.get("language", "")
    chosen = chosen if chosen in LOCALES else "ja"
    someone = visitor()
    if someone is not None:
        rows_changed(update(User).where(User.id == someone.user_id).values(locale=chosen))
    answer = redirect(_back(), 303)
    answer.set_cookie(COOKIE, chosen, max_age=YEAR, httponly=True, samesite="Lax", path="/")
    return answer  # type: ignore[return-value]


@bp.post("/theme")
@public()
def theme() -> Response:
    """Light, dark, or as the device says."""
    chosen = request.form.get("theme", "")
    chosen = chosen if chosen in {"light", "dark"} else ""
    someone = visitor()
    if someone is not None:
        rows_changed(update(User).where(User.id == someone.user_id).values(theme=chosen))
    answer = redirect(_back(), 303)
    answer.set_cookie("theme", chosen, max_age=YEAR, httponly=True, samesite="Lax", path="/")
    return answer  # type: ignore[return-value]


def _back() -> str:
    """Where the reader came from, on this site alone."""
    there = request.form.get("back", "/")
    return there if there.startswith("/") and not there.startswith(("//", "/\\")) else "/"
