"""Document numbers drawn by sixteen processes at once, some of which fail afterwards."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.races.contests import draw_numbers
from tests.races.runners import Runners
from wholesale.kernel.access import Principal
from wholesale.kernel.db import session, unit_of_work
from wholesale.kernel.numbering import NumberCounter

pytestmark = pytest.mark.race
SYSTEM = Principal.system("test")


def last_of(code: str) -> int:
    with unit_of_work(SYSTEM, read_only=True):
        return session.scalars(
            select(NumberCounter.last).where(NumberCounter.code == code, NumberCounter.year == 2026)
        ).one()


def test_invoice_numbers_have_no_gap_and_no_twin(arena: str, runners: Runners) -> None:
    """Every seventh unit fails after its draw and gives the number back."""
    before = last_of("INV")
    kept = [n for mine in runners.race(arena, draw_numbers, code="INV", draws=6) for n in mine]
    assert 0 < len(kept) < 16 * 6
    assert sorted(kept) == [f"INV-2611-{n:04d}" for n in range(before + 1, before + len(kept) + 1)]
    assert last_of("INV") == before + len(kept)


def test_each_process_draws_rising_numbers(arena: str, runners: Runners) -> None:
    for mine in runners.race(arena, draw_numbers, code="DN", draws=3):
        assert mine == sorted(mine)


def test_reading_the_last_number_first_makes_twins(arena: str, runners: Runners) -> None:
    """The negative control: read the last number, then write it plus one."""
    results = runners.race(arena, draw_numbers, code="RT", draws=1, guard=False)
    assert len({number for (number,) in results}) < runners.count
