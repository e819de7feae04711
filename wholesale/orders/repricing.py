"""Orders on the way past a price revision: which lines would get the new price, and giving it to them.

A line's price is frozen. It changes by `reprice` alone, with old and new in the history.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from wholesale.company.taxing import rate_of, tax_by_rate
from wholesale.customers import credit_limits
from wholesale.customers.models import Customer
from wholesale.customers.queries import money_terms
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.money import ZERO
from wholesale.kernel.text import N_
from wholesale.orders import confirming
from wholesale.orders.models import LineKind, Order, OrderLine, OrderState
from wholesale.pricing.days import PriceDates
from wholesale.pricing.effect_reading import customers, skus
from wholesale.pricing.effects import Want, both
from wholesale.pricing.models import Basis
from wholesale.pricing.resolving import Counted, Price, amount, resolve
from wholesale.pricing.revision_models import PriceRevision, RevisionState
from wholesale.pricing.revisions import plan_of, starts, starts_for

MOST_LINES = 500
OPEN = (OrderState.PLACED, OrderState.PROPOSED, OrderState.CONFIRMED)
BY_HAND = "by_hand"


class Keeps(StrEnum):
    """Why a line keeps its price; NO: by its date it would get the new one."""

    NO = ""
    DATE = "date"
    BY_HAND = "by_hand"
    DELIVERED = "delivered"
    PREPAID = "prepaid"


class CantReprice(Conflict):
    """The line keeps its price, for a reason that is shown beside it."""

    message = N_("%(number)s: these lines keep their price: %(codes)s. Load the page again.")


@dataclass(frozen=True, slots=True)
class WayLine:
    """An open line that a revision touches: the date that decides, the price now and the new one."""

    order: Order
    line: OrderLine
    dated: date
    starts_on: date
    new: Decimal | None
    keeps: Keeps

    @property
    def changes(self) -> bool:
        """Whether it would get another price, if somebody says so."""
        return self.keeps is Keeps.NO and self.new is not None and self.new != self.line.unit_price


def on_the_way(revision: PriceRevision) -> list[WayLine]:
    """The open lines of what a revision changes, oldest order first, at most MOST_LINES.

    The same before and after it is announced; a fixed number of statements.
    """
    late = starts(revision)
    plan = plan_of(revision, max([revision.effective_on, *late.values()]))
    if plan.is_empty:
        return []
    lines = session.scalars(
        select(OrderLine)
        .join(OrderLine.order)
        .where(
            OrderLine.kind == LineKind.GOODS, Order.state.in_(OPEN),
            OrderLine.quantity > OrderLine.dropped + OrderLine.shipped,
            OrderLine.sku_id.in_(skus(plan)), Order.customer_id.in_(customers(plan, Customer.id)),
        )
        .options(contains_eager(OrderLine.order).joinedload(Order.customer))
        .order_by(Order.placed_at, Order.id, OrderLine.position)
        .limit(MOST_LINES)
    ).all()  # fmt: skip
    asked = {line.order.customer_id: line.order.customer for line in lines}
    baskets = _counted({line.order_id for line in lines})
    wants = [
        Want(line.id, line.order.customer_id, line.sku_id or 0, line.catalog_id, baskets[line.order_id])
        for line in lines
    ]  # fmt: skip
    new = both(plan, list(asked.values()), wants)
    found = []
    for line in lines:
        begins = starts_for(revision, line.order.customer, late)
        dated = date_of(line, revision.basis)
        _, after = new.get(line.id, (None, None))
        found.append(WayLine(line.order, line, dated, begins, after, keeps(line, dated, begins)))
    return found


def date_of(line: OrderLine, basis: Basis) -> date:
    """The date of a line that a revision of this basis goes by."""
    if basis is Basis.WISHED and line.wished_on is not None:
        return line.wished_on
    return clock.local(line.order.placed_at).date() if basis is Basis.ORDER else line.planned_on


def keeps(line: OrderLine, dated: date, starts_on: date) -> Keeps:
    """Why a line keeps its price whatever is pressed."""
    if line.price_rule == BY_HAND or line.order.is_opening:
        return Keeps.BY_HAND
    if line.shipped or line.planned or line.invoiced:
        return Keeps.DELIVERED
    if line.order.prepayment:
        return Keeps.PREPAID
    return Keeps.DATE if dated < starts_on else Keeps.NO


def reprice(order: Order, line_ids: Collection[int], revision: PriceRevision, by: Actor) -> int:
    """Give open lines of an order the price that the revision has for their date.

    A confirmed order gets its next confirmation, which the buyer approves where its terms ask for
    it. Old and new stand in the order's history. Returns how many lines changed. Raises Conflict
    (not announced), CantReprice, IllegalMove.
    """
    if revision.state not in {RevisionState.ANNOUNCED, RevisionState.APPLIED}:
        raise Conflict
    chosen = [line for line in order.lines if line.id in set(line_ids)]
    begins = starts_for(revision, order.customer)
    stay = [
        line.code
        for line in chosen
        if not line.needs_goods or not line.open or keeps(line, date_of(line, revision.basis), begins)
    ]  # fmt: skip
    if stay or not order.is_open:
        raise CantReprice(number=order.number, codes=", ".join(stay))
    prices = _prices(order)
    told: dict[str, list[str]] = {}
    for line in chosen:
        price = prices.get(line.sku_id or 0)
        if price is not None and price.unit_price != line.unit_price:
            told[line.code] = [f"{line.unit_price:f}", f"{price.unit_price:f}"]
            _write(line, price, order)
    if not told:
        return 0
    _count_again(order)
    journal.record(
        order, "order:repriced", by, revision=revision.number, changes=told,
        repriced={code: " → ".join(pair) for code, pair in told.items()},
    )  # fmt: skip
    session.flush()  # the sums are read by queries
    confirming.confirm_again(order, by)
    return len(told)


def _prices(order: Order) -> dict[int, Price]:
    """The prices of all goods of an order by the dates of its lines."""
    basket: dict[int, int] = {}
    dates: dict[int, PriceDates] = {}
    catalogs: dict[int, int] = {}
    for line in order.lines:
        if line.sku_id is None:
            continue
        basket[line.sku_id] = basket.get(line.sku_id, 0) + line.quantity
        dates.setdefault(line.sku_id, PriceDates(line.planned_on, line.wished_on))
        if line.catalog_id is not None:
            catalogs[line.sku_id] = line.catalog_id
    ordered_on = clock.local(order.placed_at).date()
    return resolve(order.customer, basket, on=ordered_on, catalogs=catalogs, dates=lambda: dates)


def _write(line: OrderLine, price: Price, order: Order) -> None:
    terms = money_terms(order.customer, clock.local(order.placed_at).date())
    line.list_price, line.rate, line.unit_price = price.list_price, price.rate, price.unit_price
    line.amount = amount(price, line.quantity, terms)
    line.price_rule, line.price_trace = price.rule, [list(step) for step in price.trace]


def _count_again(order: Order) -> None:
    """The order's sums after its lines changed, and the credit it counts."""
    before = order.amount_gross
    terms = money_terms(order.customer, clock.local(order.placed_at).date())
    parts = [
        (line.tax_class, rate_of(line.tax_class, line.planned_on), line.amount)
        for line in order.lines
    ]
    order.amount_net = sum((line.amount for line in order.lines), ZERO)
    taxes = tax_by_rate(parts, terms.amount_digits, order.tax_mode)
    order.tax_estimate = sum((one.tax for one in taxes), ZERO)
    more = order.amount_gross - before
    if not order.credit_counted or not more:
        return
    later = order.credit_is_later
    if more > 0:
        credit_limits.add_ordered(
            order.customer, order.currency, more, payer_id=order.bill_to_id, later=later, force=True
        )
    else:
        credit_limits.take_ordered_back(
            order.customer, order.currency, -more, payer_id=order.bill_to_id, later=later
        )
    order.credit_counted += more


def _counted(order_ids: Collection[int]) -> Mapping[int, Counted]:
    """The pieces of each order as quantity breaks see them. One statement."""
    rows: Sequence[OrderLine] = session.scalars(
        select(OrderLine)
        .where(OrderLine.order_id.in_(order_ids), OrderLine.kind == LineKind.GOODS)
        .join(OrderLine.sku)
        .options(contains_eager(OrderLine.sku))
    ).all()
    found: dict[int, tuple[dict[int, int], dict[int, int]]] = {}
    for line in rows:
        by_sku, by_product = found.setdefault(line.order_id, ({}, {}))
        sku = line.sku
        assert sku is not None  # noqa: S101 - joined
        by_sku[sku.id] = by_sku.get(sku.id, 0) + line.quantity
        by_product[sku.product_id] = by_product.get(sku.product_id, 0) + line.quantity
    return {
        order_id: Counted(by_sku, by_product, sum(by_sku.values()))
        for order_id, (by_sku, by_product) in found.items()
    }
