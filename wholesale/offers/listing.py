"""Pages of the catalogue: which SKUs stand on them, in which order, beside which filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import cast

from sqlalchemy import Select, Table, bindparam, exists, func, select, union

from wholesale.catalog.models import Brand, Category, OrderPolicy, Product, Sku
from wholesale.catalog.queries import PlaceFacts, sku_facts
from wholesale.catalog.searching import matches
from wholesale.catalog.visibility import OpenCatalog, is_visible, open_catalogs
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.db import Names, session
from wholesale.kernel.keeping import for_a_minute
from wholesale.offers.offering import Offer, offers, price_dates
from wholesale.pricing.resolving import resolve
from wholesale.stock.models import Balance, Expected, Location

PAGE = 48
MOST_CATEGORIES = 20
MOST_COUNTED = 1000
MOST_SORTED_BY_PRICE = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader of the catalogue asked for; every field is part of the page's address.

    `category` is a code, or several with commas between them: what is in any of them. `lowest` and
    `highest` bound the reader's own unit price, net, both included.
    """

    category: str = ""
    query: str = ""
    option: str = ""
    stock: str = ""
    sort: str = ""
    offset: int = 0
    brand: str = ""
    lowest: Decimal | None = None
    highest: Decimal | None = None

    @property
    def needs_prices(self) -> bool:
        """Whether the page can't be found without everybody's own price."""
        return self.sort in _PRICE_SORTS or self.lowest is not None or self.highest is not None


_PRICE_SORTS = {"price", "-price"}


@dataclass(frozen=True, slots=True)
class Listing:
    """One page: its offers in order, how many there are in all (`is_more` than counted), what's next.

    `knows_prices` is False where too many were found to look at the price of each.
    """

    offers: list[Offer]
    total: int
    is_more: bool
    next_offset: int | None
    knows_prices: bool = True


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
    catalogs = open_catalogs(customer, at)
    listed, hits = _listed(asked, catalogs), matches(asked.query, customer.id)
    found = listed if hits is None else listed.where(_sku.id.in_(hits))
    most = MOST_SORTED_BY_PRICE if asked.needs_prices else MOST_COUNTED
    total = session.scalar(select(func.count()).select_from(found.limit(most + 1).subquery()))
    total = total or 0
    knows_prices = asked.needs_prices and total <= MOST_SORTED_BY_PRICE
    if knows_prices:
        priced = _by_own_price(customer, found, asked, at)
        total, ids = len(priced), priced[asked.offset : asked.offset + size + 1]
    else:
        if hits is not None and total > MOST_COUNTED:
            # Many hits: go along the order and look each up, rather than sorting all of them.
            found = listed.where((_sku.id + 0).in_(hits))
        ordered = found.order_by(*_ORDERS.get(asked.sort, _ORDERS[""]))
        ids = list(session.scalars(ordered.offset(asked.offset).limit(size + 1)).all())
    shown = offers(customer, dict.fromkeys(ids[:size], 0), at=at, catalogs=catalogs)
    return Listing(
        offers=list(shown.values()),
        total=min(total, MOST_COUNTED),
        is_more=total > MOST_COUNTED,
        next_offset=asked.offset + size if len(ids) > size else None,
        knows_prices=knows_prices or not asked.needs_prices,
    )


# Composed of the tables alone: such statements are put together and run in half the time.
_sku = cast("Table", Sku.__table__).c
_product = cast("Table", Product.__table__).c
_category = cast("Table", Category.__table__).c
_brand = cast("Table", Brand.__table__).c
_balance = cast("Table", Balance.__table__).c
_location = cast("Table", Location.__table__).c
_expected = cast("Table", Expected.__table__).c
_above = cast("Table", Category.__table__).alias("above").c
_LISTED = (
    select(_sku.id)
    .join_from(Sku.__table__, Product.__table__, _product.id == _sku.product_id)
    .where(_sku.leads)
)
_BELOW = select(_category.id).where(
    _above.code.in_(bindparam("codes", expanding=True)), _category.path.startswith(_above.path)
)
_ORDERS = {
    "": (_product.position, _product.id, _sku.position, _sku.id),
    "code": (_sku.code,),
    "new": (_product.launched_on.desc().nulls_last(), _product.id.desc(), _sku.position),
}
_STOCK = {
    "now": exists(
        select(_balance.id)
        .join_from(Balance.__table__, Location.__table__, _location.id == _balance.location_id)
        .where(
            _balance.sku_id == _sku.id,
            _location.is_sellable,
            _balance.on_hand > _balance.allocated + _balance.set_aside + _balance.safety,
        )
    ),
    "coming": exists(
        select(_expected.id).where(
            _expected.sku_id == _sku.id, _expected.quantity > _expected.received
        )
    ),
    "made": _sku.policy == OrderPolicy.MADE_TO_ORDER,
}


def codes_in(text: str) -> list[str]:
    """The codes of categories a filter names."""
    return [code for code in dict.fromkeys(text.split(",")) if code][:MOST_CATEGORIES]


def _listed(asked: Asked, catalogs: Iterable[OpenCatalog]) -> Select[int]:
    """The ids of the SKUs that stand for their colour and fit what was chosen; words aside."""
    found = _LISTED.where(is_visible(catalogs))
    if asked.category:
        below = session.scalars(_BELOW, {"codes": codes_in(asked.category)}).all()
        found = found.where(_product.category_id.in_(below))
    if asked.brand:
        found = found.where(
            _product.brand_id.in_(select(_brand.id).where(_brand.code == asked.brand))
        )
    if asked.option:
        found = found.where(_sku.option_1_code == asked.option)
    return found.where(_STOCK[asked.stock]) if asked.stock in _STOCK else found


def _by_own_price(customer: Customer, found: Select[int], asked: Asked, at: datetime) -> list[int]:
    """Every SKU of a filter within the prices asked for; the cheapest first where that is the order,
    without a price last.
    """
    places = found.add_columns(
        _product.id, _product.is_net, _product.brand_id, func.coalesce(_category.path, "")
    ).outerjoin(Category.__table__, _category.id == _product.category_id)
    ordered = places.order_by(*_ORDERS.get(asked.sort, (_sku.id,)))
    facts = {row[0]: PlaceFacts(*row) for row in session.execute(ordered).all()}
    prices = resolve(
        customer, dict.fromkeys(facts, 0), on=clock.local(at).date(), facts=facts,
        dates=lambda: price_dates(customer, sku_facts(facts), at),
    )  # fmt: skip
    own = {sku: prices[sku].sealed_price for sku in facts if sku in prices}
    bounded = asked.lowest is not None or asked.highest is not None
    ids = [sku for sku in facts if not bounded or (sku in own and _fits(own[sku], asked))]
    if asked.sort not in _PRICE_SORTS:
        return ids
    priced = sorted((sku for sku in ids if sku in own), key=lambda sku: own[sku])
    rest = [sku for sku in ids if sku not in own]
    return (priced[::-1] if asked.sort == "-price" else priced) + rest


def _fits(price: Decimal, asked: Asked) -> bool:
    return (asked.lowest is None or price >= asked.lowest) and (
        asked.highest is None or price <= asked.highest
    )


def product_view(customer: Customer, code: str, *, at: datetime) -> ProductView | None:
    """A product the customer may see, by its code or by the code of one of its SKUs; else None."""
    catalogs = open_catalogs(customer, at)
    named = union(  # each side finds its index, which an OR over two tables doesn't
        select(Product.id).where(Product.code == code),
        select(Sku.product_id).where(Sku.code == code),
    )
    product_id = session.scalar(
        select(Product.id)
        .join(Sku, Sku.product_id == Product.id)
        .where(Product.id.in_(named), is_visible(catalogs))
        .limit(1)
    )
    if product_id is None:
        return None
    ids = session.scalars(
        select(Sku.id)
        .join(Product, Product.id == Sku.product_id)
        .where(Sku.product_id == product_id, is_visible(catalogs))
        .order_by(Sku.position, Sku.id)
    )
    shown = list(offers(customer, dict.fromkeys(ids, 0), at=at, catalogs=catalogs).values())
    rows = list(dict.fromkeys(offer.facts.option_1_code for offer in shown))
    columns = list(dict.fromkeys(_column(offer) for offer in shown))
    cells = {(offer.facts.option_1_code, _column(offer)): offer for offer in shown}
    return ProductView(shown, rows, columns, cells)


def with_sizes(customer: Customer, leads: Iterable[Offer], *, at: datetime) -> list[Offer]:
    """The offers of a page with all sizes of each colour, in the page's order."""
    places = {
        (one.facts.product_id, one.facts.option_1_code): place for place, one in enumerate(leads)
    }
    rows = session.execute(
        select(Sku.id, Sku.product_id, Sku.option_1_code)
        .join(Product, Product.id == Sku.product_id)
        .where(
            Sku.product_id.in_({product for product, _ in places}),
            is_visible(open_catalogs(customer, at)),
        )
        .order_by(Sku.position, Sku.id)
    ).all()
    here = [row for row in rows if (row[1], row[2]) in places]
    here.sort(key=lambda row: places[row[1], row[2]])
    return list(offers(customer, {row[0]: 0 for row in here}, at=at).values())


def _column(offer: Offer) -> str:
    option = offer.facts.option_2
    return (option.get("ja") or next(iter(option.values()), "")) if option else ""


def category_facets(customer: Customer, *, at: datetime) -> list[Facet]:
    """The categories with what each holds for this customer, in the order of the tree.

    Kept for a minute per set of open catalogs: customers who see the same see the same counts.
    """
    catalogs = open_catalogs(customer, at)
    return for_a_minute(("category", *catalogs), lambda: _category_facets(catalogs))


def option_facets(customer: Customer, category: str, *, at: datetime) -> list[Facet]:
    """The values of the first axis within a category, most frequent first."""
    catalogs = open_catalogs(customer, at)
    return for_a_minute(("option", category, *catalogs), lambda: _option_facets(category, catalogs))


def brand_facets(customer: Customer, category: str, *, at: datetime) -> list[Facet]:
    """The brands within a category with what each holds, in the company's order."""
    catalogs = open_catalogs(customer, at)
    return for_a_minute(("brand", category, *catalogs), lambda: _brand_facets(category, catalogs))


def _category_facets(catalogs: tuple[OpenCatalog, ...]) -> list[Facet]:
    found = _listed(Asked(), catalogs).subquery()
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


def _option_facets(category: str, catalogs: tuple[OpenCatalog, ...]) -> list[Facet]:
    found = _listed(Asked(category=category), catalogs).subquery()
    rows = session.execute(
        select(Sku.option_1_code, func.max(Sku.option_1), func.max(Sku.swatch), func.count())
        .join(found, found.c.id == Sku.id)
        .where(Sku.option_1_code != "")
        .group_by(Sku.option_1_code)
        .order_by(func.count().desc(), Sku.option_1_code)
        .limit(12)
    )
    return [Facet(code, name or {}, count, swatch=swatch) for code, name, swatch, count in rows]


def _brand_facets(category: str, catalogs: tuple[OpenCatalog, ...]) -> list[Facet]:
    found = _listed(Asked(category=category), catalogs).subquery()
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
