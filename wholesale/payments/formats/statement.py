"""A bank statement as read from a file: whose account, which lines, and what names a line."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_


class Direction(StrEnum):
    """Which way the money went, seen from our account."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class AccountRef:
    """The account as the file names it; every field is empty where the file says nothing."""

    bank_code: str = ""
    branch_code: str = ""
    kind: str = ""
    number: str = ""
    holder: str = ""

    @property
    def key(self) -> str:
        """Bank, branch, kind and number; leading zeros don't count (5566 is 0000005566)."""
        return "-".join((self.bank_code, self.branch_code, self.kind, self.number.lstrip("0")))


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One line. `record` is its place in the file from 1: fixed-length record or text line.

    `amount` is never negative; `direction` says where it went. `reversal` marks a line that takes
    an earlier receipt back. `payer_name` is what the bank wrote, without its word for "transfer".
    `charges` are those the file itself says were taken off. A balance is kept where it is given.
    """

    record: str
    booked_on: date
    value_on: date | None
    amount: Decimal
    direction: Direction
    payer_name: str
    payer_code: str = ""
    bank_name: str = ""
    branch_name: str = ""
    reference: str = ""
    bank_reference: str = ""
    reversal: bool = False
    description: str = ""
    balance: Decimal | None = None
    charges: Decimal = Decimal(0)

    @property
    def is_receipt(self) -> bool:
        """Money came in and stands."""
        return self.direction is Direction.IN and not self.reversal


@dataclass(frozen=True, slots=True)
class Statement:
    """The lines of one account in the order of the file; the file's own totals were checked."""

    format: str
    account: AccountRef
    currency: str
    rows: tuple[StatementRow, ...]
    starts_on: date | None = None
    ends_on: date | None = None

    def chronological(self) -> tuple[StatementRow, ...]:
        """The lines oldest first; lines of one day stay in the bank's order."""
        rows = self.rows
        if rows and rows[0].booked_on > rows[-1].booked_on:
            rows = rows[::-1]
        return tuple(sorted(rows, key=lambda row: row.booked_on))


def row_key(account: AccountRef, row: StatementRow, occurrence_index: int) -> str:
    """What makes a line single however often its file comes: 64 hexadecimal digits.

    A bank's own reference restarts daily, so day, amount and payer stand beside it. Without one the
    whole content counts, and `occurrence_index` (0, 1, …) keeps two genuinely equal lines apart.
    """
    common = (
        account.key,
        row.booked_on.isoformat(),
        row.direction,
        "reversal" if row.reversal else "",
        f"{row.amount.normalize():f}",
        row.payer_code,
        row.payer_name,
    )
    if row.bank_reference.strip("0"):
        own = f"reference\x1f{row.bank_reference}"
    else:
        balance = "" if row.balance is None else f"{row.balance.normalize():f}"
        content = (row.reference, row.description, balance, str(occurrence_index))
        own = "\x1f".join(("content", *content))
    return hashlib.sha256("\x1f".join((*common, own)).encode()).hexdigest()


def keyed_rows(statement: Statement, account: AccountRef) -> Iterator[tuple[str, StatementRow]]:
    """Each line with its key, counting equal lines. `account` is ours when the file names none.

    A key that comes twice is the same line written twice under the bank's own reference.
    """
    seen: Counter[str] = Counter()
    for row in statement.rows:
        first = row_key(account, row, 0)
        occurrence = seen[first]
        seen[first] += 1
        yield row_key(account, row, occurrence) if occurrence else first, row


class StatementRefused(DomainError):
    """The file is refused whole: nothing of it has been taken in. `reason` is its stable key."""

    reason: ClassVar[str] = "unreadable"
    message = N_("This file can't be read as a bank statement.")


class EmptyStatementFile(StatementRefused):
    """Zero bytes, or nothing but blanks."""

    reason = "empty_file"
    message = N_("This file is empty. Download it from the bank again.")


class NoStatementLines(StatementRefused):
    """A heading and nothing below it."""

    reason = "no_rows"
    message = N_("This file has a heading but no line. Choose a longer period at the bank.")


class WrongLength(StatementRefused):
    """A record of a fixed-length file is too short or too long."""

    reason = "record_length"
    message = N_(
        "Line %(line)s is %(length)s bytes long; every record must have %(wanted)s. "
        "The file was changed on its way: download it from the bank again."
    )


class SavedAgain(StatementRefused):
    """An editor re-saved the file as UTF-8, which makes its records longer."""

    reason = "encoding"
    message = N_(
        "This file was saved again as UTF-8, so its records are longer than %(wanted)s bytes "
        "(line %(line)s has %(length)s). Use the file as it came from the bank."
    )


class WrittenInEbcdic(StatementRefused):
    """A mainframe's character code."""

    reason = "encoding"
    message = N_("This file is written in EBCDIC. Ask the bank for the JIS (Shift_JIS) form.")


class UnknownEncoding(StatementRefused):
    """None of the character codes we know reads the file."""

    reason = "encoding"
    message = N_(
        "The characters of line %(line)s can't be read. Save the file as UTF-8 or Shift_JIS."
    )


class NotReceipts(StatementRefused):
    """A file of the same family with another purpose, such as outgoing transfers."""

    reason = "not_a_receipt_file"
    message = N_(
        "This is not a file of money received: its type is %(kind)s, and 01 or 03 is wanted."
    )


class WrongTotals(StatementRefused):
    """The file's own control figure differs from its lines."""

    reason = "control_total"
    message = N_(
        "The file does not add up (line %(line)s): it states %(stated)s, "
        "its lines make %(computed)s. Nothing was taken in."
    )


class BadDate(StatementRefused):
    """A field for a day holds something else."""

    reason = "bad_date"
    message = N_("Line %(line)s: “%(value)s” is no date. Nothing was taken in.")


class BadFigure(StatementRefused):
    """A field for a number or an amount holds something else."""

    reason = "bad_figure"
    message = N_("Line %(line)s: “%(value)s” is no figure. Nothing was taken in.")


class ControlCharacter(StatementRefused):
    """A character that no bank writes; `value` is its code."""

    reason = "control_character"
    message = N_(
        "Line %(line)s holds a control character (%(value)s). "
        "Use the file as it came from the bank."
    )


class DocumentType(StatementRefused):
    """XML that brings its own document type, which may point outside the file or multiply."""

    reason = "doctype"
    message = N_("This XML file holds a document type (DOCTYPE), which no bank writes.")


class WrongOrder(StatementRefused):
    """A record stands where it can't stand, or the closing record is missing."""

    reason = "record_order"
    message = N_("Line %(line)s: a record of type “%(value)s” can't stand here.")


class UnknownHeading(StatementRefused):
    """No bank's heading is recognised."""

    reason = "unknown_heading"
    message = N_(
        "No line of this file is a heading we know. It needs columns for the date, the amount "
        "received and the text."
    )
