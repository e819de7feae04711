"""What a customer pays for one: every place a price can come from, asked in one fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Table, bindparam, case, func, or_, select

from wholesale.catalog.queries import PlaceFacts, SkuFacts, sku_facts
from wholesale.customers.models import AmountBasis, Customer
from wholesale.customers.queries import MoneyTerms, money_terms
from wholesale.kernel.db import must_be_ours, session
from wholesale.kernel.money import plain, round_to
from wholesale.pricing.days import Dates, Days
from wholesale.pricing.models import (
    Basis,
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
from wholesale.pricing.revision_models import LeftOut


class Step(NamedTuple):
    """One place that was asked: what stood there, and whether it decided."""

    place: str
    value: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Price:
    """What one piece costs a customer, net of tax, and how that came about.

    The third layer of access control: a price knows whose it is (`customer_id`), and its figures
    can't be read in a unit of work of somebody else's buyer. Raises NotYours there.

    `rate` is the share of the list price (None for a fixed price). `rule` names the place that
    decided: "customer/product/rate", "default", "list". `asked` holds (place, value, outcome) of
    every place where something stood.
    """

    customer_id: int
    sealed_price: Decimal
    currency: str
    rule: str
    list_price: Decimal | None = None
    sealed_rate: Decimal | None = None
    is_special: bool = False
    asked: tuple[tuple[str, Decimal, str], ...] = ()

    @property
    def unit_price(self) -> Decimal:
        """What one piece costs, net, in `currency`."""
        must_be_ours(self.customer_id)
        return self.sealed_price

    @property
    def rate(self) -> Decimal | None:
        """The share of the list price, 0.58 for 58 %; None for a fixed price."""
        must_be_ours(self.customer_id)
        return self.sealed_rate

    @property
    def trace(self) -> tuple[Step, ...]:
        """Every place that was asked, in order; put into words where somebody reads it."""
        return tuple(Step(place, f"{value:f}", outcome) for place, value, outcome in self.asked)


class Rule(NamedTuple):
    """A rule as it is asked: its keys, what it says, from how many pieces on.

    `starts_on` is its first day for this customer, `until` its last, both by `basis`.
    """

    id: int
    owner: int
    object: int
    kind: RuleKind
    value: Decimal
    minimum: int
    break_scope: BreakScope
    is_special: bool
    valid_from: date
    basis: Basis = Basis.ORDER
    until: date | None = None
    starts_on: date | None = None


class Found(NamedTuple):
    """A rule with its rank among the places of its owner and kind, and how its place is called."""

    rank: int
    place: str
    rule: Rule


class _Made(NamedTuple):
    """What a rule makes of the list price."""

    unit_price: Decimal
    place: str
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Counted:
    """The ordered pieces per SKU, per product and in all, for quantity breaks."""

    by_sku: Mapping[int, int]
    by_product: Mapping[int, int]
    total: int

    def counted(self, scope: BreakScope, facts: PlaceFacts | SkuFacts) -> int:
        """The pieces a break of this scope counts for a SKU, at least 1."""
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
    facts: Mapping[int, PlaceFacts] | Mapping[int, SkuFacts] | None = None,
    dates: Dates | None = None,
) -> dict[int, Price]:
    """The prices of a basket {SKU: pieces} ordered on a day; 0 pieces ask for the price of one.

    `catalogs` says from which catalog each SKU is ordered. `dates` tells when each SKU is shipped and
    wished for; it is called only where a revision goes by one of these (without it they count as the
    order date). A SKU without a price in the customer's currency is absent. At most six statements,
    whatever the number of rules. Raises NoTerms.
    """
    if not basket:
        return {}
    terms = money_terms(customer, on)
    asked: Mapping[int, PlaceFacts | SkuFacts] = facts or sku_facts(basket)
    catalogs = catalogs or {}
    owners = owners_of(customer, _price_lists(customer.id))
    shelves = {owner_key(OwnerKind.CATALOG, one) for one in catalogs.values()}
    days = Days(on, dates)
    rules = _rules(customer, owners, shelves, asked.values(), terms, days)
    list_prices = list_prices_of(customer, list(asked), terms, days)
    counted = count_pieces(basket, asked)
    prices = {}
    for sku_id, fact in asked.items():
        catalog = catalogs.get(sku_id)
        shelf = None if catalog is None else owner_key(OwnerKind.CATALOG, catalog)
        found = price_of(
            customer.id, fact, shelf, rules, list_prices.get(sku_id), terms, counted, days
        )
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


def owners_of(customer: Customer, lists: Iterable[int]) -> dict[int, OwnerKind]:
    """Whose rules count for a customer, the first the strongest; the SKU's catalog comes last."""
    owners = {owner_key(OwnerKind.CUSTOMER, customer.id): OwnerKind.CUSTOMER}
    if customer.payer_id != customer.id:
        owners[owner_key(OwnerKind.CUSTOMER, customer.payer_id)] = OwnerKind.CUSTOMER
    for one in lists:
        owners[owner_key(OwnerKind.PRICE_LIST, one)] = OwnerKind.PRICE_LIST
    if customer.group_id:
        owners[owner_key(OwnerKind.GROUP, customer.group_id)] = OwnerKind.GROUP
    return owners


def _starts_on(table: Table) -> ColumnElement[date]:
    """The first day of a revised row for a customer that is left out until then; else its own."""
    left = cast("Table", LeftOut.__table__).c
    later = select(func.max(left.starts_on)).where(
        left.revision_id == table.c.revision_id,
        left.customer_id.in_([bindparam("customer"), bindparam("payer")]),
        left.starts_on > table.c.valid_from,
    )
    is_revised = table.c.revision_id.is_not(None)
    return case((is_revised, func.coalesce(later.scalar_subquery(), table.c.valid_from)),
                else_=table.c.valid_from)  # fmt: skip


# Composed once: putting a statement together costs more than running it.
_given = cast("Table", CustomerPriceList.__table__).c
_LISTS = (
    select(_given.price_list_id)
    .where(_given.customer_id == bindparam("customer"))
    .order_by(_given.position, _given.id)
)
_rule = cast("Table", PriceRule.__table__).c
_RULES = select(
    _rule.id, _rule.owner_key, _rule.object_key, _rule.kind, _rule.value, _rule.minimum,
    _rule.break_scope, _rule.is_special, _rule.valid_from, _rule.basis, _rule.valid_until,
    _starts_on(cast("Table", PriceRule.__table__)),
).where(
    _rule.owner_key.in_(bindparam("owners", expanding=True)),
    _rule.object_key.in_(bindparam("objects", expanding=True)),
    _rule.currency.in_(bindparam("currencies", expanding=True)),
    _rule.incoterm.in_(bindparam("incoterms", expanding=True)),
    or_(_rule.valid_from <= bindparam("day"), _rule.basis != Basis.ORDER),
    or_(_rule.valid_until.is_(None), _rule.valid_until >= bindparam("day")),
)  # fmt: skip
_list = cast("Table", ListPrice.__table__).c
_LIST_PRICES = (
    select(
        _list.sku_id, _list.amount, _list.basis,
        _starts_on(cast("Table", ListPrice.__table__)),
    )
    .where(
        _list.sku_id.in_(bindparam("skus", expanding=True)),
        _list.currency == bindparam("currency"),
        _list.incoterm.in_(bindparam("incoterms", expanding=True)),
        or_(_list.valid_from <= bindparam("day"), _list.basis != Basis.ORDER),
    )
    .order_by(_list.incoterm != "", _list.valid_from)
)  # fmt: skip


def _price_lists(customer_id: int) -> Sequence[int]:
    return session.scalars(_LISTS, {"customer": customer_id}).all()


def objects_of(facts: Iterable[PlaceFacts | SkuFacts]) -> set[int]:
    """The keys of all that a rule could speak of for these SKUs."""
    keys = {_EVERYTHING}
    for fact in facts:
        keys.update(key for _, key in _positions(fact))
    return keys


def _rules(
    customer: Customer,
    owners: Mapping[int, OwnerKind],
    shelves: set[int],
    facts: Iterable[PlaceFacts | SkuFacts],
    terms: MoneyTerms,
    days: Days,
) -> dict[int, list[Found]]:
    """Every rule of these owners on these objects that is or may be in force, by object."""
    rows = session.execute(
        _RULES,
        {
            "owners": [*owners, *shelves], "objects": list(objects_of(facts)), "day": days.on,
            "currencies": list({"", terms.currency}), "incoterms": list({"", terms.incoterm}),
            "customer": customer.id, "payer": customer.payer_id,
        },
    )  # fmt: skip
    rules = [Rule(*row) for row in rows.all()]
    return ranked(
        [one for one in rules if one.basis is not Basis.ORDER or _has_begun(one, days.on)], owners
    )


def _has_begun(rule: Rule, day: date) -> bool:
    return rule.starts_on is None or rule.starts_on <= day


def ranked(rules: Iterable[Rule], owners: Mapping[int, OwnerKind]) -> dict[int, list[Found]]:
    """Rules by what they speak of, each with its rank; whose owner isn't named is a catalog's."""
    ranks = {key: (index, kind) for index, (key, kind) in enumerate(owners.items())}
    last = (len(ranks), OwnerKind.CATALOG)
    found: dict[int, list[Found]] = {}
    for rule in rules:
        index, owner_kind = ranks.get(rule.owner, last)
        place = PLACES.get((owner_kind, rule.kind, rule.object % 8))
        if place is not None:
            rank = (2 * index + (rule.kind is RuleKind.RATE)) * POSITIONS
            found.setdefault(rule.object, []).append(Found(rank, place, rule))
    return found


def list_prices_of(
    customer: Customer, sku_ids: list[int], terms: MoneyTerms, days: Days
) -> dict[int, Decimal]:
    """The list price of each SKU: one that names the customer's 貿易条件 beats one that names none."""
    rows = session.execute(
        _LIST_PRICES,
        {
            "skus": sku_ids, "currency": terms.currency, "day": days.on,
            "incoterms": list({"", terms.incoterm}),
            "customer": customer.id, "payer": customer.payer_id,
        },
    )  # fmt: skip
    return {  # the last row of a SKU wins
        sku_id: price
        for sku_id, price, basis, starts_on in rows.all()
        if starts_on <= days.of(basis, sku_id)
    }


def count_pieces(basket: Mapping[int, int], facts: Mapping[int, PlaceFacts | SkuFacts]) -> Counted:
    """A basket as quantity breaks see it."""
    by_product: dict[int, int] = {}
    for sku_id, pieces in basket.items():
        if sku_id in facts:
            product = facts[sku_id].product_id
            by_product[product] = by_product.get(product, 0) + pieces
    return Counted(basket, by_product, sum(basket.values()))


_FIXED = (Scope.SKU, Scope.PRODUCT)
_RATES = {
    OwnerKind.CUSTOMER: (Scope.SKU, Scope.PRODUCT, Scope.CATEGORY, Scope.BRAND),
    OwnerKind.PRICE_LIST: (Scope.SKU, Scope.PRODUCT, Scope.CATEGORY, Scope.BRAND, Scope.ALL),
    OwnerKind.GROUP: (Scope.SKU, Scope.PRODUCT, Scope.CATEGORY, Scope.BRAND, Scope.ALL),
    OwnerKind.CATALOG: (Scope.SKU, Scope.PRODUCT, Scope.ALL),
}


_SCOPES = list(Scope)
PLACES = {  # how a place is called; a rule that stands in none of these counts for nothing
    (owner, kind, _SCOPES.index(scope)): f"{owner.value}/{scope.value}/{kind.value}"
    for owner, rated in _RATES.items()
    for kind, scopes in ((RuleKind.FIXED, _FIXED), (RuleKind.RATE, rated))
    for scope in scopes
}
_EVERYTHING = object_key(Scope.ALL, 0)
POSITIONS = 1_000  # more than any category is deep


def _positions(fact: PlaceFacts | SkuFacts) -> list[tuple[int, int]]:
    """(position, object) of all that a rule could speak of for this SKU, the nearest first."""
    keys = [object_key(Scope.SKU, fact.id), object_key(Scope.PRODUCT, fact.product_id)]
    keys += [object_key(Scope.CATEGORY, category) for category in fact.categories]
    if fact.brand_id:
        keys.append(object_key(Scope.BRAND, fact.brand_id))
    keys.append(_EVERYTHING)
    return list(enumerate(keys))


def _standing(
    fact: PlaceFacts | SkuFacts, shelf: int | None, rules: Mapping[int, list[Found]],
    days: Days | None,
) -> list[tuple[str, list[Rule]]]:  # fmt: skip
    """The places where something stands for this SKU, in the order in which they count."""
    here: dict[int, tuple[str, list[Rule]]] = {}
    for position, key in _positions(fact):
        for rank, place, rule in rules.get(key, ()):
            if rule.kind is RuleKind.RATE and fact.is_net:
                continue
            if rule.owner % 8 == _CATALOG and rule.owner != shelf:
                continue
            if days is not None and rule.basis is not Basis.ORDER:
                day = days.of(rule.basis, fact.id)
                if not _has_begun(rule, day) or (rule.until is not None and rule.until < day):
                    continue
            here.setdefault(rank + position, (place, []))[1].append(rule)
    return [here[rank] for rank in sorted(here)]


_CATALOG = owner_key(OwnerKind.CATALOG, 0)


def price_of(
    customer_id: int,
    fact: PlaceFacts | SkuFacts,
    shelf: int | None,
    rules: Mapping[int, list[Found]],
    list_price: Decimal | None,
    terms: MoneyTerms,
    counted: Counted,
    days: Days | None = None,
) -> Price | None:
    """The price of one SKU out of what was read; None where the currency has none.

    Without `days` every rule given is taken to be in force.
    """
    asked: list[tuple[str, Decimal, str]] = []
    decided: _Made | None = None
    specials: list[_Made] = []
    for place, here in _standing(fact, shelf, rules, days):
        ordinary = _reached([rule for rule in here if not rule.is_special], fact, counted)
        if ordinary is not None:
            has_none = ordinary.kind is RuleKind.RATE and list_price is None
            outcome = "no_list_price" if has_none else "beaten" if decided else "decides"
            asked.append((place, ordinary.value, outcome))
            decided = decided or _of_rule(ordinary, place, list_price, terms)
        special = _reached([rule for rule in here if rule.is_special], fact, counted)
        if special is not None and (made := _of_rule(special, place, list_price, terms)):
            specials.append(made)
            asked.append((place, special.value, "special"))
    decided = decided or _without_rule(fact, list_price, terms, asked)
    lowest = min(specials, key=lambda made: made.unit_price, default=None)
    if lowest is not None and (decided is None or lowest.unit_price < decided.unit_price):
        decided = lowest
    if decided is None:
        return None
    return Price(
        customer_id, decided.unit_price, terms.currency, decided.place, list_price, decided.rate,
        decided is lowest, tuple(asked),
    )  # fmt: skip


def _reached(rules: list[Rule], fact: PlaceFacts | SkuFacts, counted: Counted) -> Rule | None:
    """Inside a place: the largest break reached, then the newest start, then the newest row."""
    if not rules:
        return None
    fitting = [
        rule
        for rule in rules
        if rule.minimum <= 1 or rule.minimum <= counted.counted(rule.break_scope, fact)
    ]
    return max(fitting, key=lambda r: (r.minimum, r.valid_from, r.id), default=None)


def _of_rule(rule: Rule, place: str, list_price: Decimal | None, terms: MoneyTerms) -> _Made | None:
    if rule.kind is RuleKind.FIXED:
        return _Made(rule.value, place, None)
    if list_price is None:
        return None
    return _Made(_rated(list_price, rule.value, terms), place, rule.value)


def _without_rule(
    fact: PlaceFacts | SkuFacts,
    list_price: Decimal | None,
    terms: MoneyTerms,
    asked: list[tuple[str, Decimal, str]],
) -> _Made | None:
    """No rule stands anywhere: the customer's default rate, then the list price itself."""
    if list_price is None:
        return None
    if terms.default_rate is not None and not fact.is_net:
        asked.append(("default", terms.default_rate, "decides"))
        price = _rated(list_price, terms.default_rate, terms)
        return _Made(price, "default", terms.default_rate)
    asked.append(("list", list_price, "decides"))
    return _Made(list_price, "list", None)


def _rated(list_price: Decimal, rate: Decimal, terms: MoneyTerms) -> Decimal:
    return plain(round_to(list_price * rate, terms.price_digits, terms.price_mode))
