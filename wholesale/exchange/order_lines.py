"""What an order sheet asks for, before anybody knows its codes: lists, grids, or bare lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from wholesale.exchange import cells, spellings
from wholesale.exchange.known import CUSTOMER_CODE
from wholesale.exchange.reports import Refused
from wholesale.kernel import text_sheets, workbooks
from wholesale.kernel.money import plain
from wholesale.kernel.raw_sheets import HEADER_WITHIN, LARGEST_FILE, Cell, RawRow, RawSheet
from wholesale.kernel.sheets import FileRefused, Row, SheetKind, Table, find_tables, folded

COLUMNS: dict[str, Sequence[str]] = {
    "sku": ("SKU", "商品コード", "SKUコード", "品番", "商品番号", "商品CD", "コード", "型番", "貴社品番", "item code", "item", "code", "product code", "item no", "part number", "article", "商品编码", "货号", "商品编号", "SKU编码", "商品代码", "商品編號", "貨號"),
    "jan": ("JAN", "JANコード", "バーコード", "EAN", "GTIN", "barcode", "条码", "条形码", "條碼"),
    "quantity": ("数量", "発注数", "注文数", "発注数量", "注文数量", "個数", "qty", "quantity", "order quantity", "order qty", "pcs", "pieces", "订购数量", "订货数量", "订单数量", "數量", "訂購數量"),
    "wanted": ("ご注文数", "今回ご注文数", "your order", "您的订购数", "您的訂購數"),
}  # fmt: skip
KINDS = (SheetKind("order", COLUMNS, ("sku|jan", "quantity|wanted")),)
_HEAD = {
    "customer": (*CUSTOMER_CODE, "発注元", "取引先", "得意先", "顧客", "貴社名", "御社名", "buyer", "from", "客户", "客戶", "采购方"),
    "po_number": ("発注番号", "注文番号", "貴社注文番号", "発注No", "注文No", "PO番号", "PO", "PO number", "PO no", "order number", "order no", "purchase order", "采购单号", "订单号", "採購單號", "訂單號"),
    "wanted_on": ("納品希望日", "納入希望日", "希望納期", "納期", "希望日", "お届け希望日", "delivery date", "wanted on", "requested date", "required date", "交货日期", "希望交期", "到货日期", "交貨日期"),
}  # fmt: skip
_LABELS = {folded(name): key for key, names in _HEAD.items() for name in names}
_QUANTITIES = {folded(name) for key in ("quantity", "wanted") for name in COLUMNS[key]}
_GRID = re.compile(r"(色|colou?r|カラー).*(サイズ|size|尺)")
_TOTALS = frozenset({"合計", "小計", "計", "total", "合计", "小计"})
_GAPS = re.compile(r"[\t,;、\s]+")
_TIMES = re.compile(r"^[x×*](?=\d)")
_DIGIT = re.compile(r"\d")
SHORTEST_JAN = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: `kind` is line (text), row or cell (workbooks)."""

    kind: str
    where: int | str
    sheet: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Variant:
    """One field of a grid: a model, and the words for its colour and size."""

    model: str
    down: str
    across: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of a sheet. `ways` are the (code, quantity as told) it may mean, the likelier first."""

    place: Place
    ways: Sequence[tuple[str, Cell]]
    variant: Variant | None = None
    columns: tuple[str, str] = ("", "")
    fault: str = ""


@dataclass(slots=True)
class Sheet:
    """All that was asked for, and what the head of the sheet says: customer, number, day."""

    asked: list[Asked] = field(default_factory=list)
    head: dict[str, Cell] = field(default_factory=dict)


def read_file(data: bytes, name: str) -> Sheet:
    """The lines of a workbook or text file. Raises FileRefused."""
    if len(data) > LARGEST_FILE:
        raise FileRefused("too_large", limit=LARGEST_FILE >> 20)
    if data.startswith(text_sheets.GZIP):
        data = text_sheets.unpacked(data)
    if not data.strip(b"\x00\x1a \t\r\n\xef\xbb\xbf"):
        raise FileRefused("empty_file")
    if workbooks.looks_like(data):
        return _read(workbooks.read(data))
    if text_sheets.looks_binary(data) or data.lstrip()[:1] == b"<":
        raise FileRefused("not_a_spreadsheet")
    first: Sheet | None = None
    for raw in text_sheets.readings(data):
        found = _read([raw])
        if found.asked and found.asked[0].columns != ("", ""):
            return found
        first = first or found
    return first or Sheet()


def read_text(text: str) -> Sheet:
    """The lines of a text that somebody pasted."""
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.split("\t") if "\t" in line else line.split(",")
        told = tuple(part.strip() or None for part in parts)
        if line.strip():
            rows.append(RawRow(number, told))
    return _read([RawSheet("", rows, is_text=True)]) if rows else Sheet()


def _read(raws: Sequence[RawSheet]) -> Sheet:
    found = Sheet()
    loose: list[Asked] = []
    for raw in raws:
        found.head = {**_head(raw), **found.head}
        grid = list(_grid(raw))
        if grid:
            found.asked += grid
            continue
        try:
            (table,) = find_tables([raw], KINDS)
        except FileRefused as refusal:
            if refusal.reason == "too_many_rows":
                raise
            loose += _loose(raw) if refusal.reason == "no_header" else []
        else:
            found.asked += _listed(table, is_text=raw.is_text)
    found.asked = found.asked or loose
    return found


def _head(raw: RawSheet) -> dict[str, Cell]:
    """What stands beside known words above the lines."""
    found: dict[str, Cell] = {}
    for row in raw.rows[:HEADER_WITHIN]:
        names = [folded(cell) if isinstance(cell, str) else "" for cell in row.cells]
        if _QUANTITIES.intersection(names) or (names and _is_grid_head(row)):
            break
        for at, name in enumerate(names):
            key = _LABELS.get(name)
            told = next((cell for cell in row.cells[at + 1 :] if cell is not None), None)
            if key and told is not None:
                found.setdefault(key, told)
    return found


def _listed(table: Table, *, is_text: bool) -> Iterator[Asked]:
    """The rows of a list; an empty field of a sheet that lists everything asks for nothing."""
    field_of = "quantity" if "quantity" in table.heads else "wanted"
    columns = (table.heads.get("sku") or table.heads.get("jan", ""), table.heads[field_of])
    for row in table.rows:
        told = row.cells.get(field_of)
        if field_of == "wanted" and told is None:
            continue
        place = Place("line" if is_text else "row", row.number, row.sheet, row.number)
        codes = dict.fromkeys(_code(row, key) for key in ("sku", "jan"))
        ways = [(code, told) for code in codes if code] or [("", told)]
        yield Asked(place, ways, columns=columns, fault=row.fault)


def _code(row: Row, key: str) -> str:
    try:
        return cells.code(row, key)
    except Refused:  # too long to be a code: nobody will know it
        return cells.text(row, key)[: cells.LONGEST_CODE]


def _loose(raw: RawSheet) -> Iterator[Asked]:
    for row in raw.rows:
        told = "\t".join(_text(cell) for cell in row.cells if cell is not None)
        if told and folded(told.split("\t")[0]) not in _TOTALS:
            kind = "line" if raw.is_text else "row"
            yield Asked(
                Place(kind, row.number, raw.name, row.number), ways_of(told), fault=row.fault
            )


def ways_of(line: str) -> list[tuple[str, Cell]]:
    """What a bare line may mean: the quantity behind or before the code, a name between them."""
    parts = [part for part in _GAPS.split(unicodedata.normalize("NFKC", line).strip()) if part]
    if len(parts) > 1 and not spellings.without_unit(parts[-1]):
        parts.pop()  # 12 個
    if len(parts) == 1:
        is_figure = spellings.figure(parts[0]) is not None and len(parts[0]) < SHORTEST_JAN
        return [("", parts[0])] if is_figure else [(parts[0], None)]
    if not parts or not _DIGIT.search(line):
        return [(" ".join(parts), None)]
    first, last = parts[0], parts[-1]
    behind = [(code, last) for code in (" ".join(parts[:-1]), first, parts[-2])]
    before = [(code, first) for code in (" ".join(parts[1:]), parts[1], last)]
    is_before = figure_of(last) is None and figure_of(first) is not None
    ways = [*before, *behind] if is_before else [*behind, *before]
    return [*dict.fromkeys(ways[1:2] + ways[:1] + ways[2:])]


def figure_of(told: Cell) -> Decimal | None:
    """The figure of a quantity as people write it: 12, １２, 12個, x12; None for anything else."""
    if isinstance(told, Decimal):
        return plain(told)
    if not isinstance(told, str):
        return None
    return spellings.figure(_TIMES.sub("", spellings.without_unit(told)))


def _grid(raw: RawSheet) -> Iterator[Asked]:
    """The filled fields of all grids of a sheet: a model above, colours down, sizes across."""
    heads = [at for at, row in enumerate(raw.rows) if _is_grid_head(row)]
    ends = [at - 1 for at in heads[1:]] + [len(raw.rows)]  # a head has its model above it
    for at, end in zip(heads, ends[: len(heads)], strict=True):
        above = [row for row in raw.rows[:at] if not row.is_blank]
        if not above:
            continue
        model = unicodedata.normalize("NFKC", _text(above[-1].cells[0])).strip()
        yield from _fields(raw.name, model, raw.rows[at], raw.rows[at + 1 : end])


def _fields(sheet: str, model: str, head: RawRow, rows: Sequence[RawRow]) -> Iterator[Asked]:
    expected = head.number
    for row in rows:
        expected += 1
        if row.is_blank or row.number != expected:
            return
        label = _text(row.cells[0])
        for at, told in enumerate(row.cells[1:], 1):
            across = _text(head.cells[at]) if at < len(head.cells) else ""
            if told is None or not across or {folded(label), folded(across)} & _TOTALS:
                continue
            place = Place("cell", f"{_letters(at)}{row.number}", sheet, row.number)
            yield Asked(
                place, [(model, told)], Variant(model, label, across), columns=(label, across)
            )


def _is_grid_head(row: RawRow) -> bool:
    first = row.cells[0] if row.cells else None
    return isinstance(first, str) and bool(
        _GRID.search(unicodedata.normalize("NFKC", first).lower())
    )


def _letters(column: int) -> str:
    """The letters of a column, 0 for A."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{plain(cell):f}"
    return "" if cell is None else str(cell)


def told_text(cell: Cell) -> str:
    """A cell as it is written."""
    return _text(cell)


def head_text(head: Mapping[str, Cell], key: str) -> str:
    """A word of the head without blanks around; "" where it says nothing."""
    return unicodedata.normalize("NFKC", _text(head.get(key))).strip()
