"""Facts about SKUs, read as plain rows for a whole page at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from wholesale.catalog.models import Category, OrderPolicy, Picture, Product, Sku, SkuState
from wholesale.company.models import TaxClass
from wholesale.kernel.db import Names, session


@dataclass(frozen=True, slots=True)
class SkuFacts:
    """What one SKU is: names, place in the trees, and the quantities it is sold in (pieces)."""

    id: int
    code: str
    jan: str | None
    product_id: int
    product_code: str
    name: Names
    option_1: Names | None
    option_1_code: str
    option_2: Names | None
    option_3: Names | None
    swatch: str
    state: SkuState
    policy: OrderPolicy
    lead_days: int | None
    minimum: int
    multiple: int
    maximum: int | None
    carton_quantity: int | None
    tax_class: TaxClass
    is_net: bool
    brand_id: int | None
    category_path: str
    unit: str
    launched_on: date | None
    leads: bool
    position: int

    @property
    def categories(self) -> list[int]:
        """The ids of its category and all above it, the nearest first."""
        return [int(part) for part in reversed(self.category_path.split("/")) if part]

    def full_name(self) -> Names:
        """The product's name with the variant's values, in every language there is."""
        names = dict(self.name)
        for option in (self.option_1, self.option_2, self.option_3):
            if not option:
                continue
            for language, so_far in names.items():
                value = option.get(language) or option.get("ja") or option.get("en") or ""
                names[language] = f"{so_far} {value}".strip()
        return names


_COLUMNS: tuple[Any, ...] = (
    Sku.id, Sku.code, Sku.jan, Sku.product_id, Product.code, Product.name, Sku.option_1,
    Sku.option_1_code, Sku.option_2, Sku.option_3, Sku.swatch, Sku.state, Sku.policy,
    Sku.lead_days, Sku.minimum, Sku.multiple, Sku.maximum, Sku.carton_quantity,
    Product.tax_class, Product.is_net, Product.brand_id, Category.path, Product.unit,
    Product.launched_on, Sku.leads, Sku.position,
)  # fmt: skip


def sku_facts(sku_ids: Iterable[int]) -> dict[int, SkuFacts]:
    """The facts of these SKUs by id, in the order asked for. One statement."""
    ids = list(dict.fromkeys(sku_ids))
    rows = {
        row[0]: SkuFacts(*(*row[:21], row[21] or "", *row[22:]))
        for row in session.execute(
            select(*_COLUMNS)
            .join(Product, Product.id == Sku.product_id)
            .outerjoin(Category, Category.id == Product.category_id)
            .where(Sku.id.in_(ids))
        )
    }
    return {sku_id: rows[sku_id] for sku_id in ids if sku_id in rows}


def sku_ids_by_code(codes: Iterable[str]) -> dict[str, int]:
    """The ids of SKUs by their codes."""
    return {
        code: sku_id
        for sku_id, code in session.execute(
            select(Sku.id, Sku.code).where(Sku.code.in_(set(codes)))
        )
    }


def pictures(facts: Iterable[SkuFacts]) -> dict[int, str]:
    """The address of each SKU's first picture below `/`, its own colour's before the product's."""
    wanted = list(facts)
    found: dict[tuple[int, str], str] = {}
    for product_id, option, sha256, asset in session.execute(
        select(Picture.product_id, Picture.option_1_code, Picture.sha256, Picture.asset)
        .where(Picture.product_id.in_({fact.product_id for fact in wanted}))
        .order_by(Picture.position.desc(), Picture.id.desc())
    ):
        found[product_id, option] = f"pictures/{sha256}" if sha256 else f"static/{asset}"
    return {
        fact.id: found.get((fact.product_id, fact.option_1_code))
        or found.get((fact.product_id, ""), "")
        for fact in wanted
    }
