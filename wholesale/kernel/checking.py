"""What an invariant is: a sentence, and a question that must find no offending row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import text

from wholesale.kernel.db import session


class Severity(StrEnum):
    """How bad an offence is."""

    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant. `offenders` returns the rows that break it, at most a few of them."""

    id: str
    says: str
    offenders: Callable[[], list[dict[str, Any]]]
    severity: Severity = Severity.BROKEN


MOST_SHOWN = 20


def no_rows(id: str, says: str, sql: str, severity: Severity = Severity.BROKEN) -> Check:  # noqa: A002
    """An invariant stated as one SQL question that must return nothing."""

    def offenders() -> list[dict[str, Any]]:
        return [dict(row) for row in session.execute(text(sql)).mappings().fetchmany(MOST_SHOWN)]

    return Check(id, says, offenders, severity)
