"""A receipt to be matched, and all that is looked at for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from wholesale.customers.models import FeeBearer
from wholesale.payments.fitting import FEES, NO_FEES, Fees
from wholesale.payments.formats.statement import StatementRow
from wholesale.payments.open_book import OpenBook
from wholesale.payments.payer_index import PayerIndex


@dataclass(frozen=True, slots=True)
class Incoming:
    """Money that came in, as the bank told it. `charges` are those the file itself states."""

    amount: Decimal
    currency: str
    booked_on: date
    payer_name: str
    payer_code: str = ""
    bank_name: str = ""
    branch_name: str = ""
    reference: str = ""
    charges: Decimal = Decimal(0)

    @classmethod
    def from_row(cls, row: StatementRow, currency: str) -> Incoming:
        """The receipt in a line of a statement."""
        return cls(
            amount=row.amount,
            currency=currency,
            booked_on=row.booked_on,
            payer_name=row.payer_name,
            payer_code=row.payer_code,
            bank_name=row.bank_name,
            branch_name=row.branch_name,
            reference=row.reference,
            charges=row.charges,
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a proposal looks at: who pays how, what is open, which fees occur."""

    payers: PayerIndex
    book: OpenBook
    fees: Mapping[str, Fees] = field(default_factory=lambda: FEES)

    def fees_of(self, currency: str) -> Fees:
        """The fees that occur in this currency."""
        return self.fees.get(currency, NO_FEES)

    def deducts_fees(self, customer: str) -> bool:
        """The customer habitually takes the transfer fee off what it pays."""
        return self.payers.payer(customer).fee_bearer is FeeBearer.PAYEE
