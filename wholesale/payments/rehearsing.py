"""Going through statements in order, applying what is certain to an open book in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wholesale.payments.evidence import Decision, Reason, undecided
from wholesale.payments.formats.statement import (
    AccountRef,
    Direction,
    Statement,
    StatementRow,
    keyed_rows,
)
from wholesale.payments.incoming import Incoming, Snapshot
from wholesale.payments.payer_names import canonical_key
from wholesale.payments.proposing import propose


@dataclass(frozen=True, slots=True)
class Decided:
    """One line and what was decided; `is_new` is false for a line that is known already."""

    source: str
    row: StatementRow
    decision: Decision
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """A statement, a name for it, and our account where the file names none."""

    name: str
    statement: Statement
    account: AccountRef | None = None

    @property
    def owner(self) -> AccountRef:
        """The account its lines belong to."""
        return self.account or self.statement.account


def run(sources: Sequence[Source], snapshot: Snapshot) -> Iterator[Decided]:
    """Decide every line, by day and then in the order of the sources.

    Certain ones are cleared in the snapshot's book at once, the others lay claim to what they may
    clear. A line that came before, in whichever source, is passed over. A reversal takes the latest
    equal receipt back.
    """
    ordered = sorted(
        (
            (row.booked_on, place, key, row)
            for place, source in enumerate(sources)
            for key, row in _in_time(source)
        ),
        key=lambda each: each[:2],
    )
    known: set[str] = set()
    standing: dict[str, list[tuple[str, StatementRow, Decision]]] = {}
    for _day, place, key, row in ordered:
        source = sources[place]
        if key in known:
            yield Decided(source.name, row, undecided(), is_new=False)
            continue
        known.add(key)
        earlier = standing.setdefault(source.owner.key, [])
        if row.reversal:
            _take_back(row, earlier, snapshot)
            yield Decided(source.name, row, undecided(Reason("reversal")))
        elif row.direction is Direction.OUT:
            yield Decided(source.name, row, undecided(Reason("not_a_receipt")))
        else:
            decision = propose(Incoming.from_row(row, source.statement.currency), snapshot)
            if decision.is_certain:
                snapshot.book.settle(decision.applied)
            else:
                snapshot.book.claim(key, decision.candidates)
            earlier.append((key, row, decision))
            yield Decided(source.name, row, decision)


def _in_time(source: Source) -> Iterable[tuple[str, StatementRow]]:
    keys = {row.record: key for key, row in keyed_rows(source.statement, source.owner)}
    return ((keys[row.record], row) for row in source.statement.chronological())


def _take_back(
    row: StatementRow,
    earlier: list[tuple[str, StatementRow, Decision]],
    snapshot: Snapshot,
) -> None:
    found = reversed_by(row, [each[1] for each in earlier])
    if found is None:
        return
    key, _row, decision = earlier.pop(found)
    if decision.is_certain:
        snapshot.book.reopen(decision.applied)
    else:
        snapshot.book.release(key)


def reversed_by(row: StatementRow, earlier: Sequence[StatementRow]) -> int | None:
    """The position of the receipt that a reversal takes back: same amount and payer, the latest.

    Among equals the one with the same bank reference wins. None when there is no such receipt.
    """
    key = canonical_key(row.payer_name).key
    places = [
        place
        for place, one in enumerate(earlier)
        if one.is_receipt and one.amount == row.amount and canonical_key(one.payer_name).key == key
    ]
    same = [
        place
        for place in places
        if row.bank_reference and earlier[place].bank_reference == row.bank_reference
    ]
    return max(same or places, default=None)
