"""A command on a database that isn't ready says what to do first."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import pytest

from wholesale.cli.main import main
from wholesale.kernel import config, db, migrating

COMMANDS = (
    ["import", "products", "sheet.csv"],
    ["bank", "match"],
    ["price", "K0001", "TK-1", "1"],
    ["owner", "owner@example.jp"],
    ["worker", "--once"],
    ["serve"],
)


@pytest.fixture
def empty(new_database: Callable[[], str], data_folder: object) -> Iterator[str]:
    url, before, bound = new_database(), config.current(), db.session.session_factory.kw.get("bind")
    config.use(dataclasses.replace(before, database_url=url))
    yield url
    config.use(before)
    db.session.remove()
    db.session.configure(bind=bound)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_an_empty_database_asks_for_its_tables(
    empty: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    assert "`migrate`" in capsys.readouterr().err


def test_a_database_without_a_company_asks_for_one(
    empty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    migrating.upgrade(db.connect(empty))
    assert main(["bank", "match"]) == 2
    assert "`init`" in capsys.readouterr().err
