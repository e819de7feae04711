"""Forms about the shipping calendar."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, Regexp

from wholesale.backoffice.forms.settings import CODE, SettingsForm, TimeField, in_languages
from wholesale.company.models import Carrier, WorkRule
from wholesale.customers.models import Address
from wholesale.customers.receiving import receiving_stamp
from wholesale.web.forms import DayField, HouseForm, QuantityField, Required

WEEKDAYS = [
    SelectChoice("0", _l("Monday")), SelectChoice("1", _l("Tuesday")),
    SelectChoice("2", _l("Wednesday")), SelectChoice("3", _l("Thursday")),
    SelectChoice("4", _l("Friday")), SelectChoice("5", _l("Saturday")),
    SelectChoice("6", _l("Sunday")),
]  # fmt: skip
MONTH_DAY = Regexp(
    r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$", message=_l("Month and day, such as 12-29.")
)


class RuleForm(SettingsForm):
    """The working days of a warehouse."""

    GROUPS = (
        (_l("Working days"), ("weekdays", "rests_on_holidays")),
        (_l("New Year and cut-off"), ("year_end_from", "year_end_until", "cut_off")),
    )
    weekdays = SelectMultipleField(_l("Weekdays"), choices=WEEKDAYS)
    rests_on_holidays = BooleanField(_l("Closed on public holidays"))
    year_end_from = StringField(_l("Closed at New Year from"), [Optional(), MONTH_DAY])
    year_end_until = StringField(_l("until"), [Optional(), MONTH_DAY])
    cut_off = TimeField(_l("Cut-off, if not the company's"))

    @classmethod
    def of(cls, row: WorkRule, version: int) -> RuleForm:
        """Filled from what is stored."""
        names = ("rests_on_holidays", "year_end_from", "year_end_until", "cut_off")
        stored = {name: getattr(row, name) for name in names}
        return cls(data={**stored, "weekdays": list(row.weekdays), "version": version})

    def values(self) -> dict[str, Any]:
        """Columns of WorkRule."""
        return {
            "weekdays": "".join(sorted(self.weekdays.data or [])),
            "rests_on_holidays": bool(self.rests_on_holidays.data),
            "year_end_from": self.year_end_from.data or "",
            "year_end_until": self.year_end_until.data or "",
            "cut_off": self.cut_off.data or "",
        }


class SpecialDayForm(HouseForm):
    """A day against the rule."""

    day = DayField(_l("Day"), [Required()])
    location = SelectField(_l("Warehouse"))
    kind = SelectField(
        _l("Kind of day"),
        choices=[SelectChoice("free", _l("day off")), SelectChoice("working", _l("working"))],
    )
    label = StringField(_l("Why"), [Length(max=60)])


class CarrierForm(SettingsForm):
    """Who carries our goods."""

    GROUPS = (
        (_l("Carrier"), ("code", "name_ja", "name_en", "name_zh", "name_zh_hant")),
        (_l("Pick-up"), ("weekdays", "cut_off", "is_default", "is_active")),
    )
    code = StringField(_l("Code"), [Required(), Length(max=20), CODE])
    name_ja = StringField(_l("Name in Japanese"), [Required(), Length(max=60)])
    name_en = StringField(_l("Name in English"), [Length(max=60)])
    name_zh = StringField(_l("Name in Chinese"), [Length(max=60)])
    name_zh_hant = StringField(_l("Name in traditional Chinese"), [Length(max=60)])
    weekdays = SelectMultipleField(
        _l("Calls on"), choices=WEEKDAYS, default=[str(day) for day in range(7)]
    )
    cut_off = TimeField(_l("Cut-off, if not the company's"))
    is_default = BooleanField(_l("The usual carrier"))
    is_active = BooleanField(_l("In use"), default=True)

    @classmethod
    def of(cls, row: Carrier) -> CarrierForm:
        """Filled from what is stored."""
        names = ("code", "cut_off", "is_default", "is_active", "version")
        stored = {name: getattr(row, name) for name in names}
        return cls(
            data={**stored, **in_languages("name", row.name), "weekdays": list(row.weekdays)}
        )

    def values(self) -> dict[str, Any]:
        """Columns of Carrier."""
        return {
            "code": (self.code.data or "").strip(), "name": self.names("name"),
            "weekdays": "".join(sorted(self.weekdays.data or [])),
            "cut_off": self.cut_off.data or "", "is_default": bool(self.is_default.data),
            "is_active": bool(self.is_active.data),
        }  # fmt: skip


class LeadForm(HouseForm):
    """Days on the road to a place."""

    carrier_code = SelectField(_l("Carrier"))
    location_code = SelectField(_l("Warehouse"))
    country = StringField(
        _l("Country"), [Optional(), Regexp(r"^[A-Z]{2}$", message=_l("Two letters, such as JP."))],
        default="JP",
    )  # fmt: skip
    region = StringField(_l("Prefecture or region"), [Length(max=40)])
    postal_prefix = StringField(
        _l("Postal codes beginning with"),
        [Optional(), Regexp(r"^[\d-]{1,8}$", message=_l("Digits only."))],
    )
    days = QuantityField(_l("Days"), [Required()])
    is_extra = BooleanField(_l("Added to the region's days (island)"))

    def values(self) -> dict[str, Any]:
        """Columns of LeadTime."""
        texts = ("carrier_code", "location_code", "country", "region")
        return {
            **{name: (self[name].data or "").strip() for name in texts},
            "postal_prefix": (self.postal_prefix.data or "").replace("-", ""),
            "days": int(self.days.data or 0), "is_extra": bool(self.is_extra.data),
        }  # fmt: skip


class DaysForm(HouseForm):
    """Another number of days on a road."""

    days = QuantityField(_l("Days"), [Required()])
    seen = QuantityField("", [Required()])


class ReceivingForm(HouseForm):
    """When an address takes goods in."""

    weekdays = SelectMultipleField(_l("Receiving days"), choices=WEEKDAYS)
    on_holidays = BooleanField(_l("Also on public holidays"))
    hours = StringField(_l("Receiving hours"), [Length(max=40)])
    seen = HiddenField()

    @classmethod
    def of(cls, address: Address) -> ReceivingForm:
        """Filled from what is stored."""
        return cls(
            data={
                "weekdays": list(address.receiving_weekdays), "hours": address.receiving_hours,
                "on_holidays": address.receives_on_holidays, "seen": receiving_stamp(address),
            }
        )  # fmt: skip


class ClosedForm(HouseForm):
    """A period in which nothing is taken in."""

    first_on = DayField(_l("Closed from"), [Required()])
    last_on = DayField(_l("until"), [Required()])
    note = StringField(_l("Why"), [Length(max=80)])
