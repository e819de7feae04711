"""The main job: 40 lines from the cart to the cleared payment, in two shipments."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.factories.goods import make_sku
from tests.factories.orders import BY, check_house, ship_to_of
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.billing import checks as billing_checks
from wholesale.billing import invoicing, receivables
from wholesale.customers import credit_limits
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.orders import carting, checkout, confirming, placing
from wholesale.orders import checks as order_checks
from wholesale.orders.models import MoneyState, Order, OrderState
from wholesale.payments import checks as payment_checks
from wholesale.payments import clearing, importing, learning, matching, settling
from wholesale.payments.models import BankLineState
from wholesale.shipping import dispatching, packing, planning
from wholesale.stock import checks as stock_checks

ALL = (stock_checks.CHECKS, order_checks.CHECKS, billing_checks.CHECKS, payment_checks.CHECKS)


def bank_csv(*receipts: tuple[str, Decimal]) -> bytes:
    """A statement as Mitsubishi UFJ's portal hands it out."""
    lines = ["日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分"]
    total = 1_000_000
    for name, amount in receipts:
        total += int(amount)
        lines.append(f'2026/11/20,振込１,{name},,"{int(amount):,}","{total:,}",,,入金')
    return "\r\n".join(lines).encode("cp932")


def order_forty_lines(cast: Cast) -> Order:
    cart = carting.open_cart(cast.nordwind, cast.alma)
    basket = {}
    for number in range(40):
        sku = make_sku(list_price=str(1000 + 10 * number), carton_quantity=12)
        put_on_shelf(sku, 30, "W1")
        basket[sku.id] = 6
    carting.put_many(cart, cast.nordwind, basket, BY)
    seen = checkout.review(
        cast.nordwind,
        [checkout.Requested(line.sku_id, line.quantity) for line in cart.lines],
        ship_to=ship_to_of(cast.nordwind), wished_on=None, at=clock.now(),
    )  # fmt: skip
    return placing.place_order(
        cart, cast.nordwind, ship_to=ship_to_of(cast.nordwind), fingerprint=seen.fingerprint, by=BY,
        email=cast.alma.email,
    )  # fmt: skip


def send(order: Order, pieces: dict[int, int] | None = None) -> None:
    made = planning.plan_part(order, pieces, BY) if pieces else planning.plan_shipments(order, BY)
    for shipment in made:
        packing.pick_all(shipment, BY)
        packing.pack_as_suggested(shipment, BY)
        dispatching.dispatch(shipment, BY)


def test_from_the_catalogue_to_the_cleared_payment(cast: Cast) -> None:
    order = order_forty_lines(cast)
    confirming.confirm(order, BY)
    send(order, {line.id: 6 for line in order.lines[:25]})
    send(order)
    first, second = invoicing.invoice_shipped_goods(BY)
    assert first.net + second.net == order.amount_net
    owed = first.total + second.total
    assert receivables.balance(cast.nordwind.id, "JPY") == owed

    learning.register(cast.nordwind, "ﾉﾙﾄﾞｳﾞｲﾝﾄ(ｶ")
    session.flush()
    statement = bank_csv(("ﾉﾙﾄﾞｳﾞｲﾝﾄ(ｶ", first.total), ("ﾉﾙﾄﾞｳﾞｲﾝﾄ(ｶ", second.total))
    brought = importing.import_statement(statement, "nov.csv", BY, account_code="MIYAKO")
    assert (len(brought.new), brought.known) == (2, 0)
    again = importing.import_statement(statement, "nov.csv", BY, account_code="MIYAKO")
    assert (len(again.new), again.known) == (0, 2)

    assert matching.match_all(BY, apply=True).applied == 2
    session.expire_all()
    assert receivables.balance(cast.nordwind.id, "JPY") == 0
    assert credit_limits.credit_of(cast.nordwind, "JPY").exposure == 0
    assert (order.state, order.money_state) == (OrderState.COMPLETED, MoneyState.PAID)
    check_house(*ALL)


def test_an_undone_clearing_leaves_everything_as_it_was(cast: Cast) -> None:
    order = order_forty_lines(cast)
    confirming.confirm(order, BY)
    send(order)
    (invoice,) = invoicing.invoice_shipped_goods(BY)
    (line,) = importing.import_statement(
        bank_csv(("ﾀﾞﾚｶ", invoice.total + 1000)), "x.csv", BY, account_code="MIYAKO"
    ).new
    before = credit_limits.credit_of(cast.nordwind, "JPY").exposure
    receipt = settling.settle(line, cast.nordwind, [settling.Applied(invoice, invoice.total)], BY)
    assert (receipt.on_account, receivables.balance(cast.nordwind.id, "JPY")) == (1000, -1000)
    check_house(*ALL)
    settling.undo(receipt, BY)
    session.expire_all()
    assert receivables.balance(cast.nordwind.id, "JPY") == invoice.total == invoice.open
    assert credit_limits.credit_of(cast.nordwind, "JPY").exposure == before
    assert (line.state, order.money_state) == (BankLineState.OPEN, MoneyState.BILLED)
    check_house(*ALL)


def test_a_line_is_cleared_by_one_accountant(cast: Cast) -> None:
    order = order_forty_lines(cast)
    confirming.confirm(order, BY)
    send(order)
    (invoice,) = invoicing.invoice_shipped_goods(BY)
    (line,) = importing.import_statement(
        bank_csv(("ﾀﾞﾚｶ", invoice.total)), "x.csv", BY, account_code="MIYAKO"
    ).new
    settling.settle(line, cast.nordwind, [settling.Applied(invoice, invoice.total)], BY)
    with pytest.raises(clearing.LineTaken):
        settling.settle(line, cast.nordwind, [settling.Applied(invoice, invoice.total)], BY)
