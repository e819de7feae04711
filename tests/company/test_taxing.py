"""Tax is rounded once per rate: the vectors of the trade, and what must hold of any figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholesale.company.models import TaxClass
from wholesale.company.taxing import rate_of, tax_by_rate, tax_of, tax_within
from wholesale.kernel.money import Rounding, round_to, spread

TEN, EIGHT = Decimal("0.1"), Decimal("0.08")
MODES = (Rounding.DOWN, Rounding.HALF_UP, Rounding.UP)
BASKET = [
    (TaxClass.STANDARD, TEN, Decimal(333 * 3)), (TaxClass.REDUCED, EIGHT, Decimal(127 * 7)),
    (TaxClass.STANDARD, TEN, Decimal(1999)), (TaxClass.REDUCED, EIGHT, Decimal(98 * 13)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "taxes"),
    [
        (315, (31, 32, 32)),
        (2998, (299, 300, 300)),
        (-315, (-31, -32, -32)),
        (6080, (608, 608, 608)),
    ],
)
def test_the_tax_of_a_base_at_ten_percent(base: int, taxes: tuple[int, ...]) -> None:
    assert tuple(tax_of(Decimal(base), TEN, 0, mode) for mode in MODES) == taxes


@pytest.mark.parametrize(
    ("mode", "taxes", "total"),
    [
        (Rounding.DOWN, (299, 173), 5633),
        (Rounding.HALF_UP, (300, 173), 5634),
        (Rounding.UP, (300, 174), 5635),
    ],
)
def test_two_rates_are_rounded_once_each(
    mode: Rounding, taxes: tuple[int, int], total: int
) -> None:
    parts = tax_by_rate(BASKET, 0, mode)
    assert [(one.base, one.tax) for one in parts] == [(2998, taxes[0]), (2163, taxes[1])]
    assert sum(one.base + one.tax for one in parts) == total
    by_line = sum(tax_of(amount, rate, 0, Rounding.DOWN) for _, rate, amount in BASKET)
    assert by_line == 298 + 172


@pytest.mark.parametrize(
    ("gross", "rate", "taxes"),
    [(11000, TEN, (1000,) * 3), (999, TEN, (90, 91, 91)), (1000, EIGHT, (74, 74, 75))],
)
def test_the_tax_within_an_amount(gross: int, rate: Decimal, taxes: tuple[int, ...]) -> None:
    assert tuple(tax_within(Decimal(gross), rate, 0, mode) for mode in MODES) == taxes


def test_a_lump_discount_is_split_over_the_rates() -> None:
    assert spread(Decimal(500), [Decimal(2998), Decimal(2163)], 0) == [290, 210]
    assert tax_of(Decimal(2708), TEN, 0, Rounding.DOWN) == 270
    assert tax_of(Decimal(1953), EIGHT, 0, Rounding.DOWN) == 156


@pytest.mark.parametrize(
    ("tax_class", "on", "rate"),
    [
        (TaxClass.STANDARD, date(2019, 9, 30), EIGHT), (TaxClass.STANDARD, date(2019, 10, 1), TEN),
        (TaxClass.REDUCED, date(2026, 11, 20), EIGHT), (TaxClass.EXPORT, date(2026, 11, 20), Decimal(0)),
    ],
)  # fmt: skip
def test_the_rate_is_that_of_the_supply_day(
    database: None, tax_class: TaxClass, on: date, rate: Decimal
) -> None:
    assert rate_of(tax_class, on) == rate


def test_before_the_first_rate_there_is_none(database: None) -> None:
    with pytest.raises(LookupError):
        rate_of(TaxClass.STANDARD, date(2000, 1, 1))


amounts = st.integers(-(10**9), 10**9).map(Decimal)
rates = st.sampled_from([TEN, EIGHT, Decimal("0.05"), Decimal("0.2"), Decimal(0)])
modes = st.sampled_from(MODES)
lines = st.lists(
    st.tuples(st.sampled_from([TaxClass.STANDARD, TaxClass.REDUCED]), rates, amounts), max_size=20
)


@given(amounts, rates, modes, st.integers(0, 3))
def test_a_credit_cancels_its_invoice_exactly(
    base: Decimal, rate: Decimal, mode: Rounding, digits: int
) -> None:
    assert tax_of(-base, rate, digits, mode) == -tax_of(base, rate, digits, mode)


@given(lines, modes)
def test_each_rate_has_one_rounding_of_its_whole_base(
    told: list[tuple[TaxClass, Decimal, Decimal]], mode: Rounding
) -> None:
    parts = tax_by_rate(told, 0, mode)
    assert sum(one.base for one in parts) == sum(amount for _, _, amount in told)
    assert len({(one.tax_class, one.rate) for one in parts}) == len(parts)
    for one in parts:
        base = sum(a for kind, rate, a in told if (kind, rate) == (one.tax_class, one.rate))
        exact = abs(Fraction(base) * Fraction(one.rate))
        assert one.base == base
        assert abs(abs(Fraction(one.tax)) - exact) < 1
        assert one.tax == int(one.tax)
        if mode is Rounding.DOWN:
            assert abs(one.tax) <= exact
        if mode is Rounding.UP:
            assert abs(one.tax) >= exact
        if mode is Rounding.HALF_UP:
            assert abs(abs(Fraction(one.tax)) - exact) <= Fraction(1, 2)


@given(lines, modes, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(told: list, mode: Rounding, dice: object) -> None:
    mixed = list(told)
    dice.shuffle(mixed)
    assert tax_by_rate(mixed, 0, mode) == tax_by_rate(told, 0, mode)


@given(st.integers(0, 10**9).map(Decimal), rates, modes)
def test_tax_put_on_is_found_again_within_one_yen(
    net: Decimal, rate: Decimal, mode: Rounding
) -> None:
    tax = tax_of(net, rate, 0, mode)
    assert abs(tax_within(net + tax, rate, 0, mode) - tax) <= 1


@given(st.integers(-(10**7), 10**7).map(Decimal), rates, modes)
def test_a_base_of_whole_hundreds_comes_back_exactly(
    hundreds: Decimal, rate: Decimal, mode: Rounding
) -> None:
    net = hundreds * 100
    tax = tax_of(net, rate, 0, mode)
    assert tax_within(net + tax, rate, 0, mode) == tax == round_to(net * rate, 0, Rounding.DOWN)
