"""The form about a buyer, for both wings: role, spending limit, prices, ship-tos."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, EmailField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from wholesale.accounts.colleagues import Standing
from wholesale.accounts.models import BuyerRole, Membership
from wholesale.company.queries import company
from wholesale.customers.models import Address, Customer
from wholesale.customers.queries import NoTerms, money_terms
from wholesale.kernel import clock
from wholesale.web.forms import HouseForm, NumberField, Required, not_negative

ROLES = (
    (BuyerRole.BUYER, _l("Buyer")),
    (BuyerRole.ADMIN, _l("Administrator")),
    (BuyerRole.APPROVER, _l("Approver")),
    (BuyerRole.VIEWER, _l("Reader")),
)


def currency_of(customer: Customer) -> str:
    """In which currency a customer's spending limits are stated."""
    try:
        return money_terms(customer, clock.today()).currency
    except NoTerms:
        return company().currency


class BoxesField(SelectMultipleField):
    """Several of a few, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class MemberForm(HouseForm):
    """What a buyer may do."""

    role = SelectField(_l("Role"), choices=[SelectChoice(role.value, word) for role, word in ROLES])
    spending_limit = NumberField(_l("At most per order, without tax"), [not_negative])
    hides_prices = BooleanField(_l("Orders without seeing prices"))
    ship_tos = BoxesField(_l("Only these ship-tos"), coerce=int)

    def __init__(
        self,
        places: Sequence[Address],
        formdata: MultiDict[str, str] | None = None,
        **values: Any,
    ) -> None:
        super().__init__(formdata, **values)
        self.ship_tos.choices = [SelectChoice(place.id, place.name) for place in places]

    @classmethod
    def of(cls, member: Membership, places: Sequence[Address]) -> MemberForm:
        """The form as the membership stands, whatever a form has just sent."""
        return cls(
            places,
            MultiDict(),
            role=member.role.value,
            spending_limit=member.spending_limit,
            hides_prices=not member.sees_prices,
            ship_tos=member.ship_to_ids,
        )

    @property
    def standing(self) -> Standing:
        """What was chosen."""
        return Standing(
            BuyerRole(self.role.data),
            self.spending_limit.data,
            not self.hides_prices.data,
            tuple(self.ship_tos.data or ()),
        )


class InviteMemberForm(MemberForm):
    """A person who is to buy."""

    name = StringField(_l("Name"), [Required(), Length(max=80)])
    email = EmailField(_l("E-mail"), [Required(), Length(max=254)])
