"""Price revisions in the office and what the customer finds of them in the portal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from tests.factories.browsing import Browser
from tests.factories.goods import make_category, make_product, make_sku
from tests.factories.orders import make_order
from tests.factories.people import BY, Cast
from tests.factories.prices import make_price_rule
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import Membership, User
from wholesale.catalog.models import Sku
from wholesale.customers.models import CustomerGroup
from wholesale.kernel.db import session
from wholesale.orders.repricing import CantReprice
from wholesale.pricing import revision_filling, revisions
from wholesale.pricing.models import OwnerKind, Scope
from wholesale.pricing.notices import concerned
from wholesale.pricing.revision_models import PriceRevision, RevisionState
from wholesale.trade_docs import price_notices, printing

ClientOf = Callable[[User | None], Browser]
URL = "/office/price-revisions"
HEAD = {"title": "2027年1月改定", "effective_on": "2027-01-05", "basis": "ship",
        "message_ja": "原料高のため。"}  # fmt: skip


@pytest.fixture
def bowl(cast: Cast) -> Sku:
    """A bowl at 2,200: Nordwind in rank A at 58 %, its rival at 60 %."""
    ware = make_category("器")
    bowl = make_sku(make_product("鉢", category=ware), code="BOWL-1", list_price="2200")
    rank = CustomerGroup(code="A", name={"ja": "Aランク"})
    session.add(rank)
    session.flush()
    cast.nordwind.group_id = rank.id
    make_price_rule((OwnerKind.GROUP, rank.id), Scope.CATEGORY, ware.id, "0.58")
    put_on_shelf(bowl, 50)
    return bowl


def begin(client: Browser) -> str:
    """Begin a revision; its address."""
    reply = client.post(URL, HEAD)
    assert reply.status_code == 303
    return reply.headers["Location"].removeprefix("http://localhost")


def the_revision() -> PriceRevision:
    return session.scalars(select(PriceRevision)).one()


def version(page: str) -> dict[str, str]:
    found = re.search(r'name="version" value="(\d+)"', page)
    return {"version": found[1] if found else ""}


def test_a_revision_is_begun_filled_looked_at_and_announced(
    client_of: ClientOf, cast: Cast, bowl: Sku
) -> None:
    gil = client_of(cast.gil)
    late = gil.post(URL, {**HEAD, "effective_on": "2026-11-20"})
    assert late.status_code == revisions.RevisionTooSoon.status
    assert "2027年1月改定" in late.text
    url = begin(gil)
    raised = {"do": "raise", "scope": "all", "currency": "JPY", "percent": "+5", "round_to": "10",
              "mode": "up"}  # fmt: skip
    refused = gil.post_part(f"{url}/changes", {**raised, "percent": "0"})
    assert refused.status_code == revision_filling.PercentOutOfRange.status
    assert refused.text.lstrip().startswith('<div class="stack" id="revision"')
    assert 'name="round_to" value="10"' in refused.text
    shown = gil.post_part(f"{url}/changes", raised)
    assert shown.status_code == 200
    assert 'value="2310"' in shown.text
    sku_id, field = bowl.id, f"list-{bowl.id}-JPY-"
    edited = gil.post(
        f"{url}/changes", {"do": "prices", field: "２,３００", f"of-{sku_id}-JPY-": "BOWL-1"}
    )
    assert edited.status_code == 303
    moved = gil.post(f"{url}/changes", {"do": "move", "owner": "group:A", "points": "2"})
    assert moved.status_code == 303
    effect = gil.get(f"{url}?view=effect").text
    assert "1,276" in effect  # 2,200 at 58 %
    assert "1,380" in effect  # 2,300 at 60 %
    left = {"customer": "rival", "starts_on": "2027-03-01"}
    assert gil.post(f"{url}/left-out", {**left, "customer": "nobody"}).status_code == 422
    assert gil.post(f"{url}/left-out", left).status_code == 303
    own = gil.get(f"{url}/customers/rival").text
    assert "2027年3月1日" in own
    assert "1,320" in own
    head = version(gil.get(url).text)
    assert gil.post(url, {**HEAD, **head, "basis": "wished"}).status_code == 303
    assert gil.post(url, {**HEAD, **head}).status_code == 409
    ready = version(gil.get(url).text)
    assert client_of(cast.dana).post(f"{url}/announcement", ready).status_code == 403
    assert gil.post(f"{url}/announcement", {"version": "0"}).status_code == 409
    assert gil.post(f"{url}/announcement", ready).status_code == 303
    assert gil.post(f"{url}/announcement", ready).status_code == 409
    assert the_revision().state is RevisionState.ANNOUNCED
    fixed = gil.post(f"{url}/changes", raised)
    assert fixed.status_code == revisions.RevisionFixed.status
    dana = client_of(cast.dana)
    for view in ("changes", "effect", "orders", "letters"):
        assert dana.get(f"{url}?view={view}").status_code == 200
        assert client_of(cast.frida).get(f"{url}?view={view}").status_code == 403
    assert "2027年1月改定" in dana.get(URL).text
    assert gil.post(f"{url}/cancellation", {"reason": "延期"}).status_code == 303
    assert "延期" in gil.get(url).text
    assert gil.get(f"{URL}/NONE").status_code == 404


def test_the_new_price_is_given_to_ticked_lines_alone(
    client_of: ClientOf, cast: Cast, bowl: Sku
) -> None:
    order = make_order(cast.nordwind, {bowl: 3}, confirmed=True)
    line = order.lines[0]
    line.planned_on = date(2027, 1, 8)
    session.flush()
    gil = client_of(cast.gil)
    url = begin(gil)
    price = {"do": "prices", "sku": "BOWL-1", "amount": "2,300", "currency": "JPY"}
    assert gil.post(f"{url}/changes", {**price, "sku": "NONE"}).status_code == 422
    assert gil.post(f"{url}/changes", price).status_code == 303
    draft = gil.get(f"{url}?view=orders").text
    assert order.number in draft
    assert 'name="line"' not in draft
    gil.post(f"{url}/announcement", version(gil.get(url).text))
    assert f'name="line" value="{line.id}"' in gil.get(f"{url}?view=orders").text
    assert client_of(cast.egon).post(f"{url}/orders", {"line": str(line.id)}).status_code == 403
    done = gil.post_part(f"{url}/orders", {"line": str(line.id)})
    assert done.status_code == 200
    session.refresh(line)
    assert line.unit_price == 1334
    assert "BOWL-1: 1276 → 1334" in gil.get(f"/office/orders/{order.number}").text
    why = "/office/customers/nordwind/prices?sku=BOWL-1&ships="
    assert "1,334" in gil.get(f"{why}2027-01-06").text
    assert "1,334" not in gil.get(f"{why}2027-01-04").text
    line.planned_on = date(2026, 12, 1)
    session.flush()
    again = gil.post(f"{url}/orders", {"line": str(line.id)})
    assert again.status_code == CantReprice.status == 409


def test_the_portal_tells_each_customer_its_own_prices(
    client_of: ClientOf, cast: Cast, bowl: Sku
) -> None:
    gil = client_of(cast.gil)
    url = begin(gil)
    gil.post(
        f"{url}/changes", {"do": "prices", "sku": "BOWL-1", "amount": "2300", "currency": "JPY"}
    )
    gil.post(f"{url}/announcement", version(gil.get(url).text))
    revision = the_revision()
    mine = f"/price-notices/{revision.number}"
    assert client_of(cast.alma).get(mine).status_code == 404
    assert concerned(revision) == sorted([cast.nordwind.id, cast.rival.id])
    for customer in (cast.nordwind, cast.rival):
        price_notices.post(
            revision.id, customer.id, price_notices.draw_up(revision.id, customer.id), BY
        )
    session.flush()
    wanted = {cast.alma: ("1,276", "1,334", "1,380"), cast.cleo: ("1,320", "1,380", "1,334")}
    for buyer, (old, new, other) in wanted.items():
        client = client_of(buyer)
        assert f'href="{mine}"' in client.get("/").text
        page = client.get(mine).text
        assert "原料高のため。" in page
        assert old in page
        assert new in page
        assert other not in page
        assert client.get(f"{mine}/pdf").status_code == 202
        assert client.get(f"{mine}/xlsx").data.startswith(b"PK")
    for notice in session.scalars(select(price_notices.PriceNotice)):
        printing.print_paper(notice.paper_id)
    assert client_of(cast.alma).get(f"{mine}/pdf").data.startswith(b"%PDF-")
    assert gil.get(f"{url}/customers/nordwind/pdf").data.startswith(b"%PDF-")
    session.scalars(
        select(Membership).where(Membership.user_id == cast.bo.id)
    ).one().sees_prices = False
    session.flush()
    bo = client_of(cast.bo)
    assert mine not in bo.get("/").text
    assert [bo.get(f"{mine}{part}").status_code for part in ("", "/pdf", "/xlsx")] == [403] * 3
    gil.post(f"{url}/cancellation", {"reason": "延期"})
    assert mine not in client_of(cast.alma).get("/").text
    assert "取り下げました" in client_of(cast.alma).get(mine).text
