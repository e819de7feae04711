"""What the customer owes: figures, invoices, the ledger of one, and the stored papers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Response, render_template, request
from sqlalchemy import func, select, type_coerce
from werkzeug.exceptions import Forbidden

from wholesale.accounts.permissions import Permission
from wholesale.billing.models import Invoice, InvoiceState
from wholesale.billing.receivables import balance
from wholesale.company.queries import accounts_for
from wholesale.customers.credit_limits import known_credit
from wholesale.customers.models import CreditUse, Customer
from wholesale.customers.queries import MoneyTerms, family, money_terms
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.money import AMOUNT, ZERO
from wholesale.kernel.papers import Paper
from wholesale.payments.queries import payments_of
from wholesale.portal import lookups, words
from wholesale.portal.blueprints import portal
from wholesale.portal.header import payment_words
from wholesale.web.answers import Answer, answer
from wholesale.web.chips import Chip
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs
from wholesale.web.paging import Page, keyed_page
from wholesale.web.sheets import sheet

PAGE = 50
VIEWS = ("", "open", "paid")


@dataclass(frozen=True, slots=True)
class Row:
    """One invoice of the list."""

    invoice: Invoice
    chip: Chip


@dataclass(frozen=True, slots=True)
class Owed:
    """What a bill-to owes in its currency: the sums above the list."""

    terms: MoneyTerms
    next_on: date | None
    next_amount: Decimal
    overdue: Decimal
    balance: Decimal
    bought_this_year: Decimal
    credit: CreditUse | None


def owed(customer: Customer) -> Owed:
    """The figures of the customer's bill-to, with tax but for this year's purchases (net)."""
    today = clock.today()
    terms = money_terms(customer, today)
    payer, currency = customer.payer_id, terms.currency
    mine = (
        Invoice.customer_id.in_(family(payer)),
        Invoice.currency == currency,
        Invoice.state == InvoiceState.ISSUED,
    )
    # a difference of columns forgets its type, and with it the scale: say it again
    rest = type_coerce(func.sum(Invoice.total - Invoice.settled), AMOUNT)
    next_on = session.scalar(
        select(func.min(Invoice.due_on)).where(
            *mine, Invoice.total != Invoice.settled, Invoice.due_on >= today
        )
    )
    due = select(rest).where(*mine, Invoice.total != Invoice.settled)
    return Owed(
        terms=terms,
        next_on=next_on,
        next_amount=_sum(due.where(Invoice.due_on == next_on)) if next_on else ZERO,
        overdue=_sum(due.where(Invoice.due_on < today)),
        balance=balance(payer, currency),
        bought_this_year=_sum(
            select(func.sum(Invoice.net)).where(*mine, Invoice.issued_on >= date(today.year, 1, 1))
        ),
        credit=known_credit(payer, currency),
    )


def _sum(asked: Any) -> Decimal:
    return session.scalar(asked) or ZERO


@portal.get("/invoices")
@needs(Permission.INVOICES_READ)
def invoices() -> Answer:
    """What is owed, and the invoices, newest first."""
    customer = lookups.own_customer()
    figures = owed(customer)
    view = request.args.get("view", "")
    return answer(
        "portal/invoices/index.html",
        "portal/invoices/_list.html",
        owed=figures,
        customer=customer,
        payer=customer.payer,
        payment=payment_words(figures.terms),
        shown=_page(view if view in VIEWS else ""),
        view=view if view in VIEWS else "",
        views=VIEWS,
        banks=accounts_for(figures.terms.currency),
    )


@portal.get("/invoices/<number>")
@needs(Permission.INVOICES_READ)
def invoice(number: str) -> Answer:
    """One invoice: the stored sheet, when it is due, what has been paid."""
    found = lookups.own_invoice(number)
    return answer(
        "portal/invoices/show.html",
        invoice=found,
        chip=words.invoice_chip(found, clock.today()),
        paper=_paper(found),
        payments=payments_of(found),
        banks=accounts_for(found.currency),
    )


@portal.get("/invoices/<number>/pdf")
@needs(Permission.INVOICES_READ)
def invoice_pdf(number: str) -> Response:
    """The stored sheet itself."""
    return paper_answer(lookups.own_paper(lookups.own_invoice(number).paper_id))


@portal.get("/delivery-notes/<number>/pdf")
@needs(Permission.SHIPMENTS_READ)
def delivery_note_pdf(number: str) -> Response:
    """The stored delivery note; one with prices only for who may see them."""
    paper = lookups.own_paper(lookups.own_shipment(number).paper_id)
    if not the_visitor().sees_prices and json.loads(paper.facts).get("with_prices", True):
        raise Forbidden
    return paper_answer(paper)


def paper_answer(paper: Paper) -> Response:
    """The stored sheet of a paper, or that it is being prepared."""
    if paper.sha256 is None:
        pending = Response(render_template("portal/invoices/pending.html", paper=paper), 202)
        pending.headers["Refresh"] = "5"
        return pending
    return sheet(paper)


def _paper(found: Invoice) -> Paper | None:
    return lookups.own_paper(found.paper_id) if found.paper_id else None


_VIEWS = {
    "open": (Invoice.total != Invoice.settled,),
    "paid": (Invoice.total == Invoice.settled,),
}


def _page(view: str) -> Page[Row]:
    found = select(Invoice).where(
        Invoice.customer_id.in_(lookups.own_ids()), Invoice.state != InvoiceState.DRAFT
    )
    for condition in _VIEWS.get(view, ()):
        found = found.where(condition)
    page = keyed_page(
        found, [Invoice.issued_on, Invoice.id], lambda one: (one.issued_on, one.id), request.args
    )
    today = clock.today()
    rows = [Row(one, words.invoice_chip(one, today)) for one in page.rows]
    return Page(rows, newer=page.newer, older=page.older)
