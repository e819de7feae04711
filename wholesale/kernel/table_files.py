"""Tables of any length as files: written row by row, never more than a piece in memory."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import xlsxwriter

from wholesale.kernel.tables import Cell

MOST_LINES = 1_048_575  # what a sheet holds below its heads
LACKING = "〓"  # stands where an old encoding has no sign, as in print
ENCODINGS = {"utf-8": "utf-8-sig", "cp932": "cp932"}
_RECKONED = ("=", "+", "-", "@", "\t", "\r")
WIDTH = 16

Sheet = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]


@dataclass(slots=True)
class Written:
    """What was written: rows below the heads, and the signs that the encoding does not have.

    `first_lacking` is the line of the first of them.
    """

    rows: int = 0
    lacking: Counter[str] = field(default_factory=Counter)
    first_lacking: int = 0


def write_xlsx(path: Path, sheets: Iterable[Sheet]) -> Written:
    """Several sheets (name, heads, rows) of one workbook; texts stay texts, whatever they begin with."""
    done = Written()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for name, heads, rows in sheets:
            line, number = MOST_LINES, 0
            for row in chain(rows, [None]):
                if line == MOST_LINES and (row is not None or not number):
                    number += 1
                    page = _page(book, f"{name} {number}" if number > 1 else name, heads, bold)
                    line = 0
                if row is not None:
                    line += 1
                    _write_row(page, line, row, day)
                    done.rows += 1
    return done


def _page(book: Any, name: str, heads: Sequence[str], bold: Any) -> Any:
    """A further sheet with its heads; a table that is longer than one goes on on the next."""
    page = book.add_worksheet(name)
    page.freeze_panes(1, 0)
    page.set_column(0, max(0, len(heads) - 1), WIDTH)
    for column, head in enumerate(heads):
        page.write_string(0, column, head, bold)
    return page


def _write_row(page: Any, line: int, row: Sequence[Cell], day: Any) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            if cell:
                page.write_string(line, column, cell)
        elif isinstance(cell, date):
            page.write_datetime(line, column, cell, day)
        elif cell is not None:
            page.write_number(line, column, cell)


def write_csv(
    path: Path, heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, encoding: str = "utf-8"
) -> Written:
    """One table as CSV: UTF-8 with its mark, or CP932, where signs it lacks become `LACKING`."""
    done = Written()
    with path.open("wb") as target:
        if encoding == "utf-8":
            target.write(b"\xef\xbb\xbf")
        line = io.StringIO(newline="")
        writer = csv.writer(line)
        for told in _texts(heads, rows):
            writer.writerow(told)
            text = line.getvalue()
            line.seek(0)
            line.truncate()
            target.write(_encoded(text, encoding, done))
            done.rows += 1
    done.rows -= 1
    return done


def _texts(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterable[Sequence[str | int]]:
    yield list(heads)
    for row in rows:
        yield [_text(cell) for cell in row]


def _text(cell: Cell) -> str | int:
    """A text that a spreadsheet would reckon with is kept from it by an apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_RECKONED) else cell
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell if isinstance(cell, int) else cell.isoformat()


def _encoded(text: str, encoding: str, done: Written) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        found = []
        for sign in text:
            try:
                found.append(sign.encode(encoding))
            except UnicodeEncodeError:
                done.lacking[sign] += 1
                done.first_lacking = done.first_lacking or done.rows + 1
                found.append(LACKING.encode(encoding))
        return b"".join(found)
