"""Migrations: from nothing, one step back and forth, and the tables are what the models say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy
from sqlalchemy import Engine

from wholesale.kernel import engines, migrating

DAY, MOMENT = date(2026, 11, 20), datetime(2026, 11, 20, tzinfo=UTC)


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


def plant(connection: sqlalchemy.Connection, table: str, **values: object) -> int:
    """A row of a table as it was then, the least in every column that must hold something."""
    rows = sqlalchemy.Table(table, sqlalchemy.MetaData(), autoload_with=connection)
    least = {bool: False, int: 1, str: "", Decimal: 0, date: DAY, datetime: MOMENT}
    filled = {
        column.name: least[column.type.python_type]
        for column in rows.columns
        if not (column.nullable or column.primary_key or column.server_default is not None)
    }
    told = connection.execute(rows.insert().values({**filled, **values}))
    return int((told.inserted_primary_key or [0])[0])


def test_rows_of_before_say_afterwards_what_they_said(empty: Engine) -> None:
    migrating.upgrade(empty, "20261125_2030")
    with empty.begin() as old:
        alma, bo = (plant(old, "customers", code=code) for code in ("alma", "bo"))
        plant(old, "terms", customer_id=alma, cash_on_delivery=True)
        plant(old, "terms", customer_id=bo, cash_on_delivery=False)
        product = plant(old, "products", code="TK")
        skus = [plant(old, "skus", code=f"TK-{n}", product_id=product) for n in (1, 2)]
        shown, off = (
            plant(old, "catalogs", code=code, is_on=is_on, audience="groups")
            for code, is_on in (("SHOWN", True), ("OFF", False))
        )
        plant(old, "catalog_products", catalog_id=shown, product_id=product, minimum=6)
        place = plant(old, "addresses", customer_id=alma, code="alma-1")
        held, free = (
            plant(old, "orders", number=number, customer_id=alma, bill_to_id=alma, ship_to_id=place,
                  amount_net=900, tax_estimate=90)
            for number in ("SO-1", "SO-2")
        )  # fmt: skip
        plant(old, "holds", order_id=held, reason="prepayment")
        plant(old, "holds", order_id=free, reason="prepayment", released_at=MOMENT)
    migrating.upgrade(empty)

    def told(statement: str) -> list[tuple[object, ...]]:
        with empty.connect() as new:
            return [tuple(row) for row in new.exec_driver_sql(statement)]

    assert told("SELECT payment_means FROM terms ORDER BY customer_id") == [
        ("cash_on_delivery",), ("on_account",),
    ]  # fmt: skip
    assert told("SELECT catalog_id, sku_id, minimum FROM catalog_skus ORDER BY sku_id") == [
        (shown, sku, 6) for sku in skus
    ]
    assert told("SELECT id, state, audience FROM catalogs ORDER BY id") == [
        (shown, "open", "limited"), (off, "closed", "limited"),
    ]  # fmt: skip
    assert told("SELECT id, prepayment FROM orders ORDER BY id") == [(held, 990), (free, 0)]
