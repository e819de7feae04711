"""Numbers: their form, their period, and what is given back."""

from __future__ import annotations

from datetime import date

import pytest

from wholesale.kernel.access import Principal
from wholesale.kernel.db import unit_of_work
from wholesale.kernel.numbering import NoSuchSeries, next_number, start_above

SYSTEM = Principal.system("test")
DAY = date(2026, 11, 20)


def draw(code: str, on: date = DAY) -> str:
    with unit_of_work(SYSTEM):
        return next_number(code, on)


def test_an_order_number_carries_its_year_and_an_invoice_its_month(database: None) -> None:
    assert (draw("SO"), draw("SO"), draw("INV")) == ("SO-26-00001", "SO-26-00002", "INV-2611-0001")


def test_the_invoice_counter_runs_on_through_the_fiscal_year(database: None) -> None:
    days = (date(2026, 12, 31), date(2027, 1, 1), date(2027, 3, 31), date(2027, 4, 1))
    assert [draw("INV", day) for day in days] == [
        "INV-2612-0001", "INV-2701-0002", "INV-2703-0003", "INV-2704-0001",
    ]  # fmt: skip


def test_orders_begin_again_with_the_year(database: None) -> None:
    assert [draw("SO", date(2026, 12, 31)), draw("SO", date(2027, 1, 1))] == [
        "SO-26-00001",
        "SO-27-00001",
    ]


def test_a_number_of_a_failed_unit_is_drawn_again(database: None) -> None:
    draw("INV")
    with pytest.raises(LookupError), unit_of_work(SYSTEM):
        assert next_number("INV", DAY) == "INV-2611-0002"
        raise LookupError
    assert draw("INV") == "INV-2611-0002"


def test_a_series_begins_above_what_was_brought_in_and_never_falls(database: None) -> None:
    with unit_of_work(SYSTEM):
        start_above("INV", 2026, 411)
        start_above("INV", 2026, 7)
    assert draw("INV") == "INV-2611-0412"


@pytest.mark.parametrize(("code", "on"), [("XX", DAY), ("SO", date(1999, 1, 1))])
def test_a_series_that_was_never_set_up_is_an_error(database: None, code: str, on: date) -> None:
    with pytest.raises(NoSuchSeries):
        draw(code, on)
