"""What a customer is offered."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.factories.goods import make_category, make_product, make_sku
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.catalog import searching
from wholesale.catalog.models import SkuState
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.offers import listing
from wholesale.offers.listing import Asked, catalogue_page, category_facets, product_view
from wholesale.offers.offering import Limits, offers


def found(cast: Cast, query: str) -> list[str]:
    page = catalogue_page(cast.nordwind, Asked(query=query), at=clock.now())
    return [offer.facts.code for offer in page.offers]


def test_an_offer_has_the_customers_price_and_stock(cast: Cast) -> None:
    sku = make_sku(list_price="2200")
    put_on_shelf(sku, 12)
    offer = offers(cast.nordwind, {sku.id: 6}, at=clock.now())[sku.id]
    assert offer.orderable
    assert offer.price is not None
    assert (offer.price.unit_price, offer.price.rate) == (Decimal(1320), Decimal("0.6"))
    assert (offer.availability.free, offer.stock_word) == (12, "few_left")


def test_what_is_not_for_sale_says_why(cast: Cast) -> None:
    gone = make_sku(state=SkuState.DISCONTINUED)
    priceless = make_sku(list_price=None)
    shown = offers(cast.nordwind, {gone.id: 1, priceless.id: 1}, at=clock.now())
    assert [offer.why_not for offer in shown.values()] == ["discontinued", "no_price"]


def test_quantities_are_rounded_up_to_what_can_be_ordered() -> None:
    limits = Limits(minimum=12, multiple=6, maximum=60)
    assert [limits.problem(q) for q in (10, 13, 60, 66)] == [
        "below_minimum", "not_multiple", "", "above_maximum",
    ]  # fmt: skip
    assert [limits.rounded(q) for q in (10, 13, 60, 66)] == [12, 18, 60, 60]


def test_people_find_things_by_what_they_type(cast: Cast) -> None:
    cup = make_sku(
        make_product("湯呑 小", code="TK-1103", reading="ゆのみ しょう"),
        code="TK-1103-KR",
        jan="4580000100017",
    )
    bowl = make_sku(make_product("飯碗 大"), code="TK-9999-HJ")
    searching.index([cup.id, bowl.id])
    for query in ("湯", "呑 小", "湯呑", "ＴＫ－１１０３", "tk1103kr", "tk-1103-kr", "4580000100017",
                  "ゆのみ", "ユノミ", "45800001"):  # fmt: skip
        assert found(cast, query) == ["TK-1103-KR"], query
    assert found(cast, "急須") == []


def test_categories_count_what_is_below_them(cast: Cast) -> None:
    vessels = make_category("器")
    cups = make_category("湯呑・急須", vessels)
    make_sku(make_product("湯呑", category=cups))
    make_sku(make_product("皿", category=vessels))
    session.flush()
    assert [(f.code, f.count, f.depth) for f in category_facets(cast.rival, at=clock.now())] == [
        ("器", 2, 0), ("湯呑・急須", 1, 1),
    ]  # fmt: skip
    page = catalogue_page(cast.nordwind, Asked(category="湯呑・急須"), at=clock.now())
    assert len(page.offers) == 1


def test_a_product_shows_its_variants_in_a_grid(cast: Cast) -> None:
    shirt = make_product("麻のシャツ", code="TK-3101")
    for colour in ("SM", "BN"):
        for size in ("1", "2"):
            sku = make_sku(shirt, code=f"TK-3101-{colour}-{size}")
            sku.option_1, sku.option_1_code = {"ja": colour}, colour
            sku.option_2, sku.option_2_code = {"ja": size}, size
    session.flush()
    view = product_view(cast.nordwind, "TK-3101", at=clock.now())
    assert view is not None
    assert (view.rows, view.columns, len(view.cells)) == (["SM", "BN"], ["1", "2"], 4)
    assert product_view(cast.nordwind, "nothing", at=clock.now()) is None


def test_a_code_with_hyphens_is_one_beginning_where_codes_begin_so(cast: Cast) -> None:
    """What merely holds its parts is found only where no code begins with it."""
    first = make_sku(make_product(code="TK-2201"), code="TK-2201-AA")
    other = make_sku(make_product("2201", code="TK-9901"), code="TK-9901-AA")
    searching.index([first.id, other.id])
    assert found(cast, "tk-2201") == ["TK-2201-AA"]
    assert found(cast, "tk 2201") == ["TK-2201-AA", "TK-9901-AA"]
    assert found(cast, "2201-aa") == ["TK-2201-AA", "TK-9901-AA"]
    assert found(cast, "tk-2202") == []


def test_a_search_with_very_many_hits_keeps_the_order_of_the_list(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    skus = [make_sku(make_product("飯碗", code=f"W-{n}"), code=f"W-{n}") for n in range(8)]
    searching.index([sku.id for sku in skus])
    sorted_hits = found(cast, "飯碗")
    monkeypatch.setattr(listing, "MOST_COUNTED", 5)
    page = catalogue_page(cast.nordwind, Asked(query="飯碗"), at=clock.now(), size=6)
    assert (page.total, page.is_more, page.next_offset) == (5, True, 6)
    assert [offer.facts.code for offer in page.offers] == sorted_hits[:6]
    rest = catalogue_page(cast.nordwind, Asked(query="飯碗", offset=6), at=clock.now(), size=6)
    assert [offer.facts.code for offer in rest.offers] == sorted_hits[6:]
