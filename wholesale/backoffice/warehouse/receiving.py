"""When an address of a customer takes goods in: seen and stated by our people."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import settings_history
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.form_desk import FormDesk
from wholesale.backoffice.forms.calendar import ClosedForm, ReceivingForm
from wholesale.backoffice.money import money_lookups as lookups
from wholesale.customers import receiving
from wholesale.customers.models import Address, ClosedDays
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.offers import dates
from wholesale.web.answers import Answer
from wholesale.web.door import the_visitor
from wholesale.web.forms import HouseForm
from wholesale.web.gate import needs
from wholesale.web.lookups import found


@office.get("/customers/<code>/addresses/<address>/receiving")
@needs(Permission.CUSTOMERS_READ)
def receiving_days(code: str, address: str) -> Answer:
    """Weekdays, hours and closed days of one address."""
    return _desk(_address(code, address)).show()


@office.post("/customers/<code>/addresses/<address>/receiving")
@needs(Permission.CUSTOMERS_EDIT)
def state_receiving(code: str, address: str) -> Answer:
    """State the weekdays and hours."""
    row, form, by = _address(code, address), ReceivingForm(), the_visitor().actor

    def verb() -> None:
        receiving.state_receiving(
            row, by, weekdays="".join(sorted(form.weekdays.data or [])),
            on_holidays=bool(form.on_holidays.data), hours=(form.hours.data or "").strip(),
            seen=form.seen.data or "",
        )  # fmt: skip
        dates.forget_ways()

    return _desk(row).save(form, verb, gettext("Saved"))


@office.post("/customers/<code>/addresses/<address>/closed")
@needs(Permission.CUSTOMERS_EDIT)
def close_address(code: str, address: str) -> Answer:
    """State a period in which nothing is taken in."""
    row, form, by = _address(code, address), ClosedForm(), the_visitor().actor

    def verb() -> None:
        today = clock.today()
        receiving.close(
            row, form.first_on.data or today, form.last_on.data or today, by,
            note=(form.note.data or "").strip(),
        )  # fmt: skip
        dates.forget_ways()

    return _desk(row).save(form, verb, gettext("The days are closed"))


@office.post("/customers/<code>/addresses/<address>/closed/<int:closed_id>/removal")
@needs(Permission.CUSTOMERS_EDIT)
def reopen_address(code: str, address: str, closed_id: int) -> Answer:
    """Take a period back."""
    row, by = _address(code, address), the_visitor().actor
    closed = found(
        session.scalar(
            select(ClosedDays).where(ClosedDays.id == closed_id, ClosedDays.address_id == row.id)
        )
    )

    def verb() -> None:
        receiving.reopen(row, closed, by)
        dates.forget_ways()

    return _desk(row).save(HouseForm(), verb, gettext("The days are open again"))


def _address(code: str, address: str) -> Address:
    customer = lookups.customer(code)
    return found(
        session.scalar(
            select(Address).where(Address.customer_id == customer.id, Address.code == address)
        )
    )


def _desk(row: Address) -> FormDesk:
    customer = lookups.customer_of(row)

    def shown(form: HouseForm | None) -> dict[str, Any]:
        way = dates.way_to(row, customer)
        return {
            "customer": customer, "address": row, "closed": receiving.closed_days(row),
            "form": form if isinstance(form, ReceivingForm) else ReceivingForm.of(row),
            "closed_form": form if isinstance(form, ClosedForm) else ClosedForm(data={}),
            "trip": dates.journey(way, clock.now()), "way": way,
            "changes": settings_history.newest(["addresses"], row.id),
        }  # fmt: skip

    return FormDesk(
        "backoffice/customers/receiving.html", "backoffice/customers/_receiving.html",
        url_for("office.receiving_days", code=customer.code, address=row.code), shown,
    )  # fmt: skip
