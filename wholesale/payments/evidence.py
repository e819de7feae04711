"""What a proposal says: its word, its rows, and its reasons in words an accountant can sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from wholesale.kernel.text import N_


class Word(StrEnum):
    """How sure a proposal is. Only `certain` may be applied without a person."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, or why not: a code of REASONS and the values of its sentence."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The English sentence, translated and filled in (`% values`) where it is shown."""
        return REASONS[self.code]

    @property
    def is_warning(self) -> bool:
        """It speaks against clearing without a look."""
        return self.code in WARNINGS


@dataclass(frozen=True, slots=True)
class Applied:
    """How much of an invoice is cleared, fees and discounts included."""

    invoice: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A named difference: `fee`, `short` clear more than arrived; `on_account` stays with us."""

    kind: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to clear a receipt. received + fee + short = Σ applied + on_account."""

    customer: str
    applied: tuple[Applied, ...]
    adjustments: tuple[Adjustment, ...]
    word: Word
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one receipt: the best candidate, and all candidates ranked (best first)."""

    word: Word
    customer: str | None
    applied: tuple[Applied, ...]
    adjustments: tuple[Adjustment, ...]
    reasons: tuple[Reason, ...]
    candidates: tuple[Candidate, ...]

    @property
    def is_certain(self) -> bool:
        """May be applied without a person."""
        return self.word is Word.CERTAIN


def undecided(*reasons: Reason) -> Decision:
    """No proposal, and why."""
    return Decision(Word.NONE, None, (), (), reasons, ())


def decided(candidates: tuple[Candidate, ...], *more: Reason) -> Decision:
    """The first candidate is the proposal."""
    best = candidates[0]
    return Decision(
        best.word,
        best.customer,
        best.applied,
        best.adjustments,
        (*best.reasons, *more),
        candidates,
    )


WORDS = {
    Word.CERTAIN: N_("certain"),
    Word.LIKELY: N_("likely"),
    Word.POSSIBLE: N_("possible"),
    Word.NONE: N_("not matched"),
}

REASONS = {
    "payer_code": N_("The payer's number %(code)s is this customer's."),
    "name_registered": N_("The payer's name is this customer's."),
    "name_learned": N_("This name has paid for this customer %(count)s times."),
    "name_learned_once": N_("This name has paid for this customer once."),
    "name_cut": N_("The bank cut the name off; its beginning fits this customer alone."),
    "name_before_office": N_("The name before the branch is this customer's."),
    "name_begins": N_("The names begin alike."),
    "name_unvoiced": N_("The names differ only in voiced marks."),
    "name_similar": N_("The names are similar."),
    "name_unknown": N_("This payer's name is not known."),
    "two_customers": N_("The name fits %(count)s customers."),
    "reference": N_("The reference names %(invoices)s."),
    "reference_alike": N_("The reference looks like %(invoices)s."),
    "reference_contradicts": N_("The reference names an invoice of another customer."),
    "reference_closed": N_("The reference names an invoice that is not open."),
    "reference_differs": N_("The amount is not that of the invoices in the reference."),
    "fits": N_("The amount is exactly this invoice's."),
    "all_due": N_("The amount is exactly all that is due."),
    "statement_total": N_("The amount is exactly the total of statement %(statement)s."),
    "subset": N_("These %(count)s invoices add up to the amount."),
    "several_sets": N_("Several sets of invoices add up to the amount."),
    "not_exact": N_("No set of open invoices is exactly this amount."),
    "too_many": N_("Too many invoices are open to rule out another set."),
    "fee_deducted": N_("The payer deducted a transfer fee of %(fee)s, as usual."),
    "fee_unusual": N_("A transfer fee of %(fee)s may be missing, but this customer bears it."),
    "fee_stated": N_("The file states charges of %(fee)s."),
    "short": N_("%(short)s are missing."),
    "partial": N_("A part payment; %(rest)s stay open."),
    "over": N_("%(over)s more than is owed; it stays on account."),
    "amount_only": N_("Only the amount fits; the payer is not known."),
    "other_currency": N_("The invoice is in %(currency)s; the rate must be entered."),
    "issued_after": N_("The invoice was issued after the money came."),
    "on_hold": N_("This customer is on hold."),
    "nothing_open": N_("This customer owes nothing in this currency."),
    "earlier_unconfirmed": N_("An earlier receipt of this customer is not confirmed yet."),
    "reversal": N_("This line takes an earlier receipt back."),
    "not_a_receipt": N_("This line is not money received."),
}

WARNINGS = frozenset(
    {
        "name_before_office",
        "name_begins",
        "name_unvoiced",
        "name_similar",
        "name_unknown",
        "two_customers",
        "reference_alike",
        "reference_contradicts",
        "reference_closed",
        "reference_differs",
        "several_sets",
        "not_exact",
        "too_many",
        "fee_unusual",
        "short",
        "partial",
        "over",
        "amount_only",
        "other_currency",
        "issued_after",
        "on_hold",
        "nothing_open",
        "earlier_unconfirmed",
        "reversal",
        "not_a_receipt",
    }
)
