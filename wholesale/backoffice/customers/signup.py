"""Requests to trade: the list, one of them beside the customers it may be, and the answer."""

from __future__ import annotations

from typing import Any

from flask import request as asked
from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from wholesale.accounts import admitting
from wholesale.accounts.admitting import Admission
from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.customers import customer_figures
from wholesale.backoffice.form_desk import FormDesk
from wholesale.backoffice.forms.customers import AdmitForm, RefuseForm
from wholesale.customers import applying
from wholesale.customers.applicants import SignupRequest, SignupState
from wholesale.kernel.db import session
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.forms import HouseForm
from wholesale.web.gate import needs
from wholesale.web.lookups import found
from wholesale.web.paging import keyed_page

PAGE, PART = "backoffice/signup/show.html", "backoffice/signup/_request.html"


@office.get("/signup-requests")
@needs(Permission.CUSTOMERS_READ)
def signup_requests() -> Answer:
    """Who asks to trade with us; the answered ones on request."""
    wanted = select(SignupRequest)
    whole = asked.args.get("all") == "1"
    if not whole:
        wanted = wanted.where(SignupRequest.state == SignupState.WAITING)
    page = keyed_page(wanted, [SignupRequest.id], lambda one: (one.id,), asked.args)
    return answer(
        "backoffice/signup/index.html", "backoffice/signup/_list.html", listing=page, whole=whole
    )


@office.get("/signup-requests/<int:number>")
@needs(Permission.CUSTOMERS_READ)
def signup_request(number: int) -> Answer:
    """One request, and the customers that may be the same."""
    return _desk(_request(number)).show()


@office.post("/signup-requests/<int:number>/approval")
@needs(Permission.CUSTOMERS_EDIT)
def approve_request(number: int) -> Answer:
    """Yes: a customer, and an invitation by letter."""
    row, by = _request(number), the_visitor().actor
    form = AdmitForm().offer(customer_figures.groups())
    code = (form.code.data or "").strip()
    group = int(form.group.data) if form.group.data else None
    return _desk(row).save(
        form,
        lambda: admitting.approve(row, Admission(code, group), form.seen, by),
        gettext("%(email)s has been invited", email=row.email),
        url_for("office.customer", code=code or "-"),
    )


@office.post("/signup-requests/<int:number>/refusal")
@needs(Permission.CUSTOMERS_EDIT)
def refuse_request(number: int) -> Answer:
    """No, by letter."""
    row, by, form = _request(number), the_visitor().actor, RefuseForm()
    return _desk(row).save(
        form,
        lambda: applying.refuse(row, form.reason.data or "", form.seen, by),
        gettext("The letter is on its way"),
    )


def _request(number: int) -> SignupRequest:
    return found(session.scalar(select(SignupRequest).where(SignupRequest.id == number)))


def _desk(row: SignupRequest) -> FormDesk:
    def shown(form: HouseForm | None) -> dict[str, Any]:
        admit = AdmitForm(data={"version": row.version})
        return {
            "row": row, "alike": applying.alike(row),
            "admit": form if isinstance(form, AdmitForm)
            else admit.offer(customer_figures.groups()),
            "refuse": form if isinstance(form, RefuseForm)
            else RefuseForm(data={"version": row.version}),
        }  # fmt: skip

    return FormDesk(PAGE, PART, url_for("office.signup_request", number=row.id), shown)
