"""Spreadsheets of any length, row by row: never more than a piece of the file in memory."""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
from array import array
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from pathlib import Path
from types import TracebackType
from typing import Self
from xml.parsers import expat

from wholesale.kernel.money import plain
from wholesale.kernel.raw_sheets import LARGEST_UNPACKED, Cell, FileRefused, RawRow, fault_of

LARGEST_STREAMED = 4 << 30  # bytes that may come out of one file
MOST_TIMES = 100  # what is more than LARGEST_UNPACKED may not be more than this many times the file
MOST_COLUMNS = 1024
_PIECE = 1 << 16
_SPREAD = "xl/workbook.xml"
_KEPT = 20_000  # shared texts kept at hand
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d*)")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_BUILT_IN_DAYS = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_BUILT_IN_TIMES = frozenset({18, 19, 20, 21, 45, 46, 47})
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - a sheet has no zone
_FIRST_WHOLE_DAY = 1
_DIGITS = 15
_SHOWN = Context(prec=_DIGITS)

Start = Callable[[str, dict[str, str]], None]


def stated_size(path: Path) -> int:
    """The bytes that the sheets of an .xlsx file say they unpack to; 0 for any other file."""
    try:
        with zipfile.ZipFile(path) as archive:
            if _SPREAD not in archive.namelist():
                return 0
            return sum(one.file_size for one in archive.infolist() if "worksheets/" in one.filename)
    except (zipfile.BadZipFile, OSError):
        return 0


class Book:
    """An open workbook. Use it in a `with`; its rows can be read as often as wished."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._texts = _Texts()

    def __enter__(self) -> Self:
        """Look into the archive and read what its sheets share. Raises FileRefused."""
        try:
            self._archive = zipfile.ZipFile(self._path)
            self._look()
            self.sheets, is_1904 = self._directory()
            self._epoch = _EPOCH_1904 if is_1904 else _EPOCH
            self._days, self._times = self._styles()
            self._share_texts()
        except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError) as trouble:
            raise FileRefused("not_a_spreadsheet") from trouble
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the file go."""
        self._archive.close()
        self._texts.close()

    def rows(self, member: str) -> Iterator[RawRow]:
        """The filled rows of a sheet, numbered as a spreadsheet shows them. Raises FileRefused."""
        reader = _SheetReader(self._texts, self._days, self._times, self._epoch)
        for piece in self._pieces(member):
            reader.feed(piece)
            if reader.ready:
                yield from reader.ready
                reader.ready = []
        reader.feed(b"", last=True)
        yield from reader.ready

    def _look(self) -> None:
        members = self._archive.infolist()
        for member in members:
            parts = member.filename.replace("\\", "/").split("/")
            if ".." in parts or member.filename.startswith(("/", "\\")) or ":" in parts[0]:
                raise FileRefused("bad_member_name", name=member.filename[:100])
        size, packed = sum(one.file_size for one in members), self._path.stat().st_size
        self._most = max(LARGEST_UNPACKED, min(LARGEST_STREAMED, packed * MOST_TIMES))
        if size > self._most:
            raise FileRefused("too_large_unpacked", limit=self._most >> 20)

    def _pieces(self, member: str) -> Iterator[bytes]:
        size = 0
        try:
            with self._archive.open(member) as source:
                while piece := source.read(_PIECE):
                    size += len(piece)
                    if size > self._most:  # the directory may lie
                        raise FileRefused("too_large_unpacked", limit=self._most >> 20)
                    yield piece
        except (zipfile.BadZipFile, EOFError, OSError) as trouble:
            raise FileRefused("not_a_spreadsheet") from trouble

    def _walk(self, member: str, start: Start) -> None:
        if member not in self._archive.NameToInfo:
            return
        parser = _parser()

        def begin(name: str, attributes: dict[str, str]) -> None:
            start(name.rpartition(":")[2], attributes)

        parser.StartElementHandler = begin
        for piece in self._pieces(member):
            _parse(parser, piece)
        _parse(parser, b"", last=True)

    def _directory(self) -> tuple[list[tuple[str, str]], bool]:
        """(name, member) of the visible sheets, and whether days count from 1904."""
        targets: dict[str, str] = {}
        found: list[tuple[str, str, str]] = []
        flags: list[bool] = []

        def relation(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

        def sheet(name: str, attributes: dict[str, str]) -> None:
            if name == "sheet" and attributes.get("state", "visible") == "visible":
                told = {key.rpartition(":")[2]: value for key, value in attributes.items()}
                key = attributes.get("r:id") or told.get("id", "")
                found.append((attributes.get("name", ""), key, ""))
            elif name == "workbookPr":
                flags.append(attributes.get("date1904", "0") in {"1", "true"})

        self._walk("xl/_rels/workbook.xml.rels", relation)
        self._walk(_SPREAD, sheet)
        sheets = []
        for name, key, _ in found:
            target = targets.get(key, "")
            member = target[1:] if target.startswith("/") else f"xl/{target}"
            if member in self._archive.NameToInfo and "worksheets/" in member:
                sheets.append((name, member))
        return sheets, any(flags)

    def _styles(self) -> tuple[frozenset[int], frozenset[int]]:
        """The cell formats that show a day, and those that show a time alone."""
        formats: dict[int, str] = {}
        used: list[int] = []
        inside = [False]

        def style(name: str, attributes: dict[str, str]) -> None:
            if name == "numFmt":
                formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            elif name in {"cellXfs", "cellStyleXfs", "dxfs", "cellStyles"}:
                inside[0] = name == "cellXfs"
            elif name == "xf" and inside[0]:
                used.append(int(attributes.get("numFmtId", 0)))

        self._walk("xl/styles.xml", style)
        kinds = [_kind_of(number, formats.get(number)) for number in used]
        return (
            frozenset(at for at, kind in enumerate(kinds) if kind == "day"),
            frozenset(at for at, kind in enumerate(kinds) if kind == "time"),
        )

    def _share_texts(self) -> None:
        member = "xl/sharedStrings.xml"
        if member not in self._archive.NameToInfo:
            return
        reader = _TextReader(self._texts)
        for piece in self._pieces(member):
            reader.feed(piece)
        reader.feed(b"", last=True)
        self._texts.done()


def _kind_of(number: int, form: str | None) -> str:
    """Whether a number format shows a `day`, a `time` or a figure ("")."""
    if form is None:
        return "day" if number in _BUILT_IN_DAYS else "time" if number in _BUILT_IN_TIMES else ""
    plain = _LITERAL.sub("", form.split(";")[0]).lower()
    if re.search(r"[ydge年月日]", plain) and "general" not in plain and "e+" not in plain:
        return "day"
    if "m" in plain and not re.search(r"[hs]", plain):
        return "day"
    return "time" if re.search(r"[hs]", plain) else ""


class _Texts:
    """The texts that cells share, on the disk, found by their number."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=1 << 20)  # noqa: SIM115 - closed with the book
        self._ends = array("Q", [0])
        self._near: dict[int, str | None] = {}

    def add(self, text: str) -> None:
        self._ends.append(self._ends[-1] + self._file.write(text.encode("utf-8", "replace")))

    def done(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()

    def __getitem__(self, number: int) -> str | None:
        if number in self._near:
            return self._near[number]
        if not 0 <= number < len(self._ends) - 1:
            return None
        begin, end = self._ends[number], self._ends[number + 1]
        text = os.pread(self._file.fileno(), end - begin, begin).decode("utf-8")
        if len(self._near) > _KEPT:
            self._near.clear()
        told = self._near[number] = text if text.strip() else None
        return told


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    return parser


def _no_doctype(*_: object) -> None:
    raise FileRefused("doctype")


def _parse(parser: expat.XMLParserType, piece: bytes, *, last: bool = False) -> None:
    try:
        parser.Parse(piece, last)
    except (expat.ExpatError, ValueError) as trouble:
        raise FileRefused("not_a_spreadsheet") from trouble


class _TextReader:
    """Reads the shared texts: what is written above kanji to say how they are read is left out."""

    def __init__(self, texts: _Texts) -> None:
        self._texts = texts
        self._told: list[str] = []
        self._takes = self._is_reading = False
        self._parser = _parser()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        _parse(self._parser, piece, last=last)

    def _start(self, name: str, _: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "si":
            self._told = []
        elif name == "rPh":
            self._is_reading = True
        self._takes = name == "t" and not self._is_reading

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        self._takes = False
        if name == "rPh":
            self._is_reading = False
        elif name == "si":
            self._texts.add("".join(self._told))

    def _text(self, text: str) -> None:
        if self._takes:
            self._told.append(text)


class _SheetReader:
    """Turns the pieces of a sheet into rows; finished rows wait in `ready`."""

    def __init__(
        self, texts: _Texts, days: frozenset[int], times: frozenset[int], epoch: datetime
    ) -> None:
        self.ready: list[RawRow] = []
        self._texts, self._days, self._times, self._epoch = texts, days, times, epoch
        self._cells: list[Cell] = []
        self._number = self._at = self._style = 0
        self._kind = ""
        self._told: list[str] = []
        self._takes = False
        self._columns: dict[str, int] = {}
        self._parser = _parser()
        self._parser.StartElementHandler = self._root

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        _parse(self._parser, piece, last=last)

    def _root(self, name: str, _: dict[str, str]) -> None:
        """The first element tells by which prefix the others go."""
        prefix = name[: name.rfind(":") + 1]
        self._row, self._c = f"{prefix}row", f"{prefix}c"
        self._texts_of = frozenset({f"{prefix}v", f"{prefix}t"})
        self._reading = f"{prefix}rPh"
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._c:
            self._begin_cell(attributes)
        elif name in self._texts_of:
            self._takes = self._kind != "reading"
        elif name == self._row:
            told = attributes.get("r")
            self._number = int(told) if told else self._number + 1
            self._cells, self._at = [], -1
        elif name == self._reading:
            self._kind = "reading"

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        self._at = self._column(place) if place else self._at + 1
        self._kind = attributes.get("t", "n")
        self._style = int(attributes.get("s", 0))
        self._told = []

    def _column(self, place: str) -> int:
        letters = place.rstrip("0123456789")
        known = self._columns.get(letters)
        if known is None:
            if not _REFERENCE.fullmatch(place):
                raise ValueError(place)
            known = 0
            for letter in letters:
                known = known * 26 + ord(letter) - 64
            known = self._columns[letters] = known - 1
        return known

    def _text(self, text: str) -> None:
        if self._takes:
            self._told.append(text)

    def _end(self, name: str) -> None:
        if name == self._c:
            if self._told and self._at < MOST_COLUMNS:
                self._put(self._value("".join(self._told)))
        elif name == self._row:
            cells = tuple(self._cells)
            row = RawRow(self._number, cells, fault_of(cells))
            if not row.is_blank:
                self.ready.append(row)
        else:
            self._takes = False

    def _put(self, value: Cell) -> None:
        gap = self._at - len(self._cells)
        if gap > 0:
            self._cells.extend([None] * gap)
        if gap < 0:
            self._cells[self._at] = value
        else:
            self._cells.append(value)

    def _value(self, told: str) -> Cell:
        kind = self._kind
        if kind == "s":
            return self._texts[int(told)]
        if kind == "n":
            return self._figure(told)
        if kind == "b":
            return "TRUE" if told.strip() in {"1", "true"} else "FALSE"
        if kind == "d":
            return date.fromisoformat(told[:10])
        return told if told.strip() else None

    def _figure(self, told: str) -> Cell:
        """A figure keeps the 15 digits a spreadsheet shows, exactly; in a day's format, a day."""
        try:
            figure = Decimal(told) if len(told) <= _DIGITS else plain(_SHOWN.create_decimal(told))
        except InvalidOperation as trouble:
            raise ValueError(told) from trouble
        if not figure.is_finite():
            raise ValueError(told)
        if self._style in self._days:
            return self._day(figure)
        return _time(figure) if self._style in self._times else figure

    def _day(self, serial: Decimal) -> Cell:
        if serial < _FIRST_WHOLE_DAY:
            return _time(serial)
        try:
            return (self._epoch + timedelta(days=int(serial))).date()
        except OverflowError:
            return serial


def _time(part: Decimal) -> str:
    """A part of a day as a time of it."""
    return str(timedelta(seconds=round(part * 86400)))
