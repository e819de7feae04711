"""What the rest of the house asks about our firm."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from wholesale.company.models import BankAccount, Company, Currency, Office
from wholesale.company.setting_up import CURRENCIES
from wholesale.kernel.db import session
from wholesale.kernel.money import Rounding, round_to


def company() -> Company:
    """The one company row, read once per session."""
    kept: Company | None = session.info.get("company")
    if kept is None or kept not in session:
        kept = session.info["company"] = session.scalars(select(Company).limit(1)).one()
    return kept


def main_office(locale: str = "") -> Office:
    """The office printed on papers of a language: the one that states it, else the main one."""
    offices = session.scalars(
        select(Office).where(Office.is_active).order_by(Office.is_main.desc(), Office.id)
    ).all()
    stated = [one for one in offices if locale and locale in one.locales.split(",")]
    return (stated or offices)[0]


def accounts_for(currency: str) -> list[BankAccount]:
    """The bank accounts printed on an invoice in a currency, those kept in it first."""
    accounts = session.scalars(
        select(BankAccount)
        .where(BankAccount.is_active, BankAccount.on_invoices)
        .order_by(BankAccount.id)
    )
    printed = [one for one in accounts if currency in one.paid_in]
    return sorted(printed, key=lambda one: one.currency != currency)


def enabled_currencies() -> list[str]:
    """The currencies we trade in, our own first."""
    home = company().currency
    rows = session.scalars(select(Currency.code).where(Currency.enabled).order_by(Currency.id))
    return sorted(rows, key=lambda code: code != home)


def enabled_languages() -> list[str]:
    """The languages people may choose."""
    return [code for code in company().languages.split(",") if code]


def digits_of(currency: str) -> int:
    """To how many decimals amounts of a currency are rounded (JPY 0, USD 2, KWD 3)."""
    kept: dict[str, int] | None = session.info.get("currency_digits")
    if kept is None:
        rows = session.execute(select(Currency.code, Currency.digits))
        kept = session.info["currency_digits"] = dict(rows.all())
    return kept.get(currency, CURRENCIES.get(currency, 2))


def forget_digits() -> None:
    """Digits have changed in this unit of work: read them again."""
    session.info.pop("currency_digits", None)


def round_amount(value: Decimal, currency: str, mode: Rounding = Rounding.DOWN) -> Decimal:
    """An amount in the digits of its currency."""
    return round_to(value, digits_of(currency), mode)
