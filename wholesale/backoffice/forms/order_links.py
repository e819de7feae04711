"""The form of an order link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms import TextAreaField as LongField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from wholesale.backoffice.forms.settings import SettingsForm
from wholesale.catalog.models import Catalog
from wholesale.customers.queries import customer_by_code
from wholesale.kernel.text import localized
from wholesale.offers.models import LinkOrders, OrderLink
from wholesale.web.filters import language
from wholesale.web.forms import DayField, Required, WrongField

ORDERS_AS = {
    LinkOrders.OF_VISITORS: _l("each order is a new customer's"),
    LinkOrders.OF_CUSTOMER: _l("all orders are this customer's"),
}


class OrderLinkForm(SettingsForm):
    """One link."""

    GROUPS = (
        (_l("What is shown"), ("name", "greeting", "catalog", "shows_prices", "view_only")),
        (_l("At whose terms"), ("customer", "orders_as")),
        (_l("Who gets in"), ("pass_code", "without_code", "opens_on", "closes_on", "is_on")),
    )
    name = StringField(_l("Name"), [Required(), Length(max=120)])
    greeting = LongField(_l("A few words to the visitors"), [Length(max=1000)])
    catalog = SelectField(_l("Catalogue"))
    shows_prices = BooleanField(_l("Prices are shown"), default=True)
    view_only = BooleanField(_l("To look at only; no orders are taken"))
    customer = StringField(_l("Prices and terms of (customer code)"), [Required(), Length(max=30)])
    orders_as = SelectField(
        _l("Orders"), choices=[SelectChoice(one.value, word) for one, word in ORDERS_AS.items()]
    )
    pass_code = StringField(_l("New pass code"), [Length(max=60)])
    without_code = BooleanField(_l("Opens without a pass code"))
    opens_on = DayField(_l("Opens on"))
    closes_on = DayField(_l("Last day"))
    is_on = BooleanField(_l("In use"), default=True)

    def offer(self, catalogs: Sequence[Catalog]) -> OrderLinkForm:
        """With the catalogues to choose from."""
        self.catalog.choices = [
            SelectChoice(one.code, f"{localized(one.name, language())} ({one.code})")
            for one in catalogs
        ]
        return self

    @classmethod
    def of(cls, row: OrderLink) -> OrderLinkForm:
        """Filled from what is stored."""
        names = ("name", "greeting", "shows_prices", "view_only", "opens_on", "closes_on", "is_on",
                 "version")  # fmt: skip
        return cls(
            data={
                **{name: getattr(row, name) for name in names},
                "catalog": row.catalog.code, "customer": row.customer.code,
                "orders_as": row.orders_as.value, "without_code": row.pass_code is None,
            }
        )  # fmt: skip

    def values(self, catalogs: Sequence[Catalog]) -> dict[str, Any]:
        """Columns of OrderLink. Raises WrongField."""
        customer = customer_by_code((self.customer.data or "").strip())
        if customer is None:
            raise WrongField(
                field=self.customer.label.text,
                why=gettext("There is no customer with this code"),
            )
        chosen = next(one for one in catalogs if one.code == self.catalog.data)
        return {
            "name": (self.name.data or "").strip(), "greeting": (self.greeting.data or "").strip(),
            "catalog": chosen, "customer": customer, "orders_as": LinkOrders(self.orders_as.data),
            "opens_on": self.opens_on.data, "closes_on": self.closes_on.data,
            "is_on": bool(self.is_on.data), "view_only": bool(self.view_only.data),
            "shows_prices": bool(self.shows_prices.data),
        }  # fmt: skip

    def code(self, row: OrderLink | None) -> str | None:
        """The new pass code, "" to take it away, None to leave it. Raises WrongField."""
        typed = (self.pass_code.data or "").strip()
        if typed:
            return typed
        if self.without_code.data:
            return ""
        if row is None or row.pass_code is None:
            raise WrongField(
                field=self.pass_code.label.text,
                why=gettext("Enter one, or let the link open without."),
            )
        return None
