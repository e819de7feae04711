"""Spreadsheets and CSV files as tables of a known kind: exact figures, row numbers as shown."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wholesale.kernel import text_sheets, workbooks
from wholesale.kernel.raw_sheets import (
    HEADER_WITHIN,
    LARGEST_FILE,
    MOST_ROWS,
    Cell,
    FileRefused,
    RawRow,
    RawSheet,
)

__all__ = ["FileRefused", "Row", "SheetKind", "Table", "find_tables", "folded", "read_tables"]

SURELY_MEANT = 4
Limits = tuple[int, int, int]
_NOISE = re.compile(r"[\s()\[\]{}【】〈〉<>《》「」_\-./:;,%・*#'\"!?※★●■◆]+")
_BRACKETS = re.compile(r"[(\[【〈<《「]([^()\[\]【】〈〉<>《》「」]*)[)\]】〉>》」]")
_LIST = re.compile(r"[\s・,、/]+")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z _./-]*")
_TOTALS = frozenset(
    {
        "合計", "小計", "総計", "計", "総合計", "合計金額", "合計数", "累計", "total", "totals",
        "subtotal", "grandtotal", "sum", "合计", "总计", "小计", "总和",
    }
)  # fmt: skip
# What may stand in brackets behind a column's name without changing what it means.
_HARMLESS = frozenset(
    {
        "円", "税抜", "税抜き", "税別", "本体", "本体価格", "jpy", "yen", "excl tax", "ex tax", "net", "不含税",
        "元", "日元", "必須", "任意", "半角", "全角", "半角英数", "半角カナ", "required", "optional", "必填", "选填",
        "個", "点", "本", "pcs", "pc", "qty", "件", "g", "グラム", "日", "day", "days", "天", "yyyy mm dd", "西暦",
        "和暦", "桁", "13桁", "ean", "jan", "gtin", "13", "%", "数字", "文字", "コード", "code",
    }
)  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class Head:
    """Where the column names of a kind stand: the lines `at` to `below`, each field's column."""

    kind: SheetKind
    at: int
    below: int
    places: Mapping[str, int]
    heads: Mapping[str, str]


def folded(name: str) -> str:
    """One spelling of a column name: any width and case, without blanks, brackets and signs."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name).lower())


def read_tables(data: bytes, name: str, kinds: Sequence[SheetKind]) -> list[Table]:
    """The tables of these kinds in a workbook or a CSV file (packed by gzip or not).

    A CSV file that doesn't name its encoding is read in the one in which its columns are known.
    Raises FileRefused.
    """
    if len(data) > LARGEST_FILE:
        raise FileRefused("too_large", limit=LARGEST_FILE >> 20)
    if data.startswith(text_sheets.GZIP):
        data = text_sheets.unpacked(data)
    if not data.strip(b"\x00\x1a \t\r\n\xef\xbb\xbf"):
        raise FileRefused("empty_file")
    if workbooks.looks_like(data):
        return find_tables(workbooks.read(data), kinds)
    if name.lower().endswith((".xlsx", ".xls", ".xlsm", ".ods", ".xlsb")) and not is_text(data):
        raise FileRefused("not_a_spreadsheet")
    if text_sheets.looks_binary(data):
        raise FileRefused("not_a_spreadsheet")
    first: FileRefused | None = None
    for sheet in text_sheets.readings(data):
        try:
            return find_tables([sheet], kinds)
        except FileRefused as refusal:
            first = first or refusal
            if refusal.reason not in {"no_header", "missing_column"}:
                break
    raise first or FileRefused("encoding")


def is_text(data: bytes) -> bool:
    """An old system's CSV that is only called .xls; never a page of HTML."""
    return not text_sheets.looks_binary(data) and data.lstrip()[:1] != b"<"


def find_tables(sheets: Sequence[RawSheet], kinds: Sequence[SheetKind]) -> list[Table]:
    """Sheets by what their columns say, in the order of `kinds`. Raises FileRefused."""
    try:
        found = [_table(sheet, head) for sheet, head in find_heads(sheets, kinds)]
    except FileRefused as refusal:
        is_long = sum(len(sheet.rows) for sheet in sheets) - 1 > MOST_ROWS
        if is_long and refusal.reason in {"no_header", "missing_column"}:
            raise FileRefused("too_many_rows", limit=MOST_ROWS) from refusal
        raise
    count = sum(len(table.rows) for table in found)
    if not count:
        raise FileRefused("no_rows")
    if count > MOST_ROWS:
        raise FileRefused("too_many_rows", limit=MOST_ROWS)
    return found


def find_heads(
    sheets: Sequence[RawSheet], kinds: Sequence[SheetKind]
) -> list[tuple[RawSheet, Head]]:
    """The sheets of these kinds with their heads, in the order of `kinds`; their first rows suffice.

    Raises FileRefused.
    """
    found: list[tuple[RawSheet, Head]] = []
    missing: tuple[int, tuple[str, ...]] = (1, ())
    for sheet in sheets:
        head, lacking = _recognised(sheet, kinds)
        if head is not None:
            found.append((sheet, head))
        else:
            missing = max(missing, lacking, key=lambda one: one[0])
    # a sheet that lacks but one column of many is not silently left out
    if missing[1] and (not found or (len(missing[1]) == 1 and missing[0] >= SURELY_MEANT)):
        raise FileRefused("missing_column", names=", ".join(missing[1]))
    if not found:
        kind = kinds[0]
        names = ", ".join(kind.columns[part.split("|")[0]][0] for part in kind.needed)
        raise FileRefused("no_header", names=names)
    order = [kind.name for kind in kinds]
    return sorted(found, key=lambda one: order.index(one[1].kind.name))


def _recognised(
    sheet: RawSheet, kinds: Sequence[SheetKind]
) -> tuple[Head | None, tuple[int, tuple[str, ...]]]:
    """The head of the kind most columns fit; else how many fitted and what was lacking."""
    best: Head | None = None
    missing: tuple[int, tuple[str, ...]] = (1, ())
    lines = sheet.rows[: HEADER_WITHIN + 1]
    for kind in kinds:
        names = _Names(kind)
        for at in range(len(lines[:HEADER_WITHIN])):
            for head in _heads(lines, at, names):
                lacking = _lacking(head.places, kind)
                if not lacking and (best is None or len(head.places) > len(best.places)):
                    best = head
                elif lacking and len(head.places) > missing[0]:
                    missing = (len(head.places), lacking)
    return best, missing


class _Names:
    """The spellings by which the columns of a kind are known."""

    def __init__(self, kind: SheetKind) -> None:
        self.kind = kind
        names = [(name, key) for key, names in kind.columns.items() for name in names]
        self._known = {folded(name): key for name, key in names}
        self._plain = {_without_remarks(name): key for name, key in names} | self._known

    def places(self, cells: Sequence[Cell]) -> dict[str, int]:
        """Which field stands in which column: exact names first, the first column of a name wins."""
        found: dict[str, int] = {}
        for spelled, known in ((folded, self._known), (_without_remarks, self._plain)):
            for index, cell in enumerate(cells):
                if not isinstance(cell, str) or index in found.values():
                    continue
                key = known.get(spelled(cell))
                if key is not None:
                    found.setdefault(key, index)
        return found


def _without_remarks(name: str) -> str:
    """A column name without what is in brackets and changes nothing: 上代(税抜・円), 【必須】品名."""

    def keep(match: re.Match[str]) -> str:
        told = " ".join(_LIST.split(match[1].strip()))
        parts = set(_LIST.split(match[1].strip())) - {""}
        return "" if told in _HARMLESS or parts <= _HARMLESS else match[0]

    return folded(_BRACKETS.sub(keep, unicodedata.normalize("NFKC", name).lower()))


def _heads(lines: Sequence[RawRow], at: int, names: _Names) -> list[Head]:
    """The line as a head, and together with the next where cells are merged over both."""
    upper = lines[at].cells
    found = [_head(names, at, at, upper)]
    if at + 1 < len(lines) and lines[at + 1].number == lines[at].number + 1:
        lower = lines[at + 1].cells
        width = max(len(upper), len(lower))
        pairs = zip(_filled_to(upper, width), _filled_to(lower, width), strict=True)
        both = [low if low is not None else up for up, low in pairs]
        if found[0].places and all(isinstance(cell, (str, type(None))) for cell in lower):
            head = _head(names, at, at + 1, both)
            is_divided = _head(names, at, at, lower).places.keys() - found[0].places.keys()
            if is_divided and len(head.places) > len(found[0].places):
                found.append(head)
    return found


def _filled_to(cells: Sequence[Cell], width: int) -> list[Cell]:
    return [*cells, *[None] * (width - len(cells))]


def _head(names: _Names, at: int, below: int, cells: Sequence[Cell]) -> Head:
    places = names.places(cells)
    heads = {key: str(cells[index]).strip() for key, index in places.items()}
    return Head(names.kind, at, below, places, heads)


def _lacking(places: Mapping[str, int], kind: SheetKind) -> tuple[str, ...]:
    return tuple(
        kind.columns[needed.split("|")[0]][0]
        for needed in kind.needed
        if not any(key in places for key in needed.split("|"))
    )


def _table(sheet: RawSheet, head: Head) -> Table:
    lines = [
        raw for raw in sheet.rows[head.below + 1 :] if is_data(raw, head, is_text=sheet.is_text)
    ]
    widths = Counter(len(raw.cells) for raw in lines) if sheet.is_text else None
    limits = limits_of(sheet.rows[head.at : head.below + 1], widths)
    rows = [data_row(sheet.name, raw, head, limits) for raw in lines]
    return Table(head.kind.name, sheet.name, rows, head.heads)


def data_row(sheet: str, raw: RawRow, head: Head, limits: Limits | None) -> Row:
    """A raw row by field name."""
    fault = raw.fault
    if limits is not None and _is_shifted(raw, limits):
        fault = fault or "column_count"
    cells = {
        key: raw.cells[index] if index < len(raw.cells) else None
        for key, index in head.places.items()
    }
    return Row(sheet, raw.number, cells, fault)


def is_data(raw: RawRow, head: Head, *, is_text: bool) -> bool:
    """Whether a row below the head is one of data."""
    return not raw.is_blank and not _is_no_data(raw, head, is_text=is_text)


def limits_of(heads: Sequence[RawRow], widths: Counter[int] | None) -> Limits | None:
    """How wide rows of text may be; None where a sheet says which cell is which.

    How many columns have names, how many the head has, and how many a row usually has (`widths`
    counts the rows of data by their cells).
    """
    if widths is None:
        return None
    usual = widths.most_common(1)
    named = max(raw.width for raw in heads)
    return named, max(len(raw.cells) for raw in heads), usual[0][0] if usual else 0


def _is_shifted(raw: RawRow, limits: Limits) -> bool:
    """More columns are filled than have names: a comma that was not in quotes moved them."""
    named, head, usual = limits
    return raw.width > max(named, head) or (raw.width > named and len(raw.cells) > max(head, usual))


def _is_no_data(raw: RawRow, head: Head, *, is_text: bool) -> bool:
    """A line of totals, the head once more on the next page, a remark that stands alone."""
    filled = [cell for cell in raw.cells if cell is not None]
    first = filled[0]
    if isinstance(first, str) and folded(first) in _TOTALS:
        return True
    told = {key: raw.cells[at] for key, at in head.places.items() if at < len(raw.cells)}
    if all(str(told.get(key) or "").strip() == name for key, name in head.heads.items()):
        return True
    if len(filled) > 1 or len(head.places) == 1:
        return False
    alone = unicodedata.normalize("NFKC", str(first)).strip()
    return (is_text and len(raw.cells) == 1) or not _CODE.fullmatch(alone)
