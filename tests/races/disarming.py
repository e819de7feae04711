"""Taking the house's defences away in one process, to see that a race really needs them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.races.runners import Lane
from wholesale.customers import credit_limits
from wholesale.customers.models import Customer
from wholesale.kernel import engines, jobs, numbering, tokens
from wholesale.kernel.db import session
from wholesale.kernel.jobs import Job, JobState
from wholesale.merging import merging
from wholesale.orders import approving, carting
from wholesale.orders.models import Cart, CartState
from wholesale.stock import allocating, taking


@contextmanager
def _patches() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@contextmanager
def without_turns() -> Iterator[None]:
    """SQLite as its driver comes: reading takes no turn, a write begins a transaction by itself.

    On PostgreSQL nothing changes: there readers never wait for writers.
    """
    set_up = engines._set_up_sqlite

    def as_the_driver_comes(connection: sqlite3.Connection, record: object) -> None:
        set_up(connection, record)
        connection.isolation_level = ""

    with _patches() as patch:
        patch.setattr(engines, "_set_up_sqlite", as_the_driver_comes)
        patch.setattr(engines, "_begin_on_sqlite", lambda _connection: None)
        yield


@contextmanager
def without_promise_rows(lane: Lane, *, guard: bool) -> Iterator[None]:
    """No row is locked before promising, and all processes have read what is free before one writes.

    What is left is the condition in the UPDATE of the balance; `guard=False` takes that away too.
    """
    write = allocating._write_demands

    def write_after_all_have_read(*told: Any) -> list[int]:
        lane.meet()
        return write(*told)

    with _patches() as patch:
        patch.setattr(taking, "lock", lambda _skus: None)
        patch.setattr(allocating, "_write_demands", write_after_all_have_read)
        if not guard:
            held = taking.balance.c
            patch.setattr(
                taking,
                "TAKE",
                update(taking.balance)
                .where(taking._here)
                .values(
                    allocated=held.allocated + taking._pieces,
                    set_aside=held.set_aside - taking._own,
                ),
            )
        yield


@contextmanager
def looking_before_counting(lane: Lane) -> Iterator[None]:
    """Credit as one would write it without thinking: look at the exposure, then add."""
    add = credit_limits.add_ordered

    def look_then_add(customer: Customer, currency: str, gross: Decimal, **told: Any) -> bool:
        use = credit_limits.credit_of(customer, currency)
        if use.credit_limit is not None and use.exposure + gross > use.credit_limit:
            return False
        lane.meet()
        return add(customer, currency, gross, later=told["later"], force=True)

    with _patches() as patch:
        patch.setattr(credit_limits, "add_ordered", look_then_add)
        yield


@contextmanager
def reading_the_last_number(lane: Lane) -> Iterator[None]:
    """Numbers as one would draw them without thinking: read the last, write it plus one."""

    def read_then_write(code: str, on: Any) -> str:
        counter = session.scalars(
            select(numbering.NumberCounter).where(
                numbering.NumberCounter.code == code, numbering.NumberCounter.year == on.year
            )
        ).one()
        drawn = counter.last + 1
        lane.meet()
        counter.last = drawn
        session.flush()
        return f"{code}-{drawn}"

    with _patches() as patch:
        patch.setattr(numbering, "next_number", read_then_write)
        yield


@contextmanager
def looking_for_the_token(lane: Lane) -> Iterator[None]:
    """Form tokens that are looked for, but not taken."""

    def look(actor: str, token: str, _request: bytes) -> tokens.Submission | None:
        found = session.scalar(
            select(tokens.Submission).where(
                tokens.Submission.actor == actor, tokens.Submission.token == token
            )
        )
        lane.meet()
        return found

    with _patches() as patch:
        patch.setattr(tokens, "claim", look)
        yield


@contextmanager
def looking_at_the_cart(lane: Lane) -> Iterator[None]:
    """A request for approval that is looked at and then taken, in two steps."""

    def look_then_take(cart: Cart, before: CartState, after: CartState) -> bool:
        if session.scalar(select(Cart.state).where(Cart.id == cart.id)) is not before:
            return False
        lane.meet()
        session.execute(
            update(Cart.__table__).where(Cart.__table__.c.id == cart.id).values(state=after)
        )
        return True

    with _patches() as patch:
        patch.setattr(approving, "_switch", look_then_take)
        yield


@contextmanager
def without_holding_the_cart(lane: Lane) -> Iterator[None]:
    """A shared cart that is read and then written, with nobody's turn between."""

    def read_then_write(cart: Cart) -> Cart:
        assert cart.lines is not None
        lane.meet()
        return cart

    with _patches() as patch:
        patch.setattr(carting, "hold", read_then_write)
        yield


@contextmanager
def without_holding_the_customers(lane: Lane) -> Iterator[None]:
    """Two customers that are looked at and then merged, with nobody's turn between."""

    def look(*both: Customer) -> None:
        assert [one.state for one in both]
        lane.meet()

    with _patches() as patch:
        patch.setattr(merging, "hold", look)
        yield


@contextmanager
def looking_for_a_job(lane: Lane) -> Iterator[None]:
    """Jobs that are looked for and then taken, in two steps."""

    def look_then_take(worker: str) -> Job | None:
        job = session.scalars(
            select(Job).where(Job.state == JobState.READY).order_by(Job.id).limit(1)
        ).first()
        lane.meet()
        if job is not None:
            job.state, job.worker = JobState.RUNNING, worker
        return job

    with _patches() as patch:
        patch.setattr(jobs, "claim", look_then_take)
        yield
