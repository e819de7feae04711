"""How much the bench's company has: the full set, and smaller ones in the same proportions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

SEED = 20261120
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # Friday 10:00 in Tokyo
TODAY = date(2026, 11, 20)
DAYS = 730
FIRST_DAY = TODAY - timedelta(days=DAYS)
WAREHOUSES = 3
SMALL = 100  # the divisor of `--small`
VERSION = 4  # goes up whenever the same seed would build other rows


@dataclass(frozen=True, slots=True)
class Size:
    """Counts of one data set; `share` is the divisor of the full set."""

    share: int = 1

    def _of(self, full: int, least: int) -> int:
        return max(full // self.share, least)

    @property
    def products(self) -> int:
        """Models; each has five SKUs."""
        return self._of(20_000, 20)

    @property
    def skus(self) -> int:
        """Sellable variants."""
        return self.products * 5

    @property
    def customers(self) -> int:
        """Customer companies; every tenth is billed through another."""
        return self._of(5_000, 20)

    @property
    def groups(self) -> int:
        """Price groups."""
        return self._of(50, 3)

    @property
    def price_lists(self) -> int:
        """Price lists; with the groups 200 owners of rules."""
        return self._of(150, 3)

    @property
    def rules_per_owner(self) -> int:
        """Rules of each price list and group."""
        return 3_000 if self.share == 1 else self._of(60_000, 40)

    @property
    def rules_per_customer(self) -> int:
        """A customer's own rules."""
        return 40 if self.share == 1 else 10

    @property
    def orders(self) -> int:
        """Orders of two years, ten lines each on average."""
        return self._of(200_000, 100)

    @property
    def opening_invoices(self) -> int:
        """Open invoices brought in from another system."""
        return self._of(80_000, 40)

    @property
    def bank_receipts(self) -> int:
        """Lines of the bank file that is brought in and matched."""
        return max(90_000 // max(self.share, SMALL), 12)
