"""A file with some cells written anew keeps every other cell and every row number."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import xlsxwriter

from wholesale.exchange.correcting import corrected, raw_sheets


def test_a_text_file_keeps_its_other_cells_and_its_line_numbers() -> None:
    data = '品番,品名,上代\n\nTK-1,"湯呑\n大",1200\nTK-2,,800\n'.encode("cp932")
    (sheet,) = raw_sheets("products", data)
    mended, name = corrected("products", data, "a.csv", {(sheet.name, 5, 1): " 飯碗 "})
    rows = {row.number: row.cells for row in raw_sheets("products", mended)[0].rows}
    assert name == "a.csv"
    assert rows[3][0] == "TK-1"
    assert rows[5] == ("TK-2", "飯碗", "800")


def test_a_workbook_keeps_its_sheets_figures_and_days() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    first, second = book.add_worksheet("商品"), book.add_worksheet("価格")
    first.write_row(0, 0, ["品番", "上代"])
    first.write_row(2, 0, ["=TK-1", "8OO"])
    second.write_row(0, 0, ["品番", "日"])
    second.write(1, 0, 1234.5)
    second.write_datetime(1, 1, date(2026, 11, 27), book.add_format({"num_format": "yyyy-mm-dd"}))
    book.close()
    mended, name = corrected("products", out.getvalue(), "b.xlsx", {("商品", 3, 1): "800"})
    sheets = {
        sheet.name: {r.number: r.cells for r in sheet.rows}
        for sheet in raw_sheets("products", mended)
    }
    assert name == "b.xlsx"
    assert sheets["商品"][3][1] == "800"
    assert sheets["価格"][2] == (Decimal("1234.5"), date(2026, 11, 27))
