"""Freight rules: the table in its total order, one rule, and a trial."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import settings_history
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.form_desk import FormDesk, edit_desk
from wholesale.backoffice.forms.freight import BASES, GRAMS, KINDS, FreightRuleForm, TrialForm
from wholesale.company.queries import company, enabled_currencies
from wholesale.customers.queries import NoTerms, customer_by_code, money_terms
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.offers import freight, freight_rules
from wholesale.offers.freight import Delivery
from wholesale.offers.models import FreightRule
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs
from wholesale.web.lookups import found


@office.get("/freight")
@needs(Permission.PRICES_READ)
def freight_rules_page() -> Answer:
    """The table as it is tried, the nearest rule first, and what a delivery would cost."""
    return answer(
        "backoffice/freight/index.html", "backoffice/freight/_trial.html",
        rules=freight_rules.rules(), kinds=KINDS, bases=BASES, ours=company(),
        today=clock.today(), changes=settings_history.newest(["freight_rules"]), **_trial(),
    )  # fmt: skip


def _trial() -> dict[str, Any]:
    form = TrialForm(request.args) if request.args else TrialForm(data={})
    told: dict[str, Any] = {"trial": form, "result": None, "trouble": "", "result_currency": ""}
    code = (form.customer.data or "").strip()
    if not code or not form.validate():
        return told
    customer = customer_by_code(code)
    if customer is None:
        return {**told, "trouble": gettext("There is no customer with this code")}
    try:
        terms = money_terms(customer, clock.today())
    except NoTerms:
        return {**told, "trouble": gettext("This customer has no terms of trade")}
    delivery = Delivery(
        net=form.net.data or Decimal(0), country=form.country.data or "JP",
        region=(form.region.data or "").strip(),
        weight_grams=int((form.kilograms.data or 0) * GRAMS),
        quantity=int(form.quantity.data or 0), cartons=int(form.cartons.data or 0),
    )  # fmt: skip
    made = freight.charges(
        terms, [delivery], on=clock.today(), is_export=delivery.country != "JP"
    )  # fmt: skip
    return {**told, "result": made, "result_currency": terms.currency}


@office.get("/freight/new")
@needs(Permission.PRICES_EDIT)
def new_freight_rule() -> Answer:
    """An empty form."""
    return _desk(None).show()


@office.get("/freight/<int:rule_id>")
@needs(Permission.PRICES_EDIT)
def freight_rule(rule_id: int) -> Answer:
    """One rule."""
    return _desk(_rule(rule_id)).show()


@office.post("/freight")
@needs(Permission.PRICES_EDIT)
def add_freight_rule() -> Answer:
    """State a new rule."""
    return _save(None)


@office.post("/freight/<int:rule_id>")
@needs(Permission.PRICES_EDIT)
def change_freight_rule(rule_id: int) -> Answer:
    """Change a rule; orders that are placed keep their charges."""
    return _save(_rule(rule_id))


def _rule(rule_id: int) -> FreightRule:
    return found(session.scalar(select(FreightRule).where(FreightRule.id == rule_id)))


def _save(row: FreightRule | None) -> Answer:
    form, by = FreightRuleForm().offer(enabled_currencies()), the_visitor().actor
    return _desk(row).save(
        form, lambda: freight_rules.save_rule(row, form.values(), form.seen, by), gettext("Saved"),
        url_for("office.freight_rules_page"),
    )  # fmt: skip


def _desk(row: FreightRule | None) -> FormDesk:
    back = url_for("office.freight_rules_page")
    blank = FreightRuleForm(data={"valid_from": clock.today(), "currency": company().currency})
    form = FreightRuleForm.of(row) if row else blank
    title = gettext("Rule %(number)s", number=row.id) if row else gettext("New freight rule")
    url = f"{back}/{row.id}" if row else back
    words = (gettext("Freight rules"), title)
    return edit_desk(form.offer(enabled_currencies()), url, back, words, is_new=row is None)
