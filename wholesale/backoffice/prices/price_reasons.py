"""Why does an item cost a customer what it costs: every place that was asked, in order, in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext
from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.catalog.models import Sku
from wholesale.catalog.queries import sku_facts
from wholesale.catalog.visibility import catalog_of, open_catalogs
from wholesale.customers.models import Customer
from wholesale.customers.queries import NoTerms, customer_by_code
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.text import N_
from wholesale.pricing.days import PriceDates
from wholesale.pricing.resolving import Price, Step, resolve
from wholesale.web.answers import Answer, answer
from wholesale.web.forms import folded, read_day
from wholesale.web.gate import needs
from wholesale.web.lookups import found

MOST = 1_000_000
OWNERS = {
    "customer": N_("The customer's own (or its payer's)"),
    "price_list": N_("The customer's price lists"),
    "group": N_("The customer's rank"),
    "catalog": N_("The catalogue ordered from"),
}
OBJECTS = {
    "sku": N_("for this item"),
    "product": N_("for this product"),
    "category": N_("for its category"),
    "brand": N_("for its brand"),
    "all": N_("for everything"),
}
ALONE = {"default": N_("The default rate of the terms"), "list": N_("The list price")}
OUTCOMES = {
    "decides": N_("decides"),
    "beaten": N_("stands below one that decided already"),
    "special": N_("special price: counts where it is the lower"),
    "no_list_price": N_("needs a list price, and there is none"),
}


@office.get("/customers/<code>/prices")
@needs(Permission.PRICES_READ)
def customer_prices(code: str) -> Answer:
    """The price of one item for a customer, a quantity and a day, with the reasons."""
    customer = found(customer_by_code(code))
    return answer(
        "backoffice/prices/why.html", "backoffice/prices/_why.html",
        customer=customer, **_asked(customer),
    )  # fmt: skip


def _asked(customer: Customer) -> dict[str, Any]:
    item = request.args.get("sku", "").strip()
    text = folded(request.args.get("quantity", "1"))
    quantity = min(int(text), MOST) if text.isdigit() and int(text[:9]) > 0 else 1
    on = read_day(request.args.get("on", ""), clock.today()) or clock.today()
    ships_on, wished_on = (
        read_day(request.args.get(name, ""), clock.today()) for name in ("ships", "wished")
    )
    told: dict[str, Any] = {
        "ships_on": ships_on, "wished_on": wished_on, "item": item, "quantity": quantity, "on": on, "price": None, "steps": [], "trouble": "",
        "fact": None,
    }  # fmt: skip
    if not item:
        return told
    sku_id = session.scalar(select(Sku.id).where(Sku.code == item))
    if sku_id is None:
        return {**told, "trouble": gettext("There is no item with this code")}
    facts = sku_facts([sku_id])
    shelf = catalog_of(open_catalogs(customer, clock.now()), [sku_id])
    catalogs = {sku_id: shelf[sku_id].id} if shelf else {}
    try:
        prices = resolve(
            customer, {sku_id: quantity}, on=on, catalogs=catalogs, facts=facts,
            dates=lambda: {sku_id: PriceDates(ships_on, wished_on)},
        )  # fmt: skip
    except NoTerms:
        return {**told, "trouble": gettext("This customer has no terms of trade")}
    price = prices.get(sku_id)
    if price is None:
        return {**told, "fact": facts[sku_id], "trouble": gettext("There is no price in this customer's currency, so it can't be ordered.")}  # fmt: skip
    return {**told, "fact": facts[sku_id], "price": price, "steps": _steps(price)}


def _steps(price: Price) -> list[dict[str, Any]]:
    lowest = price.rule if price.is_special else ""
    return [_told(step, lowest) for step in price.trace]


def _told(step: Step, lowest: str) -> dict[str, Any]:
    """One place in words. A special price that won is said to have decided."""
    owner, _, rest = step.place.partition("/")
    scope, _, kind = rest.partition("/")
    place = gettext(ALONE[owner]) if owner in ALONE else gettext(OWNERS[owner])
    wins = step.outcome == "decides" and not lowest
    if step.outcome == "special" and step.place == lowest:
        outcome, wins = gettext("special price, the lower of the two: decides"), True
    elif step.outcome == "decides" and lowest:
        outcome = gettext("would decide, but a special price is lower")
    else:
        outcome = gettext(OUTCOMES[step.outcome])
    return {
        "place": place, "what": gettext(OBJECTS[scope]) if scope else "", "outcome": outcome,
        "value": Decimal(step.value), "is_rate": kind == "rate" or owner == "default",
        "wins": wins,
    }  # fmt: skip
