"""Line sheets: drawn for one customer, filled in, and read back as its order."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pypdf
import pytest
from PIL import Image

from tests.factories.catalogs import make_catalog, shut_standard
from tests.factories.goods import make_product, make_sku
from tests.factories.orders import BY
from tests.factories.people import Cast
from wholesale import worker
from wholesale.catalog import picturing
from wholesale.catalog.models import Audience, Catalog, Picture, Sku, SkuState
from wholesale.catalog.picturing import Place
from wholesale.exchange import line_sheets as excel
from wholesale.exchange import order_lines
from wholesale.exchange.order_sheets import OrderSheet, understood
from wholesale.kernel import clock, files
from wholesale.kernel.db import session
from wholesale.kernel.text import LOCALES
from wholesale.offers import line_sheets
from wholesale.offers.line_sheets import NotSeen, gather
from wholesale.offers.models import LineSheet, SheetKind
from wholesale.trade_docs import line_sheets as pdf


def picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGBA", (640, 480), (10, 90, 100, 128)).save(held, "PNG")
    return held.getvalue()


@pytest.fixture
def goods(cast: Cast) -> tuple[Catalog, list[Sku]]:
    """Three SKUs: with a picture of its own, with a drawing, with none; the last in packs of six."""
    one, two = make_sku(make_product("飯碗"), jan="4901234567894"), make_sku(make_product("=湯呑"))
    three = make_sku(make_product("皿"), minimum=12, multiple=6, list_price="2500")
    one.width_mm, one.depth_mm, one.height_mm = 120, 120, 65
    one.option_1 = {"ja": "灰白", "en": "Ash", "zh": "灰白"}
    picturing.add_picture(picture(), "one.png", BY, Place(one.product, "", 1))
    session.add(Picture(product_id=two.product_id, position=1, asset="img/no-picture.svg"))
    session.flush()
    catalog = make_catalog(
        [one, two, three], audience=Audience.LIMITED, customers=[cast.nordwind],
        closes_at=clock.now() + timedelta(days=9),
    )  # fmt: skip
    return catalog, [one, two, three]


def filled(book: bytes, quantities: dict[str, object]) -> bytes:
    """The workbook as somebody fills it in: {code: what stands in the column of quantities}."""
    opened = openpyxl.load_workbook(io.BytesIO(book))
    page = opened.active
    heads = next(row for row in page.iter_rows() if any(cell.value == "JAN" for cell in row))
    order = next(cell.column for cell in heads if cell.value in excel.QUANTITY.values())
    for row in page.iter_rows(min_row=heads[0].row + 1):
        if row[1].value in quantities:
            page.cell(row[0].row, order).value = quantities[row[1].value]
    held = io.BytesIO()
    opened.save(held)
    return held.getvalue()


def read_back(cast: Cast, book: bytes) -> OrderSheet:
    return understood(order_lines.read_file(book, "line-sheet.xlsx"), cast.nordwind)


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_filled_in_is_read_back_as_an_order(
    cast: Cast, goods: tuple[Catalog, list[Sku]], locale: str
) -> None:
    catalog, (one, two, three) = goods
    book = excel.drawn(gather(cast.nordwind, catalog, locale, with_prices=True))
    assert read_back(cast, book).lines == []
    wanted = {one.code: 5, three.code: "１８"}
    found = read_back(cast, filled(book, wanted))
    assert found.refused == []
    assert found.sums == {one.id: 5, three.id: 18}
    assert found.customer_told == "nordwind"
    wrong = read_back(cast, filled(book, {three.code: 7, two.code: "many"}))
    assert {line.reason for line in wrong.refused} == {"below_minimum", "not_number"}


def test_the_sheet_holds_pictures_sizes_and_the_customers_own_prices(
    cast: Cast, goods: tuple[Catalog, list[Sku]]
) -> None:
    catalog, (one, _two, three) = goods
    gathered = gather(cast.nordwind, catalog, "ja", with_prices=True)
    opened = openpyxl.load_workbook(io.BytesIO(excel.drawn(gathered)))
    cells = [[cell.value for cell in row] for row in opened.active.iter_rows()]
    told = {row[1]: row for row in cells if row[1] in {one.code, three.code}}
    assert told[one.code][2:6] == ["4901234567894", "飯碗", "灰白", "120×120×65"]
    assert told[three.code][6:10] == [2500, 1500, 12, 6]
    assert [row[3] for row in cells if row[3] == "=湯呑"] == ["=湯呑"]  # no formula
    assert len(opened.active._images) == 2
    bare = gather(cast.nordwind, catalog, "ja", with_prices=False)
    text = str([[cell.value for cell in row] for row in openpyxl.load_workbook(
        io.BytesIO(excel.drawn(bare))).active.iter_rows()])  # fmt: skip
    assert "1500" not in text
    assert "2500" not in text
    assert all(line.unit_price is line.list_price is None for line in bare.lines)


def test_the_paper_shows_the_same(cast: Cast, goods: tuple[Catalog, list[Sku]]) -> None:
    catalog, (one, _two, three) = goods
    made = pdf.drawn(gather(cast.nordwind, catalog, "en", with_prices=True))
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    text = "\n".join(page.extract_text() for page in pages)
    for shown in ("Winter ware", "Japan Time", one.code, three.code, "120×120×65 mm", "1,500"):
        assert shown in text, shown
    assert sum(len(page.images) for page in pages) >= 1
    with clock.at(clock.now() + timedelta(microseconds=1)):  # as clocks outside of tests show it
        again = pdf.drawn(gather(cast.nordwind, catalog, "en", with_prices=True))
    assert again == made
    bare = pdf.drawn(gather(cast.nordwind, catalog, "en", with_prices=False))
    assert "1,500" not in pypdf.PdfReader(io.BytesIO(bare)).pages[0].extract_text()


def test_nothing_hidden_stands_on_a_line_sheet(
    cast: Cast, goods: tuple[Catalog, list[Sku]]
) -> None:
    catalog, (one, two, three) = goods
    shut_standard()
    two.state = SkuState.HIDDEN
    session.flush()
    told = gather(cast.nordwind, catalog, "ja", with_prices=True)
    assert [line.code for line in told.lines] == [one.code, three.code]
    assert told.lines[1].unit_price == Decimal(1500)
    with pytest.raises(NotSeen):
        gather(cast.rival, catalog, "ja", with_prices=True)
    with pytest.raises(NotSeen):
        line_sheets.ask(cast.rival, catalog, SheetKind.PDF, "ja", BY, with_prices=True)


def test_a_large_one_is_drawn_by_the_worker_if_it_is_still_seen(
    cast: Cast, goods: tuple[Catalog, list[Sku]]
) -> None:
    catalog, _ = goods

    def asked(kind: SheetKind) -> LineSheet:
        sheet = line_sheets.ask(cast.nordwind, catalog, kind, "ja", BY, with_prices=True)
        session.commit()
        return sheet

    for kind, start in ((SheetKind.EXCEL, b"PK"), (SheetKind.PDF, b"%PDF")):
        sheet = asked(kind)
        _work(sheet)
        assert sheet.sha256 is not None
        assert files.read(sheet.sha256).startswith(start)
    late = asked(SheetKind.PDF)
    catalog.closes_at = clock.now()
    session.commit()
    _work(late)
    assert (late.sha256, late.drawn_at) == (None, clock.now())


def _work(sheet: LineSheet) -> None:
    """What the worker's table says of this kind of job, its two halves in turn."""
    work, arguments = worker.JOBS[line_sheets.DRAW], {"sheet": sheet.id}
    drawn = work.prepare(arguments)
    work.finish(arguments, drawn, BY)
    work.finish(arguments, b"another", BY)  # a second time changes nothing
    session.flush()
