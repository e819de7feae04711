"""The rates of all ranks on all categories side by side, and what changed cells come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Select, func, or_, select

from wholesale.catalog.models import Category
from wholesale.customers.models import Customer, CustomerGroup, CustomerState
from wholesale.kernel.db import session
from wholesale.pricing import editing
from wholesale.pricing.editing import Addition, Edit, Plan
from wholesale.pricing.models import OwnerKind, PriceRule, RuleKind, Scope

EVERYTHING = 0
Place = tuple[int, int]  # (rank, category); the category 0 is everything


@dataclass(slots=True)
class Cell:
    """One rank × category: the rules that stand there, the newest last, and the one to come."""

    standing: list[PriceRule] = field(default_factory=list)
    to_come: PriceRule | None = None
    inherited: Decimal | None = None

    @property
    def value(self) -> Decimal | None:
        """The rate that counts, 0.58 for 58 %; None where the category above decides."""
        return self.standing[-1].value if self.standing else None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Ranks with how many customers each has, categories with their depth, and the cells."""

    ranks: list[tuple[CustomerGroup, int]]
    rows: list[tuple[Category | None, int]]
    cells: Mapping[Place, Cell]


def matrix(day: date) -> Matrix:
    """The rates from one piece on that count on a day, without special prices and trade terms."""
    counts = dict(
        session.execute(
            select(Customer.group_id, func.count())
            .where(Customer.state == CustomerState.ACTIVE)
            .group_by(Customer.group_id)
        ).all()
    )
    groups = session.scalars(select(CustomerGroup).order_by(CustomerGroup.code)).all()
    categories = session.scalars(select(Category)).all()
    place = {one.id: (one.position, one.id) for one in categories}
    tree = sorted(categories, key=lambda one: [place[part] for part in _path(one) if part in place])
    cells = {
        (group.id, category): Cell()
        for group in groups
        for category in (EVERYTHING, *(one.id for one in tree))
    }
    for rule in session.scalars(_rules(day)):
        cell = cells.get((rule.owner_id, rule.object_id))
        if cell is None:
            continue
        if rule.valid_from > day:
            cell.to_come = cell.to_come or rule
        else:
            cell.standing.append(rule)
    for group in groups:
        for one in tree:
            above = (*reversed(_path(one)[:-1]), EVERYTHING)
            known = (cells[group.id, part].value for part in above if (group.id, part) in cells)
            cells[group.id, one.id].inherited = next((v for v in known if v is not None), None)
    rows: list[tuple[Category | None, int]] = [(None, 0)]
    rows += [(one, len(_path(one)) - 1) for one in tree]
    return Matrix([(group, counts.get(group.id, 0)) for group in groups], rows, cells)


def plans(seen: Matrix, wanted: Mapping[Place, Decimal | None], day: date) -> list[Plan]:
    """One plan per rank for the cells that shall be otherwise from a day on; None empties a cell.

    Raises what editing.plan raises.
    """
    edits: dict[int, list[Edit]] = {}
    fresh: dict[int, list[Addition]] = {}
    for (group, category), value in wanted.items():
        cell = seen.cells[group, category]
        if value == cell.value:
            continue
        if value is None:
            edits.setdefault(group, []).extend(
                _ended(rule, day)
                for rule in cell.standing
                if rule.valid_until is None or rule.valid_until >= day
            )
        elif cell.standing:
            rule = cell.standing[-1]
            told = Edit(rule.id, (rule.value, rule.valid_until), value, rule.valid_until)
            edits.setdefault(group, []).append(told)
        else:
            scope = Scope.CATEGORY if category else Scope.ALL
            fresh.setdefault(group, []).append(Addition(RuleKind.RATE, scope, category, value))
    return [
        editing.plan(OwnerKind.GROUP, group, edits.get(group, []), fresh.get(group, []), day)
        for group in {**edits, **fresh}
    ]


def _ended(rule: PriceRule, day: date) -> Edit:
    return Edit(rule.id, (rule.value, rule.valid_until), rule.value, day - timedelta(days=1))


def _rules(day: date) -> Select[PriceRule]:
    return (
        select(PriceRule)
        .where(
            PriceRule.owner_kind == OwnerKind.GROUP, PriceRule.kind == RuleKind.RATE,
            PriceRule.scope.in_([Scope.CATEGORY, Scope.ALL]), PriceRule.minimum == 1,
            PriceRule.incoterm == "", PriceRule.is_special.is_(False),
            or_(PriceRule.valid_until.is_(None), PriceRule.valid_until >= day),
        )
        .order_by(PriceRule.valid_from, PriceRule.id)
    )  # fmt: skip


def _path(category: Category) -> list[int]:
    return [int(part) for part in category.path.split("/") if part]
