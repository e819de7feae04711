"""CSV files of bank portals, read by the headings of their columns."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from wholesale.payments.formats.bank_profiles import PROFILES, Profile
from wholesale.payments.formats.encoding import decode
from wholesale.payments.formats.figures import read_amount, read_date
from wholesale.payments.formats.statement import (
    AccountRef,
    BadDate,
    BadFigure,
    ControlCharacter,
    Direction,
    NoStatementLines,
    Statement,
    StatementRefused,
    StatementRow,
    UnknownHeading,
)
from wholesale.payments.payer_names import without_transfer_words

_PREAMBLE = 40
_TOTALS = frozenset({"合計", "小計", "総計", "総合計", "合計金額", "total"})
_TAKEN_BACK = re.compile(
    r"\s*(?:振込|フリコミ|ﾌﾘｺﾐ)?(?:取消し?|トリケシ|ﾄﾘｹｼ|組戻し?|クミモドシ|ｸﾐﾓﾄﾞｼ|訂正|テイセイ|ﾃｲｾｲ)"
)


@dataclass(frozen=True, slots=True)
class _Heading:
    """A profile that fits a heading, and where each of its fields stands."""

    profile: Profile
    columns: dict[str, list[int]]

    def cell(self, cells: Sequence[str], field: str) -> str:
        """The first filled cell of this field, stripped."""
        return next(iter(self.cells(cells, field)), "")

    def cells(self, cells: Sequence[str], field: str) -> list[str]:
        places = self.columns.get(field, [])
        found = (cells[place].strip() for place in places if place < len(cells))
        return [text for text in found if text]


def read(
    data: bytes, *, profiles: Sequence[Profile] = PROFILES, near: date | None = None
) -> Statement:
    """Read a bank's CSV whose heading one of the profiles knows; yen.

    Lines above the heading are passed over. `record` is the number of the text line in the file. A
    line with a date that can't be read, or an amount that is none, refuses the whole file. `near`
    decides how six-digit dates are meant. The file names no account: the caller knows it.
    """
    lines = _lines(decode(data))
    heading = _find_heading(lines, profiles)
    rows = []
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if (row := _row(heading, number, cells, near)) is not None:
            rows.append(row)
    if not rows:
        raise NoStatementLines
    days = [row.booked_on for row in rows]
    return Statement(
        format=heading.profile.name,
        account=AccountRef(),
        currency="JPY",
        rows=tuple(rows),
        starts_on=min(days),
        ends_on=max(days),
    )


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of the text line it begins on."""
    for number, line in enumerate(text.split("\n"), 1):
        for character in line:
            if unicodedata.category(character) == "Cc" and character not in "\t\r":
                raise ControlCharacter(line=number, value=f"0x{ord(character):02x}")
    reader = csv.reader(io.StringIO(text, newline=""))
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise StatementRefused from error


def _same(text: str) -> str:
    """A heading without differences of width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _find_heading(lines: Iterator[tuple[int, list[str]]], profiles: Sequence[Profile]) -> _Heading:
    for number, cells in lines:
        names = [_same(cell) for cell in cells]
        fitting = [found for profile in profiles if (found := _fit(profile, names))]
        if fitting:
            return max(fitting, key=lambda found: sum(map(len, found.columns.values())))
        if number > _PREAMBLE:
            break
    raise UnknownHeading


def _fit(profile: Profile, names: Sequence[str]) -> _Heading | None:
    """Where the profile's fields stand in this line, or None when it is not its heading."""
    columns: dict[str, list[int]] = {}
    for field in fields(profile):
        aliases = getattr(profile, field.name)
        if field.name == "name" or not aliases:
            continue
        wanted = [_same(alias) for alias in ((aliases,) if isinstance(aliases, str) else aliases)]
        columns[field.name] = [names.index(alias) for alias in wanted if alias in names]
    dated = columns.get("date") or all(columns.get(part) for part in ("year", "month", "day"))
    valued = columns.get("signed") or (columns.get("paid_in") and columns.get("paid_out"))
    if dated and valued and (columns.get("text") or columns.get("payer")):
        return _Heading(profile, columns)
    return None


def _row(
    heading: _Heading, number: int, cells: Sequence[str], near: date | None
) -> StatementRow | None:
    """One line; None for one without any movement (a carried balance, a remark) and for totals."""
    if any(_same(cell).strip("()[]【】") in _TOTALS for cell in cells):
        return None
    if (moved := _movement(heading, number, cells)) is None:
        return None
    amount, direction = moved
    written = heading.cell(cells, "date") or "/".join(
        heading.cell(cells, part) for part in ("year", "month", "day")
    )
    if (booked_on := read_date(written, near=near)) is None:
        raise BadDate(line=number, value=written)
    texts = heading.cells(cells, "text")
    payer = heading.cell(cells, "payer")
    is_marked = any(_TAKEN_BACK.match(text) for text in (*texts, payer))
    taken_back = is_marked and direction is Direction.OUT
    if taken_back:  # where one column holds the bank's word and the name
        payer = _TAKEN_BACK.sub("", payer, count=1).strip() or payer
    balance = heading.cell(cells, "balance")
    return StatementRow(
        record=str(number),
        booked_on=booked_on,
        value_on=read_date(heading.cell(cells, "value_date"), near=near),
        amount=amount,
        direction=direction,
        payer_name=without_transfer_words(payer),
        bank_name=heading.cell(cells, "bank"),
        branch_name=heading.cell(cells, "branch"),
        reference=heading.cell(cells, "reference"),
        bank_reference=heading.cell(cells, "bank_reference"),
        reversal=taken_back,
        description=" ".join(texts),
        balance=read_amount(balance) if balance else None,
    )


def _movement(
    heading: _Heading, number: int, cells: Sequence[str]
) -> tuple[Decimal, Direction] | None:
    """How much moved and where; None when every amount of the line is empty or zero."""
    for field, sign in (("signed", 1), ("paid_in", 1), ("paid_out", -1)):
        written = heading.cell(cells, field)
        if not written or written in ("-", "\uff0d", "\u2015"):
            continue
        if (value := read_amount(written)) is None:
            raise BadFigure(line=number, value=written)
        if value:
            return abs(value), Direction.IN if value * sign > 0 else Direction.OUT
    return None
