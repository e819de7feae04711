"""Two customers merged by sixteen people at once, one way and both ways."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.factories.people import make_customer
from tests.races.contests import merge_them
from tests.races.runners import Runners
from wholesale.customers.models import Customer, CustomerState
from wholesale.kernel.access import Principal
from wholesale.kernel.db import session, unit_of_work
from wholesale.merging.models import Merge

pytestmark = pytest.mark.race
SYSTEM = Principal.system("test")


def twins(name: str, count: int) -> list[tuple[int, int]]:
    with unit_of_work(SYSTEM):
        return [
            (make_customer(f"{name}-{n}", "店").id, make_customer(f"{name}-{n}b", "店").id)
            for n in range(count)
        ]


def merges_of(pairs: list[tuple[int, int]]) -> list[int]:
    with unit_of_work(SYSTEM, read_only=True):
        counted = select(func.count()).select_from(Merge)
        return [session.scalars(counted.where(Merge.old_id.in_(pair))).one() for pair in pairs]


@pytest.mark.parametrize("both_ways", [False, True])
def test_two_are_merged_once(arena: str, runners: Runners, both_ways: bool) -> None:
    pairs = twins(f"once{int(both_ways)}", 3)
    went = runners.race(arena, merge_them, pairs=pairs, both_ways=both_ways)
    assert [sum(one) for one in zip(*went, strict=True)] == [1, 1, 1]
    assert merges_of(pairs) == [1, 1, 1]
    with unit_of_work(SYSTEM, read_only=True):
        for pair in pairs:
            both = session.scalars(select(Customer).where(Customer.id.in_(pair))).all()
            assert sorted(one.state for one in both) == [CustomerState.ACTIVE, CustomerState.MERGED]


def test_looking_without_holding_merges_them_many_times(arena: str, runners: Runners) -> None:
    """The negative control: both are looked at, then merged."""
    (pair,) = twins("naive", 1)
    runners.race(arena, merge_them, pairs=[pair], guard=False)
    assert merges_of([pair])[0] > 1
