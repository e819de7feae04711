"""Changing the shipping calendar: working days, special days, carriers, days on the road."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select, update

from wholesale.company.calendar_defaults import default_rule
from wholesale.company.changing import CodeTaken, apply, check_version
from wholesale.company.models import Carrier, Company, LeadTime, SpecialDay, WorkRule
from wholesale.company.queries import company
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_

LONGEST_LEAD = 60


class DayTaken(Conflict):
    """One word per day and warehouse."""

    message = N_("%(day)s is a special day of this place already.")


class PlaceTaken(Conflict):
    """One row per place."""

    message = N_("There are days on the road to this place already. Change that row.")


class NoWorkingDay(DomainError):
    """Nothing would ever leave."""

    message = N_("At least one weekday must be a working day.")


class LeadOutOfRange(DomainError):
    """No road of ours is that long."""

    message = N_("Days on the road lie between 0 and %(most)s.")


def _renew() -> None:
    """The calendar is another one from here on."""
    session.flush()  # what was changed is read anew
    stamp = uuid.uuid4().hex
    session.execute(
        update(Company).values(calendar_stamp=stamp).execution_options(synchronize_session=False)
    )
    session.refresh(company(), ["calendar_stamp"])


def save_rule(location: str, values: Mapping[str, Any], version: int, by: Actor) -> WorkRule:
    """State the working days of a warehouse ("" for all). Raises NoWorkingDay, Conflict."""
    if not values["weekdays"]:
        raise NoWorkingDay
    row = session.scalar(select(WorkRule).where(WorkRule.location_code == location))
    if row is None:
        row = default_rule()
        row.location_code = location
        row.version = 1
        session.add(row)
    else:
        check_version(row, version)
    changes = apply(row, values)
    if changes:
        journal.record(row, "calendar:rule", by, code=location, changes=changes)
        _renew()
    return row


def drop_rule(row: WorkRule, by: Actor) -> None:
    """A warehouse works like all others again."""
    journal.record(row, "calendar:rule_dropped", by, code=row.location_code, changes={})
    session.delete(row)
    _renew()


def save_special_day(
    day: date, by: Actor, *, is_working: bool, location: str = "", label: str = ""
) -> SpecialDay:
    """A day that is working or free against the rule. Raises DayTaken."""
    if session.scalar(
        select(SpecialDay.id).where(SpecialDay.day == day, SpecialDay.location_code == location)
    ):
        raise DayTaken(day=day.isoformat())
    row = SpecialDay(day=day, location_code=location, is_working=is_working, label=label)
    session.add(row)
    told = {"day": [None, day.isoformat()], "is_working": [None, is_working]}
    journal.record(row, "calendar:day", by, code=location, changes=told)
    _renew()
    return row


def drop_special_day(row: SpecialDay, by: Actor) -> None:
    """The rule counts again."""
    told = {"day": [row.day.isoformat(), None], "is_working": [row.is_working, None]}
    journal.record(row, "calendar:day_dropped", by, code=row.location_code, changes=told)
    session.delete(row)
    _renew()


def copy_special_days(year: int, by: Actor) -> int:
    """Copy a year's special days to the same days of the next; how many are new."""
    days = special_days(year)
    known = {(row.day, row.location_code) for row in special_days(year + 1)}
    made = 0
    for row in days:
        if row.day.month == 2 and row.day.day == 29:  # noqa: PLR2004 - no such day next year
            continue
        day = row.day.replace(year=year + 1)
        if (day, row.location_code) not in known:
            save_special_day(
                day, by, is_working=row.is_working, location=row.location_code, label=row.label
            )
            made += 1
    return made


def special_days(year: int) -> list[SpecialDay]:
    """The special days of a year."""
    return list(
        session.scalars(
            select(SpecialDay)
            .where(SpecialDay.day >= date(year, 1, 1), SpecialDay.day <= date(year, 12, 31))
            .order_by(SpecialDay.day, SpecialDay.location_code)
        )
    )


def carriers() -> list[Carrier]:
    """Every carrier, the usual one first."""
    order = (Carrier.is_active.desc(), Carrier.is_default.desc(), Carrier.code)
    return list(session.scalars(select(Carrier).order_by(*order)))


def save_carrier(
    row: Carrier | None, values: Mapping[str, Any], version: int, by: Actor
) -> Carrier:
    """Add or change a carrier. Raises CodeTaken, Conflict, NoWorkingDay."""
    if not values["weekdays"]:
        raise NoWorkingDay
    if row is None:
        if session.scalar(select(Carrier.id).where(Carrier.code == values["code"])):
            raise CodeTaken(code=values["code"])
        row = Carrier(**values)
        session.add(row)
        told = {name: [None, value] for name, value in values.items() if value not in ("", None)}
    else:
        check_version(row, version)
        told = apply(row, {name: value for name, value in values.items() if name != "code"})
    if told:
        journal.record(row, "carrier:changed", by, code=row.code, changes=told)
    session.flush()  # a new carrier gets its id
    if row.is_default:
        others = update(Carrier).where(Carrier.id != row.id, Carrier.is_default)
        session.execute(others.values(is_default=False, version=Carrier.version + 1))
    _renew()
    return row


def lead_times() -> list[LeadTime]:
    """Every row, the widest first."""
    order = (LeadTime.is_extra, LeadTime.country, LeadTime.region, LeadTime.postal_prefix)
    return list(session.scalars(select(LeadTime).order_by(*order, LeadTime.id)))


def save_lead_time(values: Mapping[str, Any], by: Actor) -> LeadTime:
    """Days on the road to a place that has no row yet. Raises PlaceTaken, LeadOutOfRange."""
    _check_days(values["days"])
    place = {name: value for name, value in values.items() if name != "days"}
    if session.scalar(select(LeadTime.id).filter_by(**place)):
        raise PlaceTaken
    row = LeadTime(**values)
    session.add(row)
    told = {name: [None, value] for name, value in values.items() if value != ""}
    journal.record(row, "calendar:lead", by, changes=told)
    _renew()
    return row


def change_lead_time(row: LeadTime, days: int, seen: int, by: Actor) -> None:
    """Another number of days; `seen` is what the form showed. Raises Conflict, LeadOutOfRange."""
    if row.days != seen:
        raise Conflict
    _check_days(days)
    changes = apply(row, {"days": days})
    if changes:
        code = row.region or row.postal_prefix or row.country
        journal.record(row, "calendar:lead", by, code=code, changes=changes)
        _renew()


def drop_lead_time(row: LeadTime, by: Actor) -> None:
    """The next wider row counts again."""
    code = row.region or row.postal_prefix or row.country
    journal.record(row, "calendar:lead_dropped", by, code=code, changes={"days": [row.days, None]})
    session.delete(row)
    _renew()


def _check_days(days: int) -> None:
    if not 0 <= days <= LONGEST_LEAD:
        raise LeadOutOfRange(most=LONGEST_LEAD)
