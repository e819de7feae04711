"""Files that want to do harm, or were saved by strange programs, end in a plain message."""

from __future__ import annotations

import gzip
import io
import zipfile

import openpyxl
import pytest

from wholesale.kernel import raw_sheets, sheets
from wholesale.kernel.sheets import FileRefused, SheetKind, read_tables

KIND = SheetKind("goods", {"code": ("コード", "code"), "name": ("名称", "name")}, ("code", "name"))


def book(*rows: list[object]) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def altered(data: bytes, add: str, content: bytes) -> bytes:
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(add, content)
    return target.getvalue()


def refused(data: bytes, name: str = "a.xlsx") -> str:
    with pytest.raises(FileRefused) as caught:
        read_tables(data, name, [KIND])
    assert str(caught.value)
    return caught.value.reason


SOUND = book(["code", "name"], ["A", "x"])


def test_a_small_file_that_unpacks_to_a_large_one_is_refused_before_it_does() -> None:
    bomb = altered(SOUND, "xl/worksheets/sheet2.xml", bytes(raw_sheets.LARGEST_UNPACKED))
    assert len(bomb) < 1_000_000
    assert refused(bomb) == "too_large_unpacked"


@pytest.mark.parametrize(
    ("member", "content", "reason"),
    [
        ("xl/extra.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>', "doctype"),
        ("../../escape.txt", b"out", "bad_member_name"),
        ("xl/worksheets/far.xml", b'<row r="1048576"><c r="XFD1048576"/></row>', "too_many_rows"),
    ],
)
def test_a_workbook_with_a_trap_in_it_is_refused(member: str, content: bytes, reason: str) -> None:
    assert refused(altered(SOUND, member, content)) == reason


def test_too_many_rows_are_refused_with_the_limit_and_never_cut_off() -> None:
    data = b"code,name\n" + b"A,x\n" * sheets.MOST_ROWS
    (table,) = read_tables(data, "a.csv", [KIND])
    assert len(table.rows) == sheets.MOST_ROWS
    other = b"SKU,pieces\n" + b"A,1\n" * (sheets.MOST_ROWS + 1)
    for packed in (data + b"A,x\n", gzip.compress(data + b"A,x\n"), gzip.compress(other)):
        with pytest.raises(FileRefused, match="100000"):
            read_tables(packed, "a.csv.gz", [KIND])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_a_csv_file_is_read_in_every_usual_encoding(encoding: str) -> None:
    data = "コード,名称\r\nA1,湯呑\r\n".encode(encoding)
    (table,) = read_tables(data, "a.csv", [KIND])
    assert [dict(row.cells) for row in table.rows] == [{"code": "A1", "name": "湯呑"}]


def test_only_the_row_with_a_nul_or_a_strange_encoding_is_unreadable() -> None:
    data = "コード,名称\nA1,x\0y\n".encode("cp932") + "A2,湯呑\n".encode() + b"A3,z\n"
    (table,) = read_tables(data, "a.csv", [KIND])
    assert [(row.number, row.fault) for row in table.rows] == [
        (2, "control_character"), (3, "encoding"), (4, ""),
    ]  # fmt: skip


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    data = book(
        [],
        ["a title"],
        [],
        ["ＣＯＤＥ", "x", "Name"],
        [],
        ["A", 1, 0.1],
        [4580000100017, None, "b"],
    )
    (table,) = read_tables(data, "a.xlsx", [KIND])
    assert [(row.number, str(row.cells["code"]), str(row.cells["name"])) for row in table.rows] == [
        (6, "A", "0.1"),
        (7, "4580000100017", "b"),
    ]


def test_a_sheet_that_lacks_a_needed_column_is_not_left_out_silently() -> None:
    assert refused(book(["code", "名"], ["A", "x"])) in {"missing_column", "no_header"}
