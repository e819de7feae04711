"""Rows that go over from one owner to another, each written down so that it can go back.

A package says in its `taking_over.py` which columns name a customer and what becomes of them. The
rows go by statements of the tables themselves, so that nobody's narrower view leaves any behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Date,
    Index,
    String,
    Table,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from wholesale.kernel.db import Model, rows_changed, session
from wholesale.kernel.money import FixedDecimal
from wholesale.kernel.types import CanonicalJSON

CREATED = "+"


class MovedRow(Model):
    """One value of one row that a transfer changed: what it was, and what it became."""

    __tablename__ = "moved_rows"
    __table_args__ = (Index("ix_moved_rows_transfer", "transfer_id"),)

    transfer_id: Mapped[int]
    table_name: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[int]
    column: Mapped[str] = mapped_column(String(60))
    before: Mapped[Any] = mapped_column(CanonicalJSON, nullable=True)
    after: Mapped[Any] = mapped_column(CanonicalJSON, nullable=True)


@dataclass(frozen=True, slots=True)
class Takes:
    """A column that names the owner, and what may stand once per owner beside it.

    A row whose `once` values the new owner has already stays with the old one. `word` is what the
    rows are called where a transfer is shown; "" is not shown.
    """

    column: InstrumentedAttribute[Any]
    word: str = ""
    once: tuple[str, ...] = ()

    @property
    def table(self) -> Table:
        """The table of the column."""
        return cast("Table", self.column.class_.__table__)

    @property
    def name(self) -> str:
        """The column with its table before it."""
        return f"{self.table.name}.{self.column.key}"

    def of(self, owner: int) -> ColumnElement[bool]:
        """The rows of an owner."""
        return self.table.c[self.column.key] == owner

    def clashes(self, new: int) -> ColumnElement[bool] | None:
        """The rows that the new owner has its own of; None where none can be."""
        if not self.once:
            return None
        other = self.table.alias()
        same = [other.c[name].is_not_distinct_from(self.table.c[name]) for name in self.once]
        return exists().where(other.c[self.column.key] == new, *same)


@dataclass(slots=True)
class Transfer:
    """What goes from one owner to another; `counts` says how many rows of each column went."""

    id: int
    counts: dict[str, int] = field(default_factory=dict)

    def take(self, columns: Iterable[Takes], old: int, new: int) -> None:
        """Give the rows of these columns to the new owner, but for what it has its own of."""
        for one in columns:
            ids = self.moving(one, old, new)
            self.change(one.table, dict.fromkeys(ids, (old, new)), one.column.key)
            self.counts[one.name] = len(ids)

    def moving(self, one: Takes, old: int, new: int) -> list[int]:
        """The rows of a column that would go."""
        found = select(one.table.c.id).where(one.of(old))
        clash = one.clashes(new)
        return list(session.scalars(found if clash is None else found.where(~clash)))

    def change(self, table: Table, values: Mapping[int, tuple[Any, Any]], column: str) -> None:
        """Write {row: (before, after)} of a column, and write it down."""
        if not values:
            return
        changed = {"value": bindparam("after", type_=table.c[column].type)}
        statement = update(table).where(table.c.id == bindparam("row")).values(
            {column: changed["value"], **_next_version(table)}
        )  # fmt: skip
        session.execute(
            statement, [{"row": row, "after": after} for row, (_, after) in values.items()]
        )
        session.execute(
            _WRITE_DOWN,
            [
                {"transfer_id": self.id, "table_name": table.name, "row_id": row, "column": column,
                 "before": before, "after": after}
                for row, (before, after) in values.items()
            ],
        )  # fmt: skip

    def created(self, row: Model) -> None:
        """A row was made for the transfer: it goes when the transfer is taken back."""
        table = cast("Table", type(row).__table__)
        session.execute(
            _WRITE_DOWN,
            [{"transfer_id": self.id, "table_name": table.name, "row_id": row.id,
              "column": CREATED, "before": None, "after": None}],
        )  # fmt: skip

    def rows(self, table: str) -> list[int]:
        """The rows of a table that went."""
        found = select(MovedRow.row_id).where(
            MovedRow.transfer_id == self.id, MovedRow.table_name == table
        )
        return list(session.scalars(found.distinct()))

    def give_back(self) -> list[str]:
        """Make every value what it was, the last first. Returns what is no longer as it went.

        Rows that are gone by now are left out.
        """
        changed: list[str] = []
        moved = session.scalars(
            select(MovedRow).where(MovedRow.transfer_id == self.id).order_by(MovedRow.id.desc())
        ).all()
        for row in moved:
            table = Model.metadata.tables[row.table_name]
            if row.column == CREATED:
                session.execute(delete(table).where(table.c.id == row.row_id))
                continue
            column = table.c[row.column]
            back = update(table).where(table.c.id == row.row_id, _is(column, row.after))
            values = {row.column: _read(column, row.before), **_next_version(table)}
            there = select(func.count()).select_from(table).where(table.c.id == row.row_id)
            if not rows_changed(back.values(values)) and session.scalar(there):
                changed.append(f"{row.table_name} {row.row_id} {row.column}")
        return changed


def _is(column: Any, value: Any) -> ColumnElement[bool]:
    known = _read(column, value)
    return cast("ColumnElement[bool]", column.is_(None) if known is None else column == known)


def _read(column: Any, value: Any) -> Any:
    """A value as it was before it was written down as text."""
    if not isinstance(value, str):
        return value
    if isinstance(column.type, FixedDecimal):
        return Decimal(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


def _next_version(table: Table) -> dict[str, Any]:
    return {"version": table.c.version + 1} if "version" in table.c else {}


def count(columns: Sequence[Takes], owner: int) -> dict[str, int]:
    """How many rows of each column an owner has. One statement."""
    if not columns:
        return {}
    asked = [
        select(func.count()).select_from(one.table).where(one.of(owner)).scalar_subquery()
        for one in columns
    ]
    row = session.execute(select(*asked)).one()
    return {one.name: number for one, number in zip(columns, row, strict=True)}


def count_clashes(columns: Sequence[Takes], old: int, new: int) -> dict[str, int]:
    """How many rows of each column would stay, because the new owner has its own."""
    found = {}
    for one in columns:
        clash = one.clashes(new)
        if clash is not None:
            found[one.name] = (
                session.scalar(
                    select(func.count()).select_from(one.table).where(one.of(old), clash)
                )
                or 0
            )
    return found


_WRITE_DOWN = insert(cast("Table", MovedRow.__table__))
