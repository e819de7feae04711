"""Tables as files to work on: CSV that a spreadsheet opens without asking, or Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from flask import Response

from wholesale.kernel.tables import XLSX, Cell, xlsx

KINDS = ("csv", "xlsx")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_file(
    kind: str, name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> Response:
    """The table as a download `name`.csv (UTF-8 with its mark) or `name`.xlsx."""
    content = table_bytes(kind, heads, rows)
    reply = Response(content, mimetype=XLSX if kind == "xlsx" else "text/csv")
    ending = kind if kind in KINDS else "csv"
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    reply.headers["Cache-Control"] = "no-store"
    return reply


def table_bytes(kind: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table as Excel, or as CSV with its mark."""
    return xlsx(heads, rows) if kind == "xlsx" else _csv(heads, rows)


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
