"""The passes that may clear without a person: payer proven, and one explanation only."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from wholesale.payments.evidence import Adjustment, Applied, Candidate, Reason, Word
from wholesale.payments.fitting import Way, only_way
from wholesale.payments.incoming import Incoming, Snapshot
from wholesale.payments.open_book import OpenInvoice, as_if
from wholesale.payments.payer_index import Recognition
from wholesale.payments.references import Named


@dataclass(frozen=True, slots=True)
class Verdict:
    """The certain candidate, or what stood against one."""

    candidate: Candidate | None
    against: tuple[Reason, ...] = ()


def by_name(money: Incoming, who: Recognition, named: Named, snapshot: Snapshot) -> Verdict:
    """Passes 1, 3, 4, 5: the payer is proven, and one set of its invoices explains the amount."""
    owner = who.certain
    if owner is None:
        return Verdict(None, _unproven(who))
    if against := _gate({owner.customer}, named, snapshot):
        return Verdict(None, (against,))
    invoices = issued(money, owner.customer, snapshot)
    deducts = snapshot.deducts_fees(owner.customer)
    fees = snapshot.fees_of(money.currency).table if deducts else ()
    way = only_way(invoices, money.amount, fees, money.booked_on)
    if isinstance(way, Reason):
        return Verdict(None, (way,))
    if any(each.number not in way.invoices for each in named.alike):
        return Verdict(None, (Reason("reference_contradicts"),))
    for book in _books_after_claims(invoices, way.invoices, snapshot, owner.customer):
        again = only_way(book, money.amount, fees, money.booked_on)
        if isinstance(again, Reason) or again.applied != way.applied:
            return Verdict(None, (Reason("earlier_unconfirmed"),))
    name = Reason(owner.reason, {"count": owner.count, "code": money.payer_code or who.key.code})
    return Verdict(_candidate(owner.customer, way, name))


def _unproven(who: Recognition) -> tuple[Reason, ...]:
    if len(who.owners) > 1:
        return (Reason("two_customers", {"count": len(who.owners)}),)
    return () if who.owners else (Reason("name_unknown"),)


def _gate(customers: Collection[str], named: Named, snapshot: Snapshot) -> Reason | None:
    """What forbids clearing by itself whatever the amount is."""
    if named.closed:
        return Reason("reference_closed")
    if any(snapshot.payers.payer(each).on_hold for each in customers):
        return Reason("on_hold")
    return None


def _candidate(customer: str, way: Way, *reasons: Reason) -> Candidate:
    return Candidate(customer, way.applied, way.adjustments, Word.CERTAIN, (*reasons, *way.reasons))


def issued(money: Incoming, customer: str, snapshot: Snapshot) -> list[OpenInvoice]:
    """What the customer, and those it pays for, had open and issued when the money came."""
    return [
        each
        for each in snapshot.book.of(snapshot.payers.scope(customer), money.currency)
        if each.issued_on <= money.booked_on
    ]


def _books_after_claims(
    invoices: Sequence[OpenInvoice], chosen: Container[str], snapshot: Snapshot, customer: str
) -> Iterator[list[OpenInvoice]]:
    """The invoices as they may be when receipts that wait for a person have been confirmed.

    A waiting receipt that fits nothing exactly is no rival for an invoice which this money pays to
    the last yen; it counts only for what it leaves of the others.
    """
    together: dict[str, Decimal] = {}
    claims = snapshot.book.claims_on(snapshot.payers.scope(customer))
    for candidates in claims:
        first = candidates[0]
        cleared = {
            each.invoice: each.amount
            for each in first.applied
            if not (is_inexact(first) and each.invoice in chosen)
        }
        yield as_if(invoices, cleared)
        for number, amount in cleared.items():
            together[number] = together.get(number, Decimal(0)) + amount
    if len(claims) > 1:
        yield as_if(invoices, together)


def is_inexact(candidate: Candidate) -> bool:
    """A part payment or an overpayment: which invoice was meant is a guess."""
    return any(reason.code in ("partial", "over") for reason in candidate.reasons)


def by_reference(money: Incoming, who: Recognition, named: Named, snapshot: Snapshot) -> Verdict:
    """Pass 2: the reference names open invoices, their owner may be the payer, the amount fits."""
    payer = paying_for(who, named.invoices, snapshot)
    if payer is None:
        return Verdict(None, (Reason("reference_contradicts"),))
    customers = {payer, *(each.customer for each in named.invoices)}
    total = sum((each.open_amount for each in named.invoices), Decimal(0))
    against = _gate(customers, named, snapshot) or _misfit(money, named, total)
    if against:
        return Verdict(None, (against,))
    numbers = {each.number for each in named.invoices}
    for book in _books_after_claims(named.invoices, numbers, snapshot, payer):
        if book != list(named.invoices):
            return Verdict(None, (Reason("earlier_unconfirmed"),))
    fee = total - money.amount
    return Verdict(
        Candidate(
            payer,
            tuple(Applied(each.number, each.open_amount) for each in named.invoices),
            (Adjustment("fee", fee),) if fee else (),
            Word.CERTAIN,
            (
                reference_reason(named),
                *((Reason("fee_stated", {"fee": fee}),) if fee else ()),
            ),
        )
    )


def _misfit(money: Incoming, named: Named, total: Decimal) -> Reason | None:
    """Why the amount does not clear the named invoices to the last cent."""
    foreign = [each for each in named.invoices if each.currency != money.currency]
    if foreign:
        return Reason("other_currency", {"currency": foreign[0].currency})
    if any(each.issued_on > money.booked_on for each in named.invoices):
        return Reason("issued_after")
    if total not in (money.amount, money.amount + money.charges):
        return Reason("reference_differs")
    return None


def reference_reason(named: Named) -> Reason:
    """The reference names these invoices."""
    return Reason("reference", {"invoices": ", ".join(each.number for each in named.invoices)})


def paying_for(who: Recognition, invoices: Sequence[OpenInvoice], snapshot: Snapshot) -> str | None:
    """The customer that pays these invoices, unless the payer's name says somebody else."""
    customers = {each.customer for each in invoices}
    meant = who.owners or tuple(each for each in who.alike if each.reason == "name_before_office")
    for owner in meant:
        if customers <= set(snapshot.payers.scope(owner.customer)):
            return owner.customer
    if meant or not customers:
        return None
    if len(customers) == 1:
        return next(iter(customers))
    groups = {snapshot.payers.payer(each).group or each for each in customers}
    return next(iter(groups)) if len(groups) == 1 else None


def first_claims(
    invoices: Sequence[OpenInvoice], snapshot: Snapshot, customer: str
) -> Mapping[str, Decimal]:
    """How much of each invoice the waiting receipts would clear by their first candidates."""
    numbers = {each.number for each in invoices}
    cleared: dict[str, Decimal] = {}
    for candidates in snapshot.book.claims_on(snapshot.payers.scope(customer)):
        for each in candidates[0].applied if candidates else ():
            if each.invoice in numbers:
                cleared[each.invoice] = cleared.get(each.invoice, Decimal(0)) + each.amount
    return cleared
