"""The first page: what is ordered again and again, what comes next, what is to be paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.company.models import Notice
from wholesale.customers.models import Customer
from wholesale.customers.queries import NoTerms
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.offers.listing import Asked, catalogue_page
from wholesale.offers.offering import Offer, offers
from wholesale.orders import queries as listing
from wholesale.orders.models import Order
from wholesale.orders.queries import OrderFilter
from wholesale.portal import deliveries, lookups, words
from wholesale.portal.blueprints import portal
from wholesale.portal.deliveries import Arrival
from wholesale.portal.invoices import Owed, owed
from wholesale.web.answers import Answer, answer
from wholesale.web.chips import Chip
from wholesale.web.door import the_visitor
from wholesale.web.gate import signed_in

LOOKS_BACK = timedelta(days=183)
REGULARS, COMING, LATEST, NEW, NOTICES = 6, 4, 5, 4, 3
NOON, EVENING = 11, 17


@dataclass(frozen=True, slots=True)
class Regular:
    """Something that is ordered again and again."""

    offer: Offer
    usual: int
    last_on: date


@dataclass(frozen=True, slots=True)
class Coming:
    """An order that is under way."""

    order: Order
    chip: Chip
    arrival: Arrival


@portal.get("/")
@signed_in()
def home() -> Answer:
    """Regulars to order again, next deliveries, what is owed, what is new."""
    customer, someone = lookups.own_customer(), the_visitor()
    reads_orders = someone.may(Permission.ORDERS_READ)
    return answer(
        "portal/home/show.html",
        greeting=_time_of_day(),
        today=clock.today(),
        regulars=_regulars(customer) if reads_orders else [],
        coming=_coming() if reads_orders else [],
        latest=_latest() if reads_orders else [],
        owed=_owed(customer) if someone.may(Permission.INVOICES_READ) else None,
        new=catalogue_page(customer, Asked(sort="new"), at=clock.now(), size=NEW).offers,
        notices=list(
            session.scalars(
                select(Notice)
                .where(Notice.published_on <= clock.today())
                .order_by(Notice.published_on.desc(), Notice.id.desc())
                .limit(NOTICES)
            )
        ),
    )


def _time_of_day() -> str:
    hour = clock.local(clock.now()).hour
    return "morning" if hour < NOON else "day" if hour < EVENING else "evening"


def _owed(customer: Customer) -> Owed | None:
    try:
        return owed(customer)
    except NoTerms:
        return None


def _regulars(customer: Customer) -> list[Regular]:
    """What was ordered most often within half a year, if it can still be ordered."""
    found = listing.regulars(customer.id, clock.today() - LOOKS_BACK, limit=2 * REGULARS)
    shown = offers(customer, {sku: pieces for sku, pieces, _on in found}, at=clock.now())
    kept = [
        Regular(shown[sku], pieces, on)
        for sku, pieces, on in found
        if sku in shown and shown[sku].price is not None
    ]
    return kept[:REGULARS]


def _coming() -> list[Coming]:
    """The open orders whose goods arrive next."""
    found = listing.newest(OrderFilter(view="open"), 20)
    ships = deliveries.shipments_of(found)
    rows = [
        Coming(one, words.order_chip(one, ships[one.id]), deliveries.arrival(one, ships[one.id]))
        for one in found
    ]
    rows.sort(key=lambda row: (row.arrival.on or date.max, row.order.id))
    return rows[:COMING]


def _latest() -> list[Order]:
    """The newest orders, whatever became of them."""
    return listing.newest(OrderFilter(), LATEST)
