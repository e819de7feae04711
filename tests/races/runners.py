"""Processes that stand by for races: started once, told what to run, started by one shot."""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from wholesale.kernel import clock, config, db

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
LONGEST_WAIT = 30.0


class Fell(AssertionError):
    """A process broke down in the middle of a race."""


class Lane:
    """One process's place in a race: its number, and where it meets the others."""

    def __init__(self, number: int, gate: Barrier) -> None:
        self.number = number
        self._gate = gate
        self._met = True

    def start(self) -> None:
        """Wait until every process stands here, then go on together."""
        self._gate.wait(LONGEST_WAIT)
        self._met = False

    def meet(self) -> None:
        """Wait for all once more in the middle of a unit; a unit that is run again passes by."""
        if not self._met:
            self._met = True
            self._gate.wait(LONGEST_WAIT)


class Runners:
    """So many processes; `race` gives each the same work and returns what each brought back."""

    def __init__(self, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.count = count
        self._gate = context.Barrier(count)
        self._pipes: list[Connection] = []
        self._processes = []
        for number in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(
                target=_stand_by, args=(number, self._gate, theirs), daemon=True
            )
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)

    def race(self, url: str, work: Callable[..., Any], **told: Any) -> list[Any]:
        """Run `work(lane, **told)` in every process against one database. Raises Fell."""
        settings = config.current()
        for pipe in self._pipes:
            pipe.send((url, settings, work, told))
        answers = [pipe.recv() for pipe in self._pipes]
        self._gate.reset()
        fallen = [trouble for trouble, _ in answers if trouble]
        if fallen:
            real = [trouble for trouble in fallen if "BrokenBarrierError" not in trouble]
            raise Fell((real or fallen)[0])
        return [result for _, result in answers]

    def go_home(self) -> None:
        """End the processes."""
        for pipe in self._pipes:
            pipe.send(None)
        for process in self._processes:
            process.join(LONGEST_WAIT)


def _stand_by(number: int, gate: Barrier, pipe: Connection) -> None:
    """The life of one process: run what comes, report, wait for the next."""
    while (told := pipe.recv()) is not None:
        url, settings, work, arguments = told
        config.use(settings)
        try:
            with clock.at(NOW):
                pipe.send((None, work(Lane(number, gate), url, **arguments)))
        except BaseException:  # noqa: BLE001 - whatever it is, the race has to hear of it
            gate.abort()
            pipe.send((traceback.format_exc(), None))


@contextmanager
def connected(url: str) -> Iterator[None]:
    """Give this process its own connection to the database of the race."""
    engine = db.connect(url)
    try:
        yield
    finally:
        db.session.remove()
        engine.dispose()
