"""Founding the company in an empty database, from a profile in TOML."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from wholesale.company.calendar_defaults import set_up_calendar
from wholesale.company.models import (
    BankAccount,
    Company,
    Currency,
    Office,
    TaxClass,
    TaxRate,
)
from wholesale.kernel import clock, journal, numbering
from wholesale.kernel.access import Actor
from wholesale.kernel.db import Names, session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

# The 23 currencies of the trade and the digits their amounts are rounded to. CLDR gives TWD and IDR
# two digits; in trade they are settled in whole units, so ours say 0 (an override may say 2).
CURRENCIES = {
    "JPY": 0, "USD": 2, "EUR": 2, "GBP": 2, "CNY": 2, "HKD": 2, "TWD": 0, "KRW": 0,
    "SGD": 2, "THB": 2, "MYR": 2, "IDR": 0, "PHP": 2, "VND": 0, "INR": 2, "AUD": 2,
    "NZD": 2, "CAD": 2, "CHF": 2, "SEK": 2, "AED": 2, "KWD": 3, "BHD": 3,
}  # fmt: skip

# Consumption tax as the law has it (消費税法; 8 % reduced since 2019-10-01).
TAX_TABLE = (
    (TaxClass.STANDARD, "0.08", date(2014, 4, 1)),
    (TaxClass.STANDARD, "0.1", date(2019, 10, 1)),
    (TaxClass.REDUCED, "0.08", date(2014, 4, 1)),
    (TaxClass.EXPORT, "0", date(1989, 4, 1)),
    (TaxClass.EXEMPT, "0", date(1989, 4, 1)),
)


class CompanyExists(DomainError):
    """One company per installation."""

    message = N_("This database already has a company. Use an empty database.")


class BadProfile(DomainError):
    """The company file lacks something or says something we can't read."""

    message = N_("The company file is not complete: %(trouble)s")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a company file says: the firm, its offices, banks and warehouses, as plain tables."""

    company: dict[str, Any]
    offices: list[dict[str, Any]]
    banks: list[dict[str, Any]]
    warehouses: list[dict[str, Any]]


def read_profile(path: Path) -> Profile:
    """Read a company file (TOML; `docs/operators.md` shows one). Raises BadProfile."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf8"))
        return Profile(
            company=told["company"],
            offices=told["offices"],
            banks=told.get("banks", []),
            warehouses=told["warehouses"],
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as trouble:
        raise BadProfile(trouble=str(trouble)) from trouble
    except KeyError as missing:
        raise BadProfile(trouble=f"[{missing.args[0]}] is missing") from missing


def the_company() -> Company:
    """The one company row."""
    return session.scalars(select(Company).limit(1)).one()


def set_up_company(profile: Profile, by: Actor) -> Company:
    """Write the company, its offices and banks, the tax table, currencies and number series.

    Raises CompanyExists, and BadProfile when a field has no place.
    """
    if session.scalar(select(Company.id)):
        raise CompanyExists
    company = _company(profile.company)
    session.add(company)
    session.add_all(Office(**_names(office)) for office in profile.offices)
    session.add_all(BankAccount(**bank) for bank in profile.banks)
    session.add_all(
        TaxRate(tax_class=tax_class, rate=Decimal(rate), valid_from=since)
        for tax_class, rate, since in TAX_TABLE
    )
    session.add_all(Currency(code=code, digits=digits) for code, digits in CURRENCIES.items())
    set_up_calendar(company)
    numbering.set_up_series(clock.today().year - 3, fiscal_month=company.fiscal_month)
    journal.record(company, "company:founded", by, name=company.name)
    return company


def _company(told: dict[str, Any]) -> Company:
    known = {column.key for column in Company.__table__.columns} - {"id"}
    unknown = set(told) - known - {"name"}
    if unknown:
        raise BadProfile(trouble=f"[company] has no field {', '.join(sorted(unknown))}")
    if "name" not in told or "mark" not in told:
        raise BadProfile(trouble="[company] needs name and mark")
    money = {"freight_fee", "freight_free_from"}
    values = {key: Decimal(str(value)) if key in money else value for key, value in told.items()}
    return Company(**_names(values))


def _names(told: dict[str, Any]) -> dict[str, Any]:
    """A plain text where names in several languages belong means: in Japanese."""
    named = {"name", "address"}
    return {key: _in_japanese(value) if key in named else value for key, value in told.items()}


def _in_japanese(value: str | Names) -> Names:
    return {"ja": value} if isinstance(value, str) else value
