"""Posting letters: a row in the same transaction, sent by the worker afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from wholesale.kernel import clock, jobs
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.files import StoredFile
from wholesale.kernel.papers import Paper
from wholesale.mail.models import Letter, LetterState

SEND = "mail.send"


def post(
    event: str,
    *,
    to: str,
    locale: str,
    key: str,
    by: Actor,
    customer_id: int | None = None,
    paper: Paper | None = None,
    enclosed: Sequence[StoredFile] = (),
    **facts: Any,
) -> Letter:
    """Post one letter. `event` names its template folder; `key` makes it single (one per event and
    recipient); a letter that carries a paper waits until the paper's bytes exist. Files `enclosed`
    are stored already.
    """
    letter = Letter(
        event=event,
        key=key,
        customer_id=customer_id,
        recipient=to,
        locale=locale,
        facts=facts,
        paper_id=paper.id if paper else None,
        enclosed=[
            {"sha256": one.sha256, "name": one.name, "media_type": one.media_type}
            for one in enclosed
        ],
        state=LetterState.HELD if paper and paper.is_pending else LetterState.WAITING,
        message_id=f"<{uuid.uuid4().hex}@wholesale>",
        next_at=clock.now(),
        posted_at=clock.now(),
    )
    session.add(letter)
    session.flush()  # the job carries the letter's id
    if letter.state is LetterState.WAITING:
        jobs.enqueue(SEND, {"letter": letter.id}, by=by, dedupe_key=f"{SEND}:{letter.id}")
    return letter
