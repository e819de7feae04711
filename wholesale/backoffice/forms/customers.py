"""Forms about customers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Regexp

from wholesale.accounts.models import BuyerRole
from wholesale.web.forms import HouseForm, Required


class InviteBuyerForm(HouseForm):
    """A person who is to buy for a customer."""

    name = StringField(_l("Name"), [Required(), Length(max=80)])
    email = StringField(
        _l("Email"),
        [Required(), Length(max=254), Regexp(r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$",
                                             message=_l("Enter an address such as hana@shop.jp."))],
    )  # fmt: skip
    role = SelectField(
        _l("Role"),
        choices=[
            SelectChoice(BuyerRole.BUYER.value, _l("Buyer")),
            SelectChoice(BuyerRole.ADMIN.value, _l("Buyer admin")),
            SelectChoice(BuyerRole.APPROVER.value, _l("Approver")),
            SelectChoice(BuyerRole.VIEWER.value, _l("Viewer")),
        ],
    )
