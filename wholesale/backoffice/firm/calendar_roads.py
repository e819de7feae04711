"""Carriers and days on the road: who carries our goods, and how long they travel."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import settings_history
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.firm.calendar import choices, options
from wholesale.backoffice.form_desk import FormDesk, edit_desk
from wholesale.backoffice.forms.calendar import CarrierForm, DaysForm, LeadForm
from wholesale.company import scheduling
from wholesale.company.models import Carrier, LeadTime
from wholesale.kernel.db import session
from wholesale.offers import dates
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.filters import name
from wholesale.web.forms import HouseForm
from wholesale.web.gate import needs
from wholesale.web.lookups import found


@office.get("/calendar/carriers")
@needs(Permission.SHIPMENTS_READ)
def carriers() -> Answer:
    """Who carries our goods."""
    return answer(
        "backoffice/calendar/carriers.html", rows=scheduling.carriers(), house_cut_off=dates.cut_off(),
        changes=settings_history.newest(["carriers"]),
    )  # fmt: skip


@office.get("/calendar/carriers/new")
@needs(Permission.SETTINGS_EDIT)
def new_carrier() -> Answer:
    """An empty form."""
    return _carrier_desk(None).show()


@office.get("/calendar/carriers/<code>")
@needs(Permission.SETTINGS_EDIT)
def carrier(code: str) -> Answer:
    """One carrier."""
    return _carrier_desk(_carrier(code)).show()


@office.post("/calendar/carriers")
@needs(Permission.SETTINGS_EDIT)
def add_carrier() -> Answer:
    """Add a carrier."""
    return _save_carrier(None)


@office.post("/calendar/carriers/<code>")
@needs(Permission.SETTINGS_EDIT)
def change_carrier(code: str) -> Answer:
    """Change a carrier."""
    return _save_carrier(_carrier(code))


def _carrier(code: str) -> Carrier:
    return found(session.scalar(select(Carrier).where(Carrier.code == code)))


def _save_carrier(row: Carrier | None) -> Answer:
    form, by = CarrierForm(), the_visitor().actor
    return _carrier_desk(row).save(
        form, lambda: scheduling.save_carrier(row, form.values(), form.seen, by), gettext("Saved"),
        url_for("office.carriers"),
    )  # fmt: skip


def _carrier_desk(row: Carrier | None) -> FormDesk:
    back = url_for("office.carriers")
    title = row.code if row else gettext("New carrier")
    form = CarrierForm.of(row) if row else CarrierForm(data={})
    url = f"{back}/{row.code}" if row else back
    return edit_desk(form, url, back, (gettext("Shipping calendar"), title), is_new=row is None)


@office.get("/calendar/roads")
@needs(Permission.SHIPMENTS_READ)
def lead_times() -> Answer:
    """Days on the road, the widest rows first; islands apart."""
    return _lead_desk().show()


@office.post("/calendar/roads")
@needs(Permission.SETTINGS_EDIT)
def add_lead_time() -> Answer:
    """Days on the road to a place."""
    form, by = _offered(LeadForm()), the_visitor().actor
    return _lead_desk().save(
        form, lambda: scheduling.save_lead_time(form.values(), by), gettext("Saved")
    )


@office.post("/calendar/roads/<int:lead_id>")
@needs(Permission.SETTINGS_EDIT)
def change_lead_time(lead_id: int) -> Answer:
    """Another number of days."""
    row, form, by = _lead(lead_id), DaysForm(), the_visitor().actor
    return _lead_desk().save(
        form,
        lambda: scheduling.change_lead_time(
            row, int(form.days.data or 0), int(form.seen.data or 0), by
        ),
        gettext("Saved"),
    )


@office.post("/calendar/roads/<int:lead_id>/removal")
@needs(Permission.SETTINGS_EDIT)
def drop_lead_time(lead_id: int) -> Answer:
    """The next wider row counts again."""
    row, by = _lead(lead_id), the_visitor().actor
    return _lead_desk().save(
        HouseForm(),
        lambda: scheduling.drop_lead_time(row, by),
        gettext("The next wider row counts"),
    )


def _lead(lead_id: int) -> LeadTime:
    return found(session.scalar(select(LeadTime).where(LeadTime.id == lead_id)))


def _offered(form: LeadForm) -> LeadForm:
    form.location_code.choices = options(choices())
    codes = [(row.code, name(row.name)) for row in scheduling.carriers() if row.is_active]
    form.carrier_code.choices = options([("", gettext("all")), *codes])
    return form


def _lead_desk() -> FormDesk:
    def shown(form: HouseForm | None) -> dict[str, Any]:
        rows = scheduling.lead_times()
        return {
            "form": form if isinstance(form, LeadForm) else _offered(LeadForm(data={})),
            "roads": [row for row in rows if not row.is_extra],
            "islands": [row for row in rows if row.is_extra], "places": dict(choices()),
            "changes": settings_history.newest(["lead_times"]),
        }  # fmt: skip

    return FormDesk(
        "backoffice/calendar/roads.html", "backoffice/calendar/_roads.html",
        url_for("office.lead_times"), shown,
    )  # fmt: skip
