"""The bench's set keeps every invariant, and every work can be measured on it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from wholesale.bench import running
from wholesale.bench.building import NotOurs
from wholesale.bench.databases import open_set
from wholesale.bench.measuring import SYSTEM, Figure
from wholesale.bench.running import all_works, main, run
from wholesale.bench.sizes import NOW, Size
from wholesale.bench.whole import CHECKS
from wholesale.kernel import clock, db
from wholesale.kernel.checking import Severity

TINY = Size(2_000)
SLOW = {"warm_start", "order_http_32"}


@pytest.fixture(scope="module")
def address(new_database: Callable[[], str], data_folder: Path) -> str:
    return new_database()


@pytest.fixture
def bench(address: str, tmp_path: Path) -> Iterator[Engine]:
    before = db.session.session_factory.kw.get("bind")
    engine = open_set(address, TINY, tmp_path)
    yield engine
    db.session.remove()
    engine.dispose()
    db.session.configure(bind=before)


def offences() -> dict[str, list[dict[str, object]]]:
    with db.unit_of_work(SYSTEM, read_only=True):
        return {
            check.id: rows
            for check in CHECKS
            if check.severity is Severity.BROKEN and (rows := check.offenders())
        }


def test_every_invariant_holds_on_a_new_set(bench: Engine) -> None:
    assert offences() == {}
    with db.unit_of_work(SYSTEM, read_only=True), bench.connect() as connection:
        orders = connection.exec_driver_sql("SELECT COUNT(*) FROM orders").scalar()
        kinds = connection.exec_driver_sql(
            "SELECT COUNT(DISTINCT goods_state) FROM orders"
        ).scalar()
        connection.rollback()
    assert orders == TINY.orders
    assert kinds is not None and kinds >= 2


def test_every_work_runs_and_leaves_every_invariant_whole(bench: Engine) -> None:
    with clock.at(NOW):
        works = [w for w in all_works(TINY, bench) if w.name not in SLOW]
        figures = run(bench, works, rounds=1)
    assert [figure.name for figure in figures] == [work.name for work in works]
    assert all(figure.median > 0 for figure in figures)
    assert {figure.name for figure in figures} >= {"catalogue", "order_10", "invoice_10", "match"}
    assert offences() == {}


def test_a_set_that_stands_is_not_built_again(bench: Engine, tmp_path: Path) -> None:
    with pytest.raises(NotOurs):
        open_set(bench.url.render_as_string(hide_password=False), Size(1_999), tmp_path)


def test_the_command_writes_its_figures(
    bench: Engine, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.json"
    words = ["prices", "--share", "2000", "--rounds", "1", "--database", address]
    assert main([*words, "--json", str(file)]) == 0
    told = json.loads(file.read_text(encoding="utf8"))
    assert [figure["name"] for figure in told["figures"]] == ["prices"]
    assert 1 <= told["figures"][0]["statements"] <= 6
    assert "prices" in capsys.readouterr().out


def test_a_work_that_is_not_there_is_named(
    bench: Engine, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["flying", "--share", "2000", "--database", address]) == 2
    assert "flying" in capsys.readouterr().err


def test_a_missed_goal_is_called_so() -> None:
    figure = Figure("prices", "", "P3", 1, 1.0, 2.0, 2.0, 2.0, 2.0, 6.0)
    assert "MISSED" in running.row(figure)
