"""The cells of a table of customers: how each is told, and how what is typed into it is read."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Any

from wholesale.accounts.addresses import address_of
from wholesale.company.registration import BadRegistrationNumber, read_registration_number
from wholesale.customers.models import (
    AmountBasis,
    Billing,
    Customer,
    CustomerState,
    FeeBearer,
    PaymentGate,
    PaymentMeans,
    Terms,
)
from wholesale.customers.trading import BadClosingDays, read_closing_days
from wholesale.kernel.errors import DomainError
from wholesale.kernel.money import Rounding, plain
from wholesale.kernel.text import LOCALES, N_, in_language


class BadCell(DomainError):
    """What stands in a cell can't be read."""

    message = N_("“%(value)s” can't stand here.")


class Part(StrEnum):
    """To what a cell belongs: the customer's file, its terms, its limit, who looks after it."""

    FILE = "file"
    TERMS = "terms"
    LIMIT = "limit"
    REPS = "reps"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `words` are the values that may be chosen with what they are called."""

    name: str
    part: Part
    word: str
    read: Callable[[str], Any]
    words: Mapping[str, str] | None = None

    def tell(self, row: Customer | Terms | None) -> str:
        """The text of the cell: plain figures, values of choices, empty where nothing is said."""
        value = getattr(row, self.name) if row is not None else None
        if value is None:
            return ""
        if self.name in SHARES:
            return f"{plain(value * 100):f}"
        if isinstance(value, Decimal):
            return f"{plain(value):f}"
        if isinstance(value, bool):
            return "yes" if value else ""
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return str(value.value if isinstance(value, StrEnum) else value)


SHARES = {"default_rate", "deposit_share"}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _text(most: int) -> Callable[[str], str]:
    def read(typed: str) -> str:
        text = typed.strip()
        if len(text) > most:
            raise BadCell(value=text[:40])
        return text

    return read


def _number(typed: str) -> Decimal | None:
    """A figure in any width, with commas or a yen sign; None for nothing. Raises BadCell."""
    bare = _plain(typed).translate(str.maketrans("", "", ",¥円%  "))
    if not bare:
        return None
    try:
        value = Decimal(bare)
    except InvalidOperation as trouble:
        raise BadCell(value=typed[:40]) from trouble
    if not value.is_finite() or value < 0 or round(value, 4) != value or value > LARGEST:
        raise BadCell(value=typed[:40])
    return value


LARGEST = Decimal(10) ** 12


def _share(most: int) -> Callable[[str], Decimal | None]:
    def read(typed: str) -> Decimal | None:
        value = _number(typed)
        if value is None:
            return None
        if value > most or round(value, 2) != value:
            raise BadCell(value=typed[:40])
        return value / 100

    return read


def _whole(least: int, most: int, *, needed: bool) -> Callable[[str], int | None]:
    def read(typed: str) -> int | None:
        value = _number(typed)
        if value is None and not needed:
            return None
        if value is None or value != int(value) or not least <= value <= most:
            raise BadCell(value=typed[:40])
        return int(value)

    return read


def _choice(kind: type[StrEnum], words: Mapping[str, str], *, needed: bool = True) -> Any:
    """A value itself, or its word in any of our languages."""

    def read(typed: str) -> Any:
        text = _plain(typed).casefold()
        if not text and not needed:
            return None
        known = spoken(tuple(words.items()))
        if text not in known:
            raise BadCell(value=typed[:40])
        return kind(known[text])

    return read


@cache
def spoken(words: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """{word in any language, or value: value}."""
    found = {value.casefold(): value for value, _ in words}
    for locale in LOCALES:
        translate = in_language(locale)
        found |= {_plain(translate(word)).casefold(): value for value, word in words}
    return found


def _flag(typed: str) -> bool:
    text = _plain(typed).casefold()
    if not text or text in NO:
        return False
    if text not in spoken(YES):
        raise BadCell(value=typed[:40])
    return True


YES = (("yes", N_("yes")),)
NO = frozenset({"no", "0", "false", "-", "–", "いいえ", "否"})


def _email(typed: str) -> str:
    text = typed.strip()
    if text and address_of(text) is None:
        raise BadCell(value=text[:40])
    return text


def _closing(typed: str) -> str:
    try:
        return read_closing_days(_plain(typed))
    except BadClosingDays as trouble:
        raise BadCell(value=typed[:40]) from trouble


def _registration(typed: str) -> str:
    try:
        return read_registration_number(typed)
    except BadRegistrationNumber as trouble:
        raise BadCell(value=typed[:40]) from trouble


def _name(typed: str) -> str:
    text = _text(120)(typed)
    if not text:
        raise BadCell(value="")
    return text


def _country(typed: str) -> str:
    text = _plain(typed).upper()
    if len(text) != 2 or not text.isascii() or not text.isalpha():  # noqa: PLR2004 - JP
        raise BadCell(value=typed[:40])
    return text


def _tags(typed: str) -> list[str]:
    for sign in "、，;":
        typed = typed.replace(sign, ",")
    return [part.strip() for part in typed.split(",") if part.strip()]


STATES = {"active": N_("Trading"), "stopped": N_("Stopped")}
LANGUAGES = {"ja": N_("Japanese"), "en": N_("English"), "zh": N_("Chinese"),
             "zh-Hant": N_("Traditional Chinese")}  # fmt: skip
BILLINGS = {"per_shipment": N_("with each shipment"), "periodic": N_("at the closing")}
MEANS = {
    "on_account": N_("on credit terms"), "prepayment": N_("in advance"),
    "cash_on_delivery": N_("cash on delivery"), "electronic_note": N_("electronic note (densai)"),
    "direct_debit": N_("direct debit"), "settlement_service": N_("settlement service"),
}  # fmt: skip
GATES = {"ship": N_("before goods leave"), "confirm": N_("before we confirm")}
BEARERS = {"payer": N_("borne by the payer"), "payee": N_("borne by us")}
MODES = {"down": N_("down"), "half_up": N_("half up"), "up": N_("up")}
BASES = {"unit_price": N_("unit price × quantity"),
         "list_price": N_("list price × quantity × rate")}  # fmt: skip
ROUNDING = _choice(Rounding, MODES, needed=False)


class _Language(StrEnum):
    JA = "ja"
    EN = "en"
    ZH = "zh"
    HANT = "zh-Hant"


def _locale(typed: str) -> str:
    return str(_choice(_Language, LANGUAGES)(typed).value)


F, T = Part.FILE, Part.TERMS
COLUMNS: tuple[Column, ...] = (
    Column("name", F, N_("Registered name"), _name),
    Column("kana", F, N_("Reading"), _text(120)),
    Column("name_en", F, N_("Name in English"), _text(120)),
    Column("name_zh", F, N_("Name in Chinese"), _text(120)),
    Column("state", F, N_("State"), _choice(CustomerState, STATES), STATES),
    Column("group", F, N_("Price group"), _text(20)),
    Column("reps", Part.REPS, N_("Looked after by"), _text(400)),
    Column("tags", F, N_("Tags, with commas"), _tags),
    Column("priority", F, N_("Priority when goods are short"), _whole(1, 9, needed=True)),
    Column("locale", F, N_("Language of letters and papers"), _locale, LANGUAGES),
    Column("registration_number", F, N_("Registration number"), _registration),
    Column("country", F, N_("Country"), _country),
    Column("postal_code", F, N_("Postal code"), _text(12)),
    Column("region", F, N_("Prefecture or region"), _text(60)),
    Column("address", F, N_("Address"), _text(200)),
    Column("building", F, N_("Building"), _text(120)),
    Column("phone", F, N_("Telephone"), _text(30)),
    Column("invoice_email", F, N_("Invoices to"), _email),
    Column("order_email", F, N_("Order confirmations to"), _email),
    Column("delivery_email", F, N_("Delivery notes to"), _email),
    Column("currency", T, N_("Currency"), lambda typed: _text(3)(typed.upper())),
    Column("default_rate", T, N_("Default rate (%)"), _share(1000)),
    Column("minimum_amount", T, N_("Minimum order (net)"), _number),
    Column("incoterm", T, N_("Incoterm"), lambda typed: _text(8)(typed.upper())),
    Column("incoterm_place", T, N_("Named place"), _text(80)),
    Column("billing", T, N_("Billing"), _choice(Billing, BILLINGS), BILLINGS),
    Column("closing_days", T, N_("Closing days"), _closing),
    Column("payment_months", T, N_("Months until payment"), _whole(0, 12, needed=True)),
    Column("payment_day", T, N_("Day of payment"), _whole(1, 31, needed=True)),
    Column("payment_days", T, N_("Or days after the invoice"), _whole(0, 365, needed=False)),
    Column("payment_text", T, N_("Payment in words, on papers"), _text(80)),
    Column("payment_means", T, N_("Payment means"), _choice(PaymentMeans, MEANS), MEANS),
    Column("payment_gate", T, N_("Money must have come"), _choice(PaymentGate, GATES), GATES),
    Column("deposit_share", T, N_("Paid in advance (%)"), _share(100)),
    Column("fee_bearer", T, N_("Transfer fee"), _choice(FeeBearer, BEARERS), BEARERS),
    Column("price_digits", T, N_("Digits of prices"), _whole(0, 2, needed=False)),
    Column("price_mode", T, N_("Rounding of prices"), ROUNDING, MODES),
    Column("amount_mode", T, N_("Rounding of amounts"), ROUNDING, MODES),
    Column("amount_basis", T, N_("Amount of a line"), _choice(AmountBasis, BASES), BASES),
    Column("tax_mode", T, N_("Tax rounding"), ROUNDING, MODES),
    Column("freight_fee", T, N_("Freight, if its own"), _number),
    Column("freight_free_from", T, N_("Free from, if its own"), _number),
    Column("approval_needed", T, N_("The buyer approves each confirmation"), _flag, dict(YES)),
    Column("credit_limit", Part.LIMIT, N_("Credit limit, with tax"), _number),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}
