"""Files brought in and sent out: what each run read, changed and refused."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.kernel.db import Model
from wholesale.kernel.types import CanonicalJSON


class RunState(StrEnum):
    """Where an import stands."""

    STAGING = "staging"
    CHECKING = "checking"
    PREVIEWED = "previewed"
    APPLYING = "applying"
    DONE = "done"
    REFUSED = "refused"


# What somebody or some program is at work on.
UNDER_WAY = frozenset({RunState.STAGING, RunState.CHECKING, RunState.APPLYING})


class ImportRun(Model):
    """One file of one kind: previewed, then brought in. `report` has the counts and refused rows.

    Of a large file (`staged`) the report names the first of them, and how many there are.
    """

    __tablename__ = "import_runs"

    kind: Mapped[str] = mapped_column(String(30))
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[RunState]
    report: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    asked_by: Mapped[str]
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class ExportFormat(StrEnum):
    """The form of a file that is sent out."""

    XLSX = "xlsx"
    CSV_UTF8 = "csv"
    CSV_CP932 = "csv_cp932"


class ExportLayout(Model):
    """How a list is written out: which columns in which order, in whose words, in what form."""

    __tablename__ = "export_layouts"
    __table_args__ = (UniqueConstraint("kind", "name"),)

    kind: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(60))
    fields: Mapped[list[str]] = mapped_column(CanonicalJSON)
    language: Mapped[str] = mapped_column(String(8))
    format: Mapped[ExportFormat]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form
