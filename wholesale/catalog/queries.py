"""Facts about SKUs, read as plain rows for a whole page at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, func, select

from wholesale.catalog.models import Category, Life, OrderPolicy, Picture, Product, Sku, SkuState
from wholesale.company.models import TaxClass
from wholesale.kernel.db import Names, session


class PlaceFacts(NamedTuple):
    """Where one SKU stands in the trees: all that its price depends on."""

    id: int
    product_id: int
    is_net: bool
    brand_id: int | None
    category_path: str

    @property
    def categories(self) -> list[int]:
        """The ids of its category and all above it, the nearest first."""
        return above(self.category_path)


def above(path: str) -> list[int]:
    """The ids in a category's path (`/1/12/`), the nearest first."""
    return [int(part) for part in reversed(path.split("/")) if part]


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
    weight_grams: int | None = None
    life: Life = Life.CURRENT
    last_order_on: date | None = None

    def is_over(self, on: date) -> bool:
        """Whether its last day to order has gone by."""
        if self.life is Life.ENDED:
            return True
        return (
            self.life is Life.ENDING and self.last_order_on is not None and self.last_order_on < on
        )

    @property
    def categories(self) -> list[int]:
        """The ids of its category and all above it, the nearest first."""
        return above(self.category_path)

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


# Composed once, of the tables alone: putting a statement together costs more than running it.
_sku = cast("Table", Sku.__table__).c
_product = cast("Table", Product.__table__).c
_category = cast("Table", Category.__table__).c
_COLUMNS: tuple[Any, ...] = (
    _sku.id, _sku.code, _sku.jan, _sku.product_id, _product.code, _product.name, _sku.option_1,
    _sku.option_1_code, _sku.option_2, _sku.option_3, _sku.swatch, _sku.state, _sku.policy,
    _sku.lead_days, _sku.minimum, _sku.multiple, _sku.maximum, _sku.carton_quantity,
    _product.tax_class, _product.is_net, _product.brand_id, _category.path, _product.unit,
    _product.launched_on, _sku.leads, _sku.position,
    _sku.weight_grams, _product.life, _product.last_order_on,
)  # fmt: skip
_FACTS = (
    select(*_COLUMNS)
    .join_from(Sku.__table__, Product.__table__, _product.id == _sku.product_id)
    .outerjoin(Category.__table__, _category.id == _product.category_id)
    .where(_sku.id.in_(bindparam("skus", expanding=True)))
)


def sku_facts(sku_ids: Iterable[int]) -> dict[int, SkuFacts]:
    """The facts of these SKUs by id, in the order asked for. One statement."""
    ids = list(dict.fromkeys(sku_ids))
    rows = {
        row[0]: SkuFacts(*(*row[:21], row[21] or "", *row[22:]))
        for row in session.execute(_FACTS, {"skus": ids}).all()
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


_picture = cast("Table", Picture.__table__).c
_SMALL, _LARGE = (
    select(_picture.product_id, _picture.option_1_code, sha256, _picture.asset)
    .where(_picture.product_id.in_(bindparam("products", expanding=True)))
    .order_by(_picture.position.desc(), _picture.id.desc())
    for sha256 in (func.coalesce(_picture.small_sha256, _picture.sha256), _picture.sha256)
)


def pictures(facts: Iterable[SkuFacts], *, large: bool = False) -> dict[int, str]:
    """The address of each SKU's first picture below `/`, its own colour's before the product's."""
    wanted = list(facts)
    products = list({fact.product_id for fact in wanted})
    found: dict[tuple[int, str], str] = {}
    for product_id, option, sha256, asset in session.execute(
        _LARGE if large else _SMALL, {"products": products}
    ).all():
        found[product_id, option] = f"pictures/{sha256}" if sha256 else f"static/{asset}"
    return {
        fact.id: found.get((fact.product_id, fact.option_1_code))
        or found.get((fact.product_id, ""), "")
        for fact in wanted
    }
