"""What a reading unit sees while others write: one instant, from its first question to its last."""

from __future__ import annotations

from contextlib import suppress

import pytest
import sqlalchemy
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from wholesale.kernel.access import Principal
from wholesale.kernel.db import session, unit_of_work
from wholesale.kernel.numbering import NumberCounter

pytestmark = pytest.mark.race
SYSTEM = Principal.system("test")
LAST = select(NumberCounter.last).where(NumberCounter.code == "INV")
MORE = text("UPDATE number_counters SET last = last + 1 WHERE code = 'INV'")


def test_a_page_and_a_check_see_one_instant(arena: str) -> None:
    """PostgreSQL lets the writer through, SQLite's rollback journal makes it wait; either way."""
    elsewhere = sqlalchemy.create_engine(arena)
    with unit_of_work(SYSTEM, read_only=True):
        before = session.scalars(LAST).all()
        with suppress(OperationalError), elsewhere.begin() as other:
            if other.dialect.name == "sqlite":
                other.execute(text("PRAGMA busy_timeout=50"))
            other.execute(MORE)
        session.expire_all()
        assert session.scalars(LAST).all() == before
    with elsewhere.begin() as other:
        other.execute(MORE)
    elsewhere.dispose()
    with unit_of_work(SYSTEM, read_only=True):
        assert session.scalars(LAST).all() != before
