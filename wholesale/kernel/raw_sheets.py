"""What stands in a file of rows before anybody knows what its columns mean, and why none does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

Cell = str | Decimal | date | None

LARGEST_FILE = 32 * 1024 * 1024
LARGEST_UNPACKED = 128 * 1024 * 1024
MOST_ROWS = 100_000
HEADER_WITHIN = 30
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

FILE_REASONS = {
    "empty_file": N_("The file is empty."),
    "too_large": N_("The file is larger than %(limit)s MB. Split it."),
    "too_large_unpacked": N_(
        "The file would unpack to more than %(limit)s MB. Save it again without pictures, or split it."
    ),
    "not_a_spreadsheet": N_("This is not a spreadsheet. Save it as .xlsx or .csv."),
    "protected": N_("The file is protected by a password. Save it without one."),
    "doctype": N_("The file holds a document type declaration, which no spreadsheet needs."),
    "bad_member_name": N_("The file holds a part that points outside of it: %(name)s"),
    "encoding": N_("The characters can't be read. Save the file as UTF-8 or Shift_JIS."),
    "open_quote": N_(
        "From line %(line)s on a quotation mark is not closed. Close it, or take it out."
    ),
    "too_many_rows": N_("The file has more than %(limit)s rows. Split it."),
    "no_header": N_("No row with column names was found. Needed are: %(names)s"),
    "missing_column": N_("A column is missing: %(names)s"),
    "no_rows": N_("There is a row of column names and nothing below it."),
}


class FileRefused(DomainError):
    """The whole file can't be used; `reason` is a key of FILE_REASONS."""

    def __init__(self, reason: str, **values: object) -> None:
        self.reason = reason
        self.message = FILE_REASONS[reason]
        super().__init__(**values)


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it stands in the file. `fault` names what makes it unreadable, or is ""."""

    number: int
    cells: tuple[Cell, ...]
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        """Nothing in any cell."""
        return all(cell is None for cell in self.cells)

    @property
    def width(self) -> int:
        """How many cells there are up to the last filled one."""
        return max((at for at, cell in enumerate(self.cells, 1) if cell is not None), default=0)


@dataclass(frozen=True, slots=True)
class RawSheet:
    """All rows of one sheet; `is_text` where the file was CSV."""

    name: str
    rows: Sequence[RawRow]
    is_text: bool = False


def fault_of(cells: Iterable[Cell]) -> str:
    """`control_character` when a cell holds one that can't be printed, else ""."""
    is_bad = any(isinstance(cell, str) and _CONTROL.search(cell) for cell in cells)
    return "control_character" if is_bad else ""


def check_row_count(count: int) -> None:
    """Raises FileRefused when there are more rows than a header's lines and MOST_ROWS below it."""
    if count > MOST_ROWS + HEADER_WITHIN:
        raise FileRefused("too_many_rows", limit=MOST_ROWS)
