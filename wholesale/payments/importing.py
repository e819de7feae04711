"""Bringing a bank's statement in: every line once, however often its file comes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from wholesale.company.models import BankAccount
from wholesale.kernel import clock, files, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.payments.formats.reading import read_statements
from wholesale.payments.formats.statement import (
    AccountRef,
    Direction,
    Statement,
    StatementRow,
    keyed_rows,
)
from wholesale.payments.models import BankFile, BankLine, BankLineState
from wholesale.payments.payer_names import canonical_key
from wholesale.payments.reversing import take_back

LONGEST_REFERENCE = 40  # of which the line's key keeps all


class UnknownAccount(DomainError):
    """Neither the file nor the reader said whose statement this is."""

    message = N_(
        "Choose the account of this statement: the file does not name one of ours (%(known)s)."
    )


@dataclass(frozen=True, slots=True)
class Imported:
    """What a statement brought: the file's row, and how many lines were new or known already."""

    file: BankFile
    new: list[BankLine]
    known: int


def import_statement(data: bytes, name: str, by: Actor, *, account_code: str = "") -> Imported:
    """Read a statement (Zengin 01/03, camt.053, MT940, bank CSV) and keep its new lines.

    A file that fails its own control totals is refused whole by its reader (StatementRefused), with
    both figures. Raises UnknownAccount.
    """
    statements = read_statements(data, imported_on=clock.today())
    stored = files.store(data, name=name, media_type="application/octet-stream")
    known_file = session.scalar(select(BankFile).where(BankFile.sha256 == stored.sha256))
    file = known_file or BankFile(
        name=name, sha256=stored.sha256, format=statements[0].format, imported_at=clock.now(),
        imported_by=by.name, lines_new=0, lines_known=0,
    )  # fmt: skip
    session.add(file)
    session.flush()  # lines carry its id
    new: list[BankLine] = []
    known = 0
    for statement in statements:
        account = account_of(statement, account_code)
        fresh, seen = _keep(statement, account, file)
        new += fresh
        known += seen
    if known_file is None:
        file.lines_new, file.lines_known = len(new), known
    session.flush()  # reversals look for what they take back
    for line in new:
        if line.is_reversal:
            take_back(line, by)
    journal.record(file, "bank:imported", by, name=name, new=len(new), known=known)
    return Imported(file, new, known)


def account_of(statement: Statement, code: str) -> BankAccount:
    """The account the file names, else the one the reader said. Raises UnknownAccount."""
    ours = session.scalars(select(BankAccount).order_by(BankAccount.id)).all()
    stated = statement.account
    named = [account for account in ours if stated.number and _is_named(stated, _ref(account))]
    chosen = [account for account in ours if code and account.code == code]
    if len(named) > 1:  # two kinds of deposit under one number
        named = [one for one in named if one.kind == stated.kind or one in chosen] or named
    found = named or chosen
    if not found:
        raise UnknownAccount(known=", ".join(account.code for account in ours))
    return found[0]


def _is_named(stated: AccountRef, own: AccountRef) -> bool:
    """The file means this account of ours; what it leaves out (an IBAN names no branch) is no matter."""
    if _plain(stated.number) != _plain(own.number):
        return False
    pairs = ((stated.bank_code, own.bank_code), (stated.branch_code, own.branch_code))
    return all(not told or told == known for told, known in pairs)


def _plain(number: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", number).lstrip("0").upper()


def _ref(account: BankAccount) -> AccountRef:
    return AccountRef(account.bank_code, account.branch_code, account.kind, account.number)


def _keep(statement: Statement, account: BankAccount, file: BankFile) -> tuple[list[BankLine], int]:
    rows = list(_in_time(statement, account))
    keys = [key for key, _ in rows]
    known: set[str] = set()
    for start in range(0, len(keys), 500):
        known |= set(
            session.scalars(select(BankLine.key).where(BankLine.key.in_(keys[start : start + 500])))
        )
    fresh, seen = [], 0
    for key, row in rows:
        if key in known:
            seen += 1
            continue
        known.add(key)
        fresh.append(_line(key, row, statement, account, file))
    session.add_all(fresh)
    return fresh, seen


def _in_time(statement: Statement, account: BankAccount) -> Iterator[tuple[str, StatementRow]]:
    """The lines oldest first, each with its key."""
    keys = {row.record: key for key, row in keyed_rows(statement, _ref(account))}
    for row in statement.chronological():
        yield keys[row.record], row


def _currency(statement: Statement, account: BankAccount) -> str:
    """A file that doesn't name its account is in the currency of the one it was read for."""
    return (statement.currency if statement.account.number else "") or account.currency


def _line(
    key: str, row: StatementRow, statement: Statement, account: BankAccount, file: BankFile
) -> BankLine:
    is_credit = row.direction is Direction.IN
    return BankLine(
        account_id=account.id, file_id=file.id, key=key, record=row.record,
        booked_on=row.booked_on, value_on=row.value_on, is_credit=is_credit,
        currency=_currency(statement, account), amount=row.amount,
        payer_name=row.payer_name, payer_key=canonical_key(row.payer_name).key,
        payer_code=row.payer_code, payer_bank=row.bank_name, payer_branch=row.branch_name,
        reference=row.reference, bank_reference=row.bank_reference[:LONGEST_REFERENCE], description=row.description,
        is_reversal=row.reversal,
        state=BankLineState.OPEN if is_credit or row.reversal else BankLineState.SET_APART,
    )  # fmt: skip
