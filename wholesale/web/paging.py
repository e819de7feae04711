"""Pages by key: a cursor names the last row seen, so page 4,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, literal, tuple_

from wholesale.kernel.db import session

Row = TypeVar("Row")
Part = str | int | date
MOST = 50
LARGEST = 2**31


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page, and the cursors of the neighbours ("" where there is none)."""

    rows: Sequence[Row]
    newer: str = ""
    older: str = ""
    total: int | None = None


def keyed_page(
    found: Select[Row],
    columns: Sequence[Any],
    key_of: Callable[[Row], Sequence[Part]],
    cursors: Mapping[str, str],
    *,
    size: int = MOST,
    descending: bool = True,
) -> Page[Row]:
    """One page of rows in the order of `columns`. One statement.

    `cursors` holds what the address says under `older` or `newer`; `key_of` gives a row's values of
    the columns, which must tell every two rows apart. A cursor that was tampered with counts as none.
    """
    older = unpack(cursors.get("older", ""), columns)
    newer = unpack(cursors.get("newer", ""), columns)
    backwards = newer is not None
    downwards = descending != backwards
    key = newer or older
    if key is not None:
        place = tuple_(*columns)
        here = tuple_(*(literal(v, one.type) for v, one in zip(key, columns, strict=True)))
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


def pack(*key: Part) -> str:
    """A cursor for a key; safe in a URL. Days and instants keep their kind."""
    told = [one.isoformat() if isinstance(one, date) else one for one in key]
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def unpack(cursor: str, columns: Sequence[Any]) -> list[Part] | None:
    """The key in a cursor, each part of its column's kind; None for an empty or mangled one."""
    if not cursor:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_part(one, column) for one, column in zip(key, columns, strict=True)]
    except (ValueError, TypeError, binascii.Error):
        return None


def _part(value: object, column: Any) -> Part:
    """A value as its column holds it. Raises ValueError for anything else."""
    kind = column.type.python_type
    if kind is datetime:
        return _aware(datetime.fromisoformat(str(value)))
    if kind is date:
        return date.fromisoformat(str(value))
    if kind is int and isinstance(value, int) and abs(value) < LARGEST:
        return value
    if kind is str and isinstance(value, str):
        return value
    raise ValueError(value)


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(value)
    return value
