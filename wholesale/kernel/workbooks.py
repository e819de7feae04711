"""Spreadsheet files: looked into before they are parsed, then read as plain rows."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from wholesale.kernel.raw_sheets import (
    LARGEST_UNPACKED,
    MOST_ROWS,
    Cell,
    FileRefused,
    RawRow,
    RawSheet,
    check_row_count,
    fault_of,
)

MOST_CELLS = 5_000_000
ZIP, COMPOUND = b"PK", b"\xd0\xcf\x11\xe0"  # .xlsx .xlsm .xlsb .ods; .xls and what is encrypted
_CHUNK = 1 << 20
_PLACE = re.compile(rb'<(?:c|row) [^>]*?r="([A-Z]{0,3})(\d{1,9})"')


def looks_like(data: bytes) -> bool:
    """The first bytes are those of a workbook, new or old."""
    return data.startswith((ZIP, COMPOUND))


def read(data: bytes) -> list[RawSheet]:
    """The visible sheets of a workbook. Raises FileRefused."""
    if data.startswith(ZIP):
        _inspect(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = []
        for about in book.sheets_metadata:
            if about.visible is not SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_name(about.name)
            first_column = sheet.start[1] if sheet.start else 0
            sheets.append(RawSheet(about.name, _rows(sheet.iter_rows(), first_column)))
            check_row_count(sum(len(one.rows) for one in sheets))
    except PasswordError as trouble:
        raise FileRefused("protected") from trouble
    except CalamineError as trouble:
        raise FileRefused("not_a_spreadsheet") from trouble
    return sheets


def _rows(rows: Iterable[Sequence[object]], first_column: int) -> list[RawRow]:
    """The filled rows; `rows` begin with the sheet's first, its cells with `first_column`."""
    before: tuple[Cell, ...] = (None,) * first_column
    found = []
    for number, row in enumerate(rows, 1):
        cells = before + tuple(_cell(value) for value in row)
        raw = RawRow(number, cells, fault_of(cells))
        if not raw.is_blank:
            found.append(raw)
    return found


def _cell(value: object) -> Cell:
    """A figure keeps the 15 digits a spreadsheet shows, exactly."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(value).upper()
    if isinstance(value, (int, float)):
        return Decimal(f"{value:.15g}")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (time, timedelta)):
        return str(value)
    text = str(value)
    return text if text.strip() else None


def _inspect(data: bytes) -> None:
    """Look into the archive before anything is parsed, counting what really comes out of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            for member in members:
                parts = member.filename.replace("\\", "/").split("/")
                if ".." in parts or member.filename.startswith(("/", "\\")) or ":" in parts[0]:
                    raise FileRefused("bad_member_name", name=member.filename[:100])
            if sum(member.file_size for member in members) > LARGEST_UNPACKED:
                raise FileRefused("too_large_unpacked", limit=LARGEST_UNPACKED >> 20)
            left = LARGEST_UNPACKED
            for member in members:
                left -= _inspect_member(archive, member, left)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as trouble:
        raise FileRefused("not_a_spreadsheet") from trouble


def _inspect_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    size = rows = columns = 0
    tail = b""
    with archive.open(member) as source:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > left:
                raise FileRefused("too_large_unpacked", limit=LARGEST_UNPACKED >> 20)
            seen = tail + chunk
            if member.filename.lower().endswith((".xml", ".rels")) and b"<!DOCTYPE" in seen:
                raise FileRefused("doctype")
            if "worksheets/" in member.filename:
                for letters, number in _PLACE.findall(seen):
                    rows = max(rows, int(number))
                    columns = max(columns, _column(letters))
                if rows * max(columns, 1) > MOST_CELLS:
                    raise FileRefused("too_many_rows", limit=MOST_ROWS)
            tail = seen[-200:]
    return size


def _column(letters: bytes) -> int:
    """The number of a column: B is 2, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
