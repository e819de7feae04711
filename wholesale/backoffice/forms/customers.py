"""Forms about customers: who they are, and where goods and papers go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms import TextAreaField as LongField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Regexp, StopValidation

from wholesale.accounts.addresses import address_of
from wholesale.accounts.models import User
from wholesale.backoffice.forms.settings import LANGUAGE_CHOICES, SettingsForm
from wholesale.customers.models import Address, AddressKind, Customer, CustomerGroup, CustomerState
from wholesale.web.filters import name
from wholesale.web.forms import HouseForm, QuantityField, Required
from wholesale.web.members import BoxesField

CODE = Regexp(
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$", message=_l("Letters, digits, dots and hyphens only.")
)
COUNTRY = Regexp(r"^[A-Z]{2}$", message=_l("Two letters, such as JP."))
PRIORITY = NumberRange(min=1, max=9, message=_l("Enter 1 (first) to 9 (last)."))


def one_address(_form: HouseForm, field: StringField) -> None:
    """One e-mail address, or nothing."""
    typed = (field.data or "").strip()
    if typed and address_of(typed) is None:
        raise StopValidation(gettext("Enter one address such as hana@shop.jp."))


class CustomerForm(SettingsForm):
    """Who a customer is, and where its papers go."""

    GROUPS = (
        (_l("Name"), ("code", "name", "kana", "name_en", "name_zh", "state")),
        (_l("Trade"), ("group", "reps", "tags", "locale", "registration_number", "priority")),
        (_l("Address"), ("country", "postal_code", "region", "address", "building", "phone")),
        (_l("Letters and papers"), ("invoice_email", "order_email", "delivery_email")),
        (_l("Bank transfers"), ("payer_names",)),
    )
    code = StringField(_l("Code"), [Required(), Length(max=30), CODE])
    name = StringField(_l("Registered name"), [Required(), Length(max=120)])
    kana = StringField(_l("Reading"), [Length(max=120)])
    name_en = StringField(_l("Name in English"), [Length(max=120)])
    name_zh = StringField(_l("Name in Chinese"), [Length(max=120)])
    state = SelectField(
        _l("State"),
        choices=[
            SelectChoice(CustomerState.ACTIVE.value, _l("Trading")),
            SelectChoice(CustomerState.STOPPED.value, _l("Stopped")),
        ],
    )
    group = SelectField(_l("Price group"))
    reps = BoxesField(_l("Looked after by"), coerce=int)
    tags = StringField(_l("Tags, with commas"), [Length(max=400)])
    locale = SelectField(_l("Language of letters and papers"), choices=LANGUAGE_CHOICES)
    registration_number = StringField(_l("Registration number"), [Length(max=30)])
    priority = QuantityField(_l("Priority when goods are short"), [Required(), PRIORITY])
    country = StringField(_l("Country"), [Required(), COUNTRY])
    postal_code = StringField(_l("Postal code"), [Length(max=12)])
    region = StringField(_l("Prefecture or region"), [Length(max=60)])
    address = StringField(_l("Address"), [Length(max=200)])
    building = StringField(_l("Building"), [Length(max=120)])
    phone = StringField(_l("Telephone"), [Length(max=30)])
    invoice_email = StringField(_l("Invoices to"), [Length(max=254), one_address])
    order_email = StringField(_l("Order confirmations to"), [Length(max=254), one_address])
    delivery_email = StringField(_l("Delivery notes to"), [Length(max=254), one_address])
    payer_names = LongField(_l("Names it pays under, one a line"), [Length(max=2000)])

    TEXTS = ("code", "name", "kana", "name_en", "name_zh", "locale", "registration_number",
             "country", "postal_code", "region", "address", "building", "phone", "invoice_email",
             "order_email", "delivery_email")  # fmt: skip

    def offer(self, groups: Sequence[CustomerGroup], reps: Sequence[User]) -> CustomerForm:
        """With the price groups and our people to choose from."""
        self.group.choices = [
            SelectChoice("", "–"), *[SelectChoice(str(one.id), name(one.name)) for one in groups]
        ]  # fmt: skip
        self.reps.choices = [SelectChoice(one.id, one.name) for one in reps]
        return self

    @classmethod
    def of(
        cls, customer: Customer, reps: Sequence[int], payer_names: Sequence[str]
    ) -> CustomerForm:
        """Filled from what is stored."""
        return cls(
            data={
                **{text: getattr(customer, text) for text in (*cls.TEXTS, "priority", "version")},
                "state": customer.state.value, "group": str(customer.group_id or ""),
                "reps": list(reps), "tags": ", ".join(customer.tags),
                "payer_names": "\n".join(payer_names),
            }
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Columns of Customer."""
        return {
            **{text: (self[text].data or "").strip() for text in self.TEXTS},
            "state": CustomerState(self.state.data), "priority": self.priority.data,
            "group_id": int(self.group.data) if self.group.data else None,
            "tags": re.split(r"[,、，]", self.tags.data or ""),
        }  # fmt: skip

    @property
    def stated_payers(self) -> list[str]:
        """The names it pays under."""
        lines = (self.payer_names.data or "").splitlines()
        return [line.strip() for line in lines if line.strip()]


class AddressForm(SettingsForm):
    """A place where goods or invoices go."""

    GROUPS = (
        (_l("Name"), ("kind", "code", "name", "attention", "phone")),
        (_l("Address"), ("country", "postal_code", "region", "address")),
        (_l("Use"), ("is_default", "is_active")),
    )
    kind = SelectField(
        _l("For"),
        choices=[
            SelectChoice(AddressKind.SHIP_TO.value, _l("Goods (ship-to)")),
            SelectChoice(AddressKind.BILLING.value, _l("Invoices (billing address)")),
        ],
    )
    code = StringField(_l("Code"), [Required(), Length(max=30), CODE])
    name = StringField(_l("Name"), [Required(), Length(max=120)])
    attention = StringField(_l("For the attention of"), [Length(max=80)])
    phone = StringField(_l("Telephone"), [Length(max=30)])
    country = StringField(_l("Country"), [Required(), COUNTRY])
    postal_code = StringField(_l("Postal code"), [Length(max=12)])
    region = StringField(_l("Prefecture or region"), [Length(max=60)])
    address = StringField(_l("Address"), [Required(), Length(max=200)])
    is_default = BooleanField(_l("The usual one"))
    is_active = BooleanField(_l("In use"), default=True)

    TEXTS = ("code", "name", "attention", "phone", "country", "postal_code", "region", "address")

    @classmethod
    def of(cls, address: Address) -> AddressForm:
        """Filled from what is stored."""
        names = (*cls.TEXTS, "is_default", "is_active", "version")
        return cls(
            data={**{one: getattr(address, one) for one in names}, "kind": address.kind.value}
        )

    def values(self) -> dict[str, Any]:
        """Columns of Address."""
        return {
            **{text: (self[text].data or "").strip() for text in self.TEXTS},
            "kind": AddressKind(self.kind.data), "is_default": bool(self.is_default.data),
            "is_active": bool(self.is_active.data),
        }  # fmt: skip


class MergeForm(SettingsForm):
    """Two customers as they were seen."""

    other_version = HiddenField()

    @property
    def versions(self) -> tuple[int, int]:
        """The versions of the old and of the new one."""
        other = str(self.other_version.data or "")
        return self.seen, int(other) if other.isdecimal() else 0


class AdmitForm(SettingsForm):
    """Yes to a request to trade."""

    code = StringField(_l("Code"), [Required(), Length(max=28), CODE])
    group = SelectField(_l("Price group"))

    def offer(self, groups: Sequence[CustomerGroup]) -> AdmitForm:
        """With the price groups to choose from."""
        self.group.choices = [
            SelectChoice("", "–"), *[SelectChoice(str(one.id), name(one.name)) for one in groups]
        ]  # fmt: skip
        return self


class RefuseForm(SettingsForm):
    """No to a request to trade."""

    reason = LongField(_l("Reason, as the letter says it"), [Length(max=1000)])
