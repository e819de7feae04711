"""Files of any length: staged, checked whole, then applied in chunks that are each whole.

Each step is a unit of work of its own that moves the run's place; a run that broke off goes on
there. Whoever works on it, a command or the worker, calls `go_on`.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete

from wholesale.exchange import chunks, staged, staging
from wholesale.exchange.large_runs import (
    Progress,
    Tell,
    lay_down,
    progress_of,
    start_phase,
    take_up,
    work_of,
)
from wholesale.exchange.models import UNDER_WAY, ImportRun, RunState
from wholesale.exchange.staged import ImportWork
from wholesale.kernel import jobs
from wholesale.kernel.access import Actor, Principal
from wholesale.kernel.db import run_unit, session

JOB = "exchange.go_on"
PRIORITY = 7  # papers and letters come first
_HOUSE = Principal.system("import")


def ask_to_go_on(run_id: int, by: Actor) -> None:
    """Let the worker go on with a run."""
    jobs.enqueue(JOB, {"run": run_id}, by=by, priority=PRIORITY)


def apply_checked(run: ImportRun, by: Actor) -> bool:
    """Somebody has looked at what was found: bring it in. False where that is being done already."""
    if run.state is not RunState.PREVIEWED:
        return False
    work = work_of(run.id)
    work.goes_on = True
    start_phase(work, RunState.APPLYING)
    ask_to_go_on(run.id, by)
    return True


def discard(run_id: int) -> None:
    """Forget a rehearsal with all it had staged."""
    while run_unit(lambda: staged.forget_rows(run_id), _HOUSE):
        pass
    run_unit(lambda: _discard(run_id), _HOUSE)


def go_on(
    run_id: int, who: Principal, tell: Tell = lambda _: None, *, stop: Callable[[], bool] = bool
) -> bool:
    """Work on a run until it is checked (and applied, where it shall be); False when `stop` said so.

    Each step is its own unit of work; after each `tell` is told. Raises TakenOver.
    """
    run_unit(lambda: take_up(run_id), who)
    while True:
        progress = run_unit(lambda: _look(run_id), who)
        tell(progress)
        if progress.state is RunState.STAGING:
            staging.stage(run_id, who, tell)
        elif progress.state in UNDER_WAY:
            run_unit(lambda: chunks.step(run_id, who.actor), who)
        else:
            break
        if stop():
            run_unit(lambda: lay_down(run_id), who)
            return False
    run_unit(lambda: lay_down(run_id), who)
    if progress.state is not RunState.PREVIEWED:
        while run_unit(lambda: staged.forget_rows(run_id), who):
            pass
    return True


def _look(run_id: int) -> Progress:
    work = work_of(run_id)
    run = work.run
    if run.state is RunState.PREVIEWED and work.goes_on:
        start_phase(work, RunState.APPLYING)
    return progress_of(run, work)


def throw_away(run: ImportRun) -> None:
    """Forget a rehearsal, in the unit of who asks; what is being applied stays."""
    work = work_of(run.id)
    if run.state is RunState.APPLYING or run.done_at is not None:
        return
    work.attempt += 1  # whoever still stages it stops
    while staged.forget_rows(run.id):
        pass
    _discard(run.id)


def _discard(run_id: int) -> None:
    staged.forget_remarks(run_id)
    session.execute(delete(ImportWork).where(ImportWork.run_id == run_id))
    session.execute(delete(ImportRun).where(ImportRun.id == run_id))
