"""Money is exact: on the way in, on the way out, and when it is divided."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import StatementError

from tests.factories.goods import make_sku
from wholesale.kernel.db import session
from wholesale.kernel.money import LARGEST, Rounding, plain, round_to, spread
from wholesale.pricing.models import ListPrice

amounts = st.integers(-(10**12), 10**12).map(Decimal)
weights = st.lists(st.integers(0, 10**7).map(Decimal), min_size=1, max_size=12).filter(any)
decimals = st.decimals(-(10**9), 10**9, places=6, allow_nan=False)


def keep(amount: object) -> Decimal:
    sku = make_sku(list_price=None)
    price = ListPrice(sku_id=sku.id, currency="JPY", amount=amount, valid_from=date(2026, 1, 1))
    session.add(price)
    session.flush()
    session.expire(price)
    return price.amount


@pytest.mark.parametrize("amount", ["0", "1276", "62.5", "0.0001", "9999999999999"])
def test_what_is_kept_comes_back_as_it_was(database: None, amount: str) -> None:
    assert str(keep(Decimal(amount))) == amount


@pytest.mark.parametrize(
    ("amount", "error"),
    [(0.1, TypeError), (Decimal("0.00001"), ValueError), (LARGEST * 10, OverflowError)],
)
def test_what_cannot_be_kept_exactly_is_refused(
    database: None, amount: object, error: type[Exception]
) -> None:
    with pytest.raises((error, StatementError)) as refusal:
        keep(amount)
    assert isinstance(getattr(refusal.value, "orig", None) or refusal.value, error)


def test_three_tenths_are_three_times_one_tenth(database: None) -> None:
    sku = make_sku(list_price=None)
    for year in (2024, 2025, 2026):
        session.add(
            ListPrice(
                sku_id=sku.id, currency="USD", amount=Decimal("0.1"), valid_from=date(year, 1, 1)
            )
        )
    session.flush()
    assert session.scalar(
        select(func.sum(ListPrice.amount)).where(ListPrice.sku_id == sku.id)
    ) == Decimal("0.3")


@pytest.mark.parametrize(
    ("amount", "shares", "parts"),
    [
        (1000, (3333, 3333, 3334), [333, 333, 334]), (100, (1, 1, 1), [34, 33, 33]),
        (500, (2998, 2163), [290, 210]), (-100, (1, 1, 1), [-34, -33, -33]), (0, (5, 0), [0, 0]),
    ],
)  # fmt: skip
def test_an_amount_is_divided_by_largest_remainder(
    amount: int, shares: tuple[int, ...], parts: list[int]
) -> None:
    assert spread(Decimal(amount), [Decimal(one) for one in shares], 0) == parts


def test_nothing_can_be_divided_over_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        spread(Decimal(1), [Decimal(0)], 0)


@given(amounts, weights, st.integers(0, 3))
def test_the_parts_add_up_and_none_is_a_step_off(
    amount: Decimal, shares: list[Decimal], digits: int
) -> None:
    parts = spread(amount, shares, digits)
    assert sum(parts) == amount
    for part, share in zip(parts, shares, strict=True):
        exact = Fraction(amount) * Fraction(share) / Fraction(sum(shares))
        assert abs(Fraction(part) - exact) < Fraction(1, 10**digits)


@given(decimals, st.integers(0, 4))
def test_rounding_goes_the_way_its_name_says(value: Decimal, digits: int) -> None:
    down, half, up = (
        round_to(value, digits, mode) for mode in (Rounding.DOWN, Rounding.HALF_UP, Rounding.UP)
    )
    assert abs(down) <= abs(value) <= abs(up)
    assert half in {down, up}
    assert abs(half - value) * 2 <= Decimal(1).scaleb(-digits)
    assert abs(up - down) <= Decimal(1).scaleb(-digits)


@given(decimals, st.integers(0, 4), st.sampled_from(Rounding))
def test_rounding_twice_changes_nothing_more_and_signs_are_mirrored(
    value: Decimal, digits: int, mode: Rounding
) -> None:
    once = round_to(value, digits, mode)
    assert round_to(once, digits, mode) == once
    assert round_to(-value, digits, mode) == -once


@given(decimals)
def test_plain_keeps_the_value_and_drops_zeros(value: Decimal) -> None:
    assert plain(value) == value
    assert not (("." in str(plain(value))) and str(plain(value)).endswith("0"))
