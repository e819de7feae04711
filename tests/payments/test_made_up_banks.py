"""Bank files nobody looked at before: every line is read once, whatever the bank and its dress."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import pytest

from tests.payments.made_up_banks import BANKS, START, make_lines, portal, zengin01
from wholesale.payments.formats.reading import read_statements
from wholesale.payments.formats.statement import AccountRef, Direction, Statement, keyed_rows
from wholesale.payments.payer_names import canonical_key

TODAY = date(2027, 2, 10)
OURS = AccountRef("0999", "007", "1", "0007788")


def keys(statement: Statement) -> set[str]:
    return {key for key, _ in keyed_rows(statement, OURS)}


@pytest.mark.parametrize("end", ["\r\n", "\n", "", "mixed"])
@pytest.mark.parametrize("seed", range(4))
def test_fixed_length_files_of_both_forms_and_calendars(seed: int, end: str) -> None:
    random = Random(seed)
    lines = make_lines(random)
    western, wide = random.random() < 0.5, random.random() < 0.5
    data = zengin01(lines, random, western=western, wide=wide, end=end)
    (statement,) = read_statements(data, imported_on=TODAY)
    told = [(one.day, one.amount, one.payer, one.voids) for one in lines if one.amount > 0]
    assert [
        (row.booked_on, row.amount, row.payer_name, row.reversal) for row in statement.rows
    ] == told
    assert statement.account.key == OURS.key
    assert len(keys(statement)) == len(told)


@pytest.mark.parametrize("bank", BANKS)
@pytest.mark.parametrize("seed", range(3))
def test_the_portals_of_all_banks_in_any_dress(bank: str, seed: int) -> None:
    random = Random(f"{bank}{seed}")
    lines = make_lines(random)
    data, places = portal(BANKS[bank], lines, random)
    (statement,) = read_statements(data, imported_on=TODAY)
    told = Counter(
        (
            place,
            one.day,
            abs(one.amount),
            (one.amount > 0) is not one.voids,
            one.voids,
            canonical_key(one.payer).key,
        )
        for place, one in zip(places, lines, strict=True)
    )
    assert (
        Counter(
            (
                int(row.record),
                row.booked_on,
                row.amount,
                row.direction is Direction.IN,
                row.reversal,
                canonical_key(row.payer_name).key,
            )
            for row in statement.rows
        )
        == told
    )
    assert len(keys(statement)) == len(lines)


@pytest.mark.parametrize("bank", [name for name in BANKS if name != "mizuho"])
def test_two_files_that_overlap_hold_their_common_lines_once(bank: str) -> None:
    lines = make_lines(Random(bank))
    cut = sorted(one.day for one in lines)[len(lines) // 2]
    early = [one for one in lines if one.day <= cut]
    both = [portal(BANKS[bank], part, Random(7))[0] for part in (early, lines)]
    first, second = (keys(read_statements(data, imported_on=TODAY)[0]) for data in both)
    assert first < second
    assert len(second) == len(lines)
    assert min(one.day for one in lines) >= START
