"""Large files in chunks: the same outcome as in one go, and nothing twice after a break."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.exchange.made_up import MAKERS, make, make_house
from tests.exchange.test_moving_in import BY, FILES, FOLDER
from wholesale.exchange import large_runs, long_imports, staging
from wholesale.exchange.checks import CHECKS
from wholesale.exchange.importing import import_file
from wholesale.exchange.large_runs import begin
from wholesale.exchange.long_imports import ask_to_go_on, go_on
from wholesale.exchange.models import UNDER_WAY, ImportRun, RunState
from wholesale.exchange.staged import StagedRow
from wholesale.kernel import clock
from wholesale.kernel.access import Principal
from wholesale.kernel.db import session, unit_of_work
from wholesale.stock.models import Balance, Location, Move
from wholesale.worker import work_until_empty

WHO = Principal.system("test")


def bring_large(kind: str, path: Path, name: str = "", *, goes_on: bool = True) -> ImportRun:
    with unit_of_work(WHO):
        begun = begin(kind, path, name or path.name, goes_on=goes_on, by=BY)
    assert go_on(begun.run_id, WHO)
    return session.scalars(select(ImportRun).where(ImportRun.id == begun.run_id)).one()


def as_small(run: ImportRun) -> dict[str, Any]:
    """The report without what only large files say."""
    return {k: v for k, v in run.report.items() if not k.endswith(("_count", "_at"))}


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_runs, "CHUNK", 40)
    monkeypatch.setattr(staging, "STAGED_AT_ONCE", 30)


def test_a_large_file_comes_to_the_same_as_a_small_one(database: None, small_chunks: None) -> None:
    for kind, name in (*FILES.items(), ("products", "products_messy.csv")):
        path = FOLDER / name
        one_go = import_file(kind, path.read_bytes(), name, dry_run=True, by=BY).as_json()
        if kind == "stock":
            looked = bring_large(kind, path, goes_on=False)
            assert (looked.state, as_small(looked)) == (RunState.PREVIEWED, one_go)
            long_imports.discard(looked.id)
        done = bring_large(kind, path)
        assert (kind, done.state, as_small(done)) == (kind, RunState.DONE, one_go)
    assert session.scalar(select(func.count()).select_from(StagedRow)) == 0


def test_shuffled_rows_and_doubles_far_apart_come_to_the_same(
    database: None, small_chunks: None, tmp_path: Path
) -> None:
    house = make_house(3)
    for kind in MAKERS:
        made = make(kind, house, 3)
        path = tmp_path / made.name
        path.write_bytes(made.data)
        one_go = import_file(kind, made.data, made.name, dry_run=True, by=BY).as_json()
        run = bring_large(kind, path)
        assert (run.state, as_small(run)) == (RunState.DONE, one_go)
    heads, *lines = ["品番,SKU,品名,上代,発売日", *(
        f"M{n % 40},M{n % 40}-{n // 40},品{n},{n + 1},2026-0{n % 9 + 1}-01" for n in range(200)
    ), "M5,M7-1,別,5,2026-01-01", "M5,M5-1,別,5,2026-01-01", ",,,,"]  # fmt: skip
    Random(1).shuffle(lines)
    path = tmp_path / "shuffled.csv"
    path.write_text("\n".join([heads, *lines]), encoding="utf-8")
    one_go = import_file("products", path.read_bytes(), path.name, dry_run=True, by=BY).as_json()
    assert [one["reason"] for one in one_go["refused"]].count("duplicate_code") == 2
    assert as_small(bring_large("products", path)) == one_go
    again = import_file("products", path.read_bytes(), path.name, dry_run=True, by=BY)
    assert (again.updated, again.unchanged) == (0, 200)


def test_a_long_sheet_without_its_columns_or_rows_is_refused_with_a_reason(
    database: None, tmp_path: Path
) -> None:
    for text, reason in (("a,b\n" + "1,2\n" * 9, "no_header"), ("品番,品名\n,\n", "no_rows")):
        path = tmp_path / "x.csv"
        path.write_text(text, encoding="utf-8")
        run = bring_large("products", path)
        assert (run.state, run.report["file"]["reason"]) == (RunState.REFUSED, reason)


STOCK = 200


def stock_file(folder: Path) -> Path:
    lines = [f"W1,SKU-{n:03},{n + 1}" for n in range(STOCK)]
    path = folder / "stock.csv"
    path.write_text("\n".join(["倉庫コード,SKU,在庫数", *lines]), encoding="utf-8")
    return path


def stand() -> tuple[int, int, int]:
    """Moves, pieces on hand, staged rows."""
    with unit_of_work(WHO, read_only=True):
        found = (
            session.scalar(select(func.count()).select_from(Move)),
            session.scalar(
                select(func.sum(Balance.on_hand)).join(Location).where(Location.code == "W1")
            ),
            session.scalar(select(func.count()).select_from(StagedRow)),
        )
    return tuple(one or 0 for one in found)  # type: ignore[return-value]


def test_a_killed_import_goes_on_at_its_place_and_doubles_nothing(
    committed_database: str, data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = stock_file(tmp_path)
    skus = "\n".join(["SKU,品名", *(f"SKU-{n:03},品{n}" for n in range(STOCK))]).encode()
    with unit_of_work(WHO):
        import_file("products", skus, "skus.csv", dry_run=False, by=BY)
    for state, rows, within in (
        ("staging", 0, "between"), ("checking", 100, "between"), ("checking", 150, "within"),
        ("applying", 50, "between"), ("applying", 100, "within"), ("applying", 100, "within"),
    ):  # fmt: skip
        dying = [str(committed_database), str(data_folder), str(path), state, str(rows), within]
        died = subprocess.run(
            [sys.executable, "-m", "tests.exchange.dying_import", *dying],
            check=False, capture_output=True,
        )  # fmt: skip
        assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    assert stand() == (100, sum(range(1, 101)), STOCK)  # two whole chunks, and not a row more
    later = clock.now() + timedelta(minutes=5)
    with clock.at(later):
        assert [check.offenders() for check in CHECKS] != [[]]
        monkeypatch.setattr(large_runs, "CHUNK", 50)
        while work_until_empty():
            pass
        (run_id,) = unfinished()
        with unit_of_work(WHO):
            ask_to_go_on(run_id, BY)
        assert work_until_empty() == 1
    assert unfinished() == []
    assert stand() == (STOCK, sum(range(1, STOCK + 1)), 0)
    with unit_of_work(WHO, read_only=True):
        run = session.scalars(select(ImportRun).where(ImportRun.id == run_id)).one()
        assert (run.state, run.report["created"], run.report["rows"]) == (
            RunState.DONE,
            STOCK,
            STOCK,
        )
        assert run.report["resumed_at"] == [0, 100, 150, 50, 100, 100]
        assert [check.offenders() for check in CHECKS] == [[]]


def unfinished() -> list[int]:
    with unit_of_work(WHO, read_only=True):
        asked = select(ImportRun.id).where(ImportRun.state.in_(UNDER_WAY))
        return list(session.scalars(asked))
