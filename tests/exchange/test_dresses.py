"""One thing at a time that other houses do to their sheets, and what is made of it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from tests.factories.goods import make_sku
from tests.factories.people import Cast
from wholesale.billing.models import Invoice
from wholesale.catalog.models import Sku
from wholesale.customers.models import Customer, Terms
from wholesale.exchange import spellings
from wholesale.exchange.importing import KINDS, import_file
from wholesale.exchange.reports import Report
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.sheets import FileRefused, SheetKind, folded, read_tables
from wholesale.payments.models import PayerName

BY = Actor.system("test")
KIND = SheetKind(
    "goods",
    {
        "code": ("コード", "编码"),
        "name": ("名称",),
        "price": ("上代(税抜)", "零售价"),
        "usd": ("USD",),
    },
    ("code", "name"),
)
Grid = Sequence[Sequence[object]]


def book(*rows: Sequence[object], merged: Sequence[str] = ()) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(list(row))
    for place in merged:
        workbook.active.merge_cells(place)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def bring(kind: str, data: bytes | str, name: str = "a.csv") -> Report:
    content = data.encode() if isinstance(data, str) else data
    report = import_file(kind, content, name, dry_run=False, by=BY)
    assert report.file is None, report.file
    return report


def refusals(report: Report) -> list[tuple[int, str]]:
    return [(one.row, one.reason) for one in report.refused]


def cells_of(data: bytes, name: str = "a.csv") -> list[tuple[int, dict[str, object]]]:
    (table,) = read_tables(data, name, [KIND])
    return [(row.number, dict(row.cells)) for row in table.rows]


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_means_two_columns(kind: str) -> None:
    for sheet in KINDS[kind].sheets:
        words = [folded(word) for words in sheet.columns.values() for word in {*map(folded, words)}]
        assert sorted(words) == sorted(set(words))


def test_names_merged_over_two_lines_are_read_together() -> None:
    data = book(
        ["コード", "名称", "価格", None],
        [None, None, "上代", "USD"],
        ["A", "湯呑", 1200, 8.5],
        merged=("A1:A2", "B1:B2", "C1:D1"),
    )
    assert cells_of(data, "a.xlsx") == [
        (3, {"code": "A", "name": "湯呑", "price": Decimal(1200), "usd": Decimal("8.5")})
    ]


def test_a_tax_inclusive_price_is_never_taken_for_a_net_one() -> None:
    ((_, row),) = cells_of(
        "【必須】コード,名称,上代(税込),※上代（税抜・円）\nA,x,1320,1200\n".encode()
    )
    assert row["price"] == "1200"
    ((_, row),) = cells_of("コード,名称,上代(税込)\nA,x,1320\n".encode())
    assert "price" not in row


@pytest.mark.parametrize(
    "encoding", ["utf-16-le", "utf-16-be", "gb18030", "utf-8", "utf-16", "cp932"]
)
def test_unmarked_encodings_are_told_by_their_column_names(encoding: str) -> None:
    heads = "コード,名称" if encoding == "cp932" else "编码,名称"
    data = f"{heads}\r\nA1,湯呑 青\r\nA2,木椀\r\n".encode(encoding)
    assert [row for _, row in cells_of(data)] == [
        {"code": "A1", "name": "湯呑 青"},
        {"code": "A2", "name": "木椀"},
    ]


def test_one_line_in_shift_jis_within_utf_8_is_refused_alone() -> None:
    data = "コード,名称\nA1,湯呑\n".encode() + "A2,木椀\n".encode("cp932") + "A3,皿\n".encode()
    (table,) = read_tables(data, "a.csv", [KIND])
    assert [(row.number, row.fault) for row in table.rows] == [(2, ""), (3, "encoding"), (4, "")]


def test_a_comma_that_moved_the_columns_is_seen_behind_a_trailing_one_too() -> None:
    data = 'コード,名称,上代,\nA,x,1200,\nB,y,12,800,\nC,z,"12,800",\n'.encode()
    (table,) = read_tables(data, "a.csv", [KIND])
    assert [(row.number, row.fault) for row in table.rows] == [
        (2, ""), (3, "column_count"), (4, ""),
    ]  # fmt: skip


def test_an_open_quotation_mark_is_named_by_its_line() -> None:
    data = 'コード,名称\nA,x\nB,"y\n'.encode() + b"C,z\n" * 50
    with pytest.raises(FileRefused) as caught:
        read_tables(data, "a.csv", [KIND])
    assert (caught.value.reason, caught.value.values) == ("open_quote", {"line": 3})


def test_what_hides_from_a_spreadsheet_is_taken_off() -> None:
    data = 'コード,名称\n="0012",x\n\'0013,y\n\ufeffA‐1\u200b,z\n'.encode()
    assert [row["code"] for _, row in cells_of(data)][:2] == ["0012", "0013"]


def test_a_hidden_sheet_and_a_repeated_head_are_no_data() -> None:
    workbook = openpyxl.Workbook()
    for name, state in (("A", "visible"), ("B", "hidden")):
        sheet = workbook.create_sheet(name)
        for row in (["コード", "名称"], [f"{name}1", "x"], ["コード", "名称"], [f"{name}2", "y"]):
            sheet.append(row)
        sheet.append(["以上"])
        sheet.sheet_state = state
    target = io.BytesIO()
    workbook.save(target)
    (table,) = read_tables(target.getvalue(), "a.xlsx", [KIND])
    assert [row.cells["code"] for row in table.rows] == ["A1", "A2"]


def test_a_code_that_stands_alone_is_not_passed_over_in_silence() -> None:
    rows = cells_of("コード,名称\nA,x\nB-7,\n※以上\n".encode())
    assert [row["code"] for _, row in rows] == ["A", "B-7"]


@pytest.mark.parametrize(
    ("told", "share"),
    [
        ("58%", "0.58"), ("62.5％", "0.625"), ("5.8掛", "0.58"), ("58掛け", "0.58"), ("六掛", "0.6"),
        ("六五掛", "0.65"), ("5掛半", "0.55"), ("6割5分", "0.65"), ("-5%", "-0.05"), ("58", None), ("安く", None),
    ],
)  # fmt: skip
def test_rates_as_they_are_spoken_of(told: str, share: str | None) -> None:
    assert spellings.share(told) == (None if share is None else Decimal(share))


@pytest.mark.parametrize(
    ("told", "figure"),
    [
        ("¥1,280-", "1280"), ("１，２８０円", "1280"), ("1,280-", "-1280"), ("▲500", "-500"), ("(500)", "-500"),
        ("-0", "0"), ("12,34", None), ("1.280,00", None), ("1O80", None), ("", None), ("50%", None),
    ],
)  # fmt: skip
def test_figures_as_they_are_written(told: str, figure: str | None) -> None:
    assert spellings.figure(told) == (None if figure is None else Decimal(figure))


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2026/4/1(水)", "2026-04-01"), ("㋿8.4.1", "2026-04-01"), ("1 Apr 2026", "2026-04-01"),
        ("April 1, 2026", "2026-04-01"), ("2026/04/01 13:45", "2026-04-01"), ("46113", "2026-04-01"),
        ("平成31年4月30日", "2019-04-30"), ("昭和64年1月7日", "1989-01-07"), ("令和8年4月31日", None),
        ("令和0年4月1日", None), ("4/5/2026", None), ("20260229", None), ("2026/4", None),
    ],
)  # fmt: skip
def test_days_as_they_are_written(told: str, day: str | None) -> None:
    assert spellings.day(told) == (None if day is None else date.fromisoformat(day))


def test_an_old_workbook_is_read_like_a_new_one(cast: Cast) -> None:
    for code in ("OLD-1", "OLD-2"):
        make_sku(code=code)
    path = Path(__file__).parents[1] / "data" / "moving_in" / "stock_of_1997.xls"
    report = bring("stock", path.read_bytes(), path.name)
    assert (report.created, refusals(report)) == (2, [(6, "unknown_location")])


def test_a_barcode_that_lost_its_zeros_in_a_sheet_gets_them_back(database: None) -> None:
    head = ["商品コード", "品名", "バーコード"]
    data = book(head, ["A", "x", 4006381333931], ["B", "y", 36000291452], ["C", "z", 36000291453])
    report = bring("products", data, "a.xlsx")
    assert refusals(report) == [(4, "jan_length")]
    assert session.scalar(select(Sku.jan).where(Sku.code == "B")) == "0036000291452"


def test_a_refusal_of_an_unknown_code_names_what_is_near(cast: Cast) -> None:
    make_sku(code="HN-1204-AI")
    (one,) = bring("stock", "倉庫,SKU,在庫数\nW1,HN-1204-AL,3\n").refused
    assert "HN-1204-AI" in one.message()
    (one,) = bring("products", "SKU,品名,JAN\nA,x,4006381333932\n").refused
    assert "should end in 1" in one.message()


def test_a_sheet_without_a_column_leaves_what_it_says_nothing_of(database: None) -> None:
    bring(
        "customers",
        "得意先CD,得意先名,TEL,通貨,締日,掛率,親コード\nP,親,,USD,,,\nA,x,03-1,USD,20,58,P\n",
    )
    assert bring("customers", "得意先CD,得意先名\nA,新しい名\n").updated == 1
    one = session.scalars(select(Customer).where(Customer.code == "A")).one()
    terms = session.scalars(select(Terms).where(Terms.customer_id == one.id)).one()
    assert (one.name, one.phone, one.bill_to and one.bill_to.code) == ("新しい名", "03-1", "P")
    assert (terms.currency, terms.closing_days, terms.default_rate) == (
        "USD", "20", Decimal("0.58"),
    )  # fmt: skip


def test_whoever_pays_is_billed_itself_and_may_stand_further_down(database: None) -> None:
    report = bring("customers", "コード,名称,請求先\nA,x,B\nB,y,C\nC,z,\nD,w,C\nE,v,E\nF,u,A\n")
    assert refusals(report) == [(2, "bill_to_chain"), (7, "bill_to_chain")]
    assert report.created == 4


def test_terms_nobody_understands_are_a_warning_and_names_of_payers_are_kept(
    database: None,
) -> None:
    told = "コード,名称,支払条件,振込名義,登録番号\nA,x,出世払い,ｶ)ｱｵ;ｱｵｼﾖｳﾃﾝ,Ｔ７１２３４５６７８９０１２\n"
    report = bring("customers", told)
    assert [(one.row, one.reason) for one in report.warnings] == [(2, "unknown_terms")]
    assert sorted(session.scalars(select(PayerName.key))) == ["アオ", "アオシヨウテン"]
    assert bring("customers", told).unchanged == 1
    history = "銀行,支店,振込名義,取引先コード\nﾐﾅﾓ,ｻｶｴ,ｱｵｷ,A\nﾐﾅﾓ,ｻｶｴ,ｱｵｷ,A\n,,ｱｵｷ,Z\n"
    report = bring("payer-names", history)
    assert (report.created, refusals(report)) == (2, [(4, "unknown_customer")])
    assert session.scalar(select(PayerName.confirmations).where(PayerName.key == "アオキ")) == 2
    assert bring("payer-names", history).unchanged == 2


def test_credit_notes_and_totals_without_their_taxes_are_brought_in(cast: Cast) -> None:
    code = cast.nordwind.code
    told = (
        "number,customer_code,issued_on,due_on,currency,total,open_amount,closing_number\n"
        f"S-1,{code},2026-09-01,2026-10-31,JPY,11000,5000,M-9\n"
        f"CN-1,{code},2026-09-05,2026-10-31,JPY,-2200,-2200,\n"
        f"CN-2,{code},2026-09-05,2026-10-31,JPY,-2200,-2300,\n"
        f"S-2,{code},2026-09-05,2026-10-31,JPY,2200,-1,\n"
    )
    report = bring("open-invoices", told)
    assert refusals(report) == [(4, "open_exceeds_total"), (5, "bad_number")]
    found = {one.number: one for one in session.scalars(select(Invoice))}
    assert {number: one.total - one.settled for number, one in found.items()} == {
        "CN-1": -2200, "S-1": 5000,
    }  # fmt: skip
    assert found["S-1"].closing_number == "M-9"
    assert bring("open-invoices", told).unchanged == 2
