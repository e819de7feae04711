"""One checkout to several places and days: exact sums, one order per place, all or none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.factories.goods import make_sku
from tests.factories.orders import BY, check_house, ship_to_of
from tests.factories.people import Cast
from tests.factories.prices import make_price_rule
from tests.factories.stock import put_on_shelf
from wholesale.catalog.models import OrderPolicy, Sku
from wholesale.customers.models import Address, Terms
from wholesale.customers.queries import forget_terms
from wholesale.kernel import clock
from wholesale.kernel.db import savepoint, session
from wholesale.orders import carting
from wholesale.orders.checking_out import Whole, review_legs
from wholesale.orders.checks import CHECKS
from wholesale.orders.confirming import confirm
from wholesale.orders.models import Cart, CartState, Order
from wholesale.orders.placing import BelowMinimum, TotalsChanged, place_orders
from wholesale.orders.splitting import (
    OneOff,
    Part,
    PlaceGone,
    Plan,
    SpreadTooFar,
    keep_plan,
    legs_of,
    plan_of,
)
from wholesale.pricing.models import OwnerKind, Scope
from wholesale.shipping import planning
from wholesale.shipping.planning import WaitsForTheRest

LATER = date(2026, 12, 7)
AWAY = OneOff("展示会 会場", "530-0001", "大阪府", "大阪市北区梅田1", "06-0000-0000")
WHOLE = Part()


@pytest.fixture
def cup() -> Sku:
    sku = make_sku(code="TK-1", multiple=5)
    put_on_shelf(sku, 100)
    return sku


@pytest.fixture
def cart(cast: Cast, cup: Sku) -> Cart:
    """Sixty cups at 600, freight 990 below 30,000."""
    terms = session.scalars(select(Terms).where(Terms.customer_id == cast.nordwind.id)).one()
    terms.freight_fee, terms.freight_free_from = Decimal(990), Decimal(30000)
    session.add(
        Address(
            customer_id=cast.nordwind.id, code="nordwind-2", name="堀江店", region="大阪府",
            postal_code="550-0014", address="大阪市西区北堀江1",
        )
    )  # fmt: skip
    session.flush()  # terms and addresses are read by queries
    forget_terms()
    cart = carting.open_cart(cast.nordwind, cast.alma)
    carting.put(cart, cast.nordwind, cup.id, 60, BY)
    return cart


def place_id(code: str) -> int:
    return session.scalars(select(Address.id).where(Address.code == code)).one()


def look(cart: Cart, cast: Cast) -> Whole:
    return review_legs(cast.nordwind, legs_of(cart, cast.nordwind, WHOLE), at=clock.now())


def order(cart: Cart, cast: Cast, fingerprint: str) -> list[Order]:
    legs = legs_of(cart, cast.nordwind, WHOLE)
    return place_orders(cart, cast.nordwind, legs, fingerprint=fingerprint, by=BY)


def three_parts(cup: Sku) -> Plan:
    """The rest now and ten later to the main shop, twenty to Horie."""
    return Plan(
        (
            Part(place_id("nordwind-1"), po_number="A-1", note="表口へ"),
            Part(place_id("nordwind-1"), wished_on=LATER, po_number="A-2", note="裏口へ"),
            Part(place_id("nordwind-2"), po_number="B-1"),
        ),
        {cup.id: (10, 20)},
    )


def test_a_divided_cart_becomes_an_order_per_place_with_freight_per_place_and_day(
    cast: Cast, cart: Cart, cup: Sku
) -> None:
    whole = look(cart, cast)
    assert (whole.goods, whole.freight, whole.tax) == (36000, 0, 3600)
    keep_plan(cart, three_parts(cup))
    now = look(cart, cast)
    assert now.fingerprint != whole.fingerprint
    assert [(one.goods, one.freight, one.gross) for one in now.reviews] == [
        (24000, 1980, 28578), (12000, 990, 14289),
    ]  # fmt: skip
    assert (now.net, now.tax, now.gross, now.pieces) == (38970, 3897, 42867, 60)
    with pytest.raises(TotalsChanged), savepoint():
        order(cart, cast, whole.fingerprint)
    main, horie = order(cart, cast, now.fingerprint)
    assert cart.state is CartState.PLACED
    assert (main.po_number, main.wished_on, horie.po_number) == ("", None, "B-1")
    assert main.note == f"表口へ\n{LATER} 裏口へ"
    goods = [(one.quantity, one.wished_on, one.po_number) for one in main.lines if one.sku_id]
    assert goods == [(40 - 10, None, "A-1"), (10, LATER, "A-2")]
    assert [one.amount for one in main.lines if not one.sku_id] == [990, 990]
    assert horie.ship_to["name"] == "堀江店" and horie.amount_gross == 14289
    later = next(one for one in main.lines if one.wished_on == LATER)
    assert main.planned_on < later.planned_on <= LATER
    confirm(main, BY)
    shipments = planning.plan_shipments(main, BY)
    assert [one.arrives_on for one in shipments][-1] == LATER and len(shipments) == 2
    check_house(CHECKS)


def test_steps_and_the_smallest_order_count_for_all_of_it(cast: Cast, cart: Cart, cup: Sku) -> None:
    make_price_rule(
        (OwnerKind.CUSTOMER, cast.nordwind.id), Scope.PRODUCT, cup.product_id, "0.5", minimum=60
    )
    terms = session.scalars(select(Terms).where(Terms.customer_id == cast.nordwind.id)).one()
    terms.minimum_amount = Decimal(30000)
    forget_terms()
    keep_plan(cart, three_parts(cup))
    now = look(cart, cast)
    assert {line.unit_price for line in now.lines} == {Decimal(500)}
    assert (now.goods, now.missing_to_minimum) == (30000, 0)
    carting.put(cart, cast.nordwind, cup.id, 55, BY)
    now = look(cart, cast)
    assert [line.quantity for line in now.lines] == [25, 10, 20]
    assert now.goods == 33000, "the step is missed, at 600 each"
    terms.minimum_amount = Decimal(40000)
    forget_terms()
    assert look(cart, cast).missing_to_minimum == 7000
    with pytest.raises(BelowMinimum), savepoint():
        order(cart, cast, now.fingerprint)
    session.refresh(cart)
    assert cart.state is CartState.OPEN


def test_what_is_spread_gives_way_where_the_cart_shrinks_and_packs_stay_whole(
    cast: Cast, cart: Cart, cup: Sku
) -> None:
    with pytest.raises(SpreadTooFar):
        keep_plan(cart, Plan((Part(), Part()), {cup.id: (61,)}))
    keep_plan(cart, Plan((Part(), Part()), {cup.id: (12,)}))
    assert [line.problem for line in look(cart, cast).lines] == ["not_multiple"] * 2
    keep_plan(cart, three_parts(cup))
    carting.put(cart, cast.nordwind, cup.id, 25, BY)
    assert plan_of(cart).spread(cup.id, 25) == [0, 10, 15]
    horie = session.scalars(select(Address).where(Address.code == "nordwind-2")).one()
    horie.is_active = False
    session.flush()  # places are read by a query
    with pytest.raises(PlaceGone):
        look(cart, cast)


def test_an_address_typed_for_once_stands_on_the_order_and_nowhere_else(
    cast: Cast, cart: Cart
) -> None:
    keep_plan(cart, Plan((Part(once=AWAY),)))
    (one,) = order(cart, cast, look(cart, cast).fingerprint)
    assert one.ship_to_id is None
    assert (one.ship_to["name"], one.ship_to["region"]) == ("展示会 会場", "大阪府")
    assert ship_to_of(cast.nordwind).name == "ノルドヴィント株式会社 本店"


def test_what_goes_together_leaves_when_all_of_it_is_there(
    cast: Cast, cart: Cart, cup: Sku
) -> None:
    made = make_sku(code="TK-2", policy=OrderPolicy.BACKORDER)
    carting.put(cart, cast.nordwind, made.id, 3, BY)
    keep_plan(cart, Plan((Part(place_id("nordwind-1"), together=True),)))
    (one,) = order(cart, cast, look(cart, cast).fingerprint)
    assert len({line.planned_on for line in one.lines if line.sku_id}) == 1
    confirm(one, BY)
    with pytest.raises(WaitsForTheRest):
        planning.plan_shipments(one, BY)
    cups = next(line for line in one.lines if line.sku_id == cup.id)
    (sent,) = planning.plan_part(one, {cups.id: 5}, BY)
    assert sent.lines[0].quantity == 5
