"""What stands in a cart and what it comes to, and reading quantities out of forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from wholesale.catalog.models import Sku
from wholesale.catalog.queries import sku_facts, sku_ids_by_code
from wholesale.catalog.visibility import catalog_of, open_catalogs
from wholesale.customers.models import Customer
from wholesale.customers.queries import money_terms
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.money import ZERO
from wholesale.offers.offering import price_dates
from wholesale.orders import carting
from wholesale.orders.carting import Put
from wholesale.orders.models import Cart
from wholesale.pricing.resolving import amount, resolve
from wholesale.web.forms import folded

FIELD, SEEN = "pieces-", "seen-"


@dataclass(frozen=True, slots=True)
class Basket:
    """The pieces and net amounts of a cart by SKU, and their sums, in the customer's currency."""

    pieces: Mapping[int, int]
    amounts: Mapping[int, Decimal]
    currency: str

    @property
    def total_pieces(self) -> int:
        """All pieces."""
        return sum(self.pieces.values())

    @property
    def total(self) -> Decimal:
        """The net sum of what has a price."""
        return sum(self.amounts.values(), ZERO)


def basket_of(customer: Customer, pieces: Mapping[int, int]) -> Basket:
    """What these pieces {SKU: pieces} come to for a customer, tiers counted over all of them."""
    day = clock.today()
    terms = money_terms(customer, day)
    if not pieces:
        return Basket({}, {}, terms.currency)
    facts = sku_facts(pieces)
    found = catalog_of(open_catalogs(customer, clock.now()), facts)
    catalogs = {sku: catalog.id for sku, catalog in found.items()}
    prices = resolve(
        customer, pieces, on=day, catalogs=catalogs, facts=facts,
        dates=lambda: price_dates(customer, facts, clock.now()),
    )  # fmt: skip
    amounts = {
        sku: amount(price, pieces[sku], terms) for sku, price in prices.items() if sku in catalogs
    }
    return Basket(pieces, amounts, terms.currency)


@dataclass(frozen=True, slots=True)
class Typed:
    """Quantities as a form brought them: by SKU code, what was typed, and what can't be read."""

    pieces: dict[str, int] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)


def typed(form: MultiDict[str, str]) -> Typed:
    """The fields `pieces-<code>`; an empty field is 0. A `step` of "<code>|+6" moves one of them."""
    found = Typed()
    for name, text in form.items():
        if not name.startswith(FIELD):
            continue
        pieces = pieces_in(text)
        if pieces is None:
            found.unread[name.removeprefix(FIELD)] = text
        else:
            found.pieces[name.removeprefix(FIELD)] = pieces
    code, _sep, step = form.get("step", "").rpartition("|")
    if code in found.pieces and step.lstrip("+-").isdecimal():
        found.pieces[code] = max(0, found.pieces[code] + int(step))
    return found


def seen(form: MultiDict[str, str]) -> dict[int, int]:
    """The pieces {SKU: pieces} a page had shown: the fields `seen-<code>` of a shared cart's form."""
    shown = {
        name.removeprefix(SEEN): int(text)
        for name, text in form.items()
        if name.startswith(SEEN) and text.isascii() and text.isdecimal()
    }
    ids = sku_ids_by_code(shown) if shown else {}
    return {ids[code]: pieces for code, pieces in shown.items() if code in ids}


def pieces_in(text: str) -> int | None:
    """A whole number of pieces, 0 or more, as people type it; None when it is no such number."""
    plain = folded(text)
    if not plain:
        return 0
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    if not value.is_finite() or value < 0 or value != value.to_integral_value():
        return None
    return int(value)


def set_quantities(
    cart: Cart, customer: Customer, wanted: Mapping[str, int], by: Actor, *, add: bool
) -> dict[int, Put]:
    """Put quantities {SKU code: pieces} into a cart; `add` counts on top of what is in it.

    Raises NotOrderable (an unknown code reads like one that may not be ordered), TooMany.
    """
    ids = sku_ids_by_code(wanted)
    missing = [code for code in wanted if code not in ids]
    if missing:
        raise carting.NotOrderable(sku=missing[0])
    here = carting.quantities(cart)
    basket = {ids[code]: pieces for code, pieces in wanted.items()}
    if add:
        basket = {sku: pieces + here.get(sku, 0) for sku, pieces in basket.items() if pieces}
    else:
        basket = {sku: pieces for sku, pieces in basket.items() if pieces or sku in here}
    return carting.put_many(cart, customer, basket, by) if basket else {}


def pieces_by_product(products: Iterable[int], pieces: Mapping[int, int]) -> dict[int, int]:
    """Pieces in a cart by product, for the products that are listed by colour alone."""
    wanted = set(products)
    if not wanted or not pieces:
        return {}
    sums: dict[int, int] = {}
    for sku_id, product_id in session.execute(
        select(Sku.id, Sku.product_id).where(Sku.id.in_(pieces), Sku.product_id.in_(wanted))
    ):
        sums[product_id] = sums.get(product_id, 0) + pieces[sku_id]
    return sums
