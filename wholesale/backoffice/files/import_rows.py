"""The rows of a rehearsed file that were refused or need a look, as they stand in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wholesale.exchange.correcting import raw_sheets
from wholesale.kernel.raw_sheets import Cell, RawSheet

MOST_COLUMNS = 12


@dataclass(slots=True)
class ShownRow:
    """One row: its number, whether it was refused, its cells, and what is said under which column.

    Column -1 holds what belongs to no single column. `fields` names the cells that can be mended.
    """

    number: int
    is_refused: bool
    cells: list[str]
    said: dict[int, list[str]] = field(default_factory=dict)
    fields: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """The rows of one sheet under their column names; `columns` are the places that are shown."""

    name: str
    heads: list[str]
    columns: list[int]
    rows: list[ShownRow]


def shown(kind: str, content: bytes, report: Mapping[str, Any], most: int) -> list[ShownSheet]:
    """The refused rows first, then those with a warning, `most` in all, sheet by sheet."""
    sheets = {sheet.name: sheet for sheet in raw_sheets(kind, content)}
    remarks = [(one, True) for one in report["refused"]] + [
        (one, False) for one in report["warnings"]
    ]
    found: dict[str, dict[int, ShownRow]] = {}
    for remark, is_refused in remarks[:most]:
        sheet = sheets.get(remark["sheet"])
        if sheet is not None:
            _say(found.setdefault(sheet.name, {}), sheet, remark, is_refused=is_refused)
    return [_sheet(sheets[name], rows) for name, rows in found.items()]


def fixes(form: Mapping[str, str]) -> dict[tuple[str, int, int], str]:
    """What was typed into the fields of `shown`."""
    typed = {}
    for name, text in form.items():
        parts = name.split(":", 3)
        if parts[0] == "fix" and len(parts) == 4 and parts[1].isdigit() and parts[2].isdigit():  # noqa: PLR2004
            typed[parts[3], int(parts[1]), int(parts[2])] = text
    return typed


def _say(
    rows: dict[int, ShownRow], sheet: RawSheet, remark: Mapping[str, Any], *, is_refused: bool
) -> None:
    number = remark["row"]
    cells = next((row.cells for row in sheet.rows if row.number == number), ())
    row = rows.setdefault(number, ShownRow(number, is_refused, [_text(cell) for cell in cells]))
    heads = _heads(sheet, remark["column"])
    at = heads.index(remark["column"]) if remark["column"] in heads else -1
    row.said.setdefault(at, []).append(remark["message"])
    if at >= 0 and is_refused:
        row.fields[at] = f"fix:{number}:{at}:{sheet.name}"
        row.cells.extend([""] * (at + 1 - len(row.cells)))


def _heads(sheet: RawSheet, column: str) -> list[str]:
    """The row of column names: the first that holds this one."""
    for row in sheet.rows:
        heads = [_text(cell) for cell in row.cells]
        if column in heads:
            return heads
    return []


def _sheet(sheet: RawSheet, rows: dict[int, ShownRow]) -> ShownSheet:
    named = {at for row in rows.values() for at in row.said if at >= 0}
    widest = max((len(row.cells) for row in rows.values()), default=0)
    first = next((row for row in rows.values() if row.fields or row.said), None)
    heads: list[str] = []
    for raw in sheet.rows:
        texts = [_text(cell) for cell in raw.cells]
        if first is not None and raw.number < first.number and sum(map(bool, texts)) > 1:
            heads = texts
            break
    heads += [""] * (widest - len(heads))
    columns = sorted({*range(min(widest, MOST_COLUMNS)), *named})
    for row in rows.values():
        row.cells.extend([""] * (widest - len(row.cells)))
    return ShownSheet(sheet.name, heads, columns, list(rows.values()))


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def count(found: Sequence[ShownSheet]) -> int:
    """How many rows are shown."""
    return sum(len(sheet.rows) for sheet in found)
