"""A made-up trade with many rules of every kind, written to the database and kept in Python."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import insert

from tests.factories.goods import make_brand, make_category
from tests.pricing.reference import Buyer, Item, ListRow, Revision, Rule
from wholesale.catalog.models import Catalog, Product, Sku
from wholesale.customers.models import Customer, CustomerGroup, Terms
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.money import Rounding
from wholesale.pricing.models import (
    Basis,
    BreakScope,
    CustomerPriceList,
    ListPrice,
    OwnerKind,
    PriceList,
    PriceRule,
    RuleKind,
    Scope,
)
from wholesale.pricing.revision_models import LeftOut, PriceRevision

FIRST_DAY = date(2025, 1, 1)
DAYS = 900
CURRENCIES = ("JPY", "JPY", "JPY", "USD", "TWD")
DIGITS = {"JPY": 0, "USD": 2, "TWD": 0}
NO_KEYS = {"value", "valid_until", "revision_id", "basis"}
INCOTERMS = ("", "", "FOB", "EXW")


@dataclass
class World:
    """Customers with their rows of terms, SKUs, rules and list prices, as they were written."""

    dice: random.Random
    items: dict[int, Item] = field(default_factory=dict)
    customers: list[Customer] = field(default_factory=list)
    terms: dict[int, list[Terms]] = field(default_factory=dict)
    lists: dict[int, list[int]] = field(default_factory=dict)
    all_lists: list[int] = field(default_factory=list)
    catalogs: list[int] = field(default_factory=list)
    rules: dict[tuple[str, int], list[Rule]] = field(default_factory=dict)
    list_rows: dict[int, list[ListRow]] = field(default_factory=dict)
    revisions: dict[int, Revision] = field(default_factory=dict)

    def day(self) -> date:
        """Any day of the time in which rules begin and end."""
        return FIRST_DAY + timedelta(days=self.dice.randrange(DAYS))

    def buyer(self, customer: Customer, on: date) -> Buyer:
        """What a person finds in the files about a customer on a day."""
        payer = customer.bill_to_id or customer.id
        own, theirs = self._terms_on(customer.id, on), self._terms_on(payer, on)
        owners = [("customer", customer.id)]
        if payer != customer.id:
            owners.append(("customer", payer))
        owners += [("price_list", one) for one in self.lists.get(customer.id, [])]
        if customer.group_id:
            owners.append(("group", customer.group_id))
        digits = theirs.price_digits
        return Buyer(
            tuple(owners), theirs.currency, own.incoterm, own.default_rate,
            DIGITS[theirs.currency] if digits is None else digits,
            (theirs.price_mode or Rounding.DOWN).value,
        )  # fmt: skip

    def _terms_on(self, customer_id: int, on: date) -> Terms:
        return max(
            (row for row in self.terms[customer_id] if row.valid_from <= on),
            key=lambda row: row.valid_from,
        )


def make_world(seed: int, *, density: float) -> World:
    """A world from a seed; `density` says how full each place is with rules (0 to 1)."""
    world = World(random.Random(seed))
    brands, categories = _goods(world, seed)
    groups = _groups(world, seed)
    _customers(world, seed, groups)
    _price_lists(world, seed)
    for number in range(3):
        catalog = Catalog(code=f"C{seed}-{number}", name={"ja": "目録"}, position=number)
        session.add(catalog)
        session.flush()
        world.catalogs.append(catalog.id)
    _revisions(world, seed)
    _list_prices(world)
    _rules(world, density, brands, categories, groups)
    return world


def _goods(world: World, seed: int) -> tuple[list[int], list[int]]:
    dice = world.dice
    brands = [make_brand(f"B{seed}-{n}").id for n in range(4)]
    tree = [make_category(f"K{seed}-{n}") for n in range(3)]
    tree += [make_category(f"K{seed}-{n}", dice.choice(tree)) for n in range(3, 8)]
    tree += [make_category(f"K{seed}-{n}", dice.choice(tree)) for n in range(8, 14)]
    for number in range(24):
        brand = dice.choice([*brands, None])
        category = dice.choice([*tree, None])
        product = Product(
            code=f"P{seed}-{number}", name={"ja": "器"}, brand_id=brand,
            category_id=category.id if category else None, is_net=dice.random() < 0.1,
        )  # fmt: skip
        session.add(product)
        session.flush()
        path = [int(part) for part in category.path.split("/") if part] if category else []
        skus = [
            Sku(product_id=product.id, code=f"P{seed}-{number}-{n}")
            for n in range(dice.randint(1, 4))
        ]
        session.add_all(skus)
        session.flush()
        for sku in skus:
            world.items[sku.id] = Item(
                sku.id, product.id, tuple(reversed(path)), brand, product.is_net
            )
    return brands, [category.id for category in tree]


def _groups(world: World, seed: int) -> list[int]:
    groups = [CustomerGroup(code=f"G{seed}-{n}", name={"ja": "ランク"}) for n in range(3)]
    session.add_all(groups)
    session.flush()
    return [group.id for group in groups]


def _customers(world: World, seed: int, groups: list[int]) -> None:
    dice = world.dice
    for number in range(20):
        head = dice.choice(world.customers) if number > 4 and dice.random() < 0.5 else None
        if head is not None and head.bill_to_id:
            head = None
        customer = Customer(
            code=f"c{seed}-{number}", name="客", group_id=dice.choice([*groups, None]),
            bill_to_id=head.id if head else None,
        )  # fmt: skip
        session.add(customer)
        session.flush()
        world.customers.append(customer)
        rows = [
            Terms(
                customer_id=customer.id, valid_from=since, currency=dice.choice(CURRENCIES),
                incoterm=dice.choice(INCOTERMS), default_rate=dice.choice([None, *map(Decimal, ("0.58", "0.6", "0.625"))]),
                price_digits=dice.choice([None, None, 0, 1, 2]),
                price_mode=dice.choice([None, *Rounding]),
            )
            for since in (date(2020, 1, 1), FIRST_DAY + timedelta(days=400))[: dice.randint(1, 2)]
        ]  # fmt: skip
        session.add_all(rows)
        world.terms[customer.id] = rows


def _price_lists(world: World, seed: int) -> None:
    lists = [PriceList(code=f"L{seed}-{n}", name={"ja": "価格表"}) for n in range(4)]
    session.add_all(lists)
    session.flush()
    world.all_lists = [one.id for one in lists]
    for customer in world.customers:
        given = world.dice.sample(lists, world.dice.randint(0, 3))
        world.lists[customer.id] = [one.id for one in given]
        session.add_all(
            CustomerPriceList(customer_id=customer.id, price_list_id=one.id, position=position)
            for position, one in enumerate(given)
        )
    session.flush()


def _revisions(world: World, seed: int) -> None:
    """One revision of each basis, and two more that leave some customers out until a day."""
    for number, basis in enumerate([*Basis, Basis.ORDER, Basis.SHIP]):
        day = world.day()
        row = PriceRevision(
            number=f"PR{seed}-{number}", title="改定", effective_on=day, basis=basis, message={},
            made_at=clock.now(), made_by="test",
        )  # fmt: skip
        session.add(row)
        session.flush()
        chosen = world.dice.sample(world.customers, 6) if number > 2 else []
        left = {one.id: day + timedelta(days=world.dice.randint(1, 300)) for one in chosen}
        session.add_all(
            LeftOut(revision_id=row.id, customer_id=customer, starts_on=until)
            for customer, until in left.items()
        )
        world.revisions[row.id] = Revision(basis.value, left)


def _revised(world: World) -> int | None:
    """The revision that a row comes from; most come from none."""
    return world.dice.choice([None, None, *world.revisions])


def _basis(world: World, revision: int | None) -> Basis:
    return Basis(world.revisions[revision].basis) if revision else Basis.ORDER


def _list_prices(world: World) -> None:
    dice, seen = world.dice, set()
    for item in world.items.values():
        for currency in DIGITS:
            if dice.random() < 0.15:
                continue
            for number in range(dice.randint(1, 3)):
                row = ListRow(
                    item.id, currency, dice.choice(INCOTERMS) if number else "",
                    Decimal(dice.randint(100, 9999)) / (100 if currency == "USD" else 1),
                    dice.choice([date(2020, 1, 1), world.day()]), _revised(world),
                )  # fmt: skip
                key = (row.sku, row.currency, row.incoterm, row.valid_from)
                if key not in seen:
                    seen.add(key)
                    world.list_rows.setdefault(item.id, []).append(row)
    session.execute(
        insert(ListPrice),
        [
            {"sku_id": row.sku, "currency": row.currency, "incoterm": row.incoterm,
             "amount": row.amount, "valid_from": row.valid_from, "revision_id": row.revision,
             "basis": _basis(world, row.revision)}
            for rows in world.list_rows.values() for row in rows
        ],
    )  # fmt: skip


def _rules(
    world: World, density: float, brands: list[int], categories: list[int], groups: list[int]
) -> None:
    dice = world.dice
    owners = [(OwnerKind.CUSTOMER, customer.id) for customer in world.customers]
    owners += [(OwnerKind.PRICE_LIST, one) for one in world.all_lists]
    owners += [(OwnerKind.GROUP, one) for one in groups]
    owners += [(OwnerKind.CATALOG, one) for one in world.catalogs]
    objects = [(Scope.SKU, item) for item in world.items]
    objects += [
        (Scope.PRODUCT, one) for one in dict.fromkeys(item.product for item in world.items.values())
    ]
    objects += [(Scope.CATEGORY, one) for one in categories]
    objects += [(Scope.BRAND, one) for one in brands] + [(Scope.ALL, 0)]
    rows, seen = [], set()
    for owner_kind, owner in owners:
        for scope, thing in objects:
            # few brands, one "all": they need more rules to be met as often as the others
            while dice.random() < (
                min(6 * density, 0.5) if scope in {Scope.BRAND, Scope.ALL} else density
            ):
                row = _rule(world, owner_kind, owner, scope, thing)
                key = tuple(row[name] for name in row if name not in NO_KEYS)
                if key not in seen:
                    seen.add(key)
                    rows.append(row)
    if not rows:
        return
    ids = session.scalars(
        insert(PriceRule).returning(PriceRule.id, sort_by_parameter_order=True), rows
    )
    for id_, row in zip(ids, rows, strict=True):
        kept = (row["owner_kind"].value, row["owner_id"])
        rule = Rule(
            id_, kept, row["kind"].value, row["scope"].value, row["object_id"], row["currency"],
            row["incoterm"], row["value"], row["minimum"], row["break_scope"].value,
            row["is_special"], row["valid_from"], row["valid_until"], row["revision_id"],
        )  # fmt: skip
        world.rules.setdefault(kept, []).append(rule)


def _rule(
    world: World, owner_kind: OwnerKind, owner: int, scope: Scope, thing: int
) -> dict[str, object]:
    dice = world.dice
    fixed = scope in {Scope.SKU, Scope.PRODUCT} and dice.random() < 0.5
    since = dice.choice([date(2020, 1, 1), world.day(), world.day()])
    revision = _revised(world)
    return {
        "revision_id": revision, "basis": _basis(world, revision),
        "owner_kind": owner_kind, "owner_id": owner, "scope": scope, "object_id": thing,
        "kind": RuleKind.FIXED if fixed else RuleKind.RATE,
        "currency": dice.choice(list(DIGITS)) if fixed else "",
        "incoterm": dice.choice(("", "", "", "FOB")),
        "value": Decimal(dice.randint(50, 9000)) if fixed else Decimal(dice.randint(400, 990)) / 1000,
        "minimum": dice.choice([1, 1, 1, 6, 12, 48, 100]),
        "break_scope": dice.choice(list(BreakScope)),
        "is_special": dice.random() < 0.12,
        "valid_from": since,
        "valid_until": dice.choice([None, None, since + timedelta(days=dice.randint(0, 500))]),
    }  # fmt: skip
