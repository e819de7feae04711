"""Order sheets of buyers: lists, grids and bare lines, with everything that is wrong in them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from tests.factories.goods import make_product, make_sku
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.catalog.models import OrderPolicy
from wholesale.exchange import order_lines, orders
from wholesale.exchange.importing import import_file
from wholesale.exchange.order_sheets import REASONS, OrderSheet, understood
from wholesale.exchange.orders import OrderReport, UnknownBuyer, import_order
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.text import in_language
from wholesale.orders.models import Order, OrderSource

FOLDER = Path(__file__).parents[1] / "data" / "moving_in"
EXPECTED: dict[str, Any] = json.loads((FOLDER / "orders" / "expected.json").read_text("utf8"))
BY = Actor.system("test")


@pytest.fixture
def moved_in(database: None) -> None:
    for kind, name in (("products", "products.xlsx"), ("customers", "customers.xlsx")):
        import_file(kind, (FOLDER / name).read_bytes(), name, dry_run=False, by=BY)


def bring(name: str, code: str = "K0001", *, dry_run: bool = True) -> OrderReport:
    data = (FOLDER / "orders" / name).read_bytes()
    return import_order(data, name, code, dry_run=dry_run, by=BY)


def read(text: str, cast: Cast) -> OrderSheet:
    return understood(order_lines.read_text(text), cast.nordwind)


def test_every_sheet_gives_the_lines_and_the_refusals_that_stand_in_it(moved_in: None) -> None:
    for name, told in EXPECTED.items():
        found = bring(name).as_json()
        assert found["lines"] == told["lines"], name
        assert found["created"] == told["good"]
        assert [{key: one.get(key) for key in want} for one, want in
                zip(found["refused"], told["refused"], strict=True)] == told["refused"]  # fmt: skip
        assert found["rows"] == len(told["lines"]) + len(told["refused"])
        for key in ("customer", "po_number", "wanted_on", "merged"):
            assert found[key] == told.get(key, found[key])


def test_a_sheet_without_a_code_is_of_the_customer_it_names(moved_in: None) -> None:
    assert bring("order_clean.xlsx", "").customer == "K0001"
    assert bring("order_matrix.xlsx", "").customer == "K0001"
    with pytest.raises(UnknownBuyer):
        bring("order_bad.csv", "")
    other = bring("order_clean.xlsx", "K0002")
    assert other.as_json()["warnings"][0]["reason"] == "other_customer"


def test_a_refused_limit_says_what_would_do(moved_in: None) -> None:
    told = {one.reason: one for one in bring("order_bad.csv").sheet.refused}
    rules = EXPECTED["order_bad.csv"]["rules"]
    assert told["below_minimum"].choices == (rules["TK-1217-TT"]["min"],)
    assert str(rules["TK-1217-TT"]["min"]) in told["below_minimum"].message()
    assert told["not_multiple"].choices == (10, 15)


def test_a_rehearsal_orders_nothing_and_the_same_file_is_ordered_once(moved_in: None) -> None:
    bring("order_clean.xlsx")
    assert session.scalar(select(func.count()).select_from(Order)) == 0
    done = bring("order_clean.xlsx", dry_run=False)
    order = session.scalars(select(Order)).one()
    assert (order.number, order.source) == (done.order, OrderSource.IMPORT)
    assert order.po_number == "PO-77120" and str(order.wished_on) == "2026-12-10"
    goods = {line.sku_id: line.quantity for line in order.lines if line.sku_id}
    assert goods == done.sheet.sums
    again = bring("order_clean.xlsx", dry_run=False).as_json()
    assert (again["created"], again["unchanged"], again["order"]) == (0, 24, done.order)
    assert session.scalar(select(func.count()).select_from(Order)) == 1


def test_two_lines_of_one_item_are_added_up_before_the_limits_are_looked_at(
    database: None, cast: Cast
) -> None:
    sku = make_sku(code="TK-1", minimum=12, multiple=6)
    put_on_shelf(sku, 80)
    found = read("TK-1 6\nTK-1\tBowl\t６個", cast)
    assert found.sums == {sku.id: 12} and found.merged == {"TK-1": 12}
    (first, second) = read("TK-1 6\nTK-1 7", cast).refused
    assert first.reason == second.reason == "not_multiple" and first.choices == (12, 18)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("TK-1", "missing_quantity"),
        ("TK-1 lots", "not_number"),
        ("TK-1 -3", "negative_quantity"),
        ("TK-1 0", "zero_quantity"),
        ("TK-1 1.5", "not_integer"),
        ("TK-1 1000000", "quantity_too_large"),
        ("TK-9 3", "unknown_code"),
        ("TK-2 9", "only_left"),
        ("12", "missing_code"),
        ("just words", "missing_quantity"),
    ],
)
def test_each_trouble_has_its_reason(database: None, cast: Cast, line: str, reason: str) -> None:
    put_on_shelf(make_sku(code="TK-1"), 80)
    put_on_shelf(make_sku(code="TK-2", policy=OrderPolicy.IN_STOCK), 3)
    found = read(line, cast)
    assert [one.reason for one in found.refused] == [reason] and not found.lines
    for language in ("ja", "zh"):
        said = found.refused[0].message(in_language(language))
        assert said != found.refused[0].message() and "%(" not in said


def test_codes_are_read_in_any_dress_and_near_ones_are_offered(database: None, cast: Cast) -> None:
    sku = make_sku(code="TK-2101", jan="4580000110320")
    put_on_shelf(sku, 80)
    text = "ｔｋ－２１０１　２個\n  4580000110320\t3\n4 tk-2101\nTK-2101 灰 白 5\n\nTK-2110\t1"
    found = read(text, cast)
    assert [(line.place.where, line.quantity) for line in found.lines] == [
        (1, 2), (2, 3), (3, 4), (4, 5),
    ]  # fmt: skip
    assert found.refused[0].near == ("TK-2101",) and found.refused[0].place.where == 6


def test_a_pasted_list_with_names_of_columns_is_read_by_them(database: None, cast: Cast) -> None:
    put_on_shelf(make_sku(code="TK-1"), 80)
    found = read("数量\t品名\t品番\n3\t飯碗 12cm\tTK-1", cast)
    assert [(line.place.where, line.quantity) for line in found.lines] == [(2, 3)]


def test_a_workbook_without_names_of_columns_is_read_row_by_row(database: None, cast: Cast) -> None:
    put_on_shelf(make_sku(code="TK-1"), 80)
    book = openpyxl.Workbook()
    for row in (("TK-1", 3), ("合計", 3)):
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    found = understood(order_lines.read_file(data.getvalue(), "x.xlsx"), cast.nordwind)
    assert [line.as_json() for line in found.lines] == [{"row": 1, "sku": "TK-1", "quantity": 3}]


def test_a_grid_of_a_model_nobody_knows_and_one_turned_round(database: None, cast: Cast) -> None:
    product = make_product("シャツ", code="M-1")
    for size in ("S", "M"):
        made = make_sku(product, code=f"M-1-{size}")
        made.option_1, made.option_1_code = {"ja": "墨"}, "SM"
        made.option_2, made.option_2_code = {"ja": size}, size
        put_on_shelf(made, 80)
    text = (
        "M-1\n色＼サイズ\tS\tM\t合計\n墨\t2\t\t2\n合計\t2\t\t2\n\n"
        "M-9\nColour \\ size\t墨\nS\t1\n\nM-1\nColour \\ size\t墨\nM\t4\n"
    )
    found = read(text, cast)
    assert [line.as_json() for line in found.lines] == [
        {"cell": "B3", "sku": "M-1-S", "quantity": 2},
        {"cell": "B12", "sku": "M-1-M", "quantity": 4},
    ]
    assert [(one.place.where, one.reason) for one in found.refused] == [("B8", "unknown_code")]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 x", b"<html><table></table>"])
def test_what_is_no_sheet_is_refused_whole(database: None, cast: Cast, data: bytes) -> None:
    report = import_order(data, "x.csv", cast.nordwind.code, dry_run=True, by=BY)
    assert report.file is not None and "file" in report.as_json()


def test_every_reason_is_spoken_in_every_language() -> None:
    for language in ("ja", "zh"):
        translate = in_language(language)
        for sentence in (*REASONS.values(), *orders.WARNINGS.values()):
            assert translate(sentence) != sentence
