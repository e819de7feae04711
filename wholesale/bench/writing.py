"""Writing millions of rows at once: COPY on PostgreSQL, prepared inserts on SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Protocol

import psycopg
from sqlalchemy import Engine, Table, func, select
from sqlalchemy.engine import make_url

from wholesale.kernel.db import Model

Row = Sequence[Any]


class Writer(Protocol):
    """Takes rows as the database holds them: money in ten-thousandths, days and instants as text."""

    def rows(self, table: str, columns: str, rows: Iterable[Row]) -> None:
        """Insert rows; `columns` are names separated by blanks, in the order of the values."""

    def run(self, statement: str) -> None:
        """Run one statement."""


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, table: str, columns: str, rows: Iterable[Row]) -> None:
        names = columns.split()
        marks = ",".join("?" * len(names))
        self._connection.executemany(
            f"INSERT INTO {table} ({','.join(names)}) VALUES ({marks})", rows
        )

    def run(self, statement: str) -> None:
        self._connection.execute(statement)


class _Postgres:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def rows(self, table: str, columns: str, rows: Iterable[Row]) -> None:
        statement = f"COPY {table} ({','.join(columns.split())}) FROM STDIN"
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    def run(self, statement: str) -> None:
        self._connection.execute(statement)


@contextmanager
def writer(engine: Engine) -> Iterator[Writer]:
    """A connection of its own, without the limits of a request; commits at the end."""
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(engine.url.database), isolation_level=None)) as lite:
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
                lite.execute(f"PRAGMA {pragma}")
            lite.execute("BEGIN")
            yield _Sqlite(lite)
            lite.execute("COMMIT")
        return
    url = make_url(engine.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(
        url, options="-c timezone=UTC -c maintenance_work_mem=512MB"
    ) as connection:
        supreme = connection.execute("SELECT current_setting('is_superuser')").fetchone()
        if supreme == (
            "on",
        ):  # keys are right by construction; looking each up costs half the time
            connection.execute("SET session_replication_role = replica")
        yield _Postgres(connection)


def plain_indexes(tables: Iterable[str]) -> list[str]:
    """The names of the indexes of these tables that carry no constraint."""
    return [
        str(index.name)
        for table in tables
        for index in Model.metadata.tables[table].indexes
        if not index.unique
    ]


def make_indexes(engine: Engine, tables: Iterable[str]) -> None:
    """Build those indexes, as the models declare them."""
    engine.dispose()  # connections of before the writer still believe in the old ones
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("SET maintenance_work_mem = '512MB'")
        for table in tables:
            for index in Model.metadata.tables[table].indexes:
                if not index.unique:
                    index.create(connection)
        connection.commit()


def settle_in(engine: Engine) -> None:
    """What the databases do by themselves in time: next ids, statistics."""
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(engine.url.database))) as lite:
            lite.execute("ANALYZE")
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        for table in Model.metadata.sorted_tables:
            _next_id(connection, table)
        connection.exec_driver_sql("VACUUM ANALYZE")


def _next_id(connection: Any, table: Table) -> None:
    last = connection.scalar(select(func.max(table.c.id))) or 0
    if last:
        sequence = connection.exec_driver_sql(
            f"SELECT pg_get_serial_sequence('{table.name}', 'id')"
        ).scalar()
        if sequence:
            connection.exec_driver_sql(f"SELECT setval('{sequence}', {last})")
