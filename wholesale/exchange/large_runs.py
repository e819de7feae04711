"""The runs of large files: begun, under way, broken off, gone on with; and how far each has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select

from wholesale.exchange.models import UNDER_WAY, ImportRun, RunState
from wholesale.exchange.staged import ImportWork
from wholesale.kernel import clock, files
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session

CHUNK = 1000
SILENT = timedelta(seconds=60)
COUNTS = ("rows", "created", "updated", "unchanged")


class Progress(NamedTuple):
    """How far a run has come: `done` of `total` rows in this state; 0 of 0 while it is being read."""

    state: RunState
    done: int
    total: int

    @property
    def percent(self) -> int:
        """0 to 100; reading has no end that is known."""
        return self.done * 100 // self.total if self.total else 0

    @property
    def chunk(self) -> int:
        """Which chunk is next, from 1."""
        return min(self.done // CHUNK + 1, self.chunks)

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-self.total // CHUNK)


Tell = Callable[[Progress], object]


@dataclass(frozen=True, slots=True)
class Begun:
    """A run to go on with; `resumed_at` is the row at which it had broken off, if it had."""

    run_id: int
    resumed_at: int | None


def begin(kind: str, path: Path, name: str, *, goes_on: bool, by: Actor) -> Begun:
    """Keep the file and write down that it shall be brought in; the same file goes on where it was.

    `goes_on` applies what is checked without asking.
    """
    stored = files.store_from(path, name=name, media_type="application/octet-stream")
    states = UNDER_WAY | ({RunState.PREVIEWED} if goes_on else frozenset())
    asked = (
        select(ImportWork)
        .join(ImportRun)
        .where(
            ImportRun.kind == kind, ImportRun.sha256 == stored.sha256, ImportRun.state.in_(states)
        )
        .order_by(ImportRun.id.desc())
    )
    work = session.scalars(asked if goes_on else asked.where(ImportWork.goes_on.is_(False))).first()
    if work is None:
        return Begun(_new(kind, stored.sha256, name, goes_on=goes_on, by=by), None)
    if goes_on:
        work.goes_on = True
    return Begun(work.run_id, work.done if work.is_held else None)


def _new(kind: str, sha256: str, name: str, *, goes_on: bool, by: Actor) -> int:
    now = clock.now()
    run = ImportRun(
        kind=kind, name=name, sha256=sha256, state=RunState.STAGING, asked_by=by.name, at=now,
        report=empty_report(kind),
    )  # fmt: skip
    session.add(run)
    session.flush()  # the work carries its id
    session.add(ImportWork(run_id=run.id, goes_on=goes_on, worked_at=now))
    return run.id


def empty_report(kind: str) -> dict[str, Any]:
    """What is known before anything is."""
    return {"kind": kind, **dict.fromkeys(COUNTS, 0), "refused": [], "warnings": []}


def work_of(run_id: int) -> ImportWork:
    """The work on a run, locked for who works on it."""
    return session.scalars(
        select(ImportWork)
        .where(ImportWork.run_id == run_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def progress_of(run: ImportRun, work: ImportWork) -> Progress:
    """How far it has come."""
    if run.state is RunState.STAGING:
        return Progress(run.state, 0, 0)
    return Progress(run.state, work.done, work.total)


def is_silent(run: ImportRun, work: ImportWork) -> bool:
    """Under way, but nobody has given a sign of life for a while: it broke off."""
    return run.state in UNDER_WAY and work.worked_at < clock.now() - SILENT


def take_up(run_id: int) -> None:
    """Begin to work on a run; where somebody already did, it broke off, and goes on at its place."""
    work = work_of(run_id)
    if work.is_held:
        work.resumed = [*work.resumed, work.done]
    work.is_held, work.worked_at = True, clock.now()


def lay_down(run_id: int) -> None:
    """Stop working on a run in an orderly way."""
    work_of(run_id).is_held = False


def start_phase(work: ImportWork, state: RunState) -> None:
    """Begin with the first row, in another state."""
    work.run.state = state
    work.place, work.done, work.counts = -1, 0, {}
    work.worked_at = clock.now()
