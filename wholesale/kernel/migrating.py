"""Bringing a database to the shape this version needs, in one transaction."""

from __future__ import annotations

from collections.abc import Callable

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from wholesale.kernel.config import ASSETS
from wholesale.kernel.db import Model


class BrokenReferences(RuntimeError):
    """After a migration some row points at a row that is not there; nothing was changed."""


def upgrade(engine: Engine, to: str = "head") -> None:
    """Migrate forward. On SQLite foreign keys are off meanwhile and looked at before the commit."""
    _run(engine, lambda config: command.upgrade(config, to))


def downgrade(engine: Engine, to: str) -> None:
    """Migrate back (tests do; on real data make a backup first)."""
    _run(engine, lambda config: command.downgrade(config, to))


def stamp_of(engine: Engine) -> str | None:
    """The revision a database is at; None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The revision this version of the program needs."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def differences(engine: Engine) -> list[object]:
    """How the tables differ from the models; empty when they agree."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _: (
                    not (kind == "table" and str(name).startswith("sku_search"))
                ),
                "compare_type": False,
            },
        )
        return list(compare_metadata(context, Model.metadata))


def _run(engine: Engine, work: Callable[[Config], None]) -> None:
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        if is_sqlite and raw is not None:
            raw.execute("PRAGMA foreign_keys=OFF")  # a no-op inside a transaction, so before it
        try:
            with connection.begin():
                work(_config(connection))
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise BrokenReferences
        finally:
            if is_sqlite and raw is not None:
                raw.execute("PRAGMA foreign_keys=ON")


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ASSETS / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
