"""What was done stays done: the chain notices a changed, a missing and a moved row."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.factories.goods import make_brand
from wholesale.billing.checks import CHECKS
from wholesale.kernel import journal
from wholesale.kernel.access import Actor, Principal
from wholesale.kernel.db import savepoint, session, unit_of_work
from wholesale.kernel.journal import JournalEntry

BY = Actor.system("test")
SYSTEM = Principal.system("test")
CHAIN = next(check for check in CHECKS if check.id == "AUD-1")


def write(*words: str) -> None:
    with unit_of_work(SYSTEM):
        brand = make_brand(f"brand {words[0]}")
        for word in words:
            journal.record(brand, "brand:renamed", BY, word=word)


def without_guards() -> None:
    """Let the test do what only somebody with the database in hands could do."""
    if session.get_bind().dialect.name == "sqlite":
        for name in session.scalars(
            text(
                "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='journal_entries'"
            )
        ).all():
            session.execute(text(f'DROP TRIGGER "{name}"'))
    else:
        session.execute(text("ALTER TABLE journal_entries DISABLE TRIGGER USER"))


def words() -> list[str]:
    rows = session.scalars(
        select(JournalEntry.details)
        .where(JournalEntry.did == "brand:renamed")
        .order_by(JournalEntry.sequence)
    )
    return [row.split('"')[3] for row in rows]


def test_entries_are_chained_in_order(database: None) -> None:
    write("one", "two")
    write("three")
    assert words() == ["one", "two", "three"]
    rows = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence)).all()
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
    assert [row.previous_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]
    assert CHAIN.offenders() == []


@pytest.mark.parametrize(
    "change",
    [
        "SET details = '{}'", "SET actor_name = 'somebody else'", "SET did = 'brand:made'",
        "SET subject_id = subject_id + 1", "SET subject_kind = 'skus'", "SET on_behalf_of = 'x'",
        "SET hash = previous_hash", "SET actor_kind = 'staff'", "SET actor_id = 7",
        "SET at = '2020-01-01 00:00:00+00:00'",
    ],
)  # fmt: skip
def test_a_changed_column_breaks_the_chain(database: None, change: str) -> None:
    write("one", "two", "three")
    without_guards()
    session.execute(text(f"UPDATE journal_entries {change} WHERE details LIKE '%two%'"))
    session.expire_all()
    assert CHAIN.offenders() != []


@pytest.mark.parametrize("word", ["two", "three"])
def test_a_missing_entry_is_noticed_even_at_the_end(database: None, word: str) -> None:
    write("one", "two", "three")
    without_guards()
    session.execute(text(f"DELETE FROM journal_entries WHERE details LIKE '%{word}%'"))
    session.expire_all()
    assert CHAIN.offenders() != []


@pytest.mark.parametrize(
    "change", ["UPDATE journal_entries SET details = '{}'", "DELETE FROM journal_entries"]
)
def test_the_database_itself_refuses_to_change_the_journal(database: None, change: str) -> None:
    write("one")
    with pytest.raises(DBAPIError):
        session.execute(text(change))


def test_a_unit_that_fails_leaves_no_trace(database: None) -> None:
    write("one")
    with pytest.raises(LookupError), unit_of_work(SYSTEM):
        journal.record(make_brand("gone"), "brand:renamed", BY, word="never")
        raise LookupError
    write("two")
    assert words() == ["one", "two"]
    assert CHAIN.offenders() == []


def test_a_bad_line_of_an_import_takes_only_its_own_entries_with_it(database: None) -> None:
    with unit_of_work(SYSTEM):
        brand = make_brand("import")
        journal.record(brand, "brand:renamed", BY, word="before")
        with savepoint():
            journal.record(brand, "brand:renamed", BY, word="good")
        with pytest.raises(LookupError), savepoint():
            journal.record(brand, "brand:renamed", BY, word="bad")
            raise LookupError
        journal.record(brand, "brand:renamed", BY, word="after")
    assert words() == ["before", "good", "after"]
    assert CHAIN.offenders() == []


def test_entries_of_a_good_line_go_when_the_whole_unit_fails(database: None) -> None:
    with pytest.raises(LookupError), unit_of_work(SYSTEM):
        with savepoint():
            journal.record(make_brand("gone"), "brand:renamed", BY, word="never")
        raise LookupError
    write("one")
    assert words() == ["one"]
    assert CHAIN.offenders() == []


def test_entries_wait_for_the_end_of_the_unit(database: None) -> None:
    """The head of the chain is the last lock of a unit, so an inner savepoint must not take it."""
    before = session.scalars(select(JournalEntry.id)).all()
    with unit_of_work(SYSTEM):
        with savepoint():
            journal.record(make_brand("early"), "brand:renamed", BY, word="one")
        assert session.scalars(select(JournalEntry.id)).all() == before
    assert words() == ["one"]
