"""What one of our people is kept to: some brands, its own customers; in lists, counts and acts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from tests.factories.browsing import Browser
from tests.factories.goods import make_product, make_sku
from tests.factories.orders import make_order
from tests.factories.people import BY, Cast
from tests.factories.receipts import make_invoice
from tests.factories.stock import put_on_shelf
from wholesale.accounts import managing
from wholesale.accounts.models import User
from wholesale.accounts.visiting import own_customer_ids
from wholesale.catalog.models import Brand, Product, Sku
from wholesale.customers.models import Customer
from wholesale.kernel import db
from wholesale.kernel.access import Actor, ActorKind, Principal
from wholesale.kernel.db import session
from wholesale.orders.models import Order, OrderLine, OrderState

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def kept(cast: Cast) -> User:
    """Dana, kept to Nordwind."""
    managing.assign(cast.dana, [cast.nordwind.id], BY)
    managing.change(cast.dana, BY, role="sales", own_customers_only=True)
    session.flush()
    return cast.dana


def test_only_ones_own_customers_are_listed_found_counted_and_opened(
    client_of: ClientOf, cast: Cast, kept: User
) -> None:
    sku = make_sku()
    put_on_shelf(sku, 100)
    own, foreign = make_order(cast.nordwind, {sku: 1}), make_order(cast.rival, {sku: 1})
    invoice = make_invoice(cast.rival)
    browser = client_of(kept)
    for url in ("/office/", "/office/orders", "/office/orders?q=SO", "/office/customers",
                "/office/customers?q=rival", "/office/search?q=rival", "/office/invoices",
                "/office/shipments", f"/office/stock/{sku.code}"):  # fmt: skip
        page = browser.get(url)
        assert page.status_code == 200, url
        assert "ライバル商会" not in page.text, url
        assert foreign.number not in page.text, url
    assert own.number in browser.get("/office/orders").text
    for url in (f"/office/orders/{foreign.number}", "/office/customers/rival",
                f"/office/invoices/{invoice.number}", "/office/customers/rival/people"):  # fmt: skip
        assert browser.get(url).status_code == 404, url
    assert browser.get(f"/office/orders/{own.number}").status_code == 200


def test_acts_stop_at_the_limit_too(client_of: ClientOf, cast: Cast, kept: User) -> None:
    sku = make_sku()
    put_on_shelf(sku, 100)
    own, foreign = make_order(cast.nordwind, {sku: 1}), make_order(cast.rival, {sku: 1})
    browser = client_of(kept)
    assert browser.post(f"/office/orders/{foreign.number}/confirmation").status_code == 404
    assert foreign.state is OrderState.PLACED
    assert browser.post(f"/office/orders/{own.number}/confirmation").status_code in {200, 303}
    assert own.state is OrderState.CONFIRMED
    form = {"name": "X", "email": "x@rival.example", "role": "buyer"}
    assert browser.post("/office/customers/rival/people", form).status_code == 404
    assert browser.post("/office/customers/nordwind/people", form).status_code == 303


def test_stores_and_payers_belong_to_ones_own_customers(cast: Cast, kept: User) -> None:
    store = Customer(code="store", name="支店", bill_to_id=cast.nordwind.id)
    merged = Customer(code="old", name="旧", merged_into_id=cast.nordwind.id)
    session.add_all([store, merged])
    session.flush()
    assert own_customer_ids(kept.id) == {cast.nordwind.id, store.id, merged.id}
    managing.assign(kept, [store.id], BY)
    session.flush()
    assert own_customer_ids(kept.id) == {cast.nordwind.id, store.id}


@pytest.fixture
def brands(cast: Cast) -> tuple[Brand, Sku, Sku]:
    """A brand, a SKU of it and one of another; Dana is kept to the first."""
    mine, other = Brand(code="MINE", name={"ja": "土"}), Brand(code="OTHER", name={"ja": "紙"})
    session.add_all([mine, other])
    session.flush()
    skus = []
    for brand, code in ((mine, "TK-MINE"), (other, "TK-OTHER")):
        product = make_product(f"{code} の器")
        product.brand_id = brand.id
        sku = make_sku(product, code=code)
        put_on_shelf(sku, 100)
        skus.append(sku)
    managing.change(cast.dana, BY, role="sales", brand_ids=[mine.id])
    session.flush()
    return mine, skus[0], skus[1]


def test_only_goods_of_ones_brands_and_orders_without_others(
    client_of: ClientOf, cast: Cast, brands: tuple[Brand, Sku, Sku]
) -> None:
    _brand, mine, other = brands
    own = make_order(cast.nordwind, {mine: 2})
    mixed = make_order(cast.nordwind, {mine: 1, other: 1})
    browser = client_of(cast.dana)
    page = browser.get("/office/stock").text
    assert "TK-MINE" in page and "TK-OTHER" not in page
    assert browser.get("/office/stock/TK-OTHER").status_code == 404
    assert "TK-OTHER" not in browser.get("/office/search?q=TK").text
    page = browser.get("/office/orders").text
    assert own.number in page and mixed.number not in page
    assert browser.get(f"/office/orders/{mixed.number}").status_code == 404
    assert browser.post(f"/office/orders/{mixed.number}/confirmation").status_code == 404
    assert browser.post(f"/office/orders/{own.number}/confirmation").status_code in {200, 303}
    assert own.state is OrderState.CONFIRMED


def test_the_limit_holds_however_a_row_is_asked_for(
    cast: Cast, brands: tuple[Brand, Sku, Sku]
) -> None:
    brand, mine, other = brands
    make_order(cast.nordwind, {mine: 1})
    mixed = make_order(cast.nordwind, {mine: 1, other: 1})
    session.flush()
    session.expunge_all()
    limit = frozenset({brand.id})
    db.acts_as(Principal(Actor(ActorKind.STAFF, 1, "Dana"), brand_ids=limit))
    again = aliased(Sku)
    inner = select(Sku.id).subquery()
    assert session.scalars(select(Sku.code)).all() == ["TK-MINE"]
    assert session.scalars(select(again.code)).all() == ["TK-MINE"]
    assert session.scalar(select(func.count()).select_from(inner)) == 1
    assert session.scalar(select(func.count(Product.id))) == 1
    assert session.scalar(select(func.count(Order.id))) == 1
    assert session.get(Order, mixed.id) is None
    assert session.get(Sku, other.id) is None
    joined = select(func.count(OrderLine.order_id.distinct())).join(
        Order, Order.id == OrderLine.order_id
    )
    assert session.scalar(joined) == 1
    db.acts_as(Principal(Actor(ActorKind.STAFF, 1, "Gil")))
    assert session.scalar(select(func.count(Order.id))) == 2
