"""Whole pages through the application: the gate, the query, the template, as a reader gets them."""

from __future__ import annotations

import importlib
import re
from random import Random
from typing import Any

from sqlalchemy import Engine

from wholesale.bench.building import BUYERS, OWNER, PASSWORD
from wholesale.bench.measuring import Goal, Work
from wholesale.kernel import keeping

# name, address, who reads it, goal, number in the plan
PAGES = (
    ("portal_home", "/", "buyer", None, ""),
    ("portal_catalogue", "/catalogue", "buyer", Goal(8, 10), "P3"),
    ("portal_cart", "/cart", "buyer", None, ""),
    ("portal_checkout", "/checkout", "buyer", None, ""),
    ("portal_orders", "/orders", "buyer", Goal(8, 10), "P12"),
    ("portal_invoices", "/invoices", "buyer", Goal(8, 10), "P12"),
    ("office_today", "/office/", "staff", Goal(25, 30), "P13"),
    ("office_today_fresh", "/office/", "staff", None, "P13"),
    ("office_orders", "/office/orders", "staff", Goal(8, 10), "P12"),
    ("office_stock", "/office/stock", "staff", None, ""),
    ("office_shipments", "/office/shipments", "staff", None, ""),
    ("office_invoices", "/office/invoices", "staff", None, ""),
    ("office_customers", "/office/customers", "staff", None, ""),
    ("office_receipts", "/office/receipts", "staff", None, ""),
)
PEOPLE = {"buyer": f"{BUYERS[0].lower()}@bench.example", "staff": OWNER}
FOUND = 200
FRESH = "_fresh"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class NotSignedIn(RuntimeError):
    """The bench's people could not sign in: the pages would all be the door."""


def works(_engine: Engine) -> list[Work]:
    """One work per page that this version has; the session must point at the set already."""
    app = importlib.import_module("wholesale.app").create_app(connect=False)
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    pages = [page for page in PAGES if page[1] in rules]
    clients = {who: _signed_in(app, PEOPLE[who]) for who in {page[2] for page in pages}}
    found = []
    for name, address, who, goal, plan in pages:
        status = clients[who].get(address).status_code
        if status == FOUND:
            found.append(_page(name, address, clients[who], goal, plan))
        else:
            print(f"{address} answers {status} and is not measured.")
    return found


def _page(name: str, address: str, client: Any, goal: Goal | None, plan: str) -> Work:
    def read(_nothing: object) -> None:
        answer = client.get(address)
        if answer.status_code != FOUND:
            raise NotSignedIn(f"{address} answers {answer.status_code}")
        answer.get_data()

    def before(_random: Random) -> None:
        if name.endswith(FRESH):
            keeping.forget()

    says = f"The page {address}, over HTTP in one process"
    says += ", nothing kept from the minute before" if name.endswith(FRESH) else ""
    return Work(name, says, read, before, goal, plan, 40, "")


def _signed_in(app: Any, email: str) -> Any:
    client = app.test_client()
    found = _TOKEN.search(client.get("/login").get_data(as_text=True))
    answer = client.post(
        "/login",
        data={"email": email, "password": PASSWORD, "csrf_token": found[1] if found else ""},
    )
    if answer.status_code // 100 != 3:  # noqa: PLR2004 - a redirect leads in
        raise NotSignedIn(f"signing in as {email} answers {answer.status_code}")
    return client
