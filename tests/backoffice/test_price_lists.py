"""Prices in the office: the lists, one table with its effect, and why a price is what it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.goods import make_category, make_product, make_sku
from tests.factories.people import BY, PASSWORD, Cast
from tests.factories.prices import make_price_list, make_price_rule
from wholesale.accounts.inviting import add_staff
from wholesale.accounts.models import Role, User
from wholesale.catalog.models import Sku
from wholesale.customers.models import CustomerGroup
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.journal import JournalEntry
from wholesale.pricing import editing
from wholesale.pricing.floors import set_floor
from wholesale.pricing.listing import ListUnnamed
from wholesale.pricing.models import CustomerPriceList, OwnerKind, PriceList, PriceRule, Scope

ClientOf = Callable[[User | None], Browser]
URL = "/office/price-lists"


class Shop:
    """A bowl at 2,200, and Nordwind in rank A at 58 % on it."""

    def __init__(self, cast: Cast) -> None:
        self.ware = make_category("器")
        self.bowl: Sku = make_sku(make_product("鉢", category=self.ware), list_price="2200")
        self.rank = CustomerGroup(code="A", name={"ja": "Aランク"})
        session.add(self.rank)
        session.flush()
        cast.nordwind.group_id = self.rank.id
        self.rule = make_price_rule(
            (OwnerKind.GROUP, self.rank.id), Scope.CATEGORY, self.ware.id, "0.58"
        )
        self.url = f"{URL}/A"

    def typed(self, value: str, **more: str) -> dict[str, str]:
        """The table's form with another rate."""
        number = self.rule.id
        return {
            f"value-{number}": value, f"seen-{number}": "0.58|", f"kind-{number}": "rate",
            f"of-{number}": "器", f"until-{number}": "", "day": clock.today().isoformat(), **more,
        }  # fmt: skip


@pytest.fixture
def shop(cast: Cast) -> Shop:
    return Shop(cast)


def looked(page: str) -> str:
    """What tells the plan that was shown."""
    found = re.search(r'name="looked" value="(\w+)"', page)
    return found[1] if found else ""


def test_the_lists_tell_rows_period_and_users(client_of: ClientOf, cast: Cast, shop: Shop) -> None:
    prices, _ = make_price_list(shop.bowl)
    session.add(CustomerPriceList(customer_id=cast.rival.id, price_list_id=prices.id, position=0))
    gil = client_of(cast.gil)
    page = gil.get(URL)
    assert page.status_code == 200
    assert f'href="{URL}/STD"' in page.text
    assert f'href="{URL}/A?of=group"' in page.text
    assert 'data-label="使用先">1<' in page.text
    assert gil.part(URL).text.lstrip().startswith('<div class="stack" id="price-lists"')
    assert client_of(cast.frida).get(URL).status_code == 403


def test_a_list_is_made_once(client_of: ClientOf, cast: Cast) -> None:
    gil = client_of(cast.gil)
    fields = {"code": "fair", "name_ja": "展示会", "name_en": "Fair"}
    refused = gil.post(URL, {**fields, "code": ""})
    assert refused.status_code == ListUnnamed.status == 422
    assert gil.post(URL, fields).status_code == 303
    assert session.scalars(select(PriceList.code)).all() == ["FAIR"]
    assert gil.post(URL, fields).status_code == 409
    assert gil.post_part(URL, fields).text.lstrip().startswith('<div class="stack"')
    assert client_of(cast.dana).post(URL, fields).status_code == 403


def test_a_change_is_applied_only_after_its_effect_was_looked_at(
    client_of: ClientOf, cast: Cast, shop: Shop
) -> None:
    gil = client_of(cast.gil)
    page = gil.get(f"{shop.url}?of=group")
    assert page.status_code == 200
    assert looked(page.text) == ""
    before = session.scalar(select(func.count()).select_from(PriceRule))
    unseen = gil.post(f"{shop.url}/rules?of=group", shop.typed("60"))
    assert unseen.status_code == editing.LookFirst.status
    shown = gil.post_part(f"{shop.url}/effect?of=group", shop.typed("60"))
    assert shown.status_code == 200
    assert shown.text.lstrip().startswith('<div class="stack" id="price-table"')
    assert "1,276" in shown.text
    assert "1,320" in shown.text
    assert "+3.45%" in shown.text
    assert "input num w-6 changed" in shown.text
    assert session.scalar(select(func.count()).select_from(PriceRule)) == before
    other = gil.post(f"{shop.url}/rules?of=group", shop.typed("61", looked=looked(shown.text)))
    assert other.status_code == 422
    told = shop.typed("60", looked=looked(shown.text))
    assert gil.post(f"{shop.url}/rules?of=group", told).status_code == 303
    newest = session.scalars(select(PriceRule).order_by(PriceRule.id.desc()).limit(1)).one()
    assert (newest.value, newest.valid_from) == (Decimal("0.6"), clock.today())
    entry = session.scalars(select(JournalEntry).where(JournalEntry.did == "price:made")).one()
    assert "60 %" in entry.details
    again = gil.post(f"{shop.url}/rules?of=group", told)
    assert again.status_code == editing.RuleStandsAlready.status == 409
    assert gil.post(f"{shop.url}/effect?of=group", shop.typed("58")).status_code == (
        editing.TableUnchanged.status
    )
    wrong = {**shop.typed("60"), f"seen-{shop.rule.id}": "0.57|"}
    assert gil.post(f"{shop.url}/effect?of=group", wrong).status_code == 409
    assert gil.post(f"{shop.url}/effect?of=group", shop.typed("many")).status_code == 422


def test_new_rows_are_rates_and_prices_with_breaks(
    client_of: ClientOf, cast: Cast, shop: Shop
) -> None:
    gil = client_of(cast.gil)
    url = f"{URL}/nordwind"
    row = {
        "new-0-kind": "fixed", "new-0-scope": "sku", "new-0-object": shop.bowl.code,
        "new-0-value": "1,100", "new-0-currency": "JPY", "new-0-minimum": "１２",
        "new-0-break": "order", "new-0-incoterm": "", "new-0-special": "1",
    }  # fmt: skip
    for wrong in ({"new-0-object": "NONE"}, {"new-0-currency": "XXX"}, {"new-0-scope": "all"},
                  {"new-0-minimum": "some"}, {"new-0-until": "soon"}, {"day": "2020-01-01"}):  # fmt: skip
        assert gil.post(f"{url}/effect?of=customer", {**row, **wrong}).status_code == 422, wrong
    shown = gil.post(f"{url}/effect?of=customer", row)
    assert "1,276" in shown.text
    assert "1,100" in shown.text
    told = {**row, "looked": looked(shown.text)}
    assert gil.post(f"{url}/rules?of=customer", told).status_code == 303
    made = session.scalars(select(PriceRule).where(PriceRule.is_special)).one()
    assert (made.value, made.minimum, made.break_scope.value) == (Decimal(1100), 12, "order")
    assert gil.get(f"{url}?of=planet").status_code == 404
    assert gil.get(f"{URL}/nobody?of=customer").status_code == 404


def test_a_price_to_come_is_withdrawn_before_its_day(
    client_of: ClientOf, cast: Cast, shop: Shop
) -> None:
    _, rule = make_price_list(shop.bowl)
    gil = client_of(cast.gil)
    page = gil.get(f"{URL}/STD").text
    away = f"{URL}/STD/rules/{rule.id}/withdrawal"
    assert away in page
    begun = f"{shop.url}/rules/{shop.rule.id}/withdrawal?of=group"
    assert gil.post(begun).status_code == editing.RuleHasBegun.status
    assert gil.post(f"{URL}/STD/rules/{shop.rule.id}/withdrawal").status_code == 404
    assert client_of(cast.dana).post(away).status_code == 403
    assert gil.post(away).status_code == 303
    assert session.get(PriceRule, rule.id) is None


def test_who_may_not_undercut_stops_at_the_floor(
    client_of: ClientOf, cast: Cast, shop: Shop
) -> None:
    shop.bowl.cost = Decimal(1000)
    set_floor(Decimal("0.2"), 0, BY)
    session.add(Role(code="pricer", name="Pricer", permissions=["prices:edit", "prices:read"]))
    session.flush()
    pricer = client_of(add_staff("pia@example.jp", "Pia", "pricer", BY, password=PASSWORD))
    for client, status in ((pricer, editing.BelowFloor.status), (client_of(cast.gil), 303)):
        shown = client.post(f"{shop.url}/effect?of=group", shop.typed("55"))
        assert 'data-tone="stop"' in shown.text
        told = shop.typed("55", looked=looked(shown.text))
        assert client.post(f"{shop.url}/rules?of=group", told).status_code == status
    assert pricer.post(f"{URL}/floor", {"margin": "1"}).status_code == 403
    gil = client_of(cast.gil)
    assert gil.post(f"{URL}/floor", {"margin": "1"}).status_code == 409
    assert gil.post(f"{URL}/floor", {"margin": "x", "version": "1"}).status_code == 422
    assert gil.post(f"{URL}/floor", {"margin": "", "version": "2"}).status_code == 303


def test_the_reasons_of_a_price_stand_in_words(client_of: ClientOf, cast: Cast, shop: Shop) -> None:
    mine = (OwnerKind.CUSTOMER, cast.nordwind.id)
    make_price_rule(mine, Scope.PRODUCT, shop.bowl.product_id, "0.56")
    make_price_rule(mine, Scope.SKU, shop.bowl.id, "1200", minimum=12, is_special=True)
    dana = client_of(cast.dana)
    url = "/office/customers/nordwind/prices"
    assert dana.get(url).status_code == 200
    one = dana.part(f"{url}?sku={shop.bowl.code}&quantity=1&on=2026-11-20")
    assert one.text.lstrip().startswith('<div class="stack" id="why-price"')
    assert "1,232" in one.text
    many = dana.get(f"{url}?sku={shop.bowl.code}&quantity=12").text
    assert "1,200" in many
    assert 'role="alert"' in dana.get(f"{url}?sku=NONE").text
    late = (clock.today() + timedelta(days=1)).isoformat()
    assert dana.get(f"{url}?sku={shop.bowl.code}&quantity=-3&on={late}").status_code == 200
    assert dana.get("/office/customers/nobody/prices").status_code == 404
    assert client_of(cast.frida).get(url).status_code == 403


def test_no_buyer_reads_why_a_price_is_what_it_is(
    client_of: ClientOf, cast: Cast, shop: Shop
) -> None:
    make_price_rule(
        (OwnerKind.CUSTOMER, cast.nordwind.id), Scope.PRODUCT, shop.bowl.product_id, "0.5678"
    )
    for buyer in (cast.alma, cast.bo, cast.cleo):
        client = client_of(buyer)
        for url in (f"/office/customers/nordwind/prices?sku={shop.bowl.code}", URL, shop.url):
            reply = client.get(url)
            assert reply.status_code == 404
            assert "56.78" not in reply.text
    assert client_of(None).get("/office/customers/nordwind/prices").status_code in {302, 303}
