"""Rates and fixed prices per customer from a sheet each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from wholesale.catalog.models import Brand, Category, Product, Sku
from wholesale.company.setting_up import CURRENCIES
from wholesale.customers.models import Customer
from wholesale.exchange import cells
from wholesale.exchange.known import CUSTOMER_CODE, FROM_THE_START, by_code, known_customer
from wholesale.exchange.reports import Refused, Report, accepted
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.sheets import Row, SheetKind, Table
from wholesale.pricing.models import OwnerKind, RuleKind, Scope
from wholesale.pricing.revising import RuleDraft, save_rules

_SHARED: dict[str, Sequence[str]] = {
    "customer": (*CUSTOMER_CODE, "得意先", "取引先", "客户"),
    "scope": ("対象", "対象区分", "適用対象", "適用区分", "単位", "scope", "applies to", "level", "type", "对象", "适用对象", "适用范围"),
    "object": ("対象コード", "コード", "商品コード", "SKUコード", "品番", "適用コード", "object", "object code", "code", "item code", "item", "SKU", "对象编码", "对象代码", "商品编码"),
    "minimum": ("最小数量", "数量", "最低数量", "数量以上", "数量(以上)", "数量下限", "以上", "minimum quantity", "minimum", "from quantity", "min qty", "quantity from", "quantity", "qty", "起订量", "最小数量", "数量下限"),
    "valid_from": ("開始日", "適用開始日", "適用日", "有効開始日", "適用開始", "開始", "valid from", "from", "start date", "start", "from date", "effective from", "effective date", "开始日期", "开始日", "生效日期", "生效日"),
    "valid_until": ("終了日", "適用終了日", "有効終了日", "適用終了", "終了", "有効期限", "valid until", "valid to", "until", "to", "end date", "end", "to date", "effective to", "结束日期", "结束日", "失效日期"),
}  # fmt: skip
RATES = {
    **_SHARED,
    "rate": ("掛け率(%)", "掛け率", "掛率", "卸率", "仕切率", "率", "rate (%)", "rate", "discount rate", "wholesale rate", "percent of list", "折扣率(%)", "折扣率", "折扣"),
}  # fmt: skip
FIXED = {
    **_SHARED,
    "currency": ("通貨", "通貨コード", "currency", "currency code", "币种", "货币", "幣別"),
    "price": ("単価", "単価(税抜)", "固定価格", "卸単価", "卸価格", "価格", "特価", "納入単価", "unit price", "price", "fixed price", "net price", "wholesale price", "单价", "价格", "固定价格", "單價"),
}  # fmt: skip
KINDS = (
    SheetKind("rates", RATES, ("customer", "scope", "object", "rate")),
    SheetKind("fixed", FIXED, ("customer", "scope", "object", "currency", "price")),
)
SCOPES = cells.known_words({
    Scope.SKU: ("SKU", "SKUコード", "単品", "SKU別", "item", "variant", "单品", "單品"),
    Scope.PRODUCT: ("商品", "品番", "製品", "型番", "商品別", "product", "model", "style", "产品", "货号", "商品款", "產品"),
    Scope.CATEGORY: ("分類", "カテゴリ", "カテゴリー", "商品分類", "分類別", "category", "分类", "类别", "品类"),
    Scope.BRAND: ("ブランド", "ブランド別", "メーカー", "brand", "品牌"),
    Scope.ALL: ("全て", "すべて", "全商品", "全品", "all", "all products", "全部", "全部商品"),
})  # fmt: skip
_MODELS = {Scope.SKU: Sku, Scope.PRODUCT: Product, Scope.CATEGORY: Category, Scope.BRAND: Brand}

# sheets speak of brands and categories by their names as well
_NAMED: dict[Scope, type[Any]] = {Scope.CATEGORY: Category, Scope.BRAND: Brand}


@dataclass(frozen=True, slots=True)
class _Known:
    """The codes of a file, looked up once."""

    customers: dict[str, Customer]
    objects: Mapping[Scope, Mapping[str, int]]


def bring_in(tables: Sequence[Table], report: Report, by: Actor) -> None:
    """Save the rates and fixed prices. One row of the report is one rule."""
    known = _look_up([row for table in tables for row in table.rows])
    drafts: list[RuleDraft] = []
    seen: dict[tuple[object, ...], int] = {}
    for table in tables:
        read = _reader(known, seen, RuleKind.RATE if table.kind == "rates" else RuleKind.FIXED)
        drafts += [draft for _, draft in accepted(table, report, read)]
    created, updated = save_rules(drafts, by)
    report.created += created
    report.updated += updated
    report.unchanged += len(drafts) - created - updated


def _look_up(rows: Sequence[Row]) -> _Known:
    customers, codes = set(), set()
    for row in rows:
        try:
            customers.add(cells.code(row, "customer"))
            codes.add(cells.code(row, "object"))
        except Refused:  # said of the row when its turn comes
            continue
    objects = {
        scope: {code: one.id for code, one in by_code(model, codes).items()}
        for scope, model in _MODELS.items()
    }
    for scope, model in _NAMED.items():
        for one in session.scalars(select(model)):
            for name in one.name.values():
                objects[scope].setdefault(name, one.id)
    return _Known(by_code(Customer, customers), objects)


def _reader(
    known: _Known, seen: dict[tuple[object, ...], int], kind: RuleKind
) -> Callable[[Row], RuleDraft]:
    def read(row: Row) -> RuleDraft:
        customer = known_customer(known.customers, cells.needed_code(row, "customer"), "customer")
        scope = cells.word(row, "scope", SCOPES, None, "unknown_scope")
        if scope is None:
            raise Refused("unknown_scope", "scope")
        object_id = _object(row, scope, known)
        value, currency = _rate(row) if kind is RuleKind.RATE else _price(row)
        minimum = cells.whole(row, "minimum") or 1
        since, until = _days(row)
        key = (customer.id, scope, object_id, kind, currency, minimum, since)
        if key in seen:
            raise Refused("duplicate_row", "object", value=seen[key])
        seen[key] = row.number
        return RuleDraft(
            OwnerKind.CUSTOMER, customer.id, kind, scope, object_id, value, since,
            currency=currency, minimum=minimum, valid_until=until,
        )  # fmt: skip

    return read


def _object(row: Row, scope: Scope, known: _Known) -> int:
    """The id of what the rule speaks of; a brand or category we don't have is no scope."""
    if scope is Scope.ALL:
        return 0
    code = cells.needed_code(row, "object")
    found = known.objects[scope].get(code)
    if found is None:
        reason = "unknown_sku" if scope in {Scope.SKU, Scope.PRODUCT} else "unknown_scope"
        raise Refused(reason, "object", value=code)
    return found


def _rate(row: Row) -> tuple[Decimal, str]:
    rate = cells.rate(row, "rate")
    if rate is None:
        raise Refused("bad_number", "rate")
    return rate, ""


def _price(row: Row) -> tuple[Decimal, str]:
    currency = cells.code(row, "currency").upper()
    if currency not in CURRENCIES:
        raise Refused("unknown_currency", "currency", value=currency[:40])
    price = cells.price(row, "price", currency)
    if price is None:
        raise Refused("bad_number", "price")
    return price, currency


def _days(row: Row) -> tuple[date, date | None]:
    since = cells.day(row, "valid_from") or FROM_THE_START
    until = cells.day(row, "valid_until")
    if until is not None and until < since:
        raise Refused("date_order", "valid_until", value=until.isoformat())
    return since, until
