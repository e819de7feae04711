"""Sets that add up: the quick search finds what trying everything finds."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from wholesale.payments.subsets import MOST_INVOICES, sets_that_sum

_VALUES = st.lists(st.integers(-9, 30).filter(bool), max_size=9)


@given(values=_VALUES, targets=st.lists(st.integers(1, 60), max_size=3, unique=True))
def test_every_set_is_found_once(values: list[int], targets: list[int]) -> None:
    places = range(len(values))
    expected = {
        chosen
        for size in range(1, len(values) + 1)
        for chosen in combinations(places, size)
        if sum(values[place] for place in chosen) in targets
    }
    found = sets_that_sum(values, targets, limit=1000)
    assert found.complete
    assert sorted(found.sets) == sorted(expected)


def test_the_search_stops_at_its_limit_and_says_so() -> None:
    found = sets_that_sum([5] * 10, [10], limit=3)
    assert len(found.sets) == 3
    assert not found.complete


def test_too_many_invoices_prove_nothing() -> None:
    values = [2**place for place in range(MOST_INVOICES + 1)]
    assert not sets_that_sum(values, [2**40 - 1], limit=5).complete
    assert sets_that_sum(values, [6], limit=5).complete
