"""The one order in which prices are asked, against a person's way of looking them up."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.factories.goods import make_brand, make_category, make_product, make_sku
from tests.factories.people import BY, make_customer
from tests.pricing.counting import statements
from tests.pricing.reference import Line, look_up
from tests.pricing.world import World, make_world
from wholesale.catalog.models import Catalog, Sku
from wholesale.customers.models import AmountBasis, Customer, CustomerGroup
from wholesale.customers.queries import forget_terms, money_terms, terms_on
from wholesale.kernel import clock, db
from wholesale.kernel.db import session
from wholesale.kernel.money import Rounding
from wholesale.pricing.days import PriceDates
from wholesale.pricing.models import (
    CustomerPriceList,
    ListPrice,
    OwnerKind,
    PriceList,
    RuleKind,
    Scope,
)
from wholesale.pricing.resolving import Price, amount, resolve
from wholesale.pricing.revising import RuleDraft, save_rules

CASES = 10_000
EVERY_PLACE = {
    *(f"customer/{place}" for place in ("sku/fixed", "product/fixed", "sku/rate", "product/rate", "category/rate", "brand/rate")),
    *(f"price_list/{place}" for place in ("sku/fixed", "product/fixed", "sku/rate", "product/rate", "category/rate", "brand/rate", "all/rate")),
    *(f"group/{place}" for place in ("sku/fixed", "product/fixed", "sku/rate", "product/rate", "category/rate", "brand/rate", "all/rate")),
    *(f"catalog/{place}" for place in ("sku/fixed", "product/fixed", "sku/rate", "product/rate", "all/rate")),
    "default", "list", "no price",
}  # fmt: skip


def a_line(world: World, on: date) -> PriceDates:
    """When a line is shipped and wished for: some days after it is ordered, or not known."""
    ships = on + timedelta(days=world.dice.choice([0, 1, 3, 30, 90, 200]))
    wished = on + timedelta(days=world.dice.choice([0, 2, 20, 150]))
    return PriceDates(world.dice.choice([ships, ships, None]), world.dice.choice([wished, None]))


def ask(world: World, seen: Counter[str]) -> int:
    """Price one random basket both ways; returns how many cases that were."""
    dice = world.dice
    customer, on = dice.choice(world.customers), world.day()
    chosen = dice.sample(sorted(world.items), min(40, len(world.items)))
    basket = {sku: dice.choice([0, 1, 2, 5, 6, 12, 30, 60]) for sku in chosen}
    catalogs = {sku: dice.choice(world.catalogs) for sku in chosen if dice.random() < 0.6}
    days = {sku: a_line(world, on) for sku in chosen}
    found = resolve(customer, basket, on=on, catalogs=catalogs, dates=lambda: days)
    buyer = world.buyer(customer, on)
    by_product: Counter[int] = Counter()
    for sku, pieces in basket.items():
        by_product[world.items[sku].product] += pieces
    for sku, quantity in basket.items():
        item = world.items[sku]
        counted = {
            "sku": quantity, "product": by_product[item.product], "order": sum(basket.values())
        }  # fmt: skip
        wanted = look_up(
            item, buyer, catalogs.get(sku), counted, world.rules, world.list_rows.get(sku, []),
            Line((customer.id, customer.bill_to_id or 0), on, *days[sku], world.revisions),
        )  # fmt: skip
        got = found.get(sku)
        assert (got and (got.unit_price, got.rule)) == wanted, (customer.code, item, on, quantity)
        assert got is None or got.currency == buyer.currency
        seen[wanted[1] if wanted else "no price"] += 1
    return len(basket)


def test_ten_thousand_random_cases_cost_what_a_person_would_find(database: None) -> None:
    """Thin worlds let the late places decide, full ones let the early places beat each other."""
    seen: Counter[str] = Counter()
    worlds = [
        make_world(seed, density=density)
        for seed, density in enumerate((0.005, 0.015, 0.04, 0.1, 0.3))
    ]
    cases = 0
    while cases < CASES:
        cases += sum(ask(world, seen) for world in worlds)
    assert set(seen) == EVERY_PLACE
    assert min(seen.values()) >= 5, seen.most_common()


@pytest.mark.parametrize("size", [40, 48])
def test_a_basket_and_a_page_cost_six_statements_whatever_the_number_of_rules(
    database: None, size: int
) -> None:
    counts = []
    for seed, density in ((7, 0.0), (8, 0.5)):
        world = make_world(seed, density=density)
        customer = next(c for c in world.customers if c.bill_to_id and world.lists[c.id])
        basket = dict.fromkeys(list(world.items)[:size], 6)
        catalogs = {sku: world.dice.choice(world.catalogs) for sku in basket}
        session.expunge_all()
        session.info.clear()
        db.acts_as(db.Principal.system("test"))
        with statements() as sent:
            resolve(customer, basket, on=date(2026, 11, 20), catalogs=catalogs)
        counts.append(len(sent))
    assert len(basket) == size
    assert counts[0] == counts[1] <= 6, counts


def test_an_empty_basket_asks_nothing(database: None) -> None:
    customer = make_customer("leer", "空")
    with statements() as sent:
        assert resolve(customer, {}, on=clock.today()) == {}
    assert sent == []


# The vectors of the trade: list price 2,200, rank A at 58 % on 器, own default 62 %.


@pytest.fixture
def shop(database: None) -> Shop:
    return Shop()


class Shop:
    """One bowl at 2,200 in the categories 器 → 飯碗・鉢, a customer of rank A, and a catalog."""

    def __init__(self) -> None:
        self.ware = make_category("器")
        self.bowls = make_category("飯碗・鉢", self.ware)
        self.brand = make_brand()
        self.bowl = make_sku(
            make_product("鉢", brand=self.brand, category=self.bowls), list_price="2200"
        )
        self.rank = CustomerGroup(code="A", name={"ja": "A"})
        self.catalog = Catalog(code="SPRING", name={"ja": "春"})
        self.customer = make_customer("yama", "山", rate="0.62")
        session.add_all([self.rank, self.catalog])
        session.flush()
        self.customer.group_id = self.rank.id
        self.owners = {
            OwnerKind.CUSTOMER: self.customer.id,
            OwnerKind.GROUP: self.rank.id,
            OwnerKind.CATALOG: self.catalog.id,
        }

    def rule(
        self, kind_of_owner: OwnerKind, scope: Scope, thing: int, value: str, **more: object
    ) -> None:
        kind = RuleKind.RATE if Decimal(value) <= 1 else RuleKind.FIXED
        currency = "JPY" if kind is RuleKind.FIXED else ""
        draft = RuleDraft(
            kind_of_owner, int(more.pop("owner", self.owners.get(kind_of_owner, 0))), kind, scope, thing,
            Decimal(value), date(2025, 1, 1), currency, **more,
        )  # fmt: skip
        save_rules([draft], BY)

    def price(
        self, quantity: int = 1, on: date = date(2026, 11, 20), sku: Sku | None = None
    ) -> Price:
        wanted = sku or self.bowl
        return resolve(
            self.customer, {wanted.id: quantity}, on=on, catalogs={wanted.id: self.catalog.id}
        )[wanted.id]


def test_the_rank_beats_the_customers_own_default(shop: Shop) -> None:
    assert shop.price().unit_price == 1364
    shop.rule(OwnerKind.GROUP, Scope.CATEGORY, shop.ware.id, "0.58")
    price = shop.price()
    assert (price.unit_price, price.rate, price.rule) == (
        1276,
        Decimal("0.58"),
        "group/category/rate",
    )


def test_the_customers_own_rate_beats_a_fixed_price_of_the_catalog(shop: Shop) -> None:
    shop.rule(OwnerKind.CUSTOMER, Scope.PRODUCT, shop.bowl.product_id, "0.56")
    shop.rule(OwnerKind.CATALOG, Scope.SKU, shop.bowl.id, "1300")
    assert shop.price().unit_price == 1232


def test_a_special_of_the_catalog_wins_where_it_is_lower(shop: Shop) -> None:
    shop.rule(OwnerKind.CUSTOMER, Scope.PRODUCT, shop.bowl.product_id, "0.56")
    shop.rule(OwnerKind.CATALOG, Scope.SKU, shop.bowl.id, "1200", is_special=True)
    price = shop.price()
    assert (price.unit_price, price.is_special) == (1200, True)
    shop.rule(OwnerKind.CUSTOMER, Scope.SKU, shop.bowl.id, "1150")
    assert (shop.price().unit_price, shop.price().is_special) == (1150, False)


def test_the_nearest_category_upwards_decides(shop: Shop) -> None:
    shop.rule(OwnerKind.GROUP, Scope.CATEGORY, shop.ware.id, "0.58")
    shop.rule(OwnerKind.GROUP, Scope.CATEGORY, shop.bowls.id, "0.57")
    assert shop.price().unit_price == 1254


def test_price_lists_are_asked_in_the_customers_order(shop: Shop) -> None:
    for position, (code, rate) in enumerate((("VIP", "0.5"), ("FAIR", "0.4"))):
        one = PriceList(code=code, name={"ja": code})
        session.add(one)
        session.flush()
        session.add(
            CustomerPriceList(customer_id=shop.customer.id, price_list_id=one.id, position=position)
        )
        shop.rule(OwnerKind.PRICE_LIST, Scope.ALL, 0, rate, owner=one.id)
    shop.rule(OwnerKind.GROUP, Scope.SKU, shop.bowl.id, "900")
    assert (shop.price().unit_price, shop.price().rule) == (1100, "price_list/all/rate")


def test_a_store_reads_its_head_offices_prices_after_its_own(shop: Shop) -> None:
    store = make_customer("yama-2", "山 二号店", rate="0.7")
    store.bill_to_id = shop.customer.id
    session.flush()
    shop.rule(OwnerKind.CUSTOMER, Scope.SKU, shop.bowl.id, "1111")
    basket = {shop.bowl.id: 1}
    assert resolve(store, basket, on=clock.today())[shop.bowl.id].unit_price == 1111
    shop.rule(OwnerKind.CUSTOMER, Scope.BRAND, shop.brand.id, "0.9", owner=store.id)
    assert resolve(store, basket, on=clock.today())[shop.bowl.id].unit_price == 1980


def test_net_products_ignore_every_rate(shop: Shop) -> None:
    bowl = make_sku(make_product("ネット鉢", category=shop.bowls, is_net=True), list_price="2200")
    shop.rule(OwnerKind.GROUP, Scope.CATEGORY, shop.ware.id, "0.58")
    assert (shop.price(sku=bowl).unit_price, shop.price(sku=bowl).rule) == (2200, "list")
    shop.rule(OwnerKind.GROUP, Scope.SKU, bowl.id, "2100")
    assert shop.price(sku=bowl).unit_price == 2100


def test_a_break_counts_all_variants_of_the_product(shop: Shop) -> None:
    product = make_product("鉢 大")
    red, blue = make_sku(product, list_price="1000"), make_sku(product, list_price="1000")
    shop.rule(OwnerKind.CUSTOMER, Scope.PRODUCT, product.id, "0.6")
    shop.rule(OwnerKind.CUSTOMER, Scope.PRODUCT, product.id, "0.5", minimum=12)
    few = resolve(shop.customer, {red.id: 6, blue.id: 5}, on=clock.today())
    many = resolve(shop.customer, {red.id: 6, blue.id: 6}, on=clock.today())
    assert [price.unit_price for price in few.values()] == [600, 600]
    assert [price.unit_price for price in many.values()] == [500, 500]


def test_a_price_begins_and_ends_on_its_days(shop: Shop) -> None:
    draft = RuleDraft(
        OwnerKind.CUSTOMER, shop.customer.id, RuleKind.FIXED, Scope.SKU, shop.bowl.id,
        Decimal(1500), date(2026, 12, 1), "JPY", valid_until=date(2026, 12, 31),
    )  # fmt: skip
    save_rules([draft], BY)
    days = (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [shop.price(on=day).unit_price for day in days] == [1364, 1500, 1500, 1364]


def test_no_price_is_made_from_another_currency(shop: Shop) -> None:
    abroad = make_customer("oslo", "Oslo AS", rate="1", currency="USD")
    basket = {shop.bowl.id: 1}
    assert resolve(abroad, basket, on=clock.today()) == {}
    since = date(2025, 1, 1)
    session.add(
        ListPrice(sku_id=shop.bowl.id, currency="USD", amount=Decimal("14.5"), valid_from=since)
    )
    session.flush()
    price = resolve(abroad, basket, on=clock.today())[shop.bowl.id]
    assert (price.unit_price, price.currency) == (Decimal("14.5"), "USD")


def test_a_list_price_for_the_customers_own_incoterm_goes_first(shop: Shop) -> None:
    abroad = make_customer("oslo", "Oslo AS", rate=None, currency="USD")
    for incoterm, value, since in (
        ("FOB", "15", date(2025, 1, 1)), ("", "14", date(2026, 1, 1)), ("EXW", "9", date(2026, 1, 1))
    ):  # fmt: skip
        session.add(
            ListPrice(sku_id=shop.bowl.id, currency="USD", incoterm=incoterm,
                      amount=Decimal(value), valid_from=since)
        )  # fmt: skip
    session.flush()
    assert resolve(abroad, {shop.bowl.id: 1}, on=clock.today())[shop.bowl.id].unit_price == 14
    change_terms(abroad, incoterm="FOB")
    assert resolve(abroad, {shop.bowl.id: 1}, on=clock.today())[shop.bowl.id].unit_price == 15


def test_the_trace_says_what_decided_and_what_was_beaten(shop: Shop) -> None:
    shop.rule(OwnerKind.CUSTOMER, Scope.PRODUCT, shop.bowl.product_id, "0.56")
    shop.rule(OwnerKind.GROUP, Scope.CATEGORY, shop.ware.id, "0.58")
    assert [(step.place, step.outcome) for step in shop.price().trace] == [
        ("customer/product/rate", "decides"), ("group/category/rate", "beaten"),
    ]  # fmt: skip


def change_terms(customer: Customer, **values: object) -> None:
    terms = terms_on(customer.id, clock.today())
    assert terms is not None
    for name, value in values.items():
        setattr(terms, name, value)
    session.flush()
    forget_terms()


@pytest.mark.parametrize(
    ("digits", "price_mode", "basis", "amount_mode", "unit", "total"),
    [
        (0, Rounding.DOWN, AmountBasis.UNIT_PRICE, Rounding.DOWN, "624", 7488),
        (2, Rounding.HALF_UP, AmountBasis.UNIT_PRICE, Rounding.DOWN, "624.38", 7492),
        (2, Rounding.HALF_UP, AmountBasis.LIST_PRICE, Rounding.DOWN, "624.38", 7492),
        (2, Rounding.HALF_UP, AmountBasis.LIST_PRICE, Rounding.HALF_UP, "624.38", 7493),
        (0, Rounding.DOWN, AmountBasis.LIST_PRICE, Rounding.DOWN, "624", 7492),
        (1, Rounding.UP, AmountBasis.UNIT_PRICE, Rounding.UP, "624.4", 7493),
    ],
)  # fmt: skip
def test_twelve_of_999_at_62_5_percent(
    database: None, digits: int, price_mode: Rounding, basis: AmountBasis, amount_mode: Rounding,
    unit: str, total: int,
) -> None:  # fmt: skip
    customer, cup = make_customer("kaze", "風", rate="0.625"), make_sku(list_price="999")
    change_terms(
        customer,
        price_digits=digits,
        price_mode=price_mode,
        amount_basis=basis,
        amount_mode=amount_mode,
    )
    price = resolve(customer, {cup.id: 12}, on=clock.today())[cup.id]
    assert price.unit_price == Decimal(unit)
    assert amount(price, 12, money_terms(customer, clock.today())) == total


@pytest.mark.parametrize(
    ("listed", "rate", "down", "half_up"),
    [("1980", "0.65", 1287, 1287), ("1280", "0.55", 704, 704), ("999", "0.625", 624, 624), ("1111", "0.65", 722, 722)],
)  # fmt: skip
def test_rates_on_list_prices_are_rounded_before_the_quantity(
    database: None, listed: str, rate: str, down: int, half_up: int
) -> None:
    customer, cup = make_customer("kaze", "風", rate=rate), make_sku(list_price=listed)
    assert resolve(customer, {cup.id: 1}, on=clock.today())[cup.id].unit_price == down
    change_terms(customer, price_mode=Rounding.HALF_UP)
    assert resolve(customer, {cup.id: 1}, on=clock.today())[cup.id].unit_price == half_up
