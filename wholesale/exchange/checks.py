"""What must hold of imports: none stands half applied while nobody works on it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from wholesale.exchange.large_runs import is_silent
from wholesale.exchange.models import ImportRun, RunState
from wholesale.exchange.staged import ImportWork
from wholesale.kernel.checking import Check, Severity
from wholesale.kernel.db import session


def _broken_off() -> list[dict[str, Any]]:
    asked = (
        select(ImportRun, ImportWork)
        .join(ImportWork, ImportWork.run_id == ImportRun.id)
        .where(ImportRun.state == RunState.APPLYING)
    )
    return [
        {"import": run.name, "kind": run.kind, "at_row": work.done, "of": work.total}
        for run, work in session.execute(asked)
        if is_silent(run, work)
    ]


CHECKS = (
    Check(
        "IMP-1",
        "No import broke off half applied: run it again, or let it go on in the office",
        _broken_off,
        Severity.WARNING,
    ),
)
