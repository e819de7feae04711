"""A file with some cells written anew keeps every other cell and every row number."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import xlsxwriter

from wholesale.exchange.correcting import corrected
from wholesale.kernel.sheets import read_sheets


def test_a_text_file_keeps_its_other_cells_and_gains_what_was_missing() -> None:
    data = "品番,品名\n\nTK-1,湯呑\nTK-2\n".encode("cp932")
    mended, name = corrected(data, "a.csv", {("", 4, 1): " 飯碗 "})
    sheet = read_sheets(data, "a.csv")[0].name
    mended, name = corrected(data, "a.csv", {(sheet, 4, 1): " 飯碗 "})
    rows = {row.number: row.cells for row in read_sheets(mended, name)[0].rows if not row.is_blank}
    assert name == "a.csv"
    assert rows[3] == ("TK-1", "湯呑")
    assert rows[4][:2] == ("TK-2", "飯碗")


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
    mended, name = corrected(out.getvalue(), "b.xlsx", {("商品", 3, 1): "800"})
    sheets = {
        sheet.name: {r.number: r.cells for r in sheet.rows} for sheet in read_sheets(mended, name)
    }
    assert sheets["商品"][3][1] == "800"
    assert sheets["価格"][2] == (Decimal("1234.5"), date(2026, 11, 27))
