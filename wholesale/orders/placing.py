"""Placing: the moment an order is frozen and takes its goods."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm.attributes import set_committed_value

from wholesale.catalog.visibility import OpenCatalog
from wholesale.company.queries import company
from wholesale.customers import credit_limits
from wholesale.customers.models import Address, Customer, PaymentGate
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.numbering import next_number
from wholesale.kernel.text import N_
from wholesale.mail import outbox
from wholesale.offers.freight import Charge
from wholesale.offers.models import ChargeKind
from wholesale.orders import goods, prepaying
from wholesale.orders.checking_out import Whole, review_legs
from wholesale.orders.checkout import Requested, Review, ReviewLine, review
from wholesale.orders.models import (
    Cart,
    CartState,
    Hold,
    HoldReason,
    LineKind,
    Order,
    OrderLine,
    OrderSource,
    OrderState,
)
from wholesale.orders.splitting import Leg, Part, Place, legs_of


class EmptyOrder(DomainError):
    """Nothing that can be ordered."""

    message = N_("There is nothing to order. Put items into the cart first.")


class LinesRefused(DomainError):
    """Some lines of a request can't be ordered; nothing was placed. `lines` are those lines."""

    message = N_("These items can't be ordered like this: %(codes)s. Change or remove them.")

    def __init__(self, lines: Sequence[ReviewLine]) -> None:
        super().__init__(codes=", ".join(line.offer.facts.code for line in lines))
        self.lines = tuple(lines)


class AfterLastDay(LinesRefused):
    """Goods that could be ordered until a day or a deadline that has passed; nothing was placed."""

    message = N_(
        "The last day to order %(codes)s has passed. Whoever may force orders can place them, with a reason."
    )


class TotalsChanged(Conflict):
    """Prices, freight or availability differ from what the buyer saw; nothing was placed."""

    message = N_("Prices or availability have changed since you looked. Check the figures again.")

    def __init__(self, now: Review | Whole) -> None:
        super().__init__()
        self.now = now


class AlreadyPlaced(Conflict):
    """The cart has been ordered in the meantime."""

    message = N_("This cart has already been ordered.")


class BelowMinimum(DomainError):
    """The order is smaller than the customer's terms allow."""

    message = N_("Orders begin at %(minimum)s (net). %(missing)s more are needed.")


class SpendingLimitExceeded(DomainError):
    """A buyer may not order this much alone."""

    message = N_("This is above your limit of %(limit)s. Ask a colleague who may approve it.")


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """An order as it is asked for, whoever asks. `on_behalf_of` names the buyer staff acted for.

    `approved_by` names the buyer's colleague who agreed to it first. With `tells_sums` the letter to `email` says what it costs.
    `forced_because` is the reason for which goods are ordered after their last day; "" for no force.
    `link_id` is the order link it came by, `catalogs` what that opens.
    """

    customer: Customer
    lines: Sequence[Requested]
    ship_to: Place
    source: OrderSource
    wished_on: date | None = None
    po_number: str = ""
    note: str = ""
    on_behalf_of: str | None = None
    approved_by: str | None = None
    email: str = ""
    tells_sums: bool = True
    forced_because: str = ""
    link_id: int | None = None
    catalogs: tuple[OpenCatalog, ...] | None = None


def place_order(  # noqa: PLR0913 - what the checkout form says
    cart: Cart,
    customer: Customer,
    *,
    ship_to: Address | None,
    fingerprint: str,
    by: Actor,
    wished_on: date | None = None,
    po_number: str = "",
    note: str = "",
    email: str = "",
    spending_limit: Decimal | None = None,
    tells_sums: bool = True,
    approved_by: str | None = None,
) -> Order:
    """Turn a cart into one order to one place, if everything is as the buyer saw it.

    As `place_orders`, for a cart that is not divided.
    """
    whole = Part(ship_to.id if ship_to else None, None, wished_on, po_number, note)
    (order,) = place_orders(
        cart, customer, legs_of(cart, customer, whole), fingerprint=fingerprint, by=by, email=email,
        spending_limit=spending_limit, tells_sums=tells_sums, approved_by=approved_by,
    )  # fmt: skip
    return order


def place_orders(  # noqa: PLR0913 - what the checkout form says
    cart: Cart,
    customer: Customer,
    legs: Sequence[Leg],
    *,
    fingerprint: str,
    by: Actor,
    email: str = "",
    spending_limit: Decimal | None = None,
    tells_sums: bool = True,
    approved_by: str | None = None,
) -> list[Order]:
    """Turn a cart into an order for each place it goes to, all of them or none.

    `by` is the buyer; `approved_by` the colleague who agreed to it. Raises TotalsChanged, EmptyOrder,
    BelowMinimum, SpendingLimitExceeded, AlreadyPlaced, OutOfStock; then nothing is placed and the
    cart stays as it is.
    """
    _close(cart)
    now = review_legs(customer, legs, at=clock.now())
    check_as_seen(now, fingerprint)
    if spending_limit is not None and now.net > spending_limit:
        raise SpendingLimitExceeded(limit=f"{spending_limit:,f}")
    placed = []
    for leg, seen in zip(now.legs, now.reviews, strict=True):
        request = OrderRequest(
            customer=customer, lines=leg.lines, ship_to=leg.place, source=OrderSource.PORTAL,
            wished_on=leg.wished_on, po_number=leg.po_number, note=leg.note, email=email,
            tells_sums=tells_sums, approved_by=approved_by,
        )  # fmt: skip
        if seen.counted:
            placed.append(_place(request, seen, by))
    return placed


def place_by_link(
    request: OrderRequest, seen_as: Customer, *, fingerprint: str, by: Actor
) -> Order:
    """Place an order of somebody without an account, at the prices and terms of `seen_as`.

    Raises TotalsChanged, EmptyOrder, BelowMinimum, OutOfStock; then nothing is placed.
    """
    now = _review(replace(request, customer=seen_as), portal=True)
    check_as_seen(now, fingerprint)
    return _place(request, now, by)


def check_as_seen(now: Review | Whole, fingerprint: str) -> None:
    """Whether a cart can be ordered as its buyer saw it.

    Raises EmptyOrder, TotalsChanged, BelowMinimum.
    """
    if not now.counted:
        raise EmptyOrder
    if now.fingerprint != fingerprint:
        raise TotalsChanged(now)
    minimum = now.terms.minimum_amount
    if minimum is not None and now.goods < minimum:
        raise BelowMinimum(minimum=f"{minimum:,f}", missing=f"{minimum - now.goods:,f}")


def place_request(request: OrderRequest, by: Actor) -> Order:
    """Place an order that staff entered or a file brought; one that was forced says so and why.

    Raises EmptyOrder, LinesRefused, AfterLastDay, OutOfStock.
    """
    now = _review(request, portal=False)
    if late := [line for line in now.lines if line.problem == "after_last_day"]:
        raise AfterLastDay(late)
    if refused := [line for line in now.lines if line.problem]:
        raise LinesRefused(refused)
    if not now.counted:
        raise EmptyOrder
    order = _place(request, now, by)
    if forced := sorted({line.offer.facts.code for line in now.lines if line.is_late}):
        journal.record(order, "order:forced", by, reason=request.forced_because, lines=forced)
    return order


def _review(request: OrderRequest, *, portal: bool) -> Review:
    return review(
        request.customer,
        request.lines,
        ship_to=request.ship_to,
        wished_on=request.wished_on,
        at=clock.now(),
        portal=portal,
        forced=bool(request.forced_because),
        catalogs=request.catalogs,
    )


def _close(cart: Cart) -> None:
    """Of two who send the same cart, one finds it open."""
    now = clock.now()
    version = session.scalar(_CLOSE, {"cart": cart.id, "now": now})
    if version is None:
        raise AlreadyPlaced
    for name, value in (("state", CartState.PLACED), ("version", version), ("changed_at", now)):
        set_committed_value(cart, name, value)


_carts = cast("Table", Cart.__table__)
_CLOSE = (
    update(_carts)
    .where(_carts.c.id == bindparam("cart"), _carts.c.state == CartState.OPEN)
    .values(
        state=CartState.PLACED, version=_carts.c.version + 1,
        changed_at=bindparam("now", type_=_carts.c.changed_at.type),
    )
    .returning(_carts.c.version)
)  # fmt: skip


def _place(request: OrderRequest, now: Review, by: Actor) -> Order:
    far = clock.today() + timedelta(days=company().credit_horizon_days)
    later = now.ships_on > far
    customer = request.customer
    fits = credit_limits.add_ordered(
        customer, now.terms.currency, now.gross, later=later, force=now.terms.prepaid_share >= 1
    )
    order = _order(request, now, by)
    order.credit_counted = now.gross if fits else Decimal(0)
    order.credit_is_later = fits and later
    session.add(order)
    session.flush()  # lines and demand carry its id
    ids = _write_lines(order, now)
    if fits:
        goods.take(order, ids, by)
    else:
        order.on_hold = True
        session.add(Hold(order_id=order.id, reason=HoldReason.CREDIT, since=clock.now()))
    prepaying.ask(order, PaymentGate.CONFIRM, by)
    order.number = next_number("SO", clock.today())
    journal.record(
        order, "order:placed", by,
        number=order.number, net=order.amount_net, lines=len(ids), on_hold=order.on_hold,
    )  # fmt: skip
    _tell(order, request, by)
    session.flush()  # callers read the order by queries
    session.expire(order, ["lines"])
    return order


def _order(request: OrderRequest, now: Review, by: Actor) -> Order:
    customer = request.customer
    terms = {key: value for key, value in asdict(now.terms).items() if value is not None}
    return Order(
        number=f"~{uuid.uuid4().hex[:20]}",  # the real one is drawn in the last step
        customer_id=customer.id,
        bill_to_id=customer.payer_id,
        state=OrderState.PLACED,
        source=request.source,
        placed_at=clock.now(),
        placed_by=by.name,
        placed_by_id=by.id,
        on_behalf_of=request.on_behalf_of,
        link_id=request.link_id,
        approved_by=request.approved_by,
        currency=now.terms.currency,
        incoterm=now.terms.incoterm,
        incoterm_place=now.terms.incoterm_place,
        tax_mode=now.terms.tax_mode,
        terms=terms,
        ship_to_id=request.ship_to.id if isinstance(request.ship_to, Address) else None,
        ship_to=ship_to_snapshot(customer, request.ship_to),
        wished_on=request.wished_on,
        planned_on=now.ships_on,
        po_number=request.po_number,
        note=request.note,
        amount_net=now.net,
        tax_estimate=now.tax,
    )


def ship_to_snapshot(customer: Customer, address: Place) -> dict[str, Any]:
    """Where goods go, frozen: what a parcel and a delivery note need."""
    if address is None:
        return {
            "code": "", "name": customer.name, "country": customer.country,
            "postal_code": customer.postal_code, "region": customer.region,
            "address": f"{customer.address} {customer.building}".strip(),
            "phone": customer.phone, "attention": "", "hours": "",
        }  # fmt: skip
    return {
        "code": address.code, "name": address.name, "country": address.country,
        "postal_code": address.postal_code, "region": address.region, "address": address.address,
        "phone": address.phone, "attention": address.attention, "hours": address.receiving_hours,
    }  # fmt: skip


def _write_lines(order: Order, now: Review) -> list[int]:
    rows = [_goods_row(order, position, line) for position, line in enumerate(now.counted, 1)]
    rows += [
        _charge_row(order, position, charge, now)
        for position, charge in enumerate(now.charges, len(rows) + 1)
    ]
    made = {position: line for line, position in session.execute(_INSERT_LINES, rows)}
    return [made[position] for position in sorted(made)]


_lines = cast("Table", OrderLine.__table__)
_INSERT_LINES = insert(_lines).returning(_lines.c.id, _lines.c.position)
_ZEROES = {
    "dropped": 0, "planned": 0, "allocated": 0, "shipped": 0, "returned": 0, "invoiced": 0,
    "together": False, "settled": Decimal(0), "opening_shipped": 0, "opening_invoiced": 0, "drop_reason": "",
}  # fmt: skip


def _goods_row(order: Order, position: int, line: ReviewLine) -> dict[str, Any]:
    price, facts = line.offer.price, line.offer.facts
    by_hand = line.requested.unit_price is not None
    return {
        **_ZEROES,
        "order_id": order.id,
        "position": position,
        "kind": LineKind.GOODS,
        "sku_id": facts.id,
        "catalog_id": line.offer.catalog_id,
        "code": facts.code,
        "description": facts.full_name(),
        "quantity": line.quantity,
        "list_price": price.list_price if price else None,
        "rate": price.rate if price and not by_hand else None,
        "unit_price": line.unit_price,
        "amount": line.amount,
        "tax_class": line.tax_class,
        "price_rule": "by_hand" if by_hand or price is None else price.rule,
        "price_trace": [list(step) for step in price.trace] if price else [],
        "policy": line.offer.policy,
        "wished_on": line.requested.wished_on or order.wished_on,
        "promised_on": None,
        "planned_on": line.ships_on,
        "po_number": line.requested.po_number or order.po_number,
        "note": line.requested.note,
        "together": line.requested.together,
    }


CHARGE_CODES = {
    ChargeKind.FREIGHT: "FREIGHT",
    ChargeKind.CASH_ON_DELIVERY: "COD",
    ChargeKind.HANDLING: "HANDLING",
}


def _charge_row(order: Order, position: int, charge: Charge, now: Review) -> dict[str, Any]:
    is_freight = charge.kind is ChargeKind.FREIGHT
    return {
        **_ZEROES,
        "order_id": order.id,
        "position": position,
        "kind": LineKind.FREIGHT if is_freight else LineKind.FEE,
        "sku_id": None,
        "catalog_id": None,
        "code": CHARGE_CODES[charge.kind],
        "description": charge.name,
        "quantity": 1,
        "list_price": None,
        "rate": None,
        "unit_price": charge.amount,
        "amount": charge.amount,
        "tax_class": charge.tax_class,
        "price_rule": f"freight:{charge.rule}",
        "price_trace": [],
        "policy": None,
        "wished_on": charge.wished_on,
        "promised_on": None,
        "planned_on": now.ships_on,
        "po_number": order.po_number,
        "note": "",
    }


def _tell(order: Order, request: OrderRequest, by: Actor) -> None:
    if not request.email:
        return
    outbox.post(
        "order_by_link" if request.link_id else "order_placed",
        to=request.email,
        locale=request.customer.locale,
        key=f"order_placed:{order.number}",
        by=by,
        customer_id=order.customer_id,
        number=order.number,
        customer=request.customer.name,
        net=str(order.amount_net) if request.tells_sums else "",
        currency=order.currency,
        planned_on=order.planned_on.isoformat(),
        approved_by=request.approved_by or "",
    )
