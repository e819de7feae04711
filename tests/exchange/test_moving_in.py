"""The first day of a new user: the old system's masters, with everything that is wrong in them."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from wholesale.billing.models import LedgerEntry
from wholesale.catalog.models import Product, Sku, SkuState
from wholesale.catalog.queries import sku_ids_by_code
from wholesale.customers.models import Address, Customer, Terms
from wholesale.exchange.importing import import_file
from wholesale.exchange.models import ImportRun
from wholesale.exchange.reports import REASONS, Remark, Report
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.text import in_language
from wholesale.orders.models import Order, OrderLine
from wholesale.pricing.models import ListPrice, PriceRule
from wholesale.pricing.resolving import resolve
from wholesale.stock.models import Balance, Demand, Location, Move

FOLDER = Path(__file__).parents[1] / "data" / "moving_in"
EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text(encoding="utf8"))
BY = Actor.system("test")
FILES = {
    "products": "products.xlsx",
    "customers": "customers.xlsx",
    "prices": "rates.xlsx",
    "stock": "stock.xlsx",
    "open-orders": "open_orders.xlsx",
    "open-invoices": "open_invoices.xlsx",
}


def bring(kind: str, *, dry_run: bool = False) -> Report:
    name = FILES[kind]
    return import_file(kind, (FOLDER / name).read_bytes(), name, dry_run=dry_run, by=BY)


def refusals(report: Report) -> list[tuple[str, int, str]]:
    return [(one.sheet, one.row, one.reason) for one in report.refused]


def stored() -> list[int]:
    return [
        session.scalar(select(func.count()).select_from(model)) or 0
        for model in (Product, Sku, ListPrice, Customer, Terms, Address, PriceRule, Balance, Move,
                      LedgerEntry, Order, OrderLine, Demand, ImportRun)
    ]  # fmt: skip


@pytest.fixture
def moved_in(database: None) -> dict[str, Report]:
    return {kind: bring(kind) for kind in FILES}


def test_every_file_is_taken_but_for_the_rows_named(moved_in: dict[str, Report]) -> None:
    for kind, name in FILES.items():
        report, told = moved_in[kind], EXPECTED[name]
        assert report.file is None
        assert (kind, report.rows, report.created) == (kind, told["rows"], told["good"])
        assert report.updated == report.unchanged == 0
        wanted = [(row.get("sheet"), row["row"], row["reason"]) for row in told["refused"]]
        got = refusals(report)
        if wanted and wanted[0][0] is None:
            got = [(None, row, reason) for _, row, reason in got]  # type: ignore[misc]
        assert got == wanted


def test_products_bring_their_models_prices_and_ends(moved_in: dict[str, Report]) -> None:
    told = EXPECTED["products.xlsx"]
    assert session.scalar(select(func.count()).select_from(Product)) == told["models"]
    gone = session.scalars(select(Sku.code).where(Sku.state == SkuState.DISCONTINUED))
    assert sorted(gone) == told["discontinued"]
    sums = dict(
        session.execute(
            select(ListPrice.currency, func.sum(ListPrice.amount)).group_by(ListPrice.currency)
        ).all()
    )
    assert (sums["JPY"], sums["USD"]) == (told["sum_list_jpy"], Decimal(told["sum_usd"]))


def test_customers_bring_terms_payers_and_ship_tos(moved_in: dict[str, Report]) -> None:
    told = EXPECTED["customers.xlsx"]
    warned = [(one.row, one.reason) for one in moved_in["customers"].warnings]
    assert warned == [(one["row"], one["reason"]) for one in told["warnings"]]
    payers = {
        one.code: one.bill_to.code for one in session.scalars(select(Customer)) if one.bill_to
    }
    assert payers == told["bill_to_children"]
    currencies = session.execute(select(Terms.currency, func.count()).group_by(Terms.currency))
    assert dict(currencies.all()) == told["by_currency"]
    closings = session.execute(
        select(Terms.closing_days, func.count()).group_by(Terms.closing_days)
    )
    words = {"": "都度", "31": "末"}
    assert {words.get(day, day): n for day, n in closings} == told["by_closing_day"]
    of_the_sheet = select(func.count()).select_from(Address).where(Address.code.contains("-"))
    assert session.scalar(of_the_sheet) == told["ship_to"]


def test_prices_come_out_as_the_old_system_had_them(moved_in: dict[str, Report]) -> None:
    customers = {one.code: one for one in session.scalars(select(Customer))}
    skus = sku_ids_by_code(one["sku"] for one in EXPECTED["rates.xlsx"]["prices"])
    for told in EXPECTED["rates.xlsx"]["prices"]:
        sku = skus[told["sku"]]
        prices = resolve(
            customers[told["customer"]],
            {sku: told["quantity"]},
            on=date.fromisoformat(told["on"]),
        )
        if told["unit_price"] is None:
            assert sku not in prices
        else:
            price = prices[sku]
            assert (price.unit_price, price.currency) == (
                Decimal(told["unit_price"]),
                told["currency"],
            ), told


def test_stock_and_receivables_add_up_to_the_old_systems_sums(moved_in: dict[str, Report]) -> None:
    on_hand = session.execute(
        select(Location.code, func.sum(Balance.on_hand))
        .join(Location, Location.id == Balance.location_id)
        .where(Location.is_own, Balance.on_hand != 0)
        .group_by(Location.code)
    )
    assert dict(on_hand.all()) == EXPECTED["stock.xlsx"]["on_hand_by_location"]
    owed = session.execute(
        select(Customer.code, LedgerEntry.currency, func.sum(LedgerEntry.amount))
        .join(Customer, Customer.id == LedgerEntry.customer_id)
        .group_by(Customer.code, LedgerEntry.currency)
    )
    assert {f"{code} {currency}": amount for code, currency, amount in owed} == {
        who: Decimal(amount)
        for who, amount in EXPECTED["open_invoices.xlsx"]["balance_by_customer"].items()
    }


def test_the_same_files_again_change_nothing(moved_in: dict[str, Report]) -> None:
    before = stored()
    for kind, name in FILES.items():
        again = bring(kind)
        assert (kind, again.created, again.updated) == (kind, 0, 0)
        assert again.unchanged == EXPECTED[name]["good"]
        assert refusals(again) == refusals(moved_in[kind])
    assert stored()[:-1] == before[:-1]


def test_a_rehearsal_tells_the_same_and_leaves_nothing(database: None) -> None:
    for kind in FILES:
        before = stored()
        noted = list(session.info.get("journal", []))
        rehearsed = bring(kind, dry_run=True).as_json()
        assert stored() == before
        assert session.info.get("journal", []) == noted
        assert bring(kind).as_json() == rehearsed


def test_an_old_systems_messy_csv_is_read_line_by_line(database: None) -> None:
    told = EXPECTED["products_messy.csv"]
    data = (FOLDER / "products_messy.csv").read_bytes()
    report = import_file("products", data, "products_messy.csv", dry_run=False, by=BY)
    assert [(one.row, one.reason) for one in report.refused] == [
        (one["line"], one["reason"]) for one in told["refused"]
    ]
    assert (report.rows, report.created) == (told["rows"], told["good"])


def book(*sheets: tuple[str, list[list[object]]]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets:
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def test_other_sheets_in_other_order_and_spelling_are_read_alike(
    moved_in: dict[str, Report],
) -> None:
    fixed = [
        ["Applies to", "CUSTOMER CODE", "Ｏｂｊｅｃｔ", "Note", "Currency", "Unit Price", "Start"],
        ["sku", "Ｋ０００１", "TK-1101-OB", "x", "jpy", "２，０００円", "2026/4/1"],
        [],
        ["SKU", "K0001", "TK-1101-TT", None, "JPY", 10.5, 46113],
        ["brand", "K0001", "紙ごよみ", None, "JPY", 10, "令和8年4月31日"],
    ]
    rates = [["取引先コード", "対象", "対象コード", "掛け率(%)"], ["K0002", "全商品", None, "55%"]]
    data = book(("memo", [["nothing here"]]), ("B", fixed), ("A", rates))
    report = import_file("prices", data, "other.xlsx", dry_run=False, by=BY)
    assert (report.rows, report.created) == (4, 2)
    assert refusals(report) == [("B", 4, "too_many_decimals"), ("B", 5, "bad_date")]
    assert report.refused[0].column == "Unit Price"
    rule = session.scalars(select(PriceRule).order_by(PriceRule.id.desc()).limit(2)).all()
    assert {(one.value, one.valid_from) for one in rule} == {
        (Decimal(2000), date(2026, 4, 1)),
        (Decimal("0.55"), date(2000, 1, 1)),
    }


def test_a_changed_row_is_an_update_and_moves_only_the_difference(
    moved_in: dict[str, Report],
) -> None:
    rows: list[list[object]] = [["SKUコード", "倉庫コード", "在庫数"], ["TK-1101-OB", "W1", "４５"]]
    moves = session.scalar(select(func.count()).select_from(Move)) or 0
    report = import_file("stock", book(("在庫", rows)), "count.xlsx", dry_run=False, by=BY)
    assert (report.rows, report.updated, report.created) == (1, 1, 0)
    last = session.scalars(select(Move).order_by(Move.id.desc()).limit(1)).one()
    assert session.scalar(select(func.count()).select_from(Move)) == moves + 1
    assert (last.quantity, last.kind.value) == (3, "adjustment")


def test_the_report_for_machines_has_exactly_the_agreed_fields(moved_in: dict[str, Report]) -> None:
    told = moved_in["stock"].as_json()
    assert list(told) == [
        "kind", "rows", "created", "updated", "unchanged", "refused", "warnings",
    ]  # fmt: skip
    assert set(told["refused"][0]) == {"sheet", "row", "column", "reason", "message"}
    assert all("%(" not in one["message"] for one in told["refused"])


@pytest.mark.parametrize(
    ("kind", "data", "name", "reason"),
    [
        ("stock", b"", "empty.csv", "empty_file"),
        ("stock", "倉庫コード,SKUコード,在庫数\n".encode("cp932"), "a.csv", "no_rows"),
        ("stock", "倉庫コード,SKUコード\nW1,A\n".encode(), "a.csv", "missing_column"),
        ("stock", b"a,b\n1,2\n", "a.csv", "no_header"),
        ("stock", b"\x89PNG\r\n\x1a\n" + bytes(80), "a.xlsx", "not_a_spreadsheet"),
        ("stock", b"PK\x03\x04broken", "a.xlsx", "not_a_spreadsheet"),
    ],
)
def test_a_file_that_is_no_such_sheet_is_refused_whole(
    database: None, kind: str, data: bytes, name: str, reason: str
) -> None:
    report = import_file(kind, data, name, dry_run=False, by=BY)
    assert report.file is not None
    assert report.file.reason == reason
    assert report.as_json() == {
        "kind": kind,
        "file": {"reason": reason, "message": str(report.file)},
    }
    assert session.scalars(select(ImportRun.state)).one().value == "refused"


@pytest.mark.parametrize("locale", ["ja", "en", "zh"])
def test_each_reason_is_a_whole_sentence_in_each_language(locale: str) -> None:
    values = {"value": "ABC", "sum": "1", "currency": "JPY"}
    for reason in REASONS:
        sentence = Remark("S", 1, "C", reason, values).message(in_language(locale))
        assert sentence
        assert "%(" not in sentence
        assert "%%" not in sentence
