"""Customers: the list, one customer whole, and inviting its people."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext

from wholesale.accounts import inviting
from wholesale.accounts.models import BuyerRole
from wholesale.accounts.permissions import Permission
from wholesale.backoffice import customer_figures as figures
from wholesale.backoffice import histories, marks, money_words, order_page
from wholesale.backoffice import money_lookups as lookups
from wholesale.backoffice.acting import Desk
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.forms.customers import InviteBuyerForm
from wholesale.customers import noting
from wholesale.customers.models import Customer
from wholesale.kernel import clock, journal
from wholesale.kernel.errors import DomainError
from wholesale.mail import outbox
from wholesale.orders import queries as orders
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs
from wholesale.web.paging import keyed_page

SECTIONS = ("", "prices", "orders", "invoices", "addresses", "people", "history")


@office.get("/customers")
@needs(Permission.CUSTOMERS_READ)
def customers() -> Answer:
    """Customers by code, found by code, name, reading or telephone."""
    text = request.args.get("q", "").strip()
    group = request.args.get("group", "")
    page = keyed_page(
        figures.matching(text, group),
        [Customer.code],
        lambda one: (one.code,),
        request.args,
        descending=False,
    )
    return answer(
        "backoffice/customers/index.html",
        "backoffice/customers/_list.html",
        listing=page,
        facts=figures.of_page(page.rows),
        groups=figures.groups(),
        text=text,
        group=group,
        state_chip=money_words.customer_chip,
    )


@office.get("/customers/<code>")
@needs(Permission.CUSTOMERS_READ)
def customer(code: str) -> Answer:
    """One customer: figures, credit, terms, people, prices, orders, invoices, history."""
    found = lookups.customer(code)
    return answer(
        "backoffice/customers/show.html", **_page(found), form=InviteBuyerForm(), refusal=""
    )


@office.post("/customers/<code>/people")
@needs(Permission.CUSTOMERS_EDIT)
def invite(code: str) -> Answer:
    """Invite a person of the customer: the letter carries a link that works once."""
    found = lookups.customer(code)
    form = InviteBuyerForm()
    if not form.validate():
        return _refused_invitation(found, form)
    by = the_visitor().actor
    try:
        user = inviting.add_buyer(
            form.email.data, form.name.data, found, by, role=BuyerRole(form.role.data)
        )
    except DomainError as error:
        return _refused_invitation(found, form, error)
    word = inviting.make_link(user, "invite")
    outbox.post(
        "invitation", to=user.email, locale=found.locale, key=f"invitation:{user.id}", by=by,
        customer_id=found.id, name=user.name, customer=found.name, path=f"/invite/{word}",
    )  # fmt: skip
    journal.record(found, "customer:invited", by, email=user.email)
    return moved(
        url_for("office.customer", code=code, section="people"),
        said=gettext("%(email)s has been invited", email=user.email),
    )


@office.post("/customers/<code>/memo")
@needs(Permission.CUSTOMERS_EDIT)
def write_memo(code: str) -> Answer:
    """Write the memo on a customer anew."""
    by, text = the_visitor().actor, request.form.get("memo", "")
    desk = Desk(
        find=lambda: lookups.customer(code),
        page="backoffice/customers/show.html",
        part="backoffice/customers/_memo.html",
        values=lambda it: {**_page(it), "form": InviteBuyerForm(), "typed_memo": ""},
        url=url_for("office.customer", code=code),
        typed=lambda it: {**_page(it), "form": InviteBuyerForm(), "typed_memo": text},
    )
    return desk.act(lambda it: noting.write_memo(it, text, by), gettext("Memo kept"))


def _refused_invitation(
    found: Customer, form: InviteBuyerForm, error: DomainError | None = None
) -> Answer:
    return refused(
        "backoffice/customers/show.html", **{**_page(found), "section": "people"}, form=form,
        error=error,
    )  # fmt: skip


def _page(found: Customer) -> dict[str, Any]:
    section = request.args.get("section", "")
    sees_orders = the_visitor().may(Permission.ORDERS_READ)
    sees_invoices = the_visitor().may(Permission.INVOICES_READ)
    recent = orders.newest(orders.OrderFilter(customer_id=found.id), 20) if sees_orders else []
    return {
        "customer": found,
        "section": section if section in SECTIONS else "",
        "chip_of": money_words.customer_chip(found.state),
        "facts": figures.whole(found),
        "terms": figures.terms_of(found),
        "credit": figures.credit_of(found),
        "addresses": figures.addresses(found.id),
        "people": figures.people(found.id),
        "payer_names": figures.payer_names(found.id),
        "rules": figures.rules(found) if the_visitor().may(Permission.PRICES_READ) else [],
        "orders": recent,
        "invoices": figures.invoices(found) if sees_invoices else [],
        "invoice_chip": money_words.invoice_chip,
        "months": figures.by_month(found) if sees_invoices else None,
        "order_rows": order_page.rows(recent),
        "events": histories.of(found, histories.OF_MONEY),
        "order_chip": marks.order_chip,
        "order_track": marks.track,
        "today": clock.today(),
        "typed_memo": "",
    }
