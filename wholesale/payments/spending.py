"""Money on account (前受金) that pays an invoice later: what was paid in advance clears what was shipped."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from sqlalchemy import Table, bindparam, select, type_coerce, update

from wholesale.billing.models import Invoice, InvoiceLine, InvoiceState
from wholesale.customers.queries import family, living
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.money import AMOUNT, ZERO
from wholesale.kernel.text import N_
from wholesale.orders import prepaying
from wholesale.orders.models import Order, OrderLine
from wholesale.payments import clearing
from wholesale.payments.models import BankLineState, Receipt


class NotOnAccount(Conflict):
    """The money is somewhere else by now."""

    message = N_("This money doesn't lie on account any more. Look at the receipt again.")


def use_prepaid(by: Actor) -> Decimal:
    """Clear every open invoice of orders paid in advance with the money that was set apart.

    Can be run at any time and again. Returns how much was cleared, over all currencies, to tell
    whether there was anything.
    """
    used = ZERO
    for order in _with_money_apart():
        for invoice in _open_invoices_of(order):
            amount = min(order.prepaid, invoice.open)
            if amount > 0:
                pay_from_account(invoice, amount, by)
                prepaying.use(order, amount)
                used += amount
        if not any(line.quantity - line.dropped - line.invoiced for line in order.lines):
            prepaying.give_up(order)  # a rest: the estimate of its tax was higher
    return used


def pay_from_account(invoice: Invoice, amount: Decimal, by: Actor) -> None:
    """Clear so much of an invoice with its customer's money on account, the oldest first.

    The counter of the credit and the ledger stay right: the receipt was posted when it came.
    Raises NotOnAccount, InvoiceMovedOn.
    """
    cleared: list[tuple[Receipt, Invoice, Decimal]] = []
    left = amount
    for receipt in _with_rest(invoice):
        part = min(left, receipt.on_account)
        if not rows_changed(_SPEND, {"receipt": receipt.id, "n": part}):
            raise NotOnAccount
        cleared.append((receipt, invoice, part))
        left -= part
        if not left:
            break
    if left:
        raise NotOnAccount
    payer_id = cleared[0][0].customer_id
    clearing.count([(invoice, amount)], [(payer_id, invoice.currency, -amount)])
    clearing.write([], cleared, [], by)
    for receipt, _, part in cleared:
        session.refresh(receipt)
        if receipt.bank_line and receipt.bank_line.state is BankLineState.ON_ACCOUNT:
            receipt.bank_line.move_to(BankLineState.SETTLED)
        journal.record(receipt, "receipt:used", by, invoice=invoice.number, amount=part)
    session.flush()  # screens read the rows


_receipts = cast("Table", Receipt.__table__)
_rest = type_coerce(_receipts.c.on_account - bindparam("n", type_=AMOUNT), AMOUNT)
_SPEND = (
    update(_receipts)
    .where(_receipts.c.id == bindparam("receipt"), _receipts.c.is_live, _rest >= ZERO)
    .values(on_account=_rest)
)


def _with_money_apart() -> Sequence[Order]:
    billed = select(OrderLine.order_id).where(OrderLine.invoiced > 0)
    return session.scalars(
        select(Order).where(Order.prepaid > 0, Order.id.in_(billed)).order_by(Order.id)
    ).all()


def _open_invoices_of(order: Order) -> Sequence[Invoice]:
    names = select(InvoiceLine.invoice_id).where(
        InvoiceLine.order_line_id.in_([line.id for line in order.lines])
    )
    return session.scalars(
        select(Invoice)
        .where(
            Invoice.id.in_(names), Invoice.state == InvoiceState.ISSUED,
            Invoice.total > Invoice.settled, Invoice.customer_id.in_(family(order.bill_to_id)),
        )
        .order_by(Invoice.id)
    ).all()  # fmt: skip


def _with_rest(invoice: Invoice) -> Sequence[Receipt]:
    return session.scalars(
        select(Receipt)
        .where(
            Receipt.customer_id == living([invoice.customer_id])[invoice.customer_id],
            Receipt.currency == invoice.currency,
            Receipt.is_live, Receipt.on_account > 0,
        )
        .order_by(Receipt.received_on, Receipt.id)
    ).all()  # fmt: skip
