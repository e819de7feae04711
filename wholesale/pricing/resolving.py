"""What a customer pays for one: every place a price can come from, asked in one fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import or_, select

from wholesale.catalog.queries import SkuFacts, sku_facts
from wholesale.customers.models import AmountBasis, Customer
from wholesale.customers.queries import MoneyTerms, money_terms
from wholesale.kernel.db import session
from wholesale.kernel.money import plain, round_to
from wholesale.pricing.models import (
    BreakScope,
    CustomerPriceList,
    ListPrice,
    OwnerKind,
    PriceRule,
    RuleKind,
    Scope,
    object_key,
    owner_key,
)


class Step(NamedTuple):
    """One place that was asked: what stood there, and whether it decided."""

    place: str
    value: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Price:
    """What one piece costs a customer, net of tax, and how that came about.

    `rate` is the share of the list price (None for a fixed price). `rule` names the place that
    decided: "customer/product/rate", "default", "list".
    """

    unit_price: Decimal
    currency: str
    rule: str
    list_price: Decimal | None = None
    rate: Decimal | None = None
    is_special: bool = False
    trace: tuple[Step, ...] = ()


class _Rule(NamedTuple):
    id: int
    owner: int
    object: int
    kind: RuleKind
    value: Decimal
    minimum: int
    break_scope: BreakScope
    is_special: bool
    valid_from: date


@dataclass(frozen=True, slots=True)
class _Basket:
    """The ordered pieces per SKU, per product and in all, for quantity breaks."""

    by_sku: Mapping[int, int]
    by_product: Mapping[int, int]
    total: int

    def counted(self, scope: BreakScope, facts: SkuFacts) -> int:
        if scope is BreakScope.SKU:
            pieces = self.by_sku.get(facts.id, 0)
        elif scope is BreakScope.PRODUCT:
            pieces = self.by_product.get(facts.product_id, 0)
        else:
            pieces = self.total
        return max(pieces, 1)


def resolve(
    customer: Customer,
    basket: Mapping[int, int],
    *,
    on: date,
    catalogs: Mapping[int, int] | None = None,
    facts: Mapping[int, SkuFacts] | None = None,
) -> dict[int, Price]:
    """The prices of a basket {SKU: pieces} on a price date; 0 pieces ask for the price of one.

    `catalogs` says from which catalog each SKU is ordered. A SKU without a price in the customer's
    currency is absent. At most six statements, whatever the number of rules. Raises NoTerms.
    """
    if not basket:
        return {}
    terms = money_terms(customer, on)
    facts = facts or sku_facts(basket)
    catalogs = catalogs or {}
    lists = _price_lists(customer.id)
    owners = _owners(customer, lists, set(catalogs.values()))
    rules = _rules(owners, facts, terms, on)
    list_prices = _list_prices(list(facts), terms, on)
    counted = _count(basket, facts)
    prices = {}
    for sku_id, fact in facts.items():
        mine = [*owners.own, *owners.lists, *owners.group]
        if sku_id in catalogs:
            mine.append((owner_key(OwnerKind.CATALOG, catalogs[sku_id]), OwnerKind.CATALOG))
        found = _price(fact, mine, rules, list_prices.get(sku_id), terms, counted)
        if found is not None:
            prices[sku_id] = found
    return prices


def amount(price: Price, quantity: int, terms: MoneyTerms) -> Decimal:
    """What `quantity` pieces cost, net, in the currency's digits, by the customer's basis and mode.

    999 × 62.5 % × 12: unit price 624 → 7,488; basis list price 7,492.5 → 7,492 down.
    """
    if terms.amount_basis is AmountBasis.LIST_PRICE and price.rate and price.list_price:
        exact = price.list_price * quantity * price.rate
    else:
        exact = price.unit_price * quantity
    return plain(round_to(exact, terms.amount_digits, terms.amount_mode))


@dataclass(frozen=True, slots=True)
class _Owners:
    own: list[tuple[int, OwnerKind]]
    lists: list[tuple[int, OwnerKind]]
    group: list[tuple[int, OwnerKind]]
    catalogs: list[int]

    def keys(self) -> list[int]:
        return [key for key, _ in (*self.own, *self.lists, *self.group)] + self.catalogs


def _owners(customer: Customer, lists: list[int], catalogs: set[int]) -> _Owners:
    payers = [customer.id] + ([customer.bill_to_id] if customer.bill_to_id else [])
    return _Owners(
        own=[(owner_key(OwnerKind.CUSTOMER, payer), OwnerKind.CUSTOMER) for payer in payers],
        lists=[(owner_key(OwnerKind.PRICE_LIST, one), OwnerKind.PRICE_LIST) for one in lists],
        group=[(owner_key(OwnerKind.GROUP, customer.group_id), OwnerKind.GROUP)]
        if customer.group_id
        else [],
        catalogs=[owner_key(OwnerKind.CATALOG, one) for one in catalogs],
    )


def _price_lists(customer_id: int) -> list[int]:
    return list(
        session.scalars(
            select(CustomerPriceList.price_list_id)
            .where(CustomerPriceList.customer_id == customer_id)
            .order_by(CustomerPriceList.position, CustomerPriceList.id)
        )
    )


def _objects(facts: Mapping[int, SkuFacts]) -> set[int]:
    keys = {object_key(Scope.ALL, 0)}
    for fact in facts.values():
        keys.add(object_key(Scope.SKU, fact.id))
        keys.add(object_key(Scope.PRODUCT, fact.product_id))
        keys.update(object_key(Scope.CATEGORY, category) for category in fact.categories)
        if fact.brand_id:
            keys.add(object_key(Scope.BRAND, fact.brand_id))
    return keys


def _rules(
    owners: _Owners, facts: Mapping[int, SkuFacts], terms: MoneyTerms, on: date
) -> dict[tuple[int, int], list[_Rule]]:
    """Every rule of these owners on these objects that is in force, by (owner, object)."""
    rows = session.execute(
        select(
            PriceRule.id, PriceRule.owner_key, PriceRule.object_key, PriceRule.kind,
            PriceRule.value, PriceRule.minimum, PriceRule.break_scope, PriceRule.is_special,
            PriceRule.valid_from,
        ).where(
            PriceRule.owner_key.in_(owners.keys()),
            PriceRule.object_key.in_(_objects(facts)),
            PriceRule.currency.in_(("", terms.currency)),
            PriceRule.incoterm.in_(("", terms.incoterm)),
            PriceRule.valid_from <= on,
            or_(PriceRule.valid_until.is_(None), PriceRule.valid_until >= on),
        )
    )  # fmt: skip
    found: dict[tuple[int, int], list[_Rule]] = {}
    for row in rows:
        rule = _Rule(*row)
        found.setdefault((rule.owner, rule.object), []).append(rule)
    return found


def _list_prices(sku_ids: list[int], terms: MoneyTerms, on: date) -> dict[int, Decimal]:
    """The list price of each SKU: one that names the customer's 貿易条件 beats one that names none."""
    rows = session.execute(
        select(ListPrice.sku_id, ListPrice.amount)
        .where(
            ListPrice.sku_id.in_(sku_ids),
            ListPrice.currency == terms.currency,
            ListPrice.incoterm.in_(("", terms.incoterm)),
            ListPrice.valid_from <= on,
        )
        .order_by(ListPrice.incoterm != "", ListPrice.valid_from)
    )
    return {sku_id: price for sku_id, price in rows}  # noqa: C416 - the last row of a SKU wins


def _count(basket: Mapping[int, int], facts: Mapping[int, SkuFacts]) -> _Basket:
    by_product: dict[int, int] = {}
    for sku_id, pieces in basket.items():
        if sku_id in facts:
            product = facts[sku_id].product_id
            by_product[product] = by_product.get(product, 0) + pieces
    return _Basket(basket, by_product, sum(basket.values()))


_FIXED = (Scope.SKU, Scope.PRODUCT)
_RATES = {
    OwnerKind.CUSTOMER: (Scope.SKU, Scope.PRODUCT, Scope.CATEGORY, Scope.BRAND),
    OwnerKind.PRICE_LIST: (Scope.SKU, Scope.PRODUCT, Scope.CATEGORY, Scope.BRAND, Scope.ALL),
    OwnerKind.GROUP: (Scope.SKU, Scope.PRODUCT, Scope.CATEGORY, Scope.BRAND, Scope.ALL),
    OwnerKind.CATALOG: (Scope.SKU, Scope.PRODUCT, Scope.ALL),
}


def _places(
    fact: SkuFacts, owners: list[tuple[int, OwnerKind]]
) -> Iterator[tuple[int, int, RuleKind, str]]:
    """Every place a rule could stand for this SKU, in the order in which they count."""
    for owner, owner_kind in owners:
        for kind in (RuleKind.FIXED, RuleKind.RATE):
            if kind is RuleKind.RATE and fact.is_net:
                continue
            for scope in _FIXED if kind is RuleKind.FIXED else _RATES[owner_kind]:
                for object_id in _ids(fact, scope):
                    place = f"{owner_kind.value}/{scope.value}/{kind.value}"
                    yield owner, object_key(scope, object_id), kind, place


def _ids(fact: SkuFacts, scope: Scope) -> list[int]:
    if scope is Scope.SKU:
        return [fact.id]
    if scope is Scope.PRODUCT:
        return [fact.product_id]
    if scope is Scope.CATEGORY:
        return fact.categories
    if scope is Scope.BRAND:
        return [fact.brand_id] if fact.brand_id else []
    return [0]


def _price(
    fact: SkuFacts,
    owners: list[tuple[int, OwnerKind]],
    rules: Mapping[tuple[int, int], list[_Rule]],
    list_price: Decimal | None,
    terms: MoneyTerms,
    counted: _Basket,
) -> Price | None:
    trace: list[Step] = []
    decided: Price | None = None
    specials: list[Price] = []
    for owner, obj, kind, place in _places(fact, owners):
        here = [rule for rule in rules.get((owner, obj), ()) if rule.kind is kind]
        if not here:
            continue
        ordinary = _reached([rule for rule in here if not rule.is_special], fact, counted)
        if ordinary is not None:
            made = _of_rule(ordinary, place, list_price, terms)
            outcome = "no_list_price" if made is None else "beaten" if decided else "decides"
            trace.append(Step(place, f"{ordinary.value:f}", outcome))
            decided = decided or made
        special = _reached([rule for rule in here if rule.is_special], fact, counted)
        if special is not None and (made := _of_rule(special, place, list_price, terms)):
            specials.append(made)
            trace.append(Step(place, f"{special.value:f}", "special"))
    decided = decided or _without_rule(fact, list_price, terms, trace)
    lowest = min(specials, key=lambda price: price.unit_price, default=None)
    if lowest is not None and (decided is None or lowest.unit_price < decided.unit_price):
        decided = lowest
    if decided is None:
        return None
    return Price(
        decided.unit_price, terms.currency, decided.rule, list_price, decided.rate,
        decided is lowest, tuple(trace),
    )  # fmt: skip


def _reached(rules: list[_Rule], fact: SkuFacts, counted: _Basket) -> _Rule | None:
    """Inside a place: the largest break reached, then the newest start, then the newest row."""
    fitting = [rule for rule in rules if rule.minimum <= counted.counted(rule.break_scope, fact)]
    return max(fitting, key=lambda r: (r.minimum, r.valid_from, r.id), default=None)


def _of_rule(
    rule: _Rule, place: str, list_price: Decimal | None, terms: MoneyTerms
) -> Price | None:
    if rule.kind is RuleKind.FIXED:
        return Price(rule.value, terms.currency, place)
    if list_price is None:
        return None
    return Price(_rated(list_price, rule.value, terms), terms.currency, place, rate=rule.value)


def _without_rule(
    fact: SkuFacts, list_price: Decimal | None, terms: MoneyTerms, trace: list[Step]
) -> Price | None:
    """No rule stands anywhere: the customer's default rate, then the list price itself."""
    if list_price is None:
        return None
    if terms.default_rate is not None and not fact.is_net:
        trace.append(Step("default", f"{terms.default_rate:f}", "decides"))
        price = _rated(list_price, terms.default_rate, terms)
        return Price(price, terms.currency, "default", rate=terms.default_rate)
    trace.append(Step("list", f"{list_price:f}", "decides"))
    return Price(list_price, terms.currency, "list")


def _rated(list_price: Decimal, rate: Decimal, terms: MoneyTerms) -> Decimal:
    return plain(round_to(list_price * rate, terms.price_digits, terms.price_mode))
