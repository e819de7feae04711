"""Terms of trade of a customer: in force, to come and past; and its credit limit."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import settings_history
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.customers import customer_figures
from wholesale.backoffice.form_desk import FormDesk
from wholesale.backoffice.forms.terms import LimitForm, SeenForm, TermsForm
from wholesale.backoffice.money import money_lookups
from wholesale.company.queries import enabled_currencies
from wholesale.customers import trading
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.web.answers import Answer
from wholesale.web.door import the_visitor
from wholesale.web.forms import HouseForm
from wholesale.web.gate import needs

PAGE, PART = "backoffice/customers/terms.html", "backoffice/customers/_terms_edit.html"


@office.get("/customers/<code>/terms")
@needs(Permission.CUSTOMERS_READ)
def customer_terms(code: str) -> Answer:
    """Every row of terms, and the form for the next one."""
    return _desk(money_lookups.customer(code)).show()


@office.post("/customers/<code>/terms")
@needs(Permission.CUSTOMERS_EDIT)
def change_terms(code: str) -> Answer:
    """State the terms from a day on."""
    customer, by = money_lookups.customer(code), the_visitor().actor
    form = TermsForm().offer(enabled_currencies())

    def verb() -> None:
        day = form.valid_from.data or clock.today()
        trading.change_terms(customer, day, form.values(), form.seen.data or "", by)

    return _desk(customer).save(form, verb, gettext("Saved"))


@office.post("/customers/<code>/terms/<day>/removal")
@needs(Permission.CUSTOMERS_EDIT)
def withdraw_terms(code: str, day: str) -> Answer:
    """Take terms back before their day."""
    customer, by = money_lookups.customer(code), the_visitor().actor
    try:
        valid_from = date.fromisoformat(day)
    except ValueError as trouble:
        raise NotFound from trouble
    form = SeenForm()
    return _desk(customer).save(
        form,
        lambda: trading.withdraw(customer, valid_from, form.seen.data or "", by),
        gettext("Taken back"),
    )


@office.post("/customers/<code>/limit")
@needs(Permission.ORDERS_RELEASE)
def change_limit(code: str) -> Answer:
    """State the credit limit: who may release orders says how far credit goes."""
    customer, by, form = money_lookups.customer(code), the_visitor().actor, LimitForm()
    return _desk(customer).save(
        form,
        lambda: trading.change_limit(customer, form.credit_limit.data, form.seen.data or "", by),
        gettext("Saved"),
    )


def _desk(customer: Customer) -> FormDesk:
    def shown(form: HouseForm | None) -> dict[str, Any]:
        rows = trading.history(customer.id)
        seen = trading.stamp(rows)
        now = next((row for row in rows if row.valid_from <= clock.today()), None)
        limit = {"seen": seen, "credit_limit": now.credit_limit if now else None}
        return {
            "customer": customer, "rows": rows, "now": now, "today": clock.today(), "seen": seen,
            "form": form if isinstance(form, TermsForm)
            else TermsForm.of(now, seen).offer(enabled_currencies()),
            "limit_form": form if isinstance(form, LimitForm) else LimitForm(data=limit),
            "credit": customer_figures.credit_of(customer),
            "changes": settings_history.newest(["customers"], customer.id),
        }  # fmt: skip

    url = url_for("office.customer_terms", code=customer.code)
    return FormDesk(PAGE, PART, url, shown)
