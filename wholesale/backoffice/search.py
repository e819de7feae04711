"""Finding anything: by number, customer, telephone, item or screen, within what the role may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.customers.customer_figures import FEWEST_DIGITS
from wholesale.billing.models import Invoice, InvoiceState
from wholesale.catalog import searching
from wholesale.catalog.models import Sku
from wholesale.customers.models import Customer
from wholesale.customers.queries import known_as, lives
from wholesale.kernel.db import session
from wholesale.kernel.text import localized
from wholesale.orders.models import Order
from wholesale.shipping.models import Shipment
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.filters import language
from wholesale.web.gate import signed_in
from wholesale.web.navigation import OFFICE
from wholesale.web.rendering import has

MOST = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found."""

    word: str
    meta: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind."""

    word: str
    icon: str
    hits: list[Hit]


@office.get("/search")
@signed_in()
def search() -> Answer:
    """The full page, or the results in the palette."""
    text = " ".join(request.args.get("q", "").split())
    return answer(
        "backoffice/search/index.html",
        "backoffice/search/_results.html",
        text=text,
        found=[group for group in _groups(text) if group.hits],
    )


def _groups(text: str) -> Iterator[Group]:
    for permission, endpoint, word, icon, look in _KINDS:
        if text and the_visitor().may(permission) and has(endpoint):
            yield Group(word(), icon, look(text))
    yield Group(gettext("Screens"), "layout-grid", list(_screens(text)))


def _orders(text: str) -> list[Hit]:
    like = f"{text.upper()}%"
    rows = session.scalars(
        select(Order)
        .where(or_(Order.number.like(like), Order.po_number.like(like)))
        .options(joinedload(Order.customer))
        .order_by(Order.id.desc())
        .limit(MOST)
    )
    return [
        Hit(
            one.number,
            one.customer.display_name(language()),
            url_for("office.order", number=one.number),
        )
        for one in rows
    ]


def _customers(text: str) -> list[Hit]:
    digits = "".join(sign for sign in text if sign.isdigit())
    ways = [
        known_as(text),
        Customer.name.contains(text, autoescape=True),
        Customer.kana.contains(text, autoescape=True),
        Customer.name_en.ilike(f"{text}%"),
    ]
    if len(digits) >= FEWEST_DIGITS:
        ways.append(func.replace(Customer.phone, "-", "").like(f"%{digits}%"))
    rows = session.scalars(
        select(Customer).where(lives, or_(*ways)).order_by(Customer.code).limit(MOST)
    )
    return [
        Hit(
            one.display_name(language()),
            " · ".join(part for part in (one.code, one.phone) if part),
            url_for("office.customer", code=one.code),
        )
        for one in rows
    ]


def _items(text: str) -> list[Hit]:
    ways = [Sku.code.like(f"{text.upper()}%")]
    named = searching.matches(text)
    if named is not None:
        ways.append(Sku.id.in_(named))
    rows = session.scalars(
        select(Sku)
        .where(or_(*ways))
        .options(joinedload(Sku.product))
        .order_by(Sku.code)
        .limit(MOST)
    )
    return [
        Hit(localized(one.product.name, language()), one.code, url_for("office.sku", code=one.code))
        for one in rows
    ]


def _invoices(text: str) -> list[Hit]:
    rows = session.scalars(
        select(Invoice)
        .where(Invoice.number.like(f"{text.upper()}%"), Invoice.state != InvoiceState.DRAFT)
        .options(joinedload(Invoice.customer))
        .order_by(Invoice.id.desc())
        .limit(MOST)
    )
    return [
        Hit(
            one.number,
            one.customer.display_name(language()),
            url_for("office.invoice", number=one.number),
        )
        for one in rows
    ]


def _shipments(text: str) -> list[Hit]:
    like = f"{text.upper()}%"
    rows = session.scalars(
        select(Shipment)
        .where(
            or_(
                Shipment.number.like(like),
                Shipment.delivery_note_number.like(like),
                Shipment.tracking_number.like(like),
            )
        )
        .options(joinedload(Shipment.customer))
        .order_by(Shipment.id.desc())
        .limit(MOST)
    )
    return [
        Hit(
            one.number,
            one.customer.display_name(language()),
            url_for("office.shipment", number=one.number),
        )
        for one in rows
    ]


def _screens(text: str) -> Iterator[Hit]:
    for group, items in OFFICE:
        for item in items:
            word = gettext(item.word)
            allowed = not item.permission or the_visitor().may(item.permission)
            if allowed and has(item.endpoint) and text.lower() in word.lower():
                yield Hit(word, gettext(group) if group else "", url_for(item.endpoint))


_KINDS: tuple[tuple[Permission, str, Callable[[], str], str, Callable[[str], list[Hit]]], ...] = (
    (Permission.ORDERS_READ, "office.order", lambda: gettext("Orders"), "receipt-text", _orders),
    (
        Permission.CUSTOMERS_READ,
        "office.customer",
        lambda: gettext("Customers"),
        "users",
        _customers,
    ),
    (Permission.STOCK_READ, "office.sku", lambda: gettext("Products"), "boxes", _items),
    (
        Permission.INVOICES_READ,
        "office.invoice",
        lambda: gettext("Invoices"),
        "file-text",
        _invoices,
    ),
    (
        Permission.SHIPMENTS_READ,
        "office.shipment",
        lambda: gettext("Shipments"),
        "truck",
        _shipments,
    ),
)
