"""Money first: holds that name what is missing, money set apart once, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.factories.goods import make_sku
from tests.factories.orders import BY, check_house, make_order
from tests.factories.people import Cast
from tests.factories.receipts import make_bank_lines
from tests.factories.stock import put_on_shelf
from wholesale.billing import checks as billing
from wholesale.billing import invoicing
from wholesale.customers.models import Customer, PaymentGate, PaymentMeans
from wholesale.customers.queries import forget_terms, terms_on
from wholesale.kernel import clock
from wholesale.orders import cancelling, checks, holding
from wholesale.orders.confirming import OnHold, confirm
from wholesale.orders.models import Order
from wholesale.orders.prepaying import PrepaymentMissing
from wholesale.payments import checks as payments
from wholesale.payments import settling, spending
from wholesale.payments.models import Receipt
from wholesale.payments.spending import NotOnAccount
from wholesale.shipping import dispatching, packing, planning
from wholesale.shipping.models import Shipment
from wholesale.shipping.planning import plan_shipments

PAYER = "ﾉﾙﾄﾞｳﾞｲﾝﾄ(ｶ"


@pytest.fixture(autouse=True)
def _house(cast: Cast) -> Iterator[None]:
    """Whatever a test did, the house is in order."""
    yield
    check_house(checks.CHECKS, billing.CHECKS, payments.CHECKS)


def trade(customer: Customer, means: PaymentMeans, **values: Any) -> None:
    row = terms_on(customer.id, clock.today())
    assert row is not None
    row.payment_means = means
    for name, value in values.items():
        setattr(row, name, value)
    forget_terms()


def ordered(customer: Customer, pieces: int = 10) -> Order:
    """Pieces at 600 and tax: 10 are 6,600, freight 800 + tax comes on top."""
    sku = make_sku()
    put_on_shelf(sku, pieces)
    return make_order(customer, {sku: pieces})


def paid(customer: Customer, amount: Decimal) -> Receipt:
    (line,) = make_bank_lines((PAYER, amount))
    return settling.put_on_account(line, customer, BY)


def sent(order: Order) -> Shipment:
    (shipment,) = plan_shipments(order, BY)
    packing.pick_all(shipment, BY)
    packing.pack_as_suggested(shipment, BY)
    dispatching.dispatch(shipment, BY)
    return shipment


def test_goods_leave_when_the_money_is_there_and_it_pays_the_invoice(cast: Cast) -> None:
    trade(cast.nordwind, PaymentMeans.PREPAYMENT, credit_limit=Decimal(0))
    order = ordered(cast.nordwind)
    assert not order.on_hold  # its limit of nothing is no matter: nothing leaves unpaid
    confirm(order, BY)
    gross = order.amount_gross
    assert (order.on_hold, order.prepayment_missing) == (True, gross)
    with pytest.raises(PrepaymentMissing) as refusal:
        plan_shipments(order, BY)
    assert refusal.value.values == {
        "number": order.number, "missing": f"{gross:,f}", "currency": "JPY",
    }  # fmt: skip
    paid(cast.nordwind, Decimal(1000))
    assert order.prepayment_missing == gross - 1000
    paid(cast.nordwind, gross - 1000)
    assert (order.on_hold, order.prepayment_missing) == (False, 0)
    invoice = invoicing.invoice_shipment(sent(order), BY)
    assert spending.use_prepaid(BY) == gross
    assert (invoice.is_paid, order.prepaid) == (True, 0)
    assert spending.use_prepaid(BY) == 0
    with pytest.raises(NotOnAccount):
        spending.pay_from_account(invoice, Decimal(1), BY)


def test_the_oldest_order_gets_the_money_and_loses_it_last(cast: Cast) -> None:
    trade(cast.nordwind, PaymentMeans.PREPAYMENT, payment_gate=PaymentGate.CONFIRM)
    old, young = ordered(cast.nordwind, 9), ordered(cast.nordwind, 10)
    with pytest.raises(PrepaymentMissing):
        confirm(old, BY)
    first = paid(cast.nordwind, old.amount_gross)
    assert (old.on_hold, young.on_hold, young.prepaid) == (False, True, 0)
    second = paid(cast.nordwind, young.amount_gross)
    confirm(old, BY)
    confirm(young, BY)
    settling.undo(first, BY)  # the bank takes it back: the newest order waits again
    assert (old.on_hold, young.on_hold) == (False, True)
    assert young.prepaid == young.amount_gross - old.amount_gross
    with pytest.raises(PrepaymentMissing):
        plan_shipments(young, BY)
    cancelling.cancel(old, BY, reason="x")
    settling.undo(second, BY)
    assert (young.prepaid, young.on_hold) == (0, True)


def test_what_was_planned_stays_when_the_money_goes_back(cast: Cast) -> None:
    trade(cast.nordwind, PaymentMeans.PREPAYMENT)
    order = ordered(cast.nordwind)
    receipt = paid(cast.nordwind, order.amount_gross)
    confirm(order, BY)
    (shipment,) = planning.plan_shipments(order, BY)
    packing.pick_all(shipment, BY)
    packing.pack_as_suggested(shipment, BY)
    settling.undo(receipt, BY)
    with pytest.raises(PrepaymentMissing):
        dispatching.dispatch(shipment, BY)


def test_a_deposit_is_a_share_and_falls_with_what_is_given_up(cast: Cast) -> None:
    trade(cast.nordwind, PaymentMeans.ON_ACCOUNT, deposit_share=Decimal("0.3"))
    order = ordered(cast.nordwind)
    confirm(order, BY)
    asked = order.prepayment
    assert asked == round(order.amount_gross * Decimal("0.3"))
    line = order.lines[0]
    share = order.amount_gross * line.amount / order.amount_net / 2
    cancelling.drop_rest(order, line, 5, BY, reason="x")
    assert order.prepayment == asked - round(share * Decimal("0.3"))
    paid(cast.nordwind, order.prepayment)
    assert not order.on_hold


def test_who_may_release_does_without_the_rest(cast: Cast) -> None:
    trade(cast.nordwind, PaymentMeans.PREPAYMENT)
    order = ordered(cast.nordwind)
    confirm(order, BY)
    holding.release(order, BY)
    assert (order.on_hold, order.prepayment) == (False, 0)
    assert sent(order).collects is None


def test_cash_on_delivery_is_written_on_the_shipment(cast: Cast) -> None:
    trade(cast.nordwind, PaymentMeans.CASH_ON_DELIVERY)
    order = ordered(cast.nordwind)
    confirm(order, BY)
    assert sent(order).collects == order.amount_gross


def test_a_settlement_service_is_asked_once(cast: Cast) -> None:
    trade(cast.nordwind, PaymentMeans.SETTLEMENT_SERVICE, payment_gate=PaymentGate.CONFIRM)
    order = ordered(cast.nordwind)
    with pytest.raises(OnHold):
        confirm(order, BY)
    holding.release(order, BY)
    confirm(order, BY)
    assert not order.on_hold
