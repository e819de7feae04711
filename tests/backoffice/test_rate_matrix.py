"""Rates by category and rank, list prices, and who has a price list: tables edited in place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.backoffice.test_price_lists import Shop, looked
from tests.factories.browsing import Browser
from tests.factories.goods import make_category
from tests.factories.people import BY, Cast
from tests.factories.prices import make_price_list, make_price_rule
from tests.factories.revisions import NEW_YEAR
from wholesale.accounts.models import User
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.journal import history
from wholesale.pricing import editing, giving, rate_matrix, revisions
from wholesale.pricing.listing import make_list
from wholesale.pricing.models import Basis, CustomerPriceList, ListPrice, OwnerKind, Scope
from wholesale.pricing.resolving import resolve

ClientOf = Callable[[User | None], Browser]
MATRIX, LISTS = "/office/rate-matrix", "/office/list-prices"


@pytest.fixture
def shop(cast: Cast) -> Shop:
    return Shop(cast)


def price(shop: Shop, cast: Cast, on: date) -> int:
    return int(resolve(cast.nordwind, {shop.bowl.id: 1}, on=on)[shop.bowl.id].unit_price)


def typed(shop: Shop, value: str, seen: str = "58", **more: str) -> dict[str, str]:
    """The cell of rank A × 器 as it comes back."""
    key = f"{shop.rank.id}-{shop.ware.id}"
    return {f"rate-{key}": value, f"seen-{key}": seen, **more}


def test_a_cell_is_changed_filled_and_emptied(client_of: ClientOf, cast: Cast, shop: Shop) -> None:
    gil, day = client_of(cast.gil), clock.today() + timedelta(days=5)
    below = make_category("鉢", shop.ware)
    page = gil.get(MATRIX).text
    assert f'name="rate-{shop.rank.id}-{shop.ware.id}" value="58"' in page
    assert f'name="rate-{shop.rank.id}-{below.id}" value="" placeholder="58"' in page
    shown = gil.post_part(f"{MATRIX}/effect", typed(shop, "６０", day=day.isoformat()))
    assert shown.status_code == 200
    assert shown.text.lstrip().startswith('<div class="stack" id="rate-matrix"')
    assert "1,320" in shown.text
    assert "input num w-4 changed" in shown.text
    form = typed(shop, "60", day=day.isoformat(), looked=looked(shown.text))
    assert client_of(cast.dana).get(MATRIX).status_code == 200
    assert client_of(cast.dana).post(MATRIX, form).status_code == 403
    assert client_of(cast.frida).get(MATRIX).status_code == 403
    assert gil.post(MATRIX, {**form, "looked": "no"}).status_code == editing.LookFirst.status
    assert gil.post(MATRIX, form).status_code == 303
    assert [price(shop, cast, on) for on in (day - timedelta(days=1), day)] == [1276, 1320]
    for wrong, status in (("abc", 422), ("0", 422), ("201", 422), ("58", 422)):
        reply = gil.post(f"{MATRIX}/effect", typed(shop, wrong))
        assert reply.status_code == status, wrong
    assert 'value="abc"' in gil.post(f"{MATRIX}/effect", typed(shop, "abc")).text
    assert gil.post(f"{MATRIX}/effect", typed(shop, "61", seen="57")).status_code == 409
    gone = rate_matrix.plans(
        rate_matrix.matrix(day), {(shop.rank.id, shop.ware.id): None}, day + timedelta(days=1)
    )
    editing.apply(gone[0], shop.rank, BY)
    assert price(shop, cast, day) == 1320
    assert price(shop, cast, day + timedelta(days=1)) == 1320  # 60 % are the terms' own as well
    assert (
        rate_matrix.matrix(day + timedelta(days=1)).cells[shop.rank.id, shop.ware.id].value is None
    )


def test_an_emptied_cell_follows_the_category_above_and_a_revision_takes_cells(
    client_of: ClientOf, cast: Cast, shop: Shop
) -> None:
    below = make_category("鉢", shop.ware)
    rule = make_price_rule((OwnerKind.GROUP, shop.rank.id), Scope.CATEGORY, below.id, "0.5")
    make_price_rule((OwnerKind.GROUP, shop.rank.id), Scope.CATEGORY, below.id, "0.52", days=-30)
    shop.bowl.product.category_id = below.id
    session.flush()
    day = clock.today() + timedelta(days=3)
    assert price(shop, cast, day) == 1144
    (plan,) = rate_matrix.plans(
        rate_matrix.matrix(clock.today()), {(shop.rank.id, below.id): None}, day
    )
    editing.apply(plan, shop.rank, BY)
    assert [price(shop, cast, on) for on in (day - timedelta(days=1), day)] == [1144, 1276]
    session.refresh(rule)
    assert rule.valid_until == day - timedelta(days=1)
    revision = revisions.make_revision("改定", NEW_YEAR, Basis.ORDER, BY)
    gil = client_of(cast.gil)
    cell = typed(shop, "61", revision=revision.number)
    page = gil.post(f"{MATRIX}/effect", cell).text
    assert gil.post(MATRIX, {**cell, "looked": looked(page)}).status_code == 303
    assert [(one.old, one.new) for one in revisions.rule_changes(revision)] == [
        (Decimal("0.58"), Decimal("0.61"))
    ]


def test_list_prices_are_typed_with_the_day_from_which_they_count(
    client_of: ClientOf, cast: Cast, shop: Shop
) -> None:
    gil = client_of(cast.gil)
    field = {f"list-{shop.bowl.id}": "2,400", f"of-{shop.bowl.id}": shop.bowl.code,
             "currency": "JPY", "day": "2026-12-01"}  # fmt: skip
    assert shop.bowl.code in gil.get(f"{LISTS}?q={shop.bowl.code.lower()}").text
    assert gil.get(f"{LISTS}?currency=USD&q=none").status_code == 200
    shown = gil.post_part(f"{LISTS}/effect", field)
    assert "1,392" in shown.text
    assert 'value="2,400"' in shown.text
    half = gil.post(f"{LISTS}/effect", {**field, f"list-{shop.bowl.id}": "2400.5"})
    assert half.status_code == 422
    form = {**field, "looked": looked(shown.text)}
    assert client_of(cast.dana).post(LISTS, form).status_code == 403
    assert gil.post(LISTS, form).status_code == 303
    assert session.scalar(select(ListPrice.valid_from).where(ListPrice.amount == 2400)) == date(
        2026, 12, 1
    )
    assert "2,400" in gil.get(LISTS).text


def test_a_price_list_is_given_asked_first_and_taken_back(
    client_of: ClientOf, cast: Cast, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    prices, _ = make_price_list(shop.bowl)
    other = make_list("FAIR", {"ja": "展示会"}, BY)
    gil, url = client_of(cast.gil), "/office/price-lists/STD/users"
    giving.give_list(other, [cast.nordwind], BY)
    assert gil.post(url, {"do": "give", "customer": "nobody"}).status_code == 422
    assert gil.post(url, {"do": "rank", "customer": "A"}).status_code == 303
    again = gil.post(url, {"do": "rank", "customer": "A"})
    assert again.status_code == giving.HasList.status
    assert gil.post_part(url, {"do": "give", "customer": "rival"}).status_code == 200
    assert [(one.code, at) for one, at in giving.users(prices, 9)] == [
        ("nordwind", 1),
        ("rival", 0),
    ]
    assert gil.post(url, {"do": "first", "customer": "nordwind"}).status_code == 303
    mine = CustomerPriceList.customer_id == cast.nordwind.id
    order = select(CustomerPriceList.price_list_id).where(mine).order_by(CustomerPriceList.position)
    assert session.scalars(order).all() == [prices.id, other.id]
    assert "ノルドヴィント" in gil.get("/office/price-lists/STD").text
    assert client_of(cast.dana).post(url, {"do": "back", "customer": "rival"}).status_code == 403
    assert gil.post(url, {"do": "back", "customer": "rival"}).status_code == 303
    assert [one.code for one, _ in giving.users(prices, 9)] == ["nordwind"]
    assert (
        gil.post("/office/price-lists/A/users?of=group", {"customer": "rival"}).status_code == 404
    )
    session.commit()
    assert {entry.did for entry in history(prices)} >= {
        "price_list:given", "price_list:first", "price_list:taken"
    }  # fmt: skip
    monkeypatch.setattr(giving, "MOST_LISTS", 2)
    with pytest.raises(giving.TooManyPriceLists):
        giving.give_list(make_list("THIRD", {"ja": "三"}, BY), [cast.nordwind], BY)


def test_the_customers_page_leads_to_its_own_prices(client_of: ClientOf, cast: Cast) -> None:
    page = client_of(cast.dana).get("/office/customers/nordwind?section=prices").text
    assert 'href="/office/price-lists/nordwind?of=customer"' in page
    assert 'href="/office/customers/nordwind/prices"' in page
