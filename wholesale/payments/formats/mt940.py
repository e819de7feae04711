"""SWIFT MT940 statements, as banks send them for foreign currency accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wholesale.payments.formats.encoding import decode
from wholesale.payments.formats.figures import exact_figure
from wholesale.payments.formats.statement import (
    AccountRef,
    BadDate,
    BadFigure,
    Direction,
    NoStatementLines,
    Statement,
    StatementRefused,
    StatementRow,
    WrongTotals,
)

_TAG = re.compile(r":(\d{2}[A-Z]?):(.*)")
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})([\d,]+)")
_LINE = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4})?(?P<mark>R?[CD])[A-Z]?(?P<amount>\d[\d,]*)"
    r"[A-Z][A-Z0-9]{3}(?P<own>.*?)(?://(?P<bank>.*))?"
)
_PART = re.compile(r"/(ORDP|NAME|BENM|REMI|EREF|OAMT|CHGS|OCMT|ISDT|ACCW|PREF|MREF)/")
_NO_REFERENCE = "NONREF"
_HALF_A_YEAR = 183


@dataclass(slots=True)
class _Field:
    line: int
    tag: str
    text: str


def looks_like(data: bytes) -> bool:
    """The file has an opening balance field near its beginning."""
    return b":60F:" in data[:2000] or b":60M:" in data[:2000]


def read(data: bytes) -> list[Statement]:
    """Read every statement of the file; `record` is the number of the line (`:61:`) in the file.

    Raises a StatementRefused when an opening balance and its lines don't make the closing one.
    """
    statements: list[Statement] = []
    count = 0
    for message in _messages(decode(data)):
        statement = _statement(message, count)
        count += len(statement.rows)
        statements.append(statement)
    if not count:
        raise NoStatementLines
    return statements


def _messages(text: str) -> Iterator[list[_Field]]:
    """The fields of each statement; a line without a tag continues the field above it."""
    fields: list[_Field] = []
    for number, line in enumerate(text.splitlines(), 1):
        if match := _TAG.match(line):
            fields.append(_Field(number, match[1], match[2].rstrip()))
        elif line.startswith("-"):
            if fields:
                yield fields
            fields = []
        elif fields and line.strip():
            fields[-1].text += line.rstrip()
    if fields:
        yield fields


def _statement(fields: list[_Field], count: int) -> Statement:
    account = next((each.text for each in fields if each.tag == "25"), "")
    opening = next((each for each in fields if each.tag in ("60F", "60M")), None)
    closing = next((each for each in fields if each.tag in ("62F", "62M")), None)
    if opening is None or closing is None:
        raise StatementRefused
    rows: list[StatementRow] = []
    for place, each in enumerate(fields):
        if each.tag == "61":
            after = fields[place + 1] if place + 1 < len(fields) else None
            told = after.text if after and after.tag == "86" else ""
            rows.append(_row(each, told, str(count + len(rows) + 1)))
    before, currency = _balance(opening)
    after_all, _currency = _balance(closing)
    moved = sum(
        (row.amount if row.direction is Direction.IN else -row.amount for row in rows), Decimal(0)
    )
    if before + moved != after_all:
        raise WrongTotals(line=closing.line, stated=after_all, computed=before + moved)
    return Statement("mt940", AccountRef(number=account), currency, tuple(rows))


def _balance(each: _Field) -> tuple[Decimal, str]:
    match = _BALANCE.fullmatch(each.text)
    if not match:
        raise BadFigure(line=each.line, value=each.text)
    amount = _amount(each, match[4])
    return (amount if match[1] == "C" else -amount), match[3]


def _amount(each: _Field, text: str) -> Decimal:
    if (value := exact_figure(text.replace(",", "."))) is None:
        raise BadFigure(line=each.line, value=text)
    return value


def _row(each: _Field, told: str, record: str) -> StatementRow:
    match = _LINE.fullmatch(each.text)
    if not match:
        raise BadFigure(line=each.line, value=each.text)
    value_on = _day(each, match["value"])
    parts = _parts(told)
    own = "" if match["own"] in ("", _NO_REFERENCE) else match["own"]
    remittance = parts.get("REMI", "")
    charges = re.fullmatch(r"[A-Z]{3}([\d,]+)", parts.get("CHGS", ""))
    return StatementRow(
        record=record,
        booked_on=_entry_day(each, match["entry"], value_on),
        value_on=value_on,
        amount=_amount(each, match["amount"]),
        direction=Direction.IN if match["mark"] in ("C", "RD") else Direction.OUT,
        payer_name=parts.get("ORDP") or parts.get("NAME", ""),
        reference=remittance if own in remittance else f"{remittance} {own}".strip(),
        bank_reference=match["bank"] or "",
        reversal=match["mark"].startswith("R"),
        description=told,
        charges=_amount(each, charges[1]) if charges else Decimal(0),
    )


def _day(each: _Field, text: str) -> date:
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError as error:
        raise BadDate(line=each.line, value=text) from error


def _entry_day(each: _Field, text: str | None, value_on: date) -> date:
    """The booking day has no year: it is the one nearest to the value date."""
    if not text:
        return value_on
    day = _day(each, f"{value_on.year % 100:02}{text}")
    if abs((day - value_on).days) > _HALF_A_YEAR:
        year = day.year + (1 if day < value_on else -1)
        return day.replace(year=year)
    return day


def _parts(told: str) -> dict[str, str]:
    """`/ORDP/NAME/REMI/INV-1` → the text after each code word."""
    pieces = _PART.split(told)
    return {word: text.strip() for word, text in zip(pieces[1::2], pieces[2::2], strict=True)}
