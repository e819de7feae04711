"""Prices and rates: the lists and who uses them, one owner's table, and what a change would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import settings_history
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.forms import prices as forms
from wholesale.backoffice.prices import price_figures
from wholesale.backoffice.prices.floor_guard import keep_above_floor
from wholesale.company.queries import company, enabled_currencies
from wholesale.customers.models import CustomerGroup
from wholesale.customers.queries import customer_by_code
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import savepoint, session
from wholesale.kernel.errors import DomainError
from wholesale.pricing import editing, giving, naming
from wholesale.pricing.editing import Plan
from wholesale.pricing.effects import Effect, effect
from wholesale.pricing.floors import price_floor, set_floor
from wholesale.pricing.listing import make_list
from wholesale.pricing.models import OwnerKind, PriceList, PriceRule, owner_key
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.forms import WrongField, folded
from wholesale.web.gate import needs
from wholesale.web.lookups import found

INDEX, LISTS = "backoffice/prices/index.html", "backoffice/prices/_lists.html"
PAGE, PART = "backoffice/prices/show.html", "backoffice/prices/_table.html"
MOST = 300


@dataclass(frozen=True, slots=True)
class Place:
    """Whose rules a page shows."""

    kind: OwnerKind
    owner: naming.Owner

    @property
    def url(self) -> str:
        """The address of the table."""
        of = None if self.kind is OwnerKind.PRICE_LIST else self.kind.value
        return url_for("office.price_list", code=self.owner.code, of=of)


@office.get("/price-lists")
@needs(Permission.PRICES_READ)
def price_lists() -> Answer:
    """The price lists, ranks and catalogs with their rules, users and period."""
    return answer(INDEX, LISTS, refusal="", **_lists())


@office.post("/price-lists")
@needs(Permission.PRICES_EDIT)
def add_price_list() -> Answer:
    """Begin a price list."""
    code = folded(request.form.get("code", "")).strip().upper()
    names = {one: request.form.get(f"name_{one}", "").strip()[:80] for one in ("ja", "en", "zh")}
    try:
        with savepoint():
            make_list(code, {key: text for key, text in names.items() if text}, the_visitor().actor)
    except DomainError as error:
        return refused(INDEX, LISTS, error=error, **_lists())
    return moved(url_for("office.price_list", code=code), said=gettext("The price list is made"))


@office.post("/price-lists/floor")
@needs(Permission.PRICES_UNDERCUT)
def change_price_floor() -> Answer:
    """State the lowest margin of price changes, or none."""
    text, version = request.form.get("margin", ""), request.form.get("version", "0")
    label = gettext("Lowest margin in percent")
    try:
        with savepoint():
            margin = forms.read_percent(text, label) if text.strip() else None
            set_floor(margin, int(version) if version.isdigit() else 0, the_visitor().actor)
    except DomainError as error:
        return refused(INDEX, LISTS, error=error, **_lists())
    return moved(
        url_for("office.price_lists"), LISTS, said=gettext("Saved"), refusal="", **_lists()
    )


@office.get("/price-lists/<code>")
@needs(Permission.PRICES_READ)
def price_list(code: str) -> Answer:
    """The rules of a list, of a rank, of a customer or of a catalog (`?of=`)."""
    return answer(PAGE, PART, refusal="", **_table(_place(code)))


@office.post("/price-lists/<code>/effect")
@needs(Permission.PRICES_EDIT)
def show_price_effect(code: str) -> Answer:
    """What the typed changes would do; nothing is written."""
    place = _place(code)
    try:
        plan = _plan(place)
    except DomainError as error:
        return refused(PAGE, PART, error=error, **_table(place, typed=True))
    return answer(PAGE, PART, refusal="", **_table(place, plan, effect(plan), typed=True))


@office.post("/price-lists/<code>/rules")
@needs(Permission.PRICES_EDIT)
def change_prices(code: str) -> Answer:
    """Apply the changes whose effect was looked at."""
    place, by = _place(code), the_visitor().actor
    try:
        plan = _plan(place)
        if plan.digest() != request.form.get("looked", ""):
            shown = _table(place, plan, effect(plan), typed=True)
            return refused(PAGE, PART, error=editing.LookFirst(), **shown)
        with savepoint():
            keep_above_floor(plan)
            editing.apply(plan, place.owner, by)
    except DomainError as error:
        return refused(PAGE, PART, error=error, **_table(place, typed=True))
    return _done(place, gettext("The prices are changed"))


@office.post("/price-lists/<code>/rules/<int:rule_id>/withdrawal")
@needs(Permission.PRICES_EDIT)
def withdraw_price(code: str, rule_id: int) -> Answer:
    """Take back a price before its first day."""
    place = _place(code)
    rule = found(
        session.scalar(
            select(PriceRule).where(
                PriceRule.id == rule_id,
                PriceRule.owner_key == owner_key(place.kind, place.owner.id),
            )
        )
    )
    try:
        with savepoint():
            editing.withdraw(rule, place.owner, the_visitor().actor)
    except DomainError as error:
        return refused(PAGE, PART, error=error, **_table(place))
    return _done(place, gettext("The price is withdrawn"))


@office.post("/price-lists/<code>/users")
@needs(Permission.PRICES_EDIT)
def change_list_users(code: str) -> Answer:
    """Give a price list to a customer or to a whole rank, ask it first, or take it back (`do`)."""
    place, by = _place(code), the_visitor().actor
    try:
        prices = place.owner
        if not isinstance(prices, PriceList):
            raise NotFound
        with savepoint():
            _change_users(prices, by)
    except DomainError as error:
        return refused(PAGE, PART, error=error, **_table(place))
    return _done(place, gettext("Saved"))


def _change_users(prices: PriceList, by: Actor) -> None:
    do, text = request.form.get("do", ""), request.form.get("customer", "").strip()
    rank = session.scalar(select(CustomerGroup).where(CustomerGroup.code == text.upper()))
    customer = customer_by_code(text)
    if do == "rank" and rank is not None:
        giving.give_list(prices, giving.active_of_rank(rank.id), by)
    elif customer is None:
        why = gettext("There is no customer with this code")
        raise WrongField(field=text[:30] or gettext("Customer"), why=why)
    elif do == "back":
        giving.take_list_back(prices, customer, by)
    elif do == "first":
        giving.ask_first(prices, customer, by)
    else:
        giving.give_list(prices, [customer], by)


def _done(place: Place, said: str) -> Answer:
    session.flush()  # the page below is read by queries
    session.expire_all()
    return moved(place.url, PART, said=said, refusal="", **_table(place))


def _place(code: str) -> Place:
    of = request.args.get("of", OwnerKind.PRICE_LIST.value)
    kind = found(next((one for one in OwnerKind if one.value == of), None))
    return Place(kind, cast("naming.Owner", found(naming.owner_of(kind, code))))


def _plan(place: Place) -> Plan:
    plan = editing.plan(
        place.kind, place.owner.id, forms.read_edits(), forms.read_additions(), forms.read_start()
    )
    if plan.is_empty:
        raise editing.TableUnchanged
    for row in plan.added:
        if row["currency"] and row["currency"] not in enabled_currencies():
            raise WrongField(field=row["currency"], why=gettext("We don't trade in this currency."))
    return plan


def _lists() -> dict[str, Any]:
    return {
        "lists": price_figures.lists(clock.today()), "floor": price_floor(),
        "typed": request.form, "changes": settings_history.newest(["price_floors"]),
    }  # fmt: skip


def _given(place: Place) -> dict[str, Any]:
    """Who has a price list, and the ranks it can be given to."""
    if not isinstance(place.owner, PriceList):
        return {"given": [], "ranks": []}
    ranks = session.scalars(select(CustomerGroup).order_by(CustomerGroup.code)).all()
    return {"given": giving.users(place.owner, MOST), "ranks": ranks}


def _table(
    place: Place, plan: Plan | None = None, made: Effect | None = None, *, typed: bool = False
) -> dict[str, Any]:
    text = request.values.get("q", "").strip()
    rules = naming.rules_of(place.kind, place.owner.id, text, MOST + 1)
    names = naming.named({(rule.scope, rule.object_id) for rule in rules})
    rules = [rule for rule in rules if (rule.scope, rule.object_id) in names]
    return {
        "place": place, "owner": place.owner, "rules": rules[:MOST], "names": names, "text": text,
        "is_cut": len(rules) > MOST, "most": MOST, "today": clock.today(),
        "typed": request.form if typed else {}, "plan": plan, "effect": made,
        "value_of": forms.shown_value, "seen_of": forms.seen_of, "scopes": forms.SCOPES,
        "kinds": forms.KINDS, "breaks": forms.BREAKS, "fresh": range(forms.FRESH),
        "currencies": enabled_currencies(), "home": company().currency,
        "users": price_figures.users_of(place.kind, place.owner.id), **_given(place),
        "changes": settings_history.newest([place.owner.__tablename__], place.owner.id),
    }  # fmt: skip
