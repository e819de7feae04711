"""Work for later: rows that commit with the business they belong to, claimed by lease."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Index, String, Table, Text, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.kernel import clock
from wholesale.kernel.access import Actor, ActorKind
from wholesale.kernel.db import Model, session
from wholesale.kernel.types import CanonicalJSON

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 8


class JobState(StrEnum):
    """Where a job stands."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Model):
    """One piece of work: the name of a verb and its arguments. `dedupe_key` keeps it single."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_ready", "state", "priority", "run_at"),)

    name: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    state: Mapped[JobState] = mapped_column(default=JobState.READY)
    priority: Mapped[int] = mapped_column(default=5)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(String(80))
    dedupe_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    asked_by_kind: Mapped[ActorKind]
    asked_by_id: Mapped[int | None]
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    trouble: Mapped[str | None] = mapped_column(Text)

    @property
    def asked_by(self) -> Actor:
        """Who asked for it; the verb is run in that name."""
        return Actor(self.asked_by_kind, self.asked_by_id, self.asked_by_name)


def enqueue(
    name: str,
    arguments: dict[str, Any],
    *,
    by: Actor,
    dedupe_key: str | None = None,
    run_at: datetime | None = None,
    priority: int = 5,
) -> None:
    """Ask for a piece of work in the same transaction as the business; a known key is asked once."""
    dialect = session.get_bind().dialect.name
    session.execute(
        _ENQUEUE[dialect],
        {
            "name": name,
            "arguments": arguments,
            "priority": priority,
            "run_at": run_at or clock.now(),
            "dedupe_key": dedupe_key,
            "asked_by_kind": by.kind,
            "asked_by_id": by.id,
            "asked_by_name": by.name,
            "asked_at": clock.now(),
        },
    )


_table = cast("Table", Job.__table__)
_ENQUEUE = {
    "sqlite": sqlite.insert(_table).on_conflict_do_nothing(index_elements=["dedupe_key"]),
    "postgresql": postgresql.insert(_table).on_conflict_do_nothing(index_elements=["dedupe_key"]),
}


def claim(worker: str) -> Job | None:
    """Take the next job that is due, or one whose worker went silent; None when there is none."""
    now = clock.now()
    due = (
        select(Job.id)
        .where(
            Job.run_at <= now,
            or_(
                Job.state == JobState.READY,
                (Job.state == JobState.RUNNING) & (Job.lease_until < now),
            ),
        )
        .order_by(Job.priority, Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    claimed = session.scalar(
        update(Job)
        .where(Job.id == due.scalar_subquery())
        .values(
            state=JobState.RUNNING,
            worker=worker,
            lease_until=now + LEASE,
            attempts=Job.attempts + 1,
        )
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return None if claimed is None else session.get(Job, claimed, populate_existing=True)


def finish(job: Job) -> None:
    """The work is done; call it in the unit of work that did it."""
    job.state, job.done_at, job.trouble = JobState.DONE, clock.now(), None


def keep_lease(job: Job) -> None:
    """The worker is alive and still at it."""
    job.lease_until = clock.now() + LEASE


def put_back(job: Job) -> None:
    """A part of the work is done: the rest waits behind what is more urgent."""
    job.state, job.run_at, job.attempts, job.trouble = JobState.READY, clock.now(), 0, None


def fail(job: Job, trouble: str) -> None:
    """It broke: try again later, with longer and longer pauses, then give up and show it."""
    job.trouble = trouble[:2000]
    if job.attempts >= MOST_ATTEMPTS:
        job.state = JobState.FAILED
        return
    job.state, job.run_at = JobState.READY, clock.now() + timedelta(minutes=2**job.attempts)
