"""Tables of a known kind in a file of any length: what `sheets` reads whole, row by row."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from wholesale.kernel import book_stream, text_sheets, text_stream, workbooks
from wholesale.kernel.book_stream import Book
from wholesale.kernel.raw_sheets import HEADER_WITHIN, FileRefused, RawRow, RawSheet
from wholesale.kernel.sheets import (
    Head,
    Row,
    SheetKind,
    data_row,
    find_heads,
    is_data,
    is_text,
    limits_of,
)

LARGE_SHEETS = 2 << 20  # bytes of unpacked sheets from which a workbook is read as a stream
LARGE_TEXT = 1 << 20
MANY_LINES = 5_000
LARGE_PACKED = 300_000
_HEAD_BYTES = 4096

Rows = Callable[[], Iterator[RawRow]]


@dataclass(frozen=True, slots=True)
class StreamedTable:
    """The data rows of a sheet of a known kind, once; `heads` are the column names as written."""

    kind: str
    sheet: str
    head: Head
    rows: Iterator[Row]


@dataclass(frozen=True, slots=True)
class _Source:
    """A sheet that can be read again and again."""

    name: str
    rows: Rows
    is_text: bool

    def begun(self) -> RawSheet:
        """Its first rows."""
        return RawSheet(self.name, list(islice(self.rows(), HEADER_WITHIN + 1)), self.is_text)


def is_large(path: Path) -> bool:
    """Whether a file is better not read whole."""
    with path.open("rb") as file:
        start = file.read(2)
    if start == workbooks.ZIP:
        return book_stream.stated_size(path) > LARGE_SHEETS
    if start == text_sheets.GZIP:
        return _unpacks_to(path) > LARGE_PACKED
    if start == workbooks.COMPOUND[:2]:
        return False
    return path.stat().st_size > LARGE_TEXT or path.read_bytes().count(b"\n") > MANY_LINES


def _unpacks_to(path: Path) -> int:
    """The size a gzip file states at its end, and at least its own."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 4))
        return max(size, int.from_bytes(file.read(4), "little"))


@contextmanager
def open_tables(path: Path, name: str, kinds: Sequence[SheetKind]) -> Iterator[list[StreamedTable]]:
    """The tables of these kinds in a workbook (.xlsx) or a CSV file, to be read in their order.

    Raises FileRefused, also while they are read.
    """
    with ExitStack() as stack:
        sources = _sources(path, name, kinds, stack)
        sheets = [source.begun() for source in sources]
        by_sheet = {id(sheet): source for sheet, source in zip(sheets, sources, strict=True)}
        yield [
            StreamedTable(head.kind.name, sheet.name, head, _data(by_sheet[id(sheet)], sheet, head))
            for sheet, head in find_heads(sheets, kinds)
        ]


def _sources(path: Path, name: str, kinds: Sequence[SheetKind], stack: ExitStack) -> list[_Source]:
    with path.open("rb") as file:
        start = file.read(_HEAD_BYTES)
    if start.startswith(text_sheets.GZIP):
        target = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "unpacked"
        text_stream.unpack(path, target)
        return _sources(target, name, kinds, stack)
    if start.startswith(workbooks.ZIP):
        book = stack.enter_context(Book(path))
        return [
            _Source(title, partial(book.rows, member), is_text=False)
            for title, member in book.sheets
        ]
    looks_like_book = name.lower().endswith((".xlsx", ".xls", ".xlsm", ".ods", ".xlsb"))
    if text_sheets.looks_binary(start) or (looks_like_book and not is_text(start)):
        raise FileRefused("not_a_spreadsheet")
    return [_text(path, kinds)]


def _text(path: Path, kinds: Sequence[SheetKind]) -> _Source:
    """The reading in which the columns are known."""
    first: FileRefused | None = None
    for reading in text_stream.readings(path):
        source = _Source("", reading.rows, is_text=True)
        try:
            find_heads([source.begun()], kinds)
        except FileRefused as refusal:
            first = first or refusal
            if refusal.reason not in {"no_header", "missing_column"}:
                break
        else:
            return source
    raise first or FileRefused("encoding")


def _data(source: _Source, begun: RawSheet, head: Head) -> Iterator[Row]:
    heads = begun.rows[head.at : head.below + 1]
    limits = limits_of(heads, _widths(source, head) if source.is_text else None)
    for raw in _below(source, head):
        yield data_row(source.name, raw, head, limits)


def _below(source: _Source, head: Head) -> Iterator[RawRow]:
    rows = islice(source.rows(), head.below + 1, None)
    return (raw for raw in rows if is_data(raw, head, is_text=source.is_text))


def _widths(source: _Source, head: Head) -> Counter[int]:
    return Counter(len(raw.cells) for raw in _below(source, head))
