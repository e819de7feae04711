"""Waiting for one's turn to write: in the order of arrival, and not for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
import sqlalchemy
from sqlalchemy.exc import OperationalError

from wholesale.kernel import db, engines
from wholesale.kernel.access import Principal
from wholesale.kernel.engines import Busy, FairLock

SYSTEM = Principal.system("test")


def held_elsewhere(lock: FairLock, let_go: threading.Event) -> threading.Thread:
    """The lock in the hands of another thread."""
    has_it = threading.Event()

    def hold() -> None:
        with lock.held():
            has_it.set()
            let_go.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    has_it.wait(10)
    return thread


def test_whoever_waits_too_long_goes_away_and_is_not_called() -> None:
    lock, let_go = FairLock(), threading.Event()
    holder = held_elsewhere(lock, let_go)
    with pytest.raises(Busy), lock.held(0.05):
        pass
    let_go.set()
    holder.join(10)
    with lock.held(0.05), lock.held(0.05):  # nobody waits for the one who went away
        pass


def test_whoever_waits_is_served_in_the_order_of_arrival() -> None:
    lock, let_go, served = FairLock(), threading.Event(), list[int]()
    holder = held_elsewhere(lock, let_go)

    def wait(number: int) -> None:
        with lock.held(10):
            served.append(number)

    waiting = []
    for number in range(5):
        waiting.append(threading.Thread(target=wait, args=(number,)))
        waiting[-1].start()
        while len(lock._waiting) <= number:
            time.sleep(0.001)
    let_go.set()
    for thread in (holder, *waiting):
        thread.join(10)
    assert served == list(range(5))


def test_a_unit_is_not_begun_again_when_patience_has_ended(engine: sqlalchemy.Engine) -> None:
    tries = []

    def blocked() -> None:
        tries.append(1)
        time.sleep(0.03)
        raise OperationalError("UPDATE", {}, ValueError("database is locked"))

    for patience, expected in ((None, 3), (10.0, 3), (0.02, 1)):
        tries.clear()
        with pytest.raises(OperationalError):
            db.run_unit(blocked, SYSTEM, tries=3, patience=patience)
        assert len(tries) == expected


@pytest.mark.parametrize(
    ("trouble", "again", "full"),
    [
        ("database is locked", True, False),
        ("database or disk is full", False, True),
        ("disk I/O error", False, True),
        ("attempt to write a readonly database", False, True),
        ("no such table: orders", False, False),
    ],
)
def test_what_sqlite_says_is_understood(trouble: str, again: bool, full: bool) -> None:
    error = OperationalError("UPDATE", {}, ValueError(trouble))
    assert (engines.is_worth_another_try(error), engines.has_no_room(error)) == (again, full)


@pytest.mark.parametrize(
    ("state", "again", "full"),
    [("40001", True, False), ("40P01", True, False), ("55P03", True, False),
     ("53100", False, True), ("58030", False, True), ("42P01", False, False)],
)  # fmt: skip
def test_what_postgresql_says_is_understood(
    make_error: Callable[[str], Exception], state: str, again: bool, full: bool
) -> None:
    error = OperationalError("UPDATE", {}, make_error(state))
    assert (engines.is_worth_another_try(error), engines.has_no_room(error)) == (again, full)


@pytest.fixture
def make_error() -> Callable[[str], Exception]:
    """An error as psycopg makes it."""

    def make(state: str) -> Exception:
        error = ValueError("trouble")
        error.sqlstate = state  # type: ignore[attr-defined]
        return error

    return make
