"""Sheets nobody looked at before, in any dress: the same rows are taken, the same ones refused."""

from __future__ import annotations

import pytest

from tests.exchange.made_up import MAKERS, make, make_house
from wholesale.exchange.importing import import_file
from wholesale.exchange.reports import Report
from wholesale.kernel.access import Actor

BY = Actor.system("test")


def told(report: Report) -> list[tuple[int, str]]:
    assert report.file is None, report.file
    return [(one.row, one.reason) for one in report.refused]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_dress_the_good_rows_are_taken_and_the_faults_named(
    database: None, seed: int
) -> None:
    house = make_house(seed)
    for kind in MAKERS:
        made = make(kind, house, seed)
        rehearsed = import_file(kind, made.data, made.name, dry_run=True, by=BY)
        assert (kind, seed, told(rehearsed)) == (kind, seed, made.refused)
        report = import_file(kind, made.data, made.name, dry_run=False, by=BY)
        assert report.as_json() == rehearsed.as_json()
        assert report.created == made.good, (kind, seed)
        again = import_file(kind, made.data, made.name, dry_run=False, by=BY)
        assert (again.created, again.updated, again.unchanged) == (0, 0, made.good), (kind, seed)
        assert told(again) == made.refused
