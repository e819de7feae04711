"""Products, SKUs and prices for tests."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

from wholesale.catalog.models import Brand, Category, OrderPolicy, Product, Sku, SkuState
from wholesale.company.models import TaxClass
from wholesale.kernel.db import session
from wholesale.pricing.models import ListPrice

_numbers = itertools.count(1)
SINCE = date(2020, 1, 1)


def make_brand(code: str = "土と火") -> Brand:
    """A brand."""
    brand = Brand(code=code, name={"ja": code})
    session.add(brand)
    session.flush()  # tests look at the id
    return brand


def make_category(code: str, parent: Category | None = None) -> Category:
    """A category below another, its path kept right."""
    category = Category(
        code=code, name={"ja": code}, parent_id=parent.id if parent else None, path=""
    )
    session.add(category)
    session.flush()  # the path holds the id
    category.path = f"{parent.path if parent else '/'}{category.id}/"
    session.flush()  # tests look at it
    return category


def make_product(
    name: str = "湯呑 小",
    *,
    code: str | None = None,
    reading: str = "",
    brand: Brand | None = None,
    category: Category | None = None,
    tax_class: TaxClass = TaxClass.STANDARD,
    is_net: bool = False,
) -> Product:
    """A product without SKUs."""
    product = Product(
        code=code or f"TK-{next(_numbers):05d}",
        name={"ja": name, "en": f"{name} en", "zh": f"{name} zh"},
        reading=reading,
        brand_id=brand.id if brand else None,
        category_id=category.id if category else None,
        tax_class=tax_class,
        is_net=is_net,
    )
    session.add(product)
    session.flush()  # SKUs carry its id
    return product


def make_sku(
    product: Product | None = None,
    *,
    code: str | None = None,
    jan: str | None = None,
    list_price: str | None = "1000",
    currency: str = "JPY",
    policy: OrderPolicy = OrderPolicy.BACKORDER,
    state: SkuState = SkuState.SELLING,
    minimum: int = 1,
    multiple: int = 1,
    maximum: int | None = None,
    carton_quantity: int | None = None,
) -> Sku:
    """A SKU with a list price since 2020; `list_price` None leaves it without one."""
    product = product or make_product()
    sku = Sku(
        product_id=product.id,
        code=code or f"{product.code}-{next(_numbers)}",
        jan=jan,
        policy=policy,
        state=state,
        minimum=minimum,
        multiple=multiple,
        maximum=maximum,
        carton_quantity=carton_quantity,
        position=next(_numbers),
    )
    session.add(sku)
    session.flush()  # prices and stock carry its id
    if list_price is not None:
        session.add(
            ListPrice(
                sku_id=sku.id, currency=currency, amount=Decimal(list_price), valid_from=SINCE
            )
        )
        session.flush()  # prices are read by Core
    return sku
