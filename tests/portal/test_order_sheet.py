"""The catalogue as an Excel sheet to order with: downloaded, filled in, read back, ordered."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from PIL import Image
from sqlalchemy import select

from tests.factories.browsing import Browser
from tests.factories.goods import make_category, make_product, make_sku
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import Membership, User
from wholesale.catalog.models import Picture, Sku, SkuState
from wholesale.kernel import files
from wholesale.kernel.db import session
from wholesale.orders import carting
from wholesale.portal import order_sheet

ClientOf = Callable[[User | None], Browser]
URL = "/catalogue/order-sheet"


@pytest.fixture
def goods() -> dict[str, Sku]:
    """A cup with a picture, a shirt in two colours and sizes (one of four is not made), a hidden bowl."""
    cup = make_sku(make_product(category=make_category("CUPS")), code="TK-1", multiple=6)
    found = {"TK-1": cup}
    held = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(held, "PNG")
    stored = files.store(held.getvalue(), name="cup.png", media_type="image/png")
    session.add(Picture(product_id=cup.product_id, position=1, sha256=stored.sha256))
    shirt = make_product("シャツ", code="SH", category=make_category("SHIRTS"))
    for colour, size in (("藍", "S"), ("藍", "M"), ("生成", "M")):
        sku = make_sku(shirt, code=f"SH-{colour}-{size}")
        sku.option_1, sku.option_1_code = {"ja": colour}, colour
        sku.option_2, sku.option_2_code = {"ja": size}, size
        sku.leads = (colour, size) != ("藍", "M")
        found[sku.code] = sku
    make_sku(make_product("秘密の鉢"), code="SECRET", state=SkuState.HIDDEN)
    for sku in found.values():
        put_on_shelf(sku, 90)
    return found


def book_of(browser: Browser, url: str = URL) -> Any:
    reply = browser.get(url)
    assert reply.status_code == 200, reply.text[-500:]
    assert ".xlsx" in reply.headers["Content-Disposition"]
    return openpyxl.load_workbook(io.BytesIO(reply.data))


def texts(book: Any) -> str:
    return " ".join(
        str(cell.value) for page in book for row in page.iter_rows() for cell in row if cell.value
    )


def at(page: Any, text: str) -> tuple[int, int]:
    """Row and column of the cell with this text."""
    return next(
        (cell.row, cell.column) for row in page.iter_rows() for cell in row if cell.value == text
    )


def test_a_filled_sheet_comes_back_as_the_same_order(
    client_of: ClientOf, cast: Cast, goods: dict[str, Sku]
) -> None:
    browser = client_of(cast.alma)
    book = book_of(browser)
    listed, grids = book.worksheets
    assert len(listed._images) == 1
    (row, _), (_, wanted) = at(listed, "TK-1"), at(listed, "ご注文数")
    listed.cell(row, wanted).value = 12
    assert listed.cell(row, at(listed, "卸価格(税抜)")[1]).value == 600
    listed.cell(at(listed, "発注番号")[0], 2).value = "PO-77"
    listed.cell(at(listed, "納品希望日")[0], 2).value = "2026-12-07"
    (_, small), (_, middle) = at(grids, "S"), at(grids, "M")
    blue, plain = at(grids, "藍")[0], at(grids, "生成")[0]
    grids.cell(blue, small).value, grids.cell(plain, middle).value = 3, 4
    assert grids.cell(plain, small).fill.fgColor.rgb != grids.cell(plain, middle).fill.fgColor.rgb
    held = io.BytesIO()
    book.save(held)
    files_ = {"sheet": (io.BytesIO(held.getvalue()), "order.xlsx")}
    page = browser.post("/quick-order", {"text": "", **files_}).text
    pad = page.split("<textarea")[1].split("</textarea>")[0].split(">", 1)[1].strip()
    assert set(pad.splitlines()) == {"TK-1 12", "SH-藍-S 3", "SH-生成-M 4"}
    assert 'value="PO-77"' in page and 'value="2026-12-07"' in page
    head = {"po_number": "PO-77", "wished_on": "2026-12-07"}
    assert browser.post("/quick-order", {"text": pad, "act": "cart", **head}).status_code == 303
    cart = carting.find_cart(cast.nordwind.id, cast.alma.id)
    assert carting.quantities(cart) == {
        goods["TK-1"].id: 12, goods["SH-藍-S"].id: 3, goods["SH-生成-M"].id: 4,
    }  # fmt: skip
    assert cart is not None and cart.wished_on == date(2026, 12, 7)
    assert 'value="PO-77"' in browser.get("/checkout").text


def test_the_sheet_holds_what_the_filter_shows_and_no_price_for_who_sees_none(
    client_of: ClientOf, cast: Cast, goods: dict[str, Sku], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = texts(book_of(client_of(cast.alma)))
    assert "SECRET" not in told and "秘密の鉢" not in told
    told = texts(book_of(client_of(cast.alma), f"{URL}?category=SHIRTS"))
    assert "TK-1" not in told and "SH" in told
    told = texts(book_of(client_of(cast.alma), f"{URL}?category=SHIRTS,CUPS"))
    assert "TK-1" in told and "SH" in told
    monkeypatch.setattr(order_sheet, "MOST_ITEMS", 1)
    assert client_of(cast.alma).get(URL).status_code == order_sheet.TooManyForASheet.status
    monkeypatch.undo()
    member = session.scalars(select(Membership).where(Membership.user_id == cast.bo.id)).one()
    member.sees_prices = False
    session.flush()  # the door reads it by a query
    told = texts(book_of(client_of(cast.bo)))
    assert "600" not in told and "1000" not in told and "TK-1" in told
