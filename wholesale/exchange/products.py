"""Products and SKUs from a sheet: one row per SKU, the model's own columns repeated on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from wholesale.catalog.models import Product, Sku, SkuState
from wholesale.catalog.publishing import (
    ProductDraft,
    SkuDraft,
    in_languages,
    save_products,
)
from wholesale.company.models import TaxClass
from wholesale.company.queries import company
from wholesale.company.setting_up import CURRENCIES
from wholesale.exchange import cells
from wholesale.exchange.known import FROM_THE_START, by_code
from wholesale.exchange.reports import Refused, Report, accepted
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import Names, session
from wholesale.kernel.sheets import Row, SheetKind, Table
from wholesale.pricing.models import ListPrice
from wholesale.pricing.revising import set_list_prices

PRICE = "price_"
JAN_LENGTHS = (8, 13)

COLUMNS: dict[str, Sequence[str]] = {
    "sku": ("SKUコード", "SKU", "商品CD", "商品コード", "SKU code", "item code", "SKU编码", "SKU编号"),
    "product": ("品番", "商品番号", "親品番", "model", "model no", "product code", "style no", "货号", "款号"),
    "name": ("品名", "商品名", "商品名称", "name", "product name", "item name", "description", "名称", "商品名稱"),
    "name_en": ("品名(英)", "英語名", "商品名(英)", "name (en)", "english name", "英文名", "英文名称"),
    "name_zh": ("品名(中)", "中国語名", "商品名(中)", "name (zh)", "chinese name", "中文名", "中文名称"),
    "reading": ("カナ", "フリガナ", "ふりがな", "読み", "reading", "kana"),
    "brand": ("ブランド", "ブランド名", "brand", "品牌"),
    "category": ("分類", "分類名", "カテゴリ", "カテゴリー", "category", "分类", "类别"),
    "axis_1": ("軸1", "バリエーション1", "axis 1", "option 1", "规格1"),
    "option_1_code": ("軸1コード", "axis 1 code", "option 1 code", "规格1代码"),
    "option_1": ("軸1の値", "axis 1 value", "option 1 value", "规格1值"),
    "option_1_en": ("軸1の値(英)", "axis 1 value (en)", "option 1 value (en)", "规格1值(英)"),
    "option_1_zh": ("軸1の値(中)", "axis 1 value (zh)", "option 1 value (zh)", "规格1值(中)"),
    "axis_2": ("軸2", "バリエーション2", "axis 2", "option 2", "规格2"),
    "option_2_code": ("軸2コード", "axis 2 code", "option 2 code", "规格2代码"),
    "option_2": ("軸2の値", "axis 2 value", "option 2 value", "规格2值"),
    "option_2_en": ("軸2の値(英)", "axis 2 value (en)", "option 2 value (en)", "规格2值(英)"),
    "option_2_zh": ("軸2の値(中)", "axis 2 value (zh)", "option 2 value (zh)", "规格2值(中)"),
    "axis_3": ("軸3", "バリエーション3", "axis 3", "option 3", "规格3"),
    "option_3_code": ("軸3コード", "axis 3 code", "option 3 code", "规格3代码"),
    "option_3": ("軸3の値", "axis 3 value", "option 3 value", "规格3值"),
    "option_3_en": ("軸3の値(英)", "axis 3 value (en)", "option 3 value (en)", "规格3值(英)"),
    "option_3_zh": ("軸3の値(中)", "axis 3 value (zh)", "option 3 value (zh)", "规格3值(中)"),
    "jan": ("JAN", "JANコード", "EAN", "barcode", "GTIN", "条码", "条形码"),
    "list_price": ("上代(税抜)", "上代", "定価", "定価(円)", "定価(税抜)", "list price", "retail price", "RRP", "零售价", "标价"),
    "cost": ("原価", "仕入原価", "cost", "成本"),
    "tax_class": ("税区分", "課税区分", "消費税区分", "tax class", "tax", "税别", "税率"),
    "hs_code": ("HSコード", "HS code", "HS", "海关编码"),
    "origin": ("原産国", "origin", "country of origin", "原产国", "原产地"),
    "weight": ("重量(g)", "重量", "weight (g)", "weight", "重量(克)"),
    "carton": ("カートン入数", "ケース入数", "入数", "carton quantity", "case pack", "装箱数", "箱入数"),
    "multiple": ("発注単位", "発注ロット", "ロット", "order multiple", "multiple", "lot size", "订货单位"),
    "minimum": ("最小数量", "最低数量", "最小発注数", "minimum", "minimum quantity", "MOQ", "起订量", "最小订量"),
    "launched_on": ("発売日", "登録日", "launch date", "launch", "release date", "上市日期", "发售日"),
    "shelf_life": ("賞味期限(日数)", "賞味期限日数", "shelf life (days)", "shelf life", "保质期(天)"),
    "state": ("状態", "販売状態", "state", "status", "状态"),
    **{
        PRICE + code: (f"卸値{code}", f"卸価格{code}", f"wholesale {code}", f"price {code}", f"{code} price", f"批发价{code}", f"上代{code}")
        for code in CURRENCIES
    },
}  # fmt: skip
KINDS = (SheetKind("products", COLUMNS, ("sku|product", "name")),)

TAX = cells.known_words({
    TaxClass.STANDARD: ("標準10%", "標準", "課税10%", "課税", "10%", "10", "0.1", "standard", "standard 10%", "标准10%", "标准"),
    TaxClass.REDUCED: ("軽減8%", "軽減", "課税8%", "8%", "8", "0.08", "軽減税率", "reduced", "reduced 8%", "减轻8%", "减轻", "轻减8%"),
    TaxClass.EXEMPT: ("非課税", "不課税", "exempt", "免征"),
    TaxClass.EXPORT: ("輸出免税", "免税", "export", "出口免税"),
})  # fmt: skip
STATES = cells.known_words({
    SkuState.SELLING: ("販売中", "有効", "selling", "active", "on sale", "在售", "销售中"),
    SkuState.HIDDEN: ("非公開", "非表示", "hidden", "隐藏"),
    SkuState.DISCONTINUED: ("廃番", "終売", "販売終了", "生産終了", "discontinued", "停产", "停售"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What one row says: the SKU, its model, and its list prices by currency (net)."""

    sku: str
    product: str
    product_values: Mapping[str, Any]
    sku_values: Mapping[str, Any]
    brand: str
    category: str
    prices: Mapping[str, Decimal]


def bring_in(tables: Sequence[Table], report: Report, by: Actor) -> None:
    """Save the products of a sheet with their list prices. One row of the report is one SKU."""
    for table in tables:
        first: dict[str, int] = {}
        good = accepted(table, report, lambda row, first=first: _once(row, _line(row), first))  # type: ignore[misc]
        _save(good, report, by)


def _once(row: Row, line: Line, first: dict[str, int]) -> Line:
    if line.sku in first:
        raise Refused("duplicate_code", "sku", value=line.sku)
    first[line.sku] = row.number
    return line


def _line(row: Row) -> Line:
    sku = cells.code(row, "sku") or cells.needed_code(row, "product")
    product_values: dict[str, Any] = {
        "name": in_languages(
            cells.needed_name(row, "name"), cells.text(row, "name_en"), cells.text(row, "name_zh")
        ),
    }
    sku_values: dict[str, Any] = {}
    if "axis_1" in row.cells:
        product_values["axes"] = [
            {"ja": axis} for n in (1, 2, 3) if (axis := cells.text(row, f"axis_{n}"))
        ]
        for n in (1, 2, 3):
            sku_values[f"option_{n}"] = _option(row, n)
            sku_values[f"option_{n}_code"] = cells.short(row, f"option_{n}_code", 20)
    prices = {}
    home = cells.price(row, "list_price", company().currency)
    if home is not None:
        prices[company().currency] = home
    for code in CURRENCIES:
        abroad = cells.price(row, PRICE + code, code)
        if abroad is not None:
            prices.setdefault(code, abroad)
    _product_values(row, product_values)
    _sku_values(row, sku_values)
    return Line(
        sku, cells.code(row, "product") or sku, product_values, sku_values,
        cells.short(row, "brand", 60), cells.short(row, "category", 60), prices,
    )  # fmt: skip


def _option(row: Row, n: int) -> Names | None:
    names = (cells.text(row, f"option_{n}{end}") for end in ("", "_en", "_zh"))
    return in_languages(*names) or None


def _product_values(row: Row, values: dict[str, Any]) -> None:
    if "tax_class" in row.cells:
        values["tax_class"] = cells.word(
            row, "tax_class", TAX, TaxClass.STANDARD, "unknown_tax_class"
        )
    if "reading" in row.cells:
        values["reading"] = cells.short(row, "reading", cells.LONGEST_NAME)
    if "hs_code" in row.cells:
        values["hs_code"] = cells.short(row, "hs_code", 12)
    if "origin" in row.cells:
        values["origin"] = cells.short(row, "origin", 2).upper()
    if "launched_on" in row.cells:
        values["launched_on"] = cells.day(row, "launched_on")


def _sku_values(row: Row, values: dict[str, Any]) -> None:
    """A column that the sheet does not have leaves what we know alone."""
    if "jan" in row.cells:
        values["jan"] = _jan(row)
    for name, column in (("carton_quantity", "carton"), ("weight_grams", "weight"),
                         ("shelf_life_days", "shelf_life")):  # fmt: skip
        if column in row.cells:
            values[name] = cells.whole(row, column)
    multiple = cells.whole(row, "multiple")
    if "multiple" in row.cells:
        values["multiple"] = multiple or 1
    if "minimum" in row.cells:
        values["minimum"] = cells.whole(row, "minimum") or 1
    elif multiple:
        values["minimum"] = multiple
    if "cost" in row.cells:
        values["cost"] = cells.price(row, "cost", company().currency)
    if "state" in row.cells:
        values["state"] = cells.word(row, "state", STATES, SkuState.SELLING)


def _jan(row: Row) -> str | None:
    """Raises Refused jan_format, jan_length, jan_check_digit."""
    found = cells.code(row, "jan").replace(" ", "").replace("-", "")
    if not found:
        return None
    if not (found.isascii() and found.isdigit()):
        raise Refused("jan_format", "jan", value=found)
    if len(found) not in JAN_LENGTHS:
        raise Refused("jan_length", "jan", value=found)
    digits = [int(digit) for digit in found]
    weighted = sum(d * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits[:-1])))
    if -weighted % 10 != digits[-1]:
        raise Refused("jan_check_digit", "jan", value=found)
    return found


def _save(good: Sequence[tuple[Row, Line]], report: Report, by: Actor) -> None:
    known_products = by_code(Product, {line.product for _, line in good})
    known_skus = by_code(Sku, {line.sku for _, line in good})
    models: dict[str, tuple[Line, dict[str, Any], list[SkuDraft]]] = {}
    for row, line in good:
        if line.product not in models:
            values = dict(line.product_values)
            if line.product not in known_products:
                values["position"] = row.number
            models[line.product] = (line, values, [])
        _, values, skus = models[line.product]
        _earliest(values, line.product_values.get("launched_on"))
        fresh = {} if line.sku in known_skus else {"position": row.number}
        skus.append(SkuDraft(line.sku, {**line.sku_values, **fresh}))
    saved = save_products(
        [
            ProductDraft(code, values, line.brand, line.category, skus)
            for code, (line, values, skus) in models.items()
        ],
        by,
    )
    ids = {line.sku: saved.ids[line.sku] for _, line in good}
    repriced = set_list_prices(_prices([line for _, line in good], ids))
    for _, line in good:
        if line.sku in saved.created:
            report.created += 1
        elif line.sku in saved.updated or ids[line.sku] in repriced:
            report.updated += 1
        else:
            report.unchanged += 1


def _earliest(values: dict[str, Any], launched: date | None) -> None:
    """A model is launched with the first of its SKUs."""
    if launched is not None:
        values["launched_on"] = min(values["launched_on"] or launched, launched)


def _prices(lines: Sequence[Line], ids: Mapping[str, int]) -> list[tuple[int, str, Decimal, date]]:
    """A SKU's first price in a currency holds from ever; a later one from today."""
    priced = {
        (sku_id, currency)
        for sku_id, currency in session.execute(
            select(ListPrice.sku_id, ListPrice.currency).where(ListPrice.sku_id.in_(ids.values()))
        )
    }
    today = clock.today()
    return [
        (ids[line.sku], currency, value,
         today if (ids[line.sku], currency) in priced else FROM_THE_START)
        for line in lines
        for currency, value in line.prices.items()
    ]  # fmt: skip
