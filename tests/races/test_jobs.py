"""Jobs claimed by sixteen workers at once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.races.contests import work_off
from tests.races.runners import Runners
from wholesale.kernel import jobs
from wholesale.kernel.access import Actor, Principal
from wholesale.kernel.db import session, unit_of_work
from wholesale.kernel.jobs import Job, JobState

pytestmark = pytest.mark.race
SYSTEM = Principal.system("test")


@pytest.fixture
def queue(arena: str) -> set[int]:
    """Forty jobs, and nothing else to do."""
    with unit_of_work(SYSTEM):
        for job in session.scalars(select(Job).where(Job.state == JobState.READY)):
            jobs.finish(job)
        for number in range(40):
            jobs.enqueue("test.nothing", {"n": number}, by=Actor.system("test"))
    with unit_of_work(SYSTEM, read_only=True):
        return set(session.scalars(select(Job.id).where(Job.state == JobState.READY)))


def test_each_job_is_taken_by_one_worker(arena: str, runners: Runners, queue: set[int]) -> None:
    taken = [job for mine in runners.race(arena, work_off, most=40) for job in mine]
    assert sorted(taken) == sorted(queue)
    with unit_of_work(SYSTEM, read_only=True):
        states = session.execute(select(Job.state, Job.attempts).where(Job.id.in_(queue))).all()
    assert set(states) == {(JobState.RUNNING, 1)}


def test_looking_for_a_job_first_gives_it_to_many(
    arena: str, runners: Runners, queue: set[int]
) -> None:
    """The negative control: read the next job, then mark it."""
    taken = [job for mine in runners.race(arena, work_off, most=1, guard=False) for job in mine]
    assert len(taken) == runners.count > len(set(taken))
