"""Fixed-length bank files: what is read, and what is refused with which figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from wholesale.payments.formats import zengin
from wholesale.payments.formats.figures import Calendar
from wholesale.payments.formats.statement import (
    AccountRef,
    BadDate,
    ControlCharacter,
    Direction,
    EmptyStatementFile,
    NoStatementLines,
    NotReceipts,
    SavedAgain,
    Statement,
    StatementRefused,
    WrittenInEbcdic,
    WrongLength,
    WrongOrder,
    WrongTotals,
    keyed_rows,
)

DATA = Path(__file__).parent.parent / "data"
TODAY = date(2026, 11, 21)


def read(data: bytes) -> list[Statement]:
    return zengin.read_01(data, imported_on=TODAY)


def bank_file(name: str) -> bytes:
    return (DATA / "bank_files" / name).read_bytes()


def made(*records: str, end: str = "\r\n") -> bytes:
    """Records padded to 200 bytes."""
    return end.join(record.ljust(200) for record in records).encode("cp932")


HEADER = "10100811200811200811200310ｼﾞ-ｴﾑｵ-ｱｵｿﾞﾗ   101ﾎｳｼﾞﾝ          11234567ｶ)ﾃﾞｸｽﾄﾗ"
YAMADA = (
    "2000001081120081120000032946000000000000000000000"
    "ｶ)ﾔﾏﾀﾞｼﾖｳﾃﾝ                                     ﾐﾂﾋﾞｼﾕ-ｴﾌｼﾞｴｲ  ｼﾌﾞﾔ"
)
SATO = (
    "2000002081120081120000011000000000000000000000000"
    "ｻﾄｳｼﾖｳｼﾞ(ｶ                                      ﾐｽﾞﾎ           ｳﾒﾀﾞ            INV-2026-0012"
)
TRAILER = "8000002000000439460000000000000000000"


def test_the_lines_of_a_file_are_read_with_payer_bank_and_reference() -> None:
    (statement,) = read(made(HEADER, YAMADA, SATO, TRAILER, "9"))
    assert statement.account == AccountRef("0310", "101", "1", "1234567", "ｶ)ﾃﾞｸｽﾄﾗ")
    assert (statement.starts_on, statement.ends_on) == (date(2026, 11, 20), date(2026, 11, 20))
    yamada, sato = statement.rows
    assert (yamada.record, yamada.amount, yamada.payer_name) == ("2", Decimal(329460), "ｶ)ﾔﾏﾀﾞｼﾖｳﾃﾝ")
    assert (yamada.bank_name, yamada.branch_name) == ("ﾐﾂﾋﾞｼﾕ-ｴﾌｼﾞｴｲ", "ｼﾌﾞﾔ")
    assert (sato.amount, sato.reference, sato.bank_reference) == (
        Decimal(110000),
        "INV-2026-0012",
        "000002",
    )
    assert sato.booked_on == date(2026, 11, 20)


@pytest.mark.parametrize("end", ["\r\n", "\n", ""])
def test_line_ends_may_be_of_any_kind_or_missing(end: str) -> None:
    data = made(HEADER, YAMADA, SATO, TRAILER, "9", end=end)
    assert read(data)[0].rows == read(data + b"\x1a")[0].rows == read(data + b"\r\n\x1a")[0].rows
    assert len(read(data)[0].rows) == 2


def test_western_years_are_told_from_the_era_by_the_nearer_date() -> None:
    western = [part.replace("081120", "261120") for part in (HEADER, YAMADA, SATO)]
    assert read(made(*western, TRAILER, "9"))[0].rows[0].booked_on == date(2026, 11, 20)
    forced = zengin.read_01(
        made(HEADER, YAMADA, SATO, TRAILER, "9"), imported_on=TODAY, calendar=Calendar.WESTERN
    )
    assert forced[0].rows[0].booked_on == date(2008, 11, 20)


def test_the_second_format_holds_its_amount_further_right() -> None:
    wide = (
        "2000001081120081120000000000000000000000000000000ｶ)ﾔﾏﾀﾞｼﾖｳﾃﾝ".ljust(128)
        + "000000329460000000000000INV-2026-0007"
    )
    (statement,) = read(made(HEADER, wide, "8000001000000329460000000000000000000", "9"))
    assert statement.rows[0].amount == Decimal(329460)
    assert statement.rows[0].reference == "INV-2026-0007"


def test_a_cancelled_line_is_a_reversal_and_counts_apart() -> None:
    cancelled = YAMADA.ljust(127) + "1"
    data = made(HEADER, YAMADA, cancelled, "8000001000000329460000001000000329460", "9")
    receipt, reversal = read(data)[0].rows
    assert receipt.is_receipt
    assert reversal.reversal
    assert reversal.direction is Direction.OUT
    assert reversal.amount == Decimal(329460)


def test_one_file_may_hold_several_accounts() -> None:
    other = HEADER.replace("1234567", "7654321")
    first, second = read(
        made(
            HEADER, YAMADA, SATO, TRAILER, other, SATO, "8000001000000110000000000000000000000", "9"
        )
    )
    assert (first.account.number, second.account.number) == ("1234567", "7654321")
    assert [row.record for row in second.rows] == ["6"]


def test_the_faultless_file_is_read() -> None:
    (statement,) = read(bank_file("zengin_good.txt"))
    assert len(statement.rows) == 3
    assert sum(row.amount for row in statement.rows) == Decimal(494240)


@pytest.mark.parametrize(
    ("name", "error", "reason", "parts"),
    [
        ("zengin_trailer.txt", WrongTotals, "control_total", ["495240", "494240"]),
        ("zengin_199.txt", WrongLength, "record_length", ["3", "199"]),
        ("zengin_ebcdic.txt", WrittenInEbcdic, "encoding", ["EBCDIC"]),
        ("zengin_21.txt", NotReceipts, "not_a_receipt_file", ["21"]),
        ("zengin_utf8.txt", SavedAgain, "encoding", ["UTF-8", "200"]),
    ],
)
def test_a_faulty_file_is_refused_whole_and_says_why(
    name: str, error: type[StatementRefused], reason: str, parts: list[str]
) -> None:
    with pytest.raises(error) as caught:
        read(bank_file(name))
    assert caught.value.reason == reason
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyStatementFile),
        (b"\r\n\x1a", EmptyStatementFile),
        (made(HEADER, "8000000000000000000000000000000000000", "9"), NoStatementLines),
        (made(HEADER, YAMADA, TRAILER, "9"), WrongTotals),
        (made(HEADER, YAMADA, SATO, TRAILER), WrongOrder),
        (made(HEADER, YAMADA, SATO, "9"), WrongOrder),
        (made(YAMADA, SATO, TRAILER, "9"), WrongOrder),
        (made(HEADER, YAMADA.replace("081120", "081341"), SATO, TRAILER, "9"), BadDate),
        (made(HEADER, YAMADA.replace("ｶ)ﾔ", "ｶ\x00ﾔ"), SATO, TRAILER, "9"), ControlCharacter),
    ],
)
def test_what_does_not_hang_together_is_refused(data: bytes, error: type[StatementRefused]) -> None:
    with pytest.raises(error):
        read(data)


def test_all_movements_are_read_with_their_direction_and_their_corrections() -> None:
    data = (DATA / "matching" / "zengin03.txt").read_bytes()
    (statement,) = zengin.read(data, imported_on=TODAY)
    came = sum(row.amount for row in statement.rows if row.direction is Direction.IN)
    went = sum(row.amount for row in statement.rows if row.direction is Direction.OUT)
    assert (came, went) == (Decimal(27906717), Decimal(4634314))
    assert any(row.reversal for row in statement.rows)
    with pytest.raises(NotReceipts):
        zengin.read_01(data, imported_on=TODAY)


def test_a_closing_balance_that_does_not_follow_is_refused() -> None:
    data = (DATA / "matching" / "zengin03.txt").read_bytes()
    changed = data.replace(b"1100000012345678", b"1100000012345679")
    with pytest.raises(WrongTotals):
        zengin.read_03(changed, imported_on=TODAY)


def test_a_line_that_comes_again_in_another_file_has_the_same_key() -> None:
    folder = DATA / "matching"
    first = read((folder / "zengin01.txt").read_bytes())
    again = read((folder / "zengin01_resend.txt").read_bytes())
    known = {key for one in first for key, _row in keyed_rows(one, one.account)}
    keys = [key for one in again for key, _row in keyed_rows(one, one.account)]
    assert len(known) == sum(len(one.rows) for one in first)
    assert len([key for key in keys if key not in known]) == 6
