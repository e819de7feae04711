"""The money side of the story: statements, matching, and what is left open on the last day."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import jaconv
from sqlalchemy import select

from wholesale.billing.models import Invoice
from wholesale.customers.models import Customer
from wholesale.kernel.access import Actor, ActorKind
from wholesale.kernel.db import session
from wholesale.orders import holding
from wholesale.orders.models import Order
from wholesale.payments import importing, matching
from wholesale.payments.settling import Applied, settle
from wholesale.stock.models import Balance, Location

if TYPE_CHECKING:
    from wholesale.demo.history import Story

ACCOUNTS = Actor(ActorKind.STAFF, None, "林 佳代")
BANK_DAYS = {1, 10, 20}
ACCOUNTS_OF = {"JPY": "MIYAKO", "USD": "MIYAKO-USD", "EUR": "MIYAKO-EUR"}
HEAD = "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分"
LATE_PAYERS = {"K0360", "K0402", "K0448"}
FEE = Decimal(440)
LINES_ON_THE_LAST_DAY = 9


def banking_day(story: Story, today: date) -> None:
    """Three times a month the bank's file comes in and what is due has been paid."""
    if today.day not in BANK_DAYS or (story.today - today).days < 3:  # noqa: PLR2004
        return
    for currency, account in ACCOUNTS_OF.items():
        lines = []
        for payer, invoices in _due(today, currency).items():
            if payer.code in LATE_PAYERS and (story.today - today).days < 60:  # noqa: PLR2004
                continue
            owed = sum((invoice.total - invoice.settled for invoice in invoices), Decimal(0))
            lines.append((_name(payer), owed - (FEE if payer.terms_fee and owed > FEE else 0)))
        if lines:
            _bring(lines, today, account)
            matching.match_all(ACCOUNTS, apply=True)
            _by_hand(today, currency)


def last_statement(story: Story) -> None:
    """The file of the last day: certain ones, likely ones, and some nobody can tell."""
    lines: list[tuple[str, Decimal]] = []
    ahead = session.execute(
        select(Invoice, Customer)
        .join(Customer, Customer.id == Invoice.customer_id)
        .where(Invoice.total != Invoice.settled, Invoice.currency == "JPY")
        .order_by(Invoice.due_on, Invoice.id)
    ).all()
    for place, (invoice, payer) in enumerate(ahead[-LINES_ON_THE_LAST_DAY + 3 :]):
        short = FEE if place % 3 == 1 and invoice.total > FEE else 0
        lines.append((_name(payer), invoice.total - invoice.settled - short))
    lines += [("ﾔﾏﾓﾄ ﾊﾅｺ", Decimal(12800)), ("ｶ)ｱｵｲ", Decimal(54000)), ("ﾐﾁｸｻ", Decimal(8910))]
    _bring(lines, story.today, "MIYAKO")
    matching.match_all(ACCOUNTS)


def release(order: Order, by: Actor) -> None:
    """Let a held order go on."""
    holding.release(order, by)


def stock_of_main_warehouse() -> list[tuple[int, int]]:
    """(SKU, free pieces) of the first warehouse."""
    return [
        (sku, free)
        for sku, free in session.execute(
            select(Balance.sku_id, Balance.on_hand - Balance.allocated)
            .join(Location, Location.id == Balance.location_id)
            .where(Location.code == "W1")
            .order_by(Balance.sku_id)
        )
    ]


def _due(today: date, currency: str) -> dict[_Payer, list[Invoice]]:
    found: dict[_Payer, list[Invoice]] = {}
    for invoice, customer in session.execute(
        select(Invoice, Customer)
        .join(Customer, Customer.id == Invoice.customer_id)
        .where(
            Invoice.total != Invoice.settled, Invoice.due_on <= today, Invoice.currency == currency
        )
        .order_by(Invoice.id)
    ):
        found.setdefault(_Payer(customer), []).append(invoice)
    return found


class _Payer:
    """A customer as the one who pays, equal by its code."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        self.code = customer.code
        self.kana = customer.kana
        self.name_en = customer.name_en
        self.terms_fee = customer.code in {"K0305", "K0342"}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Payer) and other.code == self.code

    def __hash__(self) -> int:
        return hash(self.code)


def _name(payer: _Payer | Customer) -> str:
    """A payer as the bank writes it: half-width kana, or capitals without marks."""
    if payer.kana:
        return jaconv.z2h(payer.kana, kana=True, digit=True, ascii=True)
    plain = unicodedata.normalize("NFKD", payer.name_en).upper()
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _bring(lines: list[tuple[str, Decimal]], today: date, account: str) -> None:
    total = Decimal(8_000_000)
    text = [HEAD]
    for name, amount in lines:
        total += amount
        text.append(f'{today:%Y/%m/%d},振込１,{name},,"{amount:,}","{total:,}",,,入金')
    importing.import_statement(
        "\r\n".join(text).encode("cp932"),
        f"meisai_{today:%Y%m%d}.csv",
        ACCOUNTS,
        account_code=account,
    )


def _by_hand(today: date, currency: str) -> None:
    """What the machine was not sure of, the accountant clears: oldest invoices first."""
    session.flush()  # the lines are read by a query
    names = {_name(payer): payer for payer in map(_Payer, session.scalars(select(Customer)))}
    for line in matching.open_lines():
        payer = names.get(line.payer_name)
        if payer is None or line.booked_on != today:
            continue
        left, applied = line.amount, []
        for invoice in _due(today, currency).get(payer, ()):
            part = min(left, invoice.total - invoice.settled)
            if part > 0:
                applied.append(Applied(invoice, part))
                left -= part
        if applied:
            settle(line, payer.customer, applied, ACCOUNTS)
