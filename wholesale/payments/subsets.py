"""Which sets of open invoices add up to an amount."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

MOST_INVOICES = 24


@dataclass(frozen=True, slots=True)
class Sums:
    """The sets found, as ascending positions. `complete`: no other set exists."""

    sets: tuple[tuple[int, ...], ...]
    complete: bool


def sets_that_sum(values: Sequence[int], targets: Collection[int], *, limit: int) -> Sums:
    """Every set of `values` whose sum is one of `targets`, until more than `limit` are found.

    Values are whole smallest units and may be negative (credit notes), not zero. Values that can't
    be part of any set are left out first. When more than MOST_INVOICES remain, only the first ones
    are searched and the answer is not complete: sums of so many collide anyway.
    """
    if not targets:
        return Sums((), complete=True)
    credit = sum(value for value in values if value < 0)
    highest = max(targets) - credit
    useful = [place for place, value in enumerate(values) if value <= highest]
    complete = len(useful) <= MOST_INVOICES
    useful = useful[:MOST_INVOICES]
    half = len(useful) // 2
    left = _sums([values[place] for place in useful[:half]])
    right: dict[int, list[int]] = defaultdict(list)
    for mask, total in enumerate(_sums([values[place] for place in useful[half:]])):
        right[total].append(mask)
    found: list[tuple[int, ...]] = []
    for mask, total in enumerate(left):
        if total > highest:
            continue
        for target in targets:
            for other in right.get(target - total, ()):
                if not (mask or other):
                    continue
                found.append(_places(mask | other << half, useful))
                if len(found) > limit:
                    return Sums(tuple(found[:limit]), complete=False)
    return Sums(tuple(found), complete)


def _sums(values: Sequence[int]) -> list[int]:
    """The sum of every set; the position is its bit mask."""
    sums = [0]
    for value in values:
        sums += [total + value for total in sums]
    return sums


def _places(mask: int, useful: Sequence[int]) -> tuple[int, ...]:
    return tuple(place for bit, place in enumerate(useful) if mask >> bit & 1)
