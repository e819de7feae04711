"""Any bank file is recognised by itself, and hostile ones get their own refusal."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wholesale.payments.formats.reading import read_statements
from wholesale.payments.formats.statement import StatementRefused

DATA = Path(__file__).parent.parent / "data"
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("name", "format_", "lines"),
    [
        ("zengin01.txt", "zengin01", 292),
        ("zengin03.txt", "zengin03", 150),
        ("mufg.csv", "mufg", 150),
        ("smbc.csv", "smbc", 115),
        ("mizuho.csv", "mizuho", 77),
        ("rakuten.csv", "rakuten", 91),
        ("camt053_v02.xml", "camt053", 18),
        ("camt053_v08.xml", "camt053", 16),
        ("mt940.sta", "mt940", 15),
    ],
)
def test_the_format_is_recognised(name: str, format_: str, lines: int) -> None:
    first = read_statements((DATA / "matching" / name).read_bytes(), imported_on=TODAY)[0]
    assert (first.format, len(first.rows)) == (format_, lines)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("zengin_trailer.txt", "control_total"),
        ("zengin_199.txt", "record_length"),
        ("zengin_ebcdic.txt", "encoding"),
        ("zengin_21.txt", "not_a_receipt_file"),
        ("zengin_utf8.txt", "encoding"),
        ("camt_doctype.xml", "doctype"),
        ("camt_balance.xml", "control_total"),
        ("mt940_balance.sta", "control_total"),
    ],
)
def test_each_fault_has_its_own_reason(name: str, reason: str) -> None:
    with pytest.raises(StatementRefused) as caught:
        read_statements((DATA / "bank_files" / name).read_bytes(), imported_on=TODAY)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01\x02", b"\x89PNG\r\n\x1a\n\x00\x00", b"<html></html>", b"1" * 200]
)
def test_what_is_no_bank_file_is_refused_and_never_a_crash(data: bytes) -> None:
    with pytest.raises(StatementRefused):
        read_statements(data, imported_on=TODAY)
