"""Migrations: from nothing, one step back and forth, and the tables are what the models say."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy
from sqlalchemy import Engine

from wholesale.kernel import engines, migrating


@pytest.fixture
def empty(new_database: Callable[[], str]) -> Iterator[Engine]:
    url = new_database()
    engine = sqlalchemy.create_engine(url, **engines.options(url))
    engines.prepare(engine)
    yield engine
    engine.dispose()


def shape(engine: Engine) -> dict[str, str]:
    """Every table, index and trigger with its words, as the database itself keeps them."""
    if engine.dialect.name == "sqlite":
        question = "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_master"
    else:
        question = (
            "SELECT 'trigger ' || tgname || ' ' || tgrelid::regclass, pg_get_triggerdef(oid)"
            " FROM pg_trigger WHERE NOT tgisinternal"
            " UNION ALL SELECT 'index ' || indexname, indexdef FROM pg_indexes"
            " WHERE schemaname = 'public'"
            " UNION ALL SELECT 'check ' || conname || ' ' || conrelid::regclass,"
            " pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace"
            " UNION ALL SELECT 'column ' || table_name || '.' || column_name,"
            " data_type || ' ' || is_nullable FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        )
    with engine.connect() as connection:
        return {str(row[0]): str(row[1]) for row in connection.exec_driver_sql(question)}


def test_from_nothing_back_one_step_and_forth_again(empty: Engine) -> None:
    assert migrating.stamp_of(empty) is None
    migrating.upgrade(empty)
    assert migrating.stamp_of(empty) == migrating.newest()
    assert migrating.differences(empty) == []
    whole = shape(empty)
    assert any(name.startswith("trigger") for name in whole)
    migrating.downgrade(empty, "-1")
    assert migrating.stamp_of(empty) != migrating.newest()
    assert shape(empty) != whole
    migrating.upgrade(empty)
    assert shape(empty) == whole


def test_all_the_way_back_leaves_nothing(empty: Engine) -> None:
    migrating.upgrade(empty)
    migrating.downgrade(empty, "base")
    tables = set(sqlalchemy.inspect(empty).get_table_names())
    assert {name for name in tables if not name.startswith("sqlite_")} <= {"alembic_version"}


def test_a_table_that_strays_from_its_model_is_noticed(empty: Engine) -> None:
    migrating.upgrade(empty)
    with empty.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE orders ADD COLUMN planted INTEGER")
    assert migrating.differences(empty)
