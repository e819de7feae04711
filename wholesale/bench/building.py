"""Building the set once, in an empty database, in the order in which rows need one another."""

from __future__ import annotations

import time
from collections.abc import Iterable

from sqlalchemy import Engine, inspect, select

from wholesale.accounts.inviting import add_buyer, add_staff
from wholesale.accounts.models import BuyerRole
from wholesale.bench import goods, history, levels, parties, receipts
from wholesale.bench.books import Books
from wholesale.bench.columns import HEAVY
from wholesale.bench.sizes import NOW, VERSION, Size
from wholesale.bench.writing import make_indexes, plain_indexes, settle_in, writer
from wholesale.customers.queries import customer_by_code
from wholesale.exchange.founding import found_demo_profile
from wholesale.kernel import clock, db, migrating
from wholesale.kernel.access import Principal
from wholesale.kernel.db import session
from wholesale.kernel.journal import JournalHead
from wholesale.stock.models import Location

SYSTEM = Principal.system("bench")
MARK = "bench_mark"
BUYERS = tuple(f"C{number:05d}" for number in (2, 3, 5, 6, 7, 11, 14, 15))
PASSWORD = "bench bench bench"  # noqa: S105 - of people who exist in the bench's set alone
OWNER = "owner@bench.example"


class NotOurs(Exception):
    """The database holds something that the bench did not build."""


def is_built(engine: Engine, size: Size) -> bool:
    """Whether this set stands there already, whole. Raises NotOurs for anybody else's tables."""
    tables = inspect(engine).get_table_names()
    if MARK not in tables:
        if tables:
            raise NotOurs("This database is not empty. Give the bench an empty one of its own.")
        return False
    with engine.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT share, version, stamp FROM {MARK}").first()
    if found != (size.share, VERSION, migrating.newest()):
        raise NotOurs("This database holds a set of another size or version. Give an empty one.")
    return True


def build(engine: Engine, size: Size) -> None:
    """Fill an empty database; the last thing written is the mark that all of it is there."""
    began = time.monotonic()
    print(f"Building 1/{size.share} of the full set on {engine.dialect.name} …", flush=True)
    migrating.upgrade(engine)
    with clock.at(NOW), db.unit_of_work(SYSTEM):
        found_demo_profile(SYSTEM.actor)
    with db.unit_of_work(SYSTEM, read_only=True):
        head = session.scalars(select(JournalHead)).one()
        journal = (head.count, head.hash)
        place = {
            code: number for number, code in session.execute(select(Location.id, Location.code))
        }
    with writer(engine) as out:
        for name in plain_indexes(HEAVY):
            out.run(f"DROP INDEX {name}")
        goods.write(out, size)
        people = parties.write(out, size)
        _say("catalogue, customers and prices", began)
        books = Books(out, size.skus, journal, place)
        _follow("orders", history.write(books, size, people), size.orders, began)
        _follow("receipts", receipts.write(books, people), len(books.to_pay), began)
        receipts.write_opening(books, size, people)
        levels.write_stock(books, size)
        levels.write_counters(books, out, people)
        _say("stock, invoices and counters", began)
    make_indexes(engine, HEAVY)
    _say("indexes", began)
    settle_in(engine)
    with clock.at(NOW), db.unit_of_work(SYSTEM):
        goods.write_search(size)
        _people()
    with writer(engine) as out:
        out.run(f"CREATE TABLE {MARK} (share INTEGER, version INTEGER, stamp VARCHAR(40))")
        out.rows(MARK, "share version stamp", [(size.share, VERSION, migrating.newest())])
    _say("search and people", began)


def _people() -> None:
    """Who signs in while pages are measured."""
    by = SYSTEM.actor
    add_staff(OWNER, "Owner", "owner", by, password=PASSWORD)
    for code in BUYERS:
        customer = customer_by_code(code)
        assert customer is not None  # noqa: S101 - every size has these
        add_buyer(f"{code.lower()}@bench.example", code, customer, by,
                  role=BuyerRole.ADMIN, password=PASSWORD)  # fmt: skip


def _follow(what: str, steps: Iterable[int], whole: int, began: float) -> None:
    for done in steps:
        if done % 20_000 == 0 and done:
            _say(f"{done:,} of {whole:,} {what}", began)
    _say(f"{whole:,} {what}", began)


def _say(what: str, began: float) -> None:
    print(f"  {time.monotonic() - began:6.0f} s  {what}", flush=True)
