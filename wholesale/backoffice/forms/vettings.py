"""The form of one check of a customer."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from wholesale.backoffice.forms.settings import NOT_NEGATIVE
from wholesale.customers.vetting import HIGHEST_SCORE
from wholesale.customers.vettings import VettingKind, VettingResult
from wholesale.web.forms import DayField, HouseForm, NumberField, QuantityField, Required

KINDS = [
    SelectChoice(VettingKind.ANTISOCIAL.value, _l("Anti-social forces")),
    SelectChoice(VettingKind.CREDIT.value, _l("Credit report")),
    SelectChoice(VettingKind.REGISTRATION.value, _l("Registration number confirmed")),
    SelectChoice(VettingKind.CONTRACT.value, _l("Basic contract")),
    SelectChoice(VettingKind.DEPOSIT.value, _l("Security deposit")),
]
RESULTS = [
    SelectChoice(VettingResult.PASSED.value, _l("passed")),
    SelectChoice(VettingResult.OPEN.value, _l("still open")),
    SelectChoice(VettingResult.FAILED.value, _l("not passed")),
]
SCORE = NumberRange(min=0, max=HIGHEST_SCORE, message=_l("Enter 0 to 100."))


class VettingForm(HouseForm):
    """What was looked at, by whom, and what came out."""

    kind = SelectField(_l("Check"), choices=KINDS)
    result = SelectField(_l("Result"), choices=RESULTS)
    done_on = DayField(_l("Day of the check"), [Required()])
    done_by = StringField(_l("Checked by"), [Required(), Length(max=80)])
    source = StringField(_l("Source or number"), [Length(max=80)])
    score = QuantityField(_l("Score"), [Optional(), SCORE])
    amount = NumberField(_l("Deposit"), [Optional(), NOT_NEGATIVE])
    expires_on = DayField(_l("Ends on"), [Optional()])
    review_on = DayField(_l("Next review"), [Optional()])
    note = StringField(_l("Note"), [Length(max=400)])

    def values(self) -> dict[str, Any]:
        """Columns of Vetting."""
        return {
            "kind": VettingKind(self.kind.data), "result": VettingResult(self.result.data),
            **{name: self[name].data for name in ("done_on", "score", "amount", "expires_on", "review_on")},
            **{name: (self[name].data or "").strip() for name in ("done_by", "source", "note")},
        }  # fmt: skip
