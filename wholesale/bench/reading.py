"""The works that only read: pages of the catalogue, prices, reviews, lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import selectinload

from wholesale.bench import goods
from wholesale.bench.measuring import Goal, Work
from wholesale.bench.sizes import DAYS, NOW, TODAY, Size
from wholesale.catalog.queries import sku_ids_by_code
from wholesale.customers.models import Address, Customer
from wholesale.customers.queries import customer_by_code, ship_tos
from wholesale.kernel import clock
from wholesale.offers.listing import Asked, catalogue_page, category_facets, product_view
from wholesale.offers.offering import offers
from wholesale.orders import queries
from wholesale.orders.checkout import Requested, review
from wholesale.orders.models import Order
from wholesale.orders.queries import OrderFilter
from wholesale.pricing.resolving import resolve
from wholesale.web.paging import keyed_page, pack

SEARCHES = ("湯呑", "信楽", "ゆの", "備前", "和紙", "tk-001", "bow", "急須", "白", "たけ")
VIEWS = ("", "to_confirm", "short", "to_ship", "to_bill", "open", "done")
PIECES = 12  # fits every pack size of the set


def works(size: Size) -> list[Work]:
    """Every work that reads, in the order in which a day meets them."""
    return [*_catalogue(size), *_basket(size), *_lists(size)]


def _catalogue(size: Size) -> list[Work]:
    categories = [f"C{root:02d}" for root in range(1, goods.ROOTS + 1)]
    leaves = [f"C{root:02d}-{leaf:02d}" for root in range(1, 11) for leaf in range(1, 13)]

    def page(*, sort: str = "", category: bool = False, leaf: bool = False, deep: int = 0) -> Work:
        def prepare(random: Random) -> tuple[Customer, Asked]:
            code = random.choice(leaves) if leaf else random.choice(categories) if category else ""
            offset = random.randrange(deep) * 48 if deep else 0
            return some_customer(random, size), Asked(category=code, sort=sort, offset=offset)

        name = "catalogue" + ("_leaf" if leaf else "_category" if category else "")
        name += "_deep" if deep else "_by_price" if sort else ""
        goal = Goal(40, 40) if sort else Goal(8, 10)
        return Work(
            name, f"Page of 48 with own prices: {_words(sort, category, leaf, deep)}",
            lambda given: catalogue_page(given[0], given[1], at=NOW), prepare, goal, "P3",
        )  # fmt: skip

    def search(random: Random) -> tuple[Customer, Asked]:
        return some_customer(random, size), Asked(query=random.choice(SEARCHES))

    return [
        page(),
        page(category=True),
        page(leaf=True),
        page(category=True, deep=20),
        page(leaf=True, sort="price"),
        Work(
            "search", "Search as typed, two signs, with own prices",
            lambda given: catalogue_page(given[0], given[1], at=NOW), search, Goal(10, 14), "P4",
        ),
        Work(
            "facets", "The category tree with its counts (kept for a minute by the page)",
            lambda customer: category_facets(customer, at=NOW),
            lambda random: some_customer(random, size), None, "P3", 10,
        ),
        Work(
            "product", "Product view: five SKUs with own prices and availability",
            lambda given: product_view(given[0], given[1], at=NOW),
            lambda random: (
                some_customer(random, size), f"TK-{random.randrange(size.products) + 1:05d}"
            ),
        ),
    ]  # fmt: skip


def _words(sort: str, category: bool, leaf: bool, deep: int) -> str:  # noqa: FBT001 - four marks of one page
    where = "one category" if leaf else "one branch of the tree" if category else "everything"
    return where + (", by own price" if sort else "") + (", far behind" if deep else "")


def _basket(size: Size) -> list[Work]:
    def basket(pieces: int) -> Callable[[Random], tuple[Customer, dict[int, int]]]:
        return lambda random: (some_customer(random, size), some_skus(random, size, pieces))

    def requested(random: Random) -> tuple[Customer, Address, list[Requested]]:
        customer = some_customer(random, size)
        lines = [Requested(sku, n) for sku, n in some_skus(random, size, 40).items()]
        return customer, ship_tos(customer.id)[0], lines

    def pasted(random: Random) -> tuple[Customer, dict[str, int]]:
        codes = {goods.code_of(sku): n for sku, n in some_skus(random, size, 100).items()}
        return some_customer(random, size), codes

    return [
        Work("prices", "Prices of a basket of 40",
             lambda given: resolve(given[0], given[1], on=TODAY), basket(40), None, "P3"),
        Work("offers", "Offers of a basket of 40: prices, availability, limits",
             lambda given: offers(given[0], given[1], at=NOW), basket(40)),
        Work("quick_order", "Quick order: 100 pasted codes found, priced and checked",
             _read_pasted, pasted, Goal(25, 30), "P5", 60),
        Work("review", "Review of a cart of 40 lines",
             lambda given: review(given[0], given[2], ship_to=given[1], wished_on=None, at=clock.now()),
             requested, None, "", 60),
    ]  # fmt: skip


def _read_pasted(given: tuple[Customer, dict[str, int]]) -> object:
    customer, pasted = given
    found = sku_ids_by_code(pasted)
    return offers(customer, {found[code]: n for code, n in pasted.items() if code in found}, at=NOW)


def _lists(size: Size) -> list[Work]:
    def first(random: Random) -> OrderFilter:
        return OrderFilter(view=random.choice(VIEWS))

    def deep(random: Random) -> tuple[OrderFilter, tuple[datetime, int]]:
        return OrderFilter(), (NOW - timedelta(days=random.randrange(DAYS)), 0)

    return [
        Work("order_list", "The office's list of orders, first page of any view, with line counts",
             _order_page, lambda random: (first(random), None), Goal(8, 10), "P12"),
        Work("order_list_next", "The same far behind, by key",
             _order_page, deep, Goal(8, 10), "P12"),
        Work("order_search", "The list narrowed by a number typed into it",
             _order_page, lambda random: (OrderFilter(text=f"SO-26-{random.randrange(9999):04d}"), None),
             Goal(8, 10), "P12"),
        Work("own_orders", "One customer's list of orders",
             _order_page,
             lambda random: (OrderFilter(customer_id=some_customer(random, size).id), None),
             Goal(8, 10), "P12"),
        Work("order_counts", "How many orders wait in each view",
             lambda _: queries.counts(), goal=Goal(8, 10), plan="P13"),
    ]  # fmt: skip


def _order_page(given: tuple[OrderFilter, tuple[datetime, int] | None]) -> object:
    asked, key = given
    page = keyed_page(
        queries.orders_matching(asked).options(selectinload(Order.customer)),
        [Order.placed_at, Order.id], lambda one: (one.placed_at, one.id),
        {"older": pack(*key)} if key else {},
    )  # fmt: skip
    return queries.line_counts([order.id for order in page.rows])


def some_customer(random: Random, size: Size) -> Customer:
    """A customer that is billed itself, in yen, whoever it is."""
    while True:
        number = random.randrange(size.customers) + 1
        if number % 10 and number % 13:
            customer = customer_by_code(f"C{number:05d}")
            assert customer is not None  # noqa: S101 - the set has every number
            return customer


def some_skus(random: Random, size: Size, count: int) -> dict[int, int]:
    """So many different SKUs that can be ordered however many lie there, with pieces."""
    found: dict[int, Any] = {}
    while len(found) < min(count, size.skus // 3):
        sku = random.randrange(size.skus) + 1
        if goods.can_wait(sku):
            found[sku] = PIECES
    return found
