"""Sixteen processes and one committed database per engine, shared by all races."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.races.runners import NOW, Runners
from wholesale.exchange.founding import found_demo_profile
from wholesale.kernel import clock, db, migrating
from wholesale.kernel.access import Principal

SYSTEM = Principal.system("test")


@pytest.fixture(scope="session")
def runners() -> Iterator[Runners]:
    """Sixteen processes, started once for all races on both engines."""
    processes = Runners(16)
    yield processes
    processes.go_home()


@pytest.fixture(scope="session")
def course(new_database: Callable[[], str], data_folder: Path) -> str:
    """The address of a migrated database with the company in it, whose rows are really committed."""
    before = db.session.session_factory.kw.get("bind")
    url = new_database()
    engine = db.connect(url)
    migrating.upgrade(engine)
    with clock.at(NOW), db.unit_of_work(SYSTEM):
        found_demo_profile(SYSTEM.actor)
    db.session.remove()
    engine.dispose()
    db.session.configure(bind=before)
    return url


@pytest.fixture
def arena(course: str) -> Iterator[str]:
    """The address of the races' database, with this process's session pointing at it."""
    before = db.session.session_factory.kw.get("bind")
    engine = db.connect(course)
    with clock.at(NOW):
        yield course
    db.session.remove()
    engine.dispose()
    db.session.configure(bind=before)
