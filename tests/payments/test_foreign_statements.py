"""Statements of foreign currency accounts: camt.053 and MT940."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from wholesale.payments.formats import camt, mt940
from wholesale.payments.formats.statement import (
    Direction,
    DocumentType,
    NoStatementLines,
    StatementRefused,
    WrongTotals,
)

DATA = Path(__file__).parent.parent / "data"


def bank_file(name: str) -> bytes:
    return (DATA / "bank_files" / name).read_bytes()


@pytest.mark.parametrize("name", ["camt053_v02.xml", "camt053_v08.xml"])
def test_a_batch_becomes_one_line_for_each_payment(name: str) -> None:
    (statement,) = camt.read((DATA / "matching" / name).read_bytes())
    batch = [row for row in statement.rows if "." in row.record]
    assert len(batch) == 3
    assert len({row.bank_reference for row in batch}) == 3
    assert all(row.payer_name and row.reference for row in batch)


def test_charges_reversals_and_withdrawals_are_told_apart() -> None:
    (statement,) = camt.read((DATA / "matching" / "camt053_v08.xml").read_bytes())
    rows = {row.record: row for row in statement.rows}
    assert statement.currency == "USD"
    assert rows["2"].reversal
    assert rows["7"].charges == Decimal(18)
    assert (rows["8"].direction, rows["8"].description) == (Direction.OUT, "Account fee")
    assert rows["3"].reference == "Payment INV-2608-0022"


def test_a_swift_statement_tells_payer_reference_and_charges() -> None:
    (statement,) = mt940.read((DATA / "matching" / "mt940.sta").read_bytes())
    first = statement.rows[0]
    assert (statement.currency, statement.account.number) == ("USD", "310-101-0009933")
    assert (first.booked_on, first.amount) == (date(2026, 9, 28), Decimal("1228.88"))
    assert first.payer_name == "FOXGLOVE AND FERN LTD"
    assert (first.reference, first.charges) == ("INV-2608-0037", Decimal(18))
    assert first.bank_reference == "FT00000393"


def test_a_booking_day_may_lie_in_another_year_than_the_value_date() -> None:
    text = bank_file("mt940_good.sta").replace(b"2611201120C", b"2612310102C")
    rows = mt940.read(text)[0].rows
    assert (rows[0].value_on, rows[0].booked_on) == (date(2026, 12, 31), date(2027, 1, 2))


def test_the_faultless_swift_file_is_read() -> None:
    (statement,) = mt940.read(bank_file("mt940_good.sta"))
    (receipt,) = [row for row in statement.rows if row.is_receipt]
    assert (receipt.amount, receipt.reference) == (Decimal("9975.00"), "INV-2026-0012")


def test_balances_that_do_not_follow_are_refused_with_both_figures() -> None:
    with pytest.raises(WrongTotals) as swift:
        mt940.read(bank_file("mt940_balance.sta"))
    assert "19975.00" in str(swift.value)
    assert "19950.00" in str(swift.value)
    with pytest.raises(WrongTotals) as xml:
        camt.read(bank_file("camt_balance.xml"))
    assert "1000.01" in str(xml.value)
    assert "1000.00" in str(xml.value)


def test_a_document_type_is_refused_before_it_is_read() -> None:
    with pytest.raises(DocumentType) as caught:
        camt.read(bank_file("camt_doctype.xml"))
    assert caught.value.reason == "doctype"


@pytest.mark.parametrize("data", [b"<a><b></a>", b"<Document/>", b"nothing"])
def test_what_is_no_statement_is_refused(data: bytes) -> None:
    with pytest.raises(StatementRefused):
        camt.read(data)
    with pytest.raises(NoStatementLines):
        mt940.read(data)
