"""Forms about orders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import AnyOf, Length

from wholesale.backoffice.marks import HOLDS
from wholesale.kernel import clock
from wholesale.orders.models import Order, OrderLine
from wholesale.web.forms import DayField, HouseForm, QuantityField, Required, folded, read_day

MOST_DIGITS = 7


class PromiseForm(HouseForm):
    """The day that is promised: one for the ticked lines, or one of its own beside each line."""

    promised_on = DayField(_l("Delivery date"), [Required()])

    def validate(self) -> bool:  # type: ignore[override]
        """One day for all, or at least one line's own; every day that was typed must be one."""
        self.days: dict[int, date] = {}
        for name, text in request.form.items():
            line = name.removeprefix("promised-")
            if line == name or not line.isdigit() or not text.strip():
                continue
            found = read_day(text, clock.today())
            if found is None:
                self.promised_on.errors = [gettext("Enter a day such as 11/27 or +3.")]
                return False
            self.days[int(line)] = found
        if self.days and not self.promised_on.typed.strip():
            return True
        return bool(super().validate())

    def days_of(self, lines: Iterable[OrderLine], ticked: set[str]) -> dict[date, list[OrderLine]]:
        """{day: lines} of what was answered; ticked lines alone, where any is ticked."""
        answered: dict[date, list[OrderLine]] = {}
        for line in lines:
            day = self.promised_on.data or self.days.get(line.id)
            if day is not None and (not ticked or str(line.id) in ticked):
                answered.setdefault(day, []).append(line)
        return answered


class NoteForm(HouseForm):
    """What our people note on an order."""

    note = StringField(_l("Note"))


class ChooseForm(HouseForm):
    """How many pieces of each line lie at each warehouse: fields at-<line>-<location>."""

    def validate(self) -> bool:  # type: ignore[override]
        """Every figure that was typed must be one; an empty field means none."""
        self.chosen: dict[tuple[int, int], int] = {}
        for name, text in request.form.items():
            place = re.fullmatch(r"at-(\d+)-(\d+)", name)
            if place is None:
                continue
            figure = folded(text) or "0"
            if not figure.isdigit() or len(figure) > MOST_DIGITS:
                self.form_errors = [gettext("Enter a whole number of pieces.")]
                return False
            self.chosen[int(place[1]), int(place[2])] = int(figure)
        return True


class HoldForm(HouseForm):
    """Why an order must wait."""

    reason = StringField(_l("Reason"), [AnyOf([reason.value for reason in HOLDS])])
    note = StringField(_l("Note"), [Length(max=200)])


class ReasonForm(HouseForm):
    """Why something is given up."""

    reason = StringField(_l("Reason"), [Length(max=200)])


class DropForm(ReasonForm):
    """How many pieces are given up; empty means all that are open."""

    pieces = QuantityField(_l("Pieces"))


class PlanForm(HouseForm):
    """How many pieces of each line go out now; nothing typed means all that are allocated."""

    def validate(self) -> bool:  # type: ignore[override]
        """Every figure that was typed must be one."""
        for name, text in request.form.items():
            if name.startswith("pieces-") and text.strip() and not folded(text).isdigit():
                self.form_errors = [gettext("Enter a whole number of pieces.")]
                return False
        return True

    def pieces_of(self, order: Order) -> dict[int, int]:
        """{order line: pieces} of what was typed."""
        typed = {line.id: request.form.get(f"pieces-{line.id}", "") for line in order.lines}
        return {line: int(folded(text)) for line, text in typed.items() if text.strip()}


class EntryForm(HouseForm):
    """What an order says beside its lines."""

    wished_on = DayField(_l("Wished delivery date"))
    po_number = StringField(_l("Their order number"), [Length(max=40)])
    note = StringField(_l("Note"), [Length(max=500)])
    forced_because = StringField(_l("Why it is ordered after the last day"), [Length(max=200)])
