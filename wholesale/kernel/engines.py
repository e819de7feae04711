"""SQLite and PostgreSQL set up so that a committed row stays and two writers never lose one."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

# Wait at most this long for a row or for another process (PostgreSQL's own defaults are: for ever).
_POSTGRES_LIMITS = (
    "-c lock_timeout=3000 -c statement_timeout=15000 "
    "-c idle_in_transaction_session_timeout=30000 -c timezone=UTC"
)
_RETRY = {"40001", "40P01", "55P03"}
_NO_ROOM = {"53100", "58030"}  # disk full, input or output error
_SQLITE_NO_ROOM = ("disk is full", "disk I/O error", "readonly database")

_read_only: ContextVar[bool] = ContextVar("read_only", default=False)


class Busy(RuntimeError):
    """Others are writing, and it did not become our turn in time."""


class FairLock:
    """A lock that is handed over in the order of arrival; the holder may take it again."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._owner: int | None = None
        self._depth = 0

    @contextmanager
    def held(self, patience: float | None = None) -> Iterator[None]:
        """Hold the lock while the block runs. Raises Busy after `patience` seconds (None: never)."""
        self._take(patience)
        try:
            yield
        finally:
            self._give()

    def _take(self, patience: float | None) -> None:
        me = threading.get_ident()
        with self._guard:
            if self._owner in {None, me}:
                self._owner, self._depth = me, self._depth + 1
                return
            turn = threading.Event()
            self._waiting.append(turn)
        turn.wait(patience)
        with self._guard:
            if not turn.is_set():  # nobody has promised it to us, and nobody will
                self._waiting.remove(turn)
                raise Busy
            self._owner, self._depth = me, 1

    def _give(self) -> None:
        with self._guard:
            self._depth -= 1
            if self._depth:
                return
            if self._waiting:
                self._owner = -1  # promised to the one that wakes: nobody slips in between
                self._waiting.popleft().set()
            else:
                self._owner = None


_writers = FairLock()


@contextmanager
def turn_to_write(
    bind: Engine | Connection, *, read_only: bool, patience: float | None = None
) -> Iterator[None]:
    """Queue SQLite's writers in order; tell the engine whether this unit may write. Raises Busy."""
    token = _read_only.set(read_only)
    try:
        if read_only or bind.dialect.name != "sqlite":
            yield
        else:
            with _writers.held(patience):
                yield
    finally:
        _read_only.reset(token)


def wal_is_safe(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite has the fix of the WAL-reset bug (3.51.3, 3.50.7, 3.44.6)."""
    return (
        version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    )


def options(url: str) -> dict[str, Any]:
    """Arguments for `create_engine`."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"check_same_thread": False}}
    return {
        "connect_args": {"options": _POSTGRES_LIMITS},
        "pool_size": 10,
        "max_overflow": 20,
        "pool_pre_ping": True,
    }


def prepare(engine: Engine) -> None:
    """Attach the rules of the engine: pragmas, and which BEGIN a unit of work gets."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "begin", _begin_on_postgres)
        return
    if engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_on_sqlite)


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin by itself
    journal = "WAL" if wal_is_safe() else "DELETE"
    for pragma in (
        f"journal_mode={journal}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "trusted_schema=OFF",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_on_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if _read_only.get() else "BEGIN IMMEDIATE")


def _begin_on_postgres(connection: Connection) -> None:
    if _read_only.get():  # all questions of a page or a check see one instant, as on SQLite
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def take_your_time(connection: Connection) -> None:
    """Let this unit's questions run as long as they need: they read much, and nobody waits."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")


def is_worth_another_try(error: DBAPIError) -> bool:
    """Whether the same unit of work may succeed when it is run again from its beginning."""
    state = getattr(error.orig, "sqlstate", None)
    return state in _RETRY or "database is locked" in str(error.orig)


def has_no_room(error: DBAPIError) -> bool:
    """Whether the database could not put down what it was given: the disk is full or gone."""
    state = getattr(error.orig, "sqlstate", None)
    return state in _NO_ROOM or any(sign in str(error.orig) for sign in _SQLITE_NO_ROOM)
