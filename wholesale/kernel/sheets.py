"""Spreadsheets and CSV files as plain rows: exact figures, row numbers as a spreadsheet shows them."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook

from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

Cell = str | Decimal | date | None

LARGEST_FILE = 32 * 1024 * 1024
LARGEST_UNPACKED = 128 * 1024 * 1024
MOST_ROWS = 100_000
MOST_CELLS = 5_000_000
HEADER_WITHIN = 30
SURELY_MEANT = 4
_CHUNK = 1 << 20
_PLACE = re.compile(rb'<(?:c|row) [^>]*?r="([A-Z]{0,3})(\d{1,9})"')
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NOISE = re.compile(r"[\s()\[\]{}_\-./:;,%・*#'\"!?]+")
_TOTALS = frozenset({"合計", "小計", "総計", "計", "total", "totals", "subtotal", "合计", "总计"})

FILE_REASONS = {
    "empty_file": N_("The file is empty."),
    "too_large": N_("The file is larger than %(limit)s MB. Split it."),
    "too_large_unpacked": N_(
        "The file would unpack to more than %(limit)s MB. Save it again without pictures, or split it."
    ),
    "not_a_spreadsheet": N_("This is not a spreadsheet. Save it as .xlsx or .csv."),
    "doctype": N_("The file holds a document type declaration, which no spreadsheet needs."),
    "bad_member_name": N_("The file holds a part that points outside of it: %(name)s"),
    "encoding": N_("The characters can't be read. Save the file as UTF-8 or Shift_JIS."),
    "too_many_rows": N_("The file has more than %(limit)s rows. Split it."),
    "no_header": N_("No row with column names was found. Needed are: %(names)s"),
    "missing_column": N_("A column is missing: %(names)s"),
    "no_rows": N_("There is a row of column names and nothing below it."),
}


class FileRefused(DomainError):
    """The whole file can't be used; `reason` is a key of FILE_REASONS."""

    def __init__(self, reason: str, **values: object) -> None:
        self.reason = reason
        self.message = FILE_REASONS[reason]
        super().__init__(**values)


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it stands in the file. `fault` names what makes it unreadable, or is ""."""

    number: int
    cells: tuple[Cell, ...]
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        """Nothing in any cell."""
        return all(cell is None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class RawSheet:
    """All rows of one sheet; `is_text` where the file was CSV."""

    name: str
    rows: Sequence[RawRow]
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class SheetKind:
    """What a sheet of some kind is known by: fields, the names their columns go by, the needed ones.

    A needed entry "a|b" is fulfilled by either field.
    """

    name: str
    columns: Mapping[str, Sequence[str]]
    needed: Sequence[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One data row by field name; a field without a column, or an empty cell, is None."""

    sheet: str
    number: int
    cells: Mapping[str, Cell]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The data rows of a sheet of a known kind; `heads` are the column names as written."""

    kind: str
    sheet: str
    rows: Sequence[Row]
    heads: Mapping[str, str] = field(default_factory=dict)


def folded(name: str) -> str:
    """One spelling of a column name: any width and case, without blanks, brackets and signs."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name).lower())


def read_sheets(data: bytes, name: str) -> list[RawSheet]:
    """The sheets of an .xlsx or CSV file. Raises FileRefused."""
    if len(data) > LARGEST_FILE:
        raise FileRefused("too_large", limit=LARGEST_FILE >> 20)
    if not data.strip(b"\x00\x1a \t\r\n"):
        raise FileRefused("empty_file")
    if data.startswith(b"PK"):
        return _workbook(data)
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    named_book = name.lower().endswith((".xlsx", ".xls", ".xlsm", ".ods", ".xlsb"))
    if named_book or (not is_utf16 and _looks_binary(data)):
        raise FileRefused("not_a_spreadsheet")
    return [_text_sheet(data)]


def find_tables(sheets: Sequence[RawSheet], kinds: Sequence[SheetKind]) -> list[Table]:
    """Sheets by what their columns say, in the order of `kinds`. Raises FileRefused."""
    found: list[Table] = []
    missing: tuple[int, tuple[str, ...]] = (1, ())
    for sheet in sheets:
        table, lacking = _recognised(sheet, kinds)
        if table is not None:
            found.append(table)
        else:
            missing = max(missing, lacking, key=lambda one: one[0])
    # a sheet that lacks but one column of many is not silently left out
    if missing[1] and (not found or (len(missing[1]) == 1 and missing[0] >= SURELY_MEANT)):
        raise FileRefused("missing_column", names=", ".join(missing[1]))
    if not found:
        kind = kinds[0]
        names = ", ".join(kind.columns[part.split("|")[0]][0] for part in kind.needed)
        raise FileRefused("no_header", names=names)
    if not any(table.rows for table in found):
        raise FileRefused("no_rows")
    order = [kind.name for kind in kinds]
    return sorted(found, key=lambda table: order.index(table.kind))


def _recognised(
    sheet: RawSheet, kinds: Sequence[SheetKind]
) -> tuple[Table | None, tuple[int, tuple[str, ...]]]:
    """The sheet as the kind most of its columns fit; else how many fitted and what was lacking."""
    best: tuple[int, int, SheetKind, dict[str, int]] | None = None
    missing: tuple[int, tuple[str, ...]] = (1, ())
    for at, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        for kind in kinds:
            places = _columns(row, kind)
            lacking = _lacking(places, kind)
            if not lacking and (best is None or len(places) > best[0]):
                best = (len(places), at, kind, places)
            elif lacking and len(places) > missing[0]:
                missing = (len(places), lacking)
    if best is None:
        return None, missing
    return _table(sheet, best[1], best[2], best[3]), missing


def _columns(row: RawRow, kind: SheetKind) -> dict[str, int]:
    """Which field stands in which column; the first column of a name wins."""
    known = {folded(name): key for key, names in kind.columns.items() for name in names}
    places: dict[str, int] = {}
    for index, cell in enumerate(row.cells):
        key = known.get(folded(cell)) if isinstance(cell, str) else None
        if key is not None:
            places.setdefault(key, index)
    return places


def _lacking(places: Mapping[str, int], kind: SheetKind) -> tuple[str, ...]:
    return tuple(
        kind.columns[needed.split("|")[0]][0]
        for needed in kind.needed
        if not any(key in places for key in needed.split("|"))
    )


def _table(sheet: RawSheet, at: int, kind: SheetKind, places: Mapping[str, int]) -> Table:
    head = sheet.rows[at]
    width = len(head.cells)
    rows = []
    for raw in sheet.rows[at + 1 :]:
        filled = [cell for cell in raw.cells if cell is not None]
        if not filled or _is_no_data(filled, raw, is_text=sheet.is_text, width=width):
            continue
        fault = raw.fault
        if sheet.is_text and any(cell is not None for cell in raw.cells[width:]):
            fault = fault or "column_count"
        cells = {
            key: raw.cells[index] if index < len(raw.cells) else None
            for key, index in places.items()
        }
        rows.append(Row(sheet.name, raw.number, cells, fault))
    heads = {key: str(head.cells[index]).strip() for key, index in places.items()}
    return Table(kind.name, sheet.name, rows, heads)


def _is_no_data(filled: Sequence[Cell], raw: RawRow, *, is_text: bool, width: int) -> bool:
    """A line of totals, or a closing remark that stands alone in a CSV file."""
    if isinstance(filled[0], str) and folded(filled[0]) in _TOTALS:
        return True
    return is_text and len(raw.cells) == 1 < width


# --- .xlsx


def _workbook(data: bytes) -> list[RawSheet]:
    _inspect(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            first_row, first_column = sheet.start or (0, 0)
            sheets.append(RawSheet(name, _cells(sheet.to_python(), first_row, first_column)))
    except CalamineError as trouble:
        raise FileRefused("not_a_spreadsheet") from trouble
    if sum(len(sheet.rows) for sheet in sheets) > MOST_ROWS:
        raise FileRefused("too_many_rows", limit=MOST_ROWS)
    return sheets


def _cells(rows: Iterable[Sequence[object]], first_row: int, first_column: int) -> list[RawRow]:
    before: tuple[Cell, ...] = (None,) * first_column
    found = []
    for number, row in enumerate(rows, first_row + 1):
        cells = before + tuple(_cell(value) for value in row)
        raw = RawRow(number, cells, _fault(cells))
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


# --- text


def _looks_binary(data: bytes) -> bool:
    head = data[:4096]
    magic = (b"\x89PNG", b"\xff\xd8\xff", b"%PDF", b"GIF8", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
    return head.startswith(magic) or head.count(0) > len(head) // 10 + 3


def _text_sheet(data: bytes) -> RawSheet:
    text, bad_lines = _decoded(data)
    head = text.split("\n", HEADER_WITHIN)[:HEADER_WITHIN]
    delimiter = max(",\t;", key=lambda sign: sum(line.count(sign) for line in head))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[RawRow] = []
    last = 0
    try:
        for record in reader:
            cells = tuple(cell if cell.strip() else None for cell in record)
            lines = range(last + 1, reader.line_num + 1)
            last = reader.line_num
            fault = "encoding" if bad_lines.intersection(lines) else _fault(cells)
            raw = RawRow(lines.start, cells, fault)
            if not raw.is_blank:
                rows.append(raw)
            if len(rows) > MOST_ROWS:
                raise FileRefused("too_many_rows", limit=MOST_ROWS)
    except csv.Error as trouble:
        raise FileRefused("not_a_spreadsheet") from trouble
    return RawSheet("", rows, is_text=True)


def _fault(cells: Iterable[Cell]) -> str:
    is_bad = any(isinstance(cell, str) and _CONTROL.search(cell) for cell in cells)
    return "control_character" if is_bad else ""


def _decoded(data: bytes) -> tuple[str, set[int]]:
    """The text and the lines that are not in its encoding: by mark, else UTF-8, else CP932."""
    data = data.rstrip(b"\x1a")
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16"), set()
        return data.decode("utf-8-sig"), set()
    except UnicodeDecodeError as trouble:
        if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise FileRefused("encoding") from trouble
    lines: list[str] = []
    bad: set[int] = set()
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            lines.append(line.decode("cp932"))
        except UnicodeDecodeError:
            lines.append(line.decode("ascii", "replace"))
            bad.add(number)
            continue
        if _is_utf8_line(line):
            bad.add(number)
    if len(bad) * 2 > len(lines):
        raise FileRefused("encoding")
    return "\n".join(lines), bad


def _is_utf8_line(line: bytes) -> bool:
    """A line saved as UTF-8 among Shift_JIS ones: it reads as three-byte signs, which those never do."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return any(sign >= "\u0800" for sign in text)
