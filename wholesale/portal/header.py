"""What every page of the portal carries: the terms of trade, the cart's count, pictures' addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Table, bindparam, or_, select

from wholesale.catalog.models import Category
from wholesale.company.queries import main_office
from wholesale.customers.models import Customer
from wholesale.customers.queries import MoneyTerms, NoTerms, money_terms
from wholesale.kernel import clock
from wholesale.kernel.db import Names, session
from wholesale.offers import dates
from wholesale.offers.tiers import owner_keys
from wholesale.orders import keeping_carts, standard_lists
from wholesale.orders.keeping_carts import CartFacts
from wholesale.portal import lookups, words
from wholesale.portal.blueprints import portal
from wholesale.pricing.models import (
    PriceRule,
    RuleKind,
    Scope,
    object_key,
)
from wholesale.web.door import once_per_request, the_visitor
from wholesale.web.filters import SYMBOLS, amount, language
from wholesale.web.rendering import asset

MONTH_END = "31"
MOST_RATES = 4


@dataclass(frozen=True, slots=True)
class Strip:
    """The customer's own terms, as they stand under the header of every page."""

    terms: MoneyTerms
    rates: list[tuple[Names, Decimal]]
    payment: str
    cut_off: str
    ships_today: bool
    next_shipping_day: date


def strip() -> Strip | None:
    """The terms in force today; None for a customer without any."""
    customer = lookups.own_customer()
    now = clock.now()
    try:
        terms = money_terms(customer, clock.today())
    except NoTerms:
        return None
    way = dates.usual_way(customer)
    ships = dates.ships_on(now, way=way)
    return Strip(
        terms=terms,
        rates=category_rates(customer, terms),
        payment=payment_words(terms),
        cut_off=dates.cut_off(way),
        ships_today=ships == clock.today(),
        next_shipping_day=ships,
    )


def payment_words(terms: MoneyTerms) -> str:
    """When this customer pays, in one sentence of the page's language."""
    if terms.payment_text and language() == "ja":
        return terms.payment_text
    days = [day.strip() for day in terms.closing_days.split(",") if day.strip()]
    if not days:
        return _(
            "within %(days)s days", days=30 if terms.payment_days is None else terms.payment_days
        )
    closing = ", ".join(
        _("month's end") if day == MONTH_END else _("day %(day)s", day=day) for day in days
    )
    if str(terms.payment_day) == MONTH_END:
        due = (
            _("at the end of the month after next")
            if terms.payment_months > 1
            else _("at the end of the next month")
        )
        due = due if terms.payment_months else _("at the end of the month")
    else:
        due = _(
            "on day %(day)s, %(months)s months later",
            day=terms.payment_day,
            months=terms.payment_months,
        )
    return _("closing on %(closing)s, due %(due)s", closing=closing, due=due)


def category_rates(customer: Customer, terms: MoneyTerms) -> list[tuple[Names, Decimal]]:
    """The rate of each main category for this customer; [] where none differs. Two statements."""
    roots = session.execute(
        select(Category.id, Category.name)
        .where(Category.parent_id.is_(None))
        .order_by(Category.position, Category.id)
    ).all()
    keys = {object_key(Scope.CATEGORY, row.id): row.name for row in roots}
    owners = {key: rank for rank, key in enumerate(owner_keys(customer))}
    if not keys:
        return []
    asked = {
        "owners": list(owners), "objects": list(keys), "day": clock.today(),
        "currencies": ["", terms.currency], "incoterms": ["", terms.incoterm],
    }  # fmt: skip
    found: dict[int, tuple[int, Decimal]] = {}
    for owner, category, value in session.execute(_RATES, asked).all():
        rank = owners[owner]
        if category not in found or rank <= found[category][0]:
            found[category] = (rank, value)
    if not found:
        return []
    rates = {key: found[key][1] if key in found else terms.default_rate for key in keys}
    stated = [(name, rate) for key, name in keys.items() if (rate := rates[key]) is not None]
    return stated[:MOST_RATES]


def addressed(name: str) -> str:
    """A customer's name as we write to it: with 様 in Japanese, bare elsewhere."""
    return f"{name} 様" if language() == "ja" else name


def office_phone() -> str:
    """The telephone of our main office, for the foot of every page."""
    found: str = once_per_request("office_phone", lambda: main_office().phone)
    return found


_rule = cast("Table", PriceRule.__table__).c
_RATES = (  # composed once: every page asks it
    select(_rule.owner_key, _rule.object_key, _rule.value)
    .where(
        _rule.owner_key.in_(bindparam("owners", expanding=True)),
        _rule.object_key.in_(bindparam("objects", expanding=True)),
        _rule.kind == RuleKind.RATE,
        _rule.minimum <= 1,
        _rule.is_special.is_(False),
        _rule.currency.in_(bindparam("currencies", expanding=True)),
        _rule.incoterm.in_(bindparam("incoterms", expanding=True)),
        _rule.valid_from <= bindparam("day"),
        or_(_rule.valid_until.is_(None), _rule.valid_until >= bindparam("day")),
    )
    .order_by(_rule.valid_from, _rule.id)
)


def carts() -> list[CartFacts]:
    """The carts the person may fill, for the badge and for changing over. One statement a page."""
    someone = the_visitor()
    found: list[CartFacts] = once_per_request(
        "carts", lambda: keeping_carts.carts_of(someone.customer_id or 0, someone.user_id)
    )
    return found


def current_cart() -> CartFacts | None:
    """The cart that quantities typed on this page go into; None before the first one."""
    return next((one for one in carts() if one.is_current), None)


def favourites() -> frozenset[int]:
    """The SKUs the person has starred. One statement a page."""
    someone = the_visitor()
    found: frozenset[int] = once_per_request(
        "favourites",
        lambda: standard_lists.favourite_ids(someone.customer_id or 0, someone.user_id),
    )
    return found


def picture(path: str) -> str:
    """The address of a picture as `Offer.picture` names it; a drawing where there is none."""
    if path.startswith("pictures/"):
        return url_for("portal.picture", sha256=path.removeprefix("pictures/"))
    return asset(path.removeprefix("static/") or "img/no-picture.svg")


def sum_text(value: Decimal, currency: str) -> str:
    """An amount inside a sentence: ¥30,000, without any markup."""
    return f"{SYMBOLS.get(currency, currency + ' ')}{amount(value, currency)}"


def _values() -> dict[str, Any]:
    return {
        "addressed": addressed,
        "office_phone": office_phone,
        "strip": strip,
        "this_year": lambda: clock.today().year,
        "carts": carts,
        "current_cart": current_cart,
        "cart_name": words.cart_name,
        "favourites": favourites,
        "picture": picture,
        "sum_text": sum_text,
        "stock_chip": words.stock_chip,
        "life_chip": words.life_chip,
        "why_not": words.why_not,
        "what_became_of": words.gone,
        "card_name": words.card_name,
        "is_matrix": words.is_matrix,
        "price_origin": words.price_origin,
    }


# Macros see globals and no context, so what they call stands among the globals.
portal.record_once(lambda state: state.app.jinja_env.globals.update(_values()))
