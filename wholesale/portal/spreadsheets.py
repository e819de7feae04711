"""Tables as files to work on: CSV that a spreadsheet opens without asking, or Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import xlsxwriter
from flask import Response

Cell = str | int | Decimal | date | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = ("csv", "xlsx")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_file(
    kind: str, name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> Response:
    """The table as a download `name`.csv (UTF-8 with its mark) or `name`.xlsx."""
    content = _xlsx(heads, rows) if kind == "xlsx" else _csv(heads, rows)
    reply = Response(content, mimetype=XLSX if kind == "xlsx" else "text/csv")
    ending = kind if kind in KINDS else "csv"
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([[_told(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def _told(cell: Cell) -> str | int:
    """A cell of a CSV file; a text that a spreadsheet would reckon with is kept from it."""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, int):
        return cell
    text = cell.isoformat() if isinstance(cell, date) else cell or ""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _xlsx(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet()
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        page.freeze_panes(1, 0)
        for column, head in enumerate(heads):
            page.write_string(0, column, head, bold)
            page.set_column(column, column, 16)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(line, column, cell, day)
                elif isinstance(cell, (int, Decimal)):
                    page.write_number(line, column, cell)
                elif cell:
                    page.write_string(line, column, cell)
    return out.getvalue()
