"""Saving products and their SKUs, many at once, so that a sheet and a screen use one verb."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from wholesale.catalog import searching
from wholesale.catalog.models import Brand, Category, Life, Product, Sku, SkuState
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import Names, session


@dataclass(frozen=True, slots=True)
class SkuDraft:
    """What a SKU shall be; `values` are columns of Sku."""

    code: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """What a product shall be; brand and category by name, made where they don't exist."""

    code: str
    values: Mapping[str, Any]
    brand: str = ""
    category: str = ""
    skus: Sequence[SkuDraft] = field(default_factory=tuple)


@dataclass(slots=True)
class Saved:
    """What saving did to each SKU, by its code."""

    ids: dict[str, int] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)


def save_products(drafts: Iterable[ProductDraft], by: Actor) -> Saved:
    """Create or change products and SKUs; what is equal stays untouched. Search follows."""
    drafts = list(drafts)
    saved = Saved()
    brands = _named(Brand, {draft.brand for draft in drafts if draft.brand})
    categories = _named(Category, {draft.category for draft in drafts if draft.category})
    products = _known(Product, [draft.code for draft in drafts])
    skus = _known(Sku, [sku.code for draft in drafts for sku in draft.skus])
    changed = {
        draft.code: _save_product(draft, products, brands, categories, by) for draft in drafts
    }
    session.flush()  # SKUs carry the ids of their products
    for draft in drafts:
        _save_skus(products[draft.code], draft.skus, skus, changed[draft.code], saved)
    session.flush()  # ids for the search rows
    saved.ids = {code: sku.id for code, sku in skus.items()}
    mark_leads({sku.product_id for sku in skus.values()})
    touched = saved.created | saved.updated
    searching.index(sku.id for code, sku in skus.items() if code in touched)
    return saved


def _save_product(
    draft: ProductDraft,
    known: dict[str, Product],
    brands: Mapping[str, Brand],
    categories: Mapping[str, Category],
    by: Actor,
) -> bool:
    """Make or change one product; whether it is new or another."""
    values = dict(draft.values)
    if draft.brand:
        values["brand_id"] = brands[draft.brand].id
    if draft.category:
        values["category_id"] = categories[draft.category].id
    product = known.get(draft.code)
    if product is None:
        product = known[draft.code] = Product(code=draft.code, **values)
        session.add(product)
        journal.record(product, "product:made", by, code=draft.code)
        return True
    changed = _apply(product, values)
    if changed:
        journal.record(product, "product:changed", by, fields=changed)
    return bool(changed)


def _save_skus(
    product: Product,
    drafts: Sequence[SkuDraft],
    known: dict[str, Sku],
    product_changed: bool,  # noqa: FBT001 - a product's change is its SKUs' change
    saved: Saved,
) -> None:
    for draft in drafts:
        sku = known.get(draft.code)
        if sku is None:
            known[draft.code] = Sku(code=draft.code, product_id=product.id, **draft.values)
            session.add(known[draft.code])
            saved.created.add(draft.code)
        elif _apply(sku, {**draft.values, "product_id": product.id}) or product_changed:
            saved.updated.add(draft.code)


def mark_leads(product_ids: set[int]) -> None:
    """Say which SKUs stand in lists. With two axes the first SKU of each colour stands for it in lists; otherwise each for itself."""
    seen: set[tuple[int, str]] = set()
    for sku, life in session.execute(
        select(Sku, Product.life)
        .join(Product, Product.id == Sku.product_id)
        .where(Sku.product_id.in_(product_ids))
        .order_by(Sku.position, Sku.id)
    ):
        key = (sku.product_id, sku.option_1_code)
        leads = life is not Life.ENDED and (not sku.option_2 or key not in seen)
        if sku.state is SkuState.SELLING:
            seen.add(key)
        if sku.leads != leads:
            sku.leads = leads


def _known(model: type[Any], codes: Sequence[str]) -> dict[str, Any]:
    return {row.code: row for row in session.scalars(select(model).where(model.code.in_(codes)))}


def _named(model: type[Any], names: set[str]) -> dict[str, Any]:
    """Brands or categories by name; unknown ones are made, at the root."""
    known = _known(model, sorted(names))
    for name in sorted(names - set(known)):
        made = model(code=name, name={"ja": name})
        if model is Category:
            made.path = ""
        session.add(made)
        session.flush()  # a category's path holds its id
        if model is Category:
            made.path = f"/{made.id}/"
        known[name] = made
    return known


def _apply(row: Any, values: Mapping[str, Any]) -> list[str]:
    """Set what differs; the names of the changed columns."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def in_languages(ja: str, en: str = "", zh: str = "") -> Names:
    """A name with only the languages that were given."""
    return {code: name for code, name in (("ja", ja), ("en", en), ("zh", zh)) if name}
