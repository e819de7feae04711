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


def main_office() -> Office:
    """The office printed on papers."""
    return session.scalars(select(Office).order_by(Office.is_main.desc(), Office.id).limit(1)).one()


def accounts_for(currency: str) -> list[BankAccount]:
    """The bank accounts printed on an invoice in a currency."""
    return list(
        session.scalars(
            select(BankAccount)
            .where(BankAccount.currency == currency, BankAccount.on_invoices)
            .order_by(BankAccount.id)
        )
    )


def digits_of(currency: str) -> int:
    """To how many decimals amounts of a currency are rounded (JPY 0, USD 2, KWD 3)."""
    kept: dict[str, int] | None = session.info.get("currency_digits")
    if kept is None:
        rows = session.execute(select(Currency.code, Currency.digits))
        kept = session.info["currency_digits"] = dict(rows.all())
    return kept.get(currency, CURRENCIES.get(currency, 2))


def round_amount(value: Decimal, currency: str, mode: Rounding = Rounding.DOWN) -> Decimal:
    """An amount in the digits of its currency."""
    return round_to(value, digits_of(currency), mode)
