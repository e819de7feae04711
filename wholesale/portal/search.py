"""Finding anything of one's own: items at one's own price, orders, invoices, screens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select

from wholesale.accounts.permissions import Permission
from wholesale.billing.models import Invoice, InvoiceState
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.offers.listing import Asked, catalogue_page
from wholesale.orders.models import Order
from wholesale.portal import lookups, words
from wholesale.portal.blueprints import portal
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.filters import day, name
from wholesale.web.gate import signed_in
from wholesale.web.navigation import portal_places

MOST = 8
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found. `picture` is a path as offers name it, `amount` what it costs."""

    word: str
    meta: str
    url: str
    picture: str = ""
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind; `more` leads to all of them."""

    word: str
    icon: str
    hits: list[Hit]
    more: str = ""


@portal.get("/search")
@signed_in()
def search() -> Answer:
    """The full page, or the results in the palette."""
    text = " ".join(request.args.get("q", "").split())[:LONGEST]
    return answer(
        "portal/search/index.html",
        "portal/search/_results.html",
        text=text,
        found=[group for group in _groups(text) if group.hits],
    )


def _groups(text: str) -> Iterator[Group]:
    someone = the_visitor()
    if text and someone.may(Permission.CATALOG_READ):
        yield Group(
            _("Items"), "package", _items(text), url_for("portal.catalogue", q=text, view="list")
        )
    if someone.may(Permission.ORDERS_READ):
        yield Group(_("Your orders"), "package", _orders(text))
    if text and someone.may(Permission.INVOICES_READ):
        yield Group(_("Your invoices"), "receipt-text", _invoices(text))
    yield Group(_("Screens"), "layout-grid", list(_screens(text)))


def _items(text: str) -> list[Hit]:
    page = catalogue_page(lookups.own_customer(), Asked(query=text), at=clock.now(), size=MOST)
    return [
        Hit(
            name(words.card_name(offer.facts)),
            offer.facts.code,
            url_for("portal.product", code=offer.facts.code),
            offer.picture or "img/no-picture.svg",
            offer.price.unit_price if offer.price else None,
            offer.price.currency if offer.price else "",
        )
        for offer in page.offers
    ]


def _orders(text: str) -> list[Hit]:
    """Orders by either number; the newest ones for an empty text."""
    like = f"{text.upper()}%"
    found = select(Order).where(Order.customer_id.in_(lookups.own_ids()))
    if text:
        found = found.where(or_(Order.number.like(like), Order.po_number.like(like)))
    rows = session.scalars(found.order_by(Order.id.desc()).limit(MOST if text else 5))
    return [
        Hit(
            one.number,
            " ・ ".join(part for part in (day(one.placed_at), one.po_number) if part),
            url_for("portal.order", number=one.number),
            amount=one.amount_net,
            currency=one.currency,
        )
        for one in rows
    ]


def _invoices(text: str) -> list[Hit]:
    rows = session.scalars(
        select(Invoice)
        .where(
            Invoice.customer_id.in_(lookups.own_ids()),
            Invoice.state != InvoiceState.DRAFT,
            Invoice.number.like(f"{text.upper()}%"),
        )
        .order_by(Invoice.id.desc())
        .limit(MOST)
    )
    return [
        Hit(
            one.number,
            day(one.issued_on),
            url_for("portal.invoice", number=one.number),
            amount=one.total,
            currency=one.currency,
        )
        for one in rows
    ]


def _screens(text: str) -> Iterator[Hit]:
    places = [(place.word, place.url) for place in portal_places()]
    places.append((_("Account"), url_for("portal.account")))
    for word, url in places:
        if text.lower() in word.lower():
            yield Hit(word, "", url)
