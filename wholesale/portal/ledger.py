"""The customer's account of a period: what was billed and received, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from flask import Response, request
from flask_babel import gettext as _
from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.billing.models import LedgerEntry, LedgerKind
from wholesale.billing.receivables import balance
from wholesale.customers.queries import money_terms
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.money import ZERO
from wholesale.kernel.tables import Cell
from wholesale.kernel.text import N_
from wholesale.portal import lookups
from wholesale.portal.blueprints import portal
from wholesale.portal.order_lists import day_of
from wholesale.portal.spreadsheets import table_file
from wholesale.web.answers import Answer, answer
from wholesale.web.gate import needs

MOST_ROWS = 5000
KIND_WORDS = {
    LedgerKind.INVOICE: N_("Invoice"),
    LedgerKind.CREDIT_NOTE: N_("Credit note"),
    LedgerKind.RECEIPT: N_("Payment received"),
    LedgerKind.REFUND: N_("Refund"),
    LedgerKind.FEE: N_("Bank fee"),
    LedgerKind.DISCOUNT: N_("Discount"),
    LedgerKind.WRITE_OFF: N_("Written off"),
    LedgerKind.OFFSET: N_("Offset"),
    LedgerKind.EXCHANGE: N_("Exchange difference"),
    LedgerKind.OPENING: N_("Opening balance"),
    LedgerKind.TRANSFER: N_("Transfer"),
}


@dataclass(frozen=True, slots=True)
class Posted:
    """One row: + billed, − received, with tax; and what was owed after it."""

    entry: LedgerEntry
    word: str
    left: Decimal


@dataclass(frozen=True, slots=True)
class Account:
    """The account from `first` to `last` in one currency; amounts with tax."""

    first: date
    last: date
    currency: str
    before: Decimal
    rows: list[Posted]
    billed: Decimal
    received: Decimal
    left: Decimal


@portal.get("/invoices/ledger")
@needs(Permission.INVOICES_READ)
def ledger() -> Answer:
    """The account of a period; this month where no period is told."""
    customer = lookups.own_customer()
    return answer(
        "portal/invoices/ledger.html", "portal/invoices/_ledger.html",
        account=_account(), customer=customer, payer=customer.payer,
    )  # fmt: skip


@portal.get("/invoices/ledger/export")
@needs(Permission.INVOICES_READ)
def export_ledger() -> Response:
    """The same as CSV or (as=xlsx) Excel, one row per posting, for the shop's own books."""
    shown = _account()
    heads = [
        _("Date"), _("Kind"), _("Number"), _("Billed"), _("Amount received"), _("Balance"), _("Currency"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [shown.first, _("Balance brought forward"), "", None, None, shown.before, shown.currency]
    ]
    for row in shown.rows:
        amount = row.entry.amount
        billed, received = (amount, None) if amount > 0 else (None, -amount)
        rows.append(
            [row.entry.posted_on, row.word, row.entry.document, billed, received, row.left,
             shown.currency]
        )  # fmt: skip
    kind = "xlsx" if request.args.get("as") == "xlsx" else "csv"
    name = f"ledger-{shown.first.isoformat()}-{shown.last.isoformat()}"
    return table_file(kind, name, heads, rows)


def _period() -> tuple[date, date]:
    """The days asked for; from the first of this month to today where one is missing."""
    today = clock.today()
    last = day_of(request.args.get("to", "")) or today
    first = day_of(request.args.get("from", "")) or last.replace(day=1)
    return min(first, last), max(first, last)


def _account() -> Account:
    customer = lookups.own_customer()
    first, last = _period()
    currency = money_terms(customer, clock.today()).currency
    entries = session.scalars(
        select(LedgerEntry)
        .where(
            LedgerEntry.customer_id == customer.id,
            LedgerEntry.currency == currency,
            LedgerEntry.posted_on.between(first, last),
        )
        .order_by(LedgerEntry.posted_on, LedgerEntry.id)
        .limit(MOST_ROWS)
    ).all()
    before = (
        ZERO if first == date.min else balance(customer.id, currency, first - timedelta(days=1))
    )
    left, rows = before, []
    for one in entries:
        left += one.amount
        rows.append(Posted(one, _(KIND_WORDS[one.kind]), left))
    billed = sum((one.amount for one in entries if one.amount > 0), ZERO)
    return Account(first, last, currency, before, rows, billed, before + billed - left, left)
