"""Forms about our firm: they check shape, the domain checks rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional, Regexp

from wholesale.company.models import BankAccount, Company, Office, TaxClass
from wholesale.kernel.db import Names
from wholesale.kernel.money import Rounding
from wholesale.kernel.numbering import SeriesYear
from wholesale.kernel.text import LOCALES
from wholesale.web.forms import DayField, HouseForm, NumberField, QuantityField, Required
from wholesale.web.languages import LANGUAGES

LANGUAGE_CHOICES = [SelectChoice(code, word) for code, word in LANGUAGES]
CODE = Regexp(r"^[A-Z0-9][A-Z0-9-]*$", message=_l("Capital letters, digits and hyphens only."))
ROUNDINGS = [
    SelectChoice(Rounding.DOWN.value, _l("down")),
    SelectChoice(Rounding.HALF_UP.value, _l("half up")),
    SelectChoice(Rounding.UP.value, _l("up")),
]
TAX_CLASSES = {
    TaxClass.STANDARD: _l("Standard rate"),
    TaxClass.REDUCED: _l("Reduced rate"),
    TaxClass.EXPORT: _l("Export"),
    TaxClass.EXEMPT: _l("Exempt"),
}
NOT_NEGATIVE = NumberRange(min=0, message=_l("Enter 0 or more."))
DAYS = NumberRange(min=0, max=366, message=_l("Enter 0 to 366 days."))


class TimeField(StringField):
    """A time of day as people type it: 14:00, 1400, 9時."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Text → HH:MM."""
        self.data = None
        self.typed = valuelist[0] if valuelist else ""
        plain = unicodedata.normalize("NFKC", self.typed).strip()
        if not plain:
            return
        found = re.fullmatch(r"(\d{1,2})(?::?(\d{2})|時(?:(\d{1,2})分)?)", plain)
        hour, minute = (int(found[1]), int(found[2] or found[3] or 0)) if found else (99, 99)
        if hour > 23 or minute > 59:  # noqa: PLR2004 - a day's hours
            raise ValueError(gettext("Enter a time such as 14:00."))
        self.data = f"{hour:02d}:{minute:02d}"

    def _value(self) -> str:
        return str(self.data or getattr(self, "typed", ""))


class SettingsForm(HouseForm):
    """A form of a row with a version. GROUPS names its fields in the order they are shown."""

    GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = ()
    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version of the row the reader saw."""
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() else 0

    def groups(self) -> list[tuple[str, list[Any]]]:
        """(title, fields) as they are shown."""
        return [(str(title), [self[name] for name in names]) for title, names in self.GROUPS]

    def names(self, field: str) -> Names:
        """The filled languages of a text that is kept in several."""
        fields = {code: _field(field, code) for code in LOCALES}
        typed = {
            code: (self[name].data or "").strip() for code, name in fields.items() if name in self
        }
        return {code: text for code, text in typed.items() if text}


def in_languages(field: str, names: Names | None) -> dict[str, str]:
    """A text in several languages as the fields of a form."""
    return {_field(field, code): (names or {}).get(code, "") for code in LOCALES}


def _field(field: str, code: str) -> str:
    return f"{field}_{code.replace('-', '_').lower()}"


def joined(codes: Iterable[str] | None) -> str:
    """Several choices as they are kept in one column."""
    return ",".join(codes or ())


class CompanyForm(SettingsForm):
    """The company's own row."""

    GROUPS = (
        (
            _l("Name"),
            (
                "name_ja",
                "name_en",
                "name_zh",
                "name_zh_hant",
                "kana",
                "mark",
                "registration_number",
            ),
        ),
        (_l("Rounding"), ("price_digits", "price_mode", "amount_mode", "tax_mode")),
        (
            _l("Days and thresholds"),
            (
                "fiscal_month",
                "cut_off",
                "allocation_window_days",
                "credit_horizon_days",
                "few_left",
            ),
        ),
        (_l("Freight where no rule says otherwise"), ("freight_fee", "freight_free_from")),
        (_l("Checks of customers"), ("vetting_gate",)),
    )
    name_ja = StringField(_l("Name in Japanese"), [Required(), Length(max=100)])
    name_en = StringField(_l("Name in English"), [Length(max=100)])
    name_zh = StringField(_l("Name in Chinese"), [Length(max=100)])
    name_zh_hant = StringField(_l("Name in traditional Chinese"), [Length(max=100)])
    kana = StringField(_l("Reading"), [Length(max=100)])
    mark = StringField(_l("Seal (two signs)"), [Required(), Length(min=1, max=2)])
    registration_number = StringField(_l("Registration number"), [Length(max=30)])
    price_digits = SelectField(
        _l("Digits of prices"), coerce=int, choices=[SelectChoice(n, str(n)) for n in (0, 1, 2)]
    )
    price_mode = SelectField(_l("Rounding of prices"), choices=ROUNDINGS)
    amount_mode = SelectField(_l("Rounding of amounts"), choices=ROUNDINGS)
    tax_mode = SelectField(_l("Tax rounding"), choices=ROUNDINGS)
    fiscal_month = SelectField(
        _l("First month of the fiscal year"),
        coerce=int,
        choices=[SelectChoice(n, str(n)) for n in range(1, 13)],
    )
    cut_off = TimeField(_l("Cut-off of a day's orders"), [Required()])
    allocation_window_days = QuantityField(_l("Allocation window (days)"), [Required(), DAYS])
    credit_horizon_days = QuantityField(_l("Credit horizon (days)"), [Required(), DAYS])
    few_left = QuantityField(_l("“Few left” below (pieces)"), [Required(), NOT_NEGATIVE])
    freight_fee = NumberField(_l("Freight"), [Required(), NOT_NEGATIVE])
    freight_free_from = NumberField(_l("Free from"), [Optional(), NOT_NEGATIVE])
    vetting_gate = BooleanField(_l("Nothing is confirmed while a check is failed"))

    @classmethod
    def of(cls, ours: Company) -> CompanyForm:
        """Filled from what is stored."""
        plain = {name: getattr(ours, name) for name in cls.plain() if name != "registration_number"}
        modes = {
            name: getattr(ours, name).value for name in ("price_mode", "amount_mode", "tax_mode")
        }
        return cls(
            data={
                **plain, **modes, **in_languages("name", ours.name), "version": ours.version,
                "registration_number": ours.registration_number or "",
            }
        )  # fmt: skip

    @classmethod
    def plain(cls) -> list[str]:
        """The fields that are columns as they stand."""
        names = [name for _title, group in cls.GROUPS for name in group]
        return [name for name in names if not name.startswith("name_")]

    def values(self) -> dict[str, Any]:
        """Columns of Company."""
        told = {name: self[name].data for name in self.plain()}
        modes = {name: Rounding(told[name]) for name in ("price_mode", "amount_mode", "tax_mode")}
        texts = {name: (told[name] or "").strip() for name in ("kana", "mark")}
        return {**told, **modes, **texts, "name": self.names("name")}


class OfficeForm(SettingsForm):
    """An address of ours."""

    GROUPS = (
        (
            _l("Our office"),
            ("code", "name_ja", "name_en", "name_zh", "name_zh_hant", "postal_code", "phone"),
        ),
        (_l("Address"), ("address_ja", "address_en", "address_zh", "address_zh_hant")),
        (_l("On papers"), ("is_main", "locales", "registration_number", "mark", "is_active")),
    )
    code = StringField(_l("Code"), [Required(), Length(max=20), CODE])
    name_ja = StringField(_l("Name in Japanese"), [Required(), Length(max=100)])
    name_en = StringField(_l("Name in English"), [Length(max=100)])
    name_zh = StringField(_l("Name in Chinese"), [Length(max=100)])
    name_zh_hant = StringField(_l("Name in traditional Chinese"), [Length(max=100)])
    postal_code = StringField(_l("Postal code"), [Length(max=12)])
    phone = StringField(_l("Telephone"), [Length(max=30)])
    address_ja = StringField(_l("Address in Japanese"), [Required(), Length(max=200)])
    address_en = StringField(_l("Address in English"), [Length(max=200)])
    address_zh = StringField(_l("Address in Chinese"), [Length(max=200)])
    address_zh_hant = StringField(_l("Address in traditional Chinese"), [Length(max=200)])
    is_main = BooleanField(_l("Main office"))
    locales = SelectMultipleField(_l("Printed on papers in"), choices=LANGUAGE_CHOICES)
    registration_number = StringField(_l("Registration number, if its own"), [Length(max=30)])
    mark = StringField(_l("Seal, if its own (two signs)"), [Length(max=2)])
    is_active = BooleanField(_l("In use"), default=True)

    @classmethod
    def of(cls, office: Office) -> OfficeForm:
        """Filled from what is stored."""
        names = ("code", "postal_code", "phone", "is_main", "registration_number", "mark",
                 "is_active", "version")  # fmt: skip
        return cls(
            data={
                **{name: getattr(office, name) for name in names},
                **in_languages("name", office.name), **in_languages("address", office.address),
                "locales": [code for code in office.locales.split(",") if code],
            }
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Columns of Office."""
        texts = ("code", "postal_code", "phone", "registration_number", "mark")
        return {
            **{name: (self[name].data or "").strip() for name in texts},
            "name": self.names("name"), "address": self.names("address"),
            "is_main": bool(self.is_main.data), "is_active": bool(self.is_active.data),
            "locales": joined(self.locales.data),
        }  # fmt: skip


class AccountForm(SettingsForm):
    """A bank account of ours."""

    GROUPS = (
        (_l("Bank account"), ("code", "currency", "holder", "kind", "number")),
        (_l("Bank"), ("bank_name", "bank_code", "branch_name", "branch_code", "iban", "bic")),
        (_l("On papers"), ("on_invoices", "prints_for", "is_active")),
    )
    code = StringField(_l("Code"), [Required(), Length(max=20), CODE])
    currency = SelectField(_l("Currency"))
    holder = StringField(_l("Account holder"), [Required(), Length(max=80)])
    kind = SelectField(
        _l("Kind"),
        choices=[
            SelectChoice("1", _l("Ordinary")), SelectChoice("2", _l("Current")),
            SelectChoice("4", _l("Savings")),
        ],
    )  # fmt: skip
    number = StringField(_l("Account number"), [Required(), Length(max=34)])
    bank_name = StringField(_l("Bank"), [Required(), Length(max=80)])
    bank_code = StringField(
        _l("Bank code"), [Optional(), Regexp(r"^\d{4}$", message=_l("Four digits."))]
    )
    branch_name = StringField(_l("Branch"), [Length(max=80)])
    branch_code = StringField(
        _l("Branch code"), [Optional(), Regexp(r"^\d{3}$", message=_l("Three digits."))]
    )
    iban = StringField(_l("IBAN"), [Length(max=42)])
    bic = StringField(_l("BIC"), [Length(max=14)])
    on_invoices = BooleanField(_l("On invoices"), default=True)
    prints_for = SelectMultipleField(_l("Also on invoices in"))
    is_active = BooleanField(_l("In use"), default=True)

    def offer(self, currencies: Sequence[str]) -> AccountForm:
        """With the currencies we trade in to choose from."""
        known = [*currencies, *[code for code in (self.currency.data,) if code not in currencies]]
        self.currency.choices = [SelectChoice(code, code) for code in known if code]
        self.prints_for.choices = [SelectChoice(code, code) for code in currencies]
        return self

    @classmethod
    def of(cls, account: BankAccount) -> AccountForm:
        """Filled from what is stored."""
        names = [name for _title, group in cls.GROUPS for name in group if name != "prints_for"]
        return cls(
            data={
                **{name: getattr(account, name) for name in (*names, "version")},
                "prints_for": [code for code in account.prints_for.split(",") if code],
            }
        )

    def values(self) -> dict[str, Any]:
        """Columns of BankAccount."""
        texts = ("code", "currency", "holder", "kind", "number", "bank_name", "bank_code",
                 "branch_name", "branch_code", "iban", "bic")  # fmt: skip
        return {
            **{name: (self[name].data or "").strip() for name in texts},
            "on_invoices": bool(self.on_invoices.data), "is_active": bool(self.is_active.data),
            "prints_for": joined(self.prints_for.data),
        }  # fmt: skip


class TaxRateForm(HouseForm):
    """A rate from a day to come on; percent as people say it."""

    tax_class = SelectField(
        _l("Tax class"),
        choices=[SelectChoice(one.value, word) for one, word in TAX_CLASSES.items()],
    )
    percent = NumberField(_l("Rate (%)"), [Required()])
    valid_from = DayField(_l("Valid from"), [Required()])


class LanguagesForm(SettingsForm):
    """Which languages people may choose."""

    languages = SelectMultipleField(_l("Languages"), choices=LANGUAGE_CHOICES)
    default_language = SelectField(_l("Language of new readers"), choices=LANGUAGE_CHOICES)


class SeriesForm(HouseForm):
    """The form of one kind of number."""

    letters = StringField(_l("Letters"), [Required(), Length(max=5)])
    year = SelectField(
        _l("Date in it"),
        choices=[
            SelectChoice(SeriesYear.YY.name, _l("year (26)")),
            SelectChoice(SeriesYear.YYYY.name, _l("year (2026)")),
            SelectChoice(SeriesYear.YYMM.name, _l("year and month (2611)")),
        ],
    )
    length = SelectField(
        _l("Length"), coerce=int, choices=[SelectChoice(n, str(n)) for n in range(3, 9)]
    )
    seen = HiddenField()
