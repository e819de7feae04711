"""What a trader must know of an item beside its price: materials, sizes, carton, origin, tax, shelf life."""

from __future__ import annotations

from decimal import Decimal

from babel import Locale
from flask_babel import gettext as _

from wholesale.catalog.models import Product, Sku
from wholesale.company.models import TaxClass
from wholesale.company.taxing import rate_of
from wholesale.kernel import clock
from wholesale.kernel.text import in_posix, localized
from wholesale.offers.line_sheets import size_text
from wholesale.web.filters import figure, language

GRAMS = 1000


def facts(product: Product, sku: Sku, country: str) -> list[tuple[str, str]]:
    """(word, what is known) of one SKU, in the reader's language; nothing of what is not known.

    `country` is where it goes to: tax is that of our own country and stands with those in it alone.
    """
    told = [
        (_("Materials"), localized(product.materials, language())),
        (_("Size (W×D×H)"), _millimetres(sku.width_mm, sku.depth_mm, sku.height_mm)),
        (_("Weight"), weight(sku.weight_grams)),
        (_("Carton"), _carton(sku)),
        (_("Best before"), _shelf_life(sku.shelf_life_days)),
        (_("Made in"), _country(product.origin)),
        (_("HS code"), product.hs_code),
        (_("Consumption tax"), _tax(product.tax_class) if country == "JP" else ""),
    ]
    return [(word, value) for word, value in told if value]


def weight(grams: int | None) -> str:
    """850 g, 12.4 kg; "" for none."""
    if not grams:
        return ""
    if grams < GRAMS:
        return f"{grams} g"
    kilograms = (Decimal(grams) / GRAMS).quantize(Decimal("0.01")).normalize()
    return f"{kilograms:f} kg"


def _millimetres(*sides: int | None) -> str:
    text = size_text(*sides)
    return f"{text} mm" if text else ""


def _carton(sku: Sku) -> str:
    pieces = sku.carton_quantity
    parts = [
        _("%(pieces)s pcs", pieces=figure(pieces)) if pieces else "",
        _millimetres(sku.carton_width_mm, sku.carton_depth_mm, sku.carton_height_mm),
        weight(sku.carton_weight_grams),
    ]
    return " ・ ".join(part for part in parts if part)


def _shelf_life(days: int | None) -> str:
    return _("%(days)s days from production", days=figure(days)) if days else ""


def _country(code: str) -> str:
    return str(Locale.parse(in_posix(language())).territories.get(code, code)) if code else ""


def _tax(kind: TaxClass) -> str:
    if kind is TaxClass.EXEMPT:
        return _("Exempt")
    percent = (rate_of(kind, clock.today()) * 100).normalize()
    if kind is TaxClass.REDUCED:
        return _("%(percent)s%% (reduced rate)", percent=f"{percent:f}")
    return f"{percent:f}%"
