"""Open orders of the system before ours: agreed there, partly shipped there, to be finished here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from wholesale.catalog.models import OrderPolicy
from wholesale.catalog.queries import SkuFacts
from wholesale.company.models import TaxClass
from wholesale.company.queries import company
from wholesale.company.taxing import rate_of, tax_by_rate
from wholesale.customers import credit_limits
from wholesale.customers.models import Address, Customer
from wholesale.customers.queries import MoneyTerms, money_terms
from wholesale.kernel import clock, journal, numbering
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.money import ZERO, Rounding, plain, round_to
from wholesale.offers import dates
from wholesale.offers.dates import Way
from wholesale.orders import confirming, goods
from wholesale.orders.models import Order, OrderLine, OrderSource, OrderState
from wholesale.orders.placing import ship_to_snapshot

RULE = "opening"


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """One line as the old system had it: `quantity` ordered, `shipped` of them left from there.

    `unit_price` is net in the order's currency.
    """

    facts: SkuFacts
    quantity: int
    shipped: int
    unit_price: Decimal
    wished_on: date | None = None
    promised_on: date | None = None
    po_number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class OpeningOrder:
    """One open order; it keeps its own number. `ship_to` None goes to the customer's own address."""

    number: str
    customer: Customer
    ship_to: Address | None
    placed_at: datetime
    lines: Sequence[OpeningLine]


def bring_in_order(told: OpeningOrder, by: Actor) -> Order:
    """Take over an agreed order: its open pieces are demanded, allocated and counted as credit.

    What the old system shipped counts as shipped and billed there: it is neither shipped nor billed
    again. No letter is sent, and no limit refuses what was agreed before. Raises NoTerms.
    """
    terms = money_terms(told.customer, clock.today())
    order = _order(told, terms, by)
    session.add(order)
    session.flush()  # lines and demand carry its id
    _add(order, told, terms, by)
    return order


def add_to_order(order: Order, told: OpeningOrder, by: Actor) -> None:
    """Lines of an order that is here already, which could not be taken the first time."""
    _add(order, told, money_terms(told.customer, clock.today()), by)


def _order(told: OpeningOrder, terms: MoneyTerms, by: Actor) -> Order:
    customer = told.customer
    return Order(
        number=told.number, is_opening=True, customer_id=customer.id, customer=customer,
        bill_to_id=customer.payer_id, state=OrderState.CONFIRMED,
        source=OrderSource.OPENING, placed_at=told.placed_at, placed_by=by.name,
        currency=terms.currency, incoterm=terms.incoterm, incoterm_place=terms.incoterm_place,
        tax_mode=terms.tax_mode,
        terms={key: value for key, value in asdict(terms).items() if value is not None},
        ship_to_id=told.ship_to.id if told.ship_to else None,
        ship_to=ship_to_snapshot(customer, told.ship_to),
        planned_on=clock.today(), amount_net=ZERO, tax_estimate=ZERO, credit_counted=ZERO,
    )  # fmt: skip


def _add(order: Order, told: OpeningOrder, terms: MoneyTerms, by: Actor) -> None:
    way = dates.way_to(told.ship_to, told.customer)
    first = max((line.position for line in order.lines), default=0) + 1
    fresh = [
        _line(order, position, line, terms, way)
        for position, line in enumerate(told.lines, first)
    ]  # fmt: skip
    order.lines.extend(fresh)
    session.flush()  # the lines get their ids and zeroes
    _head(order, terms)
    _count(order, fresh, terms)
    session.flush()  # the stock's demand is written from the rows
    goods.take(order, [line.id for line in fresh], by)
    promised = {
        line.id: said.promised_on
        for line, said in zip(fresh, told.lines, strict=True) if said.promised_on
    }  # fmt: skip
    confirming.note_agreed(order, by, promised=promised)
    journal.record(
        order, "order:brought_in", by, number=order.number, net=order.amount_net,
        lines=len(told.lines), open=sum(line.quantity - line.shipped for line in told.lines),
    )  # fmt: skip


def _line(order: Order, position: int, told: OpeningLine, terms: MoneyTerms, way: Way) -> OrderLine:
    facts = told.facts
    made_to_order = facts.policy is OrderPolicy.MADE_TO_ORDER
    return OrderLine(
        order_id=order.id, position=position, sku_id=facts.id, code=facts.code,
        description=facts.full_name(), quantity=told.quantity, shipped=told.shipped,
        invoiced=told.shipped, opening_shipped=told.shipped, opening_invoiced=told.shipped,
        unit_price=told.unit_price,
        amount=plain(
            round_to(told.unit_price * told.quantity, terms.amount_digits, terms.amount_mode)
        ),
        tax_class=facts.tax_class if way.country == "JP" else TaxClass.EXPORT,
        price_rule=RULE, price_trace=[],
        # agreed is agreed: what is not there is waited for
        policy=OrderPolicy.MADE_TO_ORDER if made_to_order else OrderPolicy.BACKORDER,
        wished_on=told.wished_on,
        planned_on=dates.journey(way, clock.now(), wished_on=told.wished_on).ships_on,
        po_number=told.po_number, note=told.note,
    )  # fmt: skip


def _head(order: Order, terms: MoneyTerms) -> None:
    """What the head says of all lines: sums, the first day, and what is the same on each."""
    lines = order.lines
    order.amount_net = sum((line.amount for line in lines), ZERO)
    order.tax_estimate = _tax([(line, line.amount) for line in lines], terms)
    order.planned_on = min((line.planned_on for line in lines if line.open), default=clock.today())
    numbers, days = {line.po_number for line in lines}, {line.wished_on for line in lines}
    order.po_number = numbers.pop() if len(numbers) == 1 else ""
    order.wished_on = days.pop() if len(days) == 1 else None


def _count(order: Order, lines: Sequence[OrderLine], terms: MoneyTerms) -> None:
    """The open part counts as on order, whatever the limit says."""
    parts = [(line, line.amount - _left_before(line, terms.amount_digits)) for line in lines]
    gross = sum((amount for _, amount in parts), ZERO) + _tax(parts, terms)
    if not order.credit_counted:
        far = clock.today() + timedelta(days=company().credit_horizon_days)
        order.credit_is_later = order.planned_on > far
    credit_limits.add_ordered(
        order.customer, order.currency, gross, payer_id=order.bill_to_id,
        later=order.credit_is_later, force=True,
    )  # fmt: skip
    order.credit_counted += gross


def _left_before(line: OrderLine, digits: int) -> Decimal:
    """The amount of what the old system shipped; what ships from here adds up to the rest."""
    return round_to(line.amount * line.shipped / line.quantity, digits, Rounding.DOWN)


def _tax(parts: Sequence[tuple[OrderLine, Decimal]], terms: MoneyTerms) -> Decimal:
    bases = [(line.tax_class, rate_of(line.tax_class, line.planned_on), net) for line, net in parts]
    taxes = tax_by_rate(bases, terms.amount_digits, terms.tax_mode)
    return sum((one.tax for one in taxes), ZERO)


def step_over(numbers: Sequence[str]) -> None:
    """Our own orders begin above the numbers of the old system that look like ours."""
    numbering.step_over("SO", numbers)
