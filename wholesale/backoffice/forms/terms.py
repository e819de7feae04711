"""Forms about terms of trade and the credit limit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from wholesale.backoffice.forms.settings import NOT_NEGATIVE, ROUNDINGS, SettingsForm
from wholesale.customers.models import (
    AmountBasis,
    Billing,
    FeeBearer,
    PaymentGate,
    PaymentMeans,
    Terms,
)
from wholesale.kernel.money import Rounding
from wholesale.web.forms import DayField, HouseForm, NumberField, QuantityField, Required

OURS = SelectChoice("", _l("as the company"))
MODES = [OURS, *ROUNDINGS]
MONTH_DAY = NumberRange(min=1, max=31, message=_l("Enter 1 to 31 (31: the last day)."))
MONTHS = NumberRange(min=0, max=12, message=_l("Enter 0 to 12 months."))
DAYS = NumberRange(min=0, max=365, message=_l("Enter 0 to 365 days."))
PERCENT = NumberRange(min=0, max=1000, message=_l("Enter a percentage such as 58 or 62.5."))
PERCENT_OF_ALL = NumberRange(min=0, max=100, message=_l("Enter 0 to 100."))
MEANS = [
    SelectChoice(PaymentMeans.ON_ACCOUNT.value, _l("on credit terms")),
    SelectChoice(PaymentMeans.PREPAYMENT.value, _l("in advance")),
    SelectChoice(PaymentMeans.CASH_ON_DELIVERY.value, _l("cash on delivery")),
    SelectChoice(PaymentMeans.ELECTRONIC_NOTE.value, _l("electronic note (densai)")),
    SelectChoice(PaymentMeans.DIRECT_DEBIT.value, _l("direct debit")),
    SelectChoice(PaymentMeans.SETTLEMENT_SERVICE.value, _l("settlement service")),
]
GATES = [
    SelectChoice(PaymentGate.SHIP.value, _l("before goods leave")),
    SelectChoice(PaymentGate.CONFIRM.value, _l("before we confirm")),
]
INCOTERMS = ("", "EXW", "FCA", "CPT", "CIP", "DAP", "DPU", "DDP", "FAS", "FOB", "CFR", "CIF")


class TermsForm(HouseForm):
    """The terms from a day on."""

    GROUPS = (
        (_l("From when"), ("valid_from",)),
        (
            _l("Prices"),
            ("currency", "default_rate", "minimum_amount", "incoterm", "incoterm_place"),
        ),
        (
            _l("Billing and payment"),
            (
                "billing",
                "closing_days",
                "payment_months",
                "payment_day",
                "payment_days",
                "payment_text",
                "payment_means",
                "payment_gate",
                "deposit_share",
                "fee_bearer",
            ),
        ),
        (_l("Rounding"), ("price_digits", "price_mode", "amount_mode", "amount_basis", "tax_mode")),
        (
            _l("Delivery"),
            ("freight_fee", "freight_free_from", "approval_needed"),
        ),
    )
    seen = HiddenField()
    valid_from = DayField(_l("Valid from"), [Required()])
    currency = SelectField(_l("Currency"))
    default_rate = NumberField(_l("Default rate (%)"), [Optional(), PERCENT])
    minimum_amount = NumberField(_l("Minimum order (net)"), [Optional(), NOT_NEGATIVE])
    incoterm = SelectField(
        _l("Incoterm"), choices=[SelectChoice(code, code or "–") for code in INCOTERMS]
    )
    incoterm_place = StringField(_l("Named place"), [Length(max=80)])
    billing = SelectField(
        _l("Billing"),
        choices=[
            SelectChoice(Billing.PER_SHIPMENT.value, _l("with each shipment")),
            SelectChoice(Billing.PERIODIC.value, _l("at the closing")),
        ],
    )
    closing_days = StringField(_l("Closing days"), [Length(max=20)])
    payment_months = QuantityField(_l("Months until payment"), [Required(), MONTHS])
    payment_day = QuantityField(_l("Day of payment"), [Required(), MONTH_DAY])
    payment_days = QuantityField(_l("Or days after the invoice"), [Optional(), DAYS])
    payment_text = StringField(_l("Payment in words, on papers"), [Length(max=80)])
    payment_means = SelectField(_l("Payment means"), choices=MEANS)
    payment_gate = SelectField(_l("Money must have come"), choices=GATES)
    deposit_share = NumberField(_l("Paid in advance (%)"), [Optional(), PERCENT_OF_ALL])
    fee_bearer = SelectField(
        _l("Transfer fee"),
        choices=[
            SelectChoice(FeeBearer.PAYER.value, _l("borne by the payer")),
            SelectChoice(FeeBearer.PAYEE.value, _l("borne by us")),
        ],
    )
    price_digits = SelectField(
        _l("Digits of prices"), choices=[OURS, *[SelectChoice(n, n) for n in "012"]]
    )
    price_mode = SelectField(_l("Rounding of prices"), choices=MODES)
    amount_mode = SelectField(_l("Rounding of amounts"), choices=MODES)
    amount_basis = SelectField(
        _l("Amount of a line"),
        choices=[
            SelectChoice(AmountBasis.UNIT_PRICE.value, _l("unit price × quantity")),
            SelectChoice(AmountBasis.LIST_PRICE.value, _l("list price × quantity × rate")),
        ],
    )
    tax_mode = SelectField(_l("Tax rounding"), choices=MODES)
    freight_fee = NumberField(_l("Freight, if its own"), [Optional(), NOT_NEGATIVE])
    freight_free_from = NumberField(_l("Free from, if its own"), [Optional(), NOT_NEGATIVE])
    approval_needed = BooleanField(_l("The buyer approves each confirmation"))

    PLAIN = ("currency", "minimum_amount", "incoterm", "incoterm_place", "closing_days",
             "payment_months", "payment_day", "payment_days", "payment_text", "freight_fee",
             "freight_free_from", "approval_needed")  # fmt: skip
    KINDS: dict[str, type[StrEnum]] = {  # noqa: RUF012 - a table of the class
        "billing": Billing, "fee_bearer": FeeBearer, "amount_basis": AmountBasis,
        "payment_means": PaymentMeans, "payment_gate": PaymentGate, "price_mode": Rounding, "amount_mode": Rounding, "tax_mode": Rounding,
    }  # fmt: skip

    def offer(self, currencies: Sequence[str]) -> TermsForm:
        """With the currencies we trade in to choose from."""
        own = [] if self.currency.data in (None, *currencies) else [self.currency.data]
        self.currency.choices = [SelectChoice(code, code) for code in (*currencies, *own)]
        return self

    def groups(self) -> list[tuple[str, list[Any]]]:
        """(title, fields) as they are shown."""
        return [(str(title), [self[name] for name in names]) for title, names in self.GROUPS]

    @classmethod
    def of(cls, row: Terms | None, seen: str) -> TermsForm:
        """Filled from the newest terms; the day is left to be chosen."""
        if row is None:
            return cls(data={"seen": seen, "payment_months": 1, "payment_day": 31})
        kinds = {name: getattr(row, name) for name in cls.KINDS}
        return cls(
            data={
                **{name: getattr(row, name) for name in cls.PLAIN}, "seen": seen,
                **{name: kind.value if kind else "" for name, kind in kinds.items()},
                "price_digits": "" if row.price_digits is None else str(row.price_digits),
                **{name: _percent(getattr(row, name)) for name in ("default_rate", "deposit_share")},
            }
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Columns of Terms."""
        told = {name: self[name].data for name in self.PLAIN}
        texts = {
            name: (told[name] or "").strip()
            for name in ("incoterm", "incoterm_place", "closing_days", "payment_text")
        }
        kinds = {
            name: kind(self[name].data) if self[name].data else None
            for name, kind in self.KINDS.items()
        }
        shares = {name: self[name].data for name in ("default_rate", "deposit_share")}
        return {
            **told, **texts, **kinds,
            "price_digits": int(self.price_digits.data) if self.price_digits.data else None,
            **{name: None if share is None else share / 100 for name, share in shares.items()},
        }  # fmt: skip


def _percent(share: Decimal | None) -> Decimal | None:
    return None if share is None else (share * 100).normalize()


class SeenForm(HouseForm):
    """A button that says which terms were seen."""

    seen = HiddenField()


class VersionForm(SettingsForm):
    """A button that says which version was seen."""


class BillToForm(SettingsForm):
    """Who is billed, from a day on."""

    bill_to = StringField(_l("Billed to"), [Length(max=30)])
    valid_from = DayField(_l("Valid from"), [Required()])


class LimitForm(SeenForm):
    """The credit limit of a customer."""

    credit_limit = NumberField(_l("Credit limit, with tax"), [Optional(), NOT_NEGATIVE])
