"""The codes of an order sheet: SKUs by any of their codes, variants of a grid, codes that are near."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, or_, select

from wholesale.catalog.models import PartNumber, Product, Sku
from wholesale.catalog.visibility import is_visible, open_catalogs
from wholesale.customers.models import Customer
from wholesale.exchange.near import near_codes
from wholesale.exchange.order_lines import Variant
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.sheets import folded

MOST_KNOWN, HEAD = 2000, 3


def skus_by_any_code(codes: Iterable[str], customer: Customer) -> dict[str, int]:
    """SKUs by code, JAN or the customer's own part number, in capitals. Two statements."""
    wanted = {code.upper() for code in codes}
    if not wanted:
        return {}
    found = {
        number.upper(): sku
        for number, sku in session.execute(
            select(PartNumber.number, PartNumber.sku_id).where(
                PartNumber.customer_id == customer.id, func.upper(PartNumber.number).in_(wanted)
            )
        )
    }
    for sku, code, jan in session.execute(
        select(Sku.id, Sku.code, Sku.jan).where(
            or_(func.upper(Sku.code).in_(wanted), Sku.jan.in_(wanted))
        )
    ):
        if jan:
            found[jan] = sku
        found[code.upper()] = sku
    return found


def variants(models: set[str]) -> dict[str, dict[tuple[str, str], int]]:
    """{model: {(colour, size): SKU}} with every word for them, folded, either way round."""
    found: dict[str, dict[tuple[str, str], int]] = {}
    if not models:
        return found
    rows = session.execute(
        select(Product.code, Sku.id, Sku.option_1, Sku.option_1_code, Sku.option_2, Sku.option_2_code)
        .join(Sku, Sku.product_id == Product.id)
        .where(func.upper(Product.code).in_(models))
        .order_by(Sku.id)
    )  # fmt: skip
    for model, sku, first, first_code, second, second_code in rows:
        grid = found.setdefault(model.upper(), {})
        for one in {*(first or {}).values(), first_code} - {""}:
            for two in {*(second or {}).values(), second_code} - {""}:
                grid.setdefault((folded(one), folded(two)), sku)
                grid.setdefault((folded(two), folded(one)), sku)
    return found


def of_grid(variant: Variant, grids: Mapping[str, Mapping[tuple[str, str], int]]) -> int:
    """The SKU in a field of a grid, 0 for none."""
    grid = grids.get(variant.model.upper(), {})
    return grid.get((folded(variant.down), folded(variant.across)), 0)


def near(codes: Sequence[str], customer: Customer) -> dict[str, tuple[str, ...]]:
    """For each code that nobody knows, those like it which the customer may order."""
    heads = {code.upper()[:HEAD] for code in codes}
    if not heads:
        return {}
    known = session.scalars(
        select(Sku.code)
        .join(Product, Product.id == Sku.product_id)
        .where(
            or_(*(Sku.code.startswith(head, autoescape=True) for head in heads)),
            is_visible(open_catalogs(customer, clock.now())),
        )
        .limit(MOST_KNOWN)
    ).all()
    return {
        code: tuple(one for one in near_codes(code, known).split(", ") if one) for code in codes
    }
