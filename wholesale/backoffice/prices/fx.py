"""Exchange rates: those of one day by hand, and which rate counts with the day it is of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request, url_for
from flask_babel import gettext

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import settings_history
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.form_desk import FormDesk
from wholesale.company import converting
from wholesale.company.queries import company, enabled_currencies
from wholesale.kernel import clock
from wholesale.web.answers import Answer
from wholesale.web.door import the_visitor
from wholesale.web.forms import DayField, HouseForm, WrongField, folded, read_day
from wholesale.web.gate import needs


class FxForm(HouseForm):
    """The rates of one day; a cell is named rate-USD-TTM."""

    day = DayField()

    def rates(self) -> dict[tuple[str, str], Decimal | None]:
        """What was typed; an empty cell takes a rate out. Raises WrongField."""
        told: dict[tuple[str, str], Decimal | None] = {}
        for name, text in request.form.items():
            parts = name.split("-")
            if parts[0] != "rate" or len(parts) != 3:  # noqa: PLR2004 - rate-USD-TTM
                continue
            try:
                told[parts[1], parts[2]] = Decimal(folded(text)) if text.strip() else None
            except InvalidOperation as trouble:
                raise WrongField(field=parts[1], why=gettext("Enter a number.")) from trouble
        return told


@office.get("/fx")
@needs(Permission.RECEIPTS_READ)
def fx() -> Answer:
    """The rates of a day, and those that count on it."""
    return _desk(_day(request.args.get("day", ""))).show()


@office.post("/fx")
@needs(Permission.RECEIPTS_SETTLE)
def enter_rates() -> Answer:
    """Enter the rates of a day; posted documents keep theirs."""
    form, by = FxForm(), the_visitor().actor
    day = form.day.data or clock.today()
    return _desk(day).save(
        form,
        lambda: converting.enter_rates(day, form.rates(), by, seen=request.form.get("seen", "")),
        gettext("The rates are entered"),
    )


def _day(text: str) -> date:
    return read_day(text, clock.today()) or clock.today()


def _desk(day: date) -> FormDesk:
    def shown(form: HouseForm | None) -> dict[str, Any]:
        stored = converting.rates_of_day(day)
        codes = [code for code in enabled_currencies() if code != company().currency]
        names = [(code, kind) for code in codes for kind in converting.KINDS]
        cells = {key: f"{stored[key]:f}" if key in stored else "" for key in names}
        if form is not None:
            cells = {(c, k): request.form.get(f"rate-{c}-{k}", "") for c, k in names}
        return {
            "form": form, "day": day, "codes": codes, "kinds": converting.KINDS, "cells": cells,
            "seen": converting.stamp_of(day), "in_force": converting.rates_on(day),
            "units": {code: converting.units_of(code) for code in codes},
            "days": converting.latest_days(clock.today()), "home": company().currency,
            "may_enter": the_visitor().may(Permission.RECEIPTS_SETTLE),
            "changes": settings_history.newest(["company"]),
        }  # fmt: skip

    return FormDesk(
        "backoffice/fx/index.html", "backoffice/fx/_rates.html",
        url_for("office.fx", day=day.isoformat()), shown,
    )  # fmt: skip
