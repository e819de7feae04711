"""The sums of typed pieces tell nothing of products the reader may not see."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import update

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.catalog.models import Catalog, CatalogState, SkuState
from wholesale.kernel.db import session

ClientOf = Callable[[User | None], Browser]


def test_a_hidden_code_sums_up_to_what_an_unknown_one_does(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.alma)
    make_sku(code="HIDDEN-1", state=SkuState.HIDDEN)
    make_sku(code="SEEN-1")
    seen, unknown, hidden = (
        browser.get(f"/cart/sums?pieces-{code}=3").text for code in ("SEEN-1", "NONE-1", "HIDDEN-1")
    )
    assert hidden == unknown != seen
    session.execute(update(Catalog).values(state=CatalogState.CLOSED))
    assert browser.get("/cart/sums?pieces-SEEN-1=3").text == unknown
