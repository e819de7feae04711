"""The shipping calendar: working days, special days, carriers, days on the road, and a trial."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from babel.dates import get_day_names
from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import settings_history
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.form_desk import FormDesk, edit_desk
from wholesale.backoffice.forms.calendar import (
    RuleForm,
    SpecialDayForm,
)
from wholesale.backoffice.warehouse import stock_pages
from wholesale.company import calendar as house
from wholesale.company import scheduling
from wholesale.company.calendar_defaults import default_rule
from wholesale.company.models import SpecialDay, WorkRule
from wholesale.customers.models import Address
from wholesale.customers.queries import customer_by_code, ship_tos
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.text import N_
from wholesale.offers import dates
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.filters import language, name
from wholesale.web.forms import HouseForm, read_day
from wholesale.web.gate import needs
from wholesale.web.lookups import found

PARTS = (
    ("office.calendar", N_("Working days")),
    ("office.special_days", N_("Special days")),
    ("office.carriers", N_("Carriers")),
    ("office.lead_times", N_("Days on the road")),
)
WEEKS = 6


@office.app_template_filter("weekday")
def weekday(day: date) -> str:
    """月, Mon, 周一."""
    return str(get_day_names("abbreviated", locale=language())[day.weekday()])


@office.app_template_filter("weekdays")
def weekdays(digits: str) -> str:
    """01234 → 月–金 as a list of short names."""
    names = get_day_names("abbreviated", locale=language())
    return "・".join(str(names[int(digit)]) for digit in digits) if digits else "–"


@office.context_processor
def _parts() -> dict[str, Any]:
    return {"calendar_parts": PARTS}


def _warehouses() -> list[tuple[str, str]]:
    return [(place.code, name(place.name)) for place in stock_pages.warehouses()]


def choices() -> list[tuple[str, str]]:
    """All warehouses, and the empty choice that means every one."""
    return [("", gettext("all")), *_warehouses()]


@office.get("/calendar")
@needs(Permission.SHIPMENTS_READ)
def calendar() -> Answer:
    """The next weeks of every warehouse, its rule, and a trial."""
    place = request.args.get("warehouse", "")
    monday = clock.today() - timedelta(days=clock.today().weekday())
    rules = {row.location_code: row for row in session.scalars(select(WorkRule))}
    known = house.calendar()
    labels = {
        (row.day, row.location_code): row.label
        for year in {monday.year, (monday + timedelta(weeks=WEEKS)).year}
        for row in scheduling.special_days(year)
    }
    weeks = [
        [_day(known, monday + timedelta(days=7 * week + n), place, labels) for n in range(7)]
        for week in range(WEEKS)
    ]
    return answer(
        "backoffice/calendar/index.html", "backoffice/calendar/_weeks.html", weeks=weeks,
        place=place, places=choices(), rules=rules, known=known, today=clock.today(),
        changes=settings_history.newest(["work_rules"]), trial=_trial(),
    )  # fmt: skip


def _day(
    known: house.Calendar, day: date, place: str, labels: dict[tuple[date, str], str]
) -> dict[str, Any]:
    label = labels.get((day, place)) or labels.get((day, "")) or ""
    holiday = gettext("public holiday") if house.is_holiday(day) else ""
    return {"day": day, "is_open": known.is_working(day, place), "label": label or holiday}


def _trial() -> dict[str, Any]:
    """Ships on, arrives on, for a customer at an instant: the very figures everybody reads."""
    code, text = request.args.get("customer", "").strip(), request.args.get("on", "").strip()
    hour = request.args.get("hour", "")
    customer = customer_by_code(code) if code else None
    day = read_day(text, clock.today()) if text else clock.today()
    rows: list[dict[str, Any]] = []
    if customer is not None and day is not None:
        at = datetime.combine(day, _time(hour), clock.zone())
        places: list[Address | None] = [*ship_tos(customer.id)] or [None]
        for place in places:
            way = dates.way_to(place, customer, warehouse=request.args.get("warehouse", ""))
            rows.append({"place": place, "way": way, "trip": dates.journey(way, at)})
    return {
        "code": code, "on": text, "hour": hour, "rows": rows, "customer": customer,
        "unknown": bool(code) and customer is None,
    }  # fmt: skip


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return clock.local(clock.now()).time()


@office.get("/calendar/rule")
@needs(Permission.SETTINGS_EDIT)
def work_rule() -> Answer:
    """The working days of one warehouse, or of all."""
    return _rule_desk(_place()).show()


@office.post("/calendar/rule")
@needs(Permission.SETTINGS_EDIT)
def change_work_rule() -> Answer:
    """State the working days."""
    place, form, by = _place(), RuleForm(), the_visitor().actor
    return _rule_desk(place).save(
        form, lambda: scheduling.save_rule(place, form.values(), form.seen, by), gettext("Saved"),
        url_for("office.calendar", warehouse=place or None),
    )  # fmt: skip


@office.post("/calendar/rule/removal")
@needs(Permission.SETTINGS_EDIT)
def drop_work_rule() -> Answer:
    """A warehouse works like all others again."""
    place, by = _place(), the_visitor().actor
    row = found(
        session.scalar(
            select(WorkRule).where(WorkRule.location_code == place, WorkRule.location_code != "")
        )
    )
    return _rule_desk(place).save(
        HouseForm(), lambda: scheduling.drop_rule(row, by), gettext("The common rule counts again"),
        url_for("office.calendar"),
    )  # fmt: skip


def _place() -> str:
    """The warehouse of the address; "" for all. Raises NotFound for one we don't have."""
    place = request.args.get("warehouse", "")
    return found(place if place in dict(choices()) else None)


def _rule_desk(place: str) -> FormDesk:
    row = session.scalar(select(WorkRule).where(WorkRule.location_code == place))
    stored = RuleForm.of(row or default_rule(), row.version if row else 0)
    url = url_for("office.change_work_rule", warehouse=place or None)
    title = dict(choices())[place] if place else gettext("All warehouses")
    word = gettext("Shipping calendar")
    return edit_desk(stored, url, url_for("office.calendar"), (word, title), is_new=True)


@office.get("/calendar/days")
@needs(Permission.SHIPMENTS_READ)
def special_days() -> Answer:
    """The special days of a year."""
    return _days_desk().show()


@office.post("/calendar/days")
@needs(Permission.SETTINGS_EDIT)
def add_special_day() -> Answer:
    """A day against the rule."""
    form, by = _with_places(SpecialDayForm()), the_visitor().actor

    def verb() -> None:
        scheduling.save_special_day(
            form.day.data or clock.today(), by, is_working=form.kind.data == "working",
            location=form.location.data, label=(form.label.data or "").strip(),
        )  # fmt: skip

    return _days_desk().save(form, verb, gettext("The day is in the calendar"))


@office.post("/calendar/days/<int:day_id>/removal")
@needs(Permission.SETTINGS_EDIT)
def drop_special_day(day_id: int) -> Answer:
    """The rule counts again on that day."""
    row = found(session.scalar(select(SpecialDay).where(SpecialDay.id == day_id)))
    by = the_visitor().actor
    return _days_desk().save(
        HouseForm(), lambda: scheduling.drop_special_day(row, by), gettext("The rule counts again")
    )


@office.post("/calendar/days/copies")
@needs(Permission.SETTINGS_EDIT)
def copy_special_days() -> Answer:
    """Copy the shown year's special days to the next."""
    by = the_visitor().actor
    return _days_desk().save(
        HouseForm(), lambda: scheduling.copy_special_days(_year(), by),
        gettext("Copied to %(year)s", year=_year() + 1),
    )  # fmt: skip


def _year() -> int:
    text = request.args.get("year", "")
    return int(text) if text.isdigit() and len(text) == 4 else clock.today().year  # noqa: PLR2004


def _with_places(form: SpecialDayForm) -> SpecialDayForm:
    form.location.choices = options(choices())
    return form


def options(pairs: list[tuple[str, str]]) -> list[Any]:
    """Pairs as the options of a select."""
    return [SelectChoice(value, word) for value, word in pairs]


def _days_desk() -> FormDesk:
    def shown(form: HouseForm | None) -> dict[str, Any]:
        blank = _with_places(SpecialDayForm(data={}))
        return {
            "form": form if isinstance(form, SpecialDayForm) else blank, "year": _year(),
            "days": scheduling.special_days(_year()), "places": dict(choices()),
            "changes": settings_history.newest(["special_days"]),
        }  # fmt: skip

    return FormDesk(
        "backoffice/calendar/days.html", "backoffice/calendar/_days.html",
        url_for("office.special_days", year=_year()), shown,
    )  # fmt: skip
