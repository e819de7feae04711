"""Others hold what a request needs: for a moment it waits, for longer it says so and has done nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy
from sqlalchemy import func, select

from tests.faults.conftest import SYSTEM, Company
from tests.faults.serving import Reply
from tests.faults.test_killing import crowding
from wholesale.accounts.models import SignIn
from wholesale.kernel import db
from wholesale.kernel.db import session
from wholesale.kernel.tokens import Submission
from wholesale.orders.models import Order
from wholesale.web.flask_app import PATIENCE

pytestmark = pytest.mark.fault

# A process that knows nothing of us takes the lock and keeps it.
SQLITE = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute(sys.argv[3])
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""
POSTGRES = """
import psycopg, sys, time
held = psycopg.connect(sys.argv[1])
held.execute(sys.argv[3])
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""
WRITING = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "LOCK TABLE number_counters IN EXCLUSIVE MODE",
}
EVERYTHING = {
    "sqlite": "BEGIN EXCLUSIVE",
    "postgresql": "LOCK TABLE sign_ins, orders IN ACCESS EXCLUSIVE MODE",
}


@contextmanager
def held(url: str, seconds: float, lock: dict[str, str]) -> Iterator[None]:
    """A lock in the hands of another process, until the block or the seconds end."""
    address = sqlalchemy.make_url(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    place = (
        str(address.database) if is_sqlite
        else address.set(drivername="postgresql").render_as_string(hide_password=False)
    )  # fmt: skip
    told = lock["sqlite" if is_sqlite else "postgresql"]
    holder = subprocess.Popen(
        [sys.executable, "-c", SQLITE if is_sqlite else POSTGRES, place, str(seconds), told],
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    try:
        yield
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()


def order(company: Company, token: str) -> tuple[Reply, float]:
    """An order on the telephone; the answer and the seconds until it came."""
    form = {"customer": "nordwind", "what": company.sku, "pieces": "1", "form_token": token}
    began = time.monotonic()
    reply = company.program.send("POST", "/office/orders", company.secrets["dana"], form)
    return reply, time.monotonic() - began


def written() -> tuple[int, int]:
    """How many orders and remembered forms there are."""
    with db.unit_of_work(SYSTEM, read_only=True):
        counts = (select(func.count(Order.id)), select(func.count(Submission.id)))
        return tuple(session.scalar(one) or 0 for one in counts)  # type: ignore[return-value]


def test_a_lock_in_foreign_hands(company: Company, dialect: str) -> None:
    house, dana = company.program, company.secrets["dana"]
    with db.unit_of_work(SYSTEM):  # the visit would have to be noted again
        for one in session.scalars(select(SignIn)):
            one.seen_at -= timedelta(minutes=5)
    house.serve()
    with held(house.url, 2.0, WRITING):
        reply, seconds = order(company, "a-moment")
        assert reply.status == 303
        assert seconds > 1
    assert written() == (1, 1)
    with held(house.url, 60.0, WRITING):
        reply, seconds = order(company, "for-longer")
        assert (reply.status, reply.headers["Retry-After"]) == (503, "3")
        assert "Nothing was saved" in reply.text
        assert PATIENCE <= seconds <= 2 * PATIENCE * crowding()
        assert house.send("GET", "/office/orders", dana).status == 200
    assert written() == (1, 1)
    with held(house.url, 60.0, EVERYTHING):
        reply = house.send("GET", "/office/orders", dana)
        assert (reply.status, reply.headers["Retry-After"]) == (503, "3")
        assert house.send("GET", "/static/css/app.css", dana).status == 200
    assert [order(company, "for-longer")[0].status for _ in range(2)] == [303, 303]
    assert written() == (2, 2)
    assert house.check() in {0, 1}
