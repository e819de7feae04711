"""ISO 20022 camt.053 statements, versions 02 to 08 and later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

from wholesale.payments.formats.figures import exact_figure
from wholesale.payments.formats.statement import (
    AccountRef,
    BadDate,
    BadFigure,
    Direction,
    DocumentType,
    EmptyStatementFile,
    NoStatementLines,
    Statement,
    StatementRefused,
    StatementRow,
    WrongTotals,
)

_BOOKED = "BOOK"


class _Builder(ET.TreeBuilder):
    """Refuses a document type before any entity of it can be read."""

    def doctype(self, *_names: str | None) -> None:
        """Called by the parser at the beginning of a document type."""
        raise DocumentType


def looks_like(data: bytes) -> bool:
    """XML with the message's namespace near its beginning."""
    return b"camt.053" in data[:2000]


def read(data: bytes) -> list[Statement]:
    """Read every statement; `record` is the number of the entry, or `entry.detail` in a batch.

    Only booked entries count. Raises a StatementRefused for a document type, and when the opening
    balance and the entries don't make the closing balance.
    """
    if not data.strip():
        raise EmptyStatementFile
    try:
        root = ET.fromstring(data, ET.XMLParser(target=_Builder()))  # noqa: S314 - see _Builder
    except (ET.ParseError, LookupError, ValueError) as error:
        raise StatementRefused from error
    statements = [_statement(each) for each in root.iter() if _name(each) == "Stmt"]
    if not any(each.rows for each in statements):
        raise NoStatementLines
    return statements


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _all(element: ET.Element, path: str) -> list[ET.Element]:
    return element.findall("/".join(f"{{*}}{step}" for step in path.split("/")))


def _text(element: ET.Element, *paths: str) -> str:
    """The text at the first path that leads to any."""
    for path in paths:
        for found in _all(element, path):
            if found.text and found.text.strip():
                return found.text.strip()
    return ""


def _amount(text: str, record: str) -> Decimal:
    if (value := exact_figure(text)) is None:
        raise BadFigure(line=record, value=text)
    return value


def _day(text: str, record: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise BadDate(line=record, value=text) from error


def _statement(statement: ET.Element) -> Statement:
    rows: list[StatementRow] = []
    moved = Decimal(0)
    for number, entry in enumerate(_all(statement, "Ntry"), 1):
        if _text(entry, "Sts/Cd", "Sts") not in ("", _BOOKED):
            continue
        amount = _amount(_text(entry, "Amt"), str(number))
        moved += amount if _direction(entry) is Direction.IN else -amount
        rows += _rows(entry, amount, number)
    _check_balances(statement, moved)
    return Statement(
        format="camt053",
        account=AccountRef(number=_text(statement, "Acct/Id/IBAN", "Acct/Id/Othr/Id")),
        currency=_text(statement, "Acct/Ccy") or _entry_currency(statement),
        rows=tuple(rows),
    )


def _entry_currency(statement: ET.Element) -> str:
    amounts = [*_all(statement, "Bal/Amt"), *_all(statement, "Ntry/Amt")]
    return next((each.get("Ccy", "") for each in amounts), "")


def _direction(element: ET.Element) -> Direction:
    return Direction.IN if _text(element, "CdtDbtInd") == "CRDT" else Direction.OUT


def _check_balances(statement: ET.Element, moved: Decimal) -> None:
    balances: dict[str, Decimal] = {}
    for each in _all(statement, "Bal"):
        code = _text(each, "Tp/CdOrPrtry/Cd")
        amount = _amount(_text(each, "Amt"), code)
        balances[code] = amount if _direction(each) is Direction.IN else -amount
    opening = balances.get("OPBD", balances.get("PRCD"))
    closing = balances.get("CLBD")
    if opening is not None and closing is not None and opening + moved != closing:
        raise WrongTotals(line="CLBD", stated=closing, computed=opening + moved)


def _rows(entry: ET.Element, amount: Decimal, number: int) -> Iterator[StatementRow]:
    """One line for the entry, or one for each payment of a batch that adds up to it."""
    details = _all(entry, "NtryDtls/TxDtls")
    parts = [_text(each, "Amt", "AmtDtls/TxAmt/Amt") for each in details]
    if len(details) > 1 and all(parts):
        amounts = [_amount(part, str(number)) for part in parts]
        if sum(amounts) == amount:
            for place, detail in enumerate(details, 1):
                yield _row(entry, detail, amounts[place - 1], f"{number}.{place}")
            return
    yield _row(entry, details[0] if len(details) == 1 else None, amount, str(number))


def _row(
    entry: ET.Element, detail: ET.Element | None, amount: Decimal, record: str
) -> StatementRow:
    inner = entry if detail is None else detail
    bank_reference = _text(entry, "AcctSvcrRef")
    if bank_reference and "." in record:
        bank_reference += f".{record.rpartition('.')[2]}"
    value_on = _text(entry, "ValDt/Dt", "ValDt/DtTm")
    texts = [each.text or "" for each in _all(inner, "RmtInf/Ustrd")]
    references = [each.text or "" for each in _all(inner, "RmtInf/Strd/CdtrRefInf/Ref")]
    return StatementRow(
        record=record,
        booked_on=_day(_text(entry, "BookgDt/Dt", "BookgDt/DtTm"), record),
        value_on=_day(value_on, record) if value_on else None,
        amount=amount,
        direction=_direction(entry),
        payer_name=_text(inner, "RltdPties/Dbtr/Pty/Nm", "RltdPties/Dbtr/Nm"),
        bank_name=_text(
            inner, "RltdAgts/DbtrAgt/FinInstnId/BICFI", "RltdAgts/DbtrAgt/FinInstnId/BIC"
        ),
        reference=re.sub(r"\s+", " ", " ".join([*references, *texts])).strip(),
        bank_reference=bank_reference,
        reversal=_text(entry, "RvslInd") in ("true", "1"),
        description=_text(entry, "AddtlNtryInf"),
        charges=_charges(inner, record),
    )


def _charges(inner: ET.Element, record: str) -> Decimal:
    """What was taken off on the way: the sum of the stated charges."""
    stated = [*_all(inner, "Chrgs/Rcrd/Amt"), *_all(inner, "Chrgs/Amt")]
    return sum((_amount(each.text or "", record) for each in stated), Decimal(0))
