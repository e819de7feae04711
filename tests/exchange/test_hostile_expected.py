"""The spreadsheets that want to do harm, read at once and as streams: as their list says."""

from __future__ import annotations

import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.exchange.test_long_imports import bring_large
from tests.exchange.test_moving_in import BY
from wholesale.catalog.models import Product, Sku
from wholesale.exchange.importing import KINDS, import_file
from wholesale.exchange.models import RunState
from wholesale.kernel.book_stream import Book
from wholesale.kernel.db import session
from wholesale.kernel.raw_sheets import LARGEST_UNPACKED, FileRefused
from wholesale.kernel.table_files import write_csv, write_xlsx
from wholesale.kernel.table_stream import is_large, open_tables

FOLDER = Path(__file__).parents[1] / "data" / "moving_in" / "hostile"
EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text("utf8"))
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix in {".xlsx", ".csv"})


def how_many() -> int:
    return session.scalar(select(func.count()).select_from(Sku)) or 0


def test_each_ends_in_a_plain_message_or_in_its_good_rows(database: None) -> None:
    assert len(FILES) == 9
    for path in FILES:
        told, before = EXPECTED[path.name], how_many()
        report = import_file("products", path.read_bytes(), path.name, dry_run=True, by=BY)
        run = bring_large("products", path)
        if told["expected"].startswith("refused"):
            assert report.file is not None
            assert (path.name, report.file.reason) == (path.name, told["reason"])
            assert (run.state, how_many()) == (RunState.REFUSED, before)
            continue
        assert report.file is None
        taken = report.created + report.updated + report.unchanged
        assert (path.name, taken) == (path.name, told["good"])
        assert [(one.row, one.reason) for one in report.refused] == [
            (one["line"], one["reason"]) for one in told.get("refused", [])
        ]
        assert (run.state, how_many()) == (RunState.DONE, before + report.created)
    names = {name["ja"] for name in session.scalars(select(Product.name))}
    assert {"=cmd|'/C calc'!A0", "+1+1", "@SUM(A1)"} <= names


def test_a_small_archive_of_endless_rows_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(2 * LARGEST_UNPACKED))
    assert is_large(path)
    with pytest.raises(FileRefused) as caught, Book(path):
        pass
    assert caught.value.reason == "too_large_unpacked"


def test_a_file_of_any_length_is_read_in_the_same_memory(tmp_path: Path) -> None:
    peaks = []
    for rows in (1_000, 10_000):
        path, book = tmp_path / f"{rows}.csv", tmp_path / f"{rows}.xlsx"
        lines = [[f"SKU-{n}", f"品名 {n}", str(n)] for n in range(rows)]
        heads = ["SKU", "品名", "上代"]
        write_csv(path, heads, lines)
        write_xlsx(book, [("商品", heads, lines)])
        tracemalloc.start()
        for file in (path, book):
            with open_tables(file, file.name, KINDS["products"].sheets) as (table,):
                assert sum(1 for _ in table.rows) == rows
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 1_000_000
