"""What a buyer finds, by word and by price, and how far the next price step is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from tests.factories.browsing import Browser
from tests.factories.goods import make_category, make_product, make_sku
from tests.factories.orders import BY, make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import User
from wholesale.catalog import searching
from wholesale.pricing.models import OwnerKind, RuleKind, Scope
from wholesale.pricing.revising import RuleDraft, save_rules

ClientOf = Callable[[User | None], Browser]
SINCE = date(2020, 1, 1)


def make_shelf() -> None:
    skus = [
        make_sku(make_product(name), code=code, list_price=Decimal(price))
        for name, code, price in (
            ("飯碗", "P-1", 1000),
            ("湯呑", "P-2", 2000),
            ("平皿", "P-3", 3000),
        )
    ]
    for sku in skus:
        put_on_shelf(sku, 80)
    searching.index([sku.id for sku in skus])


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("lowest=1000", {"P-2", "P-3"}),
        ("highest=1,200", {"P-1", "P-2"}),
        ("lowest=900&highest=１３００", {"P-2"}),
        ("lowest=900&highest=1300&view=list&sort=price", {"P-2"}),
        ("lowest=nothing", {"P-1", "P-2", "P-3"}),
        ("lowest=99999", set()),
    ],
)
def test_the_catalogue_is_narrowed_by_own_price(
    client_of: ClientOf, cast: Cast, query: str, codes: set[str]
) -> None:
    make_shelf()  # at 60 % of 1,000, 2,000 and 3,000
    page = client_of(cast.alma).get(f"/catalogue?{query}")
    assert {code for code in ("P-1", "P-2", "P-3") if f"pieces-{code}" in page.text} == codes


def test_the_search_finds_own_orders_and_no_stranger_s(client_of: ClientOf, cast: Cast) -> None:
    make_shelf()
    sku = make_sku(code="TK-9")
    own = make_order(cast.nordwind, {sku: 2}, po_number="PO-77")
    other = make_order(cast.rival, {sku: 2}, po_number="PO-77")
    found = client_of(cast.alma).part("/search?q=po-77")
    assert "<html" not in found.text
    assert own.number in found.text
    assert other.number not in found.text
    assert "P-2" in client_of(cast.alma).get("/search?q=湯呑").text


def test_the_next_price_step_is_named_with_what_is_missing(client_of: ClientOf, cast: Cast) -> None:
    product = make_product("作業シャツ")
    sku = make_sku(product, code="SH-1", list_price=Decimal(1000))
    put_on_shelf(sku, 80)
    save_rules(
        [
            RuleDraft(
                OwnerKind.CUSTOMER, cast.nordwind.id, RuleKind.RATE, Scope.PRODUCT, product.id,
                Decimal(rate), SINCE, minimum=minimum,
            )
            for minimum, rate in ((1, "0.6"), (30, "0.5"))
        ],
        BY,
    )  # fmt: skip
    sums = client_of(cast.alma).part("/products/SH-1/sums?pieces-SH-1=12")
    assert "18" in sums.text
    assert "50%" in sums.text
    assert "7,200" in sums.text
    assert "15,000" in client_of(cast.alma).part("/products/SH-1/sums?pieces-SH-1=30").text


def test_typed_quantities_are_summed_without_a_cart(client_of: ClientOf, cast: Cast) -> None:
    make_shelf()
    browser = client_of(cast.alma)
    assert "3,000" in browser.part("/cart/sums?pieces-P-1=3&pieces-P-2=1&pieces-NO=4").text
    assert "0" in browser.get("/cart").text


def test_a_notice_is_read_when_it_is_out(client_of: ClientOf, cast: Cast) -> None:
    assert client_of(cast.alma).get("/news/1").status_code == 404


def test_the_quick_order_points_at_near_codes_counts_scans_and_drops_lines(
    client_of: ClientOf, cast: Cast
) -> None:
    put_on_shelf(make_sku(code="TK-2101-IN"), 80)
    browser = client_of(cast.alma)
    page = browser.post("/quick-order", {"text": "TK-2101-IM 24"}).text
    assert 'value="TK-2101-IM 24|TK-2101-IN"' in page
    page = browser.post(
        "/quick-order", {"text": "TK-2101-IM 24", "instead": "TK-2101-IM 24|TK-2101-IN"}
    ).text
    assert "TK-2101-IN 24</textarea>" in page
    page = browser.post("/quick-order", {"text": "TK-2101-IN 24", "scan": "tk-2101-in"}).text
    assert "TK-2101-IN 25</textarea>" in page
    page = browser.post("/quick-order", {"text": "A 1\nTK-2101-IN 2", "away": "A 1"}).text
    assert ">TK-2101-IN 2</textarea>" in page


def test_several_categories_are_shown_at_once_and_taken_away_one_by_one(
    client_of: ClientOf, cast: Cast
) -> None:
    for code in ("CUPS", "BOWLS", "PLATES"):
        put_on_shelf(make_sku(make_product(category=make_category(code)), code=f"TK-{code}"), 9)
    browser = client_of(cast.alma)
    page = browser.get("/catalogue?category=CUPS").text
    assert "TK-BOWLS" not in page and "category=CUPS,BOWLS" in page
    page = browser.get("/catalogue?category=CUPS,BOWLS").text
    assert "TK-CUPS" in page and "TK-BOWLS" in page and "TK-PLATES" not in page
    assert 'href="/catalogue?category=BOWLS"' in page, "one of them is taken away alone"
    assert browser.get("/catalogue?category=NONE,").status_code == 200
