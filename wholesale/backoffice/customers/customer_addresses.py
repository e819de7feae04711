"""Addresses of a customer: added, changed, left off."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import settings_history
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.customers.postal_codes import is_completion
from wholesale.backoffice.form_desk import FormDesk
from wholesale.backoffice.forms.customers import AddressForm
from wholesale.backoffice.money import money_lookups
from wholesale.customers.addressing import save_address
from wholesale.customers.models import Address, Customer
from wholesale.kernel.db import session
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.forms import HouseForm, complete_address
from wholesale.web.gate import needs
from wholesale.web.lookups import found

PAGE, PART = "backoffice/customers/address.html", "backoffice/customers/_address.html"


@office.get("/customers/<code>/addresses/new")
@needs(Permission.CUSTOMERS_EDIT)
def new_address(code: str) -> Answer:
    """An empty form."""
    return _desk(money_lookups.customer(code), None).show()


@office.post("/customers/<code>/addresses")
@needs(Permission.CUSTOMERS_EDIT)
def add_address(code: str) -> Answer:
    """Add an address."""
    return _save(money_lookups.customer(code), None)


@office.get("/customers/<code>/addresses/<address>")
@needs(Permission.CUSTOMERS_EDIT)
def edit_address(code: str, address: str) -> Answer:
    """The form of one address."""
    customer = money_lookups.customer(code)
    return _desk(customer, _address(customer, address)).show()


@office.post("/customers/<code>/addresses/<address>")
@needs(Permission.CUSTOMERS_EDIT)
def change_address(code: str, address: str) -> Answer:
    """Change an address, leave it off, or make it the usual one."""
    customer = money_lookups.customer(code)
    return _save(customer, _address(customer, address))


def _address(customer: Customer, code: str) -> Address:
    return found(
        session.scalar(
            select(Address).where(Address.customer_id == customer.id, Address.code == code)
        )
    )


def _save(customer: Customer, row: Address | None) -> Answer:
    form, by, desk = AddressForm(), the_visitor().actor, _desk(customer, row)
    if is_completion(request.form):
        complete_address(form)
        return answer(PAGE, PART, refusal="", **desk.shown(form))
    return desk.save(
        form,
        lambda: save_address(customer, row, form.values(), form.seen, by),
        gettext("Saved"),
        url_for("office.customer", code=customer.code, section="addresses"),
    )


def _desk(customer: Customer, row: Address | None) -> FormDesk:
    url = (
        url_for("office.change_address", code=customer.code, address=row.code)
        if row
        else url_for("office.add_address", code=customer.code)
    )

    def shown(form: HouseForm | None) -> dict[str, Any]:
        stored = AddressForm.of(row) if row else AddressForm(data={"country": customer.country})
        return {
            "form": form or stored, "customer": customer, "address": row, "to": url,
            "changes": settings_history.newest(["addresses"], row.id) if row else [],
        }  # fmt: skip

    return FormDesk(PAGE, PART, url, shown)
