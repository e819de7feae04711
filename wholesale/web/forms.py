"""Forms check shape: present, a number, a day. Rules are the domain's."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField
from wtforms.validators import InputRequired, StopValidation

from wholesale.customers import postal_codes
from wholesale.kernel import clock
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

_NOISE = str.maketrans("", "", ",¥￥\\円 　_'")


class HouseForm(Form):
    """A form filled from the request, or from stored `data`; its messages in the reader's language."""

    def __init__(self, formdata: MultiDict[str, str] | None = None, **values: Any) -> None:
        stored = "data" in values
        if formdata is None and not stored and request.method not in {"GET", "HEAD"}:
            formdata = request.form
        super().__init__(formdata=formdata, **values)


class WrongField(DomainError):
    """A field of a form was left empty or can't be read."""

    message = N_("%(field)s: %(why)s")


class WrongForm(DomainError):
    """Something in a form that belongs to no single field can't be read."""

    message = N_("%(why)s")


def first_trouble(form: HouseForm) -> DomainError:
    """The first thing a form that did not validate complains of."""
    name, errors = next(iter(form.errors.items()))
    if name not in form:
        return WrongForm(why=errors[0])
    return WrongField(field=form[name].label.text, why=errors[0])


class Required(InputRequired):
    """The field must be filled."""

    def __init__(self) -> None:
        super().__init__(message=_l("Fill this in."))


class NumberField(StringField):
    """A figure as people type it: full-width digits, commas, spaces and yen signs are welcome."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Text → Decimal; the field shows the figure back as it was understood."""
        self.data = None
        self.typed = valuelist[0] if valuelist else ""
        if not self.typed.strip():
            return
        try:
            self.data = Decimal(folded(self.typed))
        except InvalidOperation as trouble:
            raise ValueError(gettext("Enter a number.")) from trouble
        if not self.data.is_finite():
            self.data = None
            raise ValueError(gettext("Enter a number."))

    def _value(self) -> str:
        if self.errors or self.data is None:
            return getattr(self, "typed", "")
        return f"{self.data:f}"


class QuantityField(NumberField):
    """A whole number of pieces, 0 or more."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Text → int."""
        super().process_formdata(valuelist)
        if self.data is None:
            return
        if self.data != self.data.to_integral_value() or self.data < 0:
            raise ValueError(gettext("Enter a whole number of pieces."))
        self.data = int(self.data)  # type: ignore[assignment]

    def _value(self) -> str:
        return getattr(self, "typed", "") if self.data is None else str(self.data)


class DayField(StringField):
    """A day: 2026-11-27, 11/27, 1127, +3 or 月末."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Text → date."""
        self.data = None
        self.typed = valuelist[0] if valuelist else ""
        if not self.typed.strip():
            return
        self.data = read_day(self.typed, clock.today())
        if self.data is None:
            raise ValueError(gettext("Enter a day such as 11/27 or +3."))

    def _value(self) -> str:
        return self.data.isoformat() if self.data else getattr(self, "typed", "")


def folded(text: str) -> str:
    """Full-width to half-width, thousands marks and currency signs gone, ▲ and △ to minus."""
    plain = unicodedata.normalize("NFKC", text).translate(_NOISE)
    return re.sub("^[▲△−]", "-", plain)


def read_day(text: str, today: date) -> date | None:
    """What day a person means; None when it can't be told. A month and day lie ahead of `today`."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain == "月末":
        return today.replace(day=calendar.monthrange(today.year, today.month)[1])
    if match := re.fullmatch(r"\+(\d{1,3})", plain):
        return today + timedelta(days=int(match[1]))
    readers: tuple[tuple[str, Callable[[re.Match[str]], tuple[int, int, int]]], ...] = (
        (r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", lambda m: (int(m[1]), int(m[2]), int(m[3]))),
        (r"(\d{4})(\d{2})(\d{2})", lambda m: (int(m[1]), int(m[2]), int(m[3]))),
        (r"(\d{1,2})[/月](\d{1,2})日?", lambda m: (0, int(m[1]), int(m[2]))),
        (r"(\d{2})(\d{2})", lambda m: (0, int(m[1]), int(m[2]))),
    )
    for pattern, parts in readers:
        if match := re.fullmatch(pattern, plain):
            return _day(*parts(match), today)
    return None


def _day(year: int, month: int, day: int, today: date) -> date | None:
    try:
        if year:
            return date(year, month, day)
        near = date(today.year, month, day)
        return near if near >= today else date(today.year + 1, month, day)
    except ValueError:
        return None


def complete_address(form: HouseForm) -> None:
    """Fill prefecture and address of a form in Japan from its postal code."""
    if (form["country"].data or "JP") != "JP":
        return
    form["postal_code"].data, form["region"].data, form["address"].data = postal_codes.completed(
        form["postal_code"].data or "", form["region"].data or "", form["address"].data or ""
    )


def not_negative(_form: Form, field: NumberField) -> None:
    """The figure must be 0 or more."""
    if field.data is not None and field.data < 0:
        raise StopValidation(gettext("Enter 0 or more."))


def positive(_form: Form, field: NumberField) -> None:
    """The figure must be above zero."""
    if field.data is not None and field.data <= 0:
        raise StopValidation(gettext("Enter a number above 0."))
