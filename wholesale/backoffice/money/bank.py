"""Bank statements: upload, a look at what would come in, then the import; earlier files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.company.models import BankAccount
from wholesale.kernel import clock, files
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.payments import importing, matching
from wholesale.payments.formats.reading import read_statements
from wholesale.payments.formats.statement import AccountRef, Statement, keyed_rows
from wholesale.payments.models import BankFile, BankLine
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs

MOST_SHOWN = 100


class NoFile(DomainError):
    """The form came without a file."""

    message = N_("Choose the file of the bank first.")


class FileGone(DomainError):
    """The file of a preview is no longer there."""

    message = N_("The file of this preview is no longer kept. Choose it again.")


@dataclass(frozen=True, slots=True)
class Preview:
    """One statement of a file as it would come in; nothing of it has been written."""

    statement: Statement
    account: BankAccount
    count: int
    known: int
    incoming: Decimal
    outgoing: Decimal
    first: date | None
    last: date | None


@office.get("/bank")
@needs(Permission.RECEIPTS_READ)
def bank() -> Answer:
    """The files brought in, and the form for the next one."""
    return answer("backoffice/receipts/bank.html", **_page(), refusal="")


@office.post("/bank/preview")
@needs(Permission.BANK_IMPORT)
def preview_statement() -> Answer:
    """Read a file and show what would come in."""
    upload = request.files.get("file")
    try:
        if upload is None or not upload.filename:
            raise NoFile
        content = upload.read()
        shown = _previews(content, request.form.get("account", ""))
    except DomainError as error:
        return refused("backoffice/receipts/bank.html", error=error, **_page())
    stored = files.store(content, name=upload.filename, media_type="application/octet-stream")
    return answer(
        "backoffice/receipts/preview.html", previews=shown, name=upload.filename,
        sha256=stored.sha256, account=request.form.get("account", ""), most=MOST_SHOWN,
    )  # fmt: skip


@office.post("/bank")
@needs(Permission.BANK_IMPORT)
def bring_in_statement() -> Answer:
    """Bring a looked-at file in and propose for its lines."""
    by = the_visitor().actor
    try:
        kept = session.scalar(
            select(files.StoredFile).where(
                files.StoredFile.sha256 == request.form.get("sha256", "")
            )
        )
        if kept is None:
            raise FileGone
        brought = importing.import_statement(
            files.read(kept.sha256), kept.name, by, account_code=request.form.get("account", "")
        )
    except DomainError as error:
        return refused("backoffice/receipts/bank.html", error=error, **_page())
    matching.match_all(by)
    return moved(
        url_for("office.match"),
        said=gettext(
            "%(new)s lines brought in, %(known)s known already",
            new=len(brought.new), known=brought.known,
        ),
    )  # fmt: skip


def _page() -> dict[str, Any]:
    accounts = session.scalars(select(BankAccount).order_by(BankAccount.id)).all()
    earlier = session.scalars(select(BankFile).order_by(BankFile.id.desc()).limit(30)).all()
    return {
        "accounts": accounts,
        "earlier": earlier,
        "account": request.form.get("account", ""),
    }


def _previews(content: bytes, code: str) -> list[Preview]:
    return [
        _preview(statement, importing.account_of(statement, code))
        for statement in read_statements(content, imported_on=clock.today())
    ]


def _preview(statement: Statement, account: BankAccount) -> Preview:
    ref = AccountRef(account.bank_code, account.branch_code, account.kind, account.number)
    keys = [key for key, _ in keyed_rows(statement, ref)]
    known = 0
    for start in range(0, len(keys), 500):
        known += len(
            session.scalars(
                select(BankLine.key).where(BankLine.key.in_(keys[start : start + 500]))
            ).all()
        )
    days = [row.booked_on for row in statement.rows]
    return Preview(
        statement=statement, account=account, count=len(keys), known=known,
        incoming=sum((row.amount for row in statement.rows if row.is_receipt), Decimal(0)),
        outgoing=sum((row.amount for row in statement.rows if not row.is_receipt), Decimal(0)),
        first=min(days, default=None), last=max(days, default=None),
    )  # fmt: skip
