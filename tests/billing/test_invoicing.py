"""From goods that left to an invoice that never changes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.factories.goods import make_product, make_sku
from tests.factories.orders import BY, check_house, make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.billing import checks as billing_checks
from wholesale.billing import invoicing, receivables
from wholesale.billing.models import Invoice
from wholesale.catalog.models import Sku
from wholesale.company.models import TaxClass
from wholesale.customers import credit_limits
from wholesale.kernel.db import session
from wholesale.orders import checks as order_checks
from wholesale.orders.models import GoodsState, MoneyState, Order, OrderState
from wholesale.payments import checks as payment_checks
from wholesale.shipping import dispatching, packing, planning, reversing
from wholesale.shipping.models import Shipment
from wholesale.stock import checks as stock_checks

ALL = (stock_checks.CHECKS, order_checks.CHECKS, billing_checks.CHECKS, payment_checks.CHECKS)


def ship(order: Order, pieces: dict[int, int] | None = None) -> list[Shipment]:
    made = planning.plan_part(order, pieces, BY) if pieces else planning.plan_shipments(order, BY)
    for shipment in made:
        packing.pick_all(shipment, BY)
        packing.pack_as_suggested(shipment, BY)
        dispatching.dispatch(shipment, BY)
    return made


def stocked(**values: object) -> Sku:
    sku = make_sku(**values)  # type: ignore[arg-type]
    put_on_shelf(sku, 1000)
    return sku


def test_an_invoice_rounds_its_tax_once_per_rate(cast: Cast) -> None:
    """R2 of the trade: 333×3, 127×7※, 1,999×1, 98×13※ → 2,998 + 299, 2,163 + 173, 5,633."""
    food = make_product("菓子", tax_class=TaxClass.REDUCED)
    basket = {
        stocked(list_price="555"): 3,  # 60 % → 333
        stocked(product=food, list_price="212"): 7,  # 60 % → 127
        stocked(list_price="3332"): 1,  # 60 % → 1,999
        stocked(product=food, list_price="164"): 13,  # 60 % → 98
    }
    cast.nordwind.version  # noqa: B018 - the terms below are the customer's
    order = make_order(cast.nordwind, basket, confirmed=True)
    freight = next(line for line in order.lines if line.kind == "freight")
    (shipment,) = ship(order)
    (invoice,) = invoicing.invoice_shipped_goods(BY)
    taxes = {tax.tax_class: (tax.base, tax.tax) for tax in invoice.taxes}
    assert taxes[TaxClass.REDUCED] == (Decimal(2163), Decimal(173))
    assert taxes[TaxClass.STANDARD] == (Decimal(2998) + freight.amount, Decimal(419))
    assert invoice.total == Decimal(2998 + 1200 + 419 + 2163 + 173)
    assert invoice.number == "INV-2611-0001"
    assert invoice.lines[0].slip_number == shipment.delivery_note_number == "DN-26-00001"
    check_house(*ALL)


def test_a_shipment_is_billed_once(cast: Cast) -> None:
    order = make_order(cast.nordwind, {stocked(): 40}, confirmed=True)
    (shipment,) = ship(order)
    assert len(invoicing.invoice_shipped_goods(BY)) == 1
    assert invoicing.invoice_shipped_goods(BY) == []
    with pytest.raises(invoicing.NothingToBill):
        invoicing.invoice_shipment(shipment, BY)


def test_two_parts_make_two_invoices_that_add_up_to_the_order(cast: Cast) -> None:
    cup = stocked(list_price="999")
    order = make_order(cast.nordwind, {cup: 100}, confirmed=True)
    line = order.lines[0]
    ship(order, {line.id: 60})
    assert (order.goods_state, line.open, line.planned) == (GoodsState.PARTLY_SHIPPED, 40, 0)
    ship(order)
    first, second = invoicing.invoice_shipped_goods(BY)
    assert first.net + second.net == order.amount_net
    assert (order.state, order.money_state) == (OrderState.COMPLETED, MoneyState.BILLED)
    assert receivables.balance(cast.nordwind.id, "JPY") == first.total + second.total
    counter = credit_limits.credit_of(cast.nordwind, "JPY")
    assert (counter.ordered, counter.unbilled) == (0, 0)
    assert counter.receivable == first.total + second.total
    check_house(*ALL)


def test_freight_is_billed_with_the_first_part_alone(cast: Cast) -> None:
    order = make_order(cast.nordwind, {stocked(list_price="100"): 100}, confirmed=True)
    ship(order, {order.lines[0].id: 10})
    ship(order)
    first, second = invoicing.invoice_shipped_goods(BY)
    assert [line.code for line in first.lines][-1] == "FREIGHT"
    assert "FREIGHT" not in [line.code for line in second.lines]


def test_an_issued_invoice_never_changes(cast: Cast) -> None:
    ship(make_order(cast.nordwind, {stocked(): 40}, confirmed=True))
    invoicing.invoice_shipped_goods(BY)
    session.flush()
    for statement in (
        "UPDATE invoices SET total = 1",
        "DELETE FROM invoices",
        "UPDATE invoice_lines SET amount = 1",
        "DELETE FROM ledger_entries",
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(statement))
    assert session.scalars(select(Invoice.total)).one() == Decimal(27720)


def test_a_dispatch_can_be_reversed_until_it_is_billed(cast: Cast) -> None:
    order = make_order(cast.nordwind, {stocked(): 40}, confirmed=True)
    (shipment,) = ship(order)
    reversing.reverse(shipment, BY, reason="wrong door")
    session.expire_all()
    assert (order.goods_state, order.lines[0].allocated) == (GoodsState.ALLOCATED, 40)
    assert invoicing.invoice_shipped_goods(BY) == []
    check_house(*ALL)
    (again,) = ship(order)
    invoicing.invoice_shipped_goods(BY)
    session.expire_all()
    with pytest.raises(dispatching.AlreadyBilled):
        reversing.reverse(again, BY, reason="too late")


def test_a_cancelled_shipment_leaves_its_goods_with_the_order(cast: Cast) -> None:
    order = make_order(cast.nordwind, {stocked(): 40}, confirmed=True)
    (shipment,) = planning.plan_shipments(order, BY)
    with pytest.raises(planning.NothingToShip):
        planning.plan_shipments(order, BY)
    dispatching.cancel(shipment, BY)
    session.expire_all()
    assert (order.lines[0].planned, order.lines[0].allocated) == (0, 40)
    ship(order)
    check_house(*ALL)


def test_cartons_must_hold_all_that_was_picked(cast: Cast) -> None:
    order = make_order(cast.nordwind, {stocked(carton_quantity=12): 40}, confirmed=True)
    (shipment,) = planning.plan_shipments(order, BY)
    (line,) = shipment.lines
    with pytest.raises(packing.NotAllPicked):
        packing.pack(shipment, [[(line.id, 40)]], BY)
    packing.pick_all(shipment, BY)
    with pytest.raises(packing.NotAllPacked):
        packing.pack(shipment, [[(line.id, 39)]], BY)
    packing.pack_as_suggested(shipment, BY)
    assert [carton.number for carton in shipment.cartons] == [1, 2, 3, 4]
    assert [carton.lines[0].quantity for carton in shipment.cartons] == [12, 12, 12, 4]
