"""Forms about orders."""

from __future__ import annotations

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import AnyOf, Length

from wholesale.backoffice.marks import HOLDS
from wholesale.orders.models import Order
from wholesale.web.forms import DayField, HouseForm, QuantityField, Required, folded


class PromiseForm(HouseForm):
    """The day that is promised."""

    promised_on = DayField(_l("Delivery date"), [Required()])


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
