"""What the rest of the house asks about our firm."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from wholesale.company.models import BankAccount, Company, Currency, Office
from wholesale.company.setting_up import CURRENCIES
from wholesale.kernel.db import session
from wholesale.kernel.money import Rounding, round_to


def company() -> Company:
    """The one company row."""
    return session.scalars(select(Company).limit(1)).one()


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
    stated = session.scalar(select(Currency.digits).where(Currency.code == currency))
    return CURRENCIES[currency] if stated is None else stated


def round_amount(value: Decimal, currency: str, mode: Rounding = Rounding.DOWN) -> Decimal:
    """An amount in the digits of its currency."""
    return round_to(value, digits_of(currency), mode)
