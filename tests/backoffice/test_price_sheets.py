"""Prices by Excel in the office: down, up, looked at, applied or put into a price revision."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.backoffice.test_price_lists import Shop, looked
from tests.exchange.test_price_sheets import changed
from tests.factories.browsing import Browser
from tests.factories.people import BY, Cast
from tests.factories.revisions import NEW_YEAR
from wholesale.accounts.models import User
from wholesale.exchange.price_sheets import COLUMNS
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.journal import JournalEntry
from wholesale.pricing import editing, revisions
from wholesale.pricing.editing import Listed
from wholesale.pricing.list_pricing import state_list_prices
from wholesale.pricing.models import Basis, ListPrice, PriceRule

ClientOf = Callable[[User | None], Browser]
URL = "/office/price-sheets"
RATE, AMOUNT = COLUMNS["rates"].index("rate"), COLUMNS["lists"].index("list_price")


@pytest.fixture
def shop(cast: Cast) -> Shop:
    return Shop(cast)


def upload(client: Browser, content: bytes, **more: str) -> str:
    """The page after a file was put up."""
    file = (io.BytesIO(content), "prices.xlsx")
    reply = client.post(f"{URL}/preview", {"file": file, **more})
    assert reply.status_code == 200, reply.text
    return reply.text


def hidden(page: str) -> dict[str, str]:
    """What the form that applies the file carries."""
    names = ("sha256", "name", "day", "revision")
    return {
        "looked": looked(page),
        **{
            name: page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]
            for name in names
        },
    }


def test_a_changed_sheet_is_looked_at_and_then_applied(
    client_of: ClientOf, cast: Cast, shop: Shop
) -> None:
    gil, dana = client_of(cast.gil), client_of(cast.dana)
    assert 'value="group:A"' in dana.get(URL).text
    content = dana.get(f"{URL}/file?of=group:A").data
    assert content.startswith(b"PK")
    assert dana.get(f"{URL}/file?of=group:NONE").status_code == 404
    assert client_of(cast.frida).get(f"{URL}/file?of=group:A").status_code == 403
    same = upload(gil, content)
    assert looked(same) == ""
    page = upload(gil, changed(content, 0, 1, RATE, Decimal(60)))
    assert "1,276" in page
    assert "1,320" in page
    form = hidden(page)
    assert gil.post(f"{URL}/application", {**form, "looked": "no"}).status_code == 422
    assert gil.post(f"{URL}/application", {**form, "sha256": "0"}).status_code == 422
    assert dana.post(f"{URL}/application", form).status_code == 403
    assert gil.post(f"{URL}/application", form).status_code == 303
    newest = session.scalars(select(PriceRule).order_by(PriceRule.id.desc()).limit(1)).one()
    assert (newest.value, newest.valid_from) == (Decimal("0.6"), clock.today())
    assert gil.post(f"{URL}/preview", {}).status_code == 422
    junk = gil.post(f"{URL}/preview", {"file": (io.BytesIO(b"\x00\x01"), "x.xlsx")})
    assert junk.status_code == 422
    wrong = upload(gil, changed(content, 0, 1, RATE, "たくさん"))
    assert "たくさん" in wrong


def test_list_prices_go_up_with_a_day_or_into_a_revision(
    client_of: ClientOf, cast: Cast, shop: Shop
) -> None:
    gil = client_of(cast.gil)
    revision = revisions.make_revision("改定", NEW_YEAR, Basis.ORDER, BY)
    content = gil.get(f"{URL}/file?of=lists:").data
    dearer = changed(content, 0, 1, AMOUNT, Decimal(2400))
    page = upload(gil, dearer, day="2026-12-01")
    assert "1,392" in page  # 58 % of 2,400
    assert gil.post(f"{URL}/application", hidden(page)).status_code == 303
    newest = session.scalars(select(ListPrice).order_by(ListPrice.id.desc()).limit(1)).one()
    assert (newest.amount, newest.valid_from) == (2400, date(2026, 12, 1))
    entry = session.scalars(select(JournalEntry).where(JournalEntry.did == "price:listed")).one()
    assert '["2200 JPY","2400 JPY"]' in entry.details
    other = upload(gil, changed(content, 0, 1, AMOUNT, Decimal(2500)), revision=revision.number)
    assert gil.post(f"{URL}/application", hidden(other)).status_code == 303
    assert [(one.old, one.new) for one in revisions.list_changes(revision)] == [(2400, 2500)]
    assert session.scalar(select(ListPrice.id).where(ListPrice.amount == 2500)) is None


def test_a_list_price_begins_today_or_later_and_is_not_negative(
    database: None, cast: Cast, shop: Shop
) -> None:
    row = Listed(shop.bowl.id, "JPY", "", Decimal(10))
    with pytest.raises(editing.RuleInThePast):
        state_list_prices([row], date(2026, 11, 19), BY)
    with pytest.raises(editing.PriceBelowZero):
        state_list_prices([row._replace(amount=Decimal(-1))], clock.today(), BY)
    for amount in (10, 11):
        state_list_prices([row._replace(amount=Decimal(amount))], clock.today(), BY)
    today = ListPrice.valid_from == clock.today()
    assert session.scalars(select(ListPrice.amount).where(today)).all() == [11]
