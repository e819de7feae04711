"""A full disk: a page that says so, nothing by halves, and everything works when there is room again.

The limit is laid on the files of the running server from outside (RLIMIT_FSIZE), so that no disk has
to be filled.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import func, select

from tests.factories.receipts import bank_csv
from tests.faults.conftest import SYSTEM, Company
from tests.faults.serving import Program
from wholesale.kernel import db
from wholesale.kernel.db import session
from wholesale.kernel.files import StoredFile
from wholesale.orders.models import Order

pytestmark = pytest.mark.fault
PAGE = 4096
ENOUGH = 60


@contextmanager
def no_file_beyond(house: Program, size: int) -> Iterator[None]:
    """The server can write no file beyond so many bytes."""
    assert house.process is not None
    soft, hard = resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE, (soft, hard))


def order(company: Company, token: str) -> int:
    """An order on the telephone; the status of the answer."""
    form = {"customer": "nordwind", "what": company.sku, "pieces": "1", "po_number": token,
            "form_token": token}  # fmt: skip
    return company.program.send("POST", "/office/orders", company.secrets["dana"], form).status


def placed() -> set[str]:
    with db.unit_of_work(SYSTEM, read_only=True):
        return set(session.scalars(select(Order.po_number)))


def stored() -> int:
    with db.unit_of_work(SYSTEM, read_only=True):
        return session.scalar(select(func.count(StoredFile.id))) or 0


def files_of(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "files" in path.parts]


def test_an_upload_that_finds_no_room_leaves_nothing(company: Company, dialect: str) -> None:
    house, egon = company.program, company.secrets["egon"]
    content = bank_csv(*[(f"ﾀﾞﾚｶ{n}", n) for n in range(1, 400)])
    house.serve()
    before = files_of(house.data)
    with no_file_beyond(house, len(content) // 2):
        reply = house.send("POST", "/office/bank/preview", egon, {"account": "MIYAKO"}, content)
        assert reply.status == 507
        assert "Our storage takes nothing more" in reply.text
        assert house.send("GET", "/office/bank", egon).status == 200
    assert (files_of(house.data), stored()) == (before, 0)
    reply = house.send("POST", "/office/bank/preview", egon, {"account": "MIYAKO"}, content)
    assert (reply.status, stored()) == (200, 1)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_database_that_cannot_grow_refuses_whole(
    company: Company, dialect: str, is_long: bool
) -> None:
    """At each level the database takes a few orders, then none; what it took is all that is there.

    The files of PostgreSQL are written by its own server, which this can't reach.
    """
    house, taken = company.program, set[str]()
    path = Path(str(sqlalchemy.make_url(house.url).database))
    house.serve()
    assert order(company, "first") == 303
    taken.add("first")
    for level in range(40 if is_long else 5):
        room = path.stat().st_size + PAGE * (level % 8) - PAGE * 40 * (level % 3)
        with no_file_beyond(house, room):
            said = _until_refused(company, level, taken)
            assert said == 507, (level, said)
        assert placed() == taken
        assert order(company, f"again-{level}") == 303
        taken.add(f"again-{level}")
        assert placed() == taken
    assert house.check() in {0, 1}


def _until_refused(company: Company, level: int, taken: set[str]) -> int:
    """Orders until one is refused; notes those that were taken."""
    for number in range(ENOUGH):
        token = f"{level}-{number}"
        status = order(company, token)
        if status != 303:
            return status
        taken.add(token)
    return 303
