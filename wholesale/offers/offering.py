"""The offers of a set of SKUs to one customer: everything a screen says about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from wholesale.catalog.models import CatalogProduct, OrderPolicy, QuantityRule, SkuState
from wholesale.catalog.queries import SkuFacts, pictures, sku_facts
from wholesale.catalog.visibility import OpenCatalog, catalog_of, open_catalogs
from wholesale.company.queries import company
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.offers import dates
from wholesale.pricing.resolving import Price, resolve
from wholesale.stock.promising import Availability, available


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

    def rounded(self, quantity: int) -> int:
        """The next quantity upwards that fits; the maximum caps it."""
        at_least = max(quantity, self.minimum)
        up = -(-at_least // self.multiple) * self.multiple
        if self.maximum is not None and up > self.maximum:
            return self.maximum - self.maximum % self.multiple
        return up


@dataclass(frozen=True, slots=True)
class Offer:
    """One SKU as one customer is offered it. `why_not` names what keeps it from being ordered."""

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

    @property
    def orderable(self) -> bool:
        """Whether it can be put into an order at all."""
        return not self.why_not


def offers(
    customer: Customer, basket: Mapping[int, int], *, at: datetime, with_pictures: bool = True
) -> dict[int, Offer]:
    """The offers of these SKUs {SKU: pieces}, in their order; a fixed number of statements."""
    facts = sku_facts(basket)
    day = clock.local(at).date()
    catalogs = open_catalogs(customer, at)
    by_product = catalog_of(catalogs, {fact.product_id for fact in facts.values()})
    mine = {sku: by_product[f.product_id] for sku, f in facts.items() if f.product_id in by_product}
    prices = resolve(
        customer, basket, on=day, facts=facts,
        catalogs={sku: catalog.id for sku, catalog in mine.items()},
    )  # fmt: skip
    stock = available(facts, customer_id=customer.id, group_id=customer.group_id, on=day)
    limits = _limits(customer, facts, mine)
    shown = pictures(facts.values()) if with_pictures else {}
    few = company().few_left
    soon = dates.ships_on(at)
    return {
        sku: _offer(
            fact, prices.get(sku), stock[sku], limits[sku], mine.get(sku),
            shown.get(sku, ""), few, soon, at,
        )
        for sku, fact in facts.items()
    }  # fmt: skip


def _offer(  # noqa: PLR0913, PLR0917 - the parts an offer is made of
    fact: SkuFacts,
    price: Price | None,
    stock: Availability,
    limits: Limits,
    catalog: OpenCatalog | None,
    picture: str,
    few: int,
    soon: date,
    at: datetime,
) -> Offer:
    policy = (catalog.policy if catalog else None) or fact.policy
    return Offer(
        facts=fact,
        price=price,
        availability=stock,
        limits=limits,
        policy=policy,
        catalog_id=catalog.id if catalog else None,
        picture=picture,
        why_not=_why_not(fact, price, stock, policy, catalog),
        stock_word=_stock_word(stock, policy, few),
        ships_on=_ships_on(fact, stock, policy, soon, at),
    )


def _why_not(
    fact: SkuFacts,
    price: Price | None,
    stock: Availability,
    policy: OrderPolicy,
    catalog: OpenCatalog | None,
) -> str:
    if catalog is None:
        return "not_in_catalog"
    if fact.state is not SkuState.SELLING:
        return "discontinued"
    if price is None:
        return "no_price"
    if policy is OrderPolicy.IN_STOCK and not stock.free:
        return "sold_out"
    return ""


def _stock_word(stock: Availability, policy: OrderPolicy, few: int) -> str:
    """What customers read: never raw stock above the threshold."""
    if policy is OrderPolicy.MADE_TO_ORDER:
        return "made_to_order"
    if stock.free >= few:
        return "in_stock"
    if stock.free:
        return "few_left"
    if stock.next_on:
        return "arriving"
    return "sold_out" if policy is OrderPolicy.IN_STOCK else "backorder"


def _ships_on(
    fact: SkuFacts, stock: Availability, policy: OrderPolicy, soon: date, at: datetime
) -> date | None:
    if policy is OrderPolicy.MADE_TO_ORDER:
        return dates.ships_on(at, lead_days=fact.lead_days or 0)
    if stock.free:
        return soon
    return max(soon, dates.next_working(stock.next_on)) if stock.next_on else None


def _limits(
    customer: Customer, facts: Mapping[int, SkuFacts], catalogs: Mapping[int, OpenCatalog]
) -> dict[int, Limits]:
    """The nearest rule that states each value: the customer's, the catalog's, the SKU's."""
    own = {
        row[0]: row[1:]
        for row in session.execute(
            select(
                QuantityRule.sku_id, QuantityRule.minimum, QuantityRule.multiple,
                QuantityRule.maximum,
            ).where(QuantityRule.customer_id == customer.id, QuantityRule.sku_id.in_(facts))
        )
    }  # fmt: skip
    named = {catalog.id for catalog in catalogs.values() if not catalog.holds_everything}
    listed = {
        (row[0], row[1]): row[2:]
        for row in session.execute(
            select(
                CatalogProduct.catalog_id, CatalogProduct.product_id, CatalogProduct.minimum,
                CatalogProduct.multiple, CatalogProduct.maximum,
            ).where(
                CatalogProduct.catalog_id.in_(named),
                CatalogProduct.product_id.in_({fact.product_id for fact in facts.values()}),
            )
        )
    } if named else {}  # fmt: skip
    nothing = (None, None, None)
    found = {}
    for sku, fact in facts.items():
        catalog = catalogs.get(sku)
        here = listed.get((catalog.id, fact.product_id), nothing) if catalog else nothing
        stated = (fact.minimum, fact.multiple, fact.maximum)
        values = [
            next((value for value in column if value is not None), None)
            for column in zip(own.get(sku, nothing), here, stated, strict=True)
        ]
        found[sku] = Limits(values[0] or 1, values[1] or 1, values[2])
    return found
