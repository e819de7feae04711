"""The tables of our firm: tax rates, languages and currencies, the forms of numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import settings_history
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.form_desk import FormDesk
from wholesale.backoffice.forms.settings import (
    TAX_CLASSES,
    LanguagesForm,
    SeriesForm,
    TaxRateForm,
)
from wholesale.company import changing, currencies, tax_table
from wholesale.company.currencies import Wanted
from wholesale.company.models import TaxClass, TaxRate
from wholesale.company.queries import company, enabled_languages
from wholesale.kernel import clock, journal, numbering
from wholesale.kernel.db import session
from wholesale.kernel.numbering import NumberSeries, SeriesYear
from wholesale.kernel.text import N_
from wholesale.web.answers import Answer
from wholesale.web.door import the_visitor
from wholesale.web.forms import HouseForm, folded
from wholesale.web.gate import needs
from wholesale.web.lookups import found

KINDS = {
    "SO": N_("Orders"), "QT": N_("Quotations"), "PR": N_("Price revisions"), "SH": N_("Shipments"), "DN": N_("Delivery notes"),
    "CN": N_("Credit notes"), "RT": N_("Returns"), "RC": N_("Receipts"), "TR": N_("Transfers"),
    "PO": N_("Purchase orders"), "INV": N_("Invoices"),
}  # fmt: skip


@office.get("/settings/tax")
@needs(Permission.SETTINGS_EDIT)
def settings_tax() -> Answer:
    """The dated tax table."""
    return _tax_desk().show()


@office.post("/settings/tax")
@needs(Permission.SETTINGS_EDIT)
def state_tax_rate() -> Answer:
    """A rate from a day to come on."""
    form, by = TaxRateForm(), the_visitor().actor

    def verb() -> None:
        rate = (form.percent.data or Decimal(0)) / 100
        since = form.valid_from.data or clock.today()
        tax_table.state_rate(TaxClass(form.tax_class.data), rate, since, by)

    return _tax_desk().save(form, verb, gettext("The rate is in the table"))


@office.post("/settings/tax/<int:rate_id>/withdrawal")
@needs(Permission.SETTINGS_EDIT)
def withdraw_tax_rate(rate_id: int) -> Answer:
    """Take back a rate that has not begun."""
    row = found(session.scalar(select(TaxRate).where(TaxRate.id == rate_id)))
    by = the_visitor().actor
    return _tax_desk().save(
        HouseForm(), lambda: tax_table.withdraw_rate(row, by), gettext("The rate is withdrawn")
    )


def _tax_desk() -> FormDesk:
    return FormDesk(
        "backoffice/settings/tax.html", "backoffice/settings/_tax.html",
        url_for("office.settings_tax"), _tax,
    )  # fmt: skip


def _tax(form: HouseForm | None) -> dict[str, Any]:
    today = clock.today()
    rates = tax_table.tax_rates()
    in_force: dict[TaxClass, int] = {}
    for one in rates:
        if one.valid_from <= today:
            in_force.setdefault(one.tax_class, one.id)
    return {
        "form": form if isinstance(form, TaxRateForm) else TaxRateForm(data={}),
        "rates": sorted(rates, key=lambda one: (list(TaxClass).index(one.tax_class))),
        "in_force": set(in_force.values()), "words": TAX_CLASSES, "today": today,
        "changes": settings_history.newest(["tax_rates"]),
    }  # fmt: skip


@office.get("/settings/currencies")
@needs(Permission.SETTINGS_EDIT)
def settings_currencies() -> Answer:
    """Which languages and currencies are in use, and the digits of each currency."""
    return _currency_desk().show()


@office.post("/settings/currencies")
@needs(Permission.SETTINGS_EDIT)
def change_currencies() -> Answer:
    """Switch currencies on and off, and set their digits."""
    by = the_visitor().actor
    return _currency_desk().save(
        HouseForm(), lambda: currencies.change_currencies(_wanted(), by), gettext("Saved")
    )


@office.post("/settings/languages")
@needs(Permission.SETTINGS_EDIT)
def change_languages() -> Answer:
    """State which languages people may choose."""
    form, by = LanguagesForm(), the_visitor().actor
    return _currency_desk().save(
        form,
        lambda: changing.choose_languages(
            form.languages.data or [], form.default_language.data, form.seen, by
        ),
        gettext("Saved"),
    )


def _wanted() -> dict[str, Wanted]:
    wanted = {}
    for row in currencies.currencies():
        seen = request.form.get(f"seen-{row.code}", "").split("-")
        digits = folded(request.form.get(f"digits-{row.code}", ""))
        if len(seen) == 2 and seen[1].isdigit() and digits.isdigit():  # noqa: PLR2004 - 1-2
            wanted[row.code] = Wanted(
                enabled=f"enabled-{row.code}" in request.form, digits=int(digits),
                seen_enabled=seen[0] == "1", seen_digits=int(seen[1]),
            )  # fmt: skip
    return wanted


def _currency_desk() -> FormDesk:
    return FormDesk(
        "backoffice/settings/currencies.html", "backoffice/settings/_currencies.html",
        url_for("office.settings_currencies"), _currencies,
    )  # fmt: skip


def _currencies(form: HouseForm | None) -> dict[str, Any]:
    ours = company()
    stored = {
        "languages": enabled_languages(), "default_language": ours.default_language,
        "version": ours.version,
    }  # fmt: skip
    return {
        "form": form if isinstance(form, LanguagesForm) else LanguagesForm(data=stored),
        "rows": [(row, currencies.most_digits(row.code)) for row in currencies.currencies()],
        "home": ours.currency,
        "changes": settings_history.newest(["currencies"]),
    }


@office.get("/settings/numbers")
@needs(Permission.SETTINGS_EDIT)
def settings_numbers() -> Answer:
    """The forms of all numbers, and what the next one of each would look like."""
    return _number_desk("").show()


@office.post("/settings/numbers/<code>")
@needs(Permission.SETTINGS_EDIT)
def reshape_numbers(code: str) -> Answer:
    """Give a series another form, before its first number."""
    series = found(session.scalar(select(NumberSeries).where(NumberSeries.code == code)))
    form, by = SeriesForm(), the_visitor().actor

    def verb() -> None:
        year = SeriesYear[form.year.data]
        letters = (form.letters.data or "").strip().upper()
        old, new = numbering.reshape(code, letters, year, form.length.data, form.seen.data or "")
        if old != new:
            journal.record(series, "series:reshaped", by, code=code, changes={"form": [old, new]})

    return _number_desk(code).save(form, verb, gettext("Saved"))


def _number_desk(code: str) -> FormDesk:
    def shown(form: HouseForm | None) -> dict[str, Any]:
        drawn = numbering.drawn_codes()
        rows = [
            _series(one, drawn, form if form is not None and one.code == code else None)
            for one in numbering.all_series()
        ]
        return {"rows": rows, "changes": settings_history.newest(["number_series"])}

    return FormDesk(
        "backoffice/settings/numbers.html", "backoffice/settings/_numbers.html",
        url_for("office.settings_numbers"), shown,
    )  # fmt: skip


def _series(one: NumberSeries, drawn: set[str], typed: HouseForm | None) -> dict[str, Any]:
    letters, year, length = numbering.parts_of(one.form)
    stored = {"letters": letters, "year": year.name, "length": length, "seen": one.form}
    return {
        "series": one, "word": gettext(KINDS.get(one.code, one.code)),
        "example": numbering.written(one.form, clock.today(), 1),
        "is_drawn": one.code in drawn,
        "form": typed or SeriesForm(data=stored), "trouble": bool(typed and typed.errors),
    }  # fmt: skip
