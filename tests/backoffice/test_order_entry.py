"""Entering an order on the telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.catalogs import make_catalog, shut_standard
from tests.factories.goods import make_sku
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import User
from wholesale.catalog import searching, selecting
from wholesale.catalog.models import Catalog, CatalogSku, Life, Sku
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.orders.models import Order, OrderSource

ClientOf = Callable[[User | None], Browser]


def test_prices_are_shown_before_anything_is_written(client_of: ClientOf, cast: Cast) -> None:
    sku = make_sku(list_price="1000")
    put_on_shelf(sku, 30)
    searching.index([sku.id])
    url = f"/office/orders/new?customer=nordwind&what={sku.code}&pieces=12"
    page = client_of(cast.dana).get(url)
    assert page.status_code == 200, page.text[-2000:]
    assert "7,200" in page.text
    part = client_of(cast.dana).part(url)
    assert part.text.lstrip().startswith('<div id="order-entry"')
    assert session.scalar(select(func.count(Order.id))) == 0


def test_the_order_is_placed_for_the_customer(client_of: ClientOf, cast: Cast) -> None:
    sku = make_sku(list_price="1000")
    put_on_shelf(sku, 30)
    fields = {"customer": "nordwind", "what": [sku.code], "pieces": ["12"], "po_number": "P-1"}
    answer = client_of(cast.dana).post("/office/orders", fields)
    assert answer.status_code == 303
    order = session.scalars(select(Order)).one()
    assert (order.source, order.po_number, order.lines[0].quantity) == (
        OrderSource.STAFF, "P-1", 12,
    )  # fmt: skip
    assert order.customer_id == cast.nordwind.id


def test_an_unclear_line_is_refused_and_kept(client_of: ClientOf, cast: Cast) -> None:
    fields = {"customer": "nordwind", "what": ["no such thing"], "pieces": ["a dozen"]}
    answer = client_of(cast.dana).post("/office/orders", fields)
    assert answer.status_code == 422
    assert "a dozen" in answer.text
    assert "no such thing" in answer.text
    nobody = client_of(cast.dana).post("/office/orders", {"customer": "zzz"})
    assert nobody.status_code == 422


def test_a_name_that_several_share_is_asked_back(client_of: ClientOf, cast: Cast) -> None:
    page = client_of(cast.dana).get("/office/orders/new?customer=株式会社")
    assert "nordwind" in page.text
    assert "rival" in page.text


def test_only_who_may_place_comes_in(client_of: ClientOf, cast: Cast) -> None:
    assert client_of(cast.alma).get("/office/orders/new").status_code == 404
    assert client_of(cast.frida).get("/office/orders/new").status_code == 403
    assert client_of(cast.frida).post("/office/orders").status_code == 403


def test_after_the_last_day_only_a_forced_order_with_its_reason_is_placed(
    client_of: ClientOf, cast: Cast
) -> None:
    ending, late = make_sku(list_price="1000"), make_sku(list_price="1000")
    ending.product.life, ending.product.last_order_on = Life.ENDING, clock.today()
    catalog = make_catalog([late], opens_at=clock.now() - timedelta(days=9), closes_at=clock.now() + timedelta(hours=1))  # fmt: skip
    shut_standard()
    fields = {"customer": "nordwind", "what": [ending.code, late.code], "pieces": ["1", "2"]}
    dana, gil = client_of(cast.dana), client_of(cast.gil)
    assert dana.post("/office/orders", fields).status_code == 303  # both days are still there
    ending.product.last_order_on = clock.today() - timedelta(days=1)
    with clock.at(clock.now() + timedelta(hours=1)):
        closed = dana.post("/office/orders", {**fields, "forced_because": "a call at noon"})
        assert closed.status_code == 422
        assert f"{ending.code}, {late.code}" in closed.text
        assert 'name="forced_because"' not in dana.part(_address(fields)).text.split("<aside")[0]
        assert gil.post("/office/orders", {**fields, "forced_because": " "}).status_code == 422
        assert 'id="forced_because"' in gil.part(_address(fields)).text
        with_reason = {**fields, "forced_because": "a call at noon"}
        assert gil.post("/office/orders", with_reason).status_code == 303
        order = session.scalars(select(Order).order_by(Order.id.desc()).limit(1)).one()
        assert "a call at noon" in gil.get(f"/office/orders/{order.number}").text
        session.delete(catalog_row(catalog, late))
        session.flush()
        # what no catalog of the customer ever bounded, staff may still order
        assert dana.post("/office/orders", {**fields, "what": [late.code]}).status_code == 303


def _address(fields: dict[str, Any]) -> str:
    return "/office/orders/new?" + urlencode(fields, doseq=True)


def catalog_row(catalog: Catalog, sku: Sku) -> CatalogSku:
    """The row of a SKU in a catalog."""
    return next(row for row in selecting.rows_of(catalog) if row.sku_id == sku.id)
