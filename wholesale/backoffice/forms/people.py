"""Forms about our own people, their roles and the rules of signing in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, SelectField, SelectMultipleField, StringField
from wtforms import TextAreaField as LongField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from wholesale.accounts.models import Role
from wholesale.accounts.permissions import OF_BUYERS, Permission
from wholesale.backoffice.firm.people_words import role_name
from wholesale.catalog.models import Brand
from wholesale.web.filters import name
from wholesale.web.forms import HouseForm, QuantityField, Required
from wholesale.web.languages import LANGUAGES
from wholesale.web.members import BoxesField

MOST_CODES = 40_000


class InvitePersonForm(HouseForm):
    """A person of ours who is to come in."""

    name = StringField(_l("Name"), [Required(), Length(max=80)])
    email = EmailField(_l("E-mail"), [Required(), Length(max=254)])
    role = SelectField(_l("Role"))
    locale = SelectField(_l("Language"), choices=[SelectChoice(*one) for one in LANGUAGES])

    def __init__(self, roles: Sequence[Role], **values: Any) -> None:
        super().__init__(**values)
        self.role.choices = [SelectChoice(role.code, role_name(role)) for role in roles]


class PersonForm(HouseForm):
    """What a person may do, and what it is limited to."""

    role = SelectField(_l("Role"))
    brands = BoxesField(_l("Only these brands"), coerce=int)
    own_customers_only = BooleanField(_l("Only the customers this person looks after"))
    customers = LongField(_l("Looks after"), [Length(max=MOST_CODES)])

    def __init__(self, roles: Sequence[Role], known: Sequence[Brand], **values: Any) -> None:
        super().__init__(**values)
        self.role.choices = [SelectChoice(role.code, role_name(role)) for role in roles]
        self.brands.choices = [SelectChoice(brand.id, name(brand.name)) for brand in known]

    @property
    def codes(self) -> list[str]:
        """The customer codes that were typed, each once."""
        typed = re.split(r"[\s,、]+", self.customers.data or "")
        return list(dict.fromkeys(code for code in typed if code))


class RoleForm(HouseForm):
    """A role's name and what it grants."""

    name = StringField(_l("Name"), [Required(), Length(max=60)])
    permissions = SelectMultipleField(
        "",
        choices=[SelectChoice(one.value, one.value) for one in Permission if one not in OF_BUYERS],
    )

    @property
    def granted(self) -> frozenset[Permission]:
        """The permissions that were ticked."""
        return frozenset(Permission(one) for one in self.permissions.data or ())


class SecurityForm(HouseForm):
    """Who needs a second proof, and how long sessions last."""

    factor_roles = BoxesField(_l("Roles that need a second proof"))
    staff_idle = QuantityField(_l("Our people: minutes without use"))
    staff_at_most = QuantityField(_l("Our people: minutes at most"))
    buyer_at_most = QuantityField(_l("Buyers: minutes at most"))

    def __init__(self, roles: Sequence[Role], **values: Any) -> None:
        super().__init__(**values)
        self.factor_roles.choices = [SelectChoice(role.code, role_name(role)) for role in roles]
