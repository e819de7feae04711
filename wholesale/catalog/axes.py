"""The axes of a product, which may change later: SKUs keep their ids, codes and history."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from wholesale.catalog.editing import follow, touch
from wholesale.catalog.models import Product, Sku, SkuState
from wholesale.company.changing import CodeTaken, check_version
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import Names, session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

MOST_AXES = 3
MOST_SKUS = 500


class TooManyAxes(DomainError):
    """Three axes are what a SKU has places for."""

    message = N_("A product has at most three axes.")


class TooManySkus(DomainError):
    """More variants than a page can show."""

    message = N_("That would make %(count)s SKUs; a product has at most %(most)s.")


class ValueTaken(DomainError):
    """Values of an axis have codes of their own."""

    message = N_("The axis has a value with the code %(code)s already.")


class NoSuchValue(DomainError):
    """A value that isn't there, or an axis."""

    message = N_("There is no such axis or value on this product.")


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an axis: its code, name, and whether any of its SKUs is still sold."""

    code: str
    name: Names
    is_sold: bool
    skus: int


def code_at(sku: Sku, axis: int) -> str:
    """The code of a SKU's value on an axis (1 to 3); its name where an import gave it none."""
    name: Names = getattr(sku, f"option_{axis}") or {}
    return str(
        getattr(sku, f"option_{axis}_code") or name.get("ja") or next(iter(name.values()), "")
    )


def values_of(skus: Sequence[Sku], axis: int) -> list[Value]:
    """The values of an axis in the order of the SKUs."""
    groups: dict[str, list[Sku]] = {}
    for sku in skus:
        groups.setdefault(code_at(sku, axis), []).append(sku)
    return [
        Value(
            code, getattr(group[0], f"option_{axis}") or {},
            any(sku.state is SkuState.SELLING for sku in group), len(group),
        )
        for code, group in groups.items()
        if code
    ]  # fmt: skip


def skus_of(product: Product) -> list[Sku]:
    """Every SKU of a product, in order."""
    order = (Sku.position, Sku.id)
    return list(session.scalars(select(Sku).where(Sku.product_id == product.id).order_by(*order)))


def add_axis(
    product: Product, name: Names, code: str, value: Names, version: int, by: Actor
) -> None:
    """One axis more; the SKUs there are get `value` on it and stay who they are.

    Raises Conflict, TooManyAxes.
    """
    check_version(product, version)
    if len(product.axes) >= MOST_AXES:
        raise TooManyAxes
    product.axes = [*product.axes, name]
    axis = len(product.axes)
    for sku in skus_of(product):
        setattr(sku, f"option_{axis}", value)
        setattr(sku, f"option_{axis}_code", code)
    _tell(product, "axis-added", by, axis=[None, name], value=[None, value])


def rename_axis(product: Product, axis: int, name: Names, version: int, by: Actor) -> None:
    """Call an axis something else. Raises Conflict, NoSuchValue."""
    check_version(product, version)
    _check_axis(product, axis)
    old = product.axes[axis - 1]
    product.axes = [*product.axes[: axis - 1], name, *product.axes[axis:]]
    _tell(product, "axis-renamed", by, axis=[old, name])


def add_value(
    product: Product, axis: int, code: str, name: Names, version: int, by: Actor
) -> list[Sku]:
    """One value more, with a SKU for each combination of the other axes' values.

    Raises Conflict, NoSuchValue, ValueTaken, TooManySkus, CodeTaken.
    """
    check_version(product, version)
    _check_axis(product, axis)
    there = skus_of(product)
    if code in {one.code for one in values_of(there, axis)}:
        raise ValueTaken(code=code)
    models = {
        tuple(code_at(sku, n) for n in range(1, len(product.axes) + 1) if n != axis): sku
        for sku in reversed(there)
    }
    if len(there) + len(models) > MOST_SKUS:
        raise TooManySkus(count=len(there) + len(models), most=MOST_SKUS)
    made = [_like(sku, product, axis, code, name) for sku in models.values()]
    codes = [sku.code for sku in made]
    taken = session.scalar(select(Sku.code).where(Sku.code.in_(codes)).limit(1))
    if taken is not None:
        raise CodeTaken(code=taken)
    session.add_all(made)
    session.flush()  # they are put in order with the others
    _in_order(product, lambda values: values)
    _tell(product, "value-added", by, value=[None, name], skus=[None, ", ".join(sorted(codes))])
    return made


def _like(sku: Sku, product: Product, axis: int, code: str, name: Names) -> Sku:
    """A SKU that differs from another in one value; what belongs to one SKU alone is not taken."""
    kept = ("option_1", "option_1_code", "option_2", "option_2_code", "option_3", "option_3_code",
            "policy", "lead_days", "minimum", "multiple", "maximum", "carton_quantity", "weight_grams",
            "shelf_life_days", "cost", "width_mm", "depth_mm", "height_mm", "carton_width_mm",
            "carton_depth_mm", "carton_height_mm", "carton_weight_grams")  # fmt: skip
    values = {column: getattr(sku, column) for column in kept}
    values |= {f"option_{axis}": name, f"option_{axis}_code": code}
    codes = [code if n == axis else code_at(sku, n) for n in range(1, len(product.axes) + 1)]
    return Sku(product_id=product.id, code="-".join([product.code, *codes])[:60],
               position=sku.position, **values)  # fmt: skip


def rename_value(
    product: Product, axis: int, code: str, name: Names, version: int, by: Actor
) -> None:
    """Call a value something else on all of its SKUs. Raises Conflict, NoSuchValue."""
    group = _group(product, axis, code, version)
    old = getattr(group[0], f"option_{axis}")
    for sku in group:
        setattr(sku, f"option_{axis}", name)
    _tell(product, "value-renamed", by, value=[old, name])


def retire_value(product: Product, axis: int, code: str, version: int, by: Actor) -> None:
    """Sell no SKU of a value any more. Raises Conflict, NoSuchValue."""
    _set_state(product, axis, code, SkuState.DISCONTINUED, version, by)


def restore_value(product: Product, axis: int, code: str, version: int, by: Actor) -> None:
    """Sell the SKUs of a value again. Raises Conflict, NoSuchValue."""
    _set_state(product, axis, code, SkuState.SELLING, version, by)


def _set_state(
    product: Product, axis: int, code: str, state: SkuState, version: int, by: Actor
) -> None:
    group = _group(product, axis, code, version)
    changed = [sku for sku in group if sku.state is not state]
    for sku in changed:
        sku.state = state
    did = "value-retired" if state is SkuState.DISCONTINUED else "value-restored"
    _tell(
        product, did, by, value=[code, state.value], skus=[None, ", ".join(s.code for s in changed)]
    )


def move_value(product: Product, axis: int, code: str, step: int, version: int, by: Actor) -> None:
    """Put a value one place earlier (−1) or later (1). Raises Conflict, NoSuchValue."""
    _group(product, axis, code, version)

    def moved(values: list[str]) -> list[str]:
        if code not in values:
            return values
        at = values.index(code)
        to = min(max(at + step, 0), len(values) - 1)
        values.insert(to, values.pop(at))
        return values

    before = [one.code for one in values_of(skus_of(product), axis)]
    _in_order(product, moved)
    after = moved([*before])
    _tell(product, "value-moved", by, value=[", ".join(before), ", ".join(after)])


def _in_order(product: Product, moved: Callable[[list[str]], list[str]]) -> None:
    """Number the SKUs by the order of their values, axis by axis; `moved` may change an order."""
    there = skus_of(product)
    axes = range(1, len(product.axes) + 1)
    orders = [moved([one.code for one in values_of(there, axis)]) for axis in axes]
    place = {
        key: n for n, key in enumerate(itertools.product(*[[*order, ""] for order in orders]), 1)
    }
    for sku in there:
        sku.position = place[tuple(code_at(sku, axis) for axis in axes)]


def _group(product: Product, axis: int, code: str, version: int) -> list[Sku]:
    check_version(product, version)
    _check_axis(product, axis)
    found = [sku for sku in skus_of(product) if code_at(sku, axis) == code]
    if not found:
        raise NoSuchValue
    return found


def _check_axis(product: Product, axis: int) -> None:
    if not 1 <= axis <= len(product.axes):
        raise NoSuchValue


def _tell(product: Product, did: str, by: Actor, **changes: list[object]) -> None:
    touch(product)
    journal.record(product, f"product:{did}", by, code=product.code, changes=changes)
    follow(product)
