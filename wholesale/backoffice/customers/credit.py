"""The queue of holds: which orders stand still, why, by how much, and letting them go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import MultiDict

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import lookups, marks
from wholesale.backoffice.acting import Desk
from wholesale.backoffice.blueprints import office
from wholesale.customers.models import CreditLevel, CreditUse
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.money import ZERO
from wholesale.kernel.text import N_
from wholesale.orders import holding
from wholesale.orders.models import Hold, HoldReason, Order, OrderState
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs
from wholesale.web.paging import keyed_page

PAGE, PART = "backoffice/credit/index.html", "backoffice/credit/_holds.html"
_STANDING = (OrderState.PLACED, OrderState.PROPOSED, OrderState.CONFIRMED)


class NotOnHold(Conflict):
    """Somebody released it, or the order is over."""

    message = N_("%(number)s is not on hold any more.")


class StillTooMuch(Conflict):
    """Credit has not become free."""

    message = N_("%(number)s still doesn't fit into the credit limit.")


@dataclass(frozen=True, slots=True)
class Level:
    """A limit an order is measured by: the customer's own, or that of who is billed."""

    is_group: bool
    limit: Decimal
    used: Decimal
    missing: Decimal


@dataclass(frozen=True, slots=True)
class Held:
    """An order that stands still. `missing` (with tax, its currency) is what credit or prepayment lack."""

    order: Order
    holds: list[tuple[Hold, str]]
    levels: list[Level]
    missing: Decimal
    is_credit: bool


@office.get("/credit")
@needs(Permission.ORDERS_READ)
def credit() -> Answer:
    """Orders on hold, the oldest first."""
    return answer(PAGE, PART, refusal="", **_shown(request.args))


@office.post("/credit/<number>/release")
@needs(Permission.ORDERS_RELEASE)
def release_held(number: str) -> Answer:
    """Let an order go on, over the limit too."""
    by = the_visitor().actor

    def verb(order: Order) -> None:
        _must_stand(order)
        holding.release(order, by)

    return _desk(number).act(verb, gettext("%(number)s goes on", number=number))


@office.post("/credit/<number>/trial")
@needs(Permission.ORDERS_EDIT)
def try_held_again(number: str) -> Answer:
    """Look at the limit again: nothing is forced."""
    by = the_visitor().actor

    def verb(order: Order) -> None:
        _must_stand(order)
        if not holding.try_again(order, by):
            raise StillTooMuch(number=number)

    return _desk(number).act(verb, gettext("%(number)s goes on", number=number))


def _must_stand(order: Order) -> None:
    if not order.on_hold or order.state not in _STANDING:
        raise NotOnHold(number=order.number)


def _desk(number: str) -> Desk[Order]:
    return Desk(
        find=lambda: lookups.order(number),
        page=PAGE,
        part=PART,
        values=lambda _: _shown(MultiDict()),
        url=url_for("office.credit"),
    )


def _shown(cursors: Any) -> dict[str, Any]:
    page = keyed_page(
        select(Order)
        .where(Order.on_hold, Order.state.in_(_STANDING))
        .options(joinedload(Order.customer), joinedload(Order.bill_to)),
        [Order.id],
        lambda order: (order.id,),
        cursors,
        descending=False,
    )
    return {"listing": page, "rows": _rows(page.rows)}


def _rows(orders: Sequence[Order]) -> list[Held]:
    """What is told of each order: two statements for a page."""
    ids = [order.id for order in orders]
    holds: dict[int, list[Hold]] = {}
    for hold in session.scalars(
        select(Hold).where(Hold.order_id.in_(ids), Hold.released_at.is_(None)).order_by(Hold.id)
    ):
        holds.setdefault(hold.order_id, []).append(hold)
    parties = {order.customer_id for order in orders} | {order.bill_to_id for order in orders}
    uses = {
        (use.customer_id, use.level, use.currency): use
        for use in session.scalars(select(CreditUse).where(CreditUse.customer_id.in_(parties)))
    }
    return [_held(order, holds.get(order.id, []), uses) for order in orders]


def _held(
    order: Order, holds: list[Hold], uses: dict[tuple[int, CreditLevel, str], CreditUse]
) -> Held:
    is_credit = any(hold.reason is HoldReason.CREDIT for hold in holds)
    levels = [
        _level(order, use)
        for key in (
            (order.customer_id, CreditLevel.OWN, order.currency),
            (order.bill_to_id, CreditLevel.GROUP, order.currency),
        )
        if is_credit and (use := uses.get(key)) is not None and use.credit_limit is not None
    ]
    return Held(
        order=order,
        holds=[(hold, marks.hold_word(hold.reason)) for hold in holds],
        levels=levels,
        missing=max([order.prepayment_missing, *(level.missing for level in levels)]),
        is_credit=is_credit,
    )


def _level(order: Order, use: CreditUse) -> Level:
    limit = use.credit_limit or ZERO
    wanted = ZERO if order.credit_counted else order.amount_gross
    missing = max(ZERO, use.exposure + wanted - limit)
    return Level(use.level is CreditLevel.GROUP, limit, use.exposure, missing)
