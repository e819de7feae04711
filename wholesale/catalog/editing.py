"""Changing one product and its SKUs by hand: every field's old and new value is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from wholesale.catalog import searching
from wholesale.catalog.barcodes import read_jan
from wholesale.catalog.models import Life, Product, Sku
from wholesale.catalog.publishing import mark_leads
from wholesale.company.changing import CodeTaken, apply, check_version
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_


class JanTaken(Conflict):
    """One JAN names one SKU."""

    message = N_("The JAN %(jan)s belongs to %(code)s already.")


class NoLastDay(DomainError):
    """What is to be discontinued has a last day."""

    message = N_("State the last day on which it may be ordered.")


class UnknownSuccessor(DomainError):
    """A successor is another product of ours."""

    message = N_("The successor %(code)s is no other product of ours.")


class WrongQuantities(DomainError):
    """Limits that no quantity fits."""

    message = N_("No quantity fits: the maximum is below the minimum, or no multiple lies between.")


def add_product(values: Mapping[str, Any], by: Actor) -> Product:
    """A new product with one SKU of the same code. Raises CodeTaken, NoLastDay, UnknownSuccessor."""
    code = values["code"]
    is_taken = (
        select(Product.id).where(Product.code == code).union(select(Sku.id).where(Sku.code == code))
    )
    if session.scalar(is_taken.limit(1)) is not None:
        raise CodeTaken(code=code)
    wanted = _checked(code, values)
    product = Product(**wanted)
    session.add(product)
    session.flush()  # the SKU carries its id
    session.add(Sku(product_id=product.id, code=code))
    told = {
        name: [None, value] for name, value in wanted.items() if value not in ("", None, [], {})
    }
    journal.record(product, "product:made", by, code=code, changes=told)
    follow(product)
    return product


def change_product(product: Product, values: Mapping[str, Any], version: int, by: Actor) -> None:
    """Change a product; its code stays. Raises Conflict, NoLastDay, UnknownSuccessor."""
    check_version(product, version)
    changes = apply(product, _checked(product.code, {**values, "code": product.code}))
    if changes:
        journal.record(product, "product:changed", by, code=product.code, changes=changes)
        follow(product)


def _checked(code: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """`successor` is a code; columns of Product otherwise."""
    wanted = {name: value for name, value in values.items() if name != "successor"}
    wanted["successor_id"] = _successor(code, values.get("successor") or "")
    if wanted["life"] is Life.ENDING and wanted["last_order_on"] is None:
        raise NoLastDay
    return wanted


def _successor(code: str, named: str) -> int | None:
    if not named:
        return None
    found = session.scalar(select(Product.id).where(Product.code == named, Product.code != code))
    if found is None:
        raise UnknownSuccessor(code=named)
    return found


def change_sku(sku: Sku, values: Mapping[str, Any], version: int, by: Actor) -> None:
    """Change a SKU; its code and its history stay. `version` is its product's.

    Raises Conflict, BadJan, JanTaken, WrongQuantities.
    """
    check_version(sku.product, version)
    wanted = {**values, "jan": read_jan(values["jan"] or "")}
    _check_jan(sku, wanted["jan"])
    check_quantities(wanted["minimum"], wanted["multiple"], wanted["maximum"])
    changes = apply(sku, wanted)
    if changes:
        touch(sku.product)
        journal.record(sku.product, "product:sku-changed", by, code=sku.code, changes=changes)
        follow(sku.product)


def _check_jan(sku: Sku, jan: str | None) -> None:
    if jan is None:
        return
    other = session.scalar(select(Sku.code).where(Sku.jan == jan, Sku.id != sku.id).limit(1))
    if other is not None:
        raise JanTaken(jan=jan, code=other)


def check_quantities(minimum: int, multiple: int, maximum: int | None) -> None:
    """Whether any quantity obeys all three (pieces). Raises WrongQuantities."""
    if minimum < 1 or multiple < 1:
        raise WrongQuantities
    if maximum is not None and -(-minimum // multiple) * multiple > maximum:
        raise WrongQuantities


def touch(product: Product) -> None:
    """A change of its SKUs is a change of the product: whoever saw the older one is told."""
    flag_modified(product, "axes")


def follow(product: Product) -> None:
    """What is derived of a product: which SKUs stand in lists, and what search finds."""
    session.flush()  # both are read by queries
    mark_leads({product.id})
    searching.index(session.scalars(select(Sku.id).where(Sku.product_id == product.id)).all())
