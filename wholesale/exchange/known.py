"""What a file's codes mean here, looked up for all rows at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from wholesale.company.setting_up import CURRENCIES
from wholesale.customers.models import Customer
from wholesale.customers.queries import NoTerms, lives_on, money_terms
from wholesale.exchange import cells
from wholesale.exchange.reports import Refused
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.sheets import Row

# What is brought in without a first day holds since before any document we will ever see.
FROM_THE_START = date(2000, 1, 1)
_AT_ONCE = 5000
# What a column with a customer's code is called in sheets that are not about the customers.
CUSTOMER_CODE = (
    "取引先コード", "得意先コード", "顧客コード", "取引先CD", "得意先CD", "得意先番号", "取引先番号",
    "customer code", "customer", "customer no", "customer number", "customer id", "account code",
    "account", "客户编码", "客户代码", "客户编号", "客戶編號",
)  # fmt: skip


def by_code(model: type[Any], codes: Iterable[str]) -> dict[str, Any]:
    """The rows of a table with these codes, by code; of a merged customer the one it became."""
    wanted = sorted(set(codes))
    found = {}
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        for row in session.scalars(select(model).where(model.code.in_(part))):
            found[row.code] = lives_on(row) if isinstance(row, Customer) else row
    return found


def known_customer(customers: dict[str, Customer], code: str, field: str) -> Customer:
    """The customer with the code. Raises Refused unknown_customer."""
    if code not in customers:
        raise Refused("unknown_customer", field, value=code)
    return customers[code]


def by_number(model: type[Any], numbers: Iterable[str]) -> dict[str, Any]:
    """The documents of a table with these numbers, by number."""
    wanted = sorted(set(numbers))
    found = {}
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        for row in session.scalars(select(model).where(model.number.in_(part))):
            found[row.number] = row
    return found


def currency_billed(row: Row, customer: Customer) -> str:
    """The currency of a row, which must be the one the customer is billed in.

    Raises Refused unknown_currency, currency_mismatch.
    """
    try:
        billed_in = money_terms(customer, clock.today()).currency
    except NoTerms as trouble:
        raise Refused("unknown_customer", "customer", value=customer.code) from trouble
    currency = cells.code(row, "currency").upper() or billed_in
    if currency not in CURRENCIES:
        raise Refused("unknown_currency", "currency", value=currency[:40])
    if currency != billed_in:
        raise Refused("currency_mismatch", "currency", value=currency, currency=billed_in)
    return currency
