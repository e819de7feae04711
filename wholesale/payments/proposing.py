"""What a receipt pays for: one certain answer, or candidates for a person to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from wholesale.payments.evidence import Candidate, Decision, Reason, Word, decided, undecided
from wholesale.payments.fitting import (
    CERTAIN_RANKS,
    EXACT,
    EXACT_SUBSET,
    FEES,
    NO_FEES,
    UNUSUAL_FEE,
    Fees,
    Way,
    on_account,
    only_way,
    ways,
)
from wholesale.payments.formats.statement import StatementRow
from wholesale.payments.open_book import OpenBook, OpenInvoice, as_if
from wholesale.payments.payer_index import FeeBearer, Owner, PayerIndex, Recognition
from wholesale.payments.reference_passes import by_reference
from wholesale.payments.references import Named, named_in

MOST_CANDIDATES = 6
_MOST_OWNERS = 5


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
