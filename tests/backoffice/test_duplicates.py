"""Likely duplicates, the merge of two, and the way back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from tests.factories.browsing import Browser
from tests.factories.people import Cast, make_customer
from wholesale.accounts.models import User
from wholesale.customers.models import Customer, CustomerState
from wholesale.kernel.db import session
from wholesale.merging.likely import Sign, likely_duplicates
from wholesale.merging.models import Merge

LIST = "/office/duplicates"
URL = "/office/customers/north/merge/nordwind"
ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def twin(cast: Cast) -> Customer:
    """The same firm once more: another spelling of its name, the same telephone."""
    cast.nordwind.phone, cast.nordwind.kana = "075-123-4567", "ノルドヴィント"
    twin = make_customer("north", "(株)ﾉﾙﾄﾞｳﾞｨﾝﾄ")
    twin.phone, twin.tags = "0751234567", ["器"]
    session.flush()
    return twin


def form(old: Customer, new: Customer, **more: object) -> dict[str, object]:
    return {"version": old.version, "other_version": new.version, **more}


def test_pairs_are_told_with_their_reasons(cast: Cast, twin: Customer) -> None:
    (pair,) = likely_duplicates()
    assert {pair.first, pair.second} == {cast.nordwind, twin}
    assert pair.signs == (Sign.NAME, Sign.PHONE)
    assert pair.score == 65
    twin.bill_to_id = cast.nordwind.id  # a shop of theirs may well share all this
    session.flush()
    assert likely_duplicates() == []


def test_two_that_only_look_alike(client_of: ClientOf, cast: Cast, twin: Customer) -> None:
    dana = client_of(cast.dana)
    assert URL in dana.get(LIST).text or "/nordwind/merge/north" in dana.get(LIST).text
    part = dana.post_part(f"{LIST}/two", {"first": "north", "second": "nordwind"})
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<section class="sheet" id="duplicates"')
    assert "north" not in part.text
    assert client_of(cast.frida).get(LIST).status_code == 403
    assert client_of(cast.egon).post(f"{LIST}/two", {}).status_code == 403


def test_merged_and_undone(client_of: ClientOf, cast: Cast, twin: Customer) -> None:
    gil, new = client_of(cast.gil), cast.nordwind
    page = gil.get(URL)
    assert page.status_code == 200
    assert 'name="take" value="name"' in page.text
    stale = gil.post(URL, form(twin, new, version=99, take="name"))
    assert stale.status_code == 409
    assert 'value="name" checked' in stale.text
    assert gil.post(URL, form(twin, new, version="²")).status_code == 409
    assert gil.post(URL, form(twin, new, other_version="²")).status_code == 409
    done = gil.post(URL, form(twin, new, take="name"))
    assert (done.status_code, done.headers["Location"]) == (303, "/office/customers/nordwind")
    session.expire_all()
    assert (new.name, new.tags, twin.state) == ("(株)ﾉﾙﾄﾞｳﾞｨﾝﾄ", ["器"], CustomerState.MERGED)
    old_address = gil.get("/office/customers/north")
    assert "nordwind" in old_address.text
    number = session.scalars(select(Merge.id)).one()
    found = gil.get("/office/customers?q=north").text
    assert "/office/customers/nordwind" in found
    undoing = f"/office/customers/nordwind/merges/{number}/undoing"
    assert undoing in old_address.text
    assert gil.post(undoing).headers["Location"] == "/office/customers/nordwind"
    session.expire_all()
    assert (new.name, twin.state) == ("ノルドヴィント株式会社", CustomerState.ACTIVE)
    assert gil.post_part(undoing).status_code == 409


def test_terms_go_over_by_whoever_may_state_a_limit(
    client_of: ClientOf, cast: Cast, twin: Customer
) -> None:
    gil, dana, box = client_of(cast.gil), client_of(cast.dana), 'name="take" value="terms"'
    assert box in gil.get(URL).text
    page = dana.get(URL)
    assert (page.status_code, box in page.text) == (200, False)
    assert dana.post(URL, form(twin, cast.nordwind, take="terms")).status_code == 403
    assert gil.post(URL, form(twin, cast.nordwind, take="terms")).status_code == 303


def test_who_sees_a_part_merges_nothing(client_of: ClientOf, cast: Cast, twin: Customer) -> None:
    cast.dana.own_customers_only = True
    dana = client_of(cast.dana)
    assert dana.get(LIST).status_code == 403
    assert dana.post(URL, form(twin, cast.nordwind)).status_code == 403
    assert client_of(cast.egon).get(URL).status_code == 403
