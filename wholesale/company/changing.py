"""Changing what our firm is: the company, its offices and bank accounts; old and new are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from stdnum import bic, iban
from stdnum.exceptions import ValidationError

from wholesale.company.models import BankAccount, Office
from wholesale.company.queries import company
from wholesale.company.registration import read_registration_number
from wholesale.kernel import journal, numbering
from wholesale.kernel.access import Actor
from wholesale.kernel.db import Model, session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.numbering import Period
from wholesale.kernel.text import LOCALES, N_


class CodeTaken(Conflict):
    """Codes name one thing each."""

    message = N_("The code %(code)s is taken already.")


class BadIban(DomainError):
    """The check digits or the form of an IBAN."""

    message = N_("The IBAN %(value)s is not right: its check digits or its length don't fit.")


class BadBic(DomainError):
    """The form of a BIC."""

    message = N_("The BIC %(value)s is not right: 8 or 11 signs such as BOTKJPJT.")


class LastOffice(DomainError):
    """Papers need an address."""

    message = N_("One office must be the main one and stay open: it is printed on papers.")


class FiscalYearCounts(DomainError):
    """Numbers of the running fiscal year are out already."""

    message = N_(
        "Invoices are numbered by the fiscal year already: its first month can't move any more."
    )


class NoLanguage(DomainError):
    """Somebody must be able to read the pages."""

    message = N_("At least one language stays switched on, and the default is one of them.")


def apply(row: Model, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set what differs; {field: [old, new]} for the journal."""
    changes: dict[str, list[Any]] = {}
    for name, value in values.items():
        old = getattr(row, name)
        if old != value:
            changes[name] = [old, value]
            setattr(row, name, value)
    return changes


def check_version(row: Any, version: int) -> None:
    """What somebody changes must be what they saw. Raises Conflict."""
    if row.version != version:
        raise Conflict


def change_company(values: Mapping[str, Any], version: int, by: Actor) -> dict[str, list[Any]]:
    """Change the company's own row. Raises Conflict, BadRegistrationNumber, FiscalYearCounts."""
    ours = company()
    check_version(ours, version)
    wanted = dict(values)
    if "registration_number" in wanted:
        wanted["registration_number"] = (
            read_registration_number(wanted["registration_number"] or "") or None
        )
    changes = apply(ours, wanted)
    if "fiscal_month" in changes:
        _move_fiscal_year(ours.fiscal_month)
    if changes:
        journal.record(ours, "company:changed", by, changes=changes)
    return changes


def _move_fiscal_year(month: int) -> None:
    for series in numbering.all_series():
        if series.period is Period.FISCAL_YEAR:
            if series.code in numbering.drawn_codes():
                raise FiscalYearCounts
            series.first_month = month


def choose_languages(languages: list[str], default: str, version: int, by: Actor) -> None:
    """State which languages people may choose, and that of those who have not. Raises NoLanguage."""
    chosen = [code for code in LOCALES if code in languages]
    if default not in chosen:
        raise NoLanguage
    change_company({"languages": ",".join(chosen), "default_language": default}, version, by)


def save_office(
    office: Office | None, values: Mapping[str, Any], version: int, by: Actor
) -> Office:
    """Add an office, or change one. Raises CodeTaken, Conflict, LastOffice, BadRegistrationNumber."""
    wanted = dict(values)
    wanted["registration_number"] = read_registration_number(wanted["registration_number"] or "")
    if office is not None and office.is_main and not (wanted["is_main"] and wanted["is_active"]):
        raise LastOffice
    if wanted["is_main"] and not wanted["is_active"]:
        raise LastOffice
    made: Office = _save(Office, office, wanted, version, by)
    if made.is_main:
        _only_main(made)
    return made


def _only_main(office: Office) -> None:
    session.flush()  # a new office gets its id
    session.execute(
        update(Office)
        .where(Office.id != office.id, Office.is_main)
        .values(is_main=False, version=Office.version + 1)
    )


def save_account(
    account: BankAccount | None, values: Mapping[str, Any], version: int, by: Actor
) -> BankAccount:
    """Add a bank account of ours, or change one. Raises CodeTaken, Conflict, BadIban, BadBic."""
    wanted = dict(values)
    wanted["iban"], wanted["bic"] = read_iban(wanted["iban"] or ""), read_bic(wanted["bic"] or "")
    others = {code for code in wanted["prints_for"].split(",") if code}
    wanted["prints_for"] = ",".join(sorted(others - {wanted["currency"]}))
    saved: BankAccount = _save(BankAccount, account, wanted, version, by)
    return saved


def read_iban(typed: str) -> str:
    """An IBAN without blanks, its check digits right; "" stays empty. Raises BadIban."""
    if not typed.strip():
        return ""
    try:
        return str(iban.validate(typed))
    except ValidationError as trouble:
        raise BadIban(value=typed.strip()) from trouble


def read_bic(typed: str) -> str:
    """A BIC in capitals; "" stays empty. Raises BadBic."""
    if not typed.strip():
        return ""
    try:
        return str(bic.validate(typed))
    except ValidationError as trouble:
        raise BadBic(value=typed.strip()) from trouble


def _save(model: type[Any], row: Any, values: Mapping[str, Any], version: int, by: Actor) -> Any:
    noun = {Office: "office", BankAccount: "bank_account"}[model]
    if row is None:
        if session.scalar(select(model.id).where(model.code == values["code"])):
            raise CodeTaken(code=values["code"])
        row = model(**values)
        session.add(row)
        told = {name: [None, value] for name, value in values.items() if value not in ("", None)}
        journal.record(row, f"{noun}:added", by, changes=told)
        return row
    check_version(row, version)
    changes = apply(row, {name: value for name, value in values.items() if name != "code"})
    if changes:
        journal.record(row, f"{noun}:changed", by, changes=changes)
    return row


def offices() -> list[Office]:
    """Every office, the main one first."""
    order = (Office.is_active.desc(), Office.is_main.desc(), Office.code)
    return list(session.scalars(select(Office).order_by(*order)))


def accounts() -> list[BankAccount]:
    """Every bank account of ours."""
    order = (BankAccount.is_active.desc(), BankAccount.id)
    return list(session.scalars(select(BankAccount).order_by(*order)))
