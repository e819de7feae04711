"""What was made after a merge out of what had moved: while there is any, nothing goes back."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table, or_, select

from wholesale.billing.models import Invoice, InvoiceLine, LedgerEntry
from wholesale.customers.models import Customer, CustomerState
from wholesale.kernel.db import session
from wholesale.kernel.transfers import Transfer
from wholesale.merging.models import Merge
from wholesale.orders.models import Order, OrderLine
from wholesale.payments.models import Receipt, Settlement
from wholesale.sales_ledger.models import SalesEntry


def _table(model: Any) -> Any:
    return cast("Table", model.__table__).c


_entry, _line, _billed = _table(SalesEntry), _table(OrderLine), _table(InvoiceLine)
_invoice, _posted, _order = _table(Invoice), _table(LedgerEntry), _table(Order)
_settlement, _receipt, _customer = _table(Settlement), _table(Receipt), _table(Customer)


def first_of(done: Merge) -> str:
    """The number of the first thing that depends on the merge; "" where nothing does."""
    transfer, since = Transfer(done.id), done.marks
    orders, receipts = transfer.rows("orders"), transfer.rows("receipts")
    lines = select(_line.id).where(_line.order_id.in_(orders))
    issued = select(_invoice.id).where(_invoice.customer_id == done.old_id)
    names = select(_receipt.number).where(_receipt.id.in_(receipts))
    numbers = select(_invoice.number).where(_invoice.id.in_(issued))
    asked = (
        select(_entry.slip_number).where(
            _entry.id > since["sales_entries"], _entry.order_line_id.in_(lines)
        ),
        select(_invoice.number)
        .join_from(Invoice.__table__, InvoiceLine.__table__)
        .where(_billed.id > since["invoice_lines"], _billed.order_line_id.in_(lines)),
        select(_receipt.number)
        .join_from(Settlement.__table__, Receipt.__table__)
        .where(
            _settlement.id > since["settlements"],
            or_(_settlement.invoice_id.in_(issued), _settlement.receipt_id.in_(receipts)),
        ),
        select(_posted.document).where(
            _posted.id > since["ledger_entries"],
            or_(_posted.document.in_(names), _posted.document.in_(numbers)),
        ),
        select(_order.number).where(
            _order.ship_to_id.in_(transfer.rows("addresses")), _order.id.not_in(orders),
            _order.customer_id == done.new_id,
        ),
        # The new one was merged itself in the meantime: that one is undone first.
        select(_customer.code).where(
            _customer.id == done.new_id, _customer.state == CustomerState.MERGED
        ),
    )  # fmt: skip
    for question in asked:
        if found := session.scalar(question.limit(1)):
            return str(found)
    return ""
