"""Approval inside the customer: four eyes, what was seen is what is agreed to, one decision each."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from tests.factories.goods import make_sku
from tests.factories.orders import BY, check_house, ship_to_of
from tests.factories.people import PASSWORD, Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.inviting import add_buyer
from wholesale.accounts.models import BuyerRole, Membership, User
from wholesale.catalog.models import Sku
from wholesale.kernel import journal
from wholesale.kernel.access import Actor, ActorKind
from wholesale.kernel.db import session
from wholesale.mail.letters import compose
from wholesale.mail.models import Letter
from wholesale.orders import approving, carting
from wholesale.orders.approving import Change, Wanted
from wholesale.orders.cancelling import ReasonMissing
from wholesale.orders.checks import CHECKS
from wholesale.orders.models import Cart, CartState, Order
from wholesale.orders.placing import SpendingLimitExceeded, TotalsChanged
from wholesale.orders.splitting import PlaceGone
from wholesale.pricing.models import ListPrice
from wholesale.stock.models import Demand


def actor(user: User) -> Actor:
    return Actor(ActorKind.BUYER, user.id, user.name)


def member(user: User) -> Membership:
    return session.scalars(select(Membership).where(Membership.user_id == user.id)).one()


@pytest.fixture
def cup() -> Sku:
    sku = make_sku(code="TK-1")
    put_on_shelf(sku, 80)
    return sku


@pytest.fixture
def cart(cast: Cast, cup: Sku) -> Cart:
    """Ten cups of Bo's, 6,000 net, who may order for 5,000 alone."""
    member(cast.bo).spending_limit = Decimal(5000)
    cart = carting.open_cart(cast.nordwind, cast.bo)
    carting.put(cart, cast.nordwind, cup.id, 10, BY)
    cart.ship_to_id = ship_to_of(cast.nordwind).id
    return cart


def ask(cart: Cart, cast: Cast, fingerprint: str = "") -> None:
    wanted = Wanted(ship_to_of(cast.nordwind), po_number="PO-7", message="for the fair")
    seen = fingerprint or approving.look(cart, cast.nordwind).fingerprint
    approving.ask(cart, cast.nordwind, wanted, seen, actor(cart.user))


def approve(cart: Cart, cast: Cast, user: User, *, version: int = 0, seen: str = "") -> Order:
    (order,) = approving.approve(
        cart, cast.nordwind, version=version or cart.version, member=member(user), by=actor(user),
        fingerprint=seen or approving.look(cart, cast.nordwind).fingerprint,
    )  # fmt: skip
    return order


def test_what_waits_is_ordered_in_the_name_of_who_asked(cast: Cast, cart: Cart) -> None:
    ask(cart, cast)
    assert cart.state is CartState.AWAITING_APPROVAL
    assert session.scalar(select(func.count()).select_from(Demand)) == 0
    order = approve(cart, cast, cast.alma)
    assert (order.placed_by_id, order.placed_by, order.approved_by) == (cast.bo.id, "Bo", "Alma")
    assert (order.po_number, order.amount_net) == ("PO-7", Decimal(7200))
    assert cart.state is CartState.PLACED
    session.commit()
    told = [(one.did, one.actor_name) for one in reversed(journal.history(order))]
    assert told == [("order:placed", "Bo"), ("order:approved", "Alma")]
    assert [one.did for one in reversed(journal.history(cart))] == ["cart:asked", "cart:approved"]
    check_house(CHECKS)


def test_nothing_in_a_waiting_cart_can_be_changed(cast: Cast, cart: Cart, cup: Sku) -> None:
    ask(cart, cast)
    with pytest.raises(carting.NotOpen):
        carting.put(cart, cast.nordwind, cup.id, 11, BY)
    with pytest.raises(carting.NotOpen):
        carting.clear(cart, BY)
    assert carting.find_cart(cast.nordwind.id, cast.bo.id) is None


def test_nobody_decides_on_a_request_of_their_own(cast: Cast, cart: Cart) -> None:
    member(cast.bo).role = BuyerRole.APPROVER
    ask(cart, cast)
    with pytest.raises(approving.OwnRequest):
        approve(cart, cast, cast.bo)
    with pytest.raises(approving.OwnRequest):
        approving.refuse(cart, reason="no", version=cart.version, by=actor(cast.bo))
    assert cart.state is CartState.AWAITING_APPROVAL


def test_a_changed_price_voids_what_was_seen_and_is_told_before_and_after(
    cast: Cast, cart: Cart, cup: Sku
) -> None:
    ask(cart, cast)
    seen = approving.look(cart, cast.nordwind)
    assert approving.changes(cart, seen) == []
    session.execute(
        update(ListPrice).where(ListPrice.sku_id == cup.id).values(amount=Decimal(2000))
    )
    with session.begin_nested() as point:
        with pytest.raises(TotalsChanged):
            approve(cart, cast, cast.alma, seen=seen.fingerprint)
        point.rollback()
    session.refresh(cart)
    now = approving.look(cart, cast.nordwind)
    assert approving.changes(cart, now) == [
        Change("TK-1", Decimal(600), Decimal(1200)),
        Change("net", Decimal(7200), Decimal(13200)),
        Change("gross", Decimal(7920), Decimal(14520)),
    ]
    assert approve(cart, cast, cast.alma).amount_net == Decimal(13200)


def test_asking_for_figures_that_have_changed_is_refused(cast: Cast, cart: Cart) -> None:
    with pytest.raises(TotalsChanged):
        ask(cart, cast, fingerprint="what was seen yesterday")
    assert cart.state is CartState.OPEN


def test_a_refused_request_is_an_open_cart_again_with_what_came_meanwhile(
    cast: Cast, cart: Cart, cup: Sku
) -> None:
    ask(cart, cast)
    bowl = make_sku(code="TK-2")
    later = carting.open_cart(cast.nordwind, cast.bo)
    assert later.id != cart.id
    carting.put_many(later, cast.nordwind, {cup.id: 2, bowl.id: 3}, BY)
    with pytest.raises(ReasonMissing):
        approving.refuse(cart, reason=" ", version=cart.version, by=actor(cast.alma))
    approving.refuse(cart, reason="too many", version=cart.version, by=actor(cast.alma))
    assert carting.find_cart(cast.nordwind.id, cast.bo.id) is cart
    assert carting.quantities(cart) == {cup.id: 12, bowl.id: 3}
    assert (cart.refused_by, cart.refusal) == ("Alma", "too many")
    letter = session.scalars(select(Letter).where(Letter.event == "approval_refused")).one()
    assert letter.recipient == cast.bo.email
    assert "too many" in compose(letter).get_content()
    ask(cart, cast)
    assert cart.refusal == ""


def test_a_decision_counts_for_the_request_that_was_read(cast: Cast, cart: Cart) -> None:
    """Taken back and sent anew it is another request, even with the same lines."""
    ask(cart, cast)
    read = cart.version
    approving.take_back(cart, version=read, by=actor(cast.bo))
    ask(cart, cast)
    with pytest.raises(approving.RequestMovedOn):
        approve(cart, cast, cast.alma, version=read)
    approve(cart, cast, cast.alma)
    with pytest.raises(approving.RequestMovedOn):
        approve(cart, cast, cast.alma)
    with pytest.raises(approving.RequestMovedOn):
        approving.take_back(cart, version=cart.version, by=actor(cast.bo))


def test_only_who_may_approve_this_sum_to_this_place_is_written_to(cast: Cast, cart: Cart) -> None:
    people = {
        name: add_buyer(
            f"{name}@nordwind.example", name, cast.nordwind, BY,
            role=BuyerRole.APPROVER, password=PASSWORD,
        )
        for name in ("small", "elsewhere", "blind")
    }  # fmt: skip
    member(people["small"]).spending_limit = Decimal(7199)
    member(people["elsewhere"]).ship_to_ids = [10**6]
    member(people["blind"]).sees_prices = False
    session.flush()
    ask(cart, cast)
    letters = session.scalars(select(Letter).where(Letter.event == "approval_asked")).all()
    texts = {one.recipient: compose(one).get_content() for one in letters}
    assert set(texts) == {"alma@nordwind.example", "blind@nordwind.example"}
    assert all(
        "for the fair" in text and f"/approvals/{cart.id}" in text for text in texts.values()
    )
    assert "7,200" in texts["alma@nordwind.example"]
    assert "7,200" not in texts["blind@nordwind.example"]
    with pytest.raises(SpendingLimitExceeded):
        approve(cart, cast, people["small"])


def test_with_nobody_to_ask_the_cart_stays_open(cast: Cast, cart: Cart) -> None:
    member(cast.alma).spending_limit = Decimal(100)
    with pytest.raises(approving.NobodyToAsk):
        ask(cart, cast)
    assert cart.state is CartState.OPEN


def test_a_ship_to_that_is_gone_can_only_be_refused(cast: Cast, cart: Cart) -> None:
    ask(cart, cast)
    ship_to_of(cast.nordwind).is_active = False
    session.flush()
    with session.begin_nested() as point:
        with pytest.raises(PlaceGone):
            approving.look(cart, cast.nordwind)
        point.rollback()
    approving.refuse(cart, reason="use the branch", version=cart.version, by=actor(cast.alma))
    assert cart.state is CartState.OPEN
