"""Invoices stay under the customer they were issued to; what is owed goes by rows of the ledger."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from sqlalchemy import Table, func, select

from wholesale.billing.models import Invoice, LedgerEntry, LedgerKind
from wholesale.billing.receivables import Posting, post_all
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.money import AMOUNT

TAKES = ()
STAYS = (Invoice.customer_id, LedgerEntry.customer_id)
_ledger = cast("Table", LedgerEntry.__table__)


def take_over(number: int, old: Customer, new: Customer, by: Actor) -> None:
    """What the old one owes is owed by the new one: a pair of rows for each currency."""
    rows = session.execute(
        select(_ledger.c.currency, func.sum(_ledger.c.amount, type_=AMOUNT))
        .where(_ledger.c.customer_id == old.id)
        .group_by(_ledger.c.currency)
    )
    owed = {currency: amount for currency, amount in rows if amount}
    _pair("merge", number, (old, new), owed, by)


def give_back(number: int, old: Customer, new: Customer, by: Actor) -> None:
    """The same sums the other way round."""
    rows = session.execute(
        select(_ledger.c.currency, _ledger.c.amount).where(
            _ledger.c.customer_id == new.id, _ledger.c.source_id == number,
            _ledger.c.source_kind.like("merge_to:%"),
        )
    )  # fmt: skip
    _pair("unmerge", number, (new, old), dict(rows.all()), by)


def _pair(
    word: str, number: int, way: tuple[Customer, Customer], owed: dict[str, Decimal], by: Actor
) -> None:
    giver, taker = way
    postings = []
    for currency, amount in sorted(owed.items()):
        for who, signed, side in ((giver, -amount, "from"), (taker, amount, "to")):
            document = f"{giver.code} → {taker.code}"[:40]
            postings.append(
                Posting(who.id, currency, LedgerKind.TRANSFER, signed, clock.today(), document,
                        (f"{word}_{side}:{currency}", number))
            )  # fmt: skip
    post_all(postings, by)
