"""What a change of prices is said to do is what it does, customer by customer, price by price."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, func, select, update

from tests.factories.goods import make_category, make_product, make_sku
from tests.factories.people import BY, make_customer
from tests.factories.prices import make_price_rule
from tests.pricing.counting import statements
from tests.pricing.world import World, make_world
from wholesale.catalog.models import Catalog
from wholesale.catalog.visibility import catalog_of, open_catalogs
from wholesale.customers.models import CustomerGroup, Terms
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.journal import history
from wholesale.pricing import editing, naming
from wholesale.pricing.editing import Addition, Edit, Plan
from wholesale.pricing.effects import effect
from wholesale.pricing.floors import MarginOutOfRange, set_floor
from wholesale.pricing.models import BreakScope, OwnerKind, PriceRule, RuleKind, Scope
from wholesale.pricing.resolving import PLACES, resolve

Prices = dict[tuple[int, int, int], Decimal | None]


def all_prices(world: World, made: Plan) -> Prices:
    """(customer, SKU, pieces) → the price on the plan's day, asked customer by customer.

    A basket holds one variant of each product, so that no break counts another's pieces.
    """
    baskets: dict[int, dict[int, int]] = {}
    seen: Counter[int] = Counter()
    for sku, item in world.items.items():
        baskets.setdefault(seen[item.product], {})[sku] = item.product
        seen[item.product] += 1
    found: Prices = {}
    for customer in world.customers:
        shelves = catalog_of(open_catalogs(customer, clock.now()), world.items)
        for basket, pieces in itertools.product(baskets.values(), made.minimums()):
            catalogs = {sku: shelves[sku].id for sku in basket if sku in shelves}
            prices = resolve(customer, dict.fromkeys(basket, pieces), on=made.on, catalogs=catalogs)
            for sku in basket:
                price = prices.get(sku)
                found[customer.id, sku, pieces] = price.unit_price if price else None
    return found


def random_plan(world: World, owner: tuple[OwnerKind, int]) -> Plan:
    """Some rules of an owner with other values and last days, and some new ones."""
    dice, day = world.dice, clock.today() + timedelta(days=world.dice.choice([0, 0, 30]))
    rules = [
        rule
        for rule in naming.rules_of(*owner, "", 10_000)
        if (rule.owner_kind, rule.kind, list(Scope).index(rule.scope)) in PLACES
        and (rule.revision_id is None or rule.valid_from <= clock.today())
    ]
    edits = []
    for rule in dice.sample(rules, min(4, len(rules))):
        value = rule.value * Decimal(dice.choice(["0.9", "1.1"]))
        value = value.quantize(Decimal("0.0001")) if rule.kind is RuleKind.RATE else round(value)
        kept = rule.valid_until if rule.valid_until is None or rule.valid_until >= day else day
        until = dice.choice([kept, max(rule.valid_from, day) + timedelta(days=9)])
        edits.append(Edit(rule.id, (rule.value, rule.valid_until), value, until))
    item = dice.choice(list(world.items.values()))
    fresh = [
        Addition(RuleKind.RATE, Scope.PRODUCT, item.product, Decimal("0.41"), minimum=7),
        Addition(RuleKind.FIXED, Scope.SKU, item.id, Decimal(77), currency="JPY", is_special=True),
    ]
    return editing.plan(*owner, edits, dice.sample(fresh, dice.randint(0, 2)), day)


@pytest.mark.parametrize(("seed", "turn"), [(11, 0), (12, 2)])
def test_the_effect_is_what_every_customer_finds_afterwards(
    database: None, seed: int, turn: int
) -> None:
    world = make_world(seed, density=0.08)
    for terms in session.scalars(select(Terms)):
        terms.valid_from = min(terms.valid_from, date(2020, 1, 1) + (terms.valid_from - date.min) % timedelta(days=900))  # fmt: skip
    over_orders = PriceRule.break_scope == BreakScope.ORDER  # they would count a basket of several
    session.execute(delete(PriceRule).where(over_orders))
    group = session.scalars(select(CustomerGroup.id).order_by(CustomerGroup.id.desc()).limit(1))
    owners = [
        (OwnerKind.CUSTOMER, world.customers[0].id), (OwnerKind.GROUP, group.one()),
        (OwnerKind.PRICE_LIST, world.all_lists[0]), (OwnerKind.CATALOG, world.catalogs[0]),
    ]  # fmt: skip
    session.execute(update(Catalog).where(Catalog.id == world.catalogs[0]).values(holds_everything=True))  # fmt: skip
    changed = 0
    for owner in owners[turn : turn + 2]:
        made = random_plan(world, owner)
        before, told = all_prices(world, made), effect(made)
        editing.apply(made, session.get_one(naming.OWNERS[owner[0]], owner[1]), BY)
        after = all_prices(world, made)
        moved = {key[:2] for key in before if before[key] != after[key]}
        shares = [after[k] / before[k] - 1 for k in moved_keys(before, after)]
        assert told.is_whole
        assert told.pairs == len(moved), owner
        assert told.customers == len({customer for customer, _ in moved})
        assert told.skus == len({sku for _, sku in moved})
        assert (told.rise.share if told.rise else 0) == max([0, *shares]), owner
        assert (told.fall.share if told.fall else 0) == min([0, *shares]), owner
        changed += len(moved)
    assert changed > 5


def moved_keys(before: Prices, after: Prices) -> list[tuple[int, int, int]]:
    return [k for k in before if before[k] != after[k] and before[k] and after[k] is not None]


def ranked_shop(customers: int) -> tuple[CustomerGroup, PriceRule]:
    """A rank with so many customers and one rate on a category with a bowl at 2,200."""
    rank = CustomerGroup(code=f"R{customers}", name={"ja": "R"})
    session.add(rank)
    session.flush()
    ware = make_category(f"器{customers}")
    make_sku(make_product("鉢", category=ware), list_price="2200")
    rule = make_price_rule((OwnerKind.GROUP, rank.id), Scope.CATEGORY, ware.id, "0.58")
    for number in range(customers):
        make_customer(f"{rank.code}-{number}", "客", rate="0.62").group_id = rank.id
    session.flush()
    return rank, rule


def edit_of(rule: PriceRule, value: str, until: date | None = None) -> Edit:
    return Edit(rule.id, (rule.value, rule.valid_until), Decimal(value), until)


def test_an_effect_costs_the_same_statements_for_two_customers_or_two_hundred(
    database: None,
) -> None:
    counts = []
    for customers in (2, 200):
        rank, rule = ranked_shop(customers)
        made = editing.plan(OwnerKind.GROUP, rank.id, [edit_of(rule, "0.6")], [], clock.today())
        session.expire_all()
        with statements() as sent:
            told = effect(made)
        counts.append(len(sent))
        assert (told.pairs, told.customers, told.skus) == (customers, customers, 1)
        assert told.rise is not None
        assert (told.rise.before, told.rise.after) == (1276, 1320)
    assert counts[0] == counts[1], counts


def test_a_price_that_counts_gets_a_successor_and_the_old_one_stays_known(database: None) -> None:
    rank, rule = ranked_shop(1)
    today, later = clock.today(), clock.today() + timedelta(days=20)
    made = editing.plan(OwnerKind.GROUP, rank.id, [edit_of(rule, "0.6")], [], later)
    assert editing.apply(made, rank, BY) == (1, 0)
    old, new = session.scalars(select(PriceRule).order_by(PriceRule.valid_from)).all()
    assert (old.value, old.valid_until, new.value, new.valid_from) == (
        Decimal("0.58"), None, Decimal("0.6"), later,
    )  # fmt: skip
    with pytest.raises(editing.RuleStandsAlready):
        editing.plan(OwnerKind.GROUP, rank.id, [edit_of(old, "0.61")], [], later)
    with pytest.raises(editing.RuleHasBegun):
        editing.withdraw(old, rank, BY)
    editing.withdraw(new, rank, BY)
    assert session.scalar(select(func.count()).select_from(PriceRule)) == 1
    with pytest.raises(editing.RuleInThePast):
        editing.plan(OwnerKind.GROUP, rank.id, [], [], today - timedelta(days=1))
    session.commit()
    assert [entry.did for entry in history(rank)] == ["price:withdrawn", "price:made"]


def test_a_table_that_was_overtaken_is_refused(database: None) -> None:
    rank, rule = ranked_shop(1)
    until = clock.today() + timedelta(days=5)
    seen = edit_of(rule, "0.58", until)
    made = editing.plan(OwnerKind.GROUP, rank.id, [seen], [], clock.today())
    session.execute(update(PriceRule).values(valid_until=until + timedelta(days=1)))
    with pytest.raises(Conflict):
        editing.apply(made, rank, BY)
    session.expire_all()
    with pytest.raises(Conflict):
        editing.plan(OwnerKind.GROUP, rank.id, [seen], [], clock.today())


def test_what_can_never_count_is_refused(database: None) -> None:
    rank, rule = ranked_shop(1)
    today = clock.today()

    def plan_of(one: Addition, kind: OwnerKind = OwnerKind.GROUP) -> Plan:
        return editing.plan(kind, rank.id, [], [one], today)

    rate = Addition(RuleKind.RATE, Scope.ALL, 0, Decimal("0.5"))
    plan_of(rate)
    with pytest.raises(editing.RuleCountsNowhere):
        plan_of(rate, OwnerKind.CUSTOMER)
    with pytest.raises(editing.RuleCountsNowhere):
        plan_of(Addition(RuleKind.FIXED, Scope.CATEGORY, 1, Decimal(5), currency="JPY"))
    with pytest.raises(editing.ShareOutOfRange):
        plan_of(Addition(RuleKind.RATE, Scope.ALL, 0, Decimal("2.01")))
    with pytest.raises(editing.PriceBelowZero):
        plan_of(Addition(RuleKind.FIXED, Scope.SKU, 1, Decimal(-1), currency="JPY"))
    with pytest.raises(editing.PriceEndsEarly):
        editing.plan(
            OwnerKind.GROUP, rank.id, [edit_of(rule, "0.58", today - timedelta(days=2))], [], today
        )


def test_the_floor_counts_who_falls_below_it(database: None) -> None:
    rank, rule = ranked_shop(3)
    sku = make_sku(make_product("皿", category=None), list_price="1000")
    sku.cost = Decimal(500)
    other = make_price_rule((OwnerKind.GROUP, rank.id), Scope.SKU, sku.id, "0.7")
    set_floor(Decimal("0.2"), 0, BY)

    def below(value: str) -> int:
        plan = editing.plan(
            OwnerKind.GROUP, rank.id, [edit_of(other, value), edit_of(rule, "0.5")], [], clock.today()
        )  # fmt: skip
        return effect(plan).below

    assert (below("0.625"), below("0.62")) == (0, 3)
    with pytest.raises(MarginOutOfRange):
        set_floor(Decimal(1), 1, BY)
    with pytest.raises(Conflict):
        set_floor(Decimal("0.3"), 7, BY)
