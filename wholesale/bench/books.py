"""What the history keeps in memory: open batches of rows, and the counters they add up to."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from wholesale.bench.columns import ACTOR, COLUMNS
from wholesale.bench.parties import Party
from wholesale.bench.sizes import DAYS, FIRST_DAY, TODAY, WAREHOUSES
from wholesale.bench.writing import Writer
from wholesale.kernel.access import ActorKind
from wholesale.kernel.journal import digest

FLUSH_AT = 60_000
SATURDAY = 5
FISCAL_MONTH = 4
LATE_PERCENT = 4
LATE_SINCE = date(2026, 7, 1)
DAY_TEXT = {
    FIRST_DAY + timedelta(days=n): (FIRST_DAY + timedelta(days=n)).isoformat()
    for n in range(-200, DAYS + 200)
}


def working(day: date) -> date:
    """The day, or the Monday after it."""
    late = day.weekday() - SATURDAY
    return day + timedelta(days=2 - late) if late >= 0 else day


def end_of_month(day: date, months: int) -> date:
    """The last day of the month so many months later."""
    index = day.year * 12 + day.month + months
    return date(index // 12, index % 12 + 1, 1) - timedelta(days=1)


class Books:
    """Rows on their way to the database, ids, document numbers, and sums per SKU and customer."""

    def __init__(
        self, out: Writer, skus: int, journal: tuple[int, str], place: dict[str, int]
    ) -> None:
        self._out = out
        self._rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COLUMNS}
        self._ids: dict[str, int] = defaultdict(int)
        self.drawn: dict[tuple[str, int], int] = defaultdict(int)
        self.shipped = [array("q", [0]) * (skus + 1) for _ in range(WAREHOUSES + 1)]
        self.allocated = [array("q", [0]) * (skus + 1) for _ in range(WAREHOUSES + 1)]
        self.credit: dict[tuple[int, str, str], dict[str, int]] = defaultdict(
            lambda: defaultdict(int)
        )
        self.to_pay: dict[tuple[date, int, str], list[tuple[int, int]]] = defaultdict(list)
        self.journal_count, self.journal_hash = journal
        self.place = place
        self.numbers: dict[int, str] = {}
        self.issued_on = FIRST_DAY
        self.issued_today = 0

    def add(self, table: str, row: tuple[Any, ...]) -> None:
        """Keep a row for the next flush."""
        self._rows[table].append(row)

    def next_id(self, table: str) -> int:
        """The next id of a table."""
        self._ids[table] += 1
        return self._ids[table]

    def draw(self, code: str, on: date) -> str:
        """The next number of a series; its counter is written at the end."""
        fiscal = code == "INV"
        year = on.year - (1 if fiscal and on.month < FISCAL_MONTH else 0)
        self.drawn[code, year] += 1
        counter = self.drawn[code, year]
        if fiscal:
            return f"INV-{on:%y%m}-{counter:04d}"
        return f"{code}-{on:%y}-{counter:05d}"

    def count_credit(self, one: Party, part: str, amount: int) -> None:
        """Add to the counters of a customer and of its bill-to, as the verbs do."""
        self.credit[one.bill_to, "group", one.currency][part] += amount
        if one.bill_to != one.id:
            self.credit[one.id, "own", one.currency][part] += 0 if part == "receivable" else amount

    def note(self, did: str, kind: str, subject: int, at: datetime, details: str) -> None:
        """Chain one entry of the journal."""
        self.journal_count += 1
        row = {
            "sequence": self.journal_count, "at": at, "did": did, "subject_kind": kind,
            "subject_id": subject, "actor_kind": ActorKind.SYSTEM, "actor_id": None,
            "actor_name": ACTOR[2], "on_behalf_of": None, "details": details,
        }  # fmt: skip
        before, self.journal_hash = self.journal_hash, digest(row, self.journal_hash)
        self.add(
            "journal_entries",
            (self.journal_count, instant(at), did, kind, subject, *ACTOR, None, details, before,
             self.journal_hash),
        )  # fmt: skip

    def flush(self, *, at_least: int = 0) -> None:
        """Write what has gathered, where it is at least so many rows."""
        for table, rows in self._rows.items():
            if rows and len(rows) >= at_least:
                self._out.rows(table, COLUMNS[table], rows)
                self._rows[table] = []

    def written(self) -> Iterator[tuple[str, int, int]]:
        """(series, year, last number) of every counter."""
        for (code, year), last in self.drawn.items():
            yield code, year, last


def instant(at: datetime) -> str:
    """An instant in UTC as both databases read it."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def paid_on(one: Party, issued_on: date) -> date | None:
    """When the bill-to paid what was invoiced on a day; None when it has not.

    Paid together at the end of the month after (or the second one); some of this summer's are late.
    """
    due = end_of_month(issued_on, one.months)
    if due >= TODAY:
        return None
    late = (one.bill_to * 31 + issued_on.month) % 100 < LATE_PERCENT
    return None if late and issued_on >= LATE_SINCE else due
