"""Pages by key: a cursor names the last row seen, so page 4,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page, and the cursors of the neighbours ("" where there is none)."""

    rows: Sequence[Row]
    newer: str = ""
    older: str = ""
    total: int | None = None


def pack(*key: str | int) -> str:
    """A cursor for a key; safe in a URL."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def unpack(cursor: str, parts: int) -> list[str | int] | None:
    """The key in a cursor; None for an empty or mangled one (the list then begins at its top)."""
    if not cursor:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        return None
    return key if isinstance(key, list) and len(key) == parts else None
