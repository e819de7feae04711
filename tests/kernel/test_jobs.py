"""Jobs: claimed by lease, tried again, given up in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.conftest import NOW
from wholesale.kernel import clock, jobs
from wholesale.kernel.access import Actor, ActorKind
from wholesale.kernel.db import session
from wholesale.kernel.jobs import LEASE, MOST_ATTEMPTS, Job, JobState

DANA = Actor(ActorKind.STAFF, 7, "Dana")


@pytest.fixture(autouse=True)
def _(database: None) -> None:
    """Every test begins with an empty queue."""


def ask(name: str = "papers.render", **more: object) -> None:
    jobs.enqueue(name, {"paper": 1}, by=DANA, **more)
    session.flush()


def test_a_job_is_claimed_once_until_its_lease_runs_out() -> None:
    ask()
    first = jobs.claim("one")
    assert first is not None
    assert jobs.claim("two") is None
    with clock.at(NOW + LEASE):
        assert jobs.claim("two") is None
    with clock.at(NOW + LEASE + timedelta(seconds=1)):
        again = jobs.claim("two")
    assert again is not None
    assert (again.id, again.worker, again.attempts) == (first.id, "two", 2)


def test_a_finished_job_is_never_taken_again() -> None:
    ask()
    job = jobs.claim("one")
    assert job is not None
    jobs.finish(job)
    session.flush()
    with clock.at(NOW + timedelta(days=1)):
        assert jobs.claim("two") is None
    assert (job.state, job.done_at, job.trouble) == (JobState.DONE, NOW, None)


def test_a_broken_job_rests_longer_each_time_and_is_given_up_in_the_end() -> None:
    ask()
    at, pauses = NOW, []
    for _ in range(MOST_ATTEMPTS):
        with clock.at(at):
            job = jobs.claim("one")
            assert job is not None
            jobs.fail(job, "no ink")
            session.flush()
        pauses.append(job.run_at - at)
        at = max(at, job.run_at)
    assert pauses[:3] == [timedelta(minutes=n) for n in (2, 4, 8)]
    assert (job.state, job.trouble) == (JobState.FAILED, "no ink")
    with clock.at(at + timedelta(days=9)):
        assert jobs.claim("one") is None


def test_the_same_key_is_asked_once() -> None:
    ask(dedupe_key="render:1")
    ask(dedupe_key="render:1")
    ask(dedupe_key="render:2")
    assert len(session.scalars(select(Job.id)).all()) == 2


def test_urgent_jobs_go_first_and_later_ones_wait_for_their_time() -> None:
    ask("later", run_at=NOW + timedelta(hours=1), priority=1)
    ask("usual")
    ask("urgent", priority=1)
    names = [job.name for job in (jobs.claim("one"), jobs.claim("one")) if job]
    assert names == ["urgent", "usual"]
    assert jobs.claim("one") is None


def test_a_job_remembers_who_asked() -> None:
    ask()
    job = jobs.claim("one")
    assert job is not None
    assert job.asked_by == DANA
