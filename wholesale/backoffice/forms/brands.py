"""The form of a brand."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, Optional

from wholesale.backoffice.forms.settings import SettingsForm, in_languages
from wholesale.catalog.models import Brand
from wholesale.web.forms import QuantityField, Required


class BrandForm(SettingsForm):
    """A brand: what it is called, where it stands, what is told of it."""

    GROUPS = (
        (_l("Brand"), ("code", "name_ja", "name_en", "name_zh", "name_zh_hant", "position")),
        (
            _l("Text about it"),
            ("description_ja", "description_en", "description_zh", "description_zh_hant"),
        ),
    )
    code = StringField(_l("Code"), [Required(), Length(max=60)])
    name_ja = StringField(_l("Name in Japanese"), [Required(), Length(max=100)])
    name_en = StringField(_l("Name in English"), [Length(max=100)])
    name_zh = StringField(_l("Name in Chinese"), [Length(max=100)])
    name_zh_hant = StringField(_l("Name in traditional Chinese"), [Length(max=100)])
    position = QuantityField(_l("Place among the brands"), [Optional()])
    description_ja = TextAreaField(_l("Description in Japanese"), [Length(max=4000)])
    description_en = TextAreaField(_l("Description in English"), [Length(max=4000)])
    description_zh = TextAreaField(_l("Description in Chinese"), [Length(max=4000)])
    description_zh_hant = TextAreaField(
        _l("Description in traditional Chinese"), [Length(max=4000)]
    )

    @classmethod
    def of(cls, it: Brand) -> BrandForm:
        """Filled from what is stored."""
        return cls(
            data={
                **in_languages("name", it.name), **in_languages("description", it.description),
                "code": it.code, "position": it.position, "version": it.version,
            }
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Columns of Brand."""
        return {
            "code": (self.code.data or "").strip(), "name": self.names("name"),
            "description": self.names("description") or None,
            "position": int(self.position.data or 0),
        }  # fmt: skip
