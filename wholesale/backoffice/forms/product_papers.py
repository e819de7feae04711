"""The form of a product's paper."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from wholesale.backoffice.forms.settings import SettingsForm
from wholesale.catalog.models import Product
from wholesale.catalog.product_papers import PaperKind, papers_of
from wholesale.kernel.text import N_
from wholesale.web.forms import DayField

KINDS = {
    PaperKind.FOOD_CONTACT: N_("Food contact"),
    PaperKind.MATERIALS: N_("Materials"),
    PaperKind.ORIGIN: N_("Origin"),
    PaperKind.CARE: N_("Care label"),
    PaperKind.SAFETY: N_("Safety"),
    PaperKind.OTHER: N_("Other paper"),
}


class PaperForm(SettingsForm):
    """A paper that is sent, and for whom it counts."""

    kind = SelectField(
        _l("Kind"),
        choices=[SelectChoice(one.value, _l(word)) for one, word in KINDS.items()],
        id="paper-kind",
    )
    name = StringField(_l("Name"), [Length(max=120)], id="paper-name")
    markets = StringField(
        _l("Markets (JP, US, EU; empty: everywhere)"), [Length(max=200)], id="paper-markets"
    )
    sku = StringField(_l("Only for the SKU"), [Length(max=60)], id="paper-sku")
    valid_from = DayField(_l("Valid from"), id="paper-valid-from")
    expires_on = DayField(_l("Runs out on"), id="paper-expires-on")

    def values(self) -> dict[str, Any]:
        """Columns of ProductPaper, without its file and its SKU."""
        return {
            "kind": PaperKind(self.kind.data), "name": (self.name.data or "").strip(),
            "markets": self.markets.data or "", "valid_from": self.valid_from.data,
            "expires_on": self.expires_on.data,
        }  # fmt: skip


def section(product: Product, form: PaperForm | None = None) -> dict[str, Any]:
    """What the part about papers on a product's page shows."""
    return {
        "papers": papers_of(product.id), "paper_kinds": KINDS,
        "paper_form": form or PaperForm(data={}),
    }  # fmt: skip
