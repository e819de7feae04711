"""Checking and applying the next chunk of a large file, in one unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from wholesale.exchange import large_runs, staged
from wholesale.exchange.importing import KINDS, rehearse
from wholesale.exchange.large_runs import COUNTS, empty_report, work_of
from wholesale.exchange.models import RunState
from wholesale.exchange.near import point_at_near_codes
from wholesale.exchange.reports import Remark, Report
from wholesale.exchange.staged import ImportRemark, ImportWork
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session

MOST_REPORTED = 1000
MOST_NEAR_LOOKED_AT = 50


def step(run_id: int, by: Actor) -> None:
    """Check or apply the next chunk, or end the phase when there is none."""
    work = work_of(run_id)
    run = work.run
    if run.state not in {RunState.CHECKING, RunState.APPLYING}:
        return
    rows = staged.next_rows(work, large_runs.CHUNK)
    work.worked_at = clock.now()
    if not rows:
        _end_phase(work, by)
        return
    report, tables = Report(run.kind), staged.tables_of(work, rows)
    if run.state is RunState.APPLYING:
        KINDS[run.kind].bring_in(tables, report, by)
    else:
        rehearse(KINDS[run.kind], tables, report, by)
    first, last = rows[0].bundle, rows[-1].bundle
    _keep_remarks(work, report, rows, first, last)
    work.place, work.done = last, work.done + len(rows)
    work.counts = {name: work.counts.get(name, 0) + getattr(report, name) for name in COUNTS}


def _keep_remarks(
    work: ImportWork, report: Report, rows: Sequence[Any], first: int, last: int
) -> None:
    """Write what was said of these rows; what was found out about a code that is near stays."""
    if work.run.state is RunState.APPLYING:
        _keep_near(work.run_id, report, first, last)
        staged.forget_remarks(work.run_id, first=first, last=last)
    bundles = {(row.table_no, row.number): row.bundle for row in rows}
    numbers = {sheet: no for no, (_, sheet, _) in enumerate(work.tables)}
    told = [(one, True) for one in report.refused] + [(one, False) for one in report.warnings]
    session.add_all(
        ImportRemark(
            run_id=work.run_id, bundle=bundles[numbers[one.sheet], one.row],
            table_no=numbers[one.sheet], number=one.row, is_refusal=is_refusal, sheet=one.sheet,
            column=one.column, reason=one.reason,
            facts={name: str(value) for name, value in one.values.items()},
        )
        for one, is_refusal in told
    )  # fmt: skip


def _keep_near(run_id: int, report: Report, first: int, last: int) -> None:
    if not report.refused:
        return
    known = session.scalars(
        select(ImportRemark).where(
            ImportRemark.run_id == run_id, ImportRemark.bundle.between(first, last)
        )
    )
    near = {(one.table_no, one.number, one.reason): one.facts for one in known}
    tables = {sheet: no for no, (_, sheet, _) in enumerate(work_of(run_id).tables)}
    report.refused = [
        Remark(
            one.sheet, one.row, one.column, one.reason,
            near.get((tables[one.sheet], one.row, one.reason), one.values),
        )
        for one in report.refused
    ]  # fmt: skip


def _end_phase(work: ImportWork, by: Actor) -> None:
    run = work.run
    _look_for_near_codes(run.id)
    run.report = _report_of(work)
    if run.state is RunState.CHECKING:
        run.state = RunState.PREVIEWED
        return
    run.state, run.done_at = RunState.DONE, clock.now()
    counts = {name: work.counts.get(name, 0) for name in COUNTS}
    journal.record(
        run, "import:done", by, kind=run.kind, name=run.name, sha256=run.sha256, **counts
    )


def _look_for_near_codes(run_id: int) -> None:
    first = staged.remarks_of(run_id, refusals=True).limit(MOST_NEAR_LOOKED_AT)
    found = [one for one in session.scalars(first) if "near" not in one.facts]
    report = Report("", refused=[one.told for one in found])
    point_at_near_codes(report)
    for one, told in zip(found, report.refused, strict=True):
        if told.values != one.facts:
            one.facts = {name: str(value) for name, value in told.values.items()}


def _report_of(work: ImportWork) -> dict[str, Any]:
    """The report for the run's page: counts, and the first remarks."""
    told: dict[str, Any] = empty_report(work.run.kind)
    told.update({name: work.counts.get(name, 0) for name in COUNTS})
    for name, refusals in (("refused", True), ("warnings", False)):
        asked = staged.remarks_of(work.run_id, refusals=refusals).limit(MOST_REPORTED)
        told[name] = [one.told.as_json() for one in session.scalars(asked)]
        told[f"{name}_count"] = staged.count_remarks(work.run_id, refusals=refusals)
    if work.resumed:
        told["resumed_at"] = list(work.resumed)
    return told
