"""Putting the rows of a large file down in the database, and finding out which belong together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from wholesale.exchange import staged, ties
from wholesale.exchange.importing import KINDS
from wholesale.exchange.large_runs import Progress, Tell, start_phase, work_of
from wholesale.exchange.models import ImportRun, RunState
from wholesale.exchange.reports import filled_in
from wholesale.kernel import clock, files, journal
from wholesale.kernel.access import Actor, Principal
from wholesale.kernel.db import run_unit, session
from wholesale.kernel.raw_sheets import FileRefused
from wholesale.kernel.table_stream import StreamedTable, open_tables

STAGED_AT_ONCE = 2000
MOST_ROWS = 1_000_000


class TakenOver(RuntimeError):
    """Somebody else has begun to stage the same run anew."""


def stage(run_id: int, who: Principal, tell: Tell) -> None:
    """Read the file of a run and put its rows down, from the beginning. Raises TakenOver."""
    attempt = run_unit(lambda: _begin_staging(run_id), who)
    while run_unit(lambda: staged.forget_rows(run_id), who):
        pass
    run = run_unit(lambda: _about(run_id), who, read_only=True)
    kind, name, path = run
    try:
        with open_tables(path, name, KINDS[kind].sheets) as tables:
            total = _put_down(run_id, kind, tables, attempt, who, tell)
        if not total:
            raise FileRefused("no_rows")  # noqa: TRY301 - one way to be refused
    except FileRefused as refusal:
        why = refusal
        run_unit(lambda: _refuse(run_id, why, who.actor), who)
        return
    while run_unit(lambda: ties.bundle(run_id), who):
        pass
    run_unit(lambda: _staged(run_id, attempt, total), who)


def _about(run_id: int) -> tuple[str, str, Path]:
    run = session.scalars(select(ImportRun).where(ImportRun.id == run_id)).one()
    return run.kind, run.name, files.path_of(run.sha256)


def _begin_staging(run_id: int) -> int:
    work = work_of(run_id)
    work.attempt += 1
    work.total, work.worked_at = 0, clock.now()
    return work.attempt


def _put_down(
    run_id: int,
    kind: str,
    tables: Sequence[StreamedTable],
    attempt: int,
    who: Principal,
    tell: Tell,
) -> int:
    """Write the rows of all tables, some at a time. Returns how many there are."""
    heads = [(one.kind, one.sheet, dict(one.head.heads)) for one in tables]
    run_unit(lambda: _note_heads(run_id, heads), who)
    total = 0
    for part in _parts(_staged_rows(run_id, kind, tables)):
        total += len(part)
        if total > MOST_ROWS:
            raise FileRefused("too_many_rows", limit=MOST_ROWS)
        found, so_far = part, total
        run_unit(lambda: _put_part(run_id, attempt, found, so_far), who)  # noqa: B023 - run at once
        tell(Progress(RunState.STAGING, total, 0))
    return total


def _parts(rows: Iterable[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append(row)
        if len(part) == STAGED_AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _staged_rows(
    run_id: int, kind: str, tables: Sequence[StreamedTable]
) -> Iterable[dict[str, Any]]:
    position, bundle, last = 0, 0, None
    for number, table in enumerate(tables):
        fields = sorted(table.head.heads)
        for row in table.rows:
            tie, twin = ties.ties_of(kind, table.kind, row)
            if tie is None or tie != last:
                bundle, last = position, tie
            yield {
                "run_id": run_id, "position": position, "bundle": bundle, "tie": tie, "twin": twin,
                "table_no": number, "number": row.number, "fault": row.fault,
                "cells": staged.packed(row, fields),
            }  # fmt: skip
            position += 1


def _note_heads(run_id: int, heads: Sequence[tuple[str, str, Mapping[str, str]]]) -> None:
    work_of(run_id).tables = [list(one) for one in heads]


def _put_part(run_id: int, attempt: int, rows: Sequence[Mapping[str, Any]], total: int) -> None:
    work = work_of(run_id)
    if work.attempt != attempt or work.run.state is not RunState.STAGING:
        raise TakenOver(run_id)
    staged.write(rows)
    work.total, work.worked_at = total, clock.now()


def _staged(run_id: int, attempt: int, total: int) -> None:
    work = work_of(run_id)
    if work.attempt != attempt:
        raise TakenOver(run_id)
    work.total = total
    start_phase(work, RunState.CHECKING)


def _refuse(run_id: int, why: FileRefused, by: Actor) -> None:
    run = work_of(run_id).run
    run.state, run.done_at = RunState.REFUSED, clock.now()
    told = {"reason": why.reason, "message": filled_in(why.message, why.values)}
    run.report = {
        "kind": run.kind,
        "file": {**told, "values": {k: str(v) for k, v in why.values.items()}},
    }
    journal.record(
        run, "import:refused", by, kind=run.kind, name=run.name, sha256=run.sha256,
    )  # fmt: skip
