"""The terms of trade in a customer's row: closing days, payment, fees, rounding."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from wholesale.company.queries import company
from wholesale.company.setting_up import CURRENCIES
from wholesale.customers.models import Billing, FeeBearer, PaymentMeans
from wholesale.exchange import cells
from wholesale.exchange.reports import Refused
from wholesale.kernel.money import Rounding
from wholesale.kernel.sheets import Row

FEES = cells.known_words({
    FeeBearer.PAYER: ("先方", "先方負担", "得意先負担", "お客様負担", "顧客", "payer", "customer", "buyer", "our customer", "客户", "客户承担", "付款方"),
    FeeBearer.PAYEE: ("当方", "当方負担", "自社", "自社負担", "弊社", "弊社負担", "差引", "payee", "us", "seller", "supplier", "我方", "我方承担", "收款方"),
})  # fmt: skip
ROUNDINGS = cells.known_words({
    Rounding.DOWN: ("切り捨て", "切捨", "切捨て", "down", "floor", "truncate", "round down", "舍去", "去尾"),
    Rounding.UP: ("切り上げ", "切上", "切上げ", "up", "ceil", "round up", "进位"),
    Rounding.HALF_UP: ("四捨五入", "half up", "round", "nearest", "round half up", "四舍五入"),
})  # fmt: skip
AT_HOME = frozenset({"国内卸", "国内", "国内取引", "domestic", "内贸", "国内批发"})
PER_SHIPMENT = frozenset(
    {"", "0", "都度", "都度請求", "随時", "per shipment", "each", "each shipment", "每次", "逐笔"}
)
_CLOSING = re.compile(r"(?:毎月)?(\d{1,2})(?:日締め?|日|締め?|st|nd|rd|th|号)?")
_END_OF_MONTH = re.compile(
    r"(?:毎?月)?末(?:日)?(?:締め?)?|end|eom|month end|end of month|月底|月末"
)
_MONTHS = {
    "当月": 0,
    "翌月": 1,
    "翌々月": 2,
    "翌翌月": 2,
    "3ヶ月後": 3,
    "3か月後": 3,
    "三ヶ月後": 3,
}
_PAYMENT = re.compile(
    rf"(?:.*締め?)?({'|'.join(_MONTHS)})(末日?|(\d{{1,2}})日)(?:払い?|支払い?|振込み?|入金)?"
)
_NET = re.compile(
    r"(?:t/?t|l/?c|d/?[ap]|o/?a|net|wire|請求後|請求書発行後|出荷後|納品後)*"
    r"(\d{1,3})(?:日後|日以内|日|days?|天)?(?:払い?|net|(?:after|from).*|以内)?"
)
_PREPAID = frozenset(
    {
        "前払い", "前払", "前金", "先払い", "先払", "前入金", "prepaid", "prepayment", "inadvance", "advance",
        "cashinadvance", "t/tinadvance", "ttinadvance", "预付", "预付款", "款到发货",
    }
)  # fmt: skip
MONTH_END = 31
_MONTH_AFTER: Mapping[str, int | None] = {
    "payment_months": 1, "payment_day": MONTH_END, "payment_days": None,
}  # fmt: skip


def terms_of(row: Row) -> dict[str, Any]:
    """Every term of the row as columns of Terms. Raises Refused for what can't be one."""
    currency = cells.code(row, "currency").upper() or company().currency
    if currency not in CURRENCIES:
        raise Refused("unknown_currency", "currency", value=currency)
    incoterm = cells.short(row, "incoterm", 8)
    of_amounts, of_tax = _roundings(row)
    terms: dict[str, Any] = {
        "currency": currency,
        "incoterm": "" if incoterm in AT_HOME else incoterm.upper(),
        "incoterm_place": cells.text(row, "place"),
        "default_rate": cells.rate(row, "rate"),
        "amount_mode": of_amounts,
        "tax_mode": of_tax,
        "fee_bearer": cells.word(row, "fee", FEES, FeeBearer.PAYER),
        "minimum_amount": cells.price(row, "minimum", currency),
        "credit_limit": cells.price(row, "limit", currency),
        "payment_text": cells.text(row, "payment"),
        **_payment(row),
    }
    if _bare(cells.text(row, "payment")) in _PREPAID:  # any other word leaves the means as it is
        terms["payment_means"] = PaymentMeans.PREPAYMENT
    terms["closing_days"] = _closing(row)
    terms["billing"] = Billing.PERIODIC if terms["closing_days"] else Billing.PER_SHIPMENT
    return terms


def _roundings(row: Row) -> tuple[Rounding | None, Rounding | None]:
    """One word for amounts and tax, or two where they differ: 切り捨て/四捨五入."""
    amounts, slash, tax = cells.text(row, "rounding").partition("/")
    told = [amounts, tax if slash else amounts]
    first, second = (
        cells.word(Row(row.sheet, row.number, {"rounding": one}), "rounding", ROUNDINGS, None)
        for one in told
    )
    return first, second


def _closing(row: Row) -> str:
    """都度 → "", 末 → "31", "15・末" → "15,31". Raises Refused unknown_word."""
    told = cells.short(row, "closing", 20).lower()
    if told in PER_SHIPMENT:
        return ""
    days = []
    parts = [told] if _END_OF_MONTH.fullmatch(told) else re.split(r"[,、・/\s]+", told)
    for part in parts:
        stated = _CLOSING.fullmatch(part)
        if _END_OF_MONTH.fullmatch(part):
            days.append(MONTH_END)
        elif stated and 1 <= int(stated[1]) <= MONTH_END:
            days.append(int(stated[1]))
        else:
            raise Refused("unknown_word", "closing", value=told)
    return ",".join(str(day) for day in sorted(set(days)))


def _payment(row: Row) -> Mapping[str, int | None]:
    """When money is due; what is not understood is the end of the month after."""
    return read_payment(cells.text(row, "payment")) or _MONTH_AFTER


def _bare(told: str) -> str:
    return "".join(unicodedata.normalize("NFKC", told).lower().split())


def read_payment(told: str) -> Mapping[str, int | None] | None:
    """翌月末, 翌々月10日, 45日後, T/T 60 days, 前払い; None where the words are not understood."""
    plain = _bare(told)
    if not plain:
        return _MONTH_AFTER
    if by_month := _PAYMENT.fullmatch(plain):
        day = int(by_month[3]) if by_month[3] else MONTH_END
        return {"payment_months": _MONTHS[by_month[1]], "payment_day": day, "payment_days": None}
    if plain in _PREPAID:
        return {**_MONTH_AFTER, "payment_days": 0}
    if by_days := _NET.fullmatch(plain):
        return {**_MONTH_AFTER, "payment_days": int(by_days[1])}
    return None
