"""Forms about catalogues: what they are, their period in a named time zone, their rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, Regexp, StopValidation

from wholesale.backoffice.forms.products import POLICIES, choices
from wholesale.backoffice.forms.settings import DAYS, SettingsForm, TimeField, in_languages
from wholesale.catalog.models import Audience, Catalog, OrderPolicy
from wholesale.catalog.selecting import Rules
from wholesale.kernel import clock
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.kernel.zones import local_end
from wholesale.web import zones
from wholesale.web.forms import DayField, QuantityField, Required, folded

AUDIENCES = {
    Audience.ALL: _l("All customers (open)"),
    Audience.LIMITED: _l("Chosen customers and price groups (limited)"),
    Audience.INVITED: _l("Only by invitation or order link (closed)"),
}
CODE = Regexp(r"^[A-Z0-9][A-Z0-9-]*$", message=_l("Capital letters, digits and hyphens only."))
MOST_PIECES = 999_999


class WrongRow(DomainError):
    """A figure in a row of a table that can't be read."""

    message = N_("%(code)s: enter whole numbers from 1 on, or nothing.")


class CatalogueForm(SettingsForm):
    """A catalogue whole, but for its items and whom it names."""

    GROUPS = (
        (_l("Name"), ("code", "name_ja", "name_en", "name_zh", "name_zh_hant")),
        (_l("Text on its page"), ("text_ja", "text_en", "text_zh", "text_zh_hant")),
        (_l("For whom"), ("audience",)),
        (
            _l("Period and deadline"),
            ("opens_on", "opens_time", "closes_on", "closes_time", "ends_on", "ends_time",
             "time_zone"),
        ),
        (_l("Ordering"), ("policy", "lead_days")),
    )  # fmt: skip
    code = StringField(_l("Code"), [Required(), Length(max=30), CODE])
    name_ja = StringField(_l("Name in Japanese"), [Required(), Length(max=100)])
    name_en = StringField(_l("Name in English"), [Length(max=100)])
    name_zh = StringField(_l("Name in Chinese"), [Length(max=100)])
    name_zh_hant = StringField(_l("Name in traditional Chinese"), [Length(max=100)])
    text_ja = TextAreaField(_l("Text in Japanese"), [Length(max=4000)])
    text_en = TextAreaField(_l("Text in English"), [Length(max=4000)])
    text_zh = TextAreaField(_l("Text in Chinese"), [Length(max=4000)])
    text_zh_hant = TextAreaField(_l("Text in traditional Chinese"), [Length(max=4000)])
    audience = SelectField(_l("Seen by"), choices=choices(AUDIENCES))
    opens_on = DayField(_l("Shown from"))
    opens_time = TimeField(_l("Shown from (time; empty: the day's beginning)"))
    closes_on = DayField(_l("Order deadline"))
    closes_time = TimeField(_l("Deadline (time; empty: the day's end)"))
    ends_on = DayField(_l("Shown until (empty: until the deadline)"))
    ends_time = TimeField(_l("Shown until (time; empty: the day's end)"))
    time_zone = SelectField(_l("Time zone"), default="Asia/Tokyo")
    policy = SelectField(_l("Order policy"))
    lead_days = QuantityField(_l("Lead time of its own (days)"), [Optional(), DAYS])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer()
        self.policy.choices = [
            SelectChoice("", gettext("as each item states it")),
            *choices(POLICIES),
        ]

    def offer(self, own: str = "") -> CatalogueForm:
        """With the time zones to choose from: the common ones, and its own if it is another."""
        named = dict.fromkeys([*zones.COMMON, *filter(None, [own])])
        self.time_zone.choices = [
            SelectChoice(one, f"{zones.zone_word(one)} ({one})") for one in named
        ]
        return self

    @classmethod
    def of(cls, it: Catalog) -> CatalogueForm:
        """Filled from what is stored; instants as the clocks of its zone show them."""
        opens = it.opens_at.astimezone(ZoneInfo(it.time_zone)) if it.opens_at else None
        return cls(
            data={
                **in_languages("name", it.name), **in_languages("text", it.text),
                "code": it.code, "audience": it.audience.value, "time_zone": it.time_zone,
                "policy": it.policy.value if it.policy else "", "lead_days": it.lead_days,
                "version": it.version,
                "opens_on": opens.date() if opens else None,
                "opens_time": f"{opens:%H:%M}" if opens and opens.time() != time() else "",
                **_ended("closes", it.closes_at, it.time_zone),
                **_ended("ends", it.ends_at, it.time_zone),
            }
        ).offer(it.time_zone)  # fmt: skip

    def validate_opens_time(self, _field: TimeField) -> None:
        """A time belongs to a day."""
        self._needs_day("opens")

    def validate_closes_time(self, _field: TimeField) -> None:
        """A time belongs to a day."""
        self._needs_day("closes")

    def validate_ends_time(self, _field: TimeField) -> None:
        """A time belongs to a day."""
        self._needs_day("ends")

    def _needs_day(self, name: str) -> None:
        if self[f"{name}_time"].data and not self[f"{name}_on"].data:
            raise StopValidation(gettext("State the day of this time."))

    def values(self) -> dict[str, Any]:
        """Columns of Catalog."""
        return {
            "code": (self.code.data or "").strip(), "name": self.names("name"),
            "text": self.names("text") or None, "audience": Audience(self.audience.data),
            "opens_at": self._instant("opens", ends=False),
            "closes_at": self._instant("closes", ends=True),
            "ends_at": self._instant("ends", ends=True), "time_zone": self.time_zone.data,
            "policy": OrderPolicy(self.policy.data) if self.policy.data else None,
            "lead_days": self.lead_days.data,
        }  # fmt: skip

    def _instant(self, name: str, *, ends: bool) -> datetime | None:
        day, typed = self[f"{name}_on"].data, self[f"{name}_time"].data
        if day is None:
            return None
        if typed:
            return clock.instant(day, time.fromisoformat(typed), self.time_zone.data)
        return clock.instant(day + timedelta(days=ends), time(), self.time_zone.data)


def _ended(name: str, instant: datetime | None, zone: str) -> dict[str, Any]:
    if instant is None:
        return {f"{name}_on": None, f"{name}_time": ""}
    end = local_end(instant, zone)
    return {f"{name}_on": end.day, f"{name}_time": "" if end.time == "24:00" else end.time}


def rows_of(
    typed: MultiDict[str, str], codes: Mapping[str, int]
) -> tuple[dict[int, Rules], list[int]]:
    """The rows of a catalogue as they were typed {SKU: rules}, and those to be taken out.

    `codes` are the SKUs of the page by their codes. Raises WrongRow.
    """
    wanted = {
        sku: Rules(
            _whole(code, typed.get(f"place-{code}", "")) or 1,
            *(_whole(code, typed.get(f"{name}-{code}", "")) for name in RULES),
        )
        for code, sku in codes.items()
        if f"place-{code}" in typed
    }
    return wanted, [codes[code] for code in typed.getlist("remove") if code in codes]


RULES = ("minimum", "multiple", "maximum")


def _whole(code: str, text: str) -> int | None:
    plain = folded(text)
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and 0 < int(plain[:9]) <= MOST_PIECES):
        raise WrongRow(code=code)
    return int(plain)
