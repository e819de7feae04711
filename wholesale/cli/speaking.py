"""What commands say: refusals in the operator's language, values as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import LOCALES, in_language


def operators_language() -> str:
    """ja, en or zh from WHOLESALE_LANGUAGE or LANG; en otherwise."""
    asked = os.environ.get("WHOLESALE_LANGUAGE") or os.environ.get("LANG", "")
    return asked[:2] if asked[:2] in LOCALES else "en"


def said(trouble: BaseException) -> str:
    """A refusal as a sentence."""
    if not isinstance(trouble, DomainError):
        return str(trouble)
    text = in_language(operators_language())(trouble.message)
    return text % trouble.values if trouble.values else text


def reason_of(trouble: BaseException) -> str:
    """The stable key of a refusal: the reason it names, else its own name in_small_letters."""
    return getattr(trouble, "reason", "") or getattr(trouble, "code", "unreadable")


def as_json(value: Any) -> str:
    """JSON for machines: amounts as text, days in ISO form."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Sequence):
        return list(value)
    return str(value)
