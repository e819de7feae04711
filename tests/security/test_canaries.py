"""Prices that nobody else may ever receive: six-digit primes, one per customer and SKU."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from tests.factories.belongings import address_of, nowhere, routes
from tests.factories.browsing import Browser
from tests.factories.goods import make_product, make_sku
from tests.factories.orders import make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from tests.trade_docs.sheets import text_of
from wholesale.accounts.models import Membership, User
from wholesale.accounts.visiting import Visitor
from wholesale.billing import invoicing
from wholesale.catalog import searching
from wholesale.catalog.models import Sku
from wholesale.customers.models import Customer
from wholesale.kernel.access import Actor, Principal
from wholesale.kernel.db import session
from wholesale.kernel.papers import Paper
from wholesale.mail.letters import compose
from wholesale.mail.models import Letter
from wholesale.portal import lookups
from wholesale.pricing.models import OwnerKind, RuleKind, Scope
from wholesale.pricing.revising import RuleDraft, save_rules
from wholesale.shipping import dispatching, packing, planning
from wholesale.shipping.models import Shipment
from wholesale.trade_docs import printing

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


def received(
    app: Flask,
    browser: Browser,
    customer: Customer,
    numbers: list[tuple[str, str]],
    skus: list[Sku],
) -> set[int]:
    """Every figure that reaches a buyer: by any page as a page and as a part, in its headers, in any
    PDF, in the answers to its forms, and by mail with what is attached.
    """
    seen: set[int] = set()
    for rule in routes(app, "GET"):
        if not rule.endpoint.startswith("portal."):
            continue
        for values in _addresses(rule, numbers, skus):
            url = address_of(app, rule, values)
            for reply in (browser.get(url), browser.part(url)):
                seen |= figures(_text(reply.data, reply.mimetype))
                seen |= figures(str(reply.headers))
    for url in ("/catalogue?view=list&sort=price", "/orders?q=SO", "/invoices?view=open"):
        seen |= figures(browser.get(url).text)
    quantities = {f"pieces-{sku.code}": "2" for sku in skus}
    lines = "\n".join(f"{sku.code} 2" for sku in skus)
    for url, form in (
        ("/cart/lines", {**quantities, "part": "cart"}), ("/quick-order", {"text": lines}),
        ("/checkout", {"fingerprint": "what was seen"}),
    ):  # fmt: skip
        seen |= figures(browser.post_part(url, form).text)
    return seen | _mailed(customer)


def _addresses(rule: Rule, numbers: list[tuple[str, str]], skus: list[Sku]) -> list[dict[str, Any]]:
    """The documents of both customers, and every product."""
    if "<number>" in rule.rule:
        of_invoice = rule.rule.startswith("/invoices")
        notes = rule.rule.startswith("/delivery-notes")
        found = session.scalars(select(Shipment.delivery_note_number)).all() if notes else [
            pair[of_invoice] for pair in numbers]  # fmt: skip
        return [{"number": str(number)} for number in found]
    if "code" in rule.arguments:
        return [{**nowhere(rule), "code": sku.product.code} for sku in skus]
    return [nowhere(rule)]


def _text(data: bytes, kind: str) -> str:
    return text_of(data) if kind == "application/pdf" else data.decode("utf-8", "replace")


def _mailed(customer: Customer) -> set[int]:
    """The figures in the letters to a customer and its people, their papers read too."""
    seen: set[int] = set()
    people = select(User.email).join(Membership).where(Membership.customer_id == customer.id)
    theirs = {*session.scalars(people), customer.invoice_email}
    for letter in session.scalars(select(Letter).where(Letter.recipient.in_(theirs))):
        message = compose(letter)
        seen |= figures(str(message["Subject"]))
        for part in message.walk():
            if part.get_content_maintype() in {"text", "application"}:
                seen |= figures(_text(part.get_payload(decode=True), part.get_content_type()))
    return seen


def print_all() -> None:
    """Every paper gets its pages."""
    for paper in session.scalars(select(Paper.id)).all():
        printing.print_paper(paper)
    session.flush()


@pytest.fixture
def strays(app: Flask, client_of: ClientOf, cast: Cast) -> Callable[[], dict[str, set[int]]]:
    """Trades for both customers; then: which prices of the other one each of them received."""
    skus, planted = plant(cast)
    numbers = [trade(cast.nordwind, skus), trade(cast.rival, skus)]
    print_all()
    session.commit()

    def look() -> dict[str, set[int]]:
        found = {}
        for user, own, other in (
            (cast.alma, cast.nordwind, cast.rival), (cast.cleo, cast.rival, cast.nordwind),
        ):  # fmt: skip
            seen = received(app, client_of(user), own, numbers, skus)
            assert seen >= planted[own.code]  # else nothing was looked at
            found[own.code] = seen & planted[other.code]
        return found

    return look


def test_nothing_a_customer_receives_holds_a_price_of_another(
    strays: Callable[[], dict[str, set[int]]],
) -> None:
    assert strays() == {"nordwind": set(), "rival": set()}


def _open_lookup(patch: pytest.MonkeyPatch) -> None:
    """Two layers fail at once: the lookup asks for nobody, and the session narrows nothing."""
    everybody = select(Customer.id)
    patch.setattr(lookups, "own_ids", lambda: frozenset(session.scalars(everybody)))
    patch.setattr(Visitor, "principal", property(lambda self: Principal(self.actor)))


def _letter_astray(patch: pytest.MonkeyPatch) -> None:
    """Letters about one customer's orders go to the other one's people."""
    theirs = select(Letter).where(Letter.paper_id.is_not(None))
    for letter in session.scalars(theirs).all():
        letter.recipient = "cleo@rival.example"


@pytest.mark.parametrize("leak", [_open_lookup, _letter_astray])
def test_a_planted_leak_is_found(
    strays: Callable[[], dict[str, set[int]]],
    monkeypatch: pytest.MonkeyPatch,
    leak: Callable[[pytest.MonkeyPatch], None],
) -> None:
    """The control: what would leak is seen to leak."""
    leak(monkeypatch)
    assert strays()["rival"] != set()


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
