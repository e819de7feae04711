"""Files brought in and sent out: what each run read, changed and refused."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.kernel.db import Model
from wholesale.kernel.types import CanonicalJSON


class RunState(StrEnum):
    """Where an import stands."""

    PREVIEWED = "previewed"
    DONE = "done"
    REFUSED = "refused"


class ImportRun(Model):
    """One file of one kind: previewed, then brought in. `report` has the counts and refused rows."""

    __tablename__ = "import_runs"

    kind: Mapped[str] = mapped_column(String(30))
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[RunState]
    report: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    asked_by: Mapped[str]
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]
