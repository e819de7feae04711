"""In which language a page speaks, and switching it."""

from __future__ import annotations

from functools import cached_property

from babel.support import NullTranslations
from flask import Blueprint, Flask, Response, has_request_context, redirect, request
from flask_babel import Babel, Domain
from sqlalchemy import select, update

from wholesale.accounts.models import User
from wholesale.company.models import Company
from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.text import LOCALES, TRANSLATIONS, compile_catalogues, in_posix
from wholesale.web.door import once_per_request, visitor
from wholesale.web.gate import public

LANGUAGES = (("ja", "日本語"), ("en", "English"), ("zh", "简体中文"), ("zh-Hant", "繁體中文"))
COOKIE = "language"
YEAR = 365 * 86400

bp = Blueprint("language", __name__)


def choices() -> list[tuple[str, str]]:
    """The languages a reader may choose: (code, its own name)."""
    firm = _firm()
    return [one for one in LANGUAGES if firm is None or one[0] in firm.languages.split(",")]


def of_request() -> str:
    """The reader's own choice, else the cookie's, else what the browser asks for, else the house's."""
    someone = visitor()
    if someone is not None and someone.locale in LOCALES:
        return someone.locale
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LOCALES:
        return chosen
    firm = _firm()
    known = firm.languages.split(",") if firm else LOCALES
    for asked in request.accept_languages.values():
        ours = _ours(asked)
        if ours in known:
            return ours
    return firm.default_language if firm else "ja"


def _ours(asked: str) -> str:
    """What we call a browser's language: en-GB → en, zh-TW, zh-HK and zh-Hant-… → zh-Hant."""
    parts = asked.replace("_", "-").split("-")
    if parts[0].lower() == "zh" and {"TW", "HK", "MO", "HANT"} & {one.upper() for one in parts[1:]}:
        return "zh-Hant"
    return parts[0].lower()


class _OneLookUp(Domain):  # type: ignore[misc]
    """Finds the catalogue of the page's language once for all the words of the page."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of this request's language."""
        if not has_request_context():
            return super().get_translations()
        return once_per_request("catalogue", super().get_translations)


class _HouseBabel(Babel):  # type: ignore[misc]
    @cached_property
    def domain_instance(self) -> Domain:
        """One domain, and with it every catalogue that was read, for the life of the process."""
        return _OneLookUp(domain=self.domain)


def speak(app: Flask) -> None:
    """Set Babel up over our catalogues."""
    compile_catalogues()
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    _HouseBabel(app, locale_selector=lambda: in_posix(of_request()))
    app.jinja_env.globals["language_choices"] = choices
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


def _firm() -> Company | None:
    """Our firm, asked once per request; None before it is founded."""
    found: Company | None = once_per_request(
        "house", lambda: session.scalars(select(Company).limit(1)).first()
    )
    return found


def _back() -> str:
    """Where the reader came from, on this site alone."""
    there = request.form.get("back", "/")
    return there if there.startswith("/") and not there.startswith(("//", "/\\")) else "/"
