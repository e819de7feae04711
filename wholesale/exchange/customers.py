"""Customers and their ship-tos from a sheet each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wholesale.company.queries import company
from wholesale.company.setting_up import CURRENCIES
from wholesale.customers.models import Billing, Customer, FeeBearer
from wholesale.customers.registering import AddressDraft, CustomerDraft, save_customers
from wholesale.exchange import cells
from wholesale.exchange.known import FROM_THE_START, by_code
from wholesale.exchange.reports import Refused, Report, accepted, remark
from wholesale.kernel.access import Actor
from wholesale.kernel.money import Rounding
from wholesale.kernel.sheets import Row, SheetKind, Table

COLUMNS: dict[str, Sequence[str]] = {
    "code": ("取引先コード", "得意先コード", "顧客コード", "customer code", "customer", "客户编码", "客户代码"),
    "name": ("名称", "取引先名", "得意先名", "会社名", "name", "customer name", "company", "客户名称"),
    "name_en": ("名称(英)", "英語名", "会社名(英)", "name (en)", "english name", "英文名称"),
    "kana": ("フリガナ", "カナ", "読み", "reading", "kana"),
    "bill_to": ("請求先コード", "請求先", "bill-to", "bill to code", "付款方编码", "结算客户编码"),
    "country": ("国", "国コード", "country", "国家"),
    "locale": ("言語", "language", "语言"),
    "currency": ("通貨", "currency", "币种", "货币"),
    "incoterm": ("取引条件", "貿易条件", "incoterm", "incoterms", "trade terms", "贸易条款"),
    "place": ("指定地", "named place", "place", "指定地点"),
    "closing": ("締日", "締め日", "closing day", "closing", "结算日"),
    "payment": ("支払条件", "payment terms", "payment", "付款条件"),
    "fee": ("振込手数料", "手数料負担", "transfer fee", "bank charges", "手续费"),
    "rate": ("掛け率(%)", "掛け率", "掛率", "rate (%)", "rate", "折扣率(%)", "折扣率"),
    "rounding": ("端数処理", "端数", "rounding", "舍入"),
    "limit": ("与信限度額", "与信枠", "credit limit", "信用额度"),
    "minimum": ("最低発注額", "最低注文金額", "minimum order", "minimum amount", "最低订货额"),
    "postal_code": ("郵便番号", "postal code", "postcode", "zip", "邮编"),
    "region": ("都道府県", "region", "state", "prefecture", "省份"),
    "address": ("住所", "address", "地址"),
    "building": ("建物", "building", "楼名"),
    "phone": ("電話", "電話番号", "phone", "tel", "电话"),
    "email": ("メール(請求書)", "請求書メール", "invoice email", "email", "发票邮箱", "邮箱"),
    "registration": ("登録番号", "インボイス登録番号", "registration number", "税务登记号"),
    "notes": ("備考", "notes", "remarks", "备注"),
}  # fmt: skip
SHIP_TO: dict[str, Sequence[str]] = {
    "code": COLUMNS["code"],
    "ship_to": ("納品先コード", "届け先コード", "ship-to code", "ship to", "送货地编码", "收货地编码"),
    "name": ("名称", "納品先名", "届け先名", "name", "ship-to name", "名称"),
    "attention": ("担当", "担当者", "attention", "contact", "联系人"),
    **{key: COLUMNS[key] for key in ("country", "postal_code", "region", "address", "phone")},
}  # fmt: skip
KINDS = (
    SheetKind("customers", COLUMNS, ("code", "name")),
    SheetKind("ship_tos", SHIP_TO, ("code", "ship_to")),
)

FEES = cells.known_words({
    FeeBearer.PAYER: ("先方", "先方負担", "payer", "customer", "客户", "付款方"),
    FeeBearer.PAYEE: ("当方", "当方負担", "自社", "payee", "us", "我方", "收款方"),
})  # fmt: skip
ROUNDINGS = cells.known_words({
    Rounding.DOWN: ("切り捨て", "切捨", "切捨て", "down", "舍去"),
    Rounding.UP: ("切り上げ", "切上", "切上げ", "up", "进位"),
    Rounding.HALF_UP: ("四捨五入", "half up", "round", "四舍五入"),
})  # fmt: skip
LOCALES = cells.known_words({
    "ja": ("ja", "日本語", "japanese", "日语"),
    "en": ("en", "英語", "english", "英语"),
    "zh": ("zh", "中国語", "中文", "chinese", "zh-cn", "zh-tw"),
})  # fmt: skip
AT_HOME = frozenset({"国内卸", "国内", "domestic", "内贸", "国内批发"})
PER_SHIPMENT = frozenset({"", "都度", "per shipment", "each", "每次"})
_CLOSING = re.compile(r"(\d{1,2})日?")
_MONTHS = {"当月": 0, "翌月": 1, "翌々月": 2, "翌翌月": 2}
_PAYMENT = re.compile(r"(当月|翌月|翌々月|翌翌月)(末日?|(\d{1,2})日)")
_NET = re.compile(r"(?:net)?(\d{1,3})(?:日後|日|days?|天)?")
_PREPAID = frozenset({"前払い", "前払", "前金", "prepaid", "prepayment", "in advance", "预付"})
MONTH_END = 31
CHECKED = re.compile(r"T(\d)(\d{12})")


def bring_in(tables: Sequence[Table], report: Report, by: Actor) -> None:
    """Save customers with their terms, and their ship-tos. One row of the report is one customer."""
    drafts: dict[str, tuple[Table, Row, CustomerDraft]] = {}
    for table in [one for one in tables if one.kind == "customers"]:
        first: dict[str, int] = {}
        for row, draft in accepted(
            table,
            report,
            lambda row, seen=first: _once(row, _draft(row), seen),  # type: ignore[misc]
        ):
            drafts[draft.code] = (table, row, draft)
            if not registration_is_sound(cells.code(row, "registration")):
                why = Refused(
                    "registration_number_check_digit", "registration",
                    value=cells.code(row, "registration"),
                )  # fmt: skip
                report.warnings.append(remark(table, row, why))
    _refuse_unknown_payers(drafts, report)
    ship_tos = _ship_tos(tables, report, drafts)
    wanted = [
        CustomerDraft(d.code, d.values, d.terms, d.bill_to, ship_tos.get(d.code) or d.ship_tos)
        for _, _, d in drafts.values()
    ]
    saved = save_customers(wanted, by, first_day=FROM_THE_START)
    report.created += len(saved.created)
    report.updated += len(saved.updated)
    report.unchanged += len(wanted) - len(saved.created) - len(saved.updated)


def _once(row: Row, draft: CustomerDraft, first: dict[str, int]) -> CustomerDraft:
    if draft.code in first:
        raise Refused("duplicate_code", "code", value=draft.code)
    first[draft.code] = row.number
    return draft


def _refuse_unknown_payers(
    drafts: dict[str, tuple[Table, Row, CustomerDraft]], report: Report
) -> None:
    """A customer billed through one that is neither known nor in the file can't be taken."""
    known = set(by_code(Customer, [d.bill_to for _, _, d in drafts.values() if d.bill_to]))
    while True:
        lost = [
            code
            for code, (_, _, draft) in drafts.items()
            if draft.bill_to and draft.bill_to not in known and draft.bill_to not in drafts
        ]
        for code in lost:
            table, row, draft = drafts.pop(code)
            report.refuse(table, row, Refused("unknown_customer", "bill_to", value=draft.bill_to))
        if not lost:
            return


def _draft(row: Row) -> CustomerDraft:
    code = cells.needed_code(row, "code", 30)
    bill_to = cells.code(row, "bill_to", 30)
    values: dict[str, Any] = {
        "name": cells.needed_name(row, "name"),
        "name_en": cells.text(row, "name_en"),
        "kana": cells.text(row, "kana"),
        "country": cells.short(row, "country", 2).upper() or "JP",
        "building": cells.text(row, "building"),
        "invoice_email": cells.text(row, "email"),
        "registration_number": cells.short(row, "registration", 14),
        "notes": cells.text(row, "notes"),
        **_place(row),
    }
    at_home = "ja" if values["country"] == "JP" else "en"
    values["locale"] = cells.word(row, "locale", LOCALES, at_home)
    own = AddressDraft(code, {"name": values["name"], "country": values["country"], **_place(row)})
    ship_tos = (own,) if values["address"] else ()
    return CustomerDraft(code, values, _terms(row), "" if bill_to == code else bill_to, ship_tos)


def _place(row: Row) -> dict[str, Any]:
    return {
        "postal_code": cells.short(row, "postal_code", 12),
        "region": cells.text(row, "region"),
        "address": cells.text(row, "address"),
        "phone": cells.short(row, "phone", 30),
    }


def _terms(row: Row) -> dict[str, Any]:
    currency = cells.code(row, "currency").upper() or company().currency
    if currency not in CURRENCIES:
        raise Refused("unknown_currency", "currency", value=currency)
    incoterm = cells.short(row, "incoterm", 8)
    rounding = cells.word(row, "rounding", ROUNDINGS, None)
    terms: dict[str, Any] = {
        "currency": currency,
        "incoterm": "" if incoterm in AT_HOME else incoterm.upper(),
        "incoterm_place": cells.text(row, "place"),
        "default_rate": cells.rate(row, "rate"),
        "amount_mode": rounding,
        "tax_mode": rounding,
        "fee_bearer": cells.word(row, "fee", FEES, FeeBearer.PAYER),
        "minimum_amount": cells.price(row, "minimum", currency),
        "credit_limit": cells.price(row, "limit", currency),
        "payment_text": cells.text(row, "payment"),
        **_payment(row),
    }
    terms["closing_days"] = _closing(row)
    terms["billing"] = Billing.PERIODIC if terms["closing_days"] else Billing.PER_SHIPMENT
    return terms


def _closing(row: Row) -> str:
    """都度 → "", 末 → "31", "15・末" → "15,31". Raises Refused unknown_word."""
    told = cells.short(row, "closing", 20).lower()
    if told in PER_SHIPMENT:
        return ""
    days = []
    for part in re.split(r"[,、・/\s]+", told):
        stated = _CLOSING.fullmatch(part)
        if part in {"末", "末日", "月末", "end", "eom", "month end"}:
            days.append(MONTH_END)
        elif stated and 1 <= int(stated[1]) <= MONTH_END:
            days.append(int(stated[1]))
        else:
            raise Refused("unknown_word", "closing", value=told)
    return ",".join(str(day) for day in sorted(set(days)))


def _payment(row: Row) -> Mapping[str, int | None]:
    """翌月末, 翌々月10日, 45日後, 前払い. Raises Refused unknown_word."""
    told = cells.short(row, "payment", 40).lower().replace(" ", "")
    by_month = _PAYMENT.fullmatch(told)
    by_days = _NET.fullmatch(told)
    if not told:
        return {"payment_months": 1, "payment_day": MONTH_END, "payment_days": None}
    if by_month:
        day = int(by_month[3]) if by_month[3] else MONTH_END
        return {"payment_months": _MONTHS[by_month[1]], "payment_day": day, "payment_days": None}
    if told in {word.replace(" ", "") for word in _PREPAID}:
        return {"payment_months": 1, "payment_day": MONTH_END, "payment_days": 0}
    if by_days:
        days = int(by_days[1])
        return {"payment_months": 1, "payment_day": MONTH_END, "payment_days": days}
    raise Refused("unknown_word", "payment", value=told)


def registration_is_sound(number: str) -> bool:
    """T and 13 digits whose first checks the others (法人番号); an empty number is no fault."""
    if not number:
        return True
    parts = CHECKED.fullmatch(number.upper())
    if not parts:
        return False
    weighted = sum(int(d) * (1 + i % 2) for i, d in enumerate(reversed(parts[2])))
    return 9 - weighted % 9 == int(parts[1])


def _ship_tos(
    tables: Sequence[Table],
    report: Report,
    drafts: Mapping[str, object],
) -> dict[str, list[AddressDraft]]:
    """Ship-tos by customer; the sheet's rows don't count as rows of the report."""
    found: dict[str, list[AddressDraft]] = {}
    seen: dict[tuple[str, str], int] = {}

    def read(row: Row) -> tuple[str, AddressDraft]:
        code = cells.needed_code(row, "code", 30)
        if code not in drafts:
            raise Refused("unknown_customer", "code", value=code)
        ship_to = cells.needed_code(row, "ship_to", 30)
        if (code, ship_to) in seen:
            raise Refused("duplicate_code", "ship_to", value=ship_to)
        seen[code, ship_to] = row.number
        country = cells.short(row, "country", 2).upper() or "JP"
        values = {
            "name": cells.needed_name(row, "name"), "country": country,
            "attention": cells.text(row, "attention"), **_place(row),
        }  # fmt: skip
        return code, AddressDraft(ship_to, values)

    for table in [one for one in tables if one.kind == "ship_tos"]:
        for _, (code, draft) in accepted(table, report, read, counted=False):
            found.setdefault(code, []).append(draft)
    return found
