"""Forms about stock: what came in, what was counted."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from wholesale.web.forms import HouseForm, QuantityField, Required, positive


class ReceiveForm(HouseForm):
    """So many pieces came in at a place."""

    place = StringField(_l("Warehouse"), [Required()])
    quantity = QuantityField(_l("Pieces"), [Required(), positive])


class ArrivalForm(HouseForm):
    """So many pieces of an expected arrival came in."""

    quantity = QuantityField(_l("Pieces"), [Required(), positive])


class CountForm(HouseForm):
    """What was counted at a place, and why the level changes."""

    place = StringField(_l("Warehouse"), [Required()])
    counted = QuantityField(_l("Counted"), [Required()])
    reason = StringField(_l("Reason"), [Required(), Length(max=200)])
