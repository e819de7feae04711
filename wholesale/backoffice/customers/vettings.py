"""Checks of customers: what is due, one customer's, and the papers that belong to them."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import settings_history
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.form_desk import FormDesk
from wholesale.backoffice.forms.vettings import VettingForm
from wholesale.backoffice.money import money_lookups as lookups
from wholesale.company.registration import is_sound
from wholesale.customers import vetting
from wholesale.customers.models import Customer
from wholesale.customers.vettings import Vetting, VettingKind
from wholesale.kernel import clock, files
from wholesale.kernel.db import session
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.forms import HouseForm
from wholesale.web.gate import needs
from wholesale.web.lookups import found
from wholesale.web.paging import keyed_page

PAGE, PART = "backoffice/vettings/customer.html", "backoffice/vettings/_customer.html"


@office.get("/checks")
@needs(Permission.CUSTOMERS_READ)
def checks_due() -> Answer:
    """Failed checks, reviews that are due, contracts that end."""
    page = keyed_page(
        vetting.due(clock.today()).options(joinedload(Vetting.customer)),
        [Vetting.id], lambda row: (row.id,), request.args, descending=False,
    )  # fmt: skip
    return answer(
        "backoffice/vettings/index.html", "backoffice/vettings/_list.html", listing=page,
        today=clock.today(),
    )  # fmt: skip


@office.get("/customers/<code>/checks")
@needs(Permission.CUSTOMERS_READ)
def customer_checks(code: str) -> Answer:
    """Every check of one customer, and the form for the next one."""
    return _desk(lookups.customer(code)).show()


@office.post("/customers/<code>/checks")
@needs(Permission.CUSTOMERS_EDIT)
def write_check(code: str) -> Answer:
    """Write down what was looked at."""
    customer, by, form = lookups.customer(code), the_visitor().actor, VettingForm()
    upload = request.files.get("file")
    file = (upload.filename, upload.read()) if upload and upload.filename else None
    return _desk(customer).save(
        form,
        lambda: vetting.write_vetting(customer, form.values(), by, file=file),
        gettext("Written down"),
    )


@office.get("/customers/<code>/checks/<int:number>/file")
@needs(Permission.CUSTOMERS_READ)
def check_file(code: str, number: int) -> Response:
    """The paper of a check: a contract, a report."""
    customer = lookups.customer(code)
    row = found(
        session.scalar(
            select(Vetting).where(Vetting.id == number, Vetting.customer_id == customer.id)
        )
    )
    if not row.file_sha256:
        raise NotFound
    kind = vetting.FILES[row.file_name.rpartition(".")[2].lower()]
    answer_ = Response(files.read(row.file_sha256), mimetype=kind)
    answer_.headers.set("Content-Disposition", "attachment", filename=row.file_name)
    answer_.headers["X-Content-Type-Options"] = "nosniff"
    return answer_


def _desk(customer: Customer) -> FormDesk:
    def shown(form: HouseForm | None) -> dict[str, Any]:
        newest = vetting.newest(customer.id)
        empty = VettingForm(data={"done_on": clock.today(), "done_by": the_visitor().name})
        return {
            "customer": customer, "form": form or empty, "today": clock.today(),
            "newest": [(kind, newest.get(kind)) for kind in VettingKind],
            "rows": vetting.history(customer.id),
            "number_is_sound": is_sound(customer.registration_number),
            "review_ahead": clock.today() + vetting.REVIEW_AHEAD,
            "expiry_ahead": clock.today() + vetting.EXPIRY_AHEAD,
            "changes": settings_history.newest(["customers"], customer.id),
        }  # fmt: skip

    return FormDesk(PAGE, PART, url_for("office.customer_checks", code=customer.code), shown)
