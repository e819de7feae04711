"""From a code, number or id in a URL to a customer, invoice, bank line, receipt or import run."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from wholesale.billing.models import Invoice, InvoiceState
from wholesale.customers.models import Address, Customer
from wholesale.exchange.models import ExportLayout, ImportRun
from wholesale.kernel.db import session
from wholesale.kernel.papers import Paper
from wholesale.payments.models import BankLine, Receipt
from wholesale.shipping.models import Shipment
from wholesale.web.lookups import found


def customer(code: str) -> Customer:
    """The customer with this code, or the one it was merged into; group and bill-to with it.

    Raises NotFound.
    """
    asked = select(Customer).options(joinedload(Customer.group), joinedload(Customer.bill_to))
    one = found(session.scalar(asked.where(Customer.code == code)))
    if one.merged_into_id is None:
        return one
    return found(session.scalar(asked.where(Customer.id == one.merged_into_id)))


def customer_of(address: Address) -> Customer:
    """The customer an address belongs to."""
    return session.scalars(select(Customer).where(Customer.id == address.customer_id)).one()


def invoice(number: str) -> Invoice:
    """The issued invoice with this number, its lines and taxes with it. Raises NotFound."""
    return found(
        session.scalar(
            select(Invoice)
            .where(Invoice.number == number, Invoice.state != InvoiceState.DRAFT)
            .options(
                joinedload(Invoice.customer),
                selectinload(Invoice.lines),
                selectinload(Invoice.taxes),
            )
        )
    )


def paper_of(invoice: Invoice) -> Paper | None:
    """The stored sheet of an invoice; None for one that was brought in."""
    if invoice.paper_id is None:
        return None
    return session.scalar(select(Paper).where(Paper.id == invoice.paper_id))


def shipment(number: str) -> Shipment:
    """The shipment with this number. Raises NotFound."""
    return found(session.scalar(select(Shipment).where(Shipment.number == number)))


def bank_line(line_id: int) -> BankLine:
    """A line of the bank, its file and account with it. Raises NotFound."""
    return found(
        session.scalar(
            select(BankLine)
            .where(BankLine.id == line_id)
            .options(joinedload(BankLine.file), joinedload(BankLine.account))
        )
    )


def receipt(number: str) -> Receipt:
    """The receipt with this number, its customer and line with it. Raises NotFound."""
    return found(
        session.scalar(
            select(Receipt)
            .where(Receipt.number == number)
            .options(joinedload(Receipt.customer), joinedload(Receipt.bank_line))
        )
    )


def import_run(run_id: int) -> ImportRun:
    """A run of an import. Raises NotFound."""
    return found(session.scalar(select(ImportRun).where(ImportRun.id == run_id)))


def export_layout(layout_id: int) -> ExportLayout:
    """A saved layout of an export. Raises NotFound."""
    return found(session.scalar(select(ExportLayout).where(ExportLayout.id == layout_id)))
