"""Approval inside the customer in the portal: asked for at checkout, decided by a colleague."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.orders import pieces_in_cart
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import BuyerRole, Membership, User
from wholesale.catalog.models import Sku
from wholesale.kernel.db import session
from wholesale.orders.models import Cart, CartState, Order
from wholesale.pricing.models import ListPrice

ClientOf = Callable[[User | None], Browser]
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def fields(page: str) -> dict[str, str]:
    """What the page's own form carries besides what is typed."""
    return {
        name: value
        for name, value in HIDDEN.findall(page)
        if name in {"fingerprint", "version"} or name.startswith("seen-")
    }


@pytest.fixture
def cup() -> Sku:
    sku = make_sku(code="TK-1")
    put_on_shelf(sku, 80)
    return sku


@pytest.fixture
def bo(client_of: ClientOf, cast: Cast, cup: Sku) -> Browser:
    """Bo, who may order for 5,000 alone, with ten cups for 6,000 in the cart."""
    member = session.scalars(select(Membership).where(Membership.user_id == cast.bo.id)).one()
    member.spending_limit = Decimal(5000)
    browser = client_of(cast.bo)
    browser.post("/cart/lines", {"pieces-TK-1": "10"})
    return browser


def ask(bo: Browser, **typed: str) -> str:
    """Ask as the checkout page lets one; returns where the request is shown."""
    page = bo.get("/checkout").text
    assert 'name="ask"' in page
    answer = bo.post("/checkout", {**fields(page), **typed, "ask": "1"})
    assert answer.status_code == 303, answer.text[-1500:]
    return str(answer.headers["Location"])


def state() -> CartState:
    session.expire_all()
    return session.scalars(select(Cart.state).order_by(Cart.id).limit(1)).one()


def orders() -> int:
    return session.scalar(select(func.count()).select_from(Order)) or 0


def test_a_colleague_approves_and_it_is_the_askers_order(
    client_of: ClientOf, cast: Cast, bo: Browser
) -> None:
    url = ask(bo, message="for the fair", po_number="PO-9")
    assert "for the fair" in bo.get(url).text
    assert bo.get("/cart").text.count("TK-1") == 0
    alma = client_of(cast.alma)
    for queue in ("/", "/orders/approvals"):
        page = alma.get(queue).text
        assert url in page and "7,200" in page and "for the fair" in page
    page = alma.get(url).text
    assert "TK-1" in page and "7,920" in page
    answer = alma.post(f"{url}/approval", fields(page))
    assert answer.status_code == 303, answer.text[-1500:]
    order = session.scalars(select(Order)).one()
    assert (order.placed_by, order.approved_by, order.po_number) == ("Bo", "Alma", "PO-9")
    assert state() is CartState.PLACED
    for browser in (bo, alma):
        assert "Alma" in browser.get(f"/orders/{order.number}").text
    assert "Alma" in client_of(cast.dana).get(f"/office/orders/{order.number}").text
    assert url not in alma.get("/").text


def test_above_the_limit_nothing_is_placed_without_asking(bo: Browser) -> None:
    answer = bo.post("/checkout", fields(bo.get("/checkout").text))
    assert answer.status_code == 422
    assert 'name="ask"' in answer.text
    assert (orders(), state()) == (0, CartState.OPEN)


def test_below_the_limit_nobody_is_asked(bo: Browser) -> None:
    bo.post("/cart/lines", {"pieces-TK-1": "2"})
    page = bo.get("/checkout").text
    assert 'name="ask"' not in page
    assert bo.post("/checkout", fields(page)).status_code == 303
    assert orders() == 1


def test_a_limit_of_nothing_means_asking_for_every_order(
    client_of: ClientOf, cast: Cast, bo: Browser
) -> None:
    member = session.scalars(select(Membership).where(Membership.user_id == cast.bo.id)).one()
    typed = {"role": "buyer", "spending_limit": "0"}
    answer = client_of(cast.alma).post(f"/account/people/{member.id}", typed)
    assert answer.status_code == 303
    session.expire_all()
    assert member.spending_limit == 0
    again = client_of(cast.bo)
    again.post("/cart/lines", {"pieces-TK-1": "1"})
    assert 'name="ask"' in again.get("/checkout").text


def test_refused_with_a_reason_it_is_an_open_cart_again(
    client_of: ClientOf, cast: Cast, bo: Browser
) -> None:
    url = ask(bo)
    alma = client_of(cast.alma)
    version = fields(alma.get(url).text)
    unsaid = alma.post(f"{url}/refusal", {**version, "reason": ""})
    assert unsaid.status_code == 422 and state() is CartState.AWAITING_APPROVAL
    answer = alma.post(f"{url}/refusal", {**version, "reason": "half of it, please"})
    assert answer.status_code == 303
    assert state() is CartState.OPEN
    assert pieces_in_cart(cast, cast.bo) == 10
    for page in ("/", "/checkout", "/orders/approvals"):
        assert "half of it, please" in bo.get(page).text
    closed = bo.get(url)
    assert closed.status_code == 200 and "/approval" not in closed.text.replace("/approvals", "")


def test_of_two_who_decide_at_once_the_second_is_told(
    client_of: ClientOf, cast: Cast, bo: Browser
) -> None:
    url = ask(bo)
    alma = client_of(cast.alma)
    seen = fields(alma.get(url).text)
    assert alma.post(f"{url}/approval", seen).status_code == 303
    for path, typed in (("approval", seen), ("refusal", {**seen, "reason": "late"})):
        late = alma.post(f"{url}/{path}", typed)
        assert late.status_code == 409
        assert 'role="alert"' in late.text
    assert bo.post(f"{url}/withdrawal", seen).status_code == 409
    assert orders() == 1


def test_a_changed_price_is_shown_before_it_is_agreed_to(
    client_of: ClientOf, cast: Cast, bo: Browser, cup: Sku
) -> None:
    url = ask(bo)
    alma = client_of(cast.alma)
    seen = fields(alma.get(url).text)
    session.execute(
        update(ListPrice).where(ListPrice.sku_id == cup.id).values(amount=Decimal(2000))
    )
    answer = alma.post(f"{url}/approval", seen)
    assert answer.status_code == 409
    assert ">600<" in answer.text and "1,200" in answer.text and "13,200" in answer.text
    assert (orders(), state()) == (0, CartState.AWAITING_APPROVAL)
    assert alma.post(f"{url}/approval", fields(answer.text)).status_code == 303
    assert session.scalars(select(Order.amount_net)).one() == Decimal(13200)


def test_the_asker_takes_it_back_and_decides_nothing(
    client_of: ClientOf, cast: Cast, bo: Browser
) -> None:
    url = ask(bo)
    seen = fields(bo.get(url).text)
    assert bo.post(f"{url}/approval", seen).status_code == 403
    member = session.scalars(select(Membership).where(Membership.user_id == cast.bo.id)).one()
    member.role = BuyerRole.APPROVER
    own = bo.get(url).text
    assert f"{url}/withdrawal" in own and f"{url}/approval" not in own
    refused = bo.post(f"{url}/approval", {**seen, "fingerprint": "0"})
    assert refused.status_code == 422
    assert client_of(cast.alma).post(f"{url}/withdrawal", seen).status_code == 404
    assert bo.post(f"{url}/withdrawal", seen).status_code == 303
    assert state() is CartState.OPEN
    assert pieces_in_cart(cast, cast.bo) == 10


def test_a_strangers_request_is_404_and_reading_writes_nothing(
    client_of: ClientOf, cast: Cast, bo: Browser
) -> None:
    url = ask(bo)
    theirs = session.scalars(select(Membership).where(Membership.user_id == cast.cleo.id)).one()
    theirs.role = BuyerRole.ADMIN
    cleo = client_of(cast.cleo)
    assert cleo.get(url).status_code == 404
    assert cleo.post(f"{url}/approval", {"version": "1"}).status_code == 404
    assert cleo.post(f"{url}/refusal", {"reason": "no"}).status_code == 404
    assert url not in cleo.get("/orders/approvals").text
    client_of(cast.alma).get(url)
    assert state() is CartState.AWAITING_APPROVAL


def test_an_approver_kept_to_other_ship_tos_is_shown_nothing(
    client_of: ClientOf, cast: Cast, bo: Browser
) -> None:
    url = ask(bo)
    member = session.scalars(select(Membership).where(Membership.user_id == cast.alma.id)).one()
    member.ship_to_ids = [10**6]
    alma = client_of(cast.alma)
    assert alma.get(url).status_code == 404
    assert url not in alma.get("/orders/approvals").text
