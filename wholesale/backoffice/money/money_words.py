"""Words, tones and marks of invoices, customers and bank lines."""

from __future__ import annotations

from datetime import date

from wholesale.backoffice.marks import chip
from wholesale.billing.models import Invoice, InvoiceState
from wholesale.customers.models import CustomerState
from wholesale.kernel.text import N_
from wholesale.payments.models import BankLineState
from wholesale.web.chips import Chip

_CUSTOMERS = {
    CustomerState.ACTIVE: (N_("Active"), "done", "100"),
    CustomerState.STOPPED: (N_("Stopped"), "stop", "x"),
    CustomerState.MERGED: (N_("Merged"), "", "x"),
}
_LINES = {
    BankLineState.OPEN: (N_("Not matched"), "", "0"),
    BankLineState.PROPOSED: (N_("Proposed"), "go", "25"),
    BankLineState.SETTLED: (N_("Cleared"), "done", "100"),
    BankLineState.ON_ACCOUNT: (N_("On account"), "wait", "lock"),
    BankLineState.SET_APART: (N_("Set apart"), "", "none"),
    BankLineState.REVERSED: (N_("Taken back"), "", "x"),
}


def customer_chip(state: CustomerState) -> Chip:
    """Whether a customer may trade."""
    return chip(*_CUSTOMERS[state])


def line_chip(state: BankLineState) -> Chip:
    """Where a line of the bank stands."""
    return chip(*_LINES[state])


def invoice_chip(invoice: Invoice, today: date) -> Chip:
    """Issued, part paid, paid, overdue or corrected."""
    if invoice.state is InvoiceState.CORRECTED:
        return chip(N_("Corrected"), "", "x")
    if invoice.is_paid:
        return chip(N_("Paid"), "done", "100")
    if invoice.due_on < today:
        return chip(N_("Overdue"), "stop", "hold")
    if invoice.settled:
        return chip(N_("Part paid"), "go", "75")
    return chip(N_("Issued"), "go", "25")
