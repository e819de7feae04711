"""Several carts: changing over, sharing, copying, deleting and taking it back, in two windows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.orders import make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import User
from wholesale.catalog.models import Sku, SkuState
from wholesale.kernel.db import session
from wholesale.orders import carting
from wholesale.orders.keeping_carts import CartFacts, carts_of
from wholesale.portal.cart import OtherCart
from wholesale.portal.standard_lists import NoLineTicked, Unreadable

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def cup() -> Sku:
    sku = make_sku(code="TK-1")
    put_on_shelf(sku, 80)
    return sku


@pytest.fixture
def alma(client_of: ClientOf, cast: Cast, cup: Sku) -> Browser:
    browser = client_of(cast.alma)
    browser.post("/cart/lines", {"pieces-TK-1": "5"})
    return browser


def carts(cast: Cast, user: User) -> dict[str, CartFacts]:
    session.expire_all()
    return {one.name: one for one in carts_of(cast.nordwind.id, user.id)}


def current(cast: Cast, user: User) -> dict[int, int]:
    session.expire_all()
    return carting.quantities(carting.find_cart(cast.nordwind.id, user.id))


def share(browser: Browser, name: str = "冬") -> None:
    assert browser.post("/carts", {"name": name, "is_shared": "y"}).status_code == 303


def test_another_cart_is_filled_until_one_changes_back(alma: Browser, cast: Cast, cup: Sku) -> None:
    assert alma.post("/carts", {"name": " 春 の展示 "}).status_code == 303
    alma.post("/cart/lines", {"pieces-TK-1": "7"})
    mine = carts(cast, cast.alma)
    assert {name: (one.pieces, one.is_current) for name, one in mine.items()} == {
        "": (5, False), "春 の展示": (7, True),
    }  # fmt: skip
    page = alma.get("/cart").text
    assert "春 の展示" in page and f"/carts/{mine[''].id}/choice" in page
    alma.post(f"/carts/{mine[''].id}/choice")
    assert current(cast, cast.alma) == {cup.id: 5}
    for name in (" ", "春 の展示"):
        again = alma.post("/carts", {"name": name})
        assert again.status_code == 422 and 'role="alert"' in again.text


def test_a_page_made_for_another_cart_changes_nothing(alma: Browser, cast: Cast, cup: Sku) -> None:
    before = carts(cast, cast.alma)[""]
    alma.post("/carts", {"name": "B"})
    late = alma.post("/cart/lines", {"pieces-TK-1": "9", "cart": str(before.id)})
    assert late.status_code == OtherCart.status == 409 and "B" in late.text
    emptied = alma.post("/cart/contents", {"cart": str(before.id), "version": str(before.version)})
    assert emptied.status_code == 409
    assert alma.post("/checkout/whole", {"cart": str(before.id)}).status_code == 409
    assert current(cast, cast.alma) == {}
    alma.post(f"/carts/{before.id}/choice")
    assert current(cast, cast.alma) == {cup.id: 5}


def test_colleagues_fill_a_shared_cart_and_read_who_did_what(
    client_of: ClientOf, alma: Browser, cast: Cast, cup: Sku
) -> None:
    share(alma)
    alma.post("/cart/lines", {"pieces-TK-1": "7"})
    shared = carts(cast, cast.bo)["冬"]
    assert (shared.is_mine, shared.owner, shared.pieces) == (False, "Alma", 7)
    bo = client_of(cast.bo)
    assert current(cast, cast.bo) == {}, "a shared cart is filled by who has chosen it"
    bo.post(f"/carts/{shared.id}/choice")
    bo.post("/cart/lines", {"pieces-TK-1": "9"})
    assert current(cast, cast.alma) == {cup.id: 9}
    page = alma.get("/cart").text
    assert "Bo" in page and "TK-1: 7 → 9" in page
    late = alma.post_part("/cart/lines", {"pieces-TK-1": "8", "seen-TK-1": "7", "part": "cart"})
    assert late.status_code == 409 and late.text.count('value="9"') == 2
    assert current(cast, cast.alma) == {cup.id: 9}
    alma.post("/cart/lines", {"pieces-TK-1": "8", "seen-TK-1": "9"})
    assert alma.post("/cart/lines", {"pieces-TK-1": "6", "seen-TK-1": "9"}).status_code == 303
    for act in ("", "/deletion"):
        refused = bo.post(f"/carts/{shared.id}{act}", {"version": "99", "name": "Bo's"})
        assert refused.status_code == 422 and "Alma" in refused.text


def test_a_rival_and_a_colleague_without_a_share_find_nothing(
    client_of: ClientOf, alma: Browser, cast: Cast
) -> None:
    own = carts(cast, cast.alma)[""].id
    share(alma)
    shared = carts(cast, cast.alma)["冬"].id
    acts = ("", "/choice", "/copy", "/list", "/deletion", "/restoration")
    cleo, bo = client_of(cast.cleo), client_of(cast.bo)
    for act in acts:
        assert cleo.post(f"/carts/{shared}{act}", {"name": "x"}).status_code == 404
        assert cleo.post(f"/carts/{own}{act}", {"name": "x"}).status_code == 404
        assert bo.post(f"/carts/{own}{act}", {"name": "x"}).status_code == 404
    assert bo.post(f"/carts/{shared}/copy", {"to": str(own)}).status_code == 404
    assert "冬" not in cleo.get("/carts").text and "冬" in bo.get("/carts").text


def test_what_was_emptied_or_deleted_comes_back_as_it_was_seen(
    alma: Browser, cast: Cast, cup: Sku
) -> None:
    page = alma.get("/cart").text
    seen = dict(re.findall(r'name="(cart|version)" value="(\d+)"', page))
    alma.post("/cart/lines", {"pieces-TK-1": "6"})
    late = alma.post("/cart/contents", seen)
    assert late.status_code == 409 and current(cast, cast.alma) == {cup.id: 6}
    seen["version"] = str(carts(cast, cast.alma)[""].version)
    assert alma.post("/cart/contents", seen).status_code == 303
    assert "/restoration" in alma.get("/cart").text
    alma.post("/cart/lines", {"pieces-TK-1": "2"})
    assert alma.post(f"/carts/{seen['cart']}/restoration").status_code == 303
    assert current(cast, cast.alma) == {cup.id: 8}
    assert alma.post(f"/carts/{seen['cart']}/restoration").status_code == 409
    one = carts(cast, cast.alma)[""]
    assert alma.post(f"/carts/{one.id}/deletion", {"version": "1"}).status_code == 409
    alma.post(f"/carts/{one.id}/deletion", {"version": str(one.version)})
    assert carts(cast, cast.alma) == {}
    assert alma.post(f"/carts/{one.id}/restoration").status_code == 303
    assert current(cast, cast.alma) == {cup.id: 8}


def test_a_copy_and_a_list_leave_out_what_went_away_and_say_so(
    alma: Browser, cast: Cast, cup: Sku
) -> None:
    bowl = make_sku(code="TK-2")
    put_on_shelf(bowl, 20)
    alma.post("/cart/lines", {"pieces-TK-2": "4"})
    alma.post("/carts", {"name": "B"})
    alma.post("/cart/lines", {"pieces-TK-1": "1"})
    mine = carts(cast, cast.alma)
    alma.get("/carts")  # the toasts of before are read
    bowl.state = SkuState.HIDDEN
    session.flush()  # the copy looks at it by a query
    done = alma.post(f"/carts/{mine[''].id}/copy", {"to": str(mine["B"].id)})
    assert done.status_code == 303
    assert current(cast, cast.alma) == {cup.id: 6}
    assert "TK-2" in alma.get("/carts").text
    made = alma.post(f"/carts/{mine[''].id}/list", {"name": "いつもの"})
    page = alma.get(made.headers["Location"]).text
    assert "pieces-TK-1" in page and "いつもの" in page


def test_an_item_that_was_hidden_is_named_as_it_was_known_and_told_no_price(
    alma: Browser, cast: Cast
) -> None:
    bowl = make_sku(code="TK-2", list_price="7777")
    put_on_shelf(bowl, 20)
    alma.post("/cart/lines", {"pieces-TK-2": "4"})
    alma.post("/favourites", {"item": "TK-2", "on": "1"})
    alma.post(f"/carts/{carts(cast, cast.alma)[''].id}/list", {"name": "L"})
    assert "4,666" in alma.get("/favourites").text
    bowl.state = SkuState.HIDDEN
    bowl.product.name = {"ja": "SECRET", "en": "SECRET"}
    session.flush()  # the pages read it by queries
    lists = re.search(r'/standard-lists/(\d+)"', alma.get("/standard-lists").text)
    assert lists
    for url in ("/cart", "/favourites", f"/standard-lists/{lists[1]}"):
        page = alma.get(url).text
        assert "湯呑" in page and "TK-2" in page, url
        assert "SECRET" not in page and "4,666" not in page and "7,777" not in page, url


def test_a_standard_list_is_ordered_whole_or_in_part_and_edited_as_it_was_seen(
    client_of: ClientOf, cast: Cast, cup: Sku
) -> None:
    bowl = make_sku(code="TK-2", multiple=6)
    put_on_shelf(bowl, 60)
    order = make_order(cast.nordwind, {cup: 3, bowl: 6})
    bo, cleo = client_of(cast.bo), client_of(cast.cleo)
    assert cleo.post(f"/orders/{order.number}/list").status_code == 404
    url = bo.post(f"/orders/{order.number}/list", {"name": "定番"}).headers["Location"]
    for method in (cleo.get, cleo.post):
        assert method(url).status_code == 404
    assert bo.post(url, {"act": "ticked"}).status_code == NoLineTicked.status == 422
    assert bo.post(url, {"act": "ticked", "tick": "TK-2", "pieces-TK-2": "12"}).status_code == 303
    assert current(cast, cast.bo) == {bowl.id: 12}
    bo.post(url, {"act": "all"})
    assert current(cast, cast.bo) == {cup.id: 3, bowl.id: 18}
    (version,) = set(re.findall(r'name="version" value="(\d+)"', bo.get(url).text))
    edit = {"act": "save", "name": "定番 A", "version": version, "pieces-TK-1": "0"}
    wrong = bo.post(url, {**edit, "pieces-TK-2": "ab"})
    assert wrong.status_code == Unreadable.status == 422 and 'value="ab"' in wrong.text
    wrong = bo.post(url, {**edit, "code": "NONE", "usual": "7"})
    assert wrong.status_code == 422 and 'value="定番 A"' in wrong.text and 'value="7"' in wrong.text
    saved = bo.post(url, {**edit, "pieces-TK-2": "24", "code": "TK-2", "usual": "6"})
    assert saved.status_code == 303
    page = client_of(cast.alma).get(url).text
    assert "定番 A" in page and "TK-1" not in page and 'value="30"' in page
    assert client_of(cast.alma).post(url, edit).status_code == 409
    (version,) = set(re.findall(r'name="version" value="(\d+)"', page))
    bo.post(f"{url}/deletion", {"version": version})
    assert bo.post(f"{url}/restoration").status_code == 303


def test_stars_are_ones_own_and_come_back_as_a_part(
    client_of: ClientOf, alma: Browser, cast: Cast
) -> None:
    part = alma.post_part("/favourites", {"item": "TK-1", "on": "1", "called": "Cup"})
    assert part.text.lstrip().startswith("<form") and 'aria-pressed="true"' in part.text
    assert 'aria-pressed="true"' in alma.get("/catalogue").text
    assert "TK-1" in alma.get("/favourites").text
    assert "TK-1" not in client_of(cast.bo).get("/favourites").text
    assert alma.post("/favourites", {"item": "NONE", "on": "1"}).status_code == 404
    alma.post("/favourites", {"item": "TK-1", "on": ""})
    alma.get("/favourites")  # with a toast that names it
    assert "TK-1" not in alma.get("/favourites").text
