"""Taking stock for demand: what is refused, what waits, and what is given back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.factories.goods import make_sku
from tests.factories.people import Cast
from tests.factories.stock import BY, put_on_shelf
from wholesale.catalog.models import OrderPolicy, Sku
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.stock import allocating, allotting, ledger, receiving
from wholesale.stock.allocating import OutOfStock, Want
from wholesale.stock.checks import CHECKS
from wholesale.stock.models import Balance, Demand, Lot, MoveKind
from wholesale.stock.promising import available, supplies
from wholesale.stock.setting_up import location_id


def want(
    sku: Sku,
    quantity: int,
    customer: Customer,
    policy: OrderPolicy = OrderPolicy.IN_STOCK,
    planned_on: date | None = None,
    region: str = "",
) -> Want:
    return Want(
        sku.id, quantity, customer.id, planned_on or clock.today(), policy, "test", 1, region=region
    )


def balance(sku: Sku, place: str = "W1") -> Balance:
    return session.scalars(
        select(Balance)
        .where(Balance.sku_id == sku.id, Balance.location_id == location_id(place))
        .execution_options(populate_existing=True)
    ).one()


def check_stock() -> None:
    session.flush()
    for check in CHECKS:
        assert check.offenders() == [], check.says


def free(sku: Sku, customer: Customer, on: date | None = None) -> int:
    return available([sku.id], customer_id=customer.id, group_id=None, on=on or clock.today())[
        sku.id
    ].free


def test_an_allotment_is_free_for_its_customer_alone(cast: Cast) -> None:
    """The vector of the trade: 100 there, 30 promised, 20 set aside for A, 5 safety: 45 and 65."""
    sku = make_sku()
    put_on_shelf(sku, 100)
    allocating.take([want(sku, 30, cast.rival)], BY)
    allotting.allot(sku.id, location_id("W1"), 20, BY, customer_id=cast.nordwind.id)
    balance(sku).safety = 5
    assert (free(sku, cast.rival), free(sku, cast.nordwind)) == (45, 65)
    with pytest.raises(OutOfStock) as refusal:
        allocating.take([want(sku, 66, cast.nordwind)], BY)
    assert refusal.value.shortages[0].left == 65
    _, taken = allocating.take([want(sku, 66, cast.nordwind, OrderPolicy.BACKORDER)], BY)
    assert sum(t.quantity for t in taken) == 65
    check_stock()


def test_a_line_in_stock_takes_all_or_nothing(cast: Cast) -> None:
    first, second = make_sku(), make_sku()
    put_on_shelf(first, 10)
    put_on_shelf(second, 3)
    with pytest.raises(OutOfStock):
        allocating.take([want(first, 5, cast.nordwind), want(second, 4, cast.nordwind)], BY)
    assert balance(first).allocated == 0
    assert session.scalars(select(Demand)).all() == []


def test_two_lines_of_one_sku_are_counted_together(cast: Cast) -> None:
    sku = make_sku()
    put_on_shelf(sku, 10)
    with pytest.raises(OutOfStock):
        allocating.take([want(sku, 6, cast.nordwind), want(sku, 6, cast.nordwind)], BY)


def test_an_order_for_march_leaves_tomorrows_stock_alone(cast: Cast) -> None:
    """On hand 100, inbound 80 on 2/1: 80 for 3/1 take nothing yet, 60 for 11/25 are taken."""
    sku = make_sku()
    put_on_shelf(sku, 100)
    receiving.expect(sku.id, location_id("W1"), 80, date(2027, 2, 1), BY)
    session.flush()
    _, early = allocating.take([want(sku, 80, cast.nordwind, planned_on=date(2027, 3, 1))], BY)
    _, soon = allocating.take([want(sku, 60, cast.rival, planned_on=date(2026, 11, 25))], BY)
    assert early == []
    assert sum(t.quantity for t in soon) == 60
    check_stock()


def test_a_promise_looks_ahead(cast: Cast) -> None:
    """On hand 0, inbound 10 on 12/1 and 12/20, 10 wanted for 12/5: 12/1 has 0 left, 12/20 has 10."""
    sku = make_sku()
    for due in (date(2026, 12, 1), date(2026, 12, 20)):
        receiving.expect(sku.id, location_id("W1"), 10, due, BY)
    session.flush()
    allocating.take(
        [want(sku, 10, cast.nordwind, OrderPolicy.PREORDER, planned_on=date(2026, 12, 5))], BY
    )
    supply = supplies([sku.id], customer_id=cast.rival.id, group_id=None, on=clock.today())[sku.id]
    assert (supply.atp(date(2026, 12, 1)), supply.atp(date(2026, 12, 20))) == (0, 10)
    answer = available([sku.id], customer_id=cast.rival.id, group_id=None, on=clock.today())[sku.id]
    assert (answer.free, answer.next_on, answer.next_quantity) == (0, date(2026, 12, 20), 10)


def test_goods_made_to_order_take_nothing(cast: Cast) -> None:
    sku = make_sku()
    ids, taken = allocating.take([want(sku, 7, cast.nordwind, OrderPolicy.MADE_TO_ORDER)], BY)
    assert (len(ids), taken) == (1, [])


def test_arriving_goods_go_to_who_waits_longest(cast: Cast) -> None:
    sku = make_sku()
    later = want(sku, 5, cast.rival, OrderPolicy.BACKORDER, clock.today() + timedelta(days=3))
    sooner = want(sku, 5, cast.nordwind, OrderPolicy.BACKORDER)
    (late_id,), _ = allocating.take([later], BY)
    (soon_id,), _ = allocating.take([sooner], BY)
    inbound = receiving.expect(sku.id, location_id("W2"), 8, date(2026, 11, 20), BY)
    session.flush()
    taken = receiving.receive_expected(inbound, 8, BY)
    assert [(t.demand_id, t.quantity) for t in taken] == [(soon_id, 5), (late_id, 3)]
    check_stock()


def test_more_than_expected_is_refused(cast: Cast) -> None:
    sku = make_sku()
    inbound = receiving.expect(sku.id, location_id("W1"), 8, date(2026, 11, 20), BY)
    session.flush()
    with pytest.raises(receiving.TooMuchReceived):
        receiving.receive_expected(inbound, 9, BY)


def test_released_pieces_are_free_again_and_refill_the_allotment(cast: Cast) -> None:
    sku = make_sku()
    put_on_shelf(sku, 30)
    allotment = allotting.allot(sku.id, location_id("W1"), 20, BY, customer_id=cast.nordwind.id)
    (demand_id,), _ = allocating.take([want(sku, 25, cast.nordwind)], BY)
    session.refresh(allotment)
    assert (allotment.used, balance(sku).set_aside, balance(sku).allocated) == (20, 0, 25)
    given = allocating.release([demand_id], BY)
    session.refresh(allotment)
    assert sum(t.quantity for t in given) == -25
    assert (allotment.used, balance(sku).set_aside, balance(sku).allocated) == (0, 20, 0)
    check_stock()


def test_shipped_pieces_leave_by_the_ledger(cast: Cast) -> None:
    sku = make_sku()
    put_on_shelf(sku, 10)
    (demand_id,), (taken,) = allocating.take([want(sku, 6, cast.nordwind)], BY)
    out = allocating.Leaving(demand_id, sku.id, taken.location_id, 0, 4, source_id=1)
    allocating.ship_allocated([out], "shipment_line", BY)
    assert (balance(sku).on_hand, balance(sku).allocated) == (6, 2)
    assert balance(sku, "CUSTOMER").on_hand == 4
    check_stock()


def test_the_nearest_warehouse_that_has_all_serves_the_order(cast: Cast) -> None:
    here, there = make_sku(), make_sku()
    for place in ("W1", "W2"):
        put_on_shelf(here, 10, place)
    put_on_shelf(there, 10, "W2")
    wants = [
        want(here, 5, cast.nordwind, region="京都府"),
        want(there, 5, cast.nordwind, region="京都府"),
    ]
    _, taken = allocating.take(wants, BY)
    assert {(t.location_id, t.reason) for t in taken} == {(location_id("W2"), "one_place")}


def test_the_lot_that_expires_first_goes_first(cast: Cast) -> None:
    sku = make_sku()
    lots = []
    for code, best_before in (("B", date(2027, 5, 1)), ("A", date(2027, 1, 1))):
        lot = Lot(sku_id=sku.id, code=code, best_before=best_before)
        session.add(lot)
        session.flush()
        put_on_shelf(sku, 5, lot=lot.id)
        lots.append(lot)
    _, taken = allocating.take([want(sku, 7, cast.nordwind)], BY)
    assert [(t.lot, t.quantity) for t in taken] == [(lots[1].id, 5), (lots[0].id, 2)]


def test_a_count_below_what_is_promised_is_refused(cast: Cast) -> None:
    sku = make_sku()
    put_on_shelf(sku, 10)
    allocating.take([want(sku, 6, cast.nordwind)], BY)
    with pytest.raises(ledger.NotThere):
        ledger.adjust(sku.id, location_id("W1"), 5, BY, reason="count")


def test_a_sheet_brought_in_twice_changes_nothing(cast: Cast) -> None:
    sku = make_sku()
    rows = [(sku.id, location_id("W1"), 0, 12)]
    assert ledger.set_levels(rows, BY, kind=MoveKind.OPENING) == 1
    assert ledger.set_levels(rows, BY, kind=MoveKind.OPENING) == 0
    assert balance(sku).on_hand == 12
    check_stock()
