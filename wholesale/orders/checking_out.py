"""The whole of a checkout: the orders it comes to, priced as one basket, and their sums."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from wholesale.company.taxing import TaxOfRate
from wholesale.customers.models import Customer
from wholesale.customers.queries import MoneyTerms
from wholesale.kernel.money import ZERO
from wholesale.kernel.types import canonical
from wholesale.offers.freight import Charge
from wholesale.orders.checkout import Review, ReviewLine, pieces_of, review
from wholesale.orders.splitting import Leg


@dataclass(frozen=True, slots=True)
class Whole:
    """All orders of one checkout as they would be placed now. Amounts net, tax an estimate.

    What the buyer orders in one act is one order for quantity breaks, the smallest amount and the
    buyer's own limit; freight and its free-from are those of each place and day.
    """

    legs: tuple[Leg, ...]
    reviews: tuple[Review, ...]

    @property
    def terms(self) -> MoneyTerms:
        """The customer's terms, the same for all."""
        return self.reviews[0].terms

    @property
    def lines(self) -> list[ReviewLine]:
        """The lines of all orders."""
        return [line for one in self.reviews for line in one.lines]

    @property
    def counted(self) -> list[ReviewLine]:
        """The lines that would be ordered."""
        return [line for line in self.lines if not line.problem]

    @property
    def charges(self) -> list[Charge]:
        """Carriage and fees of every place and day."""
        return [charge for one in self.reviews for charge in one.charges]

    @property
    def taxes(self) -> list[TaxOfRate]:
        """The estimated tax of all orders, by rate; each order rounds its own."""
        found: dict[tuple[object, object], TaxOfRate] = {}
        for tax in (tax for one in self.reviews for tax in one.taxes):
            key = (tax.tax_class, tax.rate)
            known = found.get(key)
            found[key] = (
                replace(known, base=known.base + tax.base, tax=known.tax + tax.tax)
                if known
                else tax
            )
        return list(found.values())

    @property
    def goods(self) -> Decimal:
        """Goods alone, net."""
        return sum((one.goods for one in self.reviews), ZERO)

    @property
    def freight(self) -> Decimal:
        """Carriage and its fees, net."""
        return sum((one.freight for one in self.reviews), ZERO)

    @property
    def net(self) -> Decimal:
        """Goods and freight, without tax."""
        return self.goods + self.freight

    @property
    def tax(self) -> Decimal:
        """The estimated tax of all orders."""
        return sum((one.tax for one in self.reviews), ZERO)

    @property
    def gross(self) -> Decimal:
        """Net plus estimated tax."""
        return self.net + self.tax

    @property
    def pieces(self) -> int:
        """All pieces that would be ordered."""
        return sum(one.pieces for one in self.reviews)

    @property
    def ships_on(self) -> date:
        """The day the first goods leave."""
        return min(one.ships_on for one in self.reviews)

    @property
    def arrives_on(self) -> date:
        """The day the first goods are there."""
        return min(one.arrives_on for one in self.reviews)

    @property
    def closing_on(self) -> date | None:
        """The first closing that follows."""
        return min((one.closing_on for one in self.reviews if one.closing_on), default=None)

    @property
    def due_on(self) -> date:
        """The first day of payment."""
        return min(one.due_on for one in self.reviews)

    @property
    def missing_to_minimum(self) -> Decimal:
        """What the goods lack of the smallest order the terms allow; 0 where nothing does."""
        least = self.terms.minimum_amount
        return max(least - self.goods, ZERO) if least is not None else ZERO

    @property
    def fingerprint(self) -> str:
        """Changes with every figure a buyer relies on, and with what goes where and when."""
        if len(self.reviews) == 1 and len({canonical(_when(line)) for line in self.lines}) <= 1:
            return self.reviews[0].fingerprint
        seen = [
            [_where(leg), one.fingerprint, [_when(line) for line in one.lines]]
            for leg, one in zip(self.legs, self.reviews, strict=True)
        ]
        return hashlib.sha256(canonical(seen).encode()).hexdigest()[:32]


def review_legs(customer: Customer, legs: Sequence[Leg], *, at: datetime) -> Whole:
    """Price and look at all orders of a checkout as one basket. Raises NoTerms.

    A fixed number of statements for each of its places, of which there are few.
    """
    basket = pieces_of(line for leg in legs for line in leg.lines)
    reviews = tuple(
        review(
            customer, leg.lines, ship_to=leg.place, wished_on=leg.wished_on, at=at, basket=basket
        )
        for leg in legs
    )
    return Whole(tuple(legs), reviews)


def _where(leg: Leg) -> list[str]:
    return ["", ""] if leg.place is None else [leg.place.name, *leg.place.lines()]


def _when(line: ReviewLine) -> list[object]:
    asked = line.requested
    return [asked.wished_on, asked.po_number, asked.together]
