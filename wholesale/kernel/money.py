"""Exact decimals in Python and in every database, and the named ways of rounding."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator

ZERO = Decimal(0)
LARGEST = Decimal(10) ** 13


class Rounding(StrEnum):
    """How a figure loses its excess digits; always on the absolute value, then signed again."""

    DOWN = "down"
    HALF_UP = "half_up"
    UP = "up"


_MODES = {
    Rounding.DOWN: ROUND_DOWN,
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.UP: ROUND_UP,
}


class FixedDecimal(TypeDecorator[Decimal]):
    """A Decimal kept as a whole number of its smallest step (BIGINT on both engines).

    A value with more decimals than `places` raises ValueError instead of being rounded silently; a
    float raises TypeError; beyond 10¹³ raises OverflowError.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places
        self._steps = 10**places

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        """Decimal → whole steps."""
        if value is None:
            return None
        if isinstance(value, float):
            raise TypeError("money never passes through a float")
        if not -LARGEST <= value <= LARGEST:
            raise OverflowError(f"{value} is beyond what an amount can hold")
        scaled = Decimal(value).scaleb(self.places)
        if scaled != (whole := int(scaled)):
            raise ValueError(f"{value} has more than {self.places} decimals")
        return whole

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Whole steps → Decimal (a SUM arrives as int on SQLite and as Decimal on PostgreSQL)."""
        if value is None:
            return None
        whole, rest = divmod(int(value), self._steps)
        return plain(Decimal(int(value)).scaleb(-self.places)) if rest else Decimal(whole)


AMOUNT = FixedDecimal(4)
EXCHANGE = FixedDecimal(8)


def plain(value: Decimal) -> Decimal:
    """The same value without trailing zeros after the point: 1276.0000 → 1276, 62.50 → 62.5."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def round_to(value: Decimal, digits: int, mode: Rounding) -> Decimal:
    """Round to `digits` decimals. −315 × 10 % down is −31: a credit cancels its invoice exactly."""
    return value.quantize(_step(digits), _MODES[mode])


@cache
def _step(digits: int) -> Decimal:
    """The smallest step of so many decimals."""
    return Decimal(1).scaleb(-digits)


def spread(amount: Decimal, weights: Sequence[Decimal], digits: int) -> list[Decimal]:
    """Divide an amount in proportion to the weights by largest remainder; the parts add up exactly.

    Ties go to the lower index: 100 over (1, 1, 1) → 34, 33, 33 (NTA's usual reading for lump discounts).
    """
    total = sum(weights, ZERO)
    if not total:
        raise ValueError("nothing to spread over")
    step = _step(digits)
    exact = [amount * weight / total for weight in weights]
    parts = [round_to(part, digits, Rounding.DOWN) for part in exact]
    missing = int((amount - sum(parts, ZERO)) / step)
    order = sorted(range(len(parts)), key=lambda i: (-abs(exact[i] - parts[i]), i))
    for index in order[: abs(missing)]:
        parts[index] += step if missing > 0 else -step
    return parts
