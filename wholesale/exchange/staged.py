"""Rows of a large file that wait in the database to be checked and applied, and what was said of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, cast

from sqlalchemy import Delete, ForeignKey, Index, String, Table, Text, delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.exchange.models import ImportRun
from wholesale.exchange.reports import Remark
from wholesale.kernel import sheets
from wholesale.kernel.db import Model, session
from wholesale.kernel.sheets import Row
from wholesale.kernel.types import CanonicalJSON

MOST_DELETED = 20_000


class ImportWork(Model):
    """How far a large import has come. `place` is the bundle that was done last in this phase.

    `total` rows wait, `done` of them have been checked or applied; `counts` is what became of those.
    `goes_on` applies by itself what was checked. `is_held` while somebody works on it: whoever finds
    it so goes on with what broke off, and `resumed` names the rows at which that was.
    """

    __tablename__ = "import_works"

    run_id: Mapped[int] = mapped_column(
        ForeignKey("import_runs.id", ondelete="CASCADE"), unique=True
    )
    attempt: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    place: Mapped[int] = mapped_column(default=-1)
    done: Mapped[int] = mapped_column(default=0)
    tables: Mapped[list[Any]] = mapped_column(CanonicalJSON, default=list)
    counts: Mapped[dict[str, int]] = mapped_column(CanonicalJSON, default=dict)
    resumed: Mapped[list[int]] = mapped_column(CanonicalJSON, default=list)
    goes_on: Mapped[bool] = mapped_column(default=False)
    is_held: Mapped[bool] = mapped_column(default=False)
    worked_at: Mapped[datetime]

    run: Mapped[ImportRun] = relationship()


class StagedRow(Model):
    """One row of a file. Rows of one `bundle` depend on one another and are applied together.

    A bundle is named by the position of its first row; rows with the same `tie`, and with the same
    `twin`, belong to one, as do a row and the one whose `tie` is its `twin`.
    """

    __tablename__ = "import_rows"
    __table_args__ = (
        Index("ix_import_rows_bundle", "run_id", "bundle", "position"),
        Index("ix_import_rows_tie", "run_id", "tie"),
        Index("ix_import_rows_twin", "run_id", "twin"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id", ondelete="CASCADE"))
    position: Mapped[int]
    bundle: Mapped[int]
    tie: Mapped[str | None] = mapped_column(String(16))
    twin: Mapped[str | None] = mapped_column(String(16))
    table_no: Mapped[int]
    number: Mapped[int]
    fault: Mapped[str] = mapped_column(String(24))
    cells: Mapped[str] = mapped_column(Text)


class ImportRemark(Model):
    """What is wrong with one row of a large file: a refusal or a warning."""

    __tablename__ = "import_remarks"
    __table_args__ = (
        Index("ix_import_remarks_order", "run_id", "is_refusal", "table_no", "number"),
        Index("ix_import_remarks_bundle", "run_id", "bundle"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id", ondelete="CASCADE"))
    bundle: Mapped[int]
    table_no: Mapped[int]
    number: Mapped[int]
    is_refusal: Mapped[bool]
    sheet: Mapped[str]
    column: Mapped[str]
    reason: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)

    @property
    def told(self) -> Remark:
        """As it is said."""
        return Remark(self.sheet, self.number, self.column, self.reason, self.facts)


rows = cast("Table", StagedRow.__table__)
remarks = cast("Table", ImportRemark.__table__)
_INSERT = insert(rows)


def write(staged: Sequence[Mapping[str, Any]]) -> None:
    """Put rows down."""
    session.execute(_INSERT, list(staged))


def packed(row: Row, fields: Sequence[str]) -> str:
    """The cells of a row in the order of the fields, exactly."""
    return f"[{','.join(_told(row.cells.get(name)) for name in fields)}]"


def _told(cell: str | Decimal | date | None) -> str:
    if cell is None:
        return "null"
    if isinstance(cell, str):
        return encode_basestring(cell)
    return str(cell) if isinstance(cell, Decimal) else f'{{"day":"{cell.isoformat()}"}}'


def _cell(told: Any) -> Any:
    return date.fromisoformat(told["day"]) if isinstance(told, dict) else told


def unpacked(cells: str, fields: Sequence[str]) -> dict[str, Any]:
    """The cells as they were packed."""
    told = json.loads(cells, parse_float=Decimal, parse_int=Decimal)
    return dict(zip(fields, map(_cell, told), strict=True))


def next_rows(work: ImportWork, most: int) -> list[Any]:
    """The rows of the next whole bundles, `most` of them or one larger bundle."""
    asked = (
        select(rows)
        .where(rows.c.run_id == work.run_id, rows.c.bundle > work.place)
        .order_by(rows.c.bundle, rows.c.position)
    )
    found = list(session.execute(asked.limit(most + 1)))
    if len(found) <= most:
        return found
    last = found[most].bundle
    whole = [row for row in found[:most] if row.bundle != last]
    if whole:
        return whole
    of_one = select(rows).where(rows.c.run_id == work.run_id, rows.c.bundle == last)
    return list(session.execute(of_one.order_by(rows.c.position)))


def tables_of(work: ImportWork, staged: Iterable[Any]) -> list[sheets.Table]:
    """Staged rows as the tables they came from, in the order of the file."""
    by_table: dict[int, list[Row]] = {}
    fields = [sorted(heads) for _, _, heads in work.tables]
    for row in sorted(staged, key=lambda one: (one.table_no, one.position)):
        sheet, names = work.tables[row.table_no][1], fields[row.table_no]
        told = Row(sheet, row.number, unpacked(row.cells, names), row.fault)
        by_table.setdefault(row.table_no, []).append(told)
    return [
        sheets.Table(work.tables[no][0], work.tables[no][1], found, work.tables[no][2])
        for no, found in by_table.items()
    ]


def remarks_of(run_id: int, *, refusals: bool) -> Any:
    """The refusals or warnings of a run as the file has them."""
    return (
        select(ImportRemark)
        .where(ImportRemark.run_id == run_id, ImportRemark.is_refusal.is_(refusals))
        .order_by(ImportRemark.table_no, ImportRemark.number, ImportRemark.id)
    )


def count_remarks(run_id: int, *, refusals: bool) -> int:
    """How many there are."""
    asked = select(func.count()).where(
        ImportRemark.run_id == run_id, ImportRemark.is_refusal.is_(refusals)
    )
    return session.scalar(asked) or 0


def forget_rows(run_id: int) -> bool:
    """Take a part of a run's rows away; whether there was one."""
    part = select(rows.c.id).where(rows.c.run_id == run_id).limit(MOST_DELETED)
    gone: Delete = delete(rows).where(rows.c.id.in_(part.scalar_subquery()))
    return bool(session.execute(gone).rowcount)  # type: ignore[attr-defined]


def forget_remarks(run_id: int, *, first: int = 0, last: int | None = None) -> None:
    """Take back what was said of rows, of some bundles or of all."""
    gone = delete(remarks).where(remarks.c.run_id == run_id, remarks.c.bundle >= first)
    session.execute(gone if last is None else gone.where(remarks.c.bundle <= last))
