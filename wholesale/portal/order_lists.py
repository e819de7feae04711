"""Which of the customer's orders are looked at, and these as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask import Response, request
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from wholesale.accounts.permissions import Permission
from wholesale.catalog.queries import SkuFacts, sku_facts
from wholesale.customers.models import Address, AddressKind
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.tables import Cell
from wholesale.orders import queries as listing
from wholesale.orders.models import Order
from wholesale.orders.queries import OrderFilter
from wholesale.portal import deliveries, lookups, words
from wholesale.portal.blueprints import portal
from wholesale.portal.spreadsheets import table_file
from wholesale.web import filters
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs

VIEWS = ("", "open", "short", "done")
MOST_EXPORTED = 2000


@dataclass(frozen=True, slots=True)
class Shown:
    """What the list is narrowed to: tab, number, days on which was ordered, place by its code."""

    view: str = ""
    text: str = ""
    first: date | None = None
    last: date | None = None
    place: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The filter as an address says it."""
        days = {"from": self.first, "to": self.last}
        told = {"view": self.view, "q": self.text, "place": self.place}
        told.update((name, day.isoformat()) for name, day in days.items() if day)
        return {name: text for name, text in told.items() if text}


def asked_for(args: Mapping[str, str]) -> Shown:
    """The filter of an address; what can't be read narrows nothing."""
    view = args.get("view", "")
    return Shown(
        view if view in VIEWS else "",
        args.get("q", "").strip()[:60],
        day_of(args.get("from", "")),
        day_of(args.get("to", "")),
        args.get("place", "")[:30],
    )


def day_of(text: str) -> date | None:
    """A day as a field of days sends it; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def matching(shown: Shown) -> Select[Order]:
    """The orders of the filter, without an order of their own yet."""
    found = listing.orders_matching(OrderFilter(view=shown.view, text=shown.text))
    if shown.first is not None:
        found = found.where(Order.placed_at >= _start(shown.first))
    if shown.last is not None and shown.last < date.max:
        found = found.where(Order.placed_at < _start(shown.last + timedelta(days=1)))
    if shown.place:
        found = found.where(
            Order.ship_to_id.in_(select(Address.id).where(Address.code == shown.place))
        )
    return found


def places() -> list[Address]:
    """All places goods of the customer ever went to, those in use first."""
    return list(
        session.scalars(
            select(Address)
            .where(
                Address.customer_id == the_visitor().customer_id,
                Address.kind == AddressKind.SHIP_TO,
            )
            .order_by(Address.is_active.desc(), Address.is_default.desc(), Address.code)
        )
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), clock.zone()).astimezone(UTC)


@portal.get("/orders/export")
@needs(Permission.ORDERS_READ)
def export_orders() -> Response:
    """The lines of the shown orders, newest first, as CSV or (as=xlsx) Excel."""
    found = matching(asked_for(request.args)).where(Order.customer_id.in_(lookups.own_ids()))
    orders = session.scalars(
        found.options(selectinload(Order.lines))
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(MOST_EXPORTED)
    ).all()
    facts = sku_facts(line.sku_id for one in orders for line in one.lines if line.sku_id)
    kind = "xlsx" if request.args.get("as") == "xlsx" else "csv"
    with_prices = the_visitor().sees_prices
    heads = [
        _("Order"), _("Your number"), _("Ordered on"), _("State"), _("Ship to"), _("Code"), "JAN",
        _("Item"), _("Quantity"), _("Shipped"),
    ]  # fmt: skip
    heads += [_("Your price"), _("Amount, net"), _("Currency")] if with_prices else []
    ships = deliveries.shipments_of(orders)
    rows = (
        row
        for one in orders
        for row in _rows(
            one, words.order_chip(one, ships[one.id]).word, facts, with_prices=with_prices
        )
    )
    return table_file(kind, f"orders-{clock.today().isoformat()}", heads, rows)


def _rows(
    order: Order, state: str, facts: Mapping[int, SkuFacts], *, with_prices: bool
) -> Iterator[list[Cell]]:
    for line in order.lines:
        if line.sku_id is None and not with_prices:
            continue  # a fee is nothing but its price
        fact = facts.get(line.sku_id) if line.sku_id else None
        row: list[Cell] = [
            order.number, order.po_number, clock.local(order.placed_at).date(), state,
            str(order.ship_to.get("name", "")), line.code,
            (fact.jan or "") if fact else "", filters.name(line.description),
            line.quantity, line.shipped,
        ]  # fmt: skip
        yield [*row, line.unit_price, line.amount, order.currency] if with_prices else row
