"""The bench's catalogue: brands, a category tree, products, SKUs, list prices, catalogs."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from sqlalchemy import select

from wholesale.bench import words
from wholesale.bench.sizes import SEED, Size
from wholesale.bench.writing import Writer
from wholesale.catalog import searching
from wholesale.catalog.models import Sku
from wholesale.kernel.db import session

COLOURS_EACH = 5
BRANDS = 40
ROOTS = 10
LEAVES = 12  # categories below each root
SOME_CATALOGS = 10
INDEXED_AT_ONCE = 2_000
DISCONTINUED = 200  # every so many
POLICIES = ("backorder", "backorder", "backorder", "in_stock", "made_to_order")
LONG_AGO = "2020-01-01"
YEN = 10_000  # what one unit of money is in the database


def list_price(sku_id: int) -> int:
    """The list price in yen; the same for the colours of a product."""
    return 200 + (((sku_id - 1) // COLOURS_EACH) * 7_727 % 1_500) * 10


def dollars(sku_id: int) -> int:
    """The list price in cents."""
    return list_price(sku_id) * 100 // 140


def product_of(sku_id: int) -> int:
    """The id of the SKU's product."""
    return (sku_id - 1) // COLOURS_EACH + 1


def code_of(sku_id: int) -> str:
    """The SKU's code."""
    colour = words.COLOURS[(sku_id - 1) % COLOURS_EACH][0]
    return f"TK-{product_of(sku_id):05d}-{colour}"


def can_wait(sku_id: int) -> bool:
    """Whether the SKU can be ordered however many lie there."""
    policy = POLICIES[product_of(sku_id) % len(POLICIES)]
    return policy == "backorder" and sku_id % DISCONTINUED != 0


def is_reduced(sku_id: int) -> bool:
    """Whether the SKU's product is taxed at the reduced rate: every twentieth is tea."""
    return ((sku_id - 1) // COLOURS_EACH) % 20 == 0


def category_of(product: int) -> int:
    """The id of a product's category, always a leaf."""
    root, leaf = product % ROOTS, (product // ROOTS) % LEAVES
    return ROOTS + root * LEAVES + leaf + 1


def write(out: Writer, size: Size) -> None:
    """Write the whole catalogue."""
    out.rows(
        "brands", "id code name position",
        ((n, f"B{n:03d}", words.names(f"窯元{n}", f"Kiln {n}", f"窑{n}"), n)
         for n in range(1, BRANDS + 1)),
    )  # fmt: skip
    out.rows("categories", "id code name parent_id path position", _categories())
    out.rows(
        "products",
        "id code name reading description brand_id category_id tax_class axes is_net hs_code "
        "origin unit launched_on position version",
        _products(size),
    )
    out.rows(
        "skus",
        "id product_id code jan option_1 option_1_code option_2_code option_3_code swatch state "
        "policy lead_days minimum multiple carton_quantity weight_grams cost leads position",
        _skus(size),
    )
    out.rows("list_prices", "sku_id currency incoterm amount valid_from", _list_prices(size))
    _catalogs(out, size)


def write_search(size: Size) -> None:
    """Index every SKU for search, with the verb that saving a product calls."""
    for first in range(1, size.skus + 1, INDEXED_AT_ONCE):
        searching.index(
            session.scalars(select(Sku.id).where(Sku.id >= first, Sku.id < first + INDEXED_AT_ONCE))
        )


def _categories() -> Iterator[tuple[Any, ...]]:
    for root in range(1, ROOTS + 1):
        name = words.names(f"分類{root}", f"Category {root}", f"分类{root}")
        yield root, f"C{root:02d}", name, None, f"/{root}/", root
    number = ROOTS
    for root in range(1, ROOTS + 1):
        for leaf in range(1, LEAVES + 1):
            number += 1
            name = words.names(
                f"分類{root}-{leaf}", f"Category {root}-{leaf}", f"分类{root}-{leaf}"
            )
            yield number, f"C{root:02d}-{leaf:02d}", name, root, f"/{root}/{number}/", leaf


def _products(size: Size) -> Iterator[tuple[Any, ...]]:
    random = Random(SEED)
    axes = '[{"en":"Colour","ja":"色","zh":"颜色"}]'
    for n in range(1, size.products + 1):
        name, reading = words.product_names(n, random)
        tax = "reduced" if is_reduced(n * COLOURS_EACH) else "standard"
        launched = f"202{random.randrange(1, 7)}-{random.randrange(1, 13):02d}-01"
        yield (
            n, f"TK-{n:05d}", name, reading, None, n % BRANDS + 1, category_of(n), tax, axes,
            n % 50 == 0, "", "JP", "piece", launched, n, 1,
        )  # fmt: skip


def _skus(size: Size) -> Iterator[tuple[Any, ...]]:
    for sku in range(1, size.skus + 1):
        product, colour = (sku - 1) // COLOURS_EACH + 1, (sku - 1) % COLOURS_EACH
        code, ja, en, zh, swatch = words.COLOURS[colour]
        policy = POLICIES[product % len(POLICIES)]
        yield (
            sku, product, f"TK-{product:05d}-{code}", f"49{sku:011d}", words.names(ja, en, zh),
            code, "", "", swatch, "selling" if sku % DISCONTINUED else "discontinued", policy,
            10 if policy == "made_to_order" else None, 1, (1, 1, 2, 6)[product % 4],
            (None, 12, 24)[product % 3], 250, list_price(sku) * YEN * 4 // 10, True, colour,
        )  # fmt: skip


def _list_prices(size: Size) -> Iterator[tuple[Any, ...]]:
    for sku in range(1, size.skus + 1):
        yield sku, "JPY", "", list_price(sku) * YEN, LONG_AGO
        yield sku, "USD", "", dollars(sku) * YEN // 100, LONG_AGO


def _skus_of(product: int, size: Size) -> range:
    first = (product - 1) * COLOURS_EACH + 1
    return range(first, min(first + COLOURS_EACH, size.skus + 1))


def _catalogs(out: Writer, size: Size) -> None:
    """Beside 標準: catalogs of some products for some groups, the second to be asked."""
    numbers = range(2, SOME_CATALOGS + 2)
    out.rows(
        "catalogs", "id code name audience holds_everything state position",
        ((n, f"K{n}", words.names(f"目録{n}", f"Catalog {n}", f"目录{n}"), "limited", False, "open", n)
         for n in numbers),
    )  # fmt: skip
    out.rows(
        "catalog_audiences", "catalog_id group_id",
        ((n, (n * 3 + k) % size.groups + 1) for n in numbers for k in range(3)),
    )  # fmt: skip
    out.rows(
        "catalog_skus",
        "catalog_id sku_id position",
        (
            (n, sku, sku)
            for n in numbers
            for product in range(n, size.products + 1, 41)
            for sku in _skus_of(product, size)
        ),
    )
