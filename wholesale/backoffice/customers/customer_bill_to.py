"""Who is billed for a customer: today, from a day on, and before."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import settings_history
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.form_desk import FormDesk
from wholesale.backoffice.forms.terms import BillToForm, VersionForm
from wholesale.backoffice.money import money_lookups
from wholesale.customers import billing_to
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.web.answers import Answer
from wholesale.web.door import the_visitor
from wholesale.web.forms import HouseForm
from wholesale.web.gate import needs

PAGE, PART = "backoffice/customers/bill_to.html", "backoffice/customers/_bill_to.html"


@office.get("/customers/<code>/bill-to")
@needs(Permission.CUSTOMERS_READ)
def customer_bill_to(code: str) -> Answer:
    """Who is billed, its history, and the form for the next change."""
    return _desk(money_lookups.customer(code)).show()


@office.post("/customers/<code>/bill-to")
@needs(Permission.CUSTOMERS_EDIT)
def change_bill_to(code: str) -> Answer:
    """Bill it to somebody else from a day on."""
    customer, by, form = money_lookups.customer(code), the_visitor().actor, BillToForm()

    def verb() -> None:
        day = form.valid_from.data or clock.today()
        to = (form.bill_to.data or "").strip()
        billing_to.change_bill_to(customer, to, day, form.seen, by)

    return _desk(customer).save(form, verb, gettext("Saved"))


@office.post("/customers/<code>/bill-to/removal")
@needs(Permission.CUSTOMERS_EDIT)
def withdraw_bill_to(code: str) -> Answer:
    """Take the coming change back."""
    customer, by, form = money_lookups.customer(code), the_visitor().actor, VersionForm()
    return _desk(customer).save(
        form, lambda: billing_to.withdraw(customer, form.seen, by), gettext("Taken back")
    )


def _desk(customer: Customer) -> FormDesk:
    def shown(form: HouseForm | None) -> dict[str, Any]:
        empty = BillToForm(data={"version": customer.version})
        return {
            "customer": customer, "today": clock.today(),
            "form": form if isinstance(form, BillToForm) else empty,
            "rows": billing_to.history(customer.id),
            "stores": billing_to.stores_of(customer.id),
            "changes": settings_history.newest(["customers"], customer.id),
        }  # fmt: skip

    return FormDesk(PAGE, PART, url_for("office.customer_bill_to", code=customer.code), shown)
