"""Candidates for a person: who may be meant, and how what they owe explains the amount."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from wholesale.payments.certain_passes import first_claims, issued, paying_for, reference_reason
from wholesale.payments.evidence import Adjustment, Applied, Candidate, Reason, Word
from wholesale.payments.fitting import CERTAIN_RANKS, Rank, Way, on_account, ways
from wholesale.payments.incoming import Incoming, Snapshot
from wholesale.payments.open_book import OpenInvoice, as_if
from wholesale.payments.payer_index import Owner, Recognition
from wholesale.payments.references import Named

MOST_CANDIDATES = 6
_MOST_OWNERS = 5
_MOST_BY_AMOUNT = 3
_AFTER_NAMES = 100

_Ranked = tuple[int, Candidate]


def candidates(
    money: Incoming, who: Recognition, named: Named, snapshot: Snapshot
) -> list[Candidate]:
    """Ranked candidates, the best first, each set of invoices of a customer once."""
    ranked = [
        *_by_reference(money, who, named, snapshot),
        *_by_owners(money, who, snapshot),
        *_by_amount(money, snapshot),
    ]
    unique: dict[tuple[str, frozenset[str]], Candidate] = {}
    for _rank, candidate in sorted(ranked, key=lambda each: each[0]):
        numbers = frozenset(each.invoice for each in candidate.applied)
        unique.setdefault((candidate.customer, numbers), candidate)
    return list(unique.values())[:MOST_CANDIDATES]


def _by_reference(
    money: Incoming, who: Recognition, named: Named, snapshot: Snapshot
) -> Iterator[_Ranked]:
    if named.invoices:
        payer = paying_for(who, named.invoices, snapshot)
        reasons = [reference_reason(named)]
        if payer is None:
            reasons.append(Reason("reference_contradicts"))
        customer = payer or named.invoices[0].customer
        yield -2, _naming(money, customer, named.invoices, reasons)
    for each in named.alike:
        reason = Reason("reference_alike", {"invoices": each.number})
        payer = paying_for(who, (each,), snapshot) or each.customer
        yield -1, _naming(money, payer, (each,), [reason])


def _naming(
    money: Incoming, customer: str, invoices: tuple[OpenInvoice, ...], reasons: list[Reason]
) -> Candidate:
    """The invoices a reference names, cleared as far as the money goes."""
    total = sum((each.open_amount for each in invoices), Decimal(0))
    full = tuple(Applied(each.number, each.open_amount) for each in invoices)
    adjustments: tuple[Adjustment, ...] = ()
    missing = total - money.amount
    if invoices[0].currency != money.currency:
        reasons.append(Reason("other_currency", {"currency": invoices[0].currency}))
    elif missing < 0:
        adjustments = (Adjustment("on_account", -missing),)
        reasons.append(Reason("over", {"over": -missing}))
    elif missing and missing == money.charges:
        adjustments = (Adjustment("fee", missing),)
        reasons.append(Reason("fee_stated", {"fee": missing}))
    elif missing and len(invoices) == 1:
        full = (Applied(invoices[0].number, money.amount),)
        reasons.append(Reason("partial", {"rest": missing}))
    elif missing:
        adjustments = (Adjustment("short", missing),)
        reasons.append(Reason("short", {"short": missing}))
    return Candidate(customer, full, adjustments, Word.LIKELY, tuple(reasons))


def _by_owners(money: Incoming, who: Recognition, snapshot: Snapshot) -> Iterator[_Ranked]:
    """Proven and learned owners first, then those whose names are alike."""
    owners = (*who.owners, *who.alike)[:_MOST_OWNERS]
    for place, owner in enumerate(owners):
        is_guess = not (owner.proves or owner.reason == "name_learned_once")
        word = Word.POSSIBLE if is_guess or len(who.owners) > 1 else Word.LIKELY
        reasons = [_name_reason(owner, money, who)]
        if len(who.owners) > 1:
            reasons.append(Reason("two_customers", {"count": len(who.owners)}))
        for way in _ways_of(owner, money, snapshot):
            rank = way.rank * 10 + place
            if is_guess and way.rank > Rank.UNUSUAL_FEE:
                rank += _AFTER_NAMES
            weaker = word if way.rank <= Rank.UNUSUAL_FEE else Word.POSSIBLE
            yield (
                rank,
                Candidate(
                    owner.customer, way.applied, way.adjustments, weaker, (*reasons, *way.reasons)
                ),
            )


def _name_reason(owner: Owner, money: Incoming, who: Recognition) -> Reason:
    code = money.payer_code or who.key.code
    return Reason(owner.reason, {"count": owner.count, "code": code})


def _ways_of(owner: Owner, money: Incoming, snapshot: Snapshot) -> Iterable[Way]:
    """The owner's ways; when none is exact, also after waiting receipts, or with later invoices."""
    customer = owner.customer
    fees = snapshot.fees_of(money.currency)
    deducts = snapshot.deducts_fees(customer)
    if money.charges:
        fees, deducts = replace(fees, table=(money.charges,)), True

    def try_on(invoices: list[OpenInvoice]) -> list[Way]:
        found = ways(invoices, money.amount, fees, money.booked_on, deducts_fees=deducts)
        return [_with_stated_fee(way) for way in found] if money.charges else found

    invoices = issued(money, customer, snapshot)
    found = try_on(invoices)
    if any(way.rank in CERTAIN_RANKS or way.rank == Rank.EXACT_SUBSET for way in found):
        return found
    if cleared := first_claims(invoices, snapshot, customer):
        left = _exact(try_on(as_if(invoices, cleared)), Reason("earlier_unconfirmed"))
        found = [*left, *found]
    every = snapshot.book.of(snapshot.payers.scope(customer), money.currency)
    if len(every) > len(invoices):
        later = _exact(try_on(every), Reason("issued_after"))
        found = [*later, *found]
    return found or [on_account(money.amount)]


def _with_stated_fee(way: Way) -> Way:
    reasons = tuple(
        Reason("fee_stated", each.values) if each.code == "fee_deducted" else each
        for each in way.reasons
    )
    return replace(way, reasons=reasons)


def _exact(found: Iterable[Way], warning: Reason) -> list[Way]:
    return [
        replace(way, reasons=(*way.reasons, warning)) for way in found if way.rank in CERTAIN_RANKS
    ]


def _by_amount(money: Incoming, snapshot: Snapshot) -> Iterator[_Ranked]:
    """Invoices of anybody of which exactly this much is open; only a hint."""
    fitting = [
        each
        for each in snapshot.book.with_amount(money.currency, money.amount)
        if each.issued_on <= money.booked_on
    ]
    if len(fitting) > _MOST_BY_AMOUNT:
        return
    for each in fitting:
        way = Way(
            Rank.EXACT,
            (Applied(each.number, each.open_amount),),
            (),
            (Reason("amount_only"), Reason("fits")),
        )
        rank = Rank.UNUSUAL_FEE * 10 + Rank.LAST
        yield (
            rank,
            Candidate(each.customer, way.applied, way.adjustments, Word.POSSIBLE, way.reasons),
        )
