"""The last pieces of a shelf, wanted by sixteen processes at once."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from tests.factories.goods import make_sku
from tests.factories.orders import BY, check_house
from tests.factories.people import make_customer
from tests.races.contests import OWN_PIECES, OWNERS, PIECES, take_the_last
from tests.races.runners import Runners
from wholesale.kernel import clock
from wholesale.kernel.access import Principal
from wholesale.kernel.db import session, unit_of_work
from wholesale.stock import allocating, allotting, ledger
from wholesale.stock.checks import CHECKS
from wholesale.stock.models import Balance, Demand
from wholesale.stock.setting_up import location_id

pytestmark = pytest.mark.race
SYSTEM = Principal.system("test")
ON_HAND, PROMISED, SET_ASIDE, SAFETY, LAST = 100, 30, 20, 5, 45


@dataclass(frozen=True)
class Shelf:
    """Rounds of five SKUs each, of which 45 are left for strangers, and who wants them."""

    rounds: list[list[int]]
    owner: int
    stranger: int


def fill_shelves(name: str, rounds: int) -> Shelf:
    """100 there, 30 promised, 20 set aside for the owner, 5 safety: 45 are left for others."""
    with unit_of_work(SYSTEM):
        owner, stranger = make_customer(f"{name}-a", "甲"), make_customer(f"{name}-b", "乙")
        shelf = Shelf(
            [[make_sku().id for _ in range(5)] for _ in range(rounds)], owner.id, stranger.id
        )
        skus = [sku for five in shelf.rounds for sku in five]
        place = location_id("W1")
        ledger.set_levels(
            [(sku, place, 0, ON_HAND) for sku in skus], BY, kind=ledger.MoveKind.OPENING
        )
        today, policy = clock.today(), allocating.OrderPolicy.IN_STOCK
        allocating.take(
            [
                allocating.Want(sku, PROMISED, stranger.id, today, policy, "before", 1)
                for sku in skus
            ],
            BY,
        )
        for sku in skus:
            allotting.allot(sku, place, SET_ASIDE, BY, customer_id=owner.id)
        for balance in session.scalars(
            select(Balance).where(Balance.sku_id.in_(skus), Balance.location_id == place)
        ):
            balance.safety = SAFETY
    return shelf


def taken_by(customer: int) -> set[int]:
    """The different numbers of pieces that were promised to a customer in the race, per SKU."""
    return set(
        session.scalars(
            select(func.sum(Demand.allocated))
            .where(Demand.customer_id == customer, Demand.source_kind == "race")
            .group_by(Demand.sku_id)
        )
    )


def winners(results: list[list[bool]], rounds: int) -> list[int]:
    """How many strangers were served, by round."""
    return [sum(result[at] for result in results[OWNERS:]) for at in range(rounds)]


def test_the_last_45_of_five_skus_are_never_sold_twice(arena: str, runners: Runners) -> None:
    """Thirty rounds; every piece is sold, none twice, and the owner's 20 are the owner's."""
    shelf = fill_shelves("whole", 30)
    results = runners.race(
        arena, take_the_last, rounds=shelf.rounds, owner=shelf.owner, stranger=shelf.stranger
    )
    assert winners(results, 30) == [LAST // PIECES] * 30
    assert all(all(result) for result in results[:OWNERS])
    with unit_of_work(SYSTEM, read_only=True):
        assert taken_by(shelf.stranger) == {LAST}
        assert taken_by(shelf.owner) == {OWNERS * OWN_PIECES}
        check_house(CHECKS)


def test_the_condition_in_the_update_alone_holds_the_line(arena: str, runners: Runners) -> None:
    """Without locks and turns, when all have read "45 are free" before the first one writes."""
    shelf = fill_shelves("guard", 5)
    results = runners.race(
        arena, take_the_last, rounds=shelf.rounds, owner=shelf.owner, stranger=shelf.stranger,
        locks=False,
    )  # fmt: skip
    assert winners(results, 5) == [LAST // PIECES] * 5
    with unit_of_work(SYSTEM, read_only=True):
        assert taken_by(shelf.stranger) == {LAST}
        assert taken_by(shelf.owner) == {OWNERS * OWN_PIECES}
        check_house(CHECKS)


def test_without_that_condition_the_same_race_oversells(arena: str, runners: Runners) -> None:
    """The negative control: the pieces set aside for others and the safety stock are sold too."""
    shelf = fill_shelves("control", 5)
    results = runners.race(
        arena, take_the_last, rounds=shelf.rounds, owner=shelf.owner, stranger=shelf.stranger,
        locks=False, guard=False,
    )  # fmt: skip
    assert min(winners(results, 5)) > LAST // PIECES
    with unit_of_work(SYSTEM, read_only=True):
        assert min(taken_by(shelf.stranger)) > LAST
