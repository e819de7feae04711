"""What a plan of price changes does before it is applied: which SKUs for which customers, how much.

Customers whose prices are made of the same rules and terms are priced once, together. The number of
statements depends on how many SKUs are touched (one more for every 500), never on the customers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from wholesale.catalog.queries import SkuFacts, sku_facts
from wholesale.catalog.visibility import OpenCatalog, catalog_of
from wholesale.company.queries import company
from wholesale.customers.models import Customer
from wholesale.customers.queries import MoneyTerms, money_terms_of
from wholesale.kernel.db import session
from wholesale.pricing.editing import Plan
from wholesale.pricing.effect_reading import (
    Row,
    costs_of,
    customers,
    floors,
    left_out,
    list_rows,
    lists,
    open_catalogs,
    planned,
    rows,
    skus,
)
from wholesale.pricing.floors import floor_margin
from wholesale.pricing.models import CustomerPriceList, OwnerKind, owner_key
from wholesale.pricing.resolving import Counted, Found, objects_of, owners_of, price_of, ranked

CHUNK, MOST_SKUS, MOST_PRICED, SHOWN = 500, 5_000, 400_000, 12


class Case(NamedTuple):
    """One SKU for some customers: before and after, for `quantity` pieces. None: not for sale.

    `is_offered` says whether one of their catalogs holds it.
    """

    sku_id: int
    customer_ids: tuple[int, ...]
    currency: str
    quantity: int
    before: Decimal | None
    after: Decimal | None
    is_offered: bool = False
    list_before: Decimal | None = None
    list_after: Decimal | None = None

    @property
    def share(self) -> Decimal:
        """How much of the old price is added or taken, 0.05 for 5 %; 0 where one side is missing."""
        if not self.before or self.after is None:
            return Decimal(0)
        return self.after / self.before - 1


@dataclass(slots=True)
class Weighed:
    """What past sales of the changed prices come to, before and after, net in our own currency.

    `cost` is that of the goods whose cost is known, `before_of_cost` and `after_of_cost` their sales.
    """

    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    before_of_cost: Decimal = Decimal(0)
    after_of_cost: Decimal = Decimal(0)

    @property
    def share(self) -> Decimal | None:
        """How much the same sales would bring more, 0.019 for 1.9 %; None without sales."""
        return self.after / self.before - 1 if self.before else None

    @property
    def margins(self) -> tuple[Decimal, Decimal] | None:
        """The gross margin before and after, 0.412 for 41.2 %; None where no cost is known."""
        if not self.before_of_cost or not self.after_of_cost:
            return None
        return 1 - self.cost / self.before_of_cost, 1 - self.cost / self.after_of_cost


@dataclass(slots=True)
class Effect:
    """What a plan does. `pairs` are SKU × customer whose price changes; `is_whole` says whether all
    that it touches was counted. `below` are those that fall below the floor and were not before.
    `by_customer` counts the changed prices of each.
    """

    customers: int = 0
    skus: int = 0
    pairs: int = 0
    rise: Case | None = None
    fall: Case | None = None
    sample: list[Case] = field(default_factory=list)
    below: int = 0
    below_first: Case | None = None
    is_whole: bool = True
    weighed: Weighed = field(default_factory=Weighed)
    by_customer: Counter[int] = field(default_factory=Counter)
    facts: dict[int, SkuFacts] = field(default_factory=dict)
    names: dict[int, Customer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Profile:
    """Customers whose prices come from the same owners, terms and catalogs."""

    ids: tuple[int, ...]
    owners: Mapping[int, OwnerKind]
    terms: MoneyTerms
    catalogs: tuple[OpenCatalog, ...]
    without: frozenset[int] = frozenset()


Sold = Mapping[tuple[int, int], int]


def effect(plan: Plan, without: AbstractSet[int] = frozenset(), sold: Sold | None = None) -> Effect:
    """What the plan does to the prices of its day; `without` are customers it doesn't reach yet.

    `sold` pieces by (customer, SKU) weigh what the same sales would come to, and their margin.
    """
    made = Effect()
    asked = [
        one
        for one in session.scalars(customers(plan))
        if one.id not in without and one.payer_id not in without
    ]
    sku_ids = list(session.scalars(skus(plan).limit(MOST_SKUS + 1)))
    made.is_whole = len(sku_ids) <= MOST_SKUS
    everybody = _Everybody(plan, asked)
    changed_skus: set[int] = set()
    priced = 0
    margin = floor_margin()
    for start in range(0, min(len(sku_ids), MOST_SKUS), CHUNK):
        if priced > MOST_PRICED:
            made.is_whole = False
            break
        chunk = _Chunk(plan, everybody, sku_ids[start : start + CHUNK])
        lowest = floors(chunk.facts, margin)
        costs = costs_of(chunk.facts) if sold else {}
        for profile in chunk.profiles:
            priced += len(chunk.facts)
            for case in chunk.cases(profile):
                changed_skus.add(case.sku_id)
                made.by_customer.update(case.customer_ids)
                is_home = everybody.is_home(profile)
                _note(made, case, lowest if is_home else {})
                if sold and is_home:
                    _weigh(made.weighed, case, sold, costs)
        made.facts.update(chunk.facts)
    made.customers, made.skus = len(made.by_customer), len(changed_skus)
    _name(made, asked)
    return made


def cases(plan: Plan, asked: Sequence[Customer]) -> Iterator[tuple[SkuFacts, Case]]:
    """Every price of these customers that the plan changes, of all that it touches."""
    everybody = _Everybody(plan, asked)
    sku_ids = list(session.scalars(skus(plan)))
    for start in range(0, len(sku_ids), CHUNK):
        chunk = _Chunk(plan, everybody, sku_ids[start : start + CHUNK])
        for profile in chunk.profiles:
            for case in chunk.cases(profile):
                yield chunk.facts[case.sku_id], case


class Want(NamedTuple):
    """A line whose price before and after a plan is asked: whose, what, from which catalog."""

    key: int
    customer_id: int
    sku_id: int
    catalog_id: int | None
    counted: Counted


Both = tuple[Decimal | None, Decimal | None]


def both(plan: Plan, asked: Sequence[Customer], wants: Sequence[Want]) -> dict[int, Both]:
    """(before, after) of each line by its key, as if its date met the plan's day."""
    everybody = _Everybody(plan, asked)
    everybody.all_owners |= {
        owner_key(OwnerKind.CATALOG, one.catalog_id) for one in wants if one.catalog_id
    }
    sku_ids = sorted({one.sku_id for one in wants})
    found: dict[int, Both] = {}
    for start in range(0, len(sku_ids), CHUNK):
        chunk = _Chunk(plan, everybody, sku_ids[start : start + CHUNK])
        by_customer = {one: profile for profile in chunk.profiles for one in profile.ids}
        for want in wants:
            profile, fact = by_customer.get(want.customer_id), chunk.facts.get(want.sku_id)
            if profile is not None and fact is not None:
                found[want.key] = chunk.both(profile, fact, want)
    return found


def _note(made: Effect, case: Case, lowest: Mapping[int, Decimal]) -> None:
    made.pairs += len(case.customer_ids)
    made.sample.append(case)
    if case.share > 0 and (made.rise is None or case.share > made.rise.share):
        made.rise = case
    if case.share < 0 and (made.fall is None or case.share < made.fall.share):
        made.fall = case
    floor = lowest.get(case.sku_id)
    if floor is not None and case.after is not None and case.after < floor:
        falls = case.before is None or case.after < case.before
        made.below += len(case.customer_ids) if falls else 0
        made.below_first = made.below_first or (case if falls else None)
    if len(made.sample) > SHOWN * 40:
        _cut(made)


def _weigh(made: Weighed, case: Case, sold: Sold, costs: Mapping[int, Decimal]) -> None:
    if case.before is None or case.after is None:
        return
    pieces = sum(sold.get((one, case.sku_id), 0) for one in case.customer_ids)
    made.before += case.before * pieces
    made.after += case.after * pieces
    if case.sku_id in costs:
        made.cost += costs[case.sku_id] * pieces
        made.before_of_cost += case.before * pieces
        made.after_of_cost += case.after * pieces


def _cut(made: Effect) -> None:
    made.sample.sort(key=lambda case: abs(case.share), reverse=True)
    del made.sample[SHOWN:]


def _name(made: Effect, asked: Iterable[Customer]) -> None:
    _cut(made)
    shown = {case.sku_id for case in (*made.sample, made.rise, made.fall, made.below_first) if case}
    made.facts = {sku: fact for sku, fact in made.facts.items() if sku in shown}
    made.names = {one.id: one for one in asked}


class _Everybody:
    """The customers a plan may touch, with all that doesn't depend on the SKUs."""

    def __init__(self, plan: Plan, asked: Sequence[Customer]) -> None:
        self.customers = asked
        self.terms = money_terms_of(asked, plan.on)
        self.home = company().currency
        late = left_out(plan)
        nobody: frozenset[int] = frozenset()
        self.without = {
            one.id: late.get(one.id, nobody) | late.get(one.payer_id, nobody) for one in asked
        }
        ids = {one.id for one in asked}
        lists: dict[int, list[int]] = {}
        for customer_id, price_list in session.execute(
            select(CustomerPriceList.customer_id, CustomerPriceList.price_list_id)
            .where(CustomerPriceList.customer_id.in_(customers(plan, Customer.id)))
            .order_by(CustomerPriceList.position, CustomerPriceList.id)
        ):
            if customer_id in ids:
                lists.setdefault(customer_id, []).append(price_list)
        self.owners = {one.id: owners_of(one, lists.get(one.id, ())) for one in asked}
        self.catalogs = open_catalogs(asked)
        self.all_owners = {key for owners in self.owners.values() for key in owners}
        shelves = {one.id for catalogs in self.catalogs.values() for one in catalogs}
        self.all_owners |= {owner_key(OwnerKind.CATALOG, one) for one in shelves}

    def is_home(self, profile: _Profile) -> bool:
        """Whether these pay in our own currency, the one costs are kept in."""
        return profile.terms.currency == self.home


class _Chunk:
    """Some SKUs, with the rules and list prices that may count for them, before and after."""

    def __init__(self, plan: Plan, everybody: _Everybody, sku_ids: Sequence[int]) -> None:
        self.facts = sku_facts(sku_ids)
        self.quantities = plan.minimums()
        self.before = rows(plan, everybody.all_owners, objects_of(self.facts.values()))
        self.after = planned(plan, self.before)
        self.list_rows = list_rows(plan, sku_ids)
        self.plan = plan
        self.profiles = self._grouped(everybody)

    def _grouped(self, everybody: _Everybody) -> list[_Profile]:
        asked = {row.rule.owner for row in (*self.before.values(), *self.after.values())}
        groups: dict[tuple[object, ...], list[int]] = {}
        for one in everybody.customers:
            terms = everybody.terms.get(one.id)
            if terms is not None:
                owners = tuple(key for key in everybody.owners[one.id] if key in asked)
                key = (
                    owners, everybody.catalogs[one.id], terms.currency, terms.incoterm,
                    terms.default_rate, terms.price_digits, terms.price_mode,
                    everybody.without[one.id],
                )  # fmt: skip
                groups.setdefault(key, []).append(one.id)
        return [
            _Profile(
                tuple(ids),
                {k: kind for k, kind in everybody.owners[ids[0]].items() if k in asked},
                everybody.terms[ids[0]],
                everybody.catalogs[ids[0]],
                everybody.without[ids[0]],
            )
            for ids in groups.values()
        ]

    def cases(self, profile: _Profile) -> Iterable[Case]:
        """Each SKU whose price changes for these customers: the quantity that changes most."""
        shelves = catalog_of(profile.catalogs, self.facts)
        old = _ranked(self.before, profile), self._listed(profile, None)
        new = _ranked(self.after, profile), self._listed(profile, self.plan)
        for sku_id, fact in self.facts.items():
            shelf = shelves.get(sku_id)
            key = owner_key(OwnerKind.CATALOG, shelf.id) if shelf else None
            found = [
                Case(
                    sku_id, profile.ids, profile.terms.currency, pieces, before, after,
                    shelf is not None, old[1].get(sku_id), new[1].get(sku_id),
                )
                for pieces in self.quantities
                for before, after in [
                    [
                        _asked(profile, fact, key, rules, listed.get(sku_id), pieces)
                        for rules, listed in (old, new)
                    ]
                ]
                if before != after
            ]  # fmt: skip
            if found:
                yield max(found, key=lambda case: abs(case.share))

    def both(self, profile: _Profile, fact: SkuFacts, want: Want) -> Both:
        """The price of one line before and after."""
        key = owner_key(OwnerKind.CATALOG, want.catalog_id) if want.catalog_id else None
        before, after = (
            price_of(
                want.customer_id, fact, key, _ranked(rows, profile),
                self._listed(profile, plan).get(fact.id), profile.terms, want.counted,
            )
            for rows, plan in ((self.before, None), (self.after, self.plan))
        )  # fmt: skip
        return (before.sealed_price if before else None, after.sealed_price if after else None)

    def _listed(self, profile: _Profile, plan: Plan | None) -> dict[int, Decimal]:
        """The list price of each SKU for these customers, before (no plan) or after."""
        made = lists(self.list_rows, profile.without, plan)
        plain = made.get((profile.terms.currency, ""), {})
        return plain | made.get((profile.terms.currency, profile.terms.incoterm), {})


def _asked(
    profile: _Profile, fact: SkuFacts, shelf: int | None, rules: Mapping[int, list[Found]],
    listed: Decimal | None, pieces: int,
) -> Decimal | None:  # fmt: skip
    counted = Counted({fact.id: pieces}, {fact.product_id: pieces}, pieces)
    price = price_of(
        profile.ids[0], fact, shelf, rules, listed, profile.terms, counted
    )  # fmt: skip
    return None if price is None else price.unit_price


def _ranked(found: Mapping[int, Row], profile: _Profile) -> dict[int, list[Found]]:
    currencies, incoterms = {"", profile.terms.currency}, {"", profile.terms.incoterm}
    catalog = list(OwnerKind).index(OwnerKind.CATALOG)
    fitting = [
        row.rule
        for row in found.values()
        if row.currency in currencies
        and row.incoterm in incoterms
        and row.revision_id not in profile.without
        and (row.rule.owner in profile.owners or row.rule.owner % 8 == catalog)
    ]
    return ranked(fitting, profile.owners)
