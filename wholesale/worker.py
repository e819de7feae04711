"""The worker: takes jobs one after the other. Here stands the one table of job name → verb."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from wholesale.accounts import resetting
from wholesale.customers import billing_to
from wholesale.customers.queries import the_customer
from wholesale.exchange import line_sheets as excel
from wholesale.exchange import long_imports
from wholesale.kernel import jobs, papers
from wholesale.kernel.access import Actor, Principal
from wholesale.kernel.db import run_unit, session
from wholesale.kernel.jobs import Job
from wholesale.mail import outbox, sending
from wholesale.offers import line_sheets, watching
from wholesale.offers.models import SheetKind
from wholesale.pricing import revisions
from wholesale.trade_docs import line_sheets as pdf
from wholesale.trade_docs import price_notices, printing

log = logging.getLogger("wholesale.worker")
PAUSE = 1.0
SLICE = 5.0  # seconds a long job works before others have their turn
T = TypeVar("T")
WORKER = Principal.system("worker")


@dataclass(frozen=True, slots=True)
class Work:
    """How a kind of job is done.

    `prepare` does what takes long in a unit that only reads, so that nobody who writes waits for
    it; `finish` writes its result down, in the unit that also says the job is done.
    """

    prepare: Callable[[dict[str, Any]], Any]
    finish: Callable[[dict[str, Any], Any, Actor], None]


@dataclass(frozen=True, slots=True)
class LongWork:
    """A kind of job that is done in many units of its own, each of which leaves things whole.

    `go_on` works until it is done (True), or until `stop` says that others shall have their turn.
    """

    go_on: Callable[[dict[str, Any], Actor, Callable[[], bool]], bool]


def _keep_paper(arguments: dict[str, Any], pdf: bytes, by: Actor) -> None:
    printing.keep(arguments["paper"], pdf)
    sending.release_held(arguments["paper"], by)


def _go_on_importing(arguments: dict[str, Any], by: Actor, stop: Callable[[], bool]) -> bool:
    return long_imports.go_on(arguments["run"], Principal(by), lambda _: stop(), stop=stop)


def _draw_line_sheet(arguments: dict[str, Any]) -> bytes:
    kind, sheet = line_sheets.gather_asked(arguments["sheet"])
    if sheet is None:
        return b""
    return excel.drawn(sheet) if kind is SheetKind.EXCEL else pdf.drawn(sheet)


JOBS: dict[str, Work | LongWork] = {
    watching.LOOK: Work(
        lambda _: watching.look(),
        lambda arguments, found, by: watching.tell(found, date.fromisoformat(arguments["day"]), by),
    ),
    long_imports.JOB: LongWork(_go_on_importing),
    line_sheets.DRAW: Work(
        _draw_line_sheet, lambda arguments, drawn, _: line_sheets.keep(arguments["sheet"], drawn)
    ),
    revisions.LETTERS: Work(
        lambda arguments: price_notices.plan_letters(arguments["revision"]),
        lambda arguments, found, by: price_notices.ask_for_letters(
            arguments["revision"], found, by
        ),
    ),
    price_notices.LETTER: Work(
        lambda arguments: price_notices.draw_up(arguments["revision"], arguments["customer"]),
        lambda arguments, facts, by: price_notices.post(
            arguments["revision"], arguments["customer"], facts, by
        ),
    ),
    revisions.WITHDRAWN: Work(
        lambda _: None, lambda arguments, _, by: price_notices.withdraw(arguments["revision"], by)
    ),
    revisions.APPLY: Work(
        lambda _: None,
        lambda arguments, _, by: revisions.apply_due_by_id(arguments["revision"], by),
    ),
    papers.RENDER: Work(lambda arguments: printing.draw(arguments["paper"]), _keep_paper),
    resetting.RESET: Work(lambda _: None, lambda arguments, _, by: resetting.send(arguments, by)),
    billing_to.TAKE_EFFECT: Work(
        lambda _: None,
        lambda arguments, _, __: billing_to.take_effect(the_customer(arguments["customer"])),
    ),
    outbox.SEND: Work(
        lambda arguments: sending.hand_over(arguments["letter"]),
        lambda arguments, _, __: sending.note_sent(arguments["letter"]),
    ),
}


def run_one(name: str) -> bool:
    """Take one job that is due and do it; False when there is none.

    A job that breaks is noted and tried again later; it never takes the worker with it.
    """
    claimed = run_unit(lambda: _claim(name), WORKER)
    if claimed is None:
        return False
    _, trouble = _tried(_do, *claimed)
    if trouble is not None:
        log.warning("job %s (%s) broke", claimed[0], claimed[1], exc_info=trouble)
        told = f"{type(trouble).__name__}: {trouble}"
        run_unit(lambda: jobs.fail(_job(claimed[0]), told), WORKER)
    return True


def work(stop: threading.Event, *, name: str = "") -> None:
    """Do jobs until `stop` is set. A database that is away for a while is waited for."""
    name = name or f"{socket.gethostname()}:{os.getpid()}"
    while not stop.is_set():
        did_one, trouble = _tried(run_one, name)
        if trouble is not None:
            log.error("the worker could not look for jobs", exc_info=trouble)
        if not did_one:
            stop.wait(PAUSE)


def _tried(task: Callable[..., T], *given: Any) -> tuple[T | None, BaseException | None]:
    """What a task made, or whatever it broke with; a thread of its own keeps it apart."""
    with ThreadPoolExecutor(1) as hand:
        future = hand.submit(task, *given)
        trouble = future.exception()
    return (None, trouble) if trouble else (future.result(), None)


def work_until_empty(name: str = "worker") -> int:
    """Do every job that is due now; how many there were."""
    done = 0
    while run_one(name):
        done += 1
    return done


def _claim(name: str) -> tuple[int, str, dict[str, Any], Actor] | None:
    job = jobs.claim(name)
    return None if job is None else (job.id, job.name, job.arguments, job.asked_by)


def _do(number: int, name: str, arguments: dict[str, Any], by: Actor) -> None:
    work = JOBS[name]
    if isinstance(work, LongWork):
        _go_on(number, work, arguments, by)
        return
    result = run_unit(lambda: work.prepare(arguments), WORKER, read_only=True)

    def finish() -> None:
        work.finish(arguments, result, by)
        jobs.finish(_job(number))

    run_unit(finish, WORKER)


def _go_on(number: int, work: LongWork, arguments: dict[str, Any], by: Actor) -> None:
    """Let a long job work for a while; then it stands behind what is more urgent."""
    until = time.monotonic() + SLICE

    def stop() -> bool:
        run_unit(lambda: jobs.keep_lease(_job(number)), WORKER)
        return time.monotonic() > until

    is_done = work.go_on(arguments, by, stop)
    run_unit(lambda: (jobs.finish if is_done else jobs.put_back)(_job(number)), WORKER)


def _job(number: int) -> Job:
    found = session.get(Job, number)
    assert found is not None  # noqa: S101 - claimed a moment ago
    return found
