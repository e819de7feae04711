"""Papers: frozen facts first, their PDF bytes once; the archive that is searched."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.kernel import clock, files, jobs
from wholesale.kernel.access import Actor
from wholesale.kernel.db import Model, Owned, session

RENDER = "papers.render"


class Paper(Owned, Model):
    """One issued paper. `facts` is canonical JSON; `sha256` None means its bytes are not made yet."""

    __tablename__ = "papers"
    __table_args__ = (
        UniqueConstraint("kind", "number", "revision"),
        Index("ix_papers_search", "issued_on", "amount"),
    )

    kind: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(40))
    revision: Mapped[int] = mapped_column(default=0)
    customer_id: Mapped[int] = mapped_column(index=True)
    partner: Mapped[str]
    issued_on: Mapped[date]
    amount: Mapped[Decimal | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    locale: Mapped[str] = mapped_column(String(8))
    facts: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str | None] = mapped_column(String(64))
    stored_at: Mapped[datetime | None]

    @property
    def is_pending(self) -> bool:
        """Whether the bytes are still to be made."""
        return self.sha256 is None


class PaperVisit(Model):
    """When a customer's person first opened a paper. No rule reads this."""

    __tablename__ = "paper_visits"
    __table_args__ = (UniqueConstraint("paper_id", "user_id"),)

    paper_id: Mapped[int]
    user_id: Mapped[int]
    at: Mapped[datetime]


def issue(paper: Paper, by: Actor) -> Paper:
    """Keep the frozen facts and ask the worker for the bytes."""
    session.add(paper)
    session.flush()  # the job carries the paper's id
    jobs.enqueue(RENDER, {"paper": paper.id}, by=by, dedupe_key=f"{RENDER}:{paper.id}")
    return paper


def keep_bytes(paper: Paper, pdf: bytes) -> None:
    """Store the bytes once. A second call with a paper that has them changes nothing."""
    if paper.sha256 is not None:
        return
    stored = files.store(pdf, name=f"{paper.number}.pdf", media_type="application/pdf")
    paper.sha256, paper.stored_at = stored.sha256, clock.now()
