"""What an order would be right now: lines, freight, tax, dates; the same figures placing freezes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from wholesale.catalog.models import OrderPolicy
from wholesale.catalog.visibility import OpenCatalog, past_deadline
from wholesale.company.models import TaxClass
from wholesale.company.taxing import TaxOfRate, rate_of, tax_by_rate
from wholesale.customers.models import Customer
from wholesale.customers.paying_dates import closing_on, due_on
from wholesale.customers.queries import MoneyTerms, money_terms
from wholesale.kernel import clock
from wholesale.kernel.money import ZERO
from wholesale.kernel.types import canonical
from wholesale.offers import dates, freight
from wholesale.offers.dates import Somewhere, Way
from wholesale.offers.freight import Charge, Delivery
from wholesale.offers.offering import Offer, offers
from wholesale.pricing.resolving import amount


@dataclass(frozen=True, slots=True)
class Requested:
    """One line somebody asks for. `unit_price` (net) is a price staff agreed by hand.

    `together` lines of one wished day leave when all of them are there.
    """

    sku_id: int
    quantity: int
    wished_on: date | None = None
    po_number: str = ""
    note: str = ""
    unit_price: Decimal | None = None
    together: bool = False


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A requested line priced and looked at. A line with a `problem` is shown but not counted.

    `is_late`: the last day, or the deadline, on which its SKU could be ordered has passed.
    """

    requested: Requested
    offer: Offer
    unit_price: Decimal
    amount: Decimal
    tax_class: TaxClass
    tax_rate: Decimal
    ships_on: date
    problem: str = ""
    left: int | None = None
    is_late: bool = False

    @property
    def quantity(self) -> int:
        """The pieces asked for."""
        return self.requested.quantity


@dataclass(frozen=True, slots=True)
class Review:
    """The order as it would be placed now. Amounts net in `terms.currency`; tax is an estimate."""

    terms: MoneyTerms
    lines: tuple[ReviewLine, ...]
    charges: tuple[Charge, ...]
    taxes: tuple[TaxOfRate, ...]
    goods: Decimal
    ships_on: date
    arrives_on: date
    closing_on: date | None
    due_on: date
    missing_to_free_freight: Decimal

    @property
    def counted(self) -> list[ReviewLine]:
        """The lines that would be ordered."""
        return [line for line in self.lines if not line.problem]

    @property
    def freight(self) -> Decimal:
        """Carriage and its fees, net."""
        return sum((charge.amount for charge in self.charges), ZERO)

    @property
    def net(self) -> Decimal:
        """Goods and freight, without tax."""
        return self.goods + self.freight

    @property
    def tax(self) -> Decimal:
        """The estimated tax, rounded once per rate."""
        return sum((tax.tax for tax in self.taxes), ZERO)

    @property
    def gross(self) -> Decimal:
        """Net plus estimated tax."""
        return self.net + self.tax

    @property
    def pieces(self) -> int:
        """All pieces that would be ordered."""
        return sum(line.quantity for line in self.counted)

    @property
    def fingerprint(self) -> str:
        """Changes with every figure a buyer relies on: prices, freight, what can be ordered."""
        seen = [
            [line.offer.facts.id, line.quantity, line.unit_price, line.amount, line.problem]
            for line in self.lines
        ]
        return hashlib.sha256(canonical([seen, self.freight, self.tax]).encode()).hexdigest()[:32]


def review(  # noqa: PLR0913 - everything an order is looked at by
    customer: Customer,
    requested: Sequence[Requested],
    *,
    ship_to: Somewhere | None,
    wished_on: date | None,
    at: datetime,
    portal: bool = True,
    forced: bool = False,
    catalogs: tuple[OpenCatalog, ...] | None = None,
    basket: Mapping[int, int] | None = None,
) -> Review:
    """Price and look at lines as one order to one address. Raises NoTerms.

    `portal` orders obey quantity limits and catalogs; staff may go beyond both, but beyond a last
    order day or a deadline only where it is `forced`. `catalogs` are those it is taken from, where
    they are not simply those open for the customer. Prices, limits and stock are those of a whole
    `basket` {SKU: pieces} where these lines are but a part of it.
    """
    day = clock.local(at).date()
    terms = money_terms(customer, day)
    basket = pieces_of(requested) if basket is None else basket
    way = dates.way_to(ship_to, customer)
    starts = _starts(requested, wished_on, way, at)
    wished, first = _wished(requested, wished_on), min(starts.values())
    begin: dict[int, date] = {}
    for line in requested:
        start = starts[line.wished_on or wished_on]
        begin[line.sku_id] = min(start, begin.get(line.sku_id, start))
    shown = offers(customer, basket, at=at, way=way, starts=begin, wished=wished, catalogs=catalogs)
    look = _Look(
        terms, way.country, first, dict(basket), portal, forced,
        frozenset() if portal else _late(customer, shown, at),
    )  # fmt: skip
    lines = tuple(
        _line(line, shown[line.sku_id], replace(look, start=starts[line.wished_on or wished_on]))
        for line in requested
        if line.sku_id in shown
    )
    return _totals(terms, _together(lines), first, way, wished_on, at)


def pieces_of(requested: Iterable[Requested]) -> dict[int, int]:
    """{SKU: pieces} of all lines."""
    basket: dict[int, int] = {}
    for line in requested:
        basket[line.sku_id] = basket.get(line.sku_id, 0) + line.quantity
    return basket


def _starts(
    requested: Sequence[Requested], whole: date | None, way: Way, at: datetime
) -> dict[date | None, date]:
    """The first day on which goods leave for each wished day."""
    wished = {line.wished_on or whole for line in requested} or {whole}
    return {day: dates.journey(way, at, wished_on=day).ships_on for day in wished}


def _together(lines: tuple[ReviewLine, ...]) -> tuple[ReviewLine, ...]:
    """Lines that wait for one another leave with the last of them."""
    last: dict[date | None, date] = {}
    for line in lines:
        if line.requested.together and not line.problem:
            day = line.requested.wished_on
            last[day] = max(line.ships_on, last.get(day, line.ships_on))
    return tuple(
        replace(line, ships_on=last[line.requested.wished_on])
        if line.requested.together and line.requested.wished_on in last
        else line
        for line in lines
    )


def _wished(requested: Sequence[Requested], whole: date | None) -> dict[int, date | None]:
    """The day each SKU is wished for; of several the earliest, as one order has one price of it."""
    found: dict[int, date | None] = {}
    for line in requested:
        day = line.wished_on or whole
        old = found.get(line.sku_id)
        found[line.sku_id] = min(filter(None, (old, day)), default=None)
    return found


@dataclass(frozen=True, slots=True)
class _Look:
    """What all lines of one request are looked at with. `basket` is {SKU: pieces} of all of them."""

    terms: MoneyTerms
    country: str
    start: date
    basket: Mapping[int, int]
    portal: bool
    forced: bool
    late: frozenset[int]


def _late(customer: Customer, shown: Mapping[int, Offer], at: datetime) -> frozenset[int]:
    """The SKUs that could be ordered until a day or a deadline which has passed."""
    today = clock.local(at).date()
    unseen = [sku for sku, offer in shown.items() if offer.why_not == "not_in_catalog"]
    return frozenset(
        sku
        for sku, offer in shown.items()
        if offer.facts.is_over(today) or offer.why_not == "deadline_passed"
    ) | (past_deadline(customer, unseen, at) if unseen else set())


def _line(requested: Requested, offer: Offer, look: _Look) -> ReviewLine:
    ships = max(look.start, offer.ships_on) if offer.ships_on else look.start
    tax_class = offer.facts.tax_class if look.country == "JP" else TaxClass.EXPORT
    hides = look.portal and offer.is_gone
    price = requested.unit_price
    if price is None and offer.price is not None and not hides:
        price = offer.price.unit_price
    problem, left = _problem(requested, offer, price, look)
    return ReviewLine(
        requested=requested,
        offer=offer,
        unit_price=price or ZERO,
        amount=ZERO if hides else _amount(requested, offer, look.terms),
        tax_class=tax_class,
        tax_rate=rate_of(tax_class, ships),
        ships_on=ships,
        problem=problem,
        left=left,
        is_late=offer.facts.id in look.late,
    )


def _amount(requested: Requested, offer: Offer, terms: MoneyTerms) -> Decimal:
    if requested.unit_price is not None:
        return requested.unit_price * requested.quantity
    return amount(offer.price, requested.quantity, terms) if offer.price else ZERO


def _problem(
    requested: Requested, offer: Offer, price: Decimal | None, look: _Look
) -> tuple[str, int | None]:
    if look.portal and offer.why_not:
        return offer.why_not, None
    if price is None:
        return "no_price", None
    wanted = look.basket[requested.sku_id]
    if look.portal and (problem := offer.limits.problem_of_part(requested.quantity, wanted)):
        return problem, None
    if offer.facts.id in look.late and not look.forced:
        return "after_last_day", None
    if offer.policy is OrderPolicy.IN_STOCK and wanted > offer.availability.free:
        return "only_left", offer.availability.free
    return "", None


def _totals(
    terms: MoneyTerms,
    lines: tuple[ReviewLine, ...],
    start: date,
    way: Way,
    wished_on: date | None,
    at: datetime,
) -> Review:
    counted = [line for line in lines if not line.problem]
    goods = sum((line.amount for line in counted), ZERO)
    parts_of_order = _deliveries(counted, way, wished_on)
    today = clock.local(at).date()
    fees = freight.charges(terms, parts_of_order, on=today, is_export=way.country != "JP")
    ships = min((line.ships_on for line in counted), default=start)
    parts = [(line.tax_class, line.tax_rate, line.amount) for line in counted]
    parts += [(fee.tax_class, rate_of(fee.tax_class, ships), fee.amount) for fee in fees]
    return Review(
        terms=terms,
        lines=lines,
        charges=fees,
        taxes=tuple(tax_by_rate(parts, terms.amount_digits, terms.tax_mode)),
        goods=goods,
        ships_on=ships,
        arrives_on=dates.arrives_on(ships, way, wished_on=wished_on),
        closing_on=closing_on(terms, ships),
        due_on=due_on(terms, ships),
        missing_to_free_freight=freight.missing_to_free(terms, parts_of_order, on=today),
    )


def _deliveries(lines: Sequence[ReviewLine], way: Way, wished_on: date | None) -> list[Delivery]:
    """The lines by the day they are wished for: a split that is ours costs nothing more."""
    by_day: dict[date | None, list[ReviewLine]] = {}
    for line in lines:
        by_day.setdefault(line.requested.wished_on or wished_on, []).append(line)
    return [
        Delivery(
            net=sum((line.amount for line in part), ZERO), country=way.country, region=way.region,
            weight_grams=sum(line.quantity * (line.offer.facts.weight_grams or 0) for line in part),
            quantity=sum(line.quantity for line in part),
            cartons=sum(_cartons(line) for line in part), wished_on=day,
        )
        for day, part in by_day.items()
    ]  # fmt: skip


def _cartons(line: ReviewLine) -> int:
    """Begun cartons of a line; a SKU without a carton counts as one."""
    return -(-line.quantity // (line.offer.facts.carton_quantity or line.quantity or 1))
