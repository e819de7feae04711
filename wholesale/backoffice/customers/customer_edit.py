"""Adding a customer and changing who it is."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import select

from wholesale.accounts import looking_after
from wholesale.accounts.permissions import Permission
from wholesale.backoffice import settings_history
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.customers import customer_figures
from wholesale.backoffice.customers.postal_codes import is_completion
from wholesale.backoffice.form_desk import FormDesk
from wholesale.backoffice.forms.customers import CustomerForm
from wholesale.backoffice.money import money_lookups
from wholesale.company.registration import is_sound
from wholesale.customers import changing
from wholesale.customers.models import Customer
from wholesale.kernel.db import session
from wholesale.payments import learning
from wholesale.payments.models import PayerName
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.forms import HouseForm, complete_address
from wholesale.web.gate import needs

PAGE, PART = "backoffice/customers/edit.html", "backoffice/customers/_edit.html"
EMPTY = {"country": "JP", "locale": "ja", "priority": 5}


@office.get("/customers/new")
@needs(Permission.CUSTOMERS_EDIT)
def new_customer() -> Answer:
    """An empty form."""
    return _desk(None).show()


@office.post("/customers")
@needs(Permission.CUSTOMERS_EDIT)
def add_customer() -> Answer:
    """Add a customer; it needs no buyer to trade."""
    return _save(None)


@office.get("/customers/<code>/edit")
@needs(Permission.CUSTOMERS_EDIT)
def edit_customer(code: str) -> Answer:
    """The form of one customer, and what was changed."""
    return _desk(money_lookups.customer(code)).show()


@office.post("/customers/<code>/edit")
@needs(Permission.CUSTOMERS_EDIT)
def change_customer(code: str) -> Answer:
    """Change who a customer is."""
    return _save(money_lookups.customer(code))


def _save(customer: Customer | None) -> Answer:
    form = _offered(CustomerForm())
    desk = _desk(customer)
    if is_completion(request.form):
        complete_address(form)
        return answer(PAGE, PART, refusal="", **desk.shown(form))
    new = (form.code.data or "").strip() or "-"
    on = "" if customer else url_for("office.customer", code=new)
    return desk.save(form, lambda: _write(customer, form), gettext("Saved"), on)


def _write(customer: Customer | None, form: CustomerForm) -> None:
    by = the_visitor().actor
    saved = changing.save_customer(customer, form.values(), form.seen, by)
    looking_after.state_reps(saved, form.reps.data or (), by)
    learning.state_names(saved, form.stated_payers, by)


def _desk(customer: Customer | None) -> FormDesk:
    url = (
        url_for("office.change_customer", code=customer.code)
        if customer
        else url_for("office.add_customer")
    )

    def shown(form: HouseForm | None) -> dict[str, Any]:
        filled = form or _stored(customer)
        return {
            "form": filled, "customer": customer, "to": url,
            "number_is_sound": customer is None or is_sound(customer.registration_number),
            "changes": settings_history.newest(["customers"], customer.id) if customer else [],
        }  # fmt: skip

    return FormDesk(PAGE, PART, url, shown)


def _stored(customer: Customer | None) -> CustomerForm:
    if customer is None:
        return _offered(CustomerForm(data=EMPTY))
    reps = [user.id for user in looking_after.reps_of(customer.id)]
    names = session.scalars(
        select(PayerName.raw)
        .where(PayerName.customer_id == customer.id, PayerName.is_registered)
        .order_by(PayerName.id)
    )
    return _offered(CustomerForm.of(customer, reps, list(names)))


def _offered(form: CustomerForm) -> CustomerForm:
    return form.offer(customer_figures.groups(), looking_after.possible_reps())
