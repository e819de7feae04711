"""What the reconciliation workbench reads: the list of lines, the chosen one, its proposals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from sqlalchemy import Text, case, func, or_, select, type_coerce
from sqlalchemy.orm import joinedload

from wholesale.billing.models import Invoice
from wholesale.customers.models import Customer
from wholesale.customers.queries import known_as, lives
from wholesale.kernel.db import session
from wholesale.kernel.money import ZERO
from wholesale.payments.evidence import REASONS, WARNINGS, Word
from wholesale.payments.models import BankLine, BankLineState, Receipt
from wholesale.web.paging import Page, keyed_page

SIZE = 60
VIEWS = {
    "open": (BankLineState.OPEN, BankLineState.PROPOSED),
    "done": (BankLineState.SETTLED, BankLineState.ON_ACCOUNT),
    "apart": (BankLineState.SET_APART, BankLineState.REVERSED),
}
WORDS = (Word.CERTAIN, Word.LIKELY, Word.POSSIBLE, Word.NONE)

# The canonical text of a proposal ends with its own word: keys are sorted and `word` is the last.
_KEPT = type_coerce(BankLine.proposal, Text)
certainty = case(
    *((_KEPT.like(f'%"word":"{word.value}"}}'), place) for place, word in enumerate(WORDS[:3])),
    else_=3,
)


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """A reason in the reader's language."""

    text: str
    is_warning: bool


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An open invoice of the payer and how much of it is to be cleared."""

    invoice: Invoice
    amount: Decimal
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate: whose money it may be, what it clears, why."""

    place: int
    code: str
    name: str
    word: str
    numbers: tuple[str, ...]
    reasons: tuple[ReasonShown, ...]
    difference_kind: str
    amounts: dict[str, Decimal]


def lines(view: str, cursors: Mapping[str, str]) -> Page[BankLine]:
    """One page of lines: the open ones by certainty, the others newest first. One statement."""
    found = select(BankLine).where(BankLine.is_credit, BankLine.state.in_(VIEWS[view]))
    if view == "open":
        return keyed_page(
            found,
            [certainty, BankLine.booked_on, BankLine.id],
            lambda one: (rank_of(one), one.booked_on, one.id),
            cursors,
            size=SIZE,
            descending=False,
        )
    return keyed_page(found, [BankLine.id], lambda one: (one.id,), cursors, size=SIZE)


def rank_of(line: BankLine) -> int:
    """0 certain … 3 not matched."""
    return WORDS.index(Word((line.proposal or {}).get("word", Word.NONE)))


def next_after(line: BankLine, rank: int) -> int | None:
    """The open line that follows in the list, for the accountant to go on with."""
    place = select(BankLine.id).where(
        BankLine.is_credit, BankLine.state.in_(VIEWS["open"]), BankLine.id != line.id
    )
    behind = or_(
        certainty > rank,
        (certainty == rank) & (BankLine.booked_on > line.booked_on),
        (certainty == rank) & (BankLine.booked_on == line.booked_on) & (BankLine.id > line.id),
    )
    order = (certainty, BankLine.booked_on, BankLine.id)
    return session.scalar(place.where(behind).order_by(*order).limit(1)) or session.scalar(
        place.order_by(*order).limit(1)
    )


def counts() -> dict[str, int]:
    """How many lines each view holds, and how many of the open ones are certain. One statement."""
    row = session.execute(
        select(
            *(
                func.count().filter(BankLine.state.in_(states)).label(view)
                for view, states in VIEWS.items()
            ),
            func.count().filter(BankLine.state.in_(VIEWS["open"]), certainty == 0).label("certain"),
        ).where(BankLine.is_credit)
    ).one()
    return dict(row._mapping)  # noqa: SLF001 - the row's own way to a dict


def options(line: BankLine) -> list[Option]:
    """The candidates kept with a line, best first: one statement."""
    kept = (line.proposal or {}).get("candidates", [])
    names = _names(one["customer"] for one in kept)
    return [_option(place, one, names) for place, one in enumerate(kept, 1)]


def first_names(rows: Sequence[BankLine]) -> dict[str, str]:
    """The names of the customers that a page of lines proposes first: one statement."""
    kept = (one for row in rows for one in (row.proposal or {}).get("candidates", [])[:1])
    return _names(one["customer"] for one in kept)


def against(line: BankLine) -> list[ReasonShown]:
    """Why nothing certain was found, where there is no candidate."""
    return [_reason(code, values) for code, values in (line.proposal or {}).get("reasons", [])]


def _option(place: int, kept: dict[str, Any], names: dict[str, str]) -> Option:
    kinds = [kind for kind, _ in kept["adjustments"] if kind in {"fee", "discount"}]
    return Option(
        place=place,
        code=kept["customer"],
        name=names.get(kept["customer"], kept["customer"]),
        word=kept["word"],
        numbers=tuple(number for number, _ in kept["applied"]),
        reasons=tuple(_reason(code, values) for code, values in kept["reasons"]),
        difference_kind=kinds[0] if kinds else "",
        amounts={number: Decimal(amount) for number, amount in kept["applied"]},
    )


def _reason(code: str, values: dict[str, str]) -> ReasonShown:
    sentence = gettext(REASONS[code])
    return ReasonShown(sentence % values if values else sentence, code in WARNINGS)


def _names(codes: Iterable[str]) -> dict[str, str]:
    return dict(
        session.execute(
            select(Customer.code, Customer.name).where(Customer.code.in_(sorted(set(codes))))
        ).all()
    )


def open_invoices(payer: Customer, currency: str, amounts: dict[str, Decimal]) -> list[InvoiceRow]:
    """What the payer and those it pays for have open, the chosen ones first. Two statements."""
    paying = [payer.id, *session.scalars(
        select(Customer.id).where(
            or_(
                Customer.pays_for_id == payer.id, Customer.bill_to_id == payer.id,
                Customer.merged_into_id == payer.id,
            )
        )
    )]  # fmt: skip
    found = session.scalars(
        select(Invoice)
        .where(
            Invoice.currency == currency,
            Invoice.total != Invoice.settled,
            or_(Invoice.customer_id.in_(paying), Invoice.number.in_(list(amounts))),
        )
        .options(joinedload(Invoice.customer))
        .order_by(Invoice.due_on, Invoice.id)
        .limit(100)
    )
    rows = [
        InvoiceRow(one, amounts.get(one.number, one.open), one.number in amounts) for one in found
    ]
    return sorted(rows, key=lambda row: not row.is_chosen)


def live_receipt(line: BankLine) -> Receipt | None:
    """The receipt a cleared line became."""
    return session.scalar(
        select(Receipt)
        .where(Receipt.bank_line_id == line.id, Receipt.is_live)
        .options(joinedload(Receipt.customer))
    )


def customers_like(text: str) -> Sequence[Customer]:
    """Customers for a payer nobody knows yet: by code, name, reading or telephone."""
    if not text:
        return []
    return session.scalars(
        select(Customer)
        .where(
            lives,
            or_(
                known_as(text),
                Customer.name.contains(text, autoescape=True),
                Customer.kana.contains(text, autoescape=True),
                Customer.name_en.ilike(f"%{text}%"),
            ),
        )
        .order_by(Customer.code)
        .limit(9)
    ).all()


def total(rows: Iterable[InvoiceRow]) -> Decimal:
    """How much the chosen rows clear."""
    return sum((row.amount for row in rows if row.is_chosen), ZERO)
