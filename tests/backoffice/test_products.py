"""Products in the office: the list, the editor, axes that change later, the end of a life, the tree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.goods import make_brand, make_category, make_product, make_sku
from tests.factories.orders import BY, make_order
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.backoffice.goods.products import UnknownMove
from wholesale.catalog import arranging, axes, editing, searching
from wholesale.catalog.arranging import UnknownParent, WithinItself
from wholesale.catalog.axes import MOST_SKUS, NoSuchValue, TooManyAxes, TooManySkus, ValueTaken
from wholesale.catalog.barcodes import BadJan, read_jan
from wholesale.catalog.editing import JanTaken, NoLastDay, UnknownSuccessor, WrongQuantities
from wholesale.catalog.models import Category, Life, Product, Sku, SkuState
from wholesale.company.changing import CodeTaken
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.journal import JournalEntry
from wholesale.offers.offering import offers
from wholesale.orders.models import OrderLine

ClientOf = Callable[[User | None], Browser]
URL = "/office/products"
FIELDS = {
    "code": "KB-900", "name_ja": "急須 夜鳴き", "name_en": "Night teapot", "reading_ja": "きゅうす よなき",
    "reading_zh": "yemingqi", "brand": "", "category": "", "tags": "贈答、冬", "custom": "素材: 炻器",
    "tax_class": "standard", "unit": "piece", "hs_code": "6912.00", "origin": "JP", "life": "current",
}  # fmt: skip


def fields_of(product: Product, **changed: Any) -> dict[str, Any]:
    return {**FIELDS, "code": product.code, "version": str(product.version), **changed}


def why_not(cast: Cast, sku: Sku) -> str:
    return offers(cast.nordwind, {sku.id: 1}, at=clock.now())[sku.id].why_not


def found_by(words: str) -> list[int]:
    hits = searching.matches(words)
    assert hits is not None
    return list(session.scalars(hits))


def test_a_product_is_made_found_and_changed_with_old_and_new(
    client_of: ClientOf, cast: Cast
) -> None:
    gil = client_of(cast.gil)
    assert gil.get(f"{URL}/new").status_code == 200
    wrong = gil.post_part(URL, {**FIELDS, "origin": "Japan"})
    assert wrong.status_code == 422
    assert wrong.text.lstrip().startswith('<div class="stack" id="settings-edit"')
    assert gil.post(URL, {**FIELDS, "custom": "no mark"}).status_code == 422
    assert gil.post(URL, FIELDS).status_code == 303
    assert gil.post(URL, FIELDS).status_code == 409
    product = session.scalars(select(Product).where(Product.code == "KB-900")).one()
    sku = session.scalars(select(Sku).where(Sku.product_id == product.id)).one()
    assert (sku.code, product.tags, product.custom) == ("KB-900", ["贈答", "冬"], {"素材": "炻器"})
    for words in ("夜鳴", "よなき", "yemingqi", "贈答", "KB-900", "night"):
        assert sku.id in found_by(words), words
    changed = fields_of(product, name_ja="急須 朝鳴き")
    part = gil.post_part(f"{URL}/KB-900", changed)
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div class="stack" id="product"')
    assert "<del>急須 夜鳴き</del> → <ins>急須 朝鳴き</ins>" in gil.get(f"{URL}/KB-900").text
    assert (sku.id in found_by("朝鳴"), sku.id in found_by("夜鳴")) == (True, False)
    assert gil.post(f"{URL}/KB-900", changed).status_code == 409
    assert gil.get(f"{URL}/NONE").status_code == 404


def test_the_list_is_filtered(client_of: ClientOf, cast: Cast) -> None:
    brand, bowls = make_brand("星と土"), make_category("鉢")
    deep = make_category("小鉢", bowls)
    one = make_sku(make_product("青い鉢", brand=brand, category=deep))
    two = make_sku(make_product("赤い皿"), state=SkuState.HIDDEN)
    searching.index([one.id, two.id])
    two.product.life = Life.ENDING
    two.product.last_order_on = date(2026, 12, 20)
    dana = client_of(cast.dana)
    codes = {one.product.code, two.product.code}
    for ask, wanted in (
        ("", codes), ("q=青い", {one.product.code}), ("brand=星と土", {one.product.code}),
        ("category=鉢", {one.product.code}), ("state=ending", {two.product.code}),
        ("state=hidden", {two.product.code}), ("bare=1", codes), ("q=無い", set()),
    ):  # fmt: skip
        part = dana.part(f"{URL}?{ask}")
        assert part.text.lstrip().startswith('<div id="products"'), ask
        assert {code for code in codes if code in part.text} == wanted, ask


def test_axes_change_later_and_skus_stay_who_they_are(client_of: ClientOf, cast: Cast) -> None:
    gil = client_of(cast.gil)
    sku = make_sku(make_product("盆"), multiple=6, minimum=6)
    product, code = sku.product, sku.code
    make_order(cast.nordwind, {sku: 6})
    at = f"{URL}/{product.code}/axes"

    def send(url: str, status: int = 200, **typed: str) -> None:
        reply = gil.post_part(url, {"version": str(product.version), **typed})
        assert reply.status_code == status, reply.text[:2000]

    send(at, axis_ja="色", axis_en="Colour", code="BK", name_ja="黒")
    send(f"{at}/1/values", code="RD", name_ja="朱")
    send(f"{at}/1/values", 422, code="RD", name_ja="朱")
    send(f"{at}/1/values", 422, code="", name_ja="朱")
    send(at, axis_ja="サイズ", code="S", name_ja="小")
    send(f"{at}/2/values", code="L", name_ja="大")
    skus = axes.skus_of(product)
    assert [(one.option_1_code, one.option_2_code) for one in skus] == [
        ("BK", "S"), ("BK", "L"), ("RD", "S"), ("RD", "L"),
    ]  # fmt: skip
    assert (skus[0].id, skus[0].code, skus[3].code) == (sku.id, code, f"{product.code}-RD-L")
    assert {one.multiple for one in skus} == {6}
    assert session.scalars(select(OrderLine.sku_id).where(OrderLine.sku_id.is_not(None))).all() == [
        sku.id
    ]
    send(f"{at}/1/values/place", value="RD", move="earlier")
    assert [one.option_1_code for one in axes.skus_of(product)] == ["RD", "RD", "BK", "BK"]
    send(f"{at}/1/values/name", value="RD", name_ja="緋")
    assert skus[3].id in found_by("緋")
    send(f"{at}/1", name_ja="釉薬")
    assert product.axes[0] == {"ja": "釉薬"}
    send(f"{at}/1/values/place", value="RD", move="retire")
    assert {one.state for one in skus[2:]} == {SkuState.DISCONTINUED}
    send(f"{at}/1/values/place", value="RD", move="restore")
    assert {one.state for one in skus} == {SkuState.SELLING}
    send(f"{at}/1/values/place", 422, value="RD", move="away")
    assert UnknownMove().code == "unknown_move"
    send(f"{at}/9/values/name", 422, value="RD", name_ja="緋")
    stale = {"version": "1", "name_ja": "緋", "value": "RD"}
    assert gil.post(f"{at}/1/values/name", stale).status_code == 409
    assert "<ins>釉薬</ins>" in gil.get(f"{URL}/{product.code}").text


def test_axes_have_limits() -> None:
    sku = make_sku(make_product("箱"))
    product = sku.product

    def add_axis(name: str) -> None:
        axes.add_axis(product, {"ja": name}, "A", {"ja": "甲"}, product.version, BY)
        session.flush()  # the next one sees a new version

    for name in ("一", "二", "三"):
        add_axis(name)
    with pytest.raises(TooManyAxes):
        add_axis("四")
    with pytest.raises(ValueTaken):
        axes.add_value(product, 1, "A", {"ja": "甲"}, product.version, BY)
    with pytest.raises(NoSuchValue):
        axes.rename_value(product, 1, "Z", {"ja": "癸"}, product.version, BY)
    make_sku(make_product("別"), code=f"{product.code}-B-A-A")
    with pytest.raises(CodeTaken):
        axes.add_value(product, 1, "B", {"ja": "乙"}, product.version, BY)
    session.add_all(
        Sku(product_id=product.id, code=f"box-{n}", option_1={"ja": f"{n}"}, option_1_code=f"{n}",
            option_2={"ja": "甲"}, option_2_code="A", option_3={"ja": "甲"}, option_3_code="A")
        for n in range(MOST_SKUS)
    )  # fmt: skip
    session.flush()
    with pytest.raises(TooManySkus):
        axes.add_value(product, 2, "C", {"ja": "丙"}, product.version, BY)


@pytest.mark.parametrize("typed", ["4901234567890", "490123456789", "12345", "abc", "036000291452"])
def test_a_wrong_jan_is_refused(typed: str) -> None:
    with pytest.raises(BadJan):
        read_jan(typed)


def test_a_sku_is_changed_and_its_limits_fit(client_of: ClientOf, cast: Cast) -> None:
    gil = client_of(cast.gil)
    sku, other = make_sku(), make_sku(jan="4901234567894")
    url = f"{URL}/{sku.product.code}/skus/{sku.code}"
    typed = {"jan": "４９０１２３４５６７８８７", "state": "selling", "policy": "in_stock", "minimum": "6",
             "multiple": "6", "maximum": "60", "lead_days": "14", "weight_grams": "320", "swatch": "#8a6f4d",
             "supplier_code": "S-1", "carton_quantity": "24", "version": str(sku.product.version)}  # fmt: skip
    assert gil.get(url).status_code == 200
    for wrong, status in (
        ({"jan": "4901234567890"}, 422), ({"jan": other.jan or ""}, 409), ({"maximum": "4"}, 422),
        ({"multiple": "0"}, 422), ({"swatch": "red"}, 422), ({"version": "0"}, 409),
    ):  # fmt: skip
        assert gil.post(url, {**typed, **wrong}).status_code == status, wrong
    assert gil.post(url, typed).status_code == 303
    assert (sku.jan, sku.multiple, sku.weight_grams) == ("4901234567887", 6, 320)
    assert sku.id in found_by("4901234567887")
    assert gil.post(url, typed).status_code == 409
    assert gil.get(f"{URL}/{other.product.code}/skus/{sku.code}").status_code == 404
    values = {"jan": other.jan, "minimum": 1, "multiple": 1, "maximum": None}
    with pytest.raises(JanTaken):
        editing.change_sku(sku, values, sku.product.version, BY)
    with pytest.raises(WrongQuantities):
        editing.change_sku(sku, {**values, "jan": "", "maximum": 0}, sku.product.version, BY)


def test_a_life_ends_in_the_portal_too(client_of: ClientOf, cast: Cast) -> None:
    gil, alma = client_of(cast.gil), client_of(cast.alma)
    sku, heir, secret = make_sku(), make_sku(make_product("後継")), make_sku(state=SkuState.HIDDEN)
    product, url = sku.product, f"{URL}/{sku.product.code}"
    page = f"/products/{product.code}"
    searching.index([sku.id, heir.id])
    last = clock.today() + timedelta(days=3)
    assert gil.post(url, fields_of(product, life="ending")).status_code == 422
    assert gil.post(url, fields_of(product, successor=product.code)).status_code == 422
    ending = {"life": "ending", "last_order_on": last.isoformat(), "successor": heir.product.code}
    assert gil.post(url, fields_of(product, **ending)).status_code == 303
    shown = alma.get(page).text
    assert "後継" in shown
    assert ('class="stepper' in shown, why_not(cast, sku)) == (True, "")
    assert gil.post(url, fields_of(product, successor=secret.product.code)).status_code == 303
    assert secret.product.code not in alma.get(page).text
    past = {"life": "ending", "last_order_on": (clock.today() - timedelta(days=1)).isoformat()}
    assert gil.post(url, fields_of(product, **past)).status_code == 303
    shown = alma.get(page).text
    assert ('class="stepper' in shown, why_not(cast, sku)) == (False, "discontinued")
    assert sku.code in alma.get("/catalogue").text
    assert gil.post(url, fields_of(product, life="ended")).status_code == 303
    assert sku.code not in alma.get("/catalogue").text
    assert alma.get(page).status_code == 200
    values = {"life": Life.ENDING, "last_order_on": None, "successor": ""}
    with pytest.raises(NoLastDay):
        editing.change_product(product, values, product.version, BY)
    with pytest.raises(UnknownSuccessor):
        editing.change_product(product, {**values, "successor": "NONE"}, product.version, BY)


def test_the_tree_is_edited(client_of: ClientOf, cast: Cast) -> None:
    gil = client_of(cast.gil)
    root, other = make_category("器"), make_category("布")
    twig = make_category("碗", root)
    make_product(category=twig)
    url = "/office/categories"
    assert gil.get(url).status_code == 200
    new = {"code": "箸", "name_ja": "箸", "parent": "器", "position": "2"}
    assert gil.post(url, new).status_code == 303
    assert gil.post(url, new).status_code == 409
    made = session.scalars(select(Category).where(Category.code == "箸")).one()
    assert made.path == f"{root.path}{made.id}/"
    moved = {"code": "器", "name_ja": "うつわ", "parent": "布", "version": str(root.version)}
    assert gil.post(f"{url}/器", {**moved, "parent": "碗"}).status_code == 422
    part = gil.post_part(f"{url}/器", {**moved, "name_ja": ""})
    assert (part.status_code, "settings-edit" in part.text) == (422, True)
    assert gil.post(f"{url}/器", moved).status_code == 303
    assert gil.post(f"{url}/器", moved).status_code == 409
    assert twig.path == f"{other.path}{root.id}/{twig.id}/"
    values = {"code": "新", "name": {"ja": "新"}, "parent": "無", "position": 0}
    with pytest.raises(UnknownParent):
        arranging.save_category(None, values, 0, BY)
    with pytest.raises(WithinItself):
        arranging.save_category(other, {**values, "parent": "碗"}, other.version, BY)
    with pytest.raises(Conflict):
        arranging.save_category(other, values | {"parent": ""}, 99, BY)


def test_who_may_read_may_not_write_and_looking_writes_nothing(
    client_of: ClientOf, cast: Cast
) -> None:
    sku = make_sku(make_product(category=make_category("器")))
    egon, alma = client_of(cast.egon), client_of(cast.alma)
    session.commit()
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    at = f"{URL}/{sku.product.code}"
    for page in (URL, at, "/office/categories"):
        assert egon.get(page).status_code == 200
        assert alma.get(page).status_code == 404
    acts = ("", f"/{sku.product.code}", f"/{sku.product.code}/axes", f"/{sku.product.code}/axes/1",
            f"/{sku.product.code}/axes/1/values", f"/{sku.product.code}/axes/1/values/name",
            f"/{sku.product.code}/axes/1/values/place", f"/{sku.product.code}/skus/{sku.code}")  # fmt: skip
    for act in acts:
        assert egon.post(URL + act, FIELDS).status_code == 403, act
        assert alma.post(URL + act, FIELDS).status_code == 404, act
    for page in (
        f"{URL}/new",
        f"{at}/skus/{sku.code}",
        "/office/categories/new",
        "/office/categories/器",
    ):
        assert egon.get(page).status_code == 403
    assert egon.post("/office/categories", {}).status_code == 403
    assert egon.post("/office/categories/器", {}).status_code == 403
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before
