"""Watching what is sent to the database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER)\b", re.IGNORECASE)
LOCKS = re.compile(r"\bFOR (NO KEY )?UPDATE\b", re.IGNORECASE)


@contextmanager
def writes_of(engine: Engine) -> Iterator[list[str]]:
    """The statements that would change a row, as they are sent."""
    seen: list[str] = []

    def look(_c: object, _u: object, statement: str, *_: object) -> None:
        if WRITES.match(statement) or LOCKS.search(statement):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", look)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", look)
