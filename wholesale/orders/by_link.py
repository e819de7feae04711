"""Orders of people without an account, by an order link: looked at, and placed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from wholesale.customers.models import Customer, Terms
from wholesale.customers.queries import NoTerms, terms_on
from wholesale.customers.registering import CustomerDraft, save_customers
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.offers import links
from wholesale.offers.links import OrderedAlready
from wholesale.offers.models import LinkOrders, LinkVisit, OrderLink
from wholesale.orders.checkout import Requested, Review, review
from wholesale.orders.models import Order, OrderSource
from wholesale.orders.placing import OrderRequest, place_by_link

TAG = "order link"


class OnlyToLookAt(DomainError):
    """The link shows goods and takes no orders."""

    status = 403
    message = N_("This page is to look at only. Ask us, and we send you one to order from.")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends an order by a link, as typed. A customer's own link needs `contact` and `email` alone."""

    contact: str
    email: str
    name: str = ""
    kana: str = ""
    phone: str = ""
    country: str = "JP"
    postal_code: str = ""
    region: str = ""
    address: str = ""
    locale: str = "ja"

    @property
    def actor(self) -> Actor:
        """How the journal names somebody without an account."""
        return Actor.system(f"order link, {self.contact}")


def look(link: OrderLink, visit: LinkVisit | None, wished_on: date | None = None) -> Review:
    """What a visit would order right now, at the link's prices and terms."""
    now = clock.now()
    return review(
        link.customer, _requested(visit), ship_to=None, wished_on=wished_on, at=now,
        catalogs=links.catalogs_of(link, now),
    )  # fmt: skip


def order_by_link(
    link: OrderLink,
    visit: LinkVisit,
    sender: Sender,
    *,
    fingerprint: str,
    wished_on: date | None = None,
    po_number: str = "",
    note: str = "",
) -> Order:
    """Place what a visit holds, if everything is as the visitor saw it.

    A visitor's link makes a new customer with the link's terms, to be looked at by our people with
    its order. Raises OnlyToLookAt, OrderedAlready, TotalsChanged, EmptyOrder, BelowMinimum,
    OutOfStock; then nothing is placed.
    """
    if link.view_only:
        raise OnlyToLookAt
    if visit.order_number:
        raise OrderedAlready(number=visit.order_number)
    of_visitors = link.orders_as is LinkOrders.OF_VISITORS
    customer = _welcome(link, visit, sender) if of_visitors else link.customer
    request = OrderRequest(
        customer=customer,
        lines=_requested(visit),
        ship_to=None,
        source=OrderSource.LINK,
        wished_on=wished_on,
        po_number=po_number,
        note=note,
        email=sender.email,
        tells_sums=link.shows_prices,
        link_id=link.id,
        catalogs=links.catalogs_of(link, clock.now()),
    )
    order = place_by_link(request, link.customer, fingerprint=fingerprint, by=sender.actor)
    visit.order_number = order.number
    return order


def _requested(visit: LinkVisit | None) -> list[Requested]:
    return [Requested(sku, pieces) for sku, pieces in links.chosen(visit).items()]


def _welcome(link: OrderLink, visit: LinkVisit, sender: Sender) -> Customer:
    """The visitor as a customer of ours: as it names itself, at the terms of the link."""
    code = f"L{link.id}-{visit.id}"
    typed: Mapping[str, Any] = {
        name: value for name, value in asdict(sender).items() if name not in {"contact", "email"}
    }
    values = {
        **typed, "group_id": link.customer.group_id, "invoice_email": sender.email,
        "order_email": sender.email, "tags": [TAG],
    }  # fmt: skip
    save_customers(
        [CustomerDraft(code, values, _terms_of(link.customer))], sender.actor,
        first_day=clock.today(),
    )  # fmt: skip
    return session.scalars(select(Customer).where(Customer.code == code)).one()


def _terms_of(customer: Customer) -> dict[str, Any]:
    stated = terms_on(customer.id, clock.today())
    if stated is None:
        raise NoTerms(customer=customer.name)
    own = {"id", "customer_id", "valid_from"}
    return {
        column.key: getattr(stated, column.key)
        for column in Terms.__table__.columns
        if column.key not in own
    }
