"""The works that change something: placing, confirming, shipping, billing, matching receipts."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import Engine, select

from wholesale.accounts.models import User
from wholesale.bench import reading
from wholesale.bench.building import BUYERS
from wholesale.bench.measuring import SYSTEM, Goal, Work
from wholesale.bench.sizes import Size
from wholesale.bench.statements import statement_of_open_invoices
from wholesale.billing.invoicing import invoice_shipment
from wholesale.customers.queries import customer_by_code, ship_tos, the_customer
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.orders import carting, goods
from wholesale.orders.checkout import Requested, review
from wholesale.orders.confirming import confirm
from wholesale.orders.models import Cart, Order
from wholesale.orders.placing import place_order
from wholesale.payments.importing import import_statement
from wholesale.payments.matching import match_all
from wholesale.shipping.dispatching import dispatch
from wholesale.shipping.models import Shipment
from wholesale.shipping.packing import pack_as_suggested, pick_all
from wholesale.shipping.planning import plan_shipments
from wholesale.stock.models import Balance

BY = SYSTEM.actor


@dataclass(frozen=True, slots=True)
class Checkout:
    """A full cart in front of the button; like a request, each round reads its rows again."""

    cart_id: int
    customer_id: int
    fingerprint: str

    def cart(self) -> Cart:
        """The cart."""
        return session.scalars(select(Cart).where(Cart.id == self.cart_id)).one()

    def place(self) -> Order:
        """Press the button."""
        return place_order(
            self.cart(), the_customer(self.customer_id), ship_to=ship_tos(self.customer_id)[0],
            fingerprint=self.fingerprint, by=BY, email="buyer@bench.example",
        )  # fmt: skip


def works(size: Size, engine: Engine) -> list[Work]:
    """Every work that writes, in the order of a chain from the cart to the cleared payment."""
    return [*_orders(size), *_goods_out(size), *_money(size, engine)]


def _orders(size: Size) -> list[Work]:
    def cart_of(lines: int) -> Any:
        return lambda random: _checkout(random, size, lines)

    return [
        Work("cart_line", "One quantity changed in a cart of 40 lines",
             _change_one, cart_of(40), None, "", 40, "write"),
        Work("order_10", "Order of 10 lines: priced, placed, confirmed, allocated",
             lambda ready: confirm(ready.place(), BY), cart_of(10), Goal(10, 15), "P1", 60, "write"),
        Work("place_40", "Order of 40 lines placed, goods and credit taken",
             lambda ready: ready.place(), cart_of(40), None, "P1", 40, "write"),
        Work("confirm_40", "Order of 40 lines confirmed",
             lambda order: confirm(_order(order), BY),
             lambda random: _checkout(random, size, 40).place().id, None, "P1", 40, "write"),
        Work("allocate", "Free stock given to the lines that wait for 20 SKUs",
             lambda skus: goods.fill_waiting(skus, BY),
             lambda random: list(reading.some_skus(random, size, 20)), None, "", 20, "write"),
    ]  # fmt: skip


def _checkout(random: Random, size: Size, lines: int) -> Checkout:
    """A cart with so many lines, of SKUs of which enough lies in one place."""
    customer = customer_by_code(random.choice(BUYERS))
    assert customer is not None  # noqa: S101 - every size has these
    user = session.scalars(
        select(User).where(User.email == f"{customer.code.lower()}@bench.example")
    ).one()
    cart = carting.open_cart(customer, user)
    carting.clear(cart, BY)
    wanted = reading.some_skus(random, size, lines * 3)
    lying = set(
        session.scalars(
            select(Balance.sku_id).where(
                Balance.sku_id.in_(wanted), Balance.location_id == 1,
                Balance.on_hand - Balance.allocated >= reading.PIECES,
            )
        )
    )  # fmt: skip
    first = sorted(wanted, key=lambda sku: sku not in lying)[:lines]
    carting.put_many(cart, customer, dict.fromkeys(first, reading.PIECES), BY)
    session.expire(cart, ["lines"])
    now = review(
        customer, [Requested(line.sku_id, line.quantity) for line in cart.lines],
        ship_to=ship_tos(customer.id)[0], wished_on=None, at=clock.now(),
    )  # fmt: skip
    return Checkout(cart.id, customer.id, now.fingerprint)


def _change_one(ready: Checkout) -> object:
    cart = ready.cart()
    sku = cart.lines[0].sku_id
    return carting.put(cart, the_customer(ready.customer_id), sku, reading.PIECES * 2, BY)


def _goods_out(size: Size) -> list[Work]:
    def confirmed(random: Random) -> int:
        order = _checkout(random, size, 10).place()
        confirm(order, BY)
        return order.id

    def dispatched(random: Random) -> int:
        return _ship(confirmed(random)).id

    return [
        Work("ship_10", "Shipment of 10 lines: planned, picked, packed, dispatched",
             _ship, confirmed, Goal(12, 18), "P6", 40, "write"),
        Work("invoice_10", "Invoice from a shipment of 10 lines, issued and numbered",
             _bill, dispatched, Goal(8, 12), "P7", 40,
             "write"),
    ]  # fmt: skip


def _order(order_id: int) -> Order:
    return session.scalars(select(Order).where(Order.id == order_id)).one()


def _bill(shipment_id: int) -> object:
    shipment = session.scalars(select(Shipment).where(Shipment.id == shipment_id)).one()
    return invoice_shipment(shipment, BY)


def _ship(order_id: int) -> Shipment:
    shipments = plan_shipments(_order(order_id), BY)
    for shipment in shipments:
        pick_all(shipment, BY)
        pack_as_suggested(shipment, BY)
        dispatch(shipment, BY, carrier="ヤマト運輸", tracking_number="1234-5678-9012")
    return shipments[0]


def _money(size: Size, engine: Engine) -> list[Work]:
    """A bank file is brought in and matched whole; both runs together clear its lines."""
    count = size.bank_receipts
    limitless = engine.dialect.name != "sqlite"

    def brought_in(_random: Random) -> None:
        import_statement(statement_of_open_invoices(count), "bench.txt", BY)

    def match(_nothing: object) -> None:
        if limitless:  # a job has no request's limit
            session.connection().exec_driver_sql("SET LOCAL statement_timeout = 0")
        match_all(BY, apply=True)

    return [
        Work("bank_import", f"Bank file of {count} receipts read and kept, per receipt",
             lambda file: import_statement(file, "bench.txt", BY),
             lambda _random: statement_of_open_invoices(count), None, "P8", 1, "write", count),
        Work("match", f"{count} receipts matched against all open invoices and applied, per receipt",
             match, brought_in, Goal(5, 7), "P8", 1, "write", count),
    ]  # fmt: skip
