"""What a customer orders again and again: how much, when last, and what runs out next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.offers.offering import Offer, offers
from wholesale.orders import queries as listing
from wholesale.orders.models import Order, OrderLine, OrderState
from wholesale.portal.baskets import Basket, basket_of

LOOKS_BACK = timedelta(days=183)
MONTHS = 6
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Regular:
    """Something that is ordered again and again. Pieces: `last` is the last quantity,
    `usual` the same in whole packs, `monthly` the average.
    """

    offer: Offer
    usual: int
    last: int
    last_on: date
    monthly: int
    runs_out: date


@dataclass(frozen=True, slots=True)
class _Habit:
    """All orders of one SKU within the half year."""

    pieces: int
    last: int
    last_on: date

    @property
    def runs_out(self) -> date:
        """When the last quantity is used up at the usual pace."""
        return self.last_on + timedelta(days=round(self.last * LOOKS_BACK.days / self.pieces))


def regulars(customer: Customer) -> list[Regular]:
    """What was ordered most often within half a year and still has a price, soonest gone first."""
    since = clock.today() - LOOKS_BACK
    found = listing.regulars(customer.id, since, limit=2 * SHOWN)
    often = {sku: place for place, (sku, _most, _on) in enumerate(found)}
    shown = offers(customer, dict.fromkeys(often, 0), at=clock.now())
    habits = _habits(customer.id, list(often), since)
    kept = [
        Regular(
            shown[sku], shown[sku].limits.rounded(habit.last), habit.last, habit.last_on,
            -(-habit.pieces // MONTHS), habit.runs_out,
        )
        for sku, habit in habits.items()
        if sku in shown and shown[sku].price is not None
    ]  # fmt: skip
    most = sorted(kept, key=lambda one: often[one.offer.facts.id])[:SHOWN]
    return sorted(most, key=lambda one: (one.runs_out, one.offer.facts.code))


def _habits(customer_id: int, skus: list[int], since: date) -> dict[int, _Habit]:
    start = datetime.combine(since, time.min, clock.now().tzinfo)
    found: dict[int, _Habit] = {}
    for sku, pieces, at in session.execute(
        select(OrderLine.sku_id, OrderLine.quantity, Order.placed_at)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.customer_id == customer_id,
            Order.placed_at >= start,
            OrderLine.sku_id.in_(skus),
            Order.state.not_in([OrderState.CANCELLED, OrderState.REJECTED]),
        )
        .order_by(Order.placed_at, OrderLine.id)
    ):
        if sku is None:
            continue
        before = found[sku].pieces if sku in found else 0
        found[sku] = _Habit(before + pieces, pieces, clock.local(at).date())
    return found


def sums(customer: Customer, rows: list[Regular]) -> Basket:
    """What all of them come to in their usual quantities, where they can be ordered."""
    return basket_of(
        customer, {one.offer.facts.id: one.usual for one in rows if one.offer.orderable}
    )
