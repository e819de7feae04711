"""Our firm: offices, banks, the tax table, currencies, exchange rates and the working days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.kernel.db import Model, Names
from wholesale.kernel.money import EXCHANGE, Rounding


class TaxClass(StrEnum):
    """How a line is taxed; the rate of a class on a day stands in the tax table."""

    STANDARD = "standard"
    REDUCED = "reduced"
    EXPORT = "export"
    EXEMPT = "exempt"


class Company(Model):
    """The firm that runs this installation; one row.

    `mark` is the two characters of the seal. Prices are rounded by `price_digits`, `price_mode`,
    lines by `amount_mode`, tax once per rate and invoice by `tax_mode`, where a customer's terms
    don't say otherwise. `languages` are those people may choose, separated by commas, and
    `default_language` is that of a reader who has chosen none. `calendar_stamp` is another one after
    every change of the shipping calendar. With `vetting_gate` nothing is confirmed for a customer
    that has failed a check.
    """

    __tablename__ = "company"

    name: Mapped[Names]
    kana: Mapped[str] = mapped_column(default="")
    mark: Mapped[str] = mapped_column(String(2))
    currency: Mapped[str] = mapped_column(String(3), default="JPY")
    registration_number: Mapped[str | None] = mapped_column(String(14))
    price_digits: Mapped[int] = mapped_column(default=0)
    price_mode: Mapped[Rounding] = mapped_column(default=Rounding.DOWN)
    amount_mode: Mapped[Rounding] = mapped_column(default=Rounding.DOWN)
    tax_mode: Mapped[Rounding] = mapped_column(default=Rounding.DOWN)
    fiscal_month: Mapped[int] = mapped_column(default=4)
    allocation_window_days: Mapped[int] = mapped_column(default=14)
    credit_horizon_days: Mapped[int] = mapped_column(default=60)
    few_left: Mapped[int] = mapped_column(default=50)
    freight_fee: Mapped[Decimal] = mapped_column(default=Decimal(0))
    freight_free_from: Mapped[Decimal | None]
    cut_off: Mapped[str] = mapped_column(String(5), default="14:00")
    languages: Mapped[str] = mapped_column(
        String(40), default="ja,en,zh,zh-Hant", server_default="ja,en,zh"
    )
    default_language: Mapped[str] = mapped_column(String(8), default="ja", server_default="ja")
    vetting_gate: Mapped[bool] = mapped_column(default=False, server_default=false())
    calendar_stamp: Mapped[str] = mapped_column(String(32), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Office(Model):
    """An address of ours as it is printed on papers.

    `locales` are the languages of the papers it is printed on, separated by commas; papers in any
    other language carry the main office. An empty `registration_number` or `mark` is the company's.
    """

    __tablename__ = "offices"

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[Names]
    address: Mapped[Names]
    postal_code: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    is_main: Mapped[bool] = mapped_column(default=False)
    locales: Mapped[str] = mapped_column(String(40), default="", server_default="")
    registration_number: Mapped[str] = mapped_column(String(14), default="", server_default="")
    mark: Mapped[str] = mapped_column(String(2), default="", server_default="")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class BankAccount(Model):
    """An account of ours: where customers pay to, and whose statements are brought in.

    `kind` is 普通 1, 当座 2, 貯蓄 4; `code` is what commands call it. Where `on_invoices` it is
    printed on invoices in its own currency and in those of `prints_for`, separated by commas.
    """

    __tablename__ = "bank_accounts"
    __table_args__ = (UniqueConstraint("bank_code", "branch_code", "kind", "number"),)

    code: Mapped[str] = mapped_column(String(20), unique=True)
    bank_code: Mapped[str] = mapped_column(String(4), default="")
    bank_name: Mapped[str]
    branch_code: Mapped[str] = mapped_column(String(3), default="")
    branch_name: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(String(1), default="1")
    number: Mapped[str] = mapped_column(String(34))
    holder: Mapped[str]
    currency: Mapped[str] = mapped_column(String(3), default="JPY")
    on_invoices: Mapped[bool] = mapped_column(default=True)
    iban: Mapped[str] = mapped_column(String(34), default="", server_default="")
    bic: Mapped[str] = mapped_column(String(11), default="", server_default="")
    prints_for: Mapped[str] = mapped_column(String(100), default="", server_default="")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def paid_in(self) -> list[str]:
        """The currencies whose invoices print this account."""
        return [self.currency, *(code for code in self.prints_for.split(",") if code)]


class TaxRate(Model):
    """The rate of one tax class from a day on (0.1 = 10 %)."""

    __tablename__ = "tax_rates"
    __table_args__ = (UniqueConstraint("tax_class", "valid_from"),)

    tax_class: Mapped[TaxClass]
    rate: Mapped[Decimal]
    valid_from: Mapped[date]


class Currency(Model):
    """A currency we trade in and the digits its amounts are rounded to."""

    __tablename__ = "currencies"

    code: Mapped[str] = mapped_column(String(3), unique=True)
    digits: Mapped[int]
    enabled: Mapped[bool] = mapped_column(default=True)


class ExchangeRate(Model):
    """What `units` of a currency were worth in the home currency on a day (TTM by default)."""

    __tablename__ = "exchange_rates"
    __table_args__ = (UniqueConstraint("currency", "quoted_on", "kind"),)

    currency: Mapped[str] = mapped_column(String(3))
    quoted_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(8), default="TTM")
    units: Mapped[int] = mapped_column(default=1)
    rate: Mapped[Decimal] = mapped_column(EXCHANGE)


class SpecialDay(Model):
    """A day that is working or free against the rule (weekend, public holiday, 年末年始)."""

    __tablename__ = "special_days"
    __table_args__ = (UniqueConstraint("day", "location_code"),)

    day: Mapped[date]
    location_code: Mapped[str] = mapped_column(String(20), default="")
    is_working: Mapped[bool]
    label: Mapped[str] = mapped_column(default="")


class WorkRule(Model):
    """On which days a warehouse works; the row without a location is for all that state none.

    `weekdays` are digits, Monday 0. `year_end_from` to `year_end_until` ("12-29", "01-03") is 年末年始.
    An empty `cut_off` is the company's.
    """

    __tablename__ = "work_rules"

    location_code: Mapped[str] = mapped_column(String(20), unique=True, default="")
    weekdays: Mapped[str] = mapped_column(String(7), default="01234")
    rests_on_holidays: Mapped[bool] = mapped_column(default=True)
    year_end_from: Mapped[str] = mapped_column(String(5), default="12-29")
    year_end_until: Mapped[str] = mapped_column(String(5), default="01-03")
    cut_off: Mapped[str] = mapped_column(String(5), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Carrier(Model):
    """Who carries our goods: on which weekdays it calls, and until when on a day."""

    __tablename__ = "carriers"

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[Names]
    cut_off: Mapped[str] = mapped_column(String(5), default="")
    weekdays: Mapped[str] = mapped_column(String(7), default="0123456")
    is_default: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class LeadTime(Model):
    """Days on the road to a place; whatever is empty is any.

    The nearest row counts (`offers/dates.py`); one that `is_extra` (an island) is added to it.
    `postal_prefix` are the first digits of a postal code.
    """

    __tablename__ = "lead_times"
    __table_args__ = (
        UniqueConstraint(
            "carrier_code", "location_code", "country", "region", "postal_prefix", "is_extra",
            name="uq_lead_times_place",
        ),
    )  # fmt: skip

    carrier_code: Mapped[str] = mapped_column(String(20), default="")
    location_code: Mapped[str] = mapped_column(String(20), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    region: Mapped[str] = mapped_column(String(40), default="")
    postal_prefix: Mapped[str] = mapped_column(String(10), default="")
    days: Mapped[int]
    is_extra: Mapped[bool] = mapped_column(default=False)


class Notice(Model):
    """A notice for the portal's front page."""

    __tablename__ = "notices"

    published_on: Mapped[date]
    title: Mapped[Names]
    body: Mapped[Names]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
