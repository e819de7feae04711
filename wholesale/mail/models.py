"""Letters: facts, a template's name and a language, kept until they are sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.kernel.db import Model, Owned
from wholesale.kernel.types import CanonicalJSON


class LetterState(StrEnum):
    """Where a letter stands. `held` waits for a paper's bytes."""

    HELD = "held"
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Letter(Owned, Model):
    """One letter. Its text is made when it is sent, from facts frozen when it was posted.

    `enclosed` are stored files that go with it: sha256, name, media_type.
    """

    __tablename__ = "letters"
    __table_args__ = (Index("ix_letters_state_next", "state", "next_at"),)

    event: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    customer_id: Mapped[int | None] = mapped_column(index=True)  # type: ignore[assignment]
    recipient: Mapped[str]
    locale: Mapped[str] = mapped_column(String(8))
    facts: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    paper_id: Mapped[int | None]
    enclosed: Mapped[list[Any]] = mapped_column(CanonicalJSON, default=list, server_default="[]")
    state: Mapped[LetterState] = mapped_column(default=LetterState.WAITING)
    message_id: Mapped[str] = mapped_column(unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    posted_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    trouble: Mapped[str | None] = mapped_column(Text)
