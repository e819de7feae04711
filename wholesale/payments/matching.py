"""Matching the open lines against what is open: proposals kept with the line, the certain applied."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, selectinload

from wholesale.billing.models import Invoice
from wholesale.customers.models import Customer, CustomerState, FeeBearer, Terms
from wholesale.customers.queries import lives_on
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.payments import clearing
from wholesale.payments.evidence import Candidate, Decision, Word
from wholesale.payments.incoming import Incoming, Snapshot
from wholesale.payments.models import (
    BankLine,
    BankLineState,
    DifferenceKind,
    PayerName,
    Receipt,
)
from wholesale.payments.open_book import OpenBook, OpenInvoice
from wholesale.payments.payer_index import KnownName, Origin, Payer, PayerIndex
from wholesale.payments.payer_names import canonical_key
from wholesale.payments.proposing import propose
from wholesale.payments.settling import Applied, Clearing, settle_all

_KINDS = {"fee": DifferenceKind.FEE, "discount": DifferenceKind.DISCOUNT}


@dataclass(slots=True)
class Matched:
    """What a run decided: (line, decision, receipt or None), in the order of the lines."""

    rows: list[tuple[BankLine, Decision, Receipt | None]] = field(default_factory=list)

    @property
    def applied(self) -> int:
        """How many lines were cleared."""
        return sum(receipt is not None for _, _, receipt in self.rows)


def match_all(by: Actor, *, apply: bool = False, lines: Iterable[int] | None = None) -> Matched:
    """Propose for every open line, oldest first; with `apply` clear the certain ones.

    An uncertain line lays claim to what it may clear, so that nothing later is called certain that
    a person's decision on it could change.
    """
    book = snapshot()
    done = Matched()
    wanted = None if lines is None else set(lines)
    certain: list[tuple[BankLine, Decision]] = []
    for line in open_lines():
        decision = propose(_incoming(line), book)
        if apply and decision.is_certain and (wanted is None or line.id in wanted):
            certain.append((line, decision))
            book.book.settle(decision.applied)
        elif decision.is_certain and not apply:
            book.book.settle(decision.applied)  # a rehearsal tells what applying would do
        else:
            book.book.claim(line.id, decision.candidates)
        done.rows.append((line, decision, None))
    receipts = accept(certain, by)
    done.rows = [(line, decision, receipts.get(line.id)) for line, decision, _ in done.rows]
    _keep([(line, decision) for line, decision, receipt in done.rows if receipt is None])
    return done


def open_lines() -> Sequence[BankLine]:
    """Receipts that wait for a decision, oldest first."""
    return session.scalars(
        select(BankLine)
        .where(
            BankLine.state.in_([BankLineState.OPEN, BankLineState.PROPOSED]),
            BankLine.is_credit,
            BankLine.is_reversal.is_(False),
        )
        .order_by(BankLine.booked_on, BankLine.id)
    ).all()


def accept(certain: Sequence[tuple[BankLine, Decision]], by: Actor) -> dict[int, Receipt]:
    """Clear lines as the machine decided; {line: receipt}. Raises LineTaken, InvoiceMovedOn."""
    payers = _payers_by_code({decision.customer or "" for _, decision in certain})
    invoices = invoices_by_number(
        one.invoice for _, decision in certain for one in decision.applied
    )
    receipts = settle_all(
        [
            Clearing(
                line,
                payers[decision.customer or ""],
                tuple(Applied(invoices[one.invoice], one.amount) for one in decision.applied),
                tuple((_KINDS[a.kind], a.amount) for a in decision.adjustments if a.kind in _KINDS),
                automatic=True,
            )
            for line, decision in certain
        ],
        by,
    )
    return {line.id: receipt for (line, _), receipt in zip(certain, receipts, strict=True)}


def _payers_by_code(codes: Collection[str]) -> dict[str, Customer]:
    """The bill-tos of these customers, by the customers' codes."""
    if not codes:
        return {}
    rows = session.scalars(
        select(Customer).where(Customer.code.in_(codes)).options(selectinload(Customer.bill_to))
    )
    return {customer.code: lives_on(customer).payer for customer in rows}


def invoices_by_number(numbers: Iterable[str]) -> dict[str, Invoice]:
    """Invoices by their numbers."""
    wanted = list(numbers)
    rows = session.scalars(select(Invoice).where(Invoice.number.in_(wanted))) if wanted else ()
    return {invoice.number: invoice for invoice in rows}


def snapshot() -> Snapshot:
    """Who pays how, and what is open, as they stand now: four statements."""
    return Snapshot(PayerIndex(_payers()), OpenBook(_open_invoices()))


def _incoming(line: BankLine) -> Incoming:
    return Incoming(
        amount=line.amount, currency=line.currency, booked_on=line.booked_on,
        payer_name=line.payer_name, payer_code=line.payer_code, bank_name=line.payer_bank,
        branch_name=line.payer_branch, reference=line.reference,
    )  # fmt: skip


def _open_invoices() -> list[OpenInvoice]:
    heir = aliased(Customer)
    rows = session.execute(
        select(
            Invoice.number, heir.code, Invoice.issued_on, Invoice.due_on, Invoice.currency,
            Invoice.total, Invoice.settled, Invoice.closing_number,
        )
        .join(Customer, Customer.id == Invoice.customer_id)
        .join(heir, heir.id == func.coalesce(Customer.merged_into_id, Customer.id))
        .where(Invoice.total != Invoice.settled)
    )  # fmt: skip
    return [
        OpenInvoice(number, code, issued, due, currency, total - settled, closing)
        for number, code, issued, due, currency, total, settled, closing in rows
    ]


def _payers() -> list[Payer]:
    names: dict[int, list[KnownName]] = {}
    for row in session.execute(
        select(
            PayerName.customer_id, PayerName.key, PayerName.bank, PayerName.branch,
            PayerName.confirmations, PayerName.is_registered,
        ).where(PayerName.is_registered | (PayerName.confirmations > 0))
    ):  # fmt: skip
        origin = Origin.REGISTERED if row.is_registered else Origin.LEARNED
        count = 1 if row.is_registered else row.confirmations
        names.setdefault(row.customer_id, []).append(
            KnownName(row.key, origin, row.bank, row.branch, count)
        )
    stated = session.execute(
        select(Terms.customer_id, Terms.fee_bearer)
        .where(Terms.valid_from <= clock.today())
        .order_by(Terms.valid_from)
    )
    bearers: dict[int, FeeBearer] = {who: bears for who, bears in stated}  # noqa: C416 - rows are no pairs to the checker
    customers = session.execute(
        select(
            Customer.id, Customer.code, Customer.name, Customer.name_en, Customer.kana,
            Customer.bill_to_id, Customer.pays_for_id,
        ).where(Customer.state != CustomerState.MERGED)
    ).all()  # fmt: skip
    codes = {row.id: row.code for row in customers}
    return [
        Payer(
            customer=row.code,
            names=tuple(_own_names(row)) + tuple(names.get(row.id, ())),
            group=codes.get(row.pays_for_id or row.bill_to_id or 0, ""),
            fee_bearer=bearers.get(row.id, FeeBearer.PAYER),
        )
        for row in customers
    ]


def _own_names(row: Any) -> list[KnownName]:
    found = [KnownName(canonical_key(row.name).key, Origin.NAME)]
    if row.name_en:
        found.append(KnownName(canonical_key(row.name_en).key, Origin.NAME))
    if row.kana:
        found.append(KnownName(canonical_key(row.kana).key, Origin.KANA))
    return found


def _keep(proposed: Sequence[tuple[BankLine, Decision]]) -> None:
    """Write proposals beside their lines, for the workbench; a rerun replaces them. Raises LineTaken."""
    kept: list[tuple[BankLine, BankLineState, dict[str, Any]]] = []
    for line, decision in proposed:
        proposal, state = as_json(decision), line.state
        if state is BankLineState.OPEN and decision.word is not Word.NONE:
            state = BankLineState.PROPOSED
        if (line.proposal, line.state) != (proposal, state):
            kept.append((line, state, proposal))
    clearing.propose(kept)


def as_json(decision: Decision) -> dict[str, Any]:
    """A decision as plain values: amounts as text, reasons as codes with their values."""
    return {
        "word": decision.word.value,
        "customer": decision.customer,
        "reasons": [[r.code, {k: str(v) for k, v in r.values.items()}] for r in decision.reasons],
        "candidates": [_candidate(c) for c in decision.candidates[:6]],
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "customer": candidate.customer,
        "word": candidate.word.value,
        "applied": [[one.invoice, str(one.amount)] for one in candidate.applied],
        "adjustments": [[one.kind, str(one.amount)] for one in candidate.adjustments],
        "reasons": [[r.code, {k: str(v) for k, v in r.values.items()}] for r in candidate.reasons],
    }


def row_json(line: BankLine, decision: Decision) -> dict[str, Any]:
    """A line's decision for machines: amounts as text, the best candidate first."""
    words = {Word.CERTAIN: "auto", Word.NONE: "none"}
    return {
        "file": line.file.name,
        "record": line.record,
        "decision": words.get(decision.word, "suggest"),
        "customer": decision.customer,
        "applied": [{"invoice": a.invoice, "amount": str(a.amount)} for a in decision.applied],
        "adjustments": [{"kind": a.kind, "amount": str(a.amount)} for a in decision.adjustments],
        "candidates": [
            {
                "customer": c.customer,
                "applied": [{"invoice": a.invoice, "amount": str(a.amount)} for a in c.applied],
            }
            for c in decision.candidates
        ],
        "reasons": [r.code for r in decision.reasons],
    }
