"""Forms about products, their SKUs and axes, and the tree of categories."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional, Regexp, StopValidation

from wholesale.backoffice.forms.settings import (
    CODE,
    NOT_NEGATIVE,
    TAX_CLASSES,
    SettingsForm,
    in_languages,
)
from wholesale.catalog.models import Brand, Category, Life, OrderPolicy, Product, Sku, SkuState
from wholesale.company.models import TaxClass
from wholesale.kernel.db import Names
from wholesale.kernel.text import localized
from wholesale.web.filters import language
from wholesale.web.forms import DayField, QuantityField, Required

LIVES = {
    Life.NEW: _l("New items"),
    Life.CURRENT: _l("In the range"),
    Life.ENDING: _l("To be discontinued"),
    Life.ENDED: _l("Discontinued"),
}
STATES = {
    SkuState.SELLING: _l("For sale"),
    SkuState.HIDDEN: _l("Not shown"),
    SkuState.DISCONTINUED: _l("Discontinued"),
}
POLICIES = {
    OrderPolicy.IN_STOCK: _l("From stock only"),
    OrderPolicy.BACKORDER: _l("Also on back order"),
    OrderPolicy.PREORDER: _l("Pre-order"),
    OrderPolicy.MADE_TO_ORDER: _l("Made to order"),
}
VALUE_CODE = Regexp(r"^[A-Za-z0-9]+$", message=_l("Letters and digits only."))
HS = Regexp(r"^[0-9.]{4,12}$", message=_l("Digits and dots, such as 6912.00."))
SIZE = NumberRange(min=1, max=100_000, message=_l("Enter 1 to 100,000 millimetres."))
COUNTRY = Regexp(r"^[A-Z]{2}$", message=_l("Two letters, such as JP."))


def choices(words: dict[Any, Any]) -> list[SelectChoice]:
    """Words of an enumeration as options."""
    return [SelectChoice(one.value, word) for one, word in words.items()]


def in_order(options: Iterable[Brand | Category]) -> list[SelectChoice]:
    """Brands, or categories as they stand in the tree, each below its parent."""
    found = [SelectChoice("", "–")]
    for one in options:
        depth = one.path.count("/") - 2 if isinstance(one, Category) else 0
        found.append(SelectChoice(str(one.id), "　" * depth + localized(one.name, language())))
    return found


class ProductForm(SettingsForm):
    """A product whole, but for its SKUs."""

    GROUPS = (
        (_l("Name"), ("code", "name_ja", "name_en", "name_zh", "name_zh_hant")),
        (_l("Reading"), ("reading_ja", "reading_en", "reading_zh", "reading_zh_hant")),
        (
            _l("Text about it"),
            ("description_ja", "description_en", "description_zh", "description_zh_hant"),
        ),
        (_l("Materials"), ("materials_ja", "materials_en", "materials_zh", "materials_zh_hant")),
        (_l("Where it belongs"), ("brand", "category", "tags", "custom")),
        (_l("Tax and customs"), ("tax_class", "unit", "is_net", "hs_code", "origin")),
        (_l("Life"), ("life", "launched_on", "last_order_on", "successor")),
    )
    code = StringField(_l("Product code"), [Required(), Length(max=60), CODE])
    name_ja = StringField(_l("Name in Japanese"), [Required(), Length(max=200)])
    name_en = StringField(_l("Name in English"), [Length(max=200)])
    name_zh = StringField(_l("Name in Chinese"), [Length(max=200)])
    name_zh_hant = StringField(_l("Name in traditional Chinese"), [Length(max=200)])
    reading_ja = StringField(_l("Reading in kana"), [Length(max=200)])
    reading_en = StringField(_l("Reading in English"), [Length(max=200)])
    reading_zh = StringField(_l("Reading in Chinese (pinyin)"), [Length(max=200)])
    reading_zh_hant = StringField(_l("Reading in traditional Chinese"), [Length(max=200)])
    description_ja = TextAreaField(_l("Description in Japanese"), [Length(max=4000)])
    description_en = TextAreaField(_l("Description in English"), [Length(max=4000)])
    description_zh = TextAreaField(_l("Description in Chinese"), [Length(max=4000)])
    description_zh_hant = TextAreaField(
        _l("Description in traditional Chinese"), [Length(max=4000)]
    )
    materials_ja = StringField(_l("Materials in Japanese"), [Length(max=400)])
    materials_en = StringField(_l("Materials in English"), [Length(max=400)])
    materials_zh = StringField(_l("Materials in Chinese"), [Length(max=400)])
    materials_zh_hant = StringField(_l("Materials in traditional Chinese"), [Length(max=400)])
    brand = SelectField(_l("Brand"))
    category = SelectField(_l("Category"))
    tags = StringField(_l("Tags, with commas"), [Length(max=400)])
    custom = TextAreaField(_l("Fields of our own, one “name: value” a line"), [Length(max=4000)])
    tax_class = SelectField(_l("Tax class"), choices=choices(TAX_CLASSES))
    unit = StringField(_l("Unit"), [Required(), Length(max=12)], default="piece")
    is_net = BooleanField(_l("Net price: no rate applies"))
    hs_code = StringField(_l("HS code"), [Optional(), HS])
    origin = StringField(_l("Country of origin"), [Optional(), COUNTRY])
    life = SelectField(_l("Stage"), choices=choices(LIVES), default=Life.CURRENT.value)
    launched_on = DayField(_l("On sale from"))
    last_order_on = DayField(_l("Last day to order"))
    successor = StringField(_l("Successor (product code)"), [Length(max=60)])

    def validate_custom(self, field: TextAreaField) -> None:
        """Every line names its field."""
        for line in filter(str.strip, (field.data or "").splitlines()):
            if not _pair(line)[0]:
                raise StopValidation(gettext("Write “name: value” on each line."))

    def offer(self, brands: Iterable[Brand], categories: Iterable[Category]) -> ProductForm:
        """With the brands and the tree to choose from."""
        self.brand.choices, self.category.choices = in_order(brands), in_order(categories)
        return self

    @classmethod
    def of(cls, it: Product, successor: str) -> ProductForm:
        """Filled from what is stored."""
        names = ("code", "unit", "is_net", "hs_code", "origin", "launched_on", "last_order_on",
                 "version")  # fmt: skip
        return cls(
            data={
                **{name: getattr(it, name) for name in names},
                **in_languages("name", it.name), **in_languages("description", it.description),
                **in_languages("materials", it.materials),
                **in_languages("reading", it.readings), "reading_ja": it.reading,
                "brand": str(it.brand_id or ""), "category": str(it.category_id or ""),
                "tags": ", ".join(it.tags), "successor": successor,
                "custom": "\n".join(f"{name}: {value}" for name, value in it.custom.items()),
                "tax_class": it.tax_class.value, "life": it.life.value,
            }
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Columns of Product, and `successor` as a code."""
        texts = ("code", "unit", "hs_code", "origin", "successor")
        readings = self.names("reading")
        lines = filter(str.strip, (self.custom.data or "").splitlines())
        return {
            **{name: (self[name].data or "").strip() for name in texts},
            "name": self.names("name"), "description": self.names("description") or None,
            "materials": self.names("materials") or None,
            "reading": readings.pop("ja", ""), "readings": readings or None,
            "brand_id": int(self.brand.data) if self.brand.data else None,
            "category_id": int(self.category.data) if self.category.data else None,
            "tags": _tags(self.tags.data or ""), "custom": dict(map(_pair, lines)),
            "tax_class": TaxClass(self.tax_class.data), "is_net": bool(self.is_net.data),
            "life": Life(self.life.data), "launched_on": self.launched_on.data,
            "last_order_on": self.last_order_on.data,
        }  # fmt: skip


def _tags(typed: str) -> list[str]:
    plain = typed.replace("、", ",").replace("，", ",").split(",")
    return list(dict.fromkeys(tag.strip() for tag in plain if tag.strip()))


def _pair(line: str) -> tuple[str, str]:
    name, mark, value = line.replace("：", ":", 1).partition(":")
    return (name.strip(), value.strip()) if mark else ("", "")


class SkuForm(SettingsForm):
    """What belongs to one variant."""

    GROUPS = (
        (_l("SKU"), ("code", "jan", "supplier_code", "state", "swatch")),
        (_l("Quantities"), ("minimum", "multiple", "maximum")),
        (_l("Delivery"), ("policy", "lead_days", "shelf_life_days")),
        (_l("One piece"), ("width_mm", "depth_mm", "height_mm", "weight_grams")),
        (
            _l("A full carton"),
            (
                "carton_quantity",
                "carton_width_mm",
                "carton_depth_mm",
                "carton_height_mm",
                "carton_weight_grams",
            ),
        ),
    )
    code = StringField(_l("Code"))
    jan = StringField(_l("JAN"), [Length(max=20)])
    supplier_code = StringField(_l("Supplier's code"), [Length(max=60)])
    state = SelectField(_l("State"), choices=choices(STATES))
    swatch = StringField(
        _l("Colour (such as #8a6f4d)"),
        [
            Optional(),
            Regexp(r"^#[0-9a-fA-F]{6}$", message=_l("A # and six signs, such as #8a6f4d.")),
        ],
    )
    minimum = QuantityField(_l("At least"), [Required()])
    multiple = QuantityField(_l("In lots of"), [Required()])
    maximum = QuantityField(_l("At most"), [Optional()])
    carton_quantity = QuantityField(_l("Pieces per carton"), [Optional()])
    policy = SelectField(_l("Order policy"), choices=choices(POLICIES))
    lead_days = QuantityField(_l("Lead time (days)"), [Optional()])
    weight_grams = QuantityField(_l("Weight (g)"), [Optional(), NOT_NEGATIVE])
    shelf_life_days = QuantityField(_l("Shelf life (days)"), [Optional()])
    width_mm = QuantityField(_l("Width (mm)"), [Optional(), SIZE])
    depth_mm = QuantityField(_l("Depth (mm)"), [Optional(), SIZE])
    height_mm = QuantityField(_l("Height (mm)"), [Optional(), SIZE])
    carton_width_mm = QuantityField(_l("Carton width (mm)"), [Optional(), SIZE])
    carton_depth_mm = QuantityField(_l("Carton depth (mm)"), [Optional(), SIZE])
    carton_height_mm = QuantityField(_l("Carton height (mm)"), [Optional(), SIZE])
    carton_weight_grams = QuantityField(_l("Weight of a full carton (g)"), [Optional()])

    TEXTS = ("jan", "supplier_code", "swatch")
    FIGURES = ("minimum", "multiple", "maximum", "carton_quantity", "lead_days", "weight_grams",
               "shelf_life_days", "width_mm", "depth_mm", "height_mm", "carton_width_mm",
               "carton_depth_mm", "carton_height_mm", "carton_weight_grams")  # fmt: skip

    @classmethod
    def of(cls, sku: Sku) -> SkuForm:
        """Filled from what is stored; the version is the product's."""
        return cls(
            data={
                **{name: getattr(sku, name) for name in ("code", *cls.TEXTS, *cls.FIGURES)},
                "state": sku.state.value, "policy": sku.policy.value,
                "version": sku.product.version,
            }
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Columns of Sku."""
        return {
            **{name: (self[name].data or "").strip() for name in self.TEXTS},
            **{name: self[name].data for name in self.FIGURES},
            "state": SkuState(self.state.data), "policy": OrderPolicy(self.policy.data),
        }  # fmt: skip


class AxisForm(SettingsForm):
    """The name of an axis, or of a value of one."""

    name_ja = StringField(_l("Name in Japanese"), [Required(), Length(max=60)])
    name_en = StringField(_l("Name in English"), [Length(max=60)])
    name_zh = StringField(_l("Name in Chinese"), [Length(max=60)])
    name_zh_hant = StringField(_l("Name in traditional Chinese"), [Length(max=60)])

    def chosen(self) -> Names:
        """The name in the languages that were filled."""
        return self.names("name")


class ValueForm(AxisForm):
    """A value to come: its code goes into the codes of its SKUs."""

    code = StringField(_l("Code"), [Required(), Length(max=20), VALUE_CODE])


class NewAxisForm(ValueForm):
    """An axis to come, and the value on it of the SKUs there are."""

    axis_ja = StringField(_l("Axis in Japanese"), [Required(), Length(max=60)])
    axis_en = StringField(_l("Axis in English"), [Length(max=60)])
    axis_zh = StringField(_l("Axis in Chinese"), [Length(max=60)])
    axis_zh_hant = StringField(_l("Axis in traditional Chinese"), [Length(max=60)])

    def axis(self) -> Names:
        """The name of the axis."""
        return self.names("axis")


class PictureForm(SettingsForm):
    """What a picture shows, and of which colour."""

    colour = StringField(_l("Colour"), [Length(max=20)])
    alt_ja = StringField(_l("Alternative text in Japanese"), [Length(max=200)])
    alt_en = StringField(_l("Alternative text in English"), [Length(max=200)])
    alt_zh = StringField(_l("Alternative text in Chinese"), [Length(max=200)])
    alt_zh_hant = StringField(_l("Alternative text in traditional Chinese"), [Length(max=200)])


class CategoryForm(SettingsForm):
    """A place in the tree."""

    GROUPS = (
        (_l("Category"), ("code", "name_ja", "name_en", "name_zh", "name_zh_hant")),
        (_l("Place in the tree"), ("parent", "position")),
    )
    code = StringField(_l("Code"), [Required(), Length(max=60)])
    name_ja = StringField(_l("Name in Japanese"), [Required(), Length(max=100)])
    name_en = StringField(_l("Name in English"), [Length(max=100)])
    name_zh = StringField(_l("Name in Chinese"), [Length(max=100)])
    name_zh_hant = StringField(_l("Name in traditional Chinese"), [Length(max=100)])
    parent = SelectField(_l("Lies in"))
    position = QuantityField(_l("Order among its siblings"), [Optional()])

    def offer(self, categories: Iterable[Category]) -> CategoryForm:
        """With the tree to choose from, by code."""
        self.parent.choices = [SelectChoice("", "–")] + [
            SelectChoice(
                one.code, "　" * (one.path.count("/") - 2) + localized(one.name, language())
            )
            for one in categories
        ]
        return self

    @classmethod
    def of(cls, it: Category, parent: str) -> CategoryForm:
        """Filled from what is stored."""
        return cls(
            data={
                **in_languages("name", it.name), "code": it.code, "parent": parent,
                "position": it.position, "version": it.version,
            }
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Columns of Category, and `parent` as a code."""
        return {
            "code": (self.code.data or "").strip(), "name": self.names("name"),
            "parent": self.parent.data or "", "position": int(self.position.data or 0),
        }  # fmt: skip
