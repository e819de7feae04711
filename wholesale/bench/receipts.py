"""What was paid, month by month, and the open invoices of the old system."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from wholesale.bench import words
from wholesale.bench.books import DAY_TEXT, FLUSH_AT, Books, end_of_month, instant
from wholesale.bench.columns import ACTOR
from wholesale.bench.goods import YEN
from wholesale.bench.parties import Party
from wholesale.bench.sizes import SEED, TODAY, Size
from wholesale.payments.payer_names import canonical_key

FEE = 440
PREPAID = 50_000
PREPAYS_EVERY = 40
DEDUCTS_EVERY = 5  # as the terms say: the payee bears the bank's fee
ACCOUNTS = {"JPY": 1, "USD": 2}


def write(books: Books, parties: list[Party]) -> Iterator[int]:
    """One receipt per bill-to, payment day and currency; then some money on account."""
    files: dict[tuple[date, str], int] = {}
    for done, ((day, payer, currency), paid) in enumerate(sorted(books.to_pay.items())):
        file = files.get((day, currency)) or _file(books, day, currency, files)
        due = sum(amount for _, amount in paid)
        fee = (
            FEE * YEN if currency == "JPY" and payer % DEDUCTS_EVERY == 0 and due > FEE * YEN else 0
        )
        receipt = _receipt(books, payer, day, currency, due - fee, file, on_account=0)
        at = _noon(day)
        for invoice, amount in paid:
            books.add("settlements", (receipt, invoice, amount, at, *ACTOR))
        if fee:
            difference = books.next_id("differences")
            books.add("differences", (difference, receipt, "fee", fee))
            _ledger(books, payer, currency, "fee", -fee, day, receipt, ("difference", difference))
        if done % 2_000 == 0:
            books.flush(at_least=FLUSH_AT)
            yield done
    day = TODAY - timedelta(days=5)
    for one in parties:
        if one.id % PREPAYS_EVERY == 1 and one.bill_to == one.id and one.currency == "JPY":
            file = files.get((day, "JPY")) or _file(books, day, "JPY", files)
            amount = PREPAID * YEN
            _receipt(books, one.id, day, "JPY", amount, file, on_account=amount)
            books.count_credit(one, "on_account", amount)
    books.flush()


def _file(books: Books, day: date, currency: str, files: dict[tuple[date, str], int]) -> int:
    file = files[day, currency] = books.next_id("bank_files")
    name = f"{day:%Y%m%d}-{currency}.txt"
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    books.add("bank_files", (file, name, sha256, "zengin01", _noon(day), "Bench", 0, 0))
    return file


def _receipt(
    books: Books, payer: int, day: date, currency: str, amount: int, file: int, *, on_account: int
) -> int:
    line, receipt = books.next_id("bank_lines"), books.next_id("receipts")
    name = f"カ){words.firm(payer)[2]}"
    key = hashlib.sha256(f"bench {line}".encode()).hexdigest()
    state = "on_account" if on_account else "settled"
    books.add("bank_lines", (
        line, ACCOUNTS[currency], file, key, str(line), DAY_TEXT[day], True, currency, amount, name,
        canonical_key(name).key, "", "", "", "", "", "", False, state, "", 1,
    ))  # fmt: skip
    number = books.draw("RC", day)
    books.add("receipts", (
        receipt, number, payer, line, currency, amount, DAY_TEXT[day], on_account, True,
        not on_account,
    ))  # fmt: skip
    books.numbers[receipt] = number
    _ledger(books, payer, currency, "receipt", -amount, day, receipt, ("receipt", receipt))
    return receipt


def _ledger(
    books: Books, payer: int, currency: str, kind: str, amount: int, day: date, receipt: int,
    source: tuple[str, int],
) -> None:  # fmt: skip
    books.add("ledger_entries", (
        payer, currency, kind, amount, DAY_TEXT[day], _noon(day), books.numbers[receipt], *source,
        *ACTOR,
    ))  # fmt: skip


def write_opening(books: Books, size: Size, parties: list[Party]) -> None:
    """Open invoices that came from the old system, some of them paid in part before."""
    random = Random(SEED + 4)
    payers = [one for one in parties if one.bill_to == one.id and one.currency == "JPY"]
    for n in range(1, size.opening_invoices + 1):
        one = random.choice(payers)
        on = TODAY - timedelta(days=35 + n % 80)
        net = random.randrange(5_000, 300_000) * YEN
        tax = net // 10 // YEN * YEN
        total = net + tax
        settled = total // 3 // YEN * YEN if n % 10 == 0 else 0
        invoice, number, day = books.next_id("invoices"), f"OLD-{n:06d}", DAY_TEXT[on]
        books.add("invoices", (
            invoice, number, "opening", "issued", one.id, "JPY", day, _noon(on),
            DAY_TEXT[end_of_month(on, one.months)], None, None, "down", net, tax, total, settled,
            settled, "", None,
        ))  # fmt: skip
        books.add("invoice_taxes", (invoice, "standard", 1_000, net, tax))
        books.add("ledger_entries", (
            one.id, "JPY", "opening", total - settled, day, _noon(on), number, "invoice", invoice,
            *ACTOR,
        ))  # fmt: skip
        books.count_credit(one, "receivable", total - settled)
        if n % FLUSH_AT == 0:
            books.flush()
    books.flush()


def _noon(day: date) -> str:
    return instant(datetime(day.year, day.month, day.day, 3, tzinfo=UTC))
