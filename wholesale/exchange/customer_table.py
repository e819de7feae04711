"""A table of customers edited in place or as Excel: what would change cell by cell, then applied."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from wholesale.accounts import looking_after
from wholesale.accounts.models import Assignment, User
from wholesale.company.queries import company, enabled_currencies
from wholesale.customers import changing, trading
from wholesale.customers.models import Customer, CustomerGroup, Terms
from wholesale.exchange.customer_cells import BY_NAME, COLUMNS, BadCell, Column, Part
from wholesale.exchange.known import by_code
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.sheets import SheetKind, read_tables
from wholesale.kernel.tables import Cell, workbook
from wholesale.kernel.text import LOCALES, N_, in_language
from wholesale.kernel.types import canonical

MOST = 5000
CODE = N_("Code")


class LookAgain(Conflict):
    """What was looked at is no longer what would be done."""

    message = N_("Something has changed since you looked. Look at the changes again.")


class UnknownName(DomainError):
    """A code that names nothing."""

    message = N_("Nothing has the code or name “%(value)s”.")


class Merged(DomainError):
    """A customer that lives on elsewhere."""

    message = N_("%(value)s was merged into %(into)s. Use that code.")


class NotYourRight(DomainError):
    """Limits are stated by who releases orders."""

    message = N_("Only who may release orders states credit limits.")


@dataclass(frozen=True, slots=True)
class Typed:
    """One row as it was typed: {column: text}; a column that isn't there is left as it is."""

    code: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One cell: what it says, and what it shall say. `is_new` is of a customer that is added."""

    code: str
    column: Column
    old: str
    new: str
    value: Any
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """A cell that can't be taken, and why."""

    code: str
    column: str
    typed: str
    why: DomainError


@dataclass(slots=True)
class Plan:
    """What a table comes to: changed cells, those that can't be taken, and rows that stay."""

    changes: list[Change] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    unchanged: int = 0

    @property
    def codes(self) -> list[str]:
        """The customers that change, in their order."""
        return list(dict.fromkeys(change.code for change in self.changes))

    def digest(self) -> str:
        """Changes with every cell that would be written, and with what stands there now."""
        seen = [[one.code, one.column.name, one.old, one.new] for one in self.changes]
        return hashlib.sha256(canonical(seen).encode()).hexdigest()[:32]


class Known:
    """Customers with their terms in force and who looks after them; groups and staff by name."""

    def __init__(self, customers: Iterable[Customer]) -> None:
        self.customers = {one.id: one for one in customers}
        ids = list(self.customers)
        self.terms: dict[int, Terms] = {}
        for row in session.scalars(
            select(Terms)
            .where(Terms.customer_id.in_(ids), Terms.valid_from <= clock.today())
            .order_by(Terms.valid_from)
        ):
            self.terms[row.customer_id] = row
        self.reps: dict[int, list[User]] = {}
        for customer, user in session.execute(
            select(Assignment.customer_id, User)
            .join(User, User.id == Assignment.user_id)
            .where(Assignment.customer_id.in_(ids))
            .order_by(User.name, User.id)
        ):
            self.reps.setdefault(customer, []).append(user)
        self.groups = {one.code: one.id for one in session.scalars(select(CustomerGroup))}
        self.group_codes = {value: key for key, value in self.groups.items()}
        self.staff = {one.name: one.id for one in looking_after.possible_reps()}
        self.currencies = set(enabled_currencies())

    def tell(self, customer: Customer | None, column: Column) -> str:
        """What a cell says."""
        if customer is None:
            return ""
        if column.part is Part.REPS:
            return ", ".join(user.name for user in self.reps.get(customer.id, ()))
        if column.name == "group":
            return self.group_codes.get(customer.group_id or 0, "")
        row = customer if column.part is Part.FILE else self.terms.get(customer.id)
        return column.tell(row)

    def read(self, column: Column, typed: str) -> Any:
        """What is meant by a text. Raises BadCell, UnknownName."""
        if column.part is Part.REPS:
            names = [part.strip() for part in typed.replace("、", ",").split(",") if part.strip()]
            return [_known(self.staff, name) for name in names]
        value = column.read(typed)
        if column.name == "group":
            return _known(self.groups, value) if value else None
        if column.name == "currency" and value not in self.currencies:
            raise UnknownName(value=typed[:40])
        return value


def _known(found: Mapping[str, int], key: str) -> int:
    if key not in found:
        raise UnknownName(value=key[:40])
    return found[key]


def plan(rows: Sequence[Typed], *, may_limit: bool) -> Plan:
    """What the rows would change; nothing is written. A code that is new adds a customer."""
    found: dict[str, Customer] = by_code(Customer, [row.code for row in rows])
    known, made = Known(found.values()), Plan()
    for row in rows:
        customer = found.get(row.code)
        if customer is not None and customer.code != row.code:
            why = Merged(value=row.code, into=customer.code)
            made.troubles.append(Trouble(row.code, "", row.code, why))
            continue
        changes = _changes(row, customer, known, made, may_limit=may_limit)
        made.changes += changes
        made.unchanged += not changes
    return made


def _changes(
    row: Typed, customer: Customer | None, known: Known, made: Plan, *, may_limit: bool
) -> list[Change]:
    if customer is None and not row.cells.get("name", "").strip():
        made.troubles.append(Trouble(row.code, "", row.code, UnknownName(value=row.code)))
        return []
    changes = []
    for name, typed in row.cells.items():
        column, old = BY_NAME[name], known.tell(customer, BY_NAME[name])
        if typed.strip() == old or (customer is None and not typed.strip()):
            continue
        try:
            value = known.read(column, typed)
            if _same(known, customer, column, value):
                continue
            if column.part is Part.LIMIT and not may_limit:
                raise NotYourRight
        except DomainError as why:
            made.troubles.append(Trouble(row.code, name, typed, why))
            continue
        changes.append(Change(row.code, column, old, typed.strip(), value, customer is None))
    return changes


def _same(known: Known, customer: Customer | None, column: Column, value: Any) -> bool:
    """Whether another spelling of the same value was typed: １０ for 10, a word for its value."""
    if customer is None:
        return False
    if column.part is Part.REPS:
        return {user.id for user in known.reps.get(customer.id, ())} == set(value)
    row = customer if column.part is Part.FILE else known.terms.get(customer.id)
    now = getattr(row, "group_id" if column.name == "group" else column.name, None)
    return bool(now == value)


def apply(wanted: Plan, digest: str, by: Actor) -> int:
    """Write every change by the verbs of its part; how many customers changed.

    Raises LookAgain, and what the verbs raise.
    """
    if wanted.digest() != digest:
        raise LookAgain
    found: dict[str, Customer] = by_code(Customer, wanted.codes)
    for code in wanted.codes:
        told = {one.column.name: one.value for one in wanted.changes if one.code == code}
        customer = _write_file(code, found.get(code), _of(told, Part.FILE), by)
        _write_terms(customer, _of(told, Part.TERMS), by)
        if limits := _of(told, Part.LIMIT):
            seen = trading.stamp(trading.history(customer.id))
            trading.change_limit(customer, limits["credit_limit"], seen, by)
        if reps := _of(told, Part.REPS):
            looking_after.state_reps(customer, reps["reps"], by)
        elif code not in found:
            looking_after.state_reps(customer, (), by)
        session.flush()  # the next verb reads what this one wrote
    return len(wanted.codes)


def _of(told: Mapping[str, Any], part: Part) -> dict[str, Any]:
    return {name: value for name, value in told.items() if BY_NAME[name].part is part}


_FILE = [column.name for column in COLUMNS if column.part is Part.FILE and column.name != "group"]
_NEW: dict[str, Any] = {
    "country": "JP",
    "locale": "ja",
    "priority": 5,
    "tags": [],
    "state": "active",
}


def _write_file(code: str, customer: Customer | None, told: dict[str, Any], by: Actor) -> Customer:
    if customer is not None and not told:
        return customer
    values = {
        name: getattr(customer, name) if customer else _NEW.get(name, "") for name in _FILE
    } | {"group_id": customer.group_id if customer else None, "code": code}
    if "group" in told:
        values["group_id"] = told.pop("group")
    values |= told
    version = customer.version if customer else 0
    return changing.save_customer(customer, values, version, by)


def _write_terms(customer: Customer, told: dict[str, Any], by: Actor) -> None:
    if not told:
        return
    rows = trading.history(customer.id)
    now = next((row for row in rows if row.valid_from <= clock.today()), None)
    base = now or Terms(
        customer_id=customer.id, currency=company().currency, incoterm="", incoterm_place="",
        closing_days="", payment_months=1, payment_day=31, payment_text="", approval_needed=False,
        **{name: BY_NAME[name].read(value) for name, value in _FIRST.items()},
    )  # fmt: skip
    names = [column.name for column in COLUMNS if column.part is Part.TERMS]
    values = {name: getattr(base, name) for name in names} | told
    trading.change_terms(customer, clock.today(), values, trading.stamp(rows), by)


_FIRST = {
    "billing": "per_shipment", "payment_means": "on_account", "payment_gate": "ship",
    "fee_bearer": "payer", "amount_basis": "unit_price",
}  # fmt: skip


def sheet(customers: Sequence[Customer], locale: str) -> bytes:
    """The whole file of these customers as a workbook, to be changed and put up again."""
    translate, known = in_language(locale), Known(customers)
    heads = [translate(CODE), *(translate(column.word) for column in COLUMNS)]

    def told(customer: Customer, column: Column) -> Cell:
        text = known.tell(customer, column)
        return translate(column.words[text]) if column.words and text in column.words else text

    rows = [
        [customer.code, *(told(customer, column) for column in COLUMNS)] for customer in customers
    ]
    return workbook([(translate(N_("Customers")), heads, rows)])


def read(data: bytes, name: str) -> list[Typed]:
    """The rows of a file with these columns, in any of our languages. Raises FileRefused."""
    spoken = [in_language(locale) for locale in LOCALES]
    columns = {"code": [one(CODE) for one in spoken]} | {
        column.name: [one(column.word) for one in spoken] for column in COLUMNS
    }
    tables = read_tables(data, name, [SheetKind("customers", columns, ("code",))])
    typed: dict[str, Typed] = {}
    for row in (row for table in tables for row in table.rows):
        code = _cell(row.cells.get("code"))
        if code:
            cells = {key: _cell(value) for key, value in row.cells.items() if key != "code"}
            typed[code] = Typed(code, cells)
    return list(typed.values())[:MOST]


def _cell(value: Any) -> str:
    return "" if value is None else str(value).strip()


__all__ = ["BadCell", "Known", "Plan", "Typed", "apply", "plan", "read", "sheet"]
