"""Orders past a price revision: the price that placing freezes, and the one that is only given on demand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.factories.goods import make_sku
from tests.factories.orders import ship_to_of
from tests.factories.people import BY, Cast
from tests.factories.prices import make_price_rule
from tests.factories.revisions import NEW_YEAR, make_revision
from tests.factories.stock import put_on_shelf
from tests.pricing.counting import statements
from wholesale.catalog.models import Catalog, OrderPolicy, Sku
from wholesale.customers.models import CreditLevel, CreditUse, Customer
from wholesale.customers.queries import forget_terms, terms_on
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.journal import history
from wholesale.mail.models import Letter
from wholesale.offers.listing import Asked, catalogue_page
from wholesale.orders.checkout import Requested
from wholesale.orders.confirming import ask_for_changes, confirm
from wholesale.orders.models import Confirmation, Order, OrderSource, OrderState
from wholesale.orders.placing import OrderRequest, place_request
from wholesale.orders.repricing import CantReprice, Keeps, on_the_way, reprice
from wholesale.pricing import revisions
from wholesale.pricing.models import Basis, OwnerKind, Scope
from wholesale.shipping import planning

LATE, SOON = date(2027, 1, 20), date(2026, 12, 10)


@pytest.fixture
def cup(cast: Cast) -> Sku:
    if session.scalar(select(Catalog.id).limit(1)) is None:
        session.add(Catalog(code="ALL", name={"ja": "標準"}, holds_everything=True))
    cup = make_sku(list_price="1000")
    put_on_shelf(cup, 500)
    mine = (OwnerKind.CUSTOMER, cast.nordwind.id)
    make_price_rule(mine, Scope.PRODUCT, cup.product_id, "0.5", minimum=12)
    return cup


def order_of(
    customer: Customer, *lines: Requested, wished_on: date | None = None, confirmed: bool = False
) -> Order:
    """An order that staff enters."""
    request = OrderRequest(
        customer=customer, lines=lines, ship_to=ship_to_of(customer), source=OrderSource.STAFF,
        wished_on=wished_on,
    )  # fmt: skip
    order = place_request(request, BY)
    if confirmed:
        confirm(order, BY)
    return order


def unit_price(order: Order) -> int:
    return int(order.lines[0].unit_price)


@pytest.mark.parametrize(
    ("basis", "prices"),
    [
        (Basis.ORDER, (600, 600, 600)),
        (Basis.SHIP, (600, 600, 660)),
        (Basis.WISHED, (600, 600, 660)),
    ],
)
def test_placing_freezes_the_price_of_the_date_that_decides(
    cast: Cast, cup: Sku, basis: Basis, prices: tuple[int, int, int]
) -> None:
    revision = make_revision(basis)
    revisions.announce(revision, revision.version, BY)
    placed = [
        order_of(cast.nordwind, Requested(cup.id, 3), wished_on=day) for day in (None, SOON, LATE)
    ]
    assert tuple(unit_price(order) for order in placed) == prices
    assert all(order.lines[0].planned_on < NEW_YEAR for order in placed[:2])
    assert placed[2].lines[0].planned_on >= NEW_YEAR


def test_lines_of_one_order_have_the_price_of_their_own_day_and_lists_sort_by_it(
    cast: Cast, cup: Sku
) -> None:
    plate = make_sku(list_price="1050")
    put_on_shelf(plate, 50)
    slow = make_sku(list_price="1040", policy=OrderPolicy.MADE_TO_ORDER)
    slow.lead_days = 60
    revision = make_revision(Basis.SHIP)
    revisions.announce(revision, revision.version, BY)
    order = order_of(cast.nordwind, Requested(cup.id, 3), Requested(plate.id, 3, wished_on=LATE))
    assert [int(line.unit_price) for line in order.lines if line.needs_goods] == [600, 696]
    page = catalogue_page(cast.nordwind, Asked(sort="price"), at=clock.now())
    prices = [int(offer.price.unit_price) for offer in page.offers if offer.price]
    assert prices == sorted(prices) == [600, 630, 690]  # the slow one leaves after the day


def test_open_lines_are_listed_with_before_and_after_and_nothing_changes_by_itself(
    cast: Cast, cup: Sku
) -> None:
    late = order_of(cast.nordwind, Requested(cup.id, 3), wished_on=LATE)
    dozen = order_of(cast.nordwind, Requested(cup.id, 12), wished_on=LATE)
    soon = order_of(cast.nordwind, Requested(cup.id, 3), wished_on=SOON)
    agreed = order_of(cast.rival, Requested(cup.id, 3, unit_price=Decimal(555)), wished_on=LATE)
    revision = make_revision(Basis.SHIP)
    draft = on_the_way(revision)
    told = {one.order.id: (one.line.unit_price, one.new, one.keeps) for one in draft}
    assert told == {
        late.id: (600, 660, Keeps.NO),
        dozen.id: (500, 550, Keeps.NO),
        soon.id: (600, 660, Keeps.DATE),
        agreed.id: (555, 660, Keeps.BY_HAND),
    }
    revisions.announce(revision, revision.version, BY)
    after = on_the_way(revision)
    assert [(one.new, one.keeps) for one in after] == [(one.new, one.keeps) for one in draft]
    assert [unit_price(one) for one in (late, dozen, soon, agreed)] == [600, 500, 600, 555]
    revisions.leave_out(revision, cast.nordwind, date(2027, 3, 1), BY)
    assert {one.keeps for one in on_the_way(revision)} == {Keeps.DATE, Keeps.BY_HAND}


def test_a_line_gets_the_new_price_on_demand_with_a_new_confirmation(cast: Cast, cup: Sku) -> None:
    order = order_of(cast.nordwind, Requested(cup.id, 3), wished_on=LATE, confirmed=True)
    revision = make_revision(Basis.SHIP)
    line, before = order.lines[0], _ordered(cast.nordwind)
    with pytest.raises(Conflict):
        reprice(order, [line.id], revision, BY)
    revisions.announce(revision, revision.version, BY)
    assert order.amount_gross == 600 * 3 * Decimal("1.1") + _freight(order)
    assert reprice(order, [line.id], revision, BY) == 1
    assert (line.unit_price, line.amount, line.list_price) == (660, 1980, 1100)
    assert order.amount_net == 1980 + _freight(order) / Decimal("1.1")
    assert _ordered(cast.nordwind) - before == 198  # 180 more, with tax
    assert order.credit_counted == order.amount_gross
    assert (order.state, order.confirmed_revision) == (OrderState.CONFIRMED, 2)
    session.commit()
    (did,) = [entry for entry in history(order) if entry.did == "order:repriced"]
    assert '["600","660"]' in did.details
    keys = session.scalars(select(Letter.key).where(Letter.event == "order_confirmed")).all()
    assert f"order_confirmed:{order.number}:2" in keys
    assert reprice(order, [line.id], revision, BY) == 0


def test_a_buyer_who_approves_is_asked_again(cast: Cast, cup: Sku) -> None:
    terms = terms_on(cast.nordwind.id, clock.today())
    assert terms is not None
    terms.approval_needed = True
    session.flush()
    forget_terms()
    order = order_of(cast.nordwind, Requested(cup.id, 3), wished_on=LATE, confirmed=True)
    assert order.state is OrderState.PROPOSED
    revision = make_revision(Basis.SHIP)
    revisions.announce(revision, revision.version, BY)
    assert reprice(order, [order.lines[0].id], revision, BY) == 1
    assert (order.state, order.confirmed_revision) == (OrderState.PROPOSED, 0)
    ask_for_changes(order, BY, wish="据え置きで")
    confirm(order, BY, forced=True)
    numbers = session.scalars(
        select(Confirmation.revision).where(Confirmation.order_id == order.id)
    ).all()
    assert sorted(numbers) == [1, 2, 3]
    assert order.confirmed_revision == 3


def test_what_keeps_its_price_is_refused(cast: Cast, cup: Sku) -> None:
    soon = order_of(cast.nordwind, Requested(cup.id, 3))
    planned = order_of(
        cast.nordwind, Requested(cup.id, 3), wished_on=date(2026, 11, 28), confirmed=True
    )
    planning.plan_shipments(planned, BY)
    session.refresh(planned)
    paid = order_of(cast.rival, Requested(cup.id, 3), wished_on=date(2026, 11, 28))
    paid.prepayment = Decimal(100)
    revision = make_revision(Basis.SHIP, effective_on=date(2026, 11, 25))
    revisions.announce(revision, revision.version, BY)
    told = {one.order.id: one.keeps for one in on_the_way(revision)}
    assert told == {soon.id: Keeps.DATE, planned.id: Keeps.DELIVERED, paid.id: Keeps.PREPAID}
    for order in (soon, planned, paid):
        with pytest.raises(CantReprice, match=cup.code):
            reprice(order, [order.lines[0].id], revision, BY)


def test_many_orders_on_the_way_cost_the_statements_of_one(cast: Cast, cup: Sku) -> None:
    revision = make_revision(Basis.SHIP)
    counts = []
    for more in (1, 6):
        for _ in range(more):
            order_of(cast.nordwind, Requested(cup.id, 3), wished_on=LATE)
        session.expire_all()
        with statements() as sent:
            found = on_the_way(revision)
        counts.append(len(sent))
    assert len(found) == 7
    assert counts[0] == counts[1], counts


def _freight(order: Order) -> Decimal:
    fees = sum((line.amount for line in order.lines if not line.needs_goods), Decimal(0))
    return fees * Decimal("1.1")


def _ordered(customer: Customer) -> Decimal:
    found = session.scalars(
        select(CreditUse).where(
            CreditUse.customer_id == customer.id, CreditUse.level == CreditLevel.GROUP
        )
    ).one()
    session.refresh(found)
    return found.ordered + found.later
