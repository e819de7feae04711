"""One-time tokens of forms: a double submit gets the first answer, and nothing happens twice."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import String, Text, UniqueConstraint, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.kernel import clock
from wholesale.kernel.db import Model, session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.kernel.types import CanonicalJSON


class Submission(Model):
    """One form that was sent: who, which token, what it said, and the answer it got."""

    __tablename__ = "submissions"
    __table_args__ = (UniqueConstraint("actor", "token"),)

    actor: Mapped[str] = mapped_column(String(40))
    token: Mapped[str] = mapped_column(String(80))
    request_sha256: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any] | None] = mapped_column(CanonicalJSON)
    body: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(index=True)


class TokenUsedOtherwise(DomainError):
    """The same token came with other words."""

    message = N_("This form was sent before with other values. Load the page again, then send it.")


def claim(actor: str, token: str, request: bytes) -> Submission | None:
    """Take a token for this request; None when it is fresh, else the finished submission.

    Runs inside the unit that does the work, so the token and its effect commit together. A rival
    with the same token waits on the unique index and then reads the first answer. Raises
    TokenUsedOtherwise when the token was used for other content.
    """
    digest = hashlib.sha256(request).hexdigest()
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    taken = session.scalar(
        insert(Submission)
        .values(actor=actor, token=token, request_sha256=digest, at=clock.now())
        .on_conflict_do_nothing()
        .returning(Submission.id)  # a row count is not reliable here: PostgreSQL's driver says -1
    )
    if taken is not None:
        return None
    earlier = session.scalars(
        select(Submission).where(Submission.actor == actor, Submission.token == token)
    ).one()
    if earlier.request_sha256 != digest:
        raise TokenUsedOtherwise
    return earlier


def remember(actor: str, token: str, answer: dict[str, Any], body: str) -> None:
    """Keep the answer beside its token; a repeat of the form is given the same."""
    session.execute(
        update(Submission)
        .where(Submission.actor == actor, Submission.token == token)
        .values(answer=answer, body=body)
        .execution_options(synchronize_session=False)
    )
