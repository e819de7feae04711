"""Tables as Excel files to work on: plain cells under bold heads, nothing a spreadsheet reckons with."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import xlsxwriter

Cell = str | int | Decimal | date | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH, WIDEST = 12, 60


def xlsx(heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str = "") -> bytes:
    """One sheet (called `name`) with its heads frozen; figures stay figures, days stay days."""
    return workbook([(name, heads, rows)])


def workbook(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> bytes:
    """Several sheets (name, heads, rows) of one file."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for name, heads, rows in sheets:
            page = book.add_worksheet(name or None)
            page.freeze_panes(1, 0)
            widths = [max(WIDTH, _width(head)) for head in heads]
            for column, head in enumerate(heads):
                page.write_string(0, column, head, bold)
            for line, row in enumerate(rows, 1):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(line, column, cell, day)
                    elif isinstance(cell, (int, Decimal)):
                        page.write_number(line, column, cell)
                    elif cell:
                        page.write_string(line, column, cell)
                        widths[column] = max(widths[column], _width(cell))
            for column, width in enumerate(widths):
                page.set_column(column, column, min(width, WIDEST))
    return out.getvalue()


def _width(text: str) -> int:
    """How many columns of a figure a text takes: signs of East Asia take two."""
    return sum(1 if sign < "\u1100" else 2 for sign in text) + 2
