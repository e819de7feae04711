"""Mending single cells of a file that was rehearsed: a new file, so that what was sent stays as it was."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import xlsxwriter

from wholesale.exchange.importing import KINDS
from wholesale.kernel import text_sheets, workbooks
from wholesale.kernel.raw_sheets import Cell, FileRefused, RawSheet
from wholesale.kernel.sheets import find_tables

# (sheet, row as a spreadsheet counts it, column from 0) → what shall stand there
Fixes = Mapping[tuple[str, int, int], str]


def raw_sheets(kind: str, data: bytes) -> list[RawSheet]:
    """The rows of a file of one of KINDS as its import reads them. Raises FileRefused."""
    if data.startswith(text_sheets.GZIP):
        data = text_sheets.unpacked(data)
    if workbooks.looks_like(data):
        return list(workbooks.read(data))
    for sheet in text_sheets.readings(data):
        try:
            find_tables([sheet], KINDS[kind].sheets)
        except FileRefused:
            continue
        return [sheet]
    raise FileRefused("encoding")


def corrected(kind: str, data: bytes, name: str, fixes: Fixes) -> tuple[bytes, str]:
    """The file with these cells written anew, and its name. Raises FileRefused.

    Every other cell and every row number stays, so that what is wrong is still found at its place.
    """
    sheets = raw_sheets(kind, data)
    if len(sheets) == 1 and sheets[0].is_text:
        return _text(_rows(sheets[0], fixes)), name
    return _workbook(sheets, fixes), f"{name.rsplit('.', 1)[0]}.xlsx"


def _rows(sheet: RawSheet, fixes: Fixes) -> dict[int, list[Cell]]:
    rows = {row.number: list(row.cells) for row in sheet.rows}
    for (where, number, column), text in fixes.items():
        if where != sheet.name or number not in rows:
            continue
        cells = rows[number]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = text.strip() or None
    return rows


def _text(rows: Mapping[int, Sequence[Cell]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    line = 1
    for number, cells in sorted(rows.items()):
        for _ in range(number - line):
            writer.writerow(())
        texts = ["" if cell is None else str(cell) for cell in cells]
        writer.writerow(texts)
        line = max(number, line) + 1 + sum(text.count("\n") for text in texts)
    return out.getvalue().encode("utf-8-sig")


def _workbook(sheets: Sequence[RawSheet], fixes: Fixes) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name[:31])
        for number, cells in _rows(sheet, fixes).items():
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    page.write_datetime(number - 1, column, cell, day)
                elif isinstance(cell, Decimal):
                    page.write_number(number - 1, column, cell)
                elif cell is not None:
                    page.write_string(number - 1, column, cell)
    book.close()
    return out.getvalue()
