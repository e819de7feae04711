"""Papers of products: for whom and how long they count, and who may read them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories.browsing import Browser
from tests.factories.goods import make_product, make_sku
from tests.factories.orders import BY
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.catalog.models import Product, SkuState
from wholesale.catalog.product_papers import (
    NotAPdf,
    PaperKind,
    PaperRunsOutEarly,
    UnknownMarket,
    add_paper,
    papers_for,
    papers_of,
    withdraw_paper,
)
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict

ClientOf = Callable[[User | None], Browser]
PDF = b"%PDF-1.7 this bowl may touch food"
DAY = date(2026, 11, 25)


def paper(product: Product, **changes: Any) -> int:
    values = {"kind": PaperKind.FOOD_CONTACT, "name": "LFGB", "markets": "", "sku_id": None,
              "valid_from": None, "expires_on": None, **changes}  # fmt: skip
    return add_paper(product, values, PDF, "lfgb.pdf", product.version, BY).id


def test_a_paper_counts_in_its_markets_on_its_days(cast: Cast) -> None:
    product = make_sku(make_product("飯碗")).product
    everywhere = paper(product)
    of_europe = paper(product, markets="eu、 gb")
    of_a_while = paper(product, valid_from=DAY, expires_on=DAY + timedelta(days=1))

    def seen(country: str, day: date) -> set[int]:
        return {one.id for one in papers_for(product.id, [country], day)}

    assert seen("JP", DAY - timedelta(days=1)) == {everywhere}
    assert seen("DE", DAY) == {everywhere, of_europe, of_a_while}
    assert seen("GB", DAY + timedelta(days=1)) == {everywhere, of_europe, of_a_while}
    assert seen("US", DAY + timedelta(days=2)) == {everywhere}


def test_what_is_no_paper_is_refused_and_a_withdrawn_one_is_gone(cast: Cast) -> None:
    product = make_sku(make_product("飯碗")).product
    with pytest.raises(UnknownMarket):
        paper(product, markets="Europe")
    with pytest.raises(PaperRunsOutEarly):
        paper(product, valid_from=DAY, expires_on=DAY - timedelta(days=1))
    with pytest.raises(NotAPdf):
        add_paper(product, {}, b"<html>", "lfgb.pdf", product.version, BY)
    paper(product)
    (row,) = papers_of(product.id)
    with pytest.raises(Conflict):
        withdraw_paper(product, row, product.version + 1, BY)
    withdraw_paper(product, row, product.version, BY)
    session.flush()
    assert papers_of(product.id) == []


def test_a_buyer_reads_the_papers_of_its_market_and_of_what_it_sees(
    client_of: ClientOf, cast: Cast
) -> None:
    product = make_product("飯碗", code="TK-1")
    make_sku(product, code="TK-1-HJ")
    hidden = make_sku(product, code="TK-1-XX", state=SkuState.HIDDEN)
    mine, foreign, of_hidden = (
        paper(product), paper(product, markets="US", name="FDA"),
        paper(product, sku_id=hidden.id, name="幻の証明"),
    )  # fmt: skip
    alma = client_of(cast.alma)
    page = alma.get("/products/TK-1-HJ").text
    assert "LFGB" in page and "FDA" not in page and "幻の証明" not in page
    assert alma.get(f"/products/TK-1/papers/{mine}").get_data() == PDF
    for other in (foreign, of_hidden):
        assert alma.get(f"/products/TK-1/papers/{other}").status_code == 404


def test_staff_add_and_withdraw_papers_and_see_what_runs_out(
    client_of: ClientOf, cast: Cast
) -> None:
    product = make_sku(make_product("飯碗", code="TK-1"), code="TK-1-HJ").product
    dana = client_of(cast.dana)
    form = {"version": str(product.version), "kind": "care", "name": "洗濯表示", "markets": "JP",
            "expires_on": (clock.today() + timedelta(days=9)).isoformat()}  # fmt: skip
    refused = dana.post("/office/products/TK-1/papers", form)
    assert refused.status_code == 422 and "洗濯表示" in refused.text
    assert "PDFを選んでください" in refused.text  # NoPaper
    of_none = {**form, "sku": "TK-1-NIX", "file": (io.BytesIO(PDF), "care.pdf")}
    refused = dana.post("/office/products/TK-1/papers", of_none)
    assert refused.status_code == 422 and "洗濯表示" in refused.text and "TK-1-NIX" in refused.text
    sent = {**form, "file": (io.BytesIO(PDF), "care.pdf")}
    assert dana.post("/office/products/TK-1/papers", sent).status_code == 303
    assert "洗濯表示" in dana.get("/office/product-papers").text
    (row,) = papers_of(product.id)
    assert dana.get(f"/office/products/TK-1/papers/{row.id}").get_data() == PDF
    gone = dana.post_part(
        f"/office/products/TK-1/papers/{row.id}", {"version": str(product.version)}
    )
    assert (
        gone.status_code == 200
        and "洗濯表示" not in gone.text.split('id="p-papers"')[1].split("</section>")[0]
    )
