"""Sending letters: to a mail server, or into a folder where the demo's can be read."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import select

from wholesale.kernel import clock, config, jobs
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.mail.letters import compose
from wholesale.mail.models import Letter, LetterState
from wholesale.mail.outbox import SEND

SECONDS = 20


def hand_over(letter_id: int) -> None:
    """Give a letter to the mail server of the settings; one that was sent is not sent again.

    `smtp://user:password@host:port`, `smtps://…`, or `file:` for a folder of .eml files. Raises
    OSError or smtplib.SMTPException; the job is then tried again later.
    """
    letter = _letter(letter_id)
    if letter.state is LetterState.SENT:
        return
    message = compose(letter)
    settings = config.current()
    if settings.mail.startswith("file:"):
        _keep(message, Path(settings.mail[5:] or settings.data / "outbox"), letter.id)
    else:
        _send(message, settings.mail)


def note_sent(letter_id: int) -> None:
    """The letter has left. What opened a door in it is forgotten: nobody who reads old letters gets in."""
    letter = _letter(letter_id)
    letter.attempts += 1
    if "path" in letter.facts:
        letter.facts = {**letter.facts, "path": ""}
    letter.state, letter.sent_at, letter.trouble = LetterState.SENT, clock.now(), None


def release_held(paper_id: int, by: Actor) -> None:
    """A paper has its bytes now: the letters that carry it may go."""
    for letter in session.scalars(
        select(Letter).where(Letter.paper_id == paper_id, Letter.state == LetterState.HELD)
    ):
        letter.state = LetterState.WAITING
        jobs.enqueue(SEND, {"letter": letter.id}, by=by, dedupe_key=f"{SEND}:{letter.id}")


def _letter(letter_id: int) -> Letter:
    return session.scalars(select(Letter).where(Letter.id == letter_id)).one()


def _keep(message: EmailMessage, folder: Path, number: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{number:06d}.eml").write_bytes(message.as_bytes(policy=SMTP))


def _send(message: EmailMessage, address: str) -> None:
    parts = urlsplit(address)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(parts.hostname or "localhost", parts.port or 0, timeout=SECONDS) as server:
        if parts.scheme == "smtp" and parts.username:
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
