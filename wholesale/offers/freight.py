"""What carriage costs an order: a fee, free from a net sum on."""

from __future__ import annotations

from decimal import Decimal

from wholesale.customers.queries import MoneyTerms
from wholesale.kernel.money import ZERO


def freight(terms: MoneyTerms, net: Decimal) -> Decimal:
    """The freight fee (net) of an order whose goods cost `net` after line discounts."""
    if not net or (terms.freight_free_from is not None and net >= terms.freight_free_from):
        return ZERO
    return terms.freight_fee


def missing_to_free(terms: MoneyTerms, net: Decimal) -> Decimal:
    """How much more must be ordered for free carriage; 0 where it is free or never is."""
    if terms.freight_free_from is None or not terms.freight_fee:
        return ZERO
    return max(ZERO, terms.freight_free_from - net)
