"""Keyset pages of the money half: one page beside a key of texts and numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from flask import request
from sqlalchemy import Select, SQLColumnExpression, tuple_

from wholesale.kernel.db import session
from wholesale.web.paging import Page, pack, unpack

Row = TypeVar("Row")
Key = tuple[str | int, ...]


def keyed_page(
    found: Select[Row],
    columns: Sequence[SQLColumnExpression[Any]],
    key_of: Callable[[Row], Key],
    *,
    size: int = 50,
    descending: bool = True,
) -> Page[Row]:
    """One page of rows in the order of `columns`, from the cursors `older` and `newer` of the URL."""
    older, newer = _asked("older", len(columns)), _asked("newer", len(columns))
    backwards = newer is not None
    downwards = descending != backwards
    key = newer or older
    if key is not None:
        place = tuple_(*columns)
        here = tuple_(*key)
        found = found.where(place < here if downwards else place > here)
    found = found.order_by(*(one.desc() if downwards else one.asc() for one in columns))
    rows: list[Row] = list(session.scalars(found.limit(size + 1)))
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_newer = bool(rows) and (older is not None or (backwards and more))
    has_older = bool(rows) and (backwards or more)
    return Page(
        rows,
        newer=pack(*key_of(rows[0])) if has_newer else "",
        older=pack(*key_of(rows[-1])) if has_older else "",
    )


def _asked(name: str, parts: int) -> list[object] | None:
    key = unpack(request.args.get(name, ""), parts)
    if key is None:
        return None
    try:
        return [_value(one) for one in key]
    except ValueError:
        return None


def _value(one: str | int) -> object:
    """A day is written `d:2026-11-20` in a cursor, everything else as itself."""
    if isinstance(one, str) and one.startswith("d:"):
        return date.fromisoformat(one[2:])
    return one


def day_key(day: date) -> str:
    """A day as a part of a cursor."""
    return f"d:{day.isoformat()}"
