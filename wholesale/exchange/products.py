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
from wholesale.catalog.queries import sku_ids_by_code
from wholesale.company.models import TaxClass
from wholesale.company.queries import company
from wholesale.company.setting_up import CURRENCIES
from wholesale.exchange import cells
from wholesale.exchange.countries import country
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
MOST_LOST_ZEROS = 2

COLUMNS: dict[str, Sequence[str]] = {
    "sku": ("SKUコード", "SKU", "商品CD", "商品コード", "SKUNo", "SKU品番", "単品コード", "アイテムコード", "自社コード", "商品ID", "SKU code", "SKU no", "SKU number", "item code", "item no", "item number", "item", "item id", "product id", "part no", "part number", "code", "SKU编码", "SKU编号", "商品编码", "商品编号", "商品代码", "产品编码", "产品编号", "物料编码", "單品編號", "商品編號"),
    "product": ("品番", "商品番号", "親品番", "型番", "代表品番", "品番コード", "製品番号", "親商品コード", "品種コード", "商品管理番号", "model", "model no", "model number", "model code", "product code", "product no", "product number", "style", "style no", "style code", "style number", "parent sku", "article no", "article number", "货号", "款号", "型号", "父SKU", "貨號", "款號"),
    "name": ("品名", "商品名", "商品名称", "名称", "製品名", "品目名", "アイテム名", "商品の名前", "name", "product name", "item name", "description", "product", "product title", "title", "item description", "商品名稱", "品名规格", "产品名称", "货品名称", "產品名稱"),
    "name_en": ("品名(英)", "英語名", "商品名(英)", "英文品名", "英文商品名", "品名(英語)", "品名EN", "name (en)", "name en", "english name", "name english", "英文名", "英文名称", "英文名稱"),
    "name_zh": ("品名(中)", "中国語名", "商品名(中)", "品名(中国語)", "品名ZH", "name (zh)", "name zh", "chinese name", "name chinese", "中文名", "中文名称", "中文名稱"),
    "reading": ("カナ", "フリガナ", "ふりがな", "読み", "品名カナ", "商品名カナ", "商品名フリガナ", "よみがな", "ヨミガナ", "カナ名", "reading", "kana", "name kana"),
    "brand": ("ブランド", "ブランド名", "ブランドコード", "メーカー", "メーカー名", "brand", "brand name", "maker", "manufacturer", "品牌", "品牌名称", "廠牌"),
    "category": ("分類", "分類名", "カテゴリ", "カテゴリー", "カテゴリ名", "商品分類", "大分類", "部門", "category", "category name", "department", "product type", "分类", "类别", "品类", "分類名稱"),
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
    "jan": ("JAN", "JANコード", "JAN/EAN", "JANCD", "バーコード", "EAN", "EANコード", "EAN code", "EAN13", "EAN-13", "barcode", "bar code", "GTIN", "GTIN-13", "UPC", "条码", "条形码", "商品条码", "國際條碼", "條碼"),
    "list_price": ("上代(税抜)", "上代", "定価", "定価(円)", "定価(税抜)", "定価(税別)", "上代価格", "上代単価", "標準価格", "標準小売価格", "希望小売価格", "メーカー希望小売価格", "小売価格", "参考上代", "本体価格", "販売価格", "list price", "retail price", "retail", "RRP", "MSRP", "SRP", "standard price", "list price (jpy)", "price", "零售价", "标价", "建议零售价", "定价", "市场价", "定價", "零售價"),
    "cost": ("原価", "仕入原価", "仕入価格", "仕入値", "仕入単価", "原価単価", "標準原価", "cost", "cost price", "unit cost", "成本", "成本价", "进价", "成本價"),
    "tax_class": ("税区分", "課税区分", "消費税区分", "税率区分", "消費税率", "税種別", "税率", "tax class", "tax", "tax rate", "tax code", "tax category", "税别", "税种", "稅率"),
    "hs_code": ("HSコード", "HSCODE", "統計品目番号", "関税番号", "HS code", "HS", "HTS", "tariff code", "海关编码", "HS编码", "海關編碼"),
    "origin": ("原産国", "原産地", "原産国コード", "生産国", "製造国", "origin", "country of origin", "made in", "COO", "原产国", "原产地", "產地"),
    "weight": ("重量(g)", "重量", "単品重量", "商品重量", "重さ", "weight (g)", "weight", "net weight", "unit weight", "重量(克)", "净重", "單重"),
    "carton": ("カートン入数", "ケース入数", "入数", "入り数", "カートン", "ケース", "外箱入数", "1ケース入数", "carton quantity", "carton qty", "case pack", "case quantity", "case qty", "pack size", "units per carton", "pcs per carton", "pcs/ctn", "装箱数", "箱入数", "箱规", "每箱数量", "裝箱數"),
    "multiple": ("発注単位", "発注ロット", "ロット", "注文単位", "販売単位", "発注ロット数", "ロット数", "出荷単位", "order multiple", "order unit", "multiple", "lot size", "lot", "increment", "订货单位", "订货倍数", "訂貨單位"),
    "minimum": ("最小数量", "最低数量", "最小発注数", "最低発注数", "最小ロット", "最小注文数", "最低注文数", "最小発注数量", "minimum", "minimum quantity", "minimum order quantity", "min order", "min qty", "MOQ", "起订量", "最小订量", "最小起订量", "最小訂量"),
    "launched_on": ("発売日", "登録日", "販売開始日", "発売開始日", "発売年月日", "登録年月日", "launch date", "launch", "launched on", "release date", "released on", "start date", "上市日期", "发售日", "发售日期", "上市日", "上架日期"),
    "width": ("幅(mm)", "幅", "横幅(mm)", "横幅", "サイズ幅(mm)", "width (mm)", "width", "宽(mm)", "宽度", "寬度"),
    "depth": ("奥行(mm)", "奥行", "奥行き", "サイズ奥行(mm)", "depth (mm)", "depth", "深(mm)", "深度"),
    "height": ("高さ(mm)", "高さ", "サイズ高さ(mm)", "height (mm)", "height", "高(mm)", "高度"),
    "carton_width": ("カートン幅(mm)", "外箱幅(mm)", "carton width (mm)", "外箱宽(mm)"),
    "carton_depth": ("カートン奥行(mm)", "外箱奥行(mm)", "carton depth (mm)", "外箱深(mm)"),
    "carton_height": ("カートン高さ(mm)", "外箱高さ(mm)", "carton height (mm)", "外箱高(mm)"),
    "carton_weight": ("カートン重量(g)", "外箱重量(g)", "carton weight (g)", "外箱重量(克)"),
    "materials": ("素材", "材質", "原材料", "materials", "material", "材质", "原料"),
    "materials_en": ("素材(英)", "材質(英)", "materials (en)", "material (en)"),
    "materials_zh": ("素材(中)", "材質(中)", "materials (zh)", "material (zh)"),
    "shelf_life": ("賞味期限(日数)", "賞味期限日数", "賞味日数", "賞味期間", "賞味期間(日)", "shelf life (days)", "shelf life", "best before days", "保质期(天)", "保质期", "保存期限"),
    "state": ("状態", "販売状態", "販売区分", "取扱区分", "ステータス", "商品状態", "廃番区分", "state", "status", "状态", "销售状态", "狀態"),
    **{
        PRICE + code: (
            f"卸値{code}", f"卸価格{code}", f"卸単価{code}", f"卸売価格{code}", f"{code}卸値", f"{code}卸価格", f"単価{code}", f"価格{code}", f"{code}価格", f"{code}単価", f"上代{code}", code,
            f"wholesale {code}", f"wholesale price {code}", f"price {code}", f"{code} price", f"{code} wholesale", f"{code} wholesale price", f"unit price {code}", f"FOB {code}",
            f"批发价{code}", f"{code}批发价", f"单价{code}", f"价格{code}",
        )
        for code in CURRENCIES
    },
}  # fmt: skip
KINDS = (SheetKind("products", COLUMNS, ("sku|product", "name")),)

TAX = cells.known_words({
    TaxClass.STANDARD: ("標準10%", "標準", "標準税率", "標準税率10%", "課税10%", "課税", "課税(標準)", "外税10%", "外税", "課税売上10%", "10%標準", "10%", "10", "0.1", "0.10", "standard", "standard 10%", "standard rate", "10% standard", "normal", "taxable", "标准10%", "标准", "标准税率", "标准税率10%", "一般", "標準稅率"),
    TaxClass.REDUCED: ("軽減8%", "軽減", "軽減税率", "軽減税率8%", "課税8%", "課税(軽減)", "外税8%", "課税売上8%軽減", "8%軽減", "8%(軽減)", "8%", "8", "0.08", "reduced", "reduced 8%", "reduced rate", "8% reduced", "减轻8%", "减轻", "轻减8%", "轻减税率", "低税率", "減輕稅率"),
    TaxClass.EXEMPT: ("非課税", "不課税", "対象外", "exempt", "tax exempt", "not taxable", "免征", "免稅"),
    TaxClass.EXPORT: ("輸出免税", "免税", "export", "zero rated", "出口免税"),
})  # fmt: skip
STATES = cells.known_words({
    SkuState.SELLING: ("販売中", "販売", "有効", "継続", "現行", "取扱中", "公開", "表示", "selling", "active", "on sale", "current", "available", "published", "在售", "销售中", "正常", "上架"),
    SkuState.HIDDEN: ("非公開", "非表示", "準備中", "停止", "一時停止", "hidden", "draft", "inactive", "unpublished", "隐藏", "下架", "草稿"),
    SkuState.DISCONTINUED: ("廃番", "廃盤", "終売", "販売終了", "生産終了", "製造終了", "取扱終了", "discontinued", "ended", "end of life", "EOL", "停产", "停售", "停產"),
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
    first: dict[str, int] = {}
    for table in tables:
        _save(accepted(table, report, lambda row: _once(row, _line(row), first)), report, by)


def look(tables: Sequence[Table], report: Report, by: Actor) -> None:
    """What bringing in would come to. Nothing has to be written where nothing of it is known."""
    first: dict[str, int] = {}
    for table in tables:
        good = accepted(table, report, lambda row: _once(row, _line(row), first))
        if _are_new([line for _, line in good]):
            report.created += len(good)
        else:
            _save(good, report, by)


def _are_new(lines: Sequence[Line]) -> bool:
    """No SKU of these stands here, so that each would be made."""
    codes = {line.sku for line in lines}
    return not sku_ids_by_code(codes)


def _once(row: Row, line: Line, first: dict[str, int]) -> Line:
    if line.sku in first:
        column = "sku" if row.cells.get("sku") is not None else "product"
        raise Refused("duplicate_code", column, value=line.sku, row=first[line.sku])
    first[line.sku] = row.number
    return line


def _line(row: Row) -> Line:
    sku = cells.code(row, "sku") or cells.code(row, "product")
    if not sku:
        raise Refused("missing_code", "sku" if "sku" in row.cells else "product")
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
        if PRICE + code not in row.cells:
            continue
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
    if "materials" in row.cells:
        told = (cells.text(row, f"materials{end}") for end in ("", "_en", "_zh"))
        values["materials"] = in_languages(*told) or None
    if "hs_code" in row.cells:
        values["hs_code"] = cells.short(row, "hs_code", 12)
    if "origin" in row.cells:
        values["origin"] = country(row, "origin", "")
    if "launched_on" in row.cells:
        values["launched_on"] = cells.day(row, "launched_on")


def _sku_values(row: Row, values: dict[str, Any]) -> None:
    """A column that the sheet does not have leaves what we know alone."""
    if "jan" in row.cells:
        values["jan"] = _jan(row)
    for name, column in (("carton_quantity", "carton"), ("shelf_life_days", "shelf_life")):
        if column in row.cells:
            values[name] = cells.whole(row, column)
    _sizes(row, values)
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


def _sizes(row: Row, values: dict[str, Any]) -> None:
    for column in ("width", "depth", "height", "carton_width", "carton_depth", "carton_height"):
        if column in row.cells:
            values[f"{column}_mm"] = cells.whole(row, column)
    for name, column in (("weight_grams", "weight"), ("carton_weight_grams", "carton_weight")):
        if column in row.cells:
            values[name] = cells.grams(row, column)


def _jan(row: Row) -> str | None:
    """Raises Refused jan_format, jan_length, jan_check_digit."""
    found = cells.code(row, "jan").replace(" ", "").replace("-", "")
    found = found.removesuffix(".0")  # a sheet that took it for a figure on its way
    if not found:
        return None
    if not (found.isascii() and found.isdigit()):
        raise Refused("jan_format", "jan", value=found)
    if isinstance(row.cells["jan"], Decimal):
        found = _with_lost_zeros(found)
    if len(found) not in JAN_LENGTHS:
        raise Refused("jan_length", "jan", value=found)
    right = _check_digit(found[:-1])
    if right != found[-1]:
        raise Refused("jan_check_digit", "jan", value=found, right=right)
    return found


def _check_digit(digits: str) -> str:
    weighted = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return str(-weighted % 10)


def _with_lost_zeros(figure: str) -> str:
    """A number in a sheet has no leading zeros; they come back where the check digit proves it."""
    for length in JAN_LENGTHS:
        if 0 < length - len(figure) <= MOST_LOST_ZEROS:
            full = figure.zfill(length)
            return full if _check_digit(full[:-1]) == full[-1] else figure
    return figure


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
