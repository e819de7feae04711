"""Prices that nobody else may ever receive: six-digit primes, one per customer and SKU."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from flask import Flask

from tests.factories.browsing import Browser
from tests.factories.goods import make_product, make_sku
from tests.factories.orders import make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import User
from wholesale.billing import invoicing
from wholesale.catalog import searching
from wholesale.catalog.models import Sku
from wholesale.customers.models import Customer
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.orders import carting
from wholesale.pricing.models import OwnerKind, RuleKind, Scope
from wholesale.pricing.revising import RuleDraft, save_rules
from wholesale.shipping import dispatching, packing, planning

BY = Actor.system("test")
ClientOf = Callable[[User | None], Browser]


def primes() -> Iterator[int]:
    """Primes from 100,003 on, far enough apart that none is a multiple of another."""
    number = 100_003
    while True:
        if all(number % factor for factor in range(3, 1000, 2)):
            yield number
        number += 2


def plant(cast: Cast) -> tuple[list[Sku], dict[str, set[int]]]:
    """Four SKUs with a price of its own for each of the two customers."""
    fresh = primes()
    skus = [make_sku(make_product(f"茶碗 {n}"), list_price="999983") for n in range(4)]
    planted: dict[str, set[int]] = {}
    for customer in (cast.nordwind, cast.rival):
        own = {sku.id: next(fresh) for sku in skus}
        planted[customer.code] = set(own.values())
        save_rules(
            [
                RuleDraft(
                    OwnerKind.CUSTOMER, customer.id, RuleKind.FIXED, Scope.SKU, sku, Decimal(price),
                    date(2020, 1, 1), currency="JPY",
                )
                for sku, price in own.items()
            ],
            BY,
        )  # fmt: skip
    for sku in skus:
        put_on_shelf(sku, 100)
    searching.index([sku.id for sku in skus])
    return skus, planted


def trade(customer: Customer, skus: list[Sku]) -> tuple[str, str]:
    """One order shipped and invoiced; their numbers."""
    order = make_order(customer, dict.fromkeys(skus, 1), confirmed=True)
    for shipment in planning.plan_shipments(order, BY):
        packing.pick_all(shipment, BY)
        packing.pack_as_suggested(shipment, BY)
        dispatching.dispatch(shipment, BY)
    return order.number, invoicing.invoice_shipped_goods(BY)[0].number


def figures(text: str) -> set[int]:
    """Every number of six digits in a page, however it is written."""
    return {int(found.replace(",", "")) for found in re.findall(r"\d{3},?\d{3}", text)}


def test_no_page_shows_a_price_of_another_customer(
    app: Flask, client_of: ClientOf, cast: Cast
) -> None:
    skus, planted = plant(cast)
    numbers = [trade(cast.nordwind, skus), trade(cast.rival, skus)]
    cart = carting.open_cart(cast.nordwind, cast.alma)
    carting.put_many(cart, cast.nordwind, {sku.id: 2 for sku in skus}, BY)
    session.flush()
    pages = ["/", "/catalogue", "/catalogue?view=list", "/cart", "/checkout", "/quick-order", "/orders",
             "/invoices", "/account"]  # fmt: skip
    pages += [f"/products/{sku.product.code}" for sku in skus]
    for order, invoice in numbers:
        pages += [f"/orders/{order}", f"/invoices/{invoice}", f"/invoices/{invoice}/pdf"]
    for user, own, others in (
        (cast.alma, "nordwind", "rival"), (cast.cleo, "rival", "nordwind"),
    ):  # fmt: skip
        browser = client_of(user)
        seen: set[int] = set()
        for page in pages:
            seen |= figures(browser.get(page, follow_redirects=True).text)
        assert seen & planted[own] == planted[own]
        assert seen & planted[others] == set()


def test_another_customers_documents_are_not_there(
    app: Flask, client_of: ClientOf, cast: Cast
) -> None:
    skus, _ = plant(cast)
    order, invoice = trade(cast.nordwind, skus)
    browser = client_of(cast.cleo)
    for page in (f"/orders/{order}", f"/invoices/{invoice}", f"/invoices/{invoice}/pdf"):
        assert browser.get(page).status_code == 404, page
    assert browser.post(f"/orders/{order}/cancellation", {"reason": "x"}).status_code == 404
    assert browser.post(f"/orders/{order}/again").status_code == 404
