"""The quick order: text and files in, quantities changed in place, what doesn't fit offered anew."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import BuyerRole, Membership, User
from wholesale.kernel.db import session
from wholesale.orders import carting

ClientOf = Callable[[User | None], Browser]
DATA = Path(__file__).parents[1] / "data" / "moving_in"


@pytest.fixture
def browser(client_of: ClientOf, cast: Cast) -> Browser:
    put_on_shelf(make_sku(code="TK-1", minimum=12, multiple=6), 80)
    put_on_shelf(make_sku(code="TK-2", jan="4580000110320"), 80)
    return client_of(cast.alma)


def pad(page: str) -> str:
    return (
        page.split("<textarea")[1].split("</textarea>", maxsplit=1)[0].split(">", 1)[1].lstrip("\n")
    )


def fields(page: str) -> dict[str, str]:
    """The hidden fields and quantities of the lines, as the browser would send them."""
    inputs = re.findall(r'<input[^>]* name="((?:line|code|pieces)-\d+)"[^>]* value="([^"]*)"', page)
    return {"text": pad(page), **dict(inputs)}


def test_a_stepper_changes_its_line_and_the_total(browser: Browser) -> None:
    page = browser.post("/quick-order", {"text": "TK-2\tBowl\t3\n\nTK-1 12"}).text
    sent = fields(page)
    assert (sent["pieces-1"], sent["pieces-3"]) == ("3", "12")
    more = browser.post_part("/quick-order", {**sent, "step": "3|+6"})
    assert more.status_code == 200 and more.text.lstrip().startswith("<form")
    assert pad(more.text) == "TK-2\tBowl\t3\n\nTK-1 18"
    typed = browser.post_part("/quick-order", {**sent, "pieces-1": "１０"}).text
    assert pad(typed).startswith("TK-2 １０") and "6,000" in typed
    gone = browser.post("/quick-order", {**sent, "pieces-1": "0"}).text
    assert pad(gone).strip() == "TK-1 12"
    bad = browser.post("/quick-order", {**sent, "pieces-1": "many"}).text
    assert pad(bad).startswith("TK-2 many") and "many" in bad


def test_a_line_that_was_rewritten_meanwhile_stays_as_it_is(browser: Browser) -> None:
    sent = fields(browser.post("/quick-order", {"text": "TK-2 3"}).text)
    page = browser.post("/quick-order", {**sent, "text": "TK-1 12", "step": "1|+6"}).text
    assert pad(page) == "TK-1 12"


def test_what_does_not_fit_says_the_minimum_and_the_multiples_beside_it(browser: Browser) -> None:
    page = browser.post("/quick-order", {"text": "TK-1 3\nTK-2 1"}).text
    assert 'name="take" value="1|12"' in page and "12" in page
    sent = fields(page)
    assert pad(browser.post("/quick-order", {**sent, "take": "1|12"}).text) == "TK-1 12\nTK-2 1"
    page = browser.post("/quick-order", {"text": "TK-1 15"}).text
    assert 'value="1|12"' in page and 'value="1|18"' in page


def test_an_item_that_stands_twice_is_added_up(browser: Browser, cast: Cast) -> None:
    page = browser.post("/quick-order", {"text": "TK-1 6\nTK-1 6", "act": "look"}).text
    assert 'name="take"' not in page and "pieces-2" in page
    browser.post("/quick-order", {"text": "TK-1 6\nTK-1 6", "act": "cart"})
    cart = carting.find_cart(cast.nordwind.id, cast.alma.id)
    assert list(carting.quantities(cart).values()) == [12]


def test_files_are_read_below_the_text(browser: Browser) -> None:
    book = openpyxl.Workbook()
    for row in (("発注番号", "PO-1"), ("品番", "数量"), ("TK-1", 24), (None, 4), ("合計", 28)):
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    files = {"sheet": (io.BytesIO(data.getvalue()), "order.xlsx")}
    page = browser.post("/quick-order", {"text": "TK-2 1", **files}).text
    assert pad(page) == "TK-2 1\nTK-1 24\n4"
    csv = "数量,品名,コード\r\n３個,湯呑,４５８００００１１０３２０\r\n".encode("cp932")
    page = browser.post_part("/quick-order", {"sheet": (io.BytesIO(csv), "a.csv")}).text
    assert pad(page) == "TK-2 3"


def test_a_pasted_grid_or_list_becomes_bare_lines(browser: Browser) -> None:
    page = browser.post("/quick-order", {"text": "数量\t品番\n12\tTK-1\n1\tNO-1"}).text
    assert pad(page) == "TK-1 12\nNO-1 1"


def test_a_file_that_is_no_sheet_leaves_the_text(browser: Browser) -> None:
    files = {"sheet": (io.BytesIO(b"%PDF-1.7"), "order.pdf")}
    for reply in (
        browser.post("/quick-order", {"text": "TK-2 1", **files}),
        browser.post_part(
            "/quick-order", {"text": "TK-2 1", "sheet": (io.BytesIO(b"\x89PNG"), "x")}
        ),
    ):
        assert reply.status_code == 422 and pad(reply.text) == "TK-2 1"


def test_a_file_of_too_many_lines_is_refused(browser: Browser) -> None:
    data = "code,qty\n" + "TK-2,1\n" * 501
    files = {"sheet": (io.BytesIO(data.encode()), "order.csv")}
    assert browser.post("/quick-order", files).status_code == 422


def test_a_reader_may_not_read_lines_into_a_cart(client_of: ClientOf, cast: Cast) -> None:
    session.query(Membership).filter_by(user_id=cast.bo.id).one().role = BuyerRole.VIEWER
    assert client_of(cast.bo).post("/quick-order", {"text": "TK-2 1"}).status_code == 403
