"""Orders of the office: the list, one order, and what is done to it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine, event

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.orders import make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import User
from wholesale.kernel.db import session
from wholesale.orders.models import Order, OrderState

ClientOf = Callable[[User | None], Browser]


def an_order(cast: Cast, pieces: int = 6, shelf: int = 30, *, confirmed: bool = False) -> Order:
    sku = make_sku()
    put_on_shelf(sku, shelf, "W1")
    return make_order(cast.nordwind, {sku: pieces}, confirmed=confirmed)


def test_the_list_shows_what_waits_and_answers_htmx_with_its_part(
    client_of: ClientOf, cast: Cast
) -> None:
    order = an_order(cast)
    page = client_of(cast.dana).get("/office/orders?view=to_confirm")
    assert page.status_code == 200, page.text[-2000:]
    assert order.number in page.text
    part = client_of(cast.dana).part("/office/orders?view=to_confirm")
    assert part.text.lstrip().startswith('<div id="order-list"')
    assert order.number not in client_of(cast.dana).get("/office/orders?q=SO-none").text


def test_an_order_is_confirmed_and_planned_in_place(client_of: ClientOf, cast: Cast) -> None:
    order = an_order(cast)
    dana = client_of(cast.dana)
    assert dana.get(f"/office/orders/{order.number}").status_code == 200
    part = dana.post_part(f"/office/orders/{order.number}/confirmation")
    assert part.status_code == 200, part.text[-2000:]
    assert part.text.lstrip().startswith(f'<div id="order-{order.id}"')
    assert session.get(Order, order.id).state is OrderState.CONFIRMED
    planned = dana.post(f"/office/orders/{order.number}/shipments")
    assert planned.status_code == 303
    assert "SH-" in dana.get(f"/office/orders/{order.number}").text


def test_a_second_confirmation_is_a_conflict_that_says_so(client_of: ClientOf, cast: Cast) -> None:
    order = an_order(cast, confirmed=True)
    answer = client_of(cast.dana).post(f"/office/orders/{order.number}/confirmation")
    assert answer.status_code == 409
    assert order.number in answer.text


def test_a_cancellation_without_a_reason_is_refused(client_of: ClientOf, cast: Cast) -> None:
    order = an_order(cast)
    answer = client_of(cast.dana).post(
        f"/office/orders/{order.number}/cancellation", {"reason": " "}
    )
    assert answer.status_code == 422
    assert session.get(Order, order.id).state is OrderState.PLACED
    done = client_of(cast.dana).post(
        f"/office/orders/{order.number}/cancellation", {"reason": "doppelt"}
    )
    assert done.status_code == 303
    assert session.get(Order, order.id).state is OrderState.CANCELLED


def test_a_day_that_is_none_is_refused_and_kept(client_of: ClientOf, cast: Cast) -> None:
    order = an_order(cast, confirmed=True)
    url = f"/office/orders/{order.number}/promises"
    answer = client_of(cast.dana).post(url, {"promised_on": "soonish"})
    assert answer.status_code == 422
    assert "soonish" in answer.text
    assert client_of(cast.dana).post(url, {"promised_on": "12/10"}).status_code == 303
    session.expire_all()
    assert session.get(Order, order.id).lines[0].promised_on.isoformat() == "2026-12-10"


def test_many_are_confirmed_and_the_held_one_stays(client_of: ClientOf, cast: Cast) -> None:
    first, second = an_order(cast), an_order(cast)
    dana = client_of(cast.dana)
    dana.post(f"/office/orders/{second.number}/hold", {"reason": "check", "note": "address"})
    answer = dana.post("/office/orders/confirmations", {"numbers": [first.number, second.number]})
    assert answer.status_code == 200
    assert f"{second.number}: " in answer.text
    session.expire_all()
    assert session.get(Order, first.id).state is OrderState.CONFIRMED
    assert session.get(Order, second.id).state is OrderState.PLACED


def test_the_rest_of_a_line_is_given_up(client_of: ClientOf, cast: Cast) -> None:
    order = an_order(cast, 40, confirmed=True)
    url = f"/office/orders/{order.number}/lines/1/drop"
    assert client_of(cast.dana).post(url, {"pieces": "10"}).status_code == 422
    answer = client_of(cast.dana).post(url, {"pieces": "10", "reason": "sold out"})
    assert answer.status_code == 303
    session.expire_all()
    assert session.get(Order, order.id).lines[0].dropped == 10


def test_buyers_find_nothing_and_the_warehouse_may_not(client_of: ClientOf, cast: Cast) -> None:
    order = an_order(cast)
    for url in ("/office/orders", f"/office/orders/{order.number}"):
        assert client_of(cast.alma).get(url).status_code == 404
        assert client_of(cast.frida).get(url).status_code == 403
        assert client_of(None).get(url).status_code == 303
    for act in ("confirmation", "release", "hold", "cancellation", "rejection", "allocation"):
        url = f"/office/orders/{order.number}/{act}"
        assert client_of(cast.alma).post(url).status_code == 404
        assert client_of(cast.frida).post(url).status_code == 403
    assert client_of(cast.dana).get("/office/orders/SO-none").status_code == 404


def test_lines_without_an_answer_have_their_own_view(client_of: ClientOf, cast: Cast) -> None:
    waiting, served = an_order(cast, 40, confirmed=True), an_order(cast, confirmed=True)
    page = client_of(cast.dana).get("/office/orders?view=promises").text
    assert waiting.number in page
    assert served.number not in page


def statements(engine: Engine, visit: Callable[[], object]) -> int:
    seen: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        visit()
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(seen)


def test_a_longer_list_asks_the_database_no_more(
    client_of: ClientOf, cast: Cast, engine: Engine
) -> None:
    an_order(cast)
    dana = client_of(cast.dana)
    dana.get("/office/orders")
    few = statements(engine, lambda: dana.get("/office/orders"))
    for _ in range(4):
        an_order(cast)
    many = statements(engine, lambda: dana.get("/office/orders"))
    assert 0 < many <= few <= 15


def test_the_today_page_stays_frugal(client_of: ClientOf, cast: Cast, engine: Engine) -> None:
    an_order(cast, 40, confirmed=True)
    gil = client_of(cast.gil)
    gil.get("/office/")
    assert 0 < statements(engine, lambda: gil.get("/office/")) <= 25


def test_a_list_is_narrowed_by_its_address_alone(client_of: ClientOf, cast: Cast) -> None:
    order = an_order(cast)
    dana = client_of(cast.dana)
    for query, is_there in (
        ("source=staff", True), ("source=portal", False), ("source=nonsense", True),
        ("currency=JPY", True), ("currency=EUR", False), ("placed=11/1", True),
        ("placed=2026-11-21", False), ("wished=%2B3", False), ("wished=whenever", True),
    ):  # fmt: skip
        page = dana.get(f"/office/orders?view=open&{query}").text
        assert (order.number in page) is is_there, query


def test_many_are_planned_and_the_one_without_goods_stays(client_of: ClientOf, cast: Cast) -> None:
    ready, empty = an_order(cast, confirmed=True), an_order(cast, shelf=1)
    dana = client_of(cast.dana)
    answer = dana.post("/office/orders/shipments", {"numbers": [ready.number, empty.number]})
    assert answer.status_code == 200
    assert f"{empty.number}: " in answer.text
    session.expire_all()
    assert session.get(Order, ready.id).lines[0].planned == 6
    assert dana.post("/office/orders/shipments", {"numbers": []}).status_code == 303
    assert client_of(cast.egon).post("/office/orders/shipments").status_code == 403
