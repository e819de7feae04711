"""Which day of an order line decides its price: when it is placed, shipped or wished for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from wholesale.pricing.models import Basis


class PriceDates(NamedTuple):
    """The other dates of a line that a revision may go by; None: not known, or nothing wished."""

    ships_on: date | None = None
    wished_on: date | None = None


Dates = Callable[[], Mapping[int, PriceDates]]
_UNKNOWN = PriceDates()


class Days:
    """The days of one order: when it is placed, and when each SKU is shipped and wished for."""

    def __init__(self, on: date, dates: Dates | None = None) -> None:
        self.on = on
        self._dates = dates
        self._known: Mapping[int, PriceDates] | None = None

    def of(self, basis: Basis, sku_id: int) -> date:
        """The price date of a SKU: nothing wished is the ship date, nothing known the order date."""
        if basis is Basis.ORDER:
            return self.on
        if self._known is None:
            self._known = self._dates() if self._dates is not None else {}
        ships_on, wished_on = self._known.get(sku_id, _UNKNOWN)
        if basis is Basis.WISHED and wished_on is not None:
            return wished_on
        return self.on if ships_on is None else ships_on
