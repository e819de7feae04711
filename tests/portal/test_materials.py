"""Product materials: the customer's own goods and no others, whole, and what is new since last time."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta

import openpyxl
import pytest
from werkzeug.test import TestResponse

from tests.factories.browsing import Browser
from tests.factories.catalogs import make_catalog
from tests.factories.goods import make_brand, make_category, make_product, make_sku
from tests.factories.orders import BY
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.catalog.models import Audience, Picture, Sku, SkuState
from wholesale.exchange import materials
from wholesale.kernel import clock, files, journal
from wholesale.kernel.db import session

ClientOf = Callable[[User | None], Browser]
BYTES = b"RIFF the picture of a bowl WEBP"


@pytest.fixture
def bowl(cast: Cast) -> Iterator[Sku]:
    product = make_product(
        "飯碗", code="TK-1", brand=make_brand("土と火"), category=make_category("BOWLS")
    )
    product.description, product.materials = {"ja": "毎日の\n飯碗"}, {"ja": "磁器"}
    sku = make_sku(product, code="TK-1-HJ", jan="4901234567894", list_price="1050")
    sku.option_1, sku.option_1_code, sku.width_mm, sku.weight_grams = {"ja": "灰白"}, "HJ", 120, 240
    stored = files.store(BYTES, name="bowl.webp", media_type="image/webp")
    session.add(Picture(product_id=product.id, position=1, sha256=stored.sha256))
    session.flush()
    yield sku


def table(reply: TestResponse) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(reply.get_data().decode("utf-8-sig"), newline="")))


def test_the_list_says_everything_once_and_the_retail_price_with_tax(
    client_of: ClientOf, cast: Cast, bowl: Sku
) -> None:
    browser = client_of(cast.alma)
    assert "1" in browser.get("/materials").text
    (row,) = table(browser.post("/materials", {"kind": "csv"}))
    values = list(row.values())
    assert values[:4] == ["TK-1-HJ", "TK-1", "4901234567894", "飯碗 灰白"]
    assert "毎日の\n飯碗" in values and "磁器" in values and "120" in values and "240" in values
    assert values[14:17] == ["1050", "1155", "JPY"]
    assert values[-1] == "TK-1_01.webp"
    book = openpyxl.load_workbook(
        io.BytesIO(browser.post("/materials", {"kind": "xlsx"}).get_data())
    )
    cells = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert cells[1][0] == "TK-1-HJ" and cells[1][15] == 1155


def test_the_zip_holds_the_list_and_each_picture_once(
    client_of: ClientOf, cast: Cast, bowl: Sku
) -> None:
    make_sku(bowl.product, code="TK-1-HJ-L")
    reply = client_of(cast.alma).post("/materials", {"kind": "zip", "part": "1"})
    assert reply.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(reply.get_data())) as parcel:
        names = parcel.namelist()
        assert [name for name in names if name.startswith("pictures/")] == ["pictures/TK-1_01.webp"]
        assert parcel.read("pictures/TK-1_01.webp") == BYTES
        assert parcel.read(names[0]).decode("utf-8-sig").count("TK-1-HJ") >= 2


def test_only_the_customers_own_catalogue_is_in_it(
    client_of: ClientOf, cast: Cast, bowl: Sku
) -> None:
    other = make_sku(make_product("幻の盃"), code="TK-9", state=SkuState.HIDDEN)
    make_catalog([other], audience=Audience.INVITED)
    text = client_of(cast.alma).post("/materials", {"kind": "csv"}).get_data().decode("utf-8-sig")
    assert "TK-1-HJ" in text and "TK-9" not in text and "幻の盃" not in text


def test_brand_category_and_what_is_new_since_last_time_narrow_it(
    client_of: ClientOf, cast: Cast, bowl: Sku
) -> None:
    second = make_sku(make_product("急須"), code="TK-2")
    browser = client_of(cast.alma)

    def codes(**form: str) -> list[str]:
        rows = table(browser.post("/materials", {"kind": "csv", **form}))
        return [next(iter(row.values())) for row in rows]

    assert bowl.product.brand is not None and bowl.product.category is not None
    assert codes(brand=bowl.product.brand.code) == ["TK-1-HJ"]
    assert codes(category=bowl.product.category.code) == ["TK-1-HJ"]
    assert codes() == ["TK-1-HJ", "TK-2"]
    with clock.at(clock.now() + timedelta(hours=1)):
        journal.record(second.product, "product:changed", BY, changes={"name": ["", "急須"]})
        session.commit()
        assert 'name="fresh"' in browser.get("/materials").text
        assert codes(fresh="1") == ["TK-2"]
    with clock.at(clock.now() + timedelta(hours=2)):
        assert codes(fresh="1") == []


def test_looking_takes_nothing_and_abroad_there_is_no_price_with_our_tax(
    client_of: ClientOf, cast: Cast, bowl: Sku
) -> None:
    client_of(cast.alma).get("/materials")
    assert materials.last_taken(cast.nordwind, BY) is None
    cast.nordwind.country = "FR"
    (row,) = table(client_of(cast.alma).post("/materials", {"kind": "csv"}))
    assert list(row.values())[15] == ""
