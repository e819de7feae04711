"""The invoices that are open, as a book in memory that receipts are tried against."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from wholesale.payments.evidence import Applied, Candidate

PLACES = 4


def units(amount: Decimal) -> int:
    """An amount as whole ten-thousandths: exact, and quick to add."""
    return int(amount.scaleb(PLACES))


def amount_of(whole: int) -> Decimal:
    """The amount of so many ten-thousandths, without zeros after the point."""
    value = Decimal(whole).scaleb(-PLACES)
    return value.quantize(Decimal(1)) if whole % 10**PLACES == 0 else value.normalize()


def plain_number(text: str) -> str:
    """A document number without width, case, blanks and hyphens."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text).upper())


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice or a credit note (then `open_amount` is negative) with what is open of it."""

    number: str
    customer: str
    issued_on: date
    due_on: date
    currency: str
    open_amount: Decimal
    closing_number: str = ""

    @property
    def is_credit_note(self) -> bool:
        """It lessens what is owed."""
        return self.open_amount < 0


class OpenBook:
    """Open invoices by number, customer and amount, and what unconfirmed receipts lay claim to.

    A look-up costs what one customer has open, however large the book is.
    """

    def __init__(self, invoices: Iterable[OpenInvoice]) -> None:
        self._open: dict[str, OpenInvoice] = {}
        self._known: dict[str, str] = {}
        self._by_customer: dict[str, dict[str, None]] = defaultdict(dict)
        self._by_amount: dict[tuple[str, int], dict[str, None]] = defaultdict(dict)
        self._plain: dict[str, str] = {}
        self._claims: dict[Hashable, tuple[Candidate, ...]] = {}
        self._claims_on: dict[str, dict[Hashable, None]] = defaultdict(dict)
        for invoice in invoices:
            self._known[invoice.number.upper()] = invoice.number
            self._plain[plain_number(invoice.number)] = invoice.number
            self._put(invoice)
        self._closed: dict[str, OpenInvoice] = {}

    def _put(self, invoice: OpenInvoice) -> None:
        if not invoice.open_amount:
            return
        self._open[invoice.number] = invoice
        self._by_customer[invoice.customer][invoice.number] = None
        self._by_amount[invoice.currency, units(invoice.open_amount)][invoice.number] = None

    def _take(self, number: str) -> OpenInvoice | None:
        invoice = self._open.pop(number, None)
        if invoice:
            del self._by_customer[invoice.customer][number]
            del self._by_amount[invoice.currency, units(invoice.open_amount)][number]
        return invoice

    def find(self, number: str) -> OpenInvoice | None:
        """The open invoice of this number, whatever its case; None when it is not open."""
        return self._open.get(self._known.get(number.upper(), ""))

    def knows(self, number: str) -> bool:
        """There is such an invoice, open or cleared since."""
        return number.upper() in self._known

    def find_plain(self, text: str) -> OpenInvoice | None:
        """The open invoice whose number is this one apart from hyphens and blanks."""
        return self._open.get(self._plain.get(plain_number(text), ""))

    def of(self, customers: Iterable[str], currency: str) -> list[OpenInvoice]:
        """What these customers have open in this currency, oldest due first."""
        found = [
            invoice
            for customer in customers
            for number in self._by_customer.get(customer, ())
            if (invoice := self._open[number]).currency == currency
        ]
        return sorted(found, key=lambda each: (each.due_on, each.issued_on, each.number))

    def with_amount(self, currency: str, amount: Decimal) -> list[OpenInvoice]:
        """Every invoice, whoever owes it, of which exactly so much is open."""
        return [self._open[each] for each in self._by_amount.get((currency, units(amount)), ())]

    def settle(self, applied: Iterable[Applied]) -> None:
        """Lessen what is open."""
        for each in applied:
            invoice = self._take(each.invoice)
            if invoice is None:
                raise KeyError(each.invoice)
            left = replace(invoice, open_amount=invoice.open_amount - each.amount)
            self._closed[each.invoice] = left
            self._put(left)

    def reopen(self, applied: Iterable[Applied]) -> None:
        """Undo `settle`."""
        for each in applied:
            invoice = self._take(each.invoice) or self._closed[each.invoice]
            self._put(replace(invoice, open_amount=invoice.open_amount + each.amount))

    def claim(self, receipt: Hashable, candidates: Sequence[Candidate]) -> None:
        """Remember a receipt that waits for a person, with the ways it may be cleared."""
        if not candidates:
            return
        self._claims[receipt] = tuple(candidates)
        for customer in self._claimed(candidates):
            self._claims_on[customer][receipt] = None

    def release(self, receipt: Hashable) -> None:
        """Forget a claim: it was confirmed, put aside or reversed. Unknown ones are passed over."""
        for customer in self._claimed(self._claims.pop(receipt, ())):
            self._claims_on[customer].pop(receipt, None)

    def claims_on(self, customers: Iterable[str]) -> list[tuple[Candidate, ...]]:
        """The candidates of every waiting receipt that may clear something of these customers."""
        receipts = {each: None for one in customers for each in self._claims_on.get(one, ())}
        return [self._claims[receipt] for receipt in receipts]

    def _claimed(self, candidates: Iterable[Candidate]) -> set[str]:
        owners = {
            invoice.customer
            for candidate in candidates
            for each in candidate.applied
            if (invoice := self._open.get(each.invoice) or self._closed.get(each.invoice))
        }
        return owners | {candidate.customer for candidate in candidates}


def as_if(invoices: Sequence[OpenInvoice], applied: Mapping[str, Decimal]) -> list[OpenInvoice]:
    """The same invoices after so much of them has been cleared; what is cleared whole is gone."""
    left = []
    for invoice in invoices:
        rest = invoice.open_amount - applied.get(invoice.number, Decimal(0))
        if rest and (rest > 0) == (invoice.open_amount > 0):
            left.append(replace(invoice, open_amount=rest))
    return left
