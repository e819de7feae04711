"""The counters of credit of customers that were merged, derived from the documents that name them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, case, func, or_, select

from wholesale.billing.models import BilledEntry, Invoice
from wholesale.customers import credit_limits
from wholesale.customers.models import CreditLevel, CreditUse, Customer
from wholesale.kernel.db import session
from wholesale.kernel.money import AMOUNT, ZERO
from wholesale.orders.models import Order
from wholesale.payments.models import Receipt
from wholesale.sales_ledger.models import SalesEntry

# (customer, level, currency) → the amounts of its counter
Counters = dict[tuple[int, CreditLevel, str], dict[str, Decimal]]
_orders = cast("Table", Order.__table__).c
_entries = cast("Table", SalesEntry.__table__).c
_billed = cast("Table", BilledEntry.__table__).c
_invoices = cast("Table", Invoice.__table__).c
_receipts = cast("Table", Receipt.__table__).c
_customers = cast("Table", Customer.__table__)


def count_anew(customer_ids: Iterable[int]) -> None:
    """Set the counters of these customers to what the rows beneath say."""
    ids = sorted(set(customer_ids))
    found: Counters = defaultdict(dict)
    _ordered(found, ids)
    _unbilled(found, ids)
    _owed(found, ids)
    credit_limits.restate(ids, found)


def currencies_of(customer_id: int) -> list[str]:
    """In which currencies a customer has a counter."""
    use = cast("Table", CreditUse.__table__).c
    found = select(use.currency).where(use.customer_id == customer_id).distinct()
    return sorted(session.scalars(found))


def _sum(value: Any) -> Any:
    return func.coalesce(func.sum(value, type_=AMOUNT), ZERO, type_=AMOUNT)


def _ordered(found: Counters, ids: list[int]) -> None:
    later = _orders.credit_is_later
    rows = session.execute(
        select(
            _orders.customer_id, _orders.bill_to_id, _orders.currency,
            _sum(case((~later, _orders.credit_counted), else_=ZERO)),
            _sum(case((later, _orders.credit_counted), else_=ZERO)), _sum(_orders.prepaid),
        )
        .where(or_(_orders.customer_id.in_(ids), _orders.bill_to_id.in_(ids)))
        .group_by(_orders.customer_id, _orders.bill_to_id, _orders.currency)
    )  # fmt: skip
    for customer, payer, currency, ordered, by_and_by, apart in rows:
        _add(found, (payer, CreditLevel.GROUP, currency),
             ordered=ordered, later=by_and_by, reserved=apart)  # fmt: skip
        if customer != payer:
            _add(found, (customer, CreditLevel.OWN, currency), ordered=ordered, later=by_and_by)


def _unbilled(found: Counters, ids: list[int]) -> None:
    buyer, payer = _living(_entries.customer_id), _living(_entries.bill_to_id)
    live = select(_billed.id).where(_billed.sales_entry_id == _entries.id, _billed.is_live).exists()
    rows = session.execute(
        select(buyer, payer, _entries.currency, _sum(_entries.amount + _entries.tax_provisional))
        .where(~live, or_(buyer.in_(ids), payer.in_(ids)))
        .group_by(buyer, payer, _entries.currency)
    )
    for customer, billed_to, currency, gross in rows:
        _add(found, (billed_to, CreditLevel.GROUP, currency), unbilled=gross)
        if customer != billed_to:
            _add(found, (customer, CreditLevel.OWN, currency), unbilled=gross)


def _owed(found: Counters, ids: list[int]) -> None:
    payer = _living(_invoices.customer_id)
    for customer, currency, open_ in session.execute(
        select(payer, _invoices.currency, _sum(_invoices.total - _invoices.settled))
        .where(payer.in_(ids))
        .group_by(payer, _invoices.currency)
    ):
        _add(found, (customer, CreditLevel.GROUP, currency), receivable=open_)
    for customer, currency, held in session.execute(
        select(_receipts.customer_id, _receipts.currency, _sum(_receipts.on_account))
        .where(_receipts.customer_id.in_(ids), _receipts.is_live)
        .group_by(_receipts.customer_id, _receipts.currency)
    ):
        _add(found, (customer, CreditLevel.GROUP, currency), on_account=held)


def _living(column: Any) -> Any:
    """The customer that lives on in place of the one a frozen row names."""
    who = _customers.alias()
    return (
        select(func.coalesce(who.c.merged_into_id, who.c.id))
        .where(who.c.id == column)
        .scalar_subquery()
    )


def _add(found: Counters, key: tuple[int, CreditLevel, str], **amounts: Decimal) -> None:
    counter = found[key]
    for name, amount in amounts.items():
        counter[name] = counter.get(name, ZERO) + amount
