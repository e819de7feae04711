"""What every template may lean on: who reads, in which language, tokens, addresses of assets."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, get_flashed_messages, request, url_for
from flask_babel import get_domain
from jinja2 import StrictUndefined
from sqlalchemy import select

from wholesale.accounts.models import UserKind
from wholesale.company.models import Company
from wholesale.kernel import config
from wholesale.kernel.db import session
from wholesale.web import csrf, zones
from wholesale.web.door import once_per_request, visitor
from wholesale.web.filters import add_filters, language
from wholesale.web.languages import LANGUAGES

_PLAIN = "!$'()*,/:;?@"  # signs that a query may hold as they are
STATIC = config.ASSETS / "static"


def asset(name: str) -> str:
    """The address of a file under static/, with a fingerprint so that it may be cached for long.

    A page names the sheet of icons a hundred times; it is looked at once.
    """
    known: dict[str, str] = once_per_request("assets", dict)
    if name not in known:
        known[name] = url_for("static", filename=name, v=_fingerprint(name, _changed(name)))
    return known[name]


def icon(name: str) -> str:
    """The address of one symbol of the icon sheet."""
    return f"{asset('icons.svg')}#{name}"


def _changed(name: str) -> int:
    path = STATIC / name
    return path.stat().st_mtime_ns if path.exists() else 0


@cache
def _fingerprint(name: str, changed: int) -> str:
    """By name and time of change, so that a changed file gets a new address. 0: no such file."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12] if changed else "0"


def house() -> Company | None:
    """Our firm, for the brand mark; None before it is founded."""
    found: Company | None = once_per_request(
        "house", lambda: session.scalars(select(Company).limit(1)).first()
    )
    return found


def theme() -> str:
    """light, dark, or "" for what the device prefers."""
    someone = visitor()
    chosen = someone.theme if someone is not None else request.cookies.get("theme", "")
    return chosen if chosen in {"light", "dark"} else ""


def may(permission: str) -> bool:
    """Whether the reader's role grants a permission (`orders:confirm`)."""
    someone = visitor()
    return someone is not None and someone.may(permission)


def has(endpoint: str) -> bool:
    """Whether this installation has such a page."""
    return endpoint in current_app.view_functions


def is_staff() -> bool:
    """Whether the reader is one of our people."""
    someone = visitor()
    return someone is not None and someone.kind is UserKind.STAFF


def acting_for() -> str:
    """The id of the customer a buyer acts for; every form carries it. Empty for everybody else."""
    someone = visitor()
    return "" if someone is None or someone.customer_id is None else str(someone.customer_id)


def sees_prices() -> bool:
    """Whether the reader may see what things cost; only some buyers may not."""
    someone = visitor()
    return someone is None or someone.sees_prices


def same_page(**changes: Any) -> str:
    """The page's own address with some of its query changed; "" or None takes a value away."""
    kept: dict[str, Any] = {name: request.args.getlist(name) for name in request.args}
    kept.update(changes)
    query = {name: value for name, value in kept.items() if value not in ("", None, [])}
    if query.keys() & (request.view_args or {}).keys():
        return url_for(request.endpoint or "", **{**(request.view_args or {}), **query})
    path: str = once_per_request(
        "own_path", lambda: url_for(request.endpoint or "", **(request.view_args or {}))
    )
    return f"{path}?{urlencode(query, doseq=True, safe=_PLAIN)}" if query else path


def say(text: str, /, **values: Any) -> str:
    """Gettext for the templates: the catalogue of the page's language is looked up once."""
    catalogue = once_per_request("catalogue", lambda: get_domain().get_translations())
    said: str = catalogue.ugettext(text)
    return said % values if values else said


def prepare_templates(app: Flask) -> None:
    """Strict templates, our filters, and the handful of names every page uses."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.do")
    add_filters(app)
    zones.add_filters(app)
    environment.globals.update(
        acting_for=acting_for, asset=asset, csrf_token=csrf.token, form_token=csrf.form_token, has=has, house=house, icon=icon,
        is_staff=is_staff, language=language, languages=LANGUAGES, may=may, same_page=same_page,
        sees_prices=sees_prices, someone=visitor, theme=theme, toasts=get_flashed_messages, _=say,
    )  # fmt: skip
