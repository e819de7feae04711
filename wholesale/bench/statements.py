"""A bank's file as the morning brings it: receipts for open invoices in the Zengin form 01."""

from __future__ import annotations

from random import Random

import jaconv
from sqlalchemy import func, select

from wholesale.bench.receipts import FEE
from wholesale.billing.models import Invoice
from wholesale.company.models import BankAccount
from wholesale.customers.models import Customer
from wholesale.kernel.db import session
from wholesale.payments.models import BankFile

DAY = "081119"  # 令和8年11月19日
NAMELESS = 0.05
ALL_OPEN = 0.1
DEDUCTED = 0.1
LENGTH = 200


def statement_of_open_invoices(count: int) -> bytes:
    """Receipts of so many payers: one invoice, all that is open, less a fee, or for no invoice.

    Every file of one database is another one.
    """
    random = Random(session.scalar(select(func.count(BankFile.id))))
    open_ones = _open_ones()
    rows = [_receipt(random, open_ones) for _ in range(count)]
    account = session.scalars(select(BankAccount).where(BankAccount.code == "MIYAKO")).one()
    records = [_header(account)]
    records += [_line(number, name, amount) for number, (name, amount) in enumerate(rows, 1)]
    records.append(f"8{count:06d}{sum(amount for _, amount in rows):012d}{0:06d}{0:012d}")
    records.append("9")
    lines = [record.encode("cp932").ljust(LENGTH) for record in records]
    return b"\r\n".join(lines)


def _open_ones() -> list[tuple[str, list[int]]]:
    """(kana, open yen of each invoice, the oldest first) of every payer in yen."""
    found: dict[str, list[int]] = {}
    for kana, total, settled in session.execute(
        select(Customer.kana, Invoice.total, Invoice.settled)
        .join(Customer, Customer.id == Invoice.customer_id)
        .where(Invoice.total != Invoice.settled, Invoice.currency == "JPY")
        .order_by(Invoice.due_on, Invoice.id)
    ):
        found.setdefault(kana, []).append(int(total - settled))
    return list(found.items())


def _receipt(random: Random, open_ones: list[tuple[str, list[int]]]) -> tuple[str, int]:
    kana, amounts = random.choice(open_ones)
    chance, amount = random.random(), random.choice(amounts)
    if chance < NAMELESS:
        return f"ﾌﾒｲ{random.randrange(10**6):06d}", random.randrange(1_000, 500_000)
    if chance < NAMELESS + ALL_OPEN:
        amount = sum(amounts)
    elif chance < NAMELESS + ALL_OPEN + DEDUCTED and amount > FEE:
        amount -= FEE
    return f"ｶ){jaconv.z2h(kana)}", amount


def _header(account: BankAccount) -> str:
    """The place of each field is the one the banks' layout prints."""
    office = f"{account.bank_code}{'':15}{account.branch_code}{'':15}"
    return f"1010{DAY}{DAY}{DAY}{office}{account.kind}{account.number}{'':40}"


def _line(number: int, name: str, amount: int) -> str:
    field = name.encode("cp932")[:48].ljust(48).decode("cp932")
    return f"2{number:06d}{DAY}{DAY}{amount:010d}{0:010d}{'':10}{field}{'':15}{'':15}0"
