"""The offers of a set of SKUs to one customer: everything a screen says about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, bindparam, select

from wholesale.catalog.models import CatalogSku, OrderPolicy, QuantityRule, SkuState
from wholesale.catalog.queries import SkuFacts, pictures, sku_facts
from wholesale.catalog.visibility import OpenCatalog, catalog_of, open_catalogs
from wholesale.company.queries import company
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.offers import dates
from wholesale.offers.dates import Journey, Way
from wholesale.pricing.days import PriceDates
from wholesale.pricing.resolving import Price, resolve
from wholesale.stock.promising import Availability, available

NOT_IN_CATALOG = "not_in_catalog"


@dataclass(frozen=True, slots=True)
class Limits:
    """In which quantities a SKU may be ordered (pieces)."""

    minimum: int = 1
    multiple: int = 1
    maximum: int | None = None

    def problem(self, quantity: int) -> str:
        """What is wrong with a quantity: "", below_minimum, not_multiple, above_maximum."""
        if quantity < self.minimum:
            return "below_minimum"
        if quantity % self.multiple:
            return "not_multiple"
        if self.maximum is not None and quantity > self.maximum:
            return "above_maximum"
        return ""

    def problem_of_part(self, quantity: int, whole: int) -> str:
        """The same for one part of `whole` pieces: packs are whole in each, the rest holds for all."""
        problem = self.problem(whole)
        return problem or ("not_multiple" if quantity % self.multiple else "")

    def rounded(self, quantity: int) -> int:
        """The next quantity upwards that fits; the maximum caps it."""
        at_least = max(quantity, self.minimum)
        up = -(-at_least // self.multiple) * self.multiple
        if self.maximum is not None and up > self.maximum:
            return self.maximum - self.maximum % self.multiple
        return up


@dataclass(frozen=True, slots=True)
class Offer:
    """One SKU as one customer is offered it. `why_not` names what keeps it from being ordered.

    `lead_days` are those of its catalog where it states any, else the SKU's own.
    """

    facts: SkuFacts
    price: Price | None
    availability: Availability
    limits: Limits
    policy: OrderPolicy
    catalog_id: int | None
    picture: str
    why_not: str
    stock_word: str
    ships_on: date | None
    arrives_on: date | None = None
    lead_days: int | None = None

    @property
    def orderable(self) -> bool:
        """Whether it can be put into an order at all."""
        return not self.why_not

    @property
    def is_gone(self) -> bool:
        """Whether the customer may see nothing of it any more: hidden from it, or no longer sold."""
        return self.why_not == NOT_IN_CATALOG or self.facts.state is not SkuState.SELLING


def offers(
    customer: Customer,
    basket: Mapping[int, int],
    *,
    at: datetime,
    with_pictures: bool = True,
    catalogs: tuple[OpenCatalog, ...] | None = None,
    way: Way | None = None,
    starts: Mapping[int, date] | None = None,
    wished: Mapping[int, date | None] | None = None,
) -> dict[int, Offer]:
    """The offers of these SKUs {SKU: pieces}, in their order; a fixed number of statements.

    `catalogs` are those open for the customer `at` that instant, where they are known already.
    Dates are those of `way`, or of the way to the customer's first ship-to. Revised prices may go by
    the day goods leave, which is not before what `starts` says
    of each SKU, and by the day each SKU is `wished` for.
    """
    facts = sku_facts(basket)
    day = clock.local(at).date()
    catalogs = open_catalogs(customer, at) if catalogs is None else catalogs
    mine = catalog_of(catalogs, facts)
    stock = available(facts, customer_id=customer.id, group_id=customer.group_id, on=day)
    limits = _limits(customer, facts, mine)
    shown = pictures(facts.values()) if with_pictures else {}
    few = company().few_left
    days = _Days(way or dates.usual_way(customer), at)
    prices = resolve(
        customer, basket, on=day, facts=facts,
        catalogs={sku: catalog.id for sku, catalog in mine.items()},
        dates=lambda: _price_dates(facts, stock, mine, days, starts or {}, wished or {}),
    )  # fmt: skip
    return {
        sku: _offer(
            fact, prices.get(sku), stock[sku], limits[sku], mine.get(sku),
            shown.get(sku, ""), few, days,
        )
        for sku, fact in facts.items()
    }  # fmt: skip


def price_dates(
    customer: Customer, facts: Mapping[int, SkuFacts], at: datetime
) -> dict[int, PriceDates]:
    """When each SKU would leave if it were ordered at that instant: what revised prices may go by."""
    mine = catalog_of(open_catalogs(customer, at), facts)
    on = clock.local(at).date()
    stock = available(facts, customer_id=customer.id, group_id=customer.group_id, on=on)
    return _price_dates(facts, stock, mine, _Days(dates.usual_way(customer), at), {}, {})


def _price_dates(
    facts: Mapping[int, SkuFacts],
    stock: Mapping[int, Availability],
    catalogs: Mapping[int, OpenCatalog],
    days: _Days,
    starts: Mapping[int, date],
    wished: Mapping[int, date | None],
) -> dict[int, PriceDates]:
    """The day each SKU leaves: when its goods are there, but not before the first way out or its start."""
    found = {}
    for sku, fact in facts.items():
        journey = _journey(fact, stock[sku], catalogs.get(sku), days)
        first = starts.get(sku) or days.after().ships_on
        ships_on = max(first, journey.ships_on) if journey else first
        found[sku] = PriceDates(ships_on, wished.get(sku))
    return found


class _Days:
    """When goods leave and arrive for one instant and way, by what they wait for."""

    def __init__(self, way: Way, at: datetime) -> None:
        self._way, self._at = way, at
        self.today = clock.local(at).date()
        self._known: dict[tuple[int, date | None], Journey] = {}

    def after(self, lead_days: int = 0, not_before: date | None = None) -> Journey:
        """Asked of the calendar once per thing to wait for."""
        key = (lead_days, not_before)
        if key not in self._known:
            self._known[key] = dates.journey(
                self._way, self._at, lead_days=lead_days, not_before=not_before
            )
        return self._known[key]


def _offer(
    fact: SkuFacts,
    price: Price | None,
    stock: Availability,
    limits: Limits,
    catalog: OpenCatalog | None,
    picture: str,
    few: int,
    days: _Days,
) -> Offer:
    policy = (catalog.policy if catalog else None) or fact.policy
    journey = _journey(fact, stock, catalog, days)
    return Offer(
        facts=fact,
        price=price,
        availability=stock,
        limits=limits,
        policy=policy,
        catalog_id=catalog.id if catalog else None,
        picture=picture,
        why_not=_why_not(fact, price, stock, policy, catalog, days.today),
        stock_word=_stock_word(stock, policy, few),
        ships_on=journey.ships_on if journey else None,
        arrives_on=journey.arrives_on if journey else None,
        lead_days=_lead(fact, catalog),
    )


def _why_not(
    fact: SkuFacts,
    price: Price | None,
    stock: Availability,
    policy: OrderPolicy,
    catalog: OpenCatalog | None,
    today: date,
) -> str:
    if catalog is None or fact.state is SkuState.HIDDEN:
        return NOT_IN_CATALOG
    if fact.state is not SkuState.SELLING or fact.is_over(today):
        return "discontinued"
    if catalog.is_over:
        return "deadline_passed"
    if price is None:
        return "no_price"
    if policy is OrderPolicy.IN_STOCK and not stock.free:
        return "sold_out"
    return ""


def _stock_word(stock: Availability, policy: OrderPolicy, few: int) -> str:
    """What customers read: never raw stock above the threshold."""
    if policy is OrderPolicy.MADE_TO_ORDER:
        return "made_to_order"
    if stock.free:
        return "in_stock" if stock.free >= few else "few_left"
    if stock.next_on:
        return "arriving"
    return "sold_out" if policy is OrderPolicy.IN_STOCK else "backorder"


def _journey(
    fact: SkuFacts, stock: Availability, catalog: OpenCatalog | None, days: _Days
) -> Journey | None:
    """What is made to order takes its lead time; a catalog's own holds for all that is in it."""
    policy = (catalog.policy if catalog else None) or fact.policy
    if policy is OrderPolicy.MADE_TO_ORDER:
        return days.after(_lead(fact, catalog) or 0)
    own = (catalog.lead_days if catalog else None) or 0
    if stock.free:
        return days.after(own)
    return days.after(own, stock.next_on) if stock.next_on else None


def _lead(fact: SkuFacts, catalog: OpenCatalog | None) -> int | None:
    own = catalog.lead_days if catalog else None
    return fact.lead_days if own is None else own


# Composed once, of the tables alone: putting a statement together costs more than running it.
_rule = cast("Table", QuantityRule.__table__).c
_OWN_RULES = select(_rule.sku_id, _rule.minimum, _rule.multiple, _rule.maximum).where(
    _rule.customer_id == bindparam("customer"),
    _rule.sku_id.in_(bindparam("skus", expanding=True)),
)
_listed = cast("Table", CatalogSku.__table__).c
_LISTED_RULES = select(
    _listed.catalog_id, _listed.sku_id, _listed.minimum, _listed.multiple, _listed.maximum
).where(
    _listed.catalog_id.in_(bindparam("catalogs", expanding=True)),
    _listed.sku_id.in_(bindparam("skus", expanding=True)),
)
_NOTHING = (None, None, None)


def _limits(
    customer: Customer, facts: Mapping[int, SkuFacts], catalogs: Mapping[int, OpenCatalog]
) -> dict[int, Limits]:
    """The nearest rule that states each value: the customer's, the catalog's, the SKU's."""
    asked: dict[str, object] = {"customer": customer.id, "skus": list(facts)}
    own = {row[0]: row[1:] for row in session.execute(_OWN_RULES, asked).all()}
    named = {catalog.id for catalog in catalogs.values() if not catalog.holds_everything}
    listed = {}
    if named:
        asked = {"catalogs": list(named), "skus": list(facts)}
        listed = {(row[0], row[1]): row[2:] for row in session.execute(_LISTED_RULES, asked).all()}
    found = {}
    for sku, fact in facts.items():
        catalog = catalogs.get(sku)
        here = listed.get((catalog.id, sku), _NOTHING) if catalog else _NOTHING
        stated = (fact.minimum, fact.multiple, fact.maximum)
        if sku not in own and here is _NOTHING:
            values: list[int | None] = list(stated)
        else:
            values = [
                next((value for value in column if value is not None), None)
                for column in zip(own.get(sku, _NOTHING), here, stated, strict=True)
            ]
        found[sku] = Limits(values[0] or 1, values[1] or 1, values[2])
    return found
