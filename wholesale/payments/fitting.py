"""How an amount can be explained by what one customer has open."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum

from wholesale.payments.evidence import Adjustment, Applied, Reason
from wholesale.payments.open_book import OpenInvoice, units
from wholesale.payments.subsets import sets_that_sum

_MOST_SETS = 8
_ROUND = Decimal(1000)


class Rank(IntEnum):
    """How good an explanation is, the best first."""

    EXACT = 0
    WITH_FEE = 1
    EXACT_SUBSET = 2
    FEE_SUBSET = 3
    UNUSUAL_FEE = 4
    SHORT = 5
    OVER_ALL = 6
    OVER = 7
    PARTIAL = 8
    LAST = 9


@dataclass(frozen=True, slots=True)
class Way:
    """One explanation of an amount."""

    rank: Rank
    applied: tuple[Applied, ...]
    adjustments: tuple[Adjustment, ...]
    reasons: tuple[Reason, ...]

    @property
    def invoices(self) -> frozenset[str]:
        """The numbers of what is cleared."""
        return frozenset(each.invoice for each in self.applied)


@dataclass(frozen=True, slots=True)
class Fees:
    """The transfer fees that occur in one currency, and the largest shortage worth naming."""

    table: tuple[Decimal, ...]
    small_shortage: Decimal


NO_FEES = Fees((), Decimal(50))
_YEN_FEES = "110 145 154 165 220 229 250 275 330 385 440 495 550 605 660 715 770 880"
FEES: dict[str, Fees] = {
    "JPY": Fees(tuple(Decimal(fee) for fee in _YEN_FEES.split()), Decimal(1000))
}
CERTAIN_RANKS = frozenset({Rank.EXACT, Rank.WITH_FEE})


def shape_of(
    chosen: Sequence[OpenInvoice], open_invoices: Sequence[OpenInvoice], on: date
) -> Reason | None:
    """One invoice, all that is due, or one whole statement; None for a mere subset."""
    numbers = {each.number for each in chosen}
    if len(numbers) == 1 and not chosen[0].is_credit_note:
        return Reason("fits")
    if numbers == {each.number for each in open_invoices if each.due_on <= on}:
        return Reason("all_due")
    statement = chosen[0].closing_number
    if statement and numbers == {
        each.number for each in open_invoices if each.closing_number == statement
    }:
        return Reason("statement_total", {"statement": statement})
    return None


def only_way(
    open_invoices: Sequence[OpenInvoice], amount: Decimal, fees: Collection[Decimal], on: date
) -> Way | Reason:
    """The one set, among all sets and all allowed fees, that explains the amount.

    `open_invoices` are those issued by then. The answer is a Reason when there is none, when there
    are several, when another can't be ruled out, or when the set has no shape.
    """
    found = _sets(open_invoices, [amount, *(amount + fee for fee in fees)], limit=1)
    if found is None:
        return Reason("too_many")
    if not found:
        return Reason("not_exact")
    if len(found) > 1:
        return Reason("several_sets")
    shape = shape_of(found[0], open_invoices, on)
    if shape is None:
        return Reason("subset", {"count": len(found[0])})
    return _exact_way(found[0], amount, shape, is_usual=True)


def _sets(
    open_invoices: Sequence[OpenInvoice], targets: Sequence[Decimal], *, limit: int
) -> list[list[OpenInvoice]] | None:
    """Up to `limit` sets, and one more when there are more; None when nothing can be proven."""
    values = [units(each.open_amount) for each in open_invoices]
    sums = sets_that_sum(values, [units(target) for target in targets], limit=limit + 1)
    if not sums.complete and len(sums.sets) <= limit:
        return None
    return [[open_invoices[place] for place in places] for places in sums.sets]


def _exact_way(
    chosen: Sequence[OpenInvoice], amount: Decimal, shape: Reason | None, *, is_usual: bool
) -> Way:
    total = sum((each.open_amount for each in chosen), Decimal(0))
    fee = total - amount
    rank = (
        (Rank.FEE_SUBSET if fee else Rank.EXACT_SUBSET)
        if shape is None
        else Rank.WITH_FEE
        if fee
        else Rank.EXACT
    )
    reasons = [shape or Reason("subset", {"count": len(chosen)})]
    if fee:
        reasons.append(Reason("fee_deducted" if is_usual else "fee_unusual", {"fee": fee}))
        rank = rank if is_usual else Rank.UNUSUAL_FEE
    return Way(
        rank,
        tuple(Applied(each.number, each.open_amount) for each in chosen),
        (Adjustment("fee", fee),) if fee else (),
        tuple(reasons),
    )


def ways(
    open_invoices: Sequence[OpenInvoice],
    amount: Decimal,
    fees: Fees,
    on: date,
    *,
    deducts_fees: bool,
) -> list[Way]:
    """Ways to explain the amount, the likeliest first; each set of invoices once."""
    if not open_invoices:
        return []
    found = [
        *_exact_ways(open_invoices, amount, fees, on, deducts_fees=deducts_fees),
        *_short_ways(open_invoices, amount, fees, on),
        *_uneven_ways(open_invoices, amount, on),
    ]
    unique: dict[frozenset[str], Way] = {}
    for way in sorted(found, key=lambda each: each.rank):
        unique.setdefault(way.invoices, way)
    return list(unique.values())


def _exact_ways(
    open_invoices: Sequence[OpenInvoice],
    amount: Decimal,
    fees: Fees,
    on: date,
    *,
    deducts_fees: bool,
) -> Iterator[Way]:
    for chosen in _shaped(open_invoices, on):
        fee = sum((each.open_amount for each in chosen), Decimal(0)) - amount
        if fee == 0 or fee in fees.table:
            shape = shape_of(chosen, open_invoices, on)
            yield _exact_way(chosen, amount, shape, is_usual=deducts_fees)
    targets = [[amount]]
    if deducts_fees:
        targets.append([amount + fee for fee in fees.table])
    for target in targets:
        values = [units(each.open_amount) for each in open_invoices]
        sums = sets_that_sum(values, [units(one) for one in target], limit=_MOST_SETS)
        for places in sorted(sums.sets, key=lambda each: (len(each), each)):
            chosen = [open_invoices[place] for place in places]
            yield _exact_way(chosen, amount, shape_of(chosen, open_invoices, on), is_usual=True)


def _shaped(open_invoices: Sequence[OpenInvoice], on: date) -> Iterator[list[OpenInvoice]]:
    """Every single invoice, every whole statement, and all that is due."""
    for each in open_invoices:
        if not each.is_credit_note:
            yield [each]
    for statement in dict.fromkeys(each.closing_number for each in open_invoices):
        if statement:
            yield [each for each in open_invoices if each.closing_number == statement]
    due = [each for each in open_invoices if each.due_on <= on]
    if due:
        yield due


def _short_ways(
    open_invoices: Sequence[OpenInvoice], amount: Decimal, fees: Fees, on: date
) -> Iterator[Way]:
    """A little is missing that is no known fee: rounded off, a discount, a charge abroad."""
    for chosen in _shaped(open_invoices, on):
        short = sum((each.open_amount for each in chosen), Decimal(0)) - amount
        if 0 < short <= fees.small_shortage:
            shape = shape_of(chosen, open_invoices, on)
            yield Way(
                Rank.SHORT,
                tuple(Applied(each.number, each.open_amount) for each in chosen),
                (Adjustment("short", short),),
                (*((shape,) if shape else ()), Reason("short", {"short": short})),
            )


def _uneven_ways(open_invoices: Sequence[OpenInvoice], amount: Decimal, on: date) -> Iterator[Way]:
    """Part payments and overpayments, the oldest due first."""
    invoices = [each for each in open_invoices if not each.is_credit_note]
    total = sum((each.open_amount for each in open_invoices), Decimal(0))
    if 0 < total < amount:
        yield _over(Rank.OVER_ALL, open_invoices, amount - total)
    smaller = [each for each in invoices if each.open_amount < amount]
    for each in sorted(smaller, key=lambda one: amount - one.open_amount):
        surplus = amount - each.open_amount
        is_plausible = surplus % _ROUND == 0 or surplus <= each.open_amount / 10
        yield _over(Rank.OVER if is_plausible else Rank.LAST, [each], surplus)
    larger = [each for each in invoices if each.open_amount > amount]
    for each in sorted(larger, key=lambda one: one.due_on > on):
        yield Way(
            Rank.PARTIAL,
            (Applied(each.number, amount),),
            (),
            (Reason("partial", {"rest": each.open_amount - amount}),),
        )


def _over(rank: Rank, chosen: Sequence[OpenInvoice], surplus: Decimal) -> Way:
    return Way(
        rank,
        tuple(Applied(each.number, each.open_amount) for each in chosen),
        (Adjustment("on_account", surplus),),
        (Reason("over", {"over": surplus}),),
    )


def on_account(amount: Decimal) -> Way:
    """Nothing to clear: the money waits on the customer's account."""
    return Way(Rank.LAST, (), (Adjustment("on_account", amount),), (Reason("nothing_open"),))
