"""kill -9 of a committing writer, and of the worker between the work and the word that it is done."""

from __future__ import annotations

import dataclasses
import email
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.factories.belongings import make_packed
from tests.factories.goods import make_sku
from tests.factories.orders import BY
from tests.factories.stock import put_on_shelf
from tests.faults.conftest import SYSTEM, Company
from tests.mail.sink import mail_server
from wholesale import worker
from wholesale.billing import invoicing
from wholesale.customers.queries import customer_by_code
from wholesale.kernel import clock, config, db, files
from wholesale.kernel.db import session
from wholesale.kernel.files import StoredFile
from wholesale.kernel.jobs import LEASE, Job, JobState
from wholesale.kernel.papers import Paper
from wholesale.mail.models import Letter, LetterState
from wholesale.shipping import dispatching
from wholesale.stock.models import Move, MoveKind

pytestmark = pytest.mark.fault
AT_LEAST = 10


def test_what_a_killed_writer_said_is_there(company: Company, dialect: str, is_long: bool) -> None:
    """Every piece it told of was taken in; at most one more had been, before it could tell."""
    told = 0
    for kill in range(1, (40 if is_long else 2) + 1):
        writer = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.faults.writing",
                company.program.url,
                str(company.sku_id),
            ],
            stdout=subprocess.PIPE,
        )
        assert writer.stdout is not None
        for _ in range(AT_LEAST):
            writer.stdout.readline()
        time.sleep(random.uniform(0, 0.1))
        writer.send_signal(signal.SIGKILL)
        told += AT_LEAST + len(writer.stdout.read().splitlines())
        writer.stdout.close()
        writer.wait()
        assert told <= _taken_in(company.sku_id) <= told + kill
    assert company.program.check() in {0, 1}


def _taken_in(sku: int) -> int:
    with db.unit_of_work(SYSTEM, read_only=True):
        pieces = select(func.sum(Move.quantity)).where(
            Move.sku_id == sku, Move.kind == MoveKind.RECEIPT
        )
        return int(session.scalar(pieces) or 0)


def test_a_killed_worker_leaves_each_paper_and_each_letter_once(
    company: Company, dialect: str, is_long: bool
) -> None:
    """It dies after it drew or sent and before it said so: the next one does the work again, to the
    same effect. A mail server may see a letter twice, under the same Message-ID.
    """
    _bill(company, 6 if is_long else 1)
    with mail_server() as (address, arrived):
        company.program.mail = address
        config.use(dataclasses.replace(config.current(), mail=address))
        deaths = _kill_workers(company, 12 if is_long else 2)
        with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
            worker.work_until_empty()
        letters = Counter(email.message_from_bytes(one)["Message-ID"] for one in arrived)
    with db.unit_of_work(SYSTEM, read_only=True):
        assert set(session.scalars(select(Job.state))) == {JobState.DONE}
        assert session.scalar(select(func.max(Job.attempts))) == 2
        assert session.scalar(select(func.count()).where(Job.attempts == 2)) == deaths
        kept = session.scalars(select(Paper.sha256)).all()
        assert len(set(kept)) == len(kept) == session.scalar(select(func.count(StoredFile.id)))
        assert all(sha256 and files.read(sha256).startswith(b"%PDF") for sha256 in kept)
        assert set(session.scalars(select(Letter.state))) == {LetterState.SENT}
        assert set(letters) == set(session.scalars(select(Letter.message_id)))
    assert max(letters.values()) <= 2
    assert company.program.check() == 0


def _bill(company: Company, times: int) -> None:
    """Shipments that left and were billed; their papers are not drawn, their letters not sent."""
    with db.unit_of_work(SYSTEM):
        sku, customer = make_sku(), customer_by_code("nordwind")
        assert customer is not None
        put_on_shelf(sku, 10 * times)
        for _ in range(times):
            shipment = make_packed(customer, sku)
            dispatching.dispatch(shipment, BY)
            invoicing.invoice_shipment(shipment, BY)


def _kill_workers(company: Company, times: int) -> int:
    """Let a worker do so much of one job and die, over and over; how many died."""
    for _ in range(times):
        process = company.program.command("dying-before-it-finishes", "worker")
        assert process.stdout is not None
        assert process.stdout.readline() == b"prepared\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    return times
