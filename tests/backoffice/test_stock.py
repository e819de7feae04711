"""Stock of the office: the list, a SKU's ledger, arrivals and counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import select

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.orders import BY, make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import User
from wholesale.catalog.models import Sku
from wholesale.kernel.db import session
from wholesale.stock import receiving
from wholesale.stock.models import Balance, Location, Move

ClientOf = Callable[[User | None], Browser]


def on_hand(sku: Sku) -> int:
    session.expire_all()
    return session.scalar(
        select(Balance.on_hand).where(Balance.sku_id == sku.id, Balance.is_guarded)
    )


def test_the_list_shows_levels_and_what_is_short(client_of: ClientOf, cast: Cast) -> None:
    sku, plenty = make_sku(), make_sku()
    put_on_shelf(sku, 4)
    put_on_shelf(plenty, 90)
    make_order(cast.nordwind, {sku: 10}, confirmed=True)
    frida = client_of(cast.frida)
    page = frida.get("/office/stock")
    assert sku.code in page.text
    assert plenty.code in page.text
    part = frida.part("/office/stock?view=short")
    assert part.text.lstrip().startswith('<div id="stock-list"')
    assert sku.code in part.text
    assert plenty.code not in part.text


def test_goods_that_come_in_serve_who_waits(client_of: ClientOf, cast: Cast) -> None:
    sku = make_sku()
    put_on_shelf(sku, 4)
    order = make_order(cast.nordwind, {sku: 10}, confirmed=True)
    frida, url = client_of(cast.frida), f"/office/stock/{sku.code}"
    assert order.number not in frida.get("/office/stock").text
    part = frida.post_part(f"{url}/receipts", {"place": "W1", "quantity": "6"})
    assert part.status_code == 200, part.text[-2000:]
    assert part.text.lstrip().startswith(f'<div id="sku-{sku.id}"')
    assert on_hand(sku) == 10
    assert order.lines[0].allocated == 10


def test_an_expected_arrival_takes_no_more_than_was_expected(
    client_of: ClientOf, cast: Cast
) -> None:
    sku = make_sku()
    put_on_shelf(sku, 1)
    place = session.scalars(select(Location.id).where(Location.code == "W1")).one()
    coming = receiving.expect(sku.id, place, 20, date(2026, 12, 8), BY)
    session.flush()
    frida = client_of(cast.frida)
    url = f"/office/stock/{sku.code}/expected/{coming.id}/receipts"
    assert frida.post(url, {"quantity": "21"}).status_code == 409
    assert frida.post(url, {"quantity": "20"}).status_code == 303
    assert on_hand(sku) == 21
    assert sku.code in frida.get("/office/stock?view=held").text


def test_a_count_needs_its_reason_and_keeps_what_was_typed(client_of: ClientOf, cast: Cast) -> None:
    sku = make_sku()
    put_on_shelf(sku, 30)
    frida, url = client_of(cast.frida), f"/office/stock/{sku.code}"
    answer = frida.post(f"{url}/counts", {"place": "W1", "counted": "27", "reason": ""})
    assert answer.status_code == 422
    assert 'value="27"' in answer.text
    assert on_hand(sku) == 30
    fields = {"place": "W1", "counted": "27", "reason": "three broken"}
    assert frida.post(f"{url}/counts", fields).status_code == 303
    assert on_hand(sku) == 27
    assert "three broken" in frida.get(url).text
    lost = frida.post(f"{url}/counts", {"place": "nowhere", "counted": "1", "reason": "x"})
    assert lost.status_code == 422


def test_looking_writes_nothing(client_of: ClientOf, cast: Cast) -> None:
    sku = make_sku()
    put_on_shelf(sku, 30)
    before = session.query(Move).count()
    assert client_of(cast.dana).get(f"/office/stock/{sku.code}").status_code == 200
    assert session.query(Move).count() == before


def test_buyers_find_nothing_and_sales_may_not_count(client_of: ClientOf, cast: Cast) -> None:
    sku = make_sku()
    url = f"/office/stock/{sku.code}"
    assert client_of(cast.alma).get(url).status_code == 404
    assert client_of(cast.alma).get("/office/stock").status_code == 404
    for act in ("receipts", "counts", "expected/1/receipts"):
        assert client_of(cast.dana).post(f"{url}/{act}").status_code == 403
        assert client_of(cast.alma).post(f"{url}/{act}").status_code == 404
    assert client_of(cast.dana).get("/office/stock/none").status_code == 404


def test_the_ledger_of_an_item_stands_beside_the_list(client_of: ClientOf, cast: Cast) -> None:
    sku = make_sku()
    put_on_shelf(sku, 30)
    frida = client_of(cast.frida)
    assert 'id="stock-ledger"' not in frida.get("/office/stock").text
    page = frida.get(f"/office/stock?item={sku.code}")
    assert page.status_code == 200
    assert 'id="stock-ledger"' in page.text
    assert "+30" in page.text.split('id="stock-ledger"')[1]
    part = frida.part(f"/office/stock?item={sku.code}")
    assert part.text.lstrip().startswith('<div id="stock-list"')
    assert 'id="stock-ledger"' not in frida.get("/office/stock?item=none").text
