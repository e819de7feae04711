"""Forms about freight rules."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, Regexp

from wholesale.backoffice.forms.settings import NOT_NEGATIVE, SettingsForm, in_languages
from wholesale.company.models import TaxClass
from wholesale.offers.models import Basis, ChargeKind, FreightRule
from wholesale.web.forms import DayField, HouseForm, NumberField, QuantityField, Required

KINDS = {
    ChargeKind.FREIGHT: _l("Freight"),
    ChargeKind.CASH_ON_DELIVERY: _l("Cash on delivery"),
    ChargeKind.HANDLING: _l("Handling"),
}
BASES = {
    Basis.DELIVERY: _l("per delivery"),
    Basis.KILOGRAM: _l("per kg"),
    Basis.PIECE: _l("per piece"),
    Basis.CARTON: _l("per carton"),
}
GRAMS = 1000
COUNTRY = Regexp(r"^[A-Z]{2}$", message=_l("Two letters, such as JP."))


class FreightRuleForm(SettingsForm):
    """One rule of the table."""

    GROUPS = (
        (_l("What is charged"), ("kind", "currency", "fee", "basis", "free_from", "tax_class")),
        (_l("Where"), ("country", "regions")),
        (_l("From which size on"), ("min_amount", "min_kilograms", "min_quantity", "min_cartons")),
        (_l("On papers"), ("name_ja", "name_en", "name_zh", "name_zh_hant")),
        (_l("When"), ("valid_from", "valid_until", "position", "is_active")),
    )
    kind = SelectField(
        _l("Kind"), choices=[SelectChoice(one.value, word) for one, word in KINDS.items()]
    )
    currency = SelectField(_l("Currency"))
    fee = NumberField(_l("Fee (net)"), [Required(), NOT_NEGATIVE])
    basis = SelectField(
        _l("Counted by"), choices=[SelectChoice(one.value, word) for one, word in BASES.items()]
    )
    free_from = NumberField(_l("Free from (net)"), [Optional(), NOT_NEGATIVE])
    tax_class = SelectField(
        _l("Tax class"),
        choices=[
            SelectChoice(TaxClass.STANDARD.value, _l("Standard rate")),
            SelectChoice(TaxClass.REDUCED.value, _l("Reduced rate")),
            SelectChoice(TaxClass.EXEMPT.value, _l("Exempt")),
        ],
    )
    country = StringField(_l("Country"), [Optional(), COUNTRY])
    regions = StringField(_l("Prefectures or regions, with commas"), [Length(max=400)])
    min_amount = NumberField(_l("Net amount from"), [Optional(), NOT_NEGATIVE])
    min_kilograms = NumberField(_l("Weight from (kg)"), [Optional(), NOT_NEGATIVE])
    min_quantity = QuantityField(_l("Pieces from"), [Optional()])
    min_cartons = QuantityField(_l("Cartons from"), [Optional()])
    name_ja = StringField(_l("Name in Japanese"), [Length(max=60)])
    name_en = StringField(_l("Name in English"), [Length(max=60)])
    name_zh = StringField(_l("Name in Chinese"), [Length(max=60)])
    name_zh_hant = StringField(_l("Name in traditional Chinese"), [Length(max=60)])
    valid_from = DayField(_l("Valid from"), [Required()])
    valid_until = DayField(_l("Valid until"))
    position = QuantityField(_l("Order among equals"), [Optional()])
    is_active = BooleanField(_l("In use"), default=True)

    def offer(self, currencies: Sequence[str]) -> FreightRuleForm:
        """With the currencies we trade in to choose from."""
        self.currency.choices = [SelectChoice(code, code) for code in currencies]
        return self

    @classmethod
    def of(cls, row: FreightRule) -> FreightRuleForm:
        """Filled from what is stored."""
        names = ("currency", "fee", "free_from", "country", "regions", "min_amount", "min_quantity",
                 "min_cartons", "valid_from", "valid_until", "position", "is_active", "version")  # fmt: skip
        return cls(
            data={
                **{name: getattr(row, name) for name in names},
                **in_languages("name", row.name), "kind": row.kind.value,
                "basis": row.basis.value, "tax_class": row.tax_class.value,
                "min_kilograms": Decimal(row.min_weight_grams) / GRAMS,
            }
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Columns of FreightRule."""
        regions = (self.regions.data or "").replace("、", ",").replace("，", ",").split(",")
        return {
            "kind": ChargeKind(self.kind.data), "basis": Basis(self.basis.data),
            "tax_class": TaxClass(self.tax_class.data), "name": self.names("name"),
            "currency": self.currency.data, "country": self.country.data or "",
            "regions": ",".join(region.strip() for region in regions if region.strip()),
            "fee": self.fee.data, "free_from": self.free_from.data,
            "min_amount": self.min_amount.data or Decimal(0),
            "min_weight_grams": int((self.min_kilograms.data or 0) * GRAMS),
            "min_quantity": int(self.min_quantity.data or 0),
            "min_cartons": int(self.min_cartons.data or 0),
            "position": int(self.position.data or 0), "valid_from": self.valid_from.data,
            "valid_until": self.valid_until.data, "is_active": bool(self.is_active.data),
        }  # fmt: skip


class TrialForm(HouseForm):
    """A delivery that doesn't exist, to see which rule would count."""

    customer = StringField(_l("Customer code"), [Length(max=30)])
    country = StringField(_l("Country"), [Optional(), COUNTRY], default="JP")
    region = StringField(_l("Prefecture or region"), [Length(max=40)])
    net = NumberField(_l("Net amount"), [Optional(), NOT_NEGATIVE])
    kilograms = NumberField(_l("Weight (kg)"), [Optional(), NOT_NEGATIVE])
    quantity = QuantityField(_l("Pieces"), [Optional()])
    cartons = QuantityField(_l("Cartons"), [Optional()])
