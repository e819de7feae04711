"""What a letter says: its template folder filled with the facts frozen when it was posted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from email.message import EmailMessage
from functools import cache

from babel.dates import format_date
from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import select

from wholesale.kernel import config, files
from wholesale.kernel.db import session
from wholesale.kernel.papers import Paper
from wholesale.kernel.text import LOCALES, in_language, in_posix
from wholesale.mail.models import Letter

SENDER = "wholesale@localhost"


def compose(letter: Letter) -> EmailMessage:
    """The letter in its recipient's language, its paper and files attached."""
    message = EmailMessage()
    message["Subject"] = " ".join(_filled(letter, "subject.txt").split())
    message["From"] = config.current().mail_from or SENDER
    message["To"] = letter.recipient
    message["Date"] = letter.posted_at
    message["Message-ID"] = letter.message_id
    message.set_content(_filled(letter, "body.txt"))
    paper = _paper(letter)
    if paper is not None and paper.sha256 is not None:
        message.add_attachment(
            files.read(paper.sha256), maintype="application", subtype="pdf",
            filename=f"{paper.number}.pdf",
        )  # fmt: skip
    for one in letter.enclosed:
        maintype, _, subtype = one["media_type"].partition("/")
        message.add_attachment(
            files.read(one["sha256"]), maintype=maintype, subtype=subtype, filename=one["name"]
        )
    return message


def _filled(letter: Letter, part: str) -> str:
    language = letter.locale if letter.locale in LOCALES else "en"
    translate = in_language(language)
    template = _environment().get_template(f"{letter.event}/{part}")
    return template.render(
        **letter.facts,
        _=lambda text, **values: translate(text) % values if values else translate(text),
        day=lambda value: _day(value, language),
        money=lambda value, currency: format_currency(
            Decimal(value), currency, locale=in_posix(language)
        ),
        url=config.current().url,
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(config.ASSETS / "templates" / "mail"),
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True,  # noqa: S701 - plain text
    )  # fmt: skip


def _day(value: str, language: str) -> str:
    return (
        format_date(date.fromisoformat(value), "long", locale=in_posix(language)) if value else ""
    )


def _paper(letter: Letter) -> Paper | None:
    if letter.paper_id is None:
        return None
    return session.scalar(select(Paper).where(Paper.id == letter.paper_id))
