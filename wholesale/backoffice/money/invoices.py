"""Invoices: the list, what is shipped and not billed, one invoice with its stored sheet."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask import Response, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import histories
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.money import money_lookups as lookups
from wholesale.backoffice.money import money_words
from wholesale.billing import invoicing
from wholesale.billing.models import Invoice, InvoiceState
from wholesale.company.models import Company
from wholesale.company.queries import accounts_for, company, main_office
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.payments import spending
from wholesale.payments.queries import payments_of
from wholesale.sales_ledger.models import SalesEntry
from wholesale.shipping.models import Shipment, ShipmentState
from wholesale.web.answers import Answer, answer, moved
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs
from wholesale.web.paging import keyed_page
from wholesale.web.sheets import sheet

VIEWS = ("open", "overdue", "paid", "all")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A dispatched shipment that no invoice names, with its net amount."""

    shipment: Shipment
    net: Decimal
    currency: str


@office.get("/invoices")
@needs(Permission.INVOICES_READ)
def invoices() -> Answer:
    """Invoices by state, due date and customer, and shipments that wait to be billed."""
    view = request.args.get("view", "")
    view = view if view in {*VIEWS, "to_bill"} else "open"
    text = request.args.get("q", "").strip()
    code = request.args.get("customer", "").strip()
    return answer(
        "backoffice/invoices/index.html",
        "backoffice/invoices/_list.html",
        view=view,
        text=text,
        customer_code=code,
        listing=None if view == "to_bill" else keyed_page(
            _matching(view, text, code), [Invoice.issued_on, Invoice.id],
            lambda one: (one.issued_on, one.id), request.args,
        ),
        waiting=_waiting() if view == "to_bill" else [],
        waiting_count=_waiting_count(),
        chip_of=money_words.invoice_chip,
        today=clock.today(),
    )  # fmt: skip


@office.post("/invoices")
@needs(Permission.INVOICES_ISSUE)
def issue_all() -> Answer:
    """Bill everything that has shipped; a second run finds nothing."""
    made = invoicing.invoice_shipped_goods(by=the_visitor().actor)
    spending.use_prepaid(the_visitor().actor)
    return moved(
        url_for("office.invoices"), said=gettext("%(count)s invoices issued", count=len(made))
    )


@office.post("/shipments/<number>/invoice")
@needs(Permission.INVOICES_ISSUE)
def issue(number: str) -> Answer:
    """Bill one shipment."""
    made = invoicing.invoice_shipment(lookups.shipment(number), by=the_visitor().actor)
    spending.use_prepaid(the_visitor().actor)
    return moved(
        url_for("office.invoice", number=made.number),
        said=gettext("%(number)s has been issued", number=made.number),
    )


@office.get("/invoices/<number>")
@needs(Permission.INVOICES_READ)
def invoice(number: str) -> Answer:
    """One invoice: its sheet, what is open, what paid it, its history."""
    found = lookups.invoice(number)
    return answer(
        "backoffice/invoices/show.html",
        invoice=found,
        paper=lookups.paper_of(found),
        chip_of=money_words.invoice_chip(found, clock.today()),
        payments=payments_of(found),
        events=histories.of(found, histories.OF_MONEY),
        banks=accounts_for(found.currency),
        issuer=company(),
        issuing_office=main_office(),
        today=clock.today(),
        days_left=(found.due_on - clock.today()).days,
        requirements=_requirements(found, company()),
    )


def _requirements(invoice: Invoice, issuer: Company) -> list[tuple[str, bool]]:
    """What a qualified invoice (適格請求書) must say, and whether this one does; none for an export."""
    if not invoice.taxes or not any(tax.rate for tax in invoice.taxes):
        return []
    return [
        (gettext("Name and registration number of the issuer"), bool(issuer.registration_number)),
        (gettext("Day of each delivery"), all(line.supply_on for line in invoice.lines)),
        (
            gettext("What was delivered, reduced rates marked"),
            bool(invoice.lines) and all(line.description for line in invoice.lines),
        ),
        (
            gettext("Amount and rate for each tax rate"),
            sum(tax.base for tax in invoice.taxes) == sum(line.amount for line in invoice.lines),
        ),
        (
            gettext("Tax for each rate, rounded once"),
            sum(tax.base + tax.tax for tax in invoice.taxes) == invoice.total,
        ),
        (gettext("Name of the receiver"), bool(invoice.customer.name)),
    ]


@office.get("/invoices/<number>/pdf")
@needs(Permission.INVOICES_READ)
def invoice_pdf(number: str) -> Response:
    """The stored sheet itself, or a page that says it is being prepared."""
    found = lookups.invoice(number)
    paper = lookups.paper_of(found)
    if paper is None or paper.sha256 is None:
        page = render_template("backoffice/invoices/pending.html", invoice=found, paper=paper)
        return Response(page, 202, {"Refresh": "5"} if paper else {})
    return sheet(paper)


def _matching(view: str, text: str, code: str) -> Select[Invoice]:
    found = (
        select(Invoice)
        .where(Invoice.state != InvoiceState.DRAFT)
        .options(joinedload(Invoice.customer))
    )
    if view in {"open", "overdue"}:
        found = found.where(Invoice.total != Invoice.settled)
    if view == "overdue":
        found = found.where(Invoice.due_on < clock.today())
    if view == "paid":
        found = found.where(Invoice.total == Invoice.settled)
    if code:
        found = found.where(
            Invoice.customer_id.in_(
                select(Customer.id).where(
                    or_(
                        Customer.code == code,
                        Customer.merged_into_id.in_(
                            select(Customer.id).where(Customer.code == code)
                        ),
                    )
                )
            )
        )
    if text:
        named = select(Customer.id).where(
            or_(
                Customer.name.contains(text, autoescape=True),
                Customer.kana.contains(text, autoescape=True),
                Customer.code.ilike(f"{text}%"),
            )
        )
        found = found.where(
            or_(Invoice.number.like(f"{text.upper()}%"), Invoice.customer_id.in_(named))
        )
    return found


_UNBILLED = (
    Shipment.state.in_([ShipmentState.DISPATCHED, ShipmentState.DELIVERED]),
    ~Shipment.is_billed,  # as the partial index says it
)


def _waiting_count() -> int:
    return session.scalar(select(func.count()).select_from(Shipment).where(*_UNBILLED)) or 0


def _waiting() -> list[Waiting]:
    shipments = session.scalars(
        select(Shipment)
        .where(*_UNBILLED)
        .options(joinedload(Shipment.customer))
        .order_by(Shipment.dispatched_at, Shipment.id)
        .limit(200)
    ).all()
    sums = {
        slip: (net, currency)
        for slip, currency, net in session.execute(
            select(SalesEntry.slip_number, SalesEntry.currency, func.sum(SalesEntry.amount))
            .where(SalesEntry.slip_number.in_([one.delivery_note_number for one in shipments]))
            .group_by(SalesEntry.slip_number, SalesEntry.currency)
        )
    }
    return [
        Waiting(one, *sums.get(one.delivery_note_number or "", (Decimal(0), "JPY")))
        for one in shipments
    ]
