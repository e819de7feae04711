"""Issuing invoices: pulled from what has shipped and is not billed, each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from wholesale.billing.invoice_papers import Rated, issue_paper
from wholesale.billing.models import (
    BilledEntry,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceState,
    InvoiceTax,
    LedgerKind,
)
from wholesale.billing.receivables import post
from wholesale.company.queries import digits_of
from wholesale.company.taxing import TaxOfRate, rate_of, tax_by_rate
from wholesale.customers import credit_limits
from wholesale.customers.models import Customer
from wholesale.customers.paying_dates import due_on
from wholesale.customers.queries import money_terms, the_customer
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.money import ZERO
from wholesale.kernel.numbering import next_number
from wholesale.kernel.text import N_
from wholesale.mail import outbox
from wholesale.orders import progress
from wholesale.sales_ledger.queries import ENTRIES_OF_SLIP, Entry
from wholesale.shipping.models import Shipment, ShipmentState


class NothingToBill(Conflict):
    """Nothing of this shipment is unbilled."""

    message = N_("There is nothing to bill: this shipment is already on an invoice.")


def invoice_shipped_goods(by: Actor, *, most: int = 200) -> list[Invoice]:
    """Bill every dispatched shipment that is not billed yet; can be run again at any time."""
    waiting = session.scalars(
        select(Shipment)
        .where(
            Shipment.state.in_([ShipmentState.DISPATCHED, ShipmentState.DELIVERED]),
            ~Shipment.is_billed,
        )
        .order_by(Shipment.dispatched_at, Shipment.id)
        .limit(most)
    ).all()
    return [invoice_shipment(shipment, by) for shipment in waiting]


def invoice_shipment(shipment: Shipment, by: Actor) -> Invoice:
    """Bill one dispatched shipment. Raises NothingToBill when it is billed already."""
    version = session.scalar(_TAKE, {"shipment": shipment.id})
    entries = session.execute(ENTRIES_OF_SLIP, {"slip": shipment.delivery_note_number or ""}).all()
    if version is None or not entries:
        raise NothingToBill
    set_committed_value(shipment, "is_billed", True)  # noqa: FBT003 - a column's value
    set_committed_value(shipment, "version", version)
    receiver = the_customer(shipment.customer_id)
    same = shipment.bill_to_id == receiver.id
    payer = receiver if same else the_customer(shipment.bill_to_id)
    return _issue(entries, payer, receiver, by)


_shipments = cast("Table", Shipment.__table__)
_TAKE = (
    update(_shipments)
    .where(
        _shipments.c.id == bindparam("shipment"),
        ~_shipments.c.is_billed,
        _shipments.c.state.in_([ShipmentState.DISPATCHED, ShipmentState.DELIVERED]),
    )
    .values(is_billed=True, version=_shipments.c.version + 1)
    .returning(_shipments.c.version)
)


def _issue(entries: Sequence[Entry], payer: Customer, receiver: Customer, by: Actor) -> Invoice:
    today = clock.today()
    terms = money_terms(payer, today)
    currency = entries[0].currency
    digits = digits_of(currency)
    rated = [(entry, rate_of(entry.tax_class, entry.supply_on)) for entry in entries]
    taxes = tax_by_rate(
        [(entry.tax_class, rate, entry.amount) for entry, rate in rated], digits, terms.tax_mode
    )
    net = sum((entry.amount for entry in entries), ZERO)
    tax = sum((one.tax for one in taxes), ZERO)
    invoice = Invoice(
        number="",
        kind=InvoiceKind.PER_SHIPMENT,
        state=InvoiceState.DRAFT,
        customer_id=payer.id,
        currency=currency,
        issued_on=today,
        issued_at=clock.now(),
        due_on=due_on(terms, today),
        supplied_from=min(entry.supply_on for entry in entries),
        supplied_until=max(entry.supply_on for entry in entries),
        tax_mode=terms.tax_mode,
        net=net,
        tax=tax,
        total=net + tax,
    )
    invoice.number = f"~{entries[0].id}"  # the real one is drawn in the last step
    session.add(invoice)
    session.flush()  # lines carry its id
    _write_lines(invoice, rated)
    session.execute(
        _INSERT_TAXES,
        [
            {"invoice_id": invoice.id, "tax_class": one.tax_class, "rate": one.rate,
             "base": one.base, "tax": one.tax}
            for one in taxes
        ],
    )  # fmt: skip
    _count(invoice, entries, receiver)
    return _seal(invoice, payer, rated, taxes, by)


def _write_lines(invoice: Invoice, rated: Sequence[Rated]) -> None:
    rows = [
        {
            "invoice_id": invoice.id, "position": position, "code": entry.code,
            "description": entry.description, "quantity": entry.quantity,
            "unit_price": entry.unit_price, "amount": entry.amount,
            "tax_class": entry.tax_class, "tax_rate": rate, "supply_on": entry.supply_on,
            "slip_number": entry.slip_number, "order_line_id": entry.order_line_id,
        }
        for position, (entry, rate) in enumerate(rated, 1)
    ]  # fmt: skip
    made = {position: line for line, position in session.execute(_INSERT_LINES, rows)}
    session.execute(
        _BILL,
        [
            {"sales_entry_id": entry.id, "invoice_line_id": made[position], "is_live": True}
            for position, (entry, _) in enumerate(rated, 1)
        ],
    )


_lines = cast("Table", InvoiceLine.__table__)
_INSERT_LINES = insert(_lines).returning(_lines.c.id, _lines.c.position)
_INSERT_TAXES = insert(cast("Table", InvoiceTax.__table__))
_BILL = insert(cast("Table", BilledEntry.__table__))


def _count(invoice: Invoice, entries: Sequence[Entry], receiver: Customer) -> None:
    """The counters that follow: pieces invoiced per order line, credit from unbilled to owed."""
    pieces: dict[int, int] = {}
    for entry in entries:
        if entry.order_line_id is not None:
            pieces[entry.order_line_id] = pieces.get(entry.order_line_id, 0) + entry.quantity
    provisional = sum((entry.amount + entry.tax_provisional for entry in entries), ZERO)
    credit_limits.bill(
        receiver, invoice.currency, provisional, invoice.total, payer_id=invoice.customer_id
    )
    progress.note_invoiced(pieces)


def _seal(
    invoice: Invoice,
    payer: Customer,
    rated: Sequence[Rated],
    taxes: Sequence[TaxOfRate],
    by: Actor,
) -> Invoice:
    """Post it, draw the number, freeze the facts and tell the customer."""
    invoice.number = next_number("INV", invoice.issued_on)
    invoice.state = InvoiceState.ISSUED
    session.flush()  # from here on the row is frozen
    post(
        invoice.customer_id, invoice.currency, LedgerKind.INVOICE, invoice.total,
        on=invoice.issued_on, document=invoice.number, source=("invoice", invoice.id), by=by,
    )  # fmt: skip
    session.expire(invoice, ["lines", "taxes"])
    paper = issue_paper(invoice, payer, rated, taxes, by)
    invoice.paper_id = paper.id
    journal.record(invoice, "invoice:issued", by, number=invoice.number, total=invoice.total)
    if payer.invoice_email:
        outbox.post(
            "invoice_issued", to=payer.invoice_email, locale=payer.locale,
            key=f"invoice_issued:{invoice.number}", by=by, customer_id=payer.id, paper=paper,
            number=invoice.number, customer=payer.name, total=str(invoice.total),
            currency=invoice.currency, due_on=invoice.due_on.isoformat(),
        )  # fmt: skip
    return invoice


def bring_in_opening(  # noqa: PLR0913 - the columns of a row of the old system's export
    payer: Customer,
    number: str,
    *,
    issued_on: date,
    due: date,
    currency: str,
    taxes: Sequence[tuple[str, Decimal, Decimal, Decimal]],
    total: Decimal,
    open_amount: Decimal,
    by: Actor,
    closing_number: str = "",
) -> Invoice:
    """An invoice of the old system with what is still open of it; it keeps its own number.

    `taxes` are (class, rate, base, tax). What was paid before us counts as opening settled.
    """
    net = sum((base for _, _, base, _ in taxes), ZERO)
    invoice = Invoice(
        number=number, kind=InvoiceKind.OPENING, state=InvoiceState.ISSUED, customer_id=payer.id,
        currency=currency, issued_on=issued_on, issued_at=clock.now(), due_on=due,
        tax_mode=money_terms(payer, clock.today()).tax_mode, net=net, tax=total - net, total=total,
        settled=total - open_amount, opening_settled=total - open_amount,
        closing_number=closing_number,
    )  # fmt: skip
    session.add(invoice)
    session.flush()  # taxes and the ledger carry its id
    session.add_all(
        InvoiceTax(invoice_id=invoice.id, tax_class=kind, rate=rate, base=base, tax=tax)
        for kind, rate, base, tax in taxes
    )
    if open_amount:
        post(
            payer.id, currency, LedgerKind.OPENING, open_amount, on=issued_on, document=number,
            source=("invoice", invoice.id), by=by,
        )  # fmt: skip
        credit_limits.owe(payer, currency, open_amount)
    journal.record(invoice, "invoice:brought_in", by, number=number, open=open_amount)
    return invoice
