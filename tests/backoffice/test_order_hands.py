"""What is done by hand on one order: where its goods lie, a day for each line, notes."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.orders import make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import User
from wholesale.kernel.db import session
from wholesale.kernel.journal import JournalEntry
from wholesale.orders.models import Order
from wholesale.stock.models import Allocation
from wholesale.stock.setting_up import location_id
from wholesale.web.forms import WrongForm

ClientOf = Callable[[User | None], Browser]


def an_order(cast: Cast, pieces: int = 6) -> Order:
    first, second = make_sku(), make_sku()
    for sku in (first, second):
        put_on_shelf(sku, 30, "W1")
        put_on_shelf(sku, 30, "W2")
    return make_order(cast.nordwind, {first: pieces, second: pieces}, confirmed=True)


def at(order: Order, line: int, place: str) -> int:
    return (
        session.scalar(
            select(func.sum(Allocation.quantity)).where(
                Allocation.demand_id == order.lines[line].demand_id,
                Allocation.location_id == location_id(place),
            )
        )
        or 0
    )


def field(order: Order, line: int, place: str) -> str:
    return f"at-{order.lines[line].id}-{location_id(place)}"


def test_the_figures_typed_are_what_is_allocated(client_of: ClientOf, cast: Cast) -> None:
    order = an_order(cast)
    url = f"/office/orders/{order.number}/allocation/by-hand"
    typed = {field(order, 0, "W1"): "2", field(order, 0, "W2"): "4"}
    assert field(order, 0, "W2") in client_of(cast.dana).get(f"/office/orders/{order.number}").text
    assert client_of(cast.dana).post(url, typed).status_code == 303
    assert (at(order, 0, "W1"), at(order, 0, "W2"), at(order, 1, "W1")) == (2, 4, 6)
    part = client_of(cast.dana).post_part(
        url, {field(order, 0, "W1"): "", field(order, 0, "W2"): "6"}
    )
    assert part.status_code == 200
    assert part.text.lstrip().startswith(f'<div id="order-{order.id}"')
    assert (at(order, 0, "W1"), at(order, 0, "W2")) == (0, 6)


def test_too_many_pieces_are_refused_and_what_was_typed_is_kept(
    client_of: ClientOf, cast: Cast
) -> None:
    order = an_order(cast)
    url = f"/office/orders/{order.number}/allocation/by-hand"
    dana = client_of(cast.dana)
    for typed, status in (("31", 422), ("x", 422)):
        answer = dana.post(url, {field(order, 0, "W2"): typed})
        assert answer.status_code == status
        assert f'value="{typed}"' in answer.text
    put = {field(order, 0, "W1"): "0", field(order, 0, "W2"): "6"}
    big = make_sku()
    put_on_shelf(big, 50, "W1")
    put_on_shelf(big, 3, "W2")
    other = make_order(cast.nordwind, {big: 10}, confirmed=True)
    answer = dana.post_part(
        f"/office/orders/{other.number}/allocation/by-hand", {field(other, 0, "W2"): "4",
                                                             field(other, 0, "W1"): "6"}
    )  # fmt: skip
    assert answer.status_code == 409
    assert other.lines[0].code in answer.text
    assert at(other, 0, "W1") == 10
    assert dana.post(url, put).status_code == 303


def test_all_is_gathered_at_one_warehouse(client_of: ClientOf, cast: Cast) -> None:
    order = an_order(cast)
    dana = client_of(cast.dana)
    dana.post(
        f"/office/orders/{order.number}/allocation/by-hand",
        {field(order, 0, "W1"): "2", field(order, 0, "W2"): "4"},
    )
    url = f"/office/orders/{order.number}/allocation/gathering"
    assert dana.post_part(url).status_code == 200
    assert (at(order, 0, "W1"), at(order, 1, "W1")) == (6, 6)
    too_much = an_order(cast, 40)
    answer = dana.post(f"/office/orders/{too_much.number}/allocation/gathering")
    assert answer.status_code == 409


def test_every_line_has_a_day_of_its_own(client_of: ClientOf, cast: Cast) -> None:
    order = an_order(cast)
    url = f"/office/orders/{order.number}/promises"
    first, second = (f"promised-{line.id}" for line in order.lines[:2])
    answer = client_of(cast.dana).post(url, {first: "12/4", second: "12/11"})
    assert answer.status_code == 303
    session.expire_all()
    days = [line.promised_on.isoformat() for line in session.get(Order, order.id).lines[:2]]
    assert days == ["2026-12-04", "2026-12-11"]
    ticked = {first: "12/18", second: "12/18", "line": str(order.lines[0].id)}
    assert client_of(cast.dana).post_part(url, ticked).status_code == 200
    session.expire_all()
    days = [line.promised_on.isoformat() for line in session.get(Order, order.id).lines[:2]]
    assert days == ["2026-12-18", "2026-12-11"]
    wrong = client_of(cast.dana).post(url, {first: "someday"})
    assert wrong.status_code == 422
    assert "someday" in wrong.text


def test_a_note_is_kept_and_never_reaches_the_buyer(client_of: ClientOf, cast: Cast) -> None:
    order = an_order(cast)
    url = f"/office/orders/{order.number}/notes"
    dana = client_of(cast.dana)
    assert dana.post(url, {"note": "two parcels are fine"}).status_code == 303
    assert "two parcels are fine" in dana.get(f"/office/orders/{order.number}").text
    part = dana.post_part(url, {"note": "ring first"})
    assert part.status_code == 200
    assert "ring first" in part.text
    assert dana.post(url, {"note": "  "}).status_code == 422
    bought = client_of(cast.alma).get(f"/orders/{order.number}")
    assert bought.status_code == 200
    assert "two parcels" not in bought.text


def test_a_figure_of_no_single_field_is_refused_in_words(client_of: ClientOf, cast: Cast) -> None:
    """What a whole form complains of (WrongForm) names no field and breaks nothing."""
    order = an_order(cast)
    url = f"/office/orders/{order.number}/shipments"
    answer = client_of(cast.dana).post(url, {f"pieces-{order.lines[0].id}": "half"})
    assert answer.status_code == 422
    assert WrongForm(why="half").values == {"why": "half"}


def test_who_may_not_edit_may_not_by_hand_either(client_of: ClientOf, cast: Cast) -> None:
    order = an_order(cast)
    for act in ("allocation/by-hand", "allocation/gathering", "notes"):
        url = f"/office/orders/{order.number}/{act}"
        assert client_of(cast.egon).post(url).status_code == 403
        assert client_of(cast.frida).post(url).status_code == 403
        assert client_of(cast.alma).post(url).status_code == 404
        assert client_of(cast.dana).post(url.replace(order.number, "SO-none")).status_code == 404
        assert client_of(cast.dana).get(url).status_code == 405
    page = client_of(cast.egon).get(f"/office/orders/{order.number}").text
    assert "allocation-form" not in page


def test_looking_at_an_order_writes_nothing(client_of: ClientOf, cast: Cast) -> None:
    order = an_order(cast)
    dana = client_of(cast.dana)
    dana.get("/office/orders")
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    version = session.get(Order, order.id).version
    assert dana.get(f"/office/orders/{order.number}").status_code == 200
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before
    assert session.get(Order, order.id).version == version
