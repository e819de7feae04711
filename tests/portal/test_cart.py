"""Quantities from any page into the cart: by script, without it, and with figures nobody can read."""

from __future__ import annotations

from collections.abc import Callable

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import BuyerRole, Membership, User
from wholesale.kernel.db import session
from wholesale.orders import carting

ClientOf = Callable[[User | None], Browser]


def in_cart(cast: Cast, user: User | None = None) -> dict[int, int]:
    session.expire_all()
    return carting.quantities(carting.find_cart(cast.nordwind.id, (user or cast.alma).id))


def test_a_quantity_lands_in_the_cart_and_the_page_comes_back(
    client_of: ClientOf, cast: Cast
) -> None:
    sku = make_sku(code="TK-1")
    put_on_shelf(sku, 80)
    answer = client_of(cast.alma).post(
        "/cart/lines", {"pieces-TK-1": "１２", "back": "/catalogue?q=TK"}
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/catalogue?q=TK"
    assert in_cart(cast) == {sku.id: 12}


def test_htmx_gets_the_note_the_badge_and_the_bar(client_of: ClientOf, cast: Cast) -> None:
    sku = make_sku(code="TK-1", multiple=6)
    put_on_shelf(sku, 80)
    answer = client_of(cast.alma).post_part("/cart/lines", {"pieces-TK-1": "16"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<p") and 'id="cart-badge"' in answer.text
    assert f'id="pieces-{sku.id}"' in answer.text and 'value="18"' in answer.text
    assert "10,800" in answer.text
    assert in_cart(cast) == {sku.id: 18}


def test_a_step_without_script_moves_the_quantity(client_of: ClientOf, cast: Cast) -> None:
    sku = make_sku(code="TK-1", multiple=6)
    put_on_shelf(sku, 80)
    client_of(cast.alma).post("/cart/lines", {"pieces-TK-1": "6", "step": "TK-1|+6"})
    assert in_cart(cast) == {sku.id: 12}


def test_zero_takes_an_item_out(client_of: ClientOf, cast: Cast) -> None:
    put_on_shelf(make_sku(code="TK-1"), 80)
    browser = client_of(cast.alma)
    browser.post("/cart/lines", {"pieces-TK-1": "4"})
    answer = browser.post_part("/cart/lines", {"pieces-TK-1": "0", "part": "cart"})
    assert answer.text.lstrip().startswith('<div id="cart"')
    assert in_cart(cast) == {}


def test_what_cannot_be_read_is_refused_and_kept(client_of: ClientOf, cast: Cast) -> None:
    put_on_shelf(make_sku(code="TK-1"), 80)
    answer = client_of(cast.alma).post("/cart/lines", {"pieces-TK-1": "a dozen"})
    assert answer.status_code == 422
    assert 'value="a dozen"' in answer.text
    assert in_cart(cast) == {}


def test_htmx_reads_the_refusal_beside_the_field(client_of: ClientOf, cast: Cast) -> None:
    put_on_shelf(make_sku(code="TK-1"), 80)
    browser = client_of(cast.alma)
    answer = browser.post_part("/cart/lines", {"pieces-TK-1": "x"})
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (422, "innerHTML")
    assert answer.text.lstrip().startswith("<span") and "TK-1" in answer.text
    answer = browser.post_part("/cart/lines", {"pieces-TK-1": "x", "part": "cart"})
    assert answer.headers["HX-Retarget"] == "#flash"


def test_an_unknown_item_reads_like_one_that_is_not_for_sale(
    client_of: ClientOf, cast: Cast
) -> None:
    answer = client_of(cast.alma).post("/cart/lines", {"pieces-NO-SUCH": "3"})
    assert answer.status_code == 422
    assert "NO-SUCH" in answer.text


def test_a_way_back_never_leaves_the_site(client_of: ClientOf, cast: Cast) -> None:
    put_on_shelf(make_sku(code="TK-1"), 80)
    answer = client_of(cast.alma).post(
        "/cart/lines", {"pieces-TK-1": "1", "back": "//evil.example/"}
    )
    assert answer.headers["Location"] == "/cart"


def test_a_reader_may_not_fill_a_cart(client_of: ClientOf, cast: Cast) -> None:
    put_on_shelf(make_sku(code="TK-1"), 80)
    session.query(Membership).filter_by(user_id=cast.bo.id).one().role = BuyerRole.VIEWER
    browser = client_of(cast.bo)
    assert browser.post("/cart/lines", {"pieces-TK-1": "1"}).status_code == 403
    assert browser.get("/cart").status_code == 403
    assert "pieces-TK-1" not in browser.get("/catalogue").text


def test_colleagues_have_carts_of_their_own(client_of: ClientOf, cast: Cast) -> None:
    sku = make_sku(code="TK-1")
    put_on_shelf(sku, 80)
    client_of(cast.bo).post("/cart/lines", {"pieces-TK-1": "3"})
    assert in_cart(cast) == {}
    assert in_cart(cast, cast.bo) == {sku.id: 3}


def test_quick_order_reads_lines_in_either_order_and_keeps_what_it_cannot_find(
    client_of: ClientOf, cast: Cast
) -> None:
    first, second = make_sku(code="TK-1"), make_sku(code="TK-2", jan="4580000110320", multiple=6)
    for sku in (first, second):
        put_on_shelf(sku, 80)
    browser = client_of(cast.alma)
    text = "tk-1\t24\n18 4580000110320\nTK-999 3\njust words"
    read = browser.post("/quick-order", {"text": text})
    assert read.status_code == 200
    assert "TK-999 3" in read.text and "just words" in read.text
    assert in_cart(cast) == {}
    kept = browser.post("/quick-order", {"text": text, "act": "cart"})
    assert in_cart(cast) == {first.id: 24, second.id: 18}
    pad = kept.text.split("<textarea")[1].split("</textarea>")[0]
    assert "TK-999 3" in pad and "tk-1" not in pad
    done = browser.post("/quick-order", {"text": "TK-1 1", "act": "cart"})
    assert done.status_code == 303
    assert in_cart(cast)[first.id] == 25


def test_the_grid_says_what_typed_quantities_come_to_without_writing(
    client_of: ClientOf, cast: Cast
) -> None:
    put_on_shelf(make_sku(code="TK-1"), 80)
    put_on_shelf(make_sku(code="TK-2"), 80)
    answer = client_of(cast.alma).part("/products/TK-1/sums?pieces-TK-1=10&pieces-TK-2=99")
    assert answer.status_code == 200
    assert "6,000" in answer.text and "99" not in answer.text
    assert in_cart(cast) == {}
    assert client_of(cast.alma).part("/products/NONE/sums").status_code == 404
