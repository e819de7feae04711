"""Pages of the catalogue: which SKUs stand on them, in which order, beside which filters."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, exists, func, select, union

from wholesale.catalog.models import Brand, Category, OrderPolicy, Product, Sku
from wholesale.catalog.searching import matches
from wholesale.catalog.visibility import is_visible, open_catalogs
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.db import Names, session
from wholesale.offers.offering import Offer, offers
from wholesale.pricing.resolving import resolve
from wholesale.stock.models import Balance, Expected, Location

PAGE = 48
MOST_COUNTED = 1000
MOST_SORTED_BY_PRICE = 2000
FACETS_KEPT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader of the catalogue asked for; every field is part of the page's address."""

    category: str = ""
    query: str = ""
    option: str = ""
    stock: str = ""
    sort: str = ""
    offset: int = 0
    brand: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page: its offers in order, how many there are in all (`more_than` counted), what's next."""

    offers: list[Offer]
    total: int
    is_more: bool
    next_offset: int | None
    sorted_by_price: bool = True


@dataclass(frozen=True, slots=True)
class Facet:
    """One choice beside the list: its code, name, how many it holds, how deep in the tree."""

    code: str
    name: Names
    count: int
    depth: int = 0
    swatch: str = ""


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product with the offers of all its SKUs, as rows and columns of its first two axes."""

    offers: list[Offer]
    rows: list[str]
    columns: list[str]
    cells: Mapping[tuple[str, str], Offer] = field(default_factory=dict)


def catalogue_page(customer: Customer, asked: Asked, *, at: datetime, size: int = PAGE) -> Listing:
    """The page a customer asked for. A fixed number of statements, whatever the number of rules."""
    found = _found(customer, asked, at)
    total = session.scalar(
        select(func.count()).select_from(found.limit(MOST_COUNTED + 1).subquery())
    )
    total = total or 0
    by_price = asked.sort in {"price", "-price"} and total <= MOST_SORTED_BY_PRICE
    if by_price:
        ids = _by_own_price(customer, found, asked.sort, at)[asked.offset : asked.offset + size + 1]
    else:
        ordered = found.order_by(*_ORDERS.get(asked.sort, _ORDERS[""]))
        ids = list(session.scalars(ordered.offset(asked.offset).limit(size + 1)))
    shown = offers(customer, dict.fromkeys(ids[:size], 0), at=at)
    return Listing(
        offers=list(shown.values()),
        total=min(total, MOST_COUNTED),
        is_more=total > MOST_COUNTED,
        next_offset=asked.offset + size if len(ids) > size else None,
        sorted_by_price=by_price,
    )


_ORDERS = {
    "": (Product.position, Product.id, Sku.position, Sku.id),
    "code": (Sku.code,),
    "new": (Product.launched_on.desc().nulls_last(), Product.id.desc(), Sku.position),
}


def _found(customer: Customer, asked: Asked, at: datetime) -> Select[int]:
    """The ids of the SKUs that stand for their colour and fit what was asked."""
    found = (
        select(Sku.id)
        .join(Product, Product.id == Sku.product_id)
        .where(Sku.leads, is_visible(open_catalogs(customer, at)))
    )
    if asked.category:
        path = session.scalar(select(Category.path).where(Category.code == asked.category))
        below = select(Category.id).where(Category.path.startswith(path or "/none/"))
        found = found.where(Product.category_id.in_(below))
    if asked.brand:
        found = found.where(Product.brand_id.in_(select(Brand.id).where(Brand.code == asked.brand)))
    if asked.option:
        found = found.where(Sku.option_1_code == asked.option)
    hits = matches(asked.query, customer.id)
    if hits is not None:
        found = found.where(Sku.id.in_(hits))
    return _with_stock(found, asked.stock)


def _with_stock(found: Select[int], stock: str) -> Select[int]:
    if stock == "now":
        return found.where(
            exists(
                select(Balance.id)
                .join(Location, Location.id == Balance.location_id)
                .where(
                    Balance.sku_id == Sku.id,
                    Location.is_sellable,
                    Balance.on_hand > Balance.allocated + Balance.set_aside + Balance.safety,
                )
            )
        )
    if stock == "coming":
        return found.where(
            exists(
                select(Expected.id).where(
                    Expected.sku_id == Sku.id, Expected.quantity > Expected.received
                )
            )
        )
    if stock == "made":
        return found.where(Sku.policy == OrderPolicy.MADE_TO_ORDER)
    return found


def _by_own_price(customer: Customer, found: Select[int], sort: str, at: datetime) -> list[int]:
    ids = list(session.scalars(found.order_by(Sku.id)))
    prices = resolve(customer, dict.fromkeys(ids, 0), on=clock.local(at).date())
    priced = sorted((sku for sku in ids if sku in prices), key=lambda sku: prices[sku].unit_price)
    rest = [sku for sku in ids if sku not in prices]
    return (priced[::-1] if sort == "-price" else priced) + rest


def product_view(customer: Customer, code: str, *, at: datetime) -> ProductView | None:
    """A product the customer may see, by its code or by the code of one of its SKUs; else None."""
    named = union(  # each side finds its index, which an OR over two tables doesn't
        select(Product.id).where(Product.code == code),
        select(Sku.product_id).where(Sku.code == code),
    )
    product_id = session.scalar(
        select(Product.id)
        .join(Sku, Sku.product_id == Product.id)
        .where(Product.id.in_(named), is_visible(open_catalogs(customer, at)))
        .limit(1)
    )
    if product_id is None:
        return None
    ids = session.scalars(
        select(Sku.id)
        .join(Product, Product.id == Sku.product_id)
        .where(Sku.product_id == product_id, is_visible(open_catalogs(customer, at)))
        .order_by(Sku.position, Sku.id)
    )
    shown = list(offers(customer, dict.fromkeys(ids, 0), at=at).values())
    rows = list(dict.fromkeys(offer.facts.option_1_code for offer in shown))
    columns = list(dict.fromkeys(_column(offer) for offer in shown))
    cells = {(offer.facts.option_1_code, _column(offer)): offer for offer in shown}
    return ProductView(shown, rows, columns, cells)


def _column(offer: Offer) -> str:
    option = offer.facts.option_2
    return (option.get("ja") or next(iter(option.values()), "")) if option else ""


_facets_kept: dict[tuple[object, ...], tuple[float, list[Facet]]] = {}


def category_facets(customer: Customer, *, at: datetime) -> list[Facet]:
    """The categories with what each holds for this customer, in the order of the tree.

    Kept for a minute per set of open catalogs: customers who see the same see the same counts.
    """
    catalogs = open_catalogs(customer, at)
    return _kept(("category", *catalogs), lambda: _category_facets(customer, at))


def option_facets(customer: Customer, category: str, *, at: datetime) -> list[Facet]:
    """The values of the first axis within a category, most frequent first."""
    catalogs = open_catalogs(customer, at)
    return _kept(("option", category, *catalogs), lambda: _option_facets(customer, category, at))


def brand_facets(customer: Customer, category: str, *, at: datetime) -> list[Facet]:
    """The brands within a category with what each holds, in the company's order."""
    catalogs = open_catalogs(customer, at)
    return _kept(("brand", category, *catalogs), lambda: _brand_facets(customer, category, at))


def _kept(key: tuple[object, ...], make: Callable[[], list[Facet]]) -> list[Facet]:
    key = (str(session.get_bind().engine.url), *key)
    kept = _facets_kept.get(key)
    now = time.monotonic()
    if kept is None or kept[0] < now:
        if len(_facets_kept) > MOST_COUNTED:
            _facets_kept.clear()
        kept = _facets_kept[key] = (now + FACETS_KEPT_SECONDS, make())
    return kept[1]


def _category_facets(customer: Customer, at: datetime) -> list[Facet]:
    found = _found(customer, Asked(), at).subquery()
    counts = {
        category_id: count
        for category_id, count in session.execute(
            select(Product.category_id, func.count())
            .join(Sku, Sku.product_id == Product.id)
            .join(found, found.c.id == Sku.id)
            .group_by(Product.category_id)
        )
        if category_id is not None
    }
    rows = list(
        session.execute(
            select(Category.id, Category.code, Category.name, Category.path, Category.position)
        )
    )
    within = {
        row.id: sum(counts.get(other.id, 0) for other in rows if other.path.startswith(row.path))
        for row in rows
    }
    place = {row.id: (row.position, row.id) for row in rows}
    rows.sort(key=lambda row: [place[int(part)] for part in row.path.split("/") if part])
    return [
        Facet(row.code, row.name, within[row.id], row.path.count("/") - 2)
        for row in rows
        if within[row.id]
    ]


def _option_facets(customer: Customer, category: str, at: datetime) -> list[Facet]:
    found = _found(customer, Asked(category=category), at).subquery()
    rows = session.execute(
        select(Sku.option_1_code, func.max(Sku.option_1), func.max(Sku.swatch), func.count())
        .join(found, found.c.id == Sku.id)
        .where(Sku.option_1_code != "")
        .group_by(Sku.option_1_code)
        .order_by(func.count().desc(), Sku.option_1_code)
        .limit(12)
    )
    return [Facet(code, name or {}, count, swatch=swatch) for code, name, swatch, count in rows]


def _brand_facets(customer: Customer, category: str, at: datetime) -> list[Facet]:
    found = _found(customer, Asked(category=category), at).subquery()
    counts = (
        select(Product.brand_id, func.count().label("count"))
        .join(Sku, Sku.product_id == Product.id)
        .join(found, found.c.id == Sku.id)
        .group_by(Product.brand_id)
        .subquery()
    )
    rows = session.execute(
        select(Brand.code, Brand.name, counts.c.count)
        .join(counts, counts.c.brand_id == Brand.id)
        .order_by(Brand.position, Brand.id)
    )
    return [Facet(code, name, count) for code, name, count in rows]
