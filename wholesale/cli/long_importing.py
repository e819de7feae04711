"""`import KIND FILE` of a large file: in chunks, with progress, going on where it broke off."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from wholesale.cli.speaking import as_json, operators_language
from wholesale.exchange import large_runs, long_imports, staged
from wholesale.exchange.large_runs import COUNTS, Progress
from wholesale.exchange.models import UNDER_WAY, ImportRun, RunState
from wholesale.exchange.reports import Translate, filled_in
from wholesale.exchange.staged import ImportWork
from wholesale.kernel import db
from wholesale.kernel.access import Principal
from wholesale.kernel.db import session
from wholesale.kernel.raw_sheets import FILE_REASONS
from wholesale.kernel.text import in_language

EVERY = 2.0  # seconds between two lines of progress
PART = 500


def bring_in_large(kind: str, path: Path, *, dry_run: bool, json: bool, who: Principal) -> int:
    """Bring a large file in, or only look at it; 0 clean, 1 some rows refused, 2 refused whole."""
    begun = db.run_unit(
        lambda: large_runs.begin(kind, path, path.name, goes_on=not dry_run, by=who.actor), who
    )
    if begun.resumed_at is not None:
        print(
            f"This import broke off at row {begun.resumed_at}. It goes on there.", file=sys.stderr
        )
    try:
        long_imports.go_on(begun.run_id, who, _Told())
        return _report(begun.run_id, json=json)
    finally:
        if dry_run and not db.run_unit(lambda: _is_under_way(begun.run_id), who, read_only=True):
            long_imports.discard(begun.run_id)


def say_what_broke_off(who: Principal) -> None:
    """Name on the error output what has begun and is not done, so that it is not forgotten."""
    for kind, name, progress in db.run_unit(_broken_off, who, read_only=True):
        print(
            f"Note: the import of {name} ({kind}) broke off at row {progress.done} of "
            f"{progress.total}. Run it again to go on there.",
            file=sys.stderr,
        )


def _broken_off() -> list[tuple[str, str, Progress]]:
    rows = session.execute(
        select(ImportRun, ImportWork)
        .join(ImportWork, ImportWork.run_id == ImportRun.id)
        .where(ImportRun.state.in_(UNDER_WAY))
    )
    return [
        (run.kind, run.name, large_runs.progress_of(run, work))
        for run, work in rows
        if large_runs.is_silent(run, work)
    ]


def _is_under_way(run_id: int) -> bool:
    state = session.scalar(select(ImportRun.state).where(ImportRun.id == run_id))
    return state in UNDER_WAY


class _Told:
    """A line of progress now and then."""

    def __init__(self) -> None:
        self._said = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._said < EVERY and progress.state in UNDER_WAY:
            return
        self._said = now
        if progress.state is RunState.STAGING:
            print(f"reading: {progress.done} rows", file=sys.stderr)
        elif progress.state in UNDER_WAY:
            word = "checking" if progress.state is RunState.CHECKING else "applying"
            print(
                f"{word}: {progress.percent} %, {progress.done} of {progress.total} rows, "
                f"chunk {progress.chunk} of {progress.chunks}",
                file=sys.stderr,
            )


def _report(run_id: int, *, json: bool) -> int:
    with db.unit_of_work(Principal.system("import"), read_only=True):
        run = session.scalars(select(ImportRun).where(ImportRun.id == run_id)).one()
        translate = in_language(operators_language())
        if "file" in run.report:
            _say_refused(run, translate, json=json)
            return 2
        _say_whole(run, translate) if json else _say(run, translate)
        return 1 if run.report["refused_count"] else 0


def _say_refused(run: ImportRun, translate: Translate, *, json: bool) -> None:
    told = run.report["file"]
    message = filled_in(translate(FILE_REASONS[told["reason"]]), told["values"])
    if json:
        print(as_json({"kind": run.kind, "file": {"reason": told["reason"], "message": message}}))
    else:
        print(message, file=sys.stderr)


def _say(run: ImportRun, translate: Translate) -> None:
    for refusals in (True, False):
        for one in _remarks(run.id, translate, refusals=refusals):
            place = f"{one['sheet']} {one['row']}".strip()
            print(f"{place}: {one['message']} ({one['reason']})", file=sys.stderr)
    told = run.report
    print(
        f"{told['rows']} rows: {told['created']} created, {told['updated']} updated, "
        f"{told['unchanged']} unchanged, {told['refused_count']} refused"
    )


def _say_whole(run: ImportRun, translate: Translate) -> None:
    """The report for machines, however many rows it names, some at a time."""
    head = {"kind": run.kind, **{name: run.report[name] for name in COUNTS}}
    if "resumed_at" in run.report:
        head["resumed_at"] = run.report["resumed_at"]
    print(as_json(head)[:-2], end="")
    for name, refusals in (("refused", True), ("warnings", False)):
        print(f',\n  "{name}": [', end="")
        between = "\n"
        for one in _remarks(run.id, translate, refusals=refusals):
            print(f"{between}    {as_json(one)}", end="")
            between = ",\n"
        print("\n  ]" if between == ",\n" else "]", end="")
    print("\n}")


def _remarks(run_id: int, translate: Translate, *, refusals: bool) -> Iterable[dict[str, Any]]:
    asked = staged.remarks_of(run_id, refusals=refusals).execution_options(yield_per=PART)
    for part in session.scalars(asked).partitions():
        for one in part:
            yield one.told.as_json(translate)
            session.expunge(one)
