"""Measuring one work: wall time, processor time of ours and of the database, statements."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, event

from wholesale.bench.sizes import SEED
from wholesale.kernel import db
from wholesale.kernel.access import Principal

SYSTEM = Principal.system("bench")
NANOSECONDS = 1e9
_NOT_COUNTED = ("BEGIN", "SET TRANSACTION")


@dataclass(frozen=True, slots=True)
class Goal:
    """What a work may cost on each engine, in milliseconds of processor time per operation."""

    sqlite: float
    postgresql: float

    def on(self, dialect: str) -> float:
        """The goal on one engine."""
        return self.sqlite if dialect == "sqlite" else self.postgresql


@dataclass(frozen=True, slots=True)
class Work:
    """One work that is measured. `prepare` makes what a round needs and is not counted.

    `each` operations are done by one round; the figures are per operation. `unit` says in what kind
    of unit of work the round runs: "read", "write", or "" where it opens its own. `spent` says the
    processor time used so far by whoever does the work; `tells` what else is worth knowing; `ends`
    stops what `prepare` has started.
    """

    name: str
    says: str
    run: Callable[[Any], object]
    prepare: Callable[[Random], Any] = lambda _random: None
    goal: Goal | None = None
    plan: str = ""  # its number in the plan of performance
    rounds: int = 100
    unit: str = "read"
    each: int = 1
    spent: Callable[[], float] = time.process_time
    tells: Callable[[], str] | None = None
    ends: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Figure:
    """What a work cost: milliseconds per operation, and statements per round."""

    name: str
    says: str
    plan: str
    rounds: int
    goal: float | None
    cpu: float
    median: float
    p95: float
    p99: float
    statements: float

    @property
    def verdict(self) -> str:
        """Whether the goal is kept; "" without one."""
        if self.goal is None:
            return ""
        return "kept" if self.cpu <= self.goal else "MISSED"


class Meter:
    """Counts statements and processor time of one engine while works are run."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.statements = 0
        self.texts: list[str] | None = None
        self._postmaster = _postmaster(engine)
        event.listen(engine, "before_cursor_execute", self._count)

    def measure(self, work: Work, *, rounds: int | None = None) -> Figure:
        """Run a work often enough and say what it cost. Two rounds are for warming up."""
        random = Random(SEED)
        rounds = max(rounds or work.rounds, 1)
        for _ in range(min(2, rounds - 1)):
            self._round(work, random)
        walls, cpu, statements = [], 0.0, 0
        for _ in range(rounds):
            wall, spent, asked = self._round(work, random)
            walls.append(wall * 1000 / work.each)
            cpu += spent * 1000
            statements += asked
        walls.sort()
        dialect = self.engine.dialect.name
        return Figure(
            name=work.name, says=work.says, plan=work.plan, rounds=rounds,
            goal=work.goal.on(dialect) if work.goal else None,
            cpu=cpu / rounds / work.each, median=statistics.median(walls),
            p95=_share(walls, 95), p99=_share(walls, 99), statements=statements / rounds,
        )  # fmt: skip

    def close(self) -> None:
        """Stop counting."""
        event.remove(self.engine, "before_cursor_execute", self._count)

    def _round(self, work: Work, random: Random) -> tuple[float, float, int]:
        with _unit("write" if work.unit else ""):
            prepared = work.prepare(random)
        before, theirs = self.statements, self._their_time()
        ours, began = work.spent(), time.perf_counter()
        with _unit(work.unit):
            work.run(prepared)
        wall = time.perf_counter() - began
        spent = work.spent() - ours + self._their_time() - theirs
        return wall, spent, self.statements - before

    def _their_time(self) -> float:
        """The processor time of the database's own processes, where they run on this machine."""
        if not self._postmaster:
            return 0.0
        total = 0
        for pid in _children(self._postmaster):
            total += int(_read(f"/proc/{pid}/schedstat").split(" ")[0] or 0)
        return total / NANOSECONDS

    def _count(self, *event_arguments: Any) -> None:
        statement = event_arguments[2]
        if statement.startswith(_NOT_COUNTED):
            return
        self.statements += 1
        if self.texts is not None:
            self.texts.append(statement)


def _unit(kind: str) -> AbstractContextManager[None]:
    return db.unit_of_work(SYSTEM, read_only=kind == "read") if kind else nullcontext()


def _share(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]


def _postmaster(engine: Engine) -> int:
    """The parent of our connection's process; 0 on SQLite and on another machine."""
    if engine.dialect.name == "sqlite":
        return 0
    with engine.connect() as connection:
        backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    stat = _read(f"/proc/{backend}/stat")
    is_ours = "(postgres)" in stat or "(postmaster)" in stat
    return int(stat.rpartition(")")[2].split()[1]) if is_ours else 0


def _children(parent: int) -> list[int]:
    listed = _read(f"/proc/{parent}/task/{parent}/children").split()
    return [int(pid) for pid in listed]


def _read(path: str) -> str:
    return Path(path).read_text(encoding="ascii", errors="replace") if os.path.exists(path) else ""  # noqa: PTH110 - the process may end between two looks
