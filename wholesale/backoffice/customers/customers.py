"""Customers: the list, and one customer whole."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import histories, marks
from wholesale.backoffice.acting import Desk
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.customers import buyers
from wholesale.backoffice.customers import customer_figures as figures
from wholesale.backoffice.money import money_lookups as lookups
from wholesale.backoffice.money import money_words
from wholesale.backoffice.sales import order_page
from wholesale.customers import noting, vetting
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.merging import merging
from wholesale.orders import queries as orders
from wholesale.web.answers import Answer, answer
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
    return answer("backoffice/customers/show.html", **_page(found), refusal="")


@office.post("/customers/<code>/memo")
@needs(Permission.CUSTOMERS_EDIT)
def write_memo(code: str) -> Answer:
    """Write the memo on a customer anew."""
    by, text = the_visitor().actor, request.form.get("memo", "")
    desk = Desk(
        find=lambda: lookups.customer(code),
        page="backoffice/customers/show.html",
        part="backoffice/customers/_memo.html",
        values=lambda it: {**_page(it), "typed_memo": ""},
        url=url_for("office.customer", code=code),
        typed=lambda it: {**_page(it), "typed_memo": text},
    )
    return desk.act(lambda it: noting.write_memo(it, text, by), gettext("Memo kept"))


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
        **buyers.section(found),
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
        "checks": list(vetting.newest(found.id).values()),
        "merges": merging.merges_of(found.id),
    }
