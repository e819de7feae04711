"""Consumption tax: the rate of a day, and one rounding per rate and document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from wholesale.company.models import TaxClass, TaxRate
from wholesale.kernel.db import session
from wholesale.kernel.money import ZERO, Rounding, plain, round_to


@dataclass(frozen=True, slots=True)
class TaxOfRate:
    """The tax of one class and rate on one document. `base` and `tax` in the document's currency."""

    tax_class: TaxClass
    rate: Decimal
    base: Decimal
    tax: Decimal


def rate_of(tax_class: TaxClass, on: date) -> Decimal:
    """The rate of a class on the day of supply (0.1 = 10 %). Raises LookupError before its first."""
    rates: list[tuple[TaxClass, date, Decimal]] | None = session.info.get("tax_rates")
    if rates is None:
        rows = session.execute(
            select(TaxRate.tax_class, TaxRate.valid_from, TaxRate.rate).order_by(
                TaxRate.valid_from.desc()
            )
        )
        rates = session.info["tax_rates"] = [tuple(row) for row in rows]  # type: ignore[misc]
    for known, since, rate in rates or ():
        if known is tax_class and since <= on:
            return rate
    raise LookupError(f"no rate of {tax_class} on {on}")


def forget_rates() -> None:
    """The table has changed in this unit of work: read it again."""
    session.info.pop("tax_rates", None)


def tax_of(base: Decimal, rate: Decimal, digits: int, mode: Rounding) -> Decimal:
    """The tax on a base without tax: one rounding of its absolute value, then signed.

    消令70の10: rounding once per rate per qualified invoice. −315 at 10 % down is −31.
    """
    return plain(round_to(base * rate, digits, mode))


def tax_by_rate(
    lines: Iterable[tuple[TaxClass, Decimal, Decimal]], digits: int, mode: Rounding
) -> list[TaxOfRate]:
    """Tax per rate of (class, rate, net amount) lines, the highest rate first.

    R2 of the trade's vectors: bases 2,998 at 10 % and 2,163 at 8 % → 299 and 173 (down), never the
    sum of line taxes (298, 172).
    """
    bases: dict[tuple[TaxClass, Decimal], Decimal] = {}
    for tax_class, rate, amount in lines:
        bases[tax_class, rate] = bases.get((tax_class, rate), ZERO) + amount
    return [
        TaxOfRate(tax_class, rate, plain(base), tax_of(base, rate, digits, mode))
        for (tax_class, rate), base in sorted(
            bases.items(), key=lambda item: (-item[0][1], item[0][0].value)
        )
    ]


def tax_within(gross: Decimal, rate: Decimal, digits: int, mode: Rounding) -> Decimal:
    """The tax contained in an amount with tax: 11,000 at 10 % → 1,000."""
    return plain(round_to(gross * rate / (1 + rate), digits, mode))
