"""Fixed-length files of the Japanese banks: types 01 (money received) and 03 (all movements)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wholesale.payments.formats.encoding import is_ebcdic, is_utf8_kana
from wholesale.payments.formats.figures import Calendar, likely_calendar, short_date
from wholesale.payments.formats.statement import (
    AccountRef,
    BadDate,
    BadFigure,
    ControlCharacter,
    Direction,
    EmptyStatementFile,
    NoStatementLines,
    NotReceipts,
    SavedAgain,
    Statement,
    StatementRow,
    UnknownEncoding,
    WrittenInEbcdic,
    WrongLength,
    WrongOrder,
    WrongTotals,
)

LENGTH = 200
RECEIVED = "01"
MOVEMENTS = "03"
_CORRECTION = "19"
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")
_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class _Record:
    """One record; positions are 1-based and inclusive, as the banks' layouts print them."""

    line: int
    data: bytes

    def text(self, first: int, last: int) -> str:
        part = self.data[first - 1 : last]
        if found := _CONTROL.search(part):
            raise ControlCharacter(line=self.line, value=f"0x{found[0].hex()}")
        try:
            return part.decode("cp932").rstrip()
        except UnicodeDecodeError as error:
            raise UnknownEncoding(line=self.line) from error

    def number(self, first: int, last: int) -> int:
        text = self.text(first, last).strip()
        if not re.fullmatch(r"[0-9]*", text):
            raise BadFigure(line=self.line, value=text)
        return int(text or "0")

    def amount(self, first: int, last: int) -> Decimal:
        return Decimal(self.number(first, last))

    def day(self, first: int, last: int, calendar: Calendar) -> date:
        text = self.text(first, last)
        if (day := short_date(text, calendar)) is None:
            raise BadDate(line=self.line, value=text)
        return day

    def day_or_none(self, first: int, last: int, calendar: Calendar) -> date | None:
        return short_date(self.text(first, last), calendar)

    @property
    def kind(self) -> str:
        return self.text(1, 1)


_RowReader = Callable[[_Record, Calendar], StatementRow]
_TotalsCheck = Callable[[_Record, _Record, list[StatementRow]], None]


def read_01(data: bytes, *, imported_on: date, calendar: Calendar | None = None) -> list[Statement]:
    """Read a file of money received (振込入金通知), formats A and B; one statement per account.

    Two-digit years are read in the calendar nearer to `imported_on` unless `calendar` says which.
    Raises a StatementRefused when anything in the file, its own totals included, does not fit.
    """
    return list(_statements(data, RECEIVED, imported_on, calendar))


def read_03(data: bytes, *, imported_on: date, calendar: Calendar | None = None) -> list[Statement]:
    """Read a file of all movements (入出金取引明細); as `read_01`, and checks the balances."""
    return list(_statements(data, MOVEMENTS, imported_on, calendar))


def read(data: bytes, *, imported_on: date, calendar: Calendar | None = None) -> list[Statement]:
    """Read type 01 or 03, whichever the file says it is. Raises as `read_01`."""
    records = _records(data)
    kind = records[0].text(2, 3)
    return list(_statements(data, kind, imported_on, calendar))


def looks_like(data: bytes) -> bool:
    """The first bytes are those of a fixed-length header, in any character code."""
    return bool(re.match(rb"(\xef\xbb\xbf)?1\d{2}[ 01]\d{6}", data)) or is_ebcdic(data)


def _records(data: bytes) -> list[_Record]:
    body = data.rstrip(b"\x1a\r\n")
    if not body.strip():
        raise EmptyStatementFile
    if is_ebcdic(body):
        raise WrittenInEbcdic
    if _LINE_END.search(body):
        parts = _LINE_END.split(body)
    else:
        parts = [body[at : at + LENGTH] for at in range(0, len(body), LENGTH)]
    for line, part in enumerate(parts, 1):
        if len(part) == LENGTH:
            continue
        if is_utf8_kana(body):
            raise SavedAgain(line=line, length=len(part), wanted=LENGTH)
        raise WrongLength(line=line, length=len(part), wanted=LENGTH)
    return [_Record(line, part) for line, part in enumerate(parts, 1)]


def _statements(
    data: bytes, wanted: str, imported_on: date, calendar: Calendar | None
) -> Iterator[Statement]:
    records = _records(data)
    found = records[0].text(2, 3)
    if records[0].kind != "1":
        raise WrongOrder(line=1, value=records[0].kind)
    if found != wanted or wanted not in _READERS:
        raise NotReceipts(kind=found)
    calendar = calendar or likely_calendar(records[0].text(11, 16), imported_on)
    header: _Record | None = None
    rows: list[StatementRow] = []
    read_row, check = _READERS[wanted]
    seen = 0
    for position, record in enumerate(records):
        match record.kind, header:
            case "1", None if record.text(2, 3) == wanted:
                header, rows = record, []
            case "2", _Record():
                rows.append(read_row(record, calendar))
            case "8", _Record():
                check(header, record, rows)
                seen += len(rows)
                yield _statement(header, rows, wanted, calendar)
                header = None
            case "9", None if position == len(records) - 1:
                break
            case _:
                raise WrongOrder(line=record.line, value=record.kind)
    else:
        raise WrongOrder(line=len(records), value=records[-1].kind)
    if not seen:
        raise NoStatementLines


def _statement(
    header: _Record, rows: list[StatementRow], wanted: str, calendar: Calendar
) -> Statement:
    kind, number, holder = (60, (61, 67), (68, 107))
    if wanted == MOVEMENTS:
        kind, number, holder = (63, (64, 73), (74, 113))
    return Statement(
        format=f"zengin{wanted}",
        account=AccountRef(
            bank_code=header.text(23, 26),
            branch_code=header.text(42, 44),
            kind=header.text(kind, kind),
            number=header.text(*number).strip(),
            holder=header.text(*holder),
        ),
        currency="JPY",
        rows=tuple(rows),
        starts_on=header.day_or_none(11, 16, calendar),
        ends_on=header.day_or_none(17, 22, calendar),
    )


def _row_01(record: _Record, calendar: Calendar) -> StatementRow:
    is_b = record.data[128:152].isdigit()
    amount = record.amount(20, 29)
    if is_b and not amount:
        amount = record.amount(129, 140)
    cancelled = record.text(128, 128) == "1"
    return StatementRow(
        record=str(record.line),
        booked_on=record.day(8, 13, calendar),
        value_on=record.day_or_none(14, 19, calendar),
        amount=amount,
        direction=Direction.OUT if cancelled else Direction.IN,
        payer_code=record.text(40, 49).strip().lstrip("0"),
        payer_name=record.text(50, 97),
        bank_name=record.text(98, 112),
        branch_name=record.text(113, 127),
        reference=record.text(153, 172) if is_b else record.text(129, 148),
        bank_reference=record.text(2, 7),
        reversal=cancelled,
    )


def _row_03(record: _Record, calendar: Calendar) -> StatementRow:
    way = record.text(22, 22)
    if way not in ("1", "2"):
        raise BadFigure(line=record.line, value=way)
    direction = Direction.IN if way == "1" else Direction.OUT
    return StatementRow(
        record=str(record.line),
        booked_on=record.day(10, 15, calendar),
        value_on=record.day_or_none(16, 21, calendar),
        amount=record.amount(25, 36),
        direction=direction,
        payer_code=record.text(72, 81).strip().lstrip("0"),
        payer_name=record.text(82, 129),
        bank_name=record.text(130, 144),
        branch_name=record.text(145, 159),
        reference=record.text(180, 199),
        bank_reference=record.text(2, 9),
        reversal=record.text(23, 24) == _CORRECTION and direction is Direction.OUT,
        description=record.text(160, 179),
    )


def _compare(trailer: _Record, stated: Decimal, computed: Decimal) -> None:
    if stated != computed:
        raise WrongTotals(line=trailer.line, stated=stated, computed=computed)


def _total(rows: list[StatementRow]) -> Decimal:
    return sum((row.amount for row in rows), Decimal(0))


def _pairs(
    trailer: _Record,
    first: list[StatementRow],
    second: list[StatementRow],
    ends: tuple[int, int, int, int],
) -> None:
    """Counts and sums of two kinds of lines; `ends`: where the trailer's four fields end."""
    count_1, sum_1, count_2, sum_2 = ends
    for rows, (start, middle, end) in (
        (first, (2, count_1, sum_1)),
        (second, (sum_1 + 1, count_2, sum_2)),
    ):
        _compare(trailer, trailer.amount(start, middle), Decimal(len(rows)))
        _compare(trailer, trailer.amount(middle + 1, end), _total(rows))


def _totals_01(_header: _Record, trailer: _Record, rows: list[StatementRow]) -> None:
    standing = [row for row in rows if not row.reversal]
    cancelled = [row for row in rows if row.reversal]
    _pairs(trailer, standing, cancelled, (7, 19, 25, 37))


def _totals_03(header: _Record, trailer: _Record, rows: list[StatementRow]) -> None:
    came = [row for row in rows if row.direction is Direction.IN]
    went = [row for row in rows if row.direction is Direction.OUT]
    _pairs(trailer, came, went, (7, 20, 26, 39))
    before = header.amount(116, 129) * _sign(header, 114)
    after = trailer.amount(41, 54) * _sign(trailer, 40)
    _compare(trailer, after, before + _total(came) - _total(went))


def _sign(record: _Record, position: int) -> int:
    return -1 if record.text(position, position) == "2" else 1


_READERS: dict[str, tuple[_RowReader, _TotalsCheck]] = {
    RECEIVED: (_row_01, _totals_01),
    MOVEMENTS: (_row_03, _totals_03),
}
