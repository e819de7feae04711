"""Invoices of the old system with what is still open of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wholesale.billing.invoicing import bring_in_opening
from wholesale.billing.models import Invoice, InvoiceKind
from wholesale.company.models import TaxClass
from wholesale.customers.models import Customer
from wholesale.exchange import cells
from wholesale.exchange.known import (
    CUSTOMER_CODE,
    by_code,
    by_number,
    currency_billed,
    known_customer,
)
from wholesale.exchange.reports import Refused, Report, accepted
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.money import ZERO
from wholesale.kernel.sheets import Row, SheetKind, Table

COLUMNS: dict[str, Sequence[str]] = {
    "number": ("請求番号", "請求書番号", "請求No", "請求書No", "伝票番号", "売掛番号", "番号", "invoice number", "invoice no", "invoice", "invoice id", "document number", "document no", "number", "发票号", "账单号", "发票号码", "单据号", "發票號碼"),
    "issued_on": ("請求日", "発行日", "請求書発行日", "請求年月日", "請求書日付", "伝票日付", "締日", "invoice date", "issued on", "issue date", "issued", "date", "document date", "开票日期", "账单日期", "发票日期", "單據日期"),
    "due_on": ("支払期日", "支払期限", "入金予定日", "回収予定日", "入金期日", "支払日", "due date", "due on", "due", "payment due", "到期日", "付款期限", "应收日期", "到期日期"),
    "customer": (*CUSTOMER_CODE, "請求先コード", "請求先CD", "請求先"),
    "currency": ("通貨", "通貨コード", "currency", "currency code", "币种", "货币", "幣別"),
    "base_10": ("10%対象(税抜)", "10%対象", "対象額10%", "10%対象額", "税抜金額10%", "税抜額(10%)", "課税対象額10%", "taxable 10%", "net 10%", "base 10%", "10%对象(不含税)", "10%应税额", "不含税金额10%"),
    "tax_10": ("消費税10%", "10%消費税", "税額10%", "消費税額10%", "消費税額(10%)", "10%税額", "tax 10%", "vat 10%", "10% tax", "消费税10%", "税额10%"),
    "base_8": ("8%対象(税抜)", "8%対象", "対象額8%", "8%対象額", "税抜金額8%", "税抜額(8%)", "課税対象額8%", "taxable 8%", "net 8%", "base 8%", "8%对象(不含税)", "8%应税额", "不含税金额8%"),
    "tax_8": ("消費税8%", "8%消費税", "税額8%", "消費税額8%", "消費税額(8%)", "8%税額", "tax 8%", "vat 8%", "8% tax", "消费税8%", "税额8%"),
    "total": ("合計", "請求額", "請求金額", "合計金額", "税込合計", "請求合計", "税込金額", "税込請求額", "ご請求額", "total", "amount", "total amount", "gross", "grand total", "invoice amount", "合计", "总额", "价税合计", "总金额", "總額"),
    "open": ("残高", "未収残高", "未入金額", "売掛残高", "未回収額", "未決済額", "請求残高", "未収額", "残額", "open", "balance", "open amount", "amount due", "outstanding", "balance due", "余额", "未付金额", "未收金额", "未核销金额", "餘額"),
    "closing_number": ("締め番号", "締番号", "請求締番号", "合計請求番号", "closing number", "statement number", "statement no", "statement", "对账单号"),
    "notes": ("備考", "摘要", "メモ", "notes", "remarks", "memo", "备注"),
}  # fmt: skip
KINDS = (
    SheetKind(
        "open-invoices", COLUMNS, ("number", "issued_on", "due_on", "customer", "total", "open")
    ),
)
RATES = (
    (TaxClass.STANDARD, Decimal("0.1"), "base_10", "tax_10"),
    (TaxClass.REDUCED, Decimal("0.08"), "base_8", "tax_8"),
)
LONGEST_NUMBER = 30

Tax = tuple[str, Decimal, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Open:
    """What one row says."""

    number: str
    payer: Customer
    issued_on: date
    due_on: date
    currency: str
    taxes: tuple[Tax, ...]
    total: Decimal
    open: Decimal
    closing_number: str


def bring_in(tables: Sequence[Table], report: Report, by: Actor) -> None:
    """Bring in open invoices; one that stands here already with the same figures is left alone."""
    rows = [row for table in tables for row in table.rows]
    customers = by_code(Customer, [_told(row, "customer") for row in rows])
    known = by_number(Invoice, [_told(row, "number") for row in rows])
    seen: dict[str, int] = {}
    for table in tables:
        read = _reader(customers, known, seen)
        good = [one for _, one in accepted(table, report, read)]
        fresh = [one for one in good if one.number not in known]
        report.created += len(fresh)
        report.unchanged += len(good) - len(fresh)
        _save(fresh, by)


def _save(fresh: Sequence[Open], by: Actor) -> None:
    # each verb writes what it needs; writing before every look-up as well would double the time
    with session.no_autoflush:
        for one in fresh:
            bring_in_opening(
                one.payer, one.number, issued_on=one.issued_on, due=one.due_on,
                currency=one.currency, taxes=one.taxes, total=one.total, open_amount=one.open,
                by=by, closing_number=one.closing_number,
            )  # fmt: skip


def _told(row: Row, name: str) -> str:
    try:
        return cells.code(row, name)
    except Refused:  # said of the row when its turn comes
        return ""


def _reader(
    customers: dict[str, Customer], known: dict[str, Invoice], seen: dict[str, int]
) -> Callable[[Row], Open]:
    def read(row: Row) -> Open:
        number = cells.needed_code(row, "number", LONGEST_NUMBER)
        customer = known_customer(customers, cells.needed_code(row, "customer"), "customer")
        currency = currency_billed(row, customer)
        issued_on, due_on = cells.needed_day(row, "issued_on"), cells.needed_day(row, "due_on")
        if due_on < issued_on:
            raise Refused("date_order", "due_on", value=due_on.isoformat())
        total, still_open = _needed(row, "total", currency), _needed(row, "open", currency)
        taxes = _taxes(row, currency, total, customer.payer)
        if total * still_open < 0:
            raise Refused("bad_number", "open", value=cells.text(row, "open"))
        if abs(still_open) > abs(total):
            raise Refused("open_exceeds_total", "open", value=cells.text(row, "open"))
        closing = cells.code(row, "closing_number", LONGEST_NUMBER)
        one = Open(
            number, customer.payer, issued_on, due_on, currency, taxes, total, still_open, closing
        )
        if number in seen or (number in known and not _is_same(known[number], one)):
            raise Refused("duplicate_number", "number", value=number)
        seen[number] = row.number
        return one

    return read


def _needed(row: Row, name: str, currency: str) -> Decimal:
    """An amount that must be there; below zero on a credit note."""
    found = cells.amount(cells.number(row, name), name, currency)
    if found is None:
        raise Refused("bad_number", name, value=cells.text(row, name))
    return found


def _taxes(row: Row, currency: str, total: Decimal, payer: Customer) -> tuple[Tax, ...]:
    """Base and tax per rate; without any, goods that went abroad. Raises Refused total_mismatch.

    A sheet that has no columns for them tells the total alone: nothing is invented beneath it.
    """
    taxes: list[Tax] = []
    for tax_class, rate, base_column, tax_column in RATES:
        base = cells.amount(cells.number(row, base_column), base_column, currency)
        tax = cells.amount(cells.number(row, tax_column), tax_column, currency)
        if base is not None or tax is not None:
            taxes.append((tax_class, rate, base or ZERO, tax or ZERO))
    if not taxes and payer.country != "JP":
        return ((TaxClass.EXPORT, ZERO, total, ZERO),)
    if not any(column in row.cells for rate in RATES for column in rate[2:]):
        return ()
    added_up = sum((base + tax for _, _, base, tax in taxes), ZERO)
    if added_up != total:
        raise Refused("total_mismatch", "total", value=f"{total:f}", sum=f"{added_up:f}")
    return tuple(taxes)


def _is_same(invoice: Invoice, one: Open) -> bool:
    """Whether a known invoice is this row, brought in before; what was paid since is no matter."""
    return (
        invoice.kind is InvoiceKind.OPENING
        and one.payer.id in (invoice.customer_id, invoice.customer.merged_into_id)
        and (invoice.currency, invoice.total) == (one.currency, one.total)
        and (invoice.issued_on, invoice.due_on) == (one.issued_on, one.due_on)
        and invoice.total - invoice.opening_settled == one.open
    )
