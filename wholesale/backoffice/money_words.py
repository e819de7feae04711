"""Words, tones and marks of invoices, customers and bank lines, and their histories."""

from __future__ import annotations

import json
from datetime import date

from flask_babel import gettext

from wholesale.backoffice.histories import Event
from wholesale.backoffice.marks import Chip, chip, did_chip
from wholesale.billing.models import Invoice, InvoiceState
from wholesale.customers.models import CustomerState
from wholesale.kernel import journal
from wholesale.kernel.db import Model
from wholesale.kernel.text import N_
from wholesale.payments.models import BankLineState

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
_DID = {
    "invoice:issued": (N_("Issued"), "done", "100"),
    "invoice:brought_in": (N_("Brought in as opening"), "done", "100"),
    "customer:added": (N_("Customer added"), "done", "100"),
    "customer:changed": (N_("Customer changed"), "now", "50"),
    "customer:invited": (N_("Buyer invited"), "done", "100"),
    "receipt:settled": (N_("Cleared"), "done", "100"),
    "receipt:undone": (N_("Clearing undone"), "wait", "hold"),
    "bank_line:set_apart": (N_("Set apart"), "", "none"),
    "bank_line:taken_up": (N_("Taken up again"), "now", "25"),
    "bank_line:reversed": (N_("Taken back"), "", "x"),
}
_TOLD = ("number", "email", "note", "reason", "invoices", "old", "new")


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


def history(subject: Model) -> list[Event]:
    """What was done to a document, newest first."""
    return [
        Event(
            chip=chip(*_DID[entry.did]) if entry.did in _DID else did_chip(entry.did),
            detail=_detail(json.loads(entry.details)),
            who=gettext("automatically")
            if entry.actor_name.startswith("system:")
            else entry.actor_name,
            at=entry.at,
        )
        for entry in journal.history(subject)
    ]


def _detail(details: dict[str, object]) -> str:
    told = []
    for key in _TOLD:
        value = details.get(key)
        if isinstance(value, list):
            told.append(", ".join(str(one) for one in value))
        elif value not in (None, "", False):
            told.append(str(value))
    return " · ".join(one for one in told if one)
