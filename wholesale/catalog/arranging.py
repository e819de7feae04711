"""The tree of categories: adding, renaming, moving a branch. Rates hang on categories, so none is ever removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from wholesale.catalog.models import Category, Product
from wholesale.company.changing import CodeTaken, apply, check_version
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_


class WithinItself(DomainError):
    """A branch can't hang on its own twig."""

    message = N_("A category can't lie within itself.")


class UnknownParent(DomainError):
    """A category lies in another one that exists."""

    message = N_("There is no category with the code %(code)s.")


def tree() -> list[Category]:
    """Every category, parents before their children, in the order of the tree."""
    rows = list(session.scalars(select(Category)))
    place = {row.id: (row.position, row.id) for row in rows}
    rows.sort(key=lambda row: [place[int(part)] for part in row.path.split("/") if part])
    return rows


def held() -> dict[int, int]:
    """How many products lie directly in each category."""
    counts = select(Product.category_id, func.count()).group_by(Product.category_id)
    return {row[0]: row[1] for row in session.execute(counts) if row[0] is not None}


def save_category(
    category: Category | None, values: Mapping[str, Any], version: int, by: Actor
) -> Category:
    """Add a category, or change one; `parent` is a code, "" for the root.

    Raises CodeTaken, Conflict, UnknownParent, WithinItself.
    """
    parent = _parent(values["parent"])
    wanted = {"name": values["name"], "position": values["position"]}
    wanted["parent_id"] = parent.id if parent else None
    if category is None:
        if session.scalar(select(Category.id).where(Category.code == values["code"])):
            raise CodeTaken(code=values["code"])
        category = Category(code=values["code"], path="", **wanted)
        session.add(category)
        session.flush()  # its path holds its id
        category.path = f"{parent.path if parent else '/'}{category.id}/"
        told = {name: [None, value] for name, value in wanted.items() if value is not None}
        journal.record(category, "category:added", by, code=category.code, changes=told)
        return category
    check_version(category, version)
    if parent is not None and parent.path.startswith(category.path):
        raise WithinItself
    changes = apply(category, wanted)
    if "parent_id" in changes:
        _move(category, parent)
    if changes:
        journal.record(category, "category:changed", by, code=category.code, changes=changes)
    return category


def _parent(code: str) -> Category | None:
    if not code:
        return None
    found = session.scalar(select(Category).where(Category.code == code))
    if found is None:
        raise UnknownParent(code=code)
    return found


def _move(category: Category, parent: Category | None) -> None:
    """The paths of the whole branch follow."""
    old, new = category.path, f"{parent.path if parent else '/'}{category.id}/"
    for row in session.scalars(select(Category).where(Category.path.startswith(old))):
        row.path = new + row.path.removeprefix(old)
