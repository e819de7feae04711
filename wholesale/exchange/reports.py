"""What bringing in a file did, row by row, and the reasons why a row was refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from wholesale.kernel.sheets import FileRefused, Row, Table
from wholesale.kernel.text import N_

T = TypeVar("T")
Translate = Callable[[str], str]
_PLACE = re.compile(r"%%|%\((\w+)\)s")

REASONS: dict[str, str] = {
    "unknown_customer": N_("There is no customer with the code %(value)s."),
    "unknown_owner": N_("There is no price list, rank, catalogue or customer with the code %(value)s."),
    "unknown_sku": N_("There is no product or SKU with the code %(value)s."),
    "unknown_scope": N_("A price can hang on a SKU, a product, a brand or a category, not on “%(value)s”."),
    "counts_nowhere": N_("A price or rate for “%(value)s” would never be asked here."),
    "unknown_currency": N_("We don't trade in the currency “%(value)s”. Write a code such as JPY or USD."),
    "unknown_location": N_("There is no warehouse with the code %(value)s."),
    "unknown_tax_class": N_("“%(value)s” is no tax class. Write 10%% or 8%%."),
    "unknown_word": N_("“%(value)s” is not understood here."),
    "unknown_terms": N_("“%(value)s” is not understood: due at the end of the next month until you change it."),
    "bill_to_chain": N_("%(value)s is billed to another customer itself, so it can't be the bill-to. Name the one that pays."),
    "rate_out_of_range": N_("A rate lies between 1 and 100 percent, not at %(value)s."),
    "date_order": N_("The second day (%(value)s) lies before the first."),
    "bad_date": N_("“%(value)s” is no day. Write it like 2026-11-20."),
    "bad_number": N_("“%(value)s” is no number that can stand here."),
    "bad_quantity": N_("“%(value)s” is no quantity that can stand here: whole pieces only."),
    "too_many_decimals": N_("%(value)s has more decimals than the currency or the rate allows."),
    "negative_price": N_("A price can't be below zero: %(value)s"),
    "negative_stock": N_("A stock can't be below zero: %(value)s"),
    "below_allocated": N_("%(value)s is less than what is already allocated to orders here."),
    "duplicate_row": N_("Row %(value)s says the same already. That one counts."),
    "merged_customer": N_("%(value)s was merged into %(into)s. Use that code."),
    "duplicate_code": N_("The code %(value)s stands in row %(row)s already. That row counts."),
    "duplicate_number": N_("The number %(value)s is already used by another invoice."),
    "missing_code": N_("The code is missing."),
    "missing_name": N_("The name is missing."),
    "too_long": N_("“%(value)s” is too long: at most %(most)s characters."),
    "unknown_ship_to": N_("The customer has no ship-to with the code %(value)s."),
    "shipped_exceeds_ordered": N_("%(value)s are said to be shipped, but only %(ordered)s were ordered."),
    "open_exceeds_ordered": N_("%(value)s are said to be open, but only %(ordered)s were ordered."),
    "order_mixed": N_("Row %(row)s says something else of the same order. One order has one customer and one ship-to."),
    "known_order": N_("The order %(value)s is here already and says something else. Change it there."),
    "total_mismatch": N_("Amounts and taxes add up to %(sum)s, but the total says %(value)s."),
    "open_exceeds_total": N_("%(value)s is open, which is more than the total."),
    "currency_mismatch": N_("The customer is billed in %(currency)s, not in %(value)s."),
    "jan_check_digit": N_("The check digit of the JAN %(value)s is wrong: it should end in %(right)s."),
    "jan_length": N_("A JAN has 8 or 13 digits, not as in %(value)s."),
    "jan_format": N_("A JAN has digits only, not as in %(value)s. Format the column as text."),
    "column_count": N_("The row has more columns than there are names: is a comma not in quotes?"),
    "encoding": N_("The row is written in another encoding than the rest of the file."),
    "control_character": N_("The row holds a character that can't be printed. Take it out."),
    "registration_number_check_digit": N_("The check digit of the registration number %(value)s is wrong. Ask the customer."),
}  # fmt: skip
NEAR = N_("Is %(near)s meant?")


class Refused(Exception):
    """A row can't be taken; caught where the rows are walked. `field` names the column."""

    def __init__(self, reason: str, field_name: str, **values: object) -> None:
        self.reason = reason
        self.field = field_name
        self.values = values
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with one row: a key of REASONS and the values of its sentence."""

    sheet: str
    row: int
    column: str
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)

    def message(self, translate: Translate = str) -> str:
        """The sentence in the reader's language."""
        told = filled_in(translate(REASONS[self.reason]), {"value": "", **self.values})
        if not self.values.get("near"):
            return told
        gap = " " if told.isascii() or told.endswith(".") else ""
        return told + gap + filled_in(translate(NEAR), self.values)

    def as_json(self, translate: Translate = str) -> dict[str, Any]:
        """{sheet, row, column, reason, message}."""
        return {
            "sheet": self.sheet, "row": self.row, "column": self.column, "reason": self.reason,
            "message": self.message(translate),
        }  # fmt: skip


@dataclass(slots=True)
class Report:
    """The outcome of one file. `rows` = created + updated + unchanged + refused rows of its main sheets."""

    kind: str
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    file: FileRefused | None = None

    @property
    def is_clean(self) -> bool:
        """Every row was taken."""
        return self.file is None and not self.refused

    def refuse(self, table: Table, row: Row, why: Refused) -> None:
        """Note that a row was not taken."""
        self.refused.append(remark(table, row, why))

    def as_json(self, translate: Translate = str) -> dict[str, Any]:
        """The report for machines; a file refused whole has only its reason."""
        if self.file is not None:
            message = filled_in(translate(self.file.message), self.file.values)
            return {"kind": self.kind, "file": {"reason": self.file.reason, "message": message}}
        return {
            "kind": self.kind, "rows": self.rows, "created": self.created,
            "updated": self.updated, "unchanged": self.unchanged,
            "refused": [one.as_json(translate) for one in self.refused],
            "warnings": [one.as_json(translate) for one in self.warnings],
        }  # fmt: skip


def filled_in(sentence: str, values: Mapping[str, object]) -> str:
    """A sentence with its values; a percent sign that stands alone stays one, in any language."""
    return _PLACE.sub(lambda place: str(values.get(place[1], "")) if place[1] else "%", sentence)


def remark(table: Table, row: Row, why: Refused) -> Remark:
    """A refusal or warning with the row's place and the column's name as written in the file."""
    column = table.heads.get(why.field, "")
    return Remark(row.sheet, row.number, column, why.reason, why.values)


def accepted(
    table: Table, report: Report, read: Callable[[Row], T], *, counted: bool = True
) -> list[tuple[Row, T]]:
    """The rows that `read` can make something of; the others are refused, each for itself."""
    found = []
    for row in table.rows:
        report.rows += counted
        try:
            if row.fault:
                raise Refused(row.fault, "")  # noqa: TRY301 - one way to be refused
            found.append((row, read(row)))
        except Refused as why:
            report.refuse(table, row, why)
    return found
