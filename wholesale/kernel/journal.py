"""What was done, by whom, when: append-only, sealed in a hash chain. Shown as history, read by no rule."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Index, String, Table, Text, bindparam, event, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from wholesale.kernel import clock
from wholesale.kernel.access import Actor, ActorKind
from wholesale.kernel.db import Model, session
from wholesale.kernel.types import canonical

START = "0" * 64


class JournalEntry(Model):
    """One thing that was done. `hash` covers every other column and the hash before it."""

    __tablename__ = "journal_entries"
    __table_args__ = (Index("ix_journal_entries_subject", "subject_kind", "subject_id"),)

    sequence: Mapped[int] = mapped_column(unique=True)
    at: Mapped[datetime]
    did: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    actor_kind: Mapped[ActorKind]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str]
    on_behalf_of: Mapped[str | None]
    details: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class JournalHead(Model):
    """The end of the chain: how many entries there are and the hash of the last. One row."""

    __tablename__ = "journal_head"

    count: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


def record(subject: Model, did: str, by: Actor, **details: Any) -> None:
    """Note that `by` did `did` ("order:placed") to `subject`. Chained when the unit commits."""
    session.info.setdefault("journal", []).append((subject, did, by, clock.now(), details))


def history(subject: Model) -> list[JournalEntry]:
    """What was done to one document, newest first."""
    return list(
        session.scalars(
            select(JournalEntry)
            .where(
                JournalEntry.subject_kind == subject.__tablename__,
                JournalEntry.subject_id == subject.id,
            )
            .order_by(JournalEntry.sequence.desc())
        )
    )


def digest(row: dict[str, Any], previous: str) -> str:
    """The hash of one entry's content, chained to the hash before it."""
    content = {key: row[key] for key in sorted(row) if key not in {"id", "hash", "previous_hash"}}
    content["at"] = row["at"].isoformat(timespec="microseconds")
    return hashlib.sha256((canonical(content) + previous).encode()).hexdigest()


_head = cast("Table", JournalHead.__table__)
_TAKE_HEAD = (
    update(_head)
    .values(count=_head.c.count + bindparam("more"))
    .returning(_head.c.count, _head.c.hash)
)
_WRITE = insert(cast("Table", JournalEntry.__table__))
_MOVE_HEAD = update(_head).values(hash=bindparam("newest"))


@event.listens_for(Session, "before_commit")
def _seal(unit: Session) -> None:
    """Chain this unit's entries, in order, as its last statements before COMMIT."""
    pending = unit.info.get("journal")
    if not pending or unit.in_nested_transaction():
        return  # a savepoint within the unit: its entries wait for the unit's own COMMIT
    unit.flush()  # subjects made in this unit get their ids here
    # The head row is the last lock of the unit and is held only until COMMIT.
    count, previous = unit.execute(_TAKE_HEAD, {"more": len(pending)}).one()
    rows = []
    for sequence, entry in enumerate(pending, start=count - len(pending) + 1):
        row = _row(sequence, *entry)
        row["previous_hash"], row["hash"] = previous, digest(row, previous)
        previous = row["hash"]
        rows.append(row)
    unit.execute(_WRITE, rows)
    unit.execute(_MOVE_HEAD, {"newest": previous})
    pending.clear()


@event.listens_for(Session, "after_rollback")
def _forget(unit: Session) -> None:
    if not unit.in_nested_transaction():  # a savepoint takes its own entries back
        unit.info.pop("journal", None)


def _row(
    sequence: int, subject: Model, did: str, by: Actor, at: datetime, details: dict[str, Any]
) -> dict[str, Any]:
    return {
        "sequence": sequence,
        "at": at,
        "did": did,
        "subject_kind": subject.__tablename__,
        "subject_id": subject.id,
        "actor_kind": by.kind,
        "actor_id": by.id,
        "actor_name": by.name,
        "on_behalf_of": by.on_behalf_of,
        "details": canonical(details),
    }
