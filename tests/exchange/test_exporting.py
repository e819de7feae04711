"""What goes out comes in again and changes nothing; the columns of a layout; signs that are lacking."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.exchange.test_moving_in import BY, FILES, bring
from wholesale.catalog.models import Sku
from wholesale.customers.models import Customer, Terms
from wholesale.exchange import exporting, laying_out
from wholesale.exchange.exporting import KINDS, BadLayout, Wanted, export, usual_fields, wanted_by
from wholesale.exchange.importing import import_file
from wholesale.exchange.laying_out import LayoutExists
from wholesale.exchange.models import ExportFormat, ExportLayout
from wholesale.exchange.reports import Report
from wholesale.kernel import table_files
from wholesale.kernel.db import session
from wholesale.kernel.money import Rounding
from wholesale.kernel.table_files import LACKING, write_csv
from wholesale.pricing.models import ListPrice

IMPORTED_AS = {"rates": "prices"}
XLSX, UTF8, CP932 = ExportFormat.XLSX, ExportFormat.CSV_UTF8, ExportFormat.CSV_CP932


@pytest.fixture
def house(database: None) -> None:
    for kind in FILES:
        bring(kind)
    odd = session.scalars(select(Terms).order_by(Terms.id).limit(1)).one()
    odd.amount_mode, odd.payment_text = Rounding.UP, ""
    sku = session.scalars(select(Sku).order_by(Sku.id).limit(1)).one()
    later = {"valid_from": date(2027, 4, 1), "incoterm": ""}  # a price that is still to come
    session.add(ListPrice(sku_id=sku.id, currency="JPY", amount=Decimal(9999), **later))
    strange = b"\xef\xbb\xbfSKU,name\n" + b"=F-1,\"=cmd|'/C calc'!A0\"\n@F-2,-2+3\n"
    import_file("products", strange, "strange.csv", dry_run=False, by=BY)


def sent(kind: str, folder: Path, form: ExportFormat, language: str = "ja") -> Path:
    path = folder / f"{kind}-{form}-{language}.{'xlsx' if form is XLSX else 'csv'}"
    fields = usual_fields(kind)
    if form is CP932:  # Chinese names are not written in it
        fields = [field for field in fields if not field.endswith("_zh")]
    export(kind, path, Wanted(fields, language, form))
    return path


def brought_back(kind: str, path: Path) -> Report:
    told = IMPORTED_AS.get(kind, kind)
    return import_file(told, path.read_bytes(), path.name, dry_run=True, by=BY)


def test_what_goes_out_comes_in_again_and_changes_nothing(house: None, tmp_path: Path) -> None:
    for kind in KINDS.keys() - {"orders"}:
        for form, language in ((XLSX, "ja"), (XLSX, "en"), (UTF8, "en")):
            report = brought_back(kind, sent(kind, tmp_path, form, language))
            place = (kind, form, language)
            assert (place, report.file, report.refused) == (place, None, [])
            assert (place, report.created, report.updated) == (place, 0, 0)
            assert report.unchanged > 0


def test_shift_jis_comes_in_again_and_names_the_signs_it_lacks(house: None, tmp_path: Path) -> None:
    for kind in ("stock", "rates", "prices"):
        report = brought_back(kind, sent(kind, tmp_path, CP932))
        assert (kind, report.refused, report.created, report.updated) == (kind, [], 0, 0)
    path = tmp_path / "lacking.csv"
    done = write_csv(path, ["名", "数"], [["湯呑", 1], ["饭碗", 2], ["碗饭", 3]], encoding="cp932")
    assert (done.rows, dict(done.lacking), done.first_lacking) == (3, {"饭": 2}, 3)
    assert path.read_bytes().decode("cp932").splitlines()[2] == f"{LACKING}碗,2"


def rows_of(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file)


def test_nothing_that_goes_out_is_reckoned_with_by_a_spreadsheet(
    house: None, tmp_path: Path
) -> None:
    for row in rows_of(sent("products", tmp_path, UTF8)):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
    book = CalamineWorkbook.from_path(sent("products", tmp_path, XLSX))
    cells = {cell for row in book.get_sheet_by_index(0).to_python() for cell in row}
    assert {"=F-1", "=cmd|'/C calc'!A0", "-2+3"} <= cells
    assert session.scalar(select(Sku.id).where(Sku.code == "=F-1"))


def test_a_layout_says_which_columns_stand_where_in_whose_words(
    house: None, tmp_path: Path
) -> None:
    layout = ExportLayout(
        kind="stock", name="棚卸", fields=["quantity", "sku", "gone"], language="en", format=UTF8
    )
    session.add(layout)
    wanted = wanted_by(exporting.layout_named("stock", "棚卸"))
    path = tmp_path / "counted.csv"
    export("stock", path, wanted)
    heads, first, *rest = rows_of(path)
    assert heads == ["on hand", "SKU code"]
    assert (first[0].isdigit(), len(rest)) == (True, 871)
    with pytest.raises(exporting.NoSuchLayout):
        exporting.layout_named("products", "棚卸")


def test_every_column_has_a_name_of_its_own_in_both_languages() -> None:
    for kind in KINDS.values():
        for sheet in kind.sheets:
            for word in (0, 1):
                heads = [names[word] for names in sheet.heads.values()]
                assert len(set(heads)) == len(heads)


def test_order_lines_tell_what_is_open(house: None, tmp_path: Path) -> None:
    heads, *rows = rows_of(sent("orders", tmp_path, UTF8, "en"))
    at = heads.index("open quantity")
    assert sum(int(row[at]) for row in rows) == 5316
    codes = set(session.scalars(select(Customer.code)))
    assert {row[heads.index("customer code")] for row in rows} <= codes


def test_a_table_that_is_longer_than_a_sheet_goes_on_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_files, "MOST_LINES", 2)
    path = tmp_path / "long.xlsx"
    done = table_files.write_xlsx(path, [("a", ["n"], [[1], [2], [3]]), ("b", ["n"], [])])
    book = CalamineWorkbook.from_path(path)
    told = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    assert (done.rows, told) == (
        3, {"a": [["n"], [1.0], [2.0]], "a 2": [["n"], [3.0]], "b": [["n"]]},
    )  # fmt: skip


def test_a_layout_needs_a_name_of_its_own_and_a_column(house: None) -> None:
    wanted = Wanted(["sku", "quantity"], "ja", ExportFormat.CSV_UTF8)
    laying_out.save(None, "stock", "棚卸", wanted, BY)
    session.flush()
    with pytest.raises(LayoutExists):
        laying_out.save(None, "stock", "棚卸", wanted, BY)
    for name, one in (("", wanted), ("棚", Wanted([], "ja", ExportFormat.CSV_UTF8))):
        with pytest.raises(BadLayout):
            laying_out.save(None, "stock", name, one, BY)
