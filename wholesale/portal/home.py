"""The first page: what is ordered again and again, what comes next, what is to be paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.company.models import Notice
from wholesale.customers.models import Customer
from wholesale.customers.queries import NoTerms
from wholesale.kernel import clock
from wholesale.kernel.db import Names, session
from wholesale.offers.listing import Asked, catalogue_page
from wholesale.orders import queries as listing
from wholesale.orders.models import LineKind, Order, OrderLine
from wholesale.orders.queries import OrderFilter
from wholesale.portal import approvals, deliveries, lookups, price_notices, words
from wholesale.portal.blueprints import portal
from wholesale.portal.deliveries import Arrival
from wholesale.portal.invoices import Owed, owed
from wholesale.portal.regulars import regulars, sums
from wholesale.web.answers import Answer, answer
from wholesale.web.chips import Chip
from wholesale.web.door import the_visitor
from wholesale.web.gate import signed_in

COMING, LATEST, NEW, NOTICES = 4, 5, 4, 3
TITLED = 2
NOON, EVENING = 11, 17


@dataclass(frozen=True, slots=True)
class Coming:
    """An order that is under way."""

    order: Order
    chip: Chip
    arrival: Arrival
    items: list[Names]
    lines: int
    pieces: int


@portal.get("/")
@signed_in()
def home() -> Answer:
    """Regulars to order again, next deliveries, what is owed, what is new."""
    customer, someone = lookups.own_customer(), the_visitor()
    rows = regulars(customer) if someone.may(Permission.ORDERS_READ) else []
    reads_orders = someone.may(Permission.ORDERS_READ)
    return answer(
        "portal/home/show.html",
        greeting=_time_of_day(),
        today=clock.today(),
        regulars=rows,
        sums=sums(customer, rows) if rows else None,
        asked=approvals.asked() if someone.may(Permission.ORDERS_PLACE) else None,
        coming=_coming() if reads_orders else [],
        latest=_latest() if reads_orders else [],
        owed=_owed(customer) if someone.may(Permission.INVOICES_READ) else None,
        new=catalogue_page(customer, Asked(sort="new"), at=clock.now(), size=NEW).offers,
        price_notices=price_notices.newest(),
        notices=list(
            session.scalars(
                select(Notice)
                .where(Notice.published_on <= clock.today())
                .order_by(Notice.published_on.desc(), Notice.id.desc())
                .limit(NOTICES)
            )
        ),
    )


@portal.get("/news/<int:notice_id>")
@signed_in()
def notice(notice_id: int) -> Answer:
    """One notice of the front page."""
    return answer("portal/home/notice.html", notice=lookups.published_notice(notice_id))


def _time_of_day() -> str:
    hour = clock.local(clock.now()).hour
    return "morning" if hour < NOON else "day" if hour < EVENING else "evening"


def _owed(customer: Customer) -> Owed | None:
    try:
        return owed(customer)
    except NoTerms:
        return None


def _coming() -> list[Coming]:
    """The open orders whose goods arrive next."""
    found = listing.newest(OrderFilter(view="open"), 20)
    ships = deliveries.shipments_of(found)
    arrivals = {one.id: deliveries.arrival(one, ships[one.id]) for one in found}
    found.sort(key=lambda one: (arrivals[one.id].on or date.max, one.id))
    goods = _goods(found[:COMING])
    return [
        Coming(
            one, words.order_chip(one, ships[one.id]), arrivals[one.id],
            [line.description for line in goods[one.id][:TITLED]], len(goods[one.id]),
            sum(line.quantity for line in goods[one.id]),
        )
        for one in found[:COMING]
    ]  # fmt: skip


def _goods(found: list[Order]) -> dict[int, list[OrderLine]]:
    """The goods of each order, in its own order. One statement."""
    goods: dict[int, list[OrderLine]] = {one.id: [] for one in found}
    for line in session.scalars(
        select(OrderLine)
        .where(OrderLine.order_id.in_(goods), OrderLine.kind == LineKind.GOODS)
        .order_by(OrderLine.order_id, OrderLine.id)
    ):
        goods[line.order_id].append(line)
    return goods


def _latest() -> list[Order]:
    """The newest orders, whatever became of them."""
    return listing.newest(OrderFilter(), LATEST)
