"""CSV files of bank portals: every bank's heading, dates, amounts, and equal lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from wholesale.payments.formats import bank_csv
from wholesale.payments.formats.figures import read_amount, read_date
from wholesale.payments.formats.statement import (
    AccountRef,
    BadDate,
    BadFigure,
    ControlCharacter,
    Direction,
    EmptyStatementFile,
    NoStatementLines,
    StatementRefused,
    UnknownEncoding,
    UnknownHeading,
    keyed_rows,
)

DATA = Path(__file__).parent.parent / "data" / "matching"
OURS = AccountRef("0001", "001", "1", "1234567")

BANKS = {
    "mufg": (
        "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分",
        '2026/11/20,振込１,カ）ミナミ,,"1,100",5000,,,入金',
    ),
    "smbc": (
        "年月日,お引出し,お預入れ,お取り扱い内容,残高,メモ,ラベル",
        "2026/11/20,,1100,振込　カ）ミナミ,5000,,",
    ),
    "mizuho": (
        "日付,お引出金額,お預入金額,お取引内容",
        '2026.11.20,,"1,100",フリコミ カ）ミナミ',
    ),
    "gmo_aozora": (
        "日付,摘要,入金金額,出金金額,残高,メモ",
        "20261120,振込 カ）ミナミ,1100,,5000,",
    ),
    "rakuten": (
        "取引日,入出金(円),取引後残高(円),入出金先内容",
        "20261120,1100,5000,カ）ミナミ",
    ),
    "paypay": (
        (
            "操作日(年),操作日(月),操作日(日),操作時刻(時),操作時刻(分),操作時刻(秒),"
            "取引順番号,摘要,お支払金額,お預り金額,残高,メモ"
        ),
        "2026,11,20,9,1,2,1,カ）ミナミ,,1100,5000,",
    ),
    "sbi_shinsei": (
        "取引日,摘要,出金金額,入金金額,残高,メモ",
        "2026/11/20,カ）ミナミ,,1100,5000,",
    ),
    "yucho": (
        "日付,入出金明細ID,詳細1,詳細2,払出し金額,預入れ金額",
        "20261120,77,振込,カ）ミナミ,,1100",
    ),
    "anser": (
        (
            "照会口座,番号,勘定日,(起算日),出金金額(円),入金金額(円),小切手区分,残高(円),"
            "取引区分,明細区分,金融機関名,支店名,摘要"
        ),
        "普通1,1,令和8年11月20日,R8.11.20,,1100,,5000,振込,,ミナモ,サカエ,カ）ミナミ",
    ),
    "plain": (
        "transaction_date,value_date,transaction_type,remarks,amount,applicant_name",
        "2026-11-20,2026-11-20,1,note,1100,カ）ミナミ",
    ),
}


@pytest.mark.parametrize("bank", list(BANKS))
@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "utf-16"])
def test_each_bank_is_known_by_its_heading(bank: str, encoding: str) -> None:
    statement = bank_csv.read("\r\n".join(BANKS[bank]).encode(encoding))
    (row,) = statement.rows
    assert statement.format == bank
    assert (row.booked_on, row.amount, row.direction) == (
        date(2026, 11, 20),
        Decimal(1100),
        Direction.IN,
    )
    assert row.payer_name == "カ）ミナミ"
    assert row.record == "2"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", "1234"),
        ("¥1,234", "1234"),
        ("￥１，２３４", "1234"),
        ("1,234円", "1234"),
        ("△1,234", "-1234"),
        ("▲1234", "-1234"),
        ("-1234", "-1234"),
        ("(1,234)", "-1234"),
        ("12.50", "12.50"),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, value: str) -> None:
    assert read_amount(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "abc", "1-2", "--1", "1,2x", "1.2.3", "1" * 14, "0.00001"])
def test_what_is_no_amount_is_none(text: str) -> None:
    assert read_amount(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026/11/20",
        "2026-11-20",
        "2026.11.20",
        "20261120",
        "2026年11月20日",
        "令和8年11月20日",
        "R8.11.20",
        "081120",
        "２０２６／１１／２０",
    ],
)
def test_dates_are_read_in_every_form(text: str) -> None:
    assert read_date(text) == date(2026, 11, 20)


def test_a_six_digit_date_may_be_western() -> None:
    assert read_date("261120", near=date(2026, 11, 21)) == date(2026, 11, 20)
    assert read_date("081120", near=date(2026, 11, 21)) == date(2026, 11, 20)


def test_lines_above_the_heading_are_passed_over_and_still_counted() -> None:
    statement = bank_csv.read((DATA / "mizuho.csv").read_bytes())
    assert statement.rows[0].record == "11"
    assert statement.rows[0].payer_name == "ミチクサホームズ（ユ"


def test_a_cancelled_transfer_takes_money_back() -> None:
    statement = bank_csv.read((DATA / "mufg.csv").read_bytes())
    reversal = next(row for row in statement.rows if row.record == "10")
    assert reversal.reversal
    assert (reversal.amount, reversal.direction) == (Decimal(165000), Direction.OUT)
    assert sum(row.reversal for row in statement.rows) == 1


def test_newest_first_is_put_in_order() -> None:
    days = [
        row.booked_on for row in bank_csv.read((DATA / "smbc.csv").read_bytes()).chronological()
    ]
    assert days == sorted(days)
    assert days[0] < days[-1]


HEADING = "取引日,入出金(円),入出金内容"
LINE = "20261120,1100,カ）ミナミ"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", EmptyStatementFile),
        (HEADING, NoStatementLines),
        ("name,price\nx,1", UnknownHeading),
        (f"{HEADING}\n{LINE}\n2026-13-01,5,x", BadDate),
        (f"{HEADING}\n{LINE}\n20261120,many,x", BadFigure),
        (f"{HEADING}\n{LINE}\n20261120,5,x\x00y", ControlCharacter),
    ],
)
def test_one_bad_line_refuses_the_whole_file(text: str, error: type[StatementRefused]) -> None:
    with pytest.raises(error):
        bank_csv.read(text.encode())


def test_unreadable_characters_are_named_with_their_line() -> None:
    with pytest.raises(UnknownEncoding) as caught:
        bank_csv.read(f"{HEADING}\n".encode("cp932") + b"20261120,1,\x81\xff\xfd\n")
    assert "line 2" in str(caught.value)


def keys(*lines: str) -> list[str]:
    statement = bank_csv.read("\n".join([HEADING, *lines]).encode())
    return [key for key, _row in keyed_rows(statement, OURS)]


def test_two_equal_lines_stay_two_and_an_overlapping_file_adds_only_what_is_new() -> None:
    monday, tuesday = keys(LINE), keys(LINE, LINE, "20261121,5,x")
    assert len(set(tuesday)) == 3
    assert set(monday) < set(tuesday)
    assert keys(LINE, LINE, "20261121,5,x") == tuesday


def test_the_same_line_of_another_account_is_another_line() -> None:
    statement = bank_csv.read(f"{HEADING}\n{LINE}".encode())
    other = AccountRef("0001", "001", "1", "7654321")
    first = [key for key, _row in keyed_rows(statement, OURS)]
    assert first != [key for key, _row in keyed_rows(statement, other)]
