"""The receivables ledger refuses what would clear an invoice twice."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.factories.people import Cast
from tests.factories.receipts import make_invoice
from wholesale.billing import receivables
from wholesale.billing.models import Invoice
from wholesale.billing.receivables import InvoiceMovedOn
from wholesale.kernel.db import session


def test_an_invoice_is_never_cleared_beyond_its_total(cast: Cast) -> None:
    invoice = make_invoice(cast.nordwind)
    receivables.clear(invoice, invoice.total - 1)
    with pytest.raises(InvoiceMovedOn, match=invoice.number):
        receivables.clear(invoice, invoice.total)
    receivables.clear(invoice, invoice.total - invoice.settled)
    assert invoice.is_paid
    with pytest.raises(InvoiceMovedOn):
        receivables.clear(invoice, -(invoice.total + 1))


def test_what_somebody_else_has_cleared_meanwhile_counts(cast: Cast) -> None:
    """The row decides, not what this unit read a moment ago."""
    invoice = make_invoice(cast.nordwind)
    session.execute(
        update(Invoice).where(Invoice.id == invoice.id).values(settled=invoice.total)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    assert not invoice.is_paid
    with pytest.raises(InvoiceMovedOn):
        receivables.clear(invoice, invoice.total)
