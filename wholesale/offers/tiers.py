"""Prices by quantity: the steps at which one SKU becomes cheaper for one customer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import or_, select

from wholesale.catalog.queries import SkuFacts
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.offers.offering import price_dates
from wholesale.pricing.models import (
    Basis,
    CustomerPriceList,
    OwnerKind,
    PriceRule,
    Scope,
    object_key,
    owner_key,
)
from wholesale.pricing.resolving import Price, resolve

MOST = 6


@dataclass(frozen=True, slots=True)
class Tier:
    """From `minimum` pieces of this SKU alone, this price. `is_now` holds for the pieces asked."""

    minimum: int
    price: Price
    is_now: bool


def owner_keys(customer: Customer) -> list[int]:
    """Whose rules count for a customer, in the order of precedence. One statement."""
    lists = session.scalars(
        select(CustomerPriceList.price_list_id)
        .where(CustomerPriceList.customer_id == customer.id)
        .order_by(CustomerPriceList.position, CustomerPriceList.id)
    )
    keys = [owner_key(OwnerKind.CUSTOMER, customer.id)]
    if customer.payer_id != customer.id:
        keys.append(owner_key(OwnerKind.CUSTOMER, customer.payer_id))
    keys += [owner_key(OwnerKind.PRICE_LIST, one) for one in lists]
    if customer.group_id:
        keys.append(owner_key(OwnerKind.GROUP, customer.group_id))
    return keys


def tiers(
    customer: Customer, facts: SkuFacts, *, catalog_id: int | None, pieces: int
) -> list[Tier]:
    """The quantity steps of one SKU, the smallest first; one tier where there are no steps.

    Each price is asked of the one price function, so a step that another rule beats is no step.
    """
    today = clock.today()
    objects = [
        object_key(Scope.ALL, 0),
        object_key(Scope.SKU, facts.id),
        object_key(Scope.PRODUCT, facts.product_id),
        *(object_key(Scope.CATEGORY, category) for category in facts.categories),
    ]
    if facts.brand_id:
        objects.append(object_key(Scope.BRAND, facts.brand_id))
    owners = owner_keys(customer)
    if catalog_id:
        owners.append(owner_key(OwnerKind.CATALOG, catalog_id))
    steps = session.scalars(
        select(PriceRule.minimum)
        .where(
            PriceRule.owner_key.in_(owners),
            PriceRule.object_key.in_(objects),
            PriceRule.minimum > 1,
            or_(PriceRule.valid_from <= today, PriceRule.basis != Basis.ORDER),
            or_(PriceRule.valid_until.is_(None), PriceRule.valid_until >= today),
        )
        .distinct()
        .order_by(PriceRule.minimum)
        .limit(MOST)
    )
    catalogs = {facts.id: catalog_id} if catalog_id else {}
    days = cache(lambda: price_dates(customer, {facts.id: facts}, clock.now()))
    found: list[tuple[int, Price]] = []
    for minimum in (1, *steps):
        price = resolve(
            customer, {facts.id: minimum}, on=today, catalogs=catalogs, facts={facts.id: facts},
            dates=days,
        ).get(facts.id)  # fmt: skip
        if price and (not found or price.unit_price != found[-1][1].unit_price):
            found.append((minimum, price))
    reached = max((minimum for minimum, _ in found if minimum <= max(pieces, 1)), default=1)
    return [Tier(minimum, price, minimum == reached) for minimum, price in found]
