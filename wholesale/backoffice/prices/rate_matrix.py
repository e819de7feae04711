"""Rates of ranks on categories, and list prices: tables edited in place, their effect shown first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import func, or_, select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.forms import tables as forms
from wholesale.backoffice.prices.floor_guard import keep_above_floor
from wholesale.catalog.models import Product, Sku, SkuState
from wholesale.catalog.queries import sku_facts
from wholesale.company.queries import company, enabled_currencies
from wholesale.kernel import clock
from wholesale.kernel.db import savepoint, session
from wholesale.kernel.errors import DomainError
from wholesale.pricing import editing, naming, rate_matrix, revision_filling
from wholesale.pricing.editing import Listed, Plan
from wholesale.pricing.effects import effect
from wholesale.pricing.list_pricing import state_list_prices
from wholesale.pricing.models import ListPrice
from wholesale.pricing.revision_models import PriceRevision, RevisionState
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs
from wholesale.web.lookups import found

ROWS = 100


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that is edited in place: its page and part, its address, what it shows and plans."""

    page: str
    part: str
    endpoint: str
    shown: Callable[[], dict[str, Any]]
    plans: Callable[[date], tuple[list[Plan], list[Listed]]]

    def show(self) -> Answer:
        """The table as it stands."""
        return answer(self.page, self.part, refusal="", **_bare(), **self.shown())

    def look(self) -> Answer:
        """What the typed cells would do; nothing is written."""
        try:
            plan = editing.together(*self._asked())
            if plan.is_empty:
                raise editing.TableUnchanged
        except DomainError as error:
            return refused(self.page, self.part, error=error, **_bare(), **self.shown())
        seen = {**_bare(), "plan": plan, "effect": effect(plan)}
        return answer(self.page, self.part, refusal="", **seen, **self.shown())

    def apply(self) -> Answer:
        """Apply what was looked at, or put it into a draft of a price revision."""
        try:
            plans, day, listed = self._asked()
            plan = editing.together(plans, day, listed)
            if plan.digest() != request.form.get("looked", ""):
                raise editing.LookFirst
            with savepoint():
                said = _write(plan, plans, listed)
        except DomainError as error:
            session.expire_all()
            return refused(self.page, self.part, error=error, **_bare(), **self.shown())
        session.expire_all()
        return moved(url_for(self.endpoint, **_kept()), said=said)

    def _asked(self) -> tuple[list[Plan], date, list[Listed]]:
        revision = _revision()
        day = revision.effective_on if revision else forms.read_start()
        plans, listed = self.plans(day)
        return plans, day, listed


def _write(plan: Plan, plans: list[Plan], listed: list[Listed]) -> str:
    by, revision = the_visitor().actor, _revision()
    if revision is not None:
        for one in plans:
            revision_filling.take_plan(revision, one, by)
        if listed:
            revision_filling.set_list_prices(revision, listed, by)
        return gettext("The changes are noted in %(number)s", number=revision.number)
    keep_above_floor(plan)
    for one in plans:
        (owner,) = one.owners
        editing.apply(one, naming.the_owner(owner), by)
    if listed:
        state_list_prices(listed, plan.day, by)
    return gettext("The prices are changed")


def _revision() -> PriceRevision | None:
    number = request.form.get("revision", "").strip()
    if not number:
        return None
    return found(session.scalar(select(PriceRevision).where(PriceRevision.number == number)))


def _bare() -> dict[str, Any]:
    drafts = select(PriceRevision).where(PriceRevision.state == RevisionState.DRAFT)
    return {
        "typed": request.form, "today": clock.today(), "plan": None, "effect": None,
        "drafts": session.scalars(drafts.order_by(PriceRevision.id.desc()).limit(20)).all(),
    }  # fmt: skip


def _kept() -> dict[str, Any]:
    """What of the address stays: which list prices are looked at."""
    return {key: request.values[key] for key in ("q", "currency") if request.values.get(key)}


def _rates() -> dict[str, Any]:
    return {"matrix": rate_matrix.matrix(clock.today()), "percent": forms.percent}


def _rate_plans(day: date) -> tuple[list[Plan], list[Listed]]:
    seen = rate_matrix.matrix(clock.today())
    return rate_matrix.plans(seen, forms.read_cells(seen), day), []


def _lists() -> dict[str, Any]:
    text, currency = request.values.get("q", "").strip(), _currency()
    wanted = select(Sku.id).join(Product, Product.id == Sku.product_id)
    wanted = wanted.where(Sku.state == SkuState.SELLING)
    if text:
        part = text.lower()
        wanted = wanted.where(or_(
            func.lower(Sku.code).contains(part, autoescape=True),
            func.lower(Product.code).contains(part, autoescape=True),
        ))  # fmt: skip
    ids = list(session.scalars(wanted.order_by(Sku.code).limit(ROWS + 1)))
    now, to_come = _prices(ids[:ROWS], currency)
    costs = dict(session.execute(select(Sku.id, Sku.cost).where(Sku.id.in_(ids))).all())
    return {
        "ids": ids[:ROWS], "is_cut": len(ids) > ROWS, "most": ROWS, "facts": sku_facts(ids[:ROWS]),
        "now": now, "to_come": to_come, "costs": costs, "text": text, "currency": currency,
        "currencies": enabled_currencies(), "home": company().currency,
    }  # fmt: skip


def _prices(
    ids: list[int], currency: str
) -> tuple[dict[int, Decimal], dict[int, tuple[date, Decimal]]]:
    """The list price in force of each SKU, and the next one with its day. One statement."""
    now: dict[int, Decimal] = {}
    to_come: dict[int, tuple[date, Decimal]] = {}
    for sku, since, value in session.execute(
        select(ListPrice.sku_id, ListPrice.valid_from, ListPrice.amount)
        .where(ListPrice.sku_id.in_(ids), ListPrice.currency == currency, ListPrice.incoterm == "")
        .order_by(ListPrice.valid_from)
    ):
        if since <= clock.today():
            now[sku] = value
        else:
            to_come.setdefault(sku, (since, value))
    return now, to_come


def _currency() -> str:
    asked = request.values.get("currency", "")
    return asked if asked in enabled_currencies() else company().currency


def _list_plans(_day: date) -> tuple[list[Plan], list[Listed]]:
    currency = _currency()
    typed = forms.read_amounts(currency)
    now, _ = _prices(list(typed), currency)
    return [], [
        Listed(sku, currency, "", value) for sku, value in typed.items() if now.get(sku) != value
    ]


RATES = Sheet(
    "backoffice/rate_matrix/index.html", "backoffice/rate_matrix/_page.html",
    "office.rate_matrix_page", _rates, _rate_plans,
)  # fmt: skip
LISTS = Sheet(
    "backoffice/list_prices/index.html", "backoffice/list_prices/_page.html",
    "office.list_prices", _lists, _list_plans,
)  # fmt: skip


@office.get("/rate-matrix")
@needs(Permission.PRICES_READ)
def rate_matrix_page() -> Answer:
    """The rates of all ranks on all categories."""
    return RATES.show()


@office.post("/rate-matrix/effect")
@needs(Permission.PRICES_EDIT)
def show_rate_effect() -> Answer:
    """What the typed rates would do."""
    return RATES.look()


@office.post("/rate-matrix")
@needs(Permission.PRICES_EDIT)
def change_rates() -> Answer:
    """Apply the rates whose effect was looked at."""
    return RATES.apply()


@office.get("/list-prices")
@needs(Permission.PRICES_READ)
def list_prices() -> Answer:
    """The list prices of what is for sale, in one currency."""
    return LISTS.show()


@office.post("/list-prices/effect")
@needs(Permission.PRICES_EDIT)
def show_list_price_effect() -> Answer:
    """What the typed list prices would do."""
    return LISTS.look()


@office.post("/list-prices")
@needs(Permission.PRICES_EDIT)
def change_list_prices() -> Answer:
    """Apply the list prices whose effect was looked at."""
    return LISTS.apply()
