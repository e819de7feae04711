"""An order sheet as Excel, to be filled in and read back: lists with pictures, grids for two axes."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

from wholesale.kernel.text import N_, in_language, localized
from wholesale.offers.offering import Offer

PICTURE, ROW_POINTS = 64, 52  # pixels of the longest side; height of a row that holds it
# Heads by which `order_lines` knows a sheet, in every language of ours.
CODE = {"ja": "品番", "en": "Item code", "zh": "商品编码", "zh-Hant": "商品編號"}
WANTED = {"ja": "ご注文数", "en": "Your order", "zh": "您的订购数", "zh-Hant": "您的訂購數"}
CUSTOMER = {"ja": "取引先コード", "en": "Customer code", "zh": "客户编码", "zh-Hant": "客戶編號"}
PO_NUMBER = {"ja": "発注番号", "en": "PO number", "zh": "采购单号", "zh-Hant": "採購單號"}
WANTED_ON = {"ja": "納品希望日", "en": "Requested date", "zh": "希望交期", "zh-Hant": "交貨日期"}
TOTAL = {"ja": "合計", "en": "Total", "zh": "合计", "zh-Hant": "合計"}
CORNER = {"ja": "色＼サイズ", "en": "Colour \\ Size", "zh": "颜色＼尺码", "zh-Hant": "顏色＼尺碼"}

Pictures = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class SheetHead:
    """What stands above the lines. Prices are told `with_prices` alone, net in `currency`."""

    title: str
    customer_code: str
    customer_name: str
    locale: str
    currency: str
    with_prices: bool = True
    po_number: str = ""


@dataclass(slots=True)
class Grid:
    """A product with two axes: colours down, sizes across, and the offer in each field."""

    offers: list[Offer] = field(default_factory=list)

    def rows(self, locale: str) -> list[str]:
        """The words of the first axis."""
        return list(dict.fromkeys(_down(one, locale) for one in self.offers))

    def columns(self, locale: str) -> list[str]:
        """The words of the second axis."""
        return list(dict.fromkeys(_across(one, locale) for one in self.offers))

    def cells(self, locale: str) -> dict[tuple[str, str], Offer]:
        """The offer in each field that exists."""
        return {(_down(one, locale), _across(one, locale)): one for one in self.offers}


def written(head: SheetHead, offers: Sequence[Offer], *, pictures: Pictures) -> bytes:
    """The workbook of these offers, in their order. `pictures` gives the PNG of a picture's path, b""
    for none.
    """
    grids: dict[int, Grid] = {}
    listed = []
    for one in offers:
        if one.facts.option_1 and one.facts.option_2 and not one.facts.option_3:
            grids.setdefault(one.facts.product_id, Grid()).offers.append(one)
        else:
            listed.append(one)
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        told, forms = in_language(head.locale), _forms(book)
        if listed or not grids:
            _list(book.add_worksheet(told(N_("Items"))), head, listed, forms, pictures)
        if grids:
            page = book.add_worksheet(told(N_("By colour and size")))
            _grids(page, head, list(grids.values()), forms, pictures)
    return out.getvalue()


def _forms(book: xlsxwriter.Workbook) -> dict[str, Any]:
    base = {"valign": "vcenter", "font_size": 10}
    rule = {**base, "bottom": 4, "bottom_color": "#b8b0a0"}
    order = {"num_format": "#,##0", "bg_color": "#fffbe6", "border": 1, "bold": True}
    return {
        "title": book.add_format({**base, "bold": True, "font_size": 15}),
        "label": book.add_format({**base, "font_color": "#686258"}),
        "plain": book.add_format(base),
        "fill": book.add_format({**base, "bottom": 1, "num_format": "@"}),
        "head": book.add_format({**base, "bold": True, "text_wrap": True, "bottom": 2,
                                 "bg_color": "#f1ede3"}),
        "text": book.add_format({**rule, "num_format": "@", "text_wrap": True}),
        "money": book.add_format({**rule, "num_format": "#,##0.####"}),
        "order": book.add_format({**base, **order}),
        "none": book.add_format({**base, "bg_color": "#e7e2d6", "border": 1}),
        "sum": book.add_format({**base, "bold": True, "num_format": "#,##0.##", "top": 1,
                                "bottom": 6}),
    }  # fmt: skip


def _top(page: Any, head: SheetHead, forms: dict[str, Any]) -> int:
    """Who orders, and where its number and day go; the next free row."""
    page.write_string(0, 0, head.title, forms["title"])
    page.write_string(1, 0, CUSTOMER[head.locale], forms["label"])
    page.write_string(1, 1, head.customer_code, forms["plain"])
    page.write_string(1, 3, head.customer_name, forms["plain"])
    page.write_string(2, 0, PO_NUMBER[head.locale], forms["label"])
    page.write_string(2, 1, head.po_number, forms["fill"])
    page.write_string(3, 0, WANTED_ON[head.locale], forms["label"])
    page.write_blank(3, 1, None, forms["fill"])
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    return 5


def _list(
    page: Any, head: SheetHead, offers: Sequence[Offer], forms: dict[str, Any], pictures: Pictures
) -> None:
    told = in_language(head.locale)
    prices = (
        [told(N_("List price (net)")), told(N_("Your price (net)"))] if head.with_prices else []
    )
    heads = [told(N_("Picture")), CODE[head.locale], "JAN", told(N_("Name")), *prices,
             told(N_("Packs and minimum")), WANTED[head.locale]]  # fmt: skip
    heads += [told(N_("Amount, net"))] if head.with_prices else []
    top, wanted = _top(page, head, forms), len(heads) - (2 if head.with_prices else 1)
    for at, (name, width) in enumerate(zip(heads, _WIDTHS, strict=False)):
        page.write_string(top, at, name, forms["head"])
        page.set_column(at, at, width)
    page.freeze_panes(top + 1, 2)
    for row, one in enumerate(offers, top + 1):
        _line(page, row, wanted, one, head, forms)
        _picture(page, row, 0, one, pictures)
    last = top + len(offers)
    if offers and head.with_prices:
        page.write_string(last + 1, 1, TOTAL[head.locale], forms["sum"])
        letter = _letter(wanted + 1)
        total = f"=SUM({letter}{top + 2}:{letter}{last + 1})"
        page.write_formula(last + 1, wanted + 1, total, forms["sum"], "")


_WIDTHS = (12, 18, 15, 34, 12, 12, 16, 12, 14)


def _line(
    page: Any, row: int, wanted: int, one: Offer, head: SheetHead, forms: dict[str, Any]
) -> None:
    facts, price = one.facts, one.price
    page.set_row(row, ROW_POINTS)
    page.write_string(row, 1, facts.code, forms["text"])
    page.write_string(row, 2, facts.jan or "", forms["text"])
    page.write_string(row, 3, localized(facts.full_name(), head.locale), forms["text"])
    if head.with_prices:
        for column, value in (
            (4, price.list_price if price else None), (5, price.unit_price if price else None),
        ):  # fmt: skip
            if value is None:
                page.write_blank(row, column, None, forms["money"])
            else:
                page.write_number(row, column, value, forms["money"])
    page.write_string(row, wanted - 1, _limits(one, head), forms["text"])
    _field(page, row, wanted, one, forms)
    if head.with_prices and price and one.orderable:
        order, own = f"{_letter(wanted)}{row + 1}", f"{_letter(5)}{row + 1}"
        amount = f'=IF({order}="","",{order}*{own})'
        page.write_formula(row, wanted + 1, amount, forms["money"], "")


def _grids(
    page: Any, head: SheetHead, grids: Sequence[Grid], forms: dict[str, Any], pictures: Pictures
) -> None:
    """One block per product: its code and name, the sizes, a row for each colour, an empty row."""
    row = _top(page, head, forms)
    page.set_column(0, 0, 20)
    page.set_column(1, 12, 9)
    for grid in grids:
        first, cells = grid.offers[0], grid.cells(head.locale)
        columns = grid.columns(head.locale)
        page.write_string(row, 0, first.facts.product_code, forms["title"])
        page.write_string(row, 1, localized(first.facts.name, head.locale), forms["title"])
        page.write_string(row, len(columns) + 2, _told_of(grid, head), forms["label"])
        page.write_string(row + 1, 0, CORNER[head.locale], forms["head"])
        for at, name in enumerate(columns, 1):
            page.write_string(row + 1, at, name, forms["head"])
        for down, name in enumerate(grid.rows(head.locale), row + 2):
            page.set_row(down, ROW_POINTS)
            page.write_string(down, 0, name, forms["text"])
            here = [one for (label, _), one in cells.items() if label == name]
            _picture(page, down, len(columns) + 2, here[0], pictures)
            for at, across in enumerate(columns, 1):
                _field(page, down, at, cells.get((name, across)), forms)
        row += len(grid.rows(head.locale)) + 3


def _told_of(grid: Grid, head: SheetHead) -> str:
    """Beside a grid, where no quantity is looked for: what a piece costs, and in which packs."""
    prices = sorted({one.price.unit_price for one in grid.offers if one.price})
    parts = [_limits(grid.offers[0], head)]
    if prices and head.with_prices:
        ends = dict.fromkeys([prices[0], prices[-1]])
        parts.insert(0, f"{head.currency} " + "–".join(f"{one:,f}" for one in ends))
    return "  ".join(part for part in parts if part)


def _field(page: Any, row: int, column: int, one: Offer | None, forms: dict[str, Any]) -> None:
    """The cell for a quantity; grey and empty where nothing can be ordered."""
    if one is None or not one.orderable:
        page.write_blank(row, column, None, forms["none"])
        return
    page.write_blank(row, column, None, forms["order"])
    page.data_validation(row, column, row, column, {
        "validate": "integer", "criteria": ">=", "value": 0, "error_type": "warning",
        "ignore_blank": True,
    })  # fmt: skip


def _picture(page: Any, row: int, column: int, one: Offer, pictures: Pictures) -> None:
    small = pictures(one.picture) if one.picture else b""
    if small:
        page.insert_image(row, column, f"{one.facts.code}.png", {
            "image_data": io.BytesIO(small), "x_offset": 3, "y_offset": 2, "object_position": 1,
            "description": one.facts.code,
        })  # fmt: skip


def _limits(one: Offer, head: SheetHead) -> str:
    limits, told = one.limits, in_language(head.locale)
    if limits.minimum <= 1 and limits.multiple <= 1:
        return ""
    return told(N_("At least %(minimum)s, in packs of %(multiple)s")) % {
        "minimum": limits.minimum, "multiple": limits.multiple,
    }  # fmt: skip


def _down(one: Offer, locale: str) -> str:
    return localized(one.facts.option_1, locale) or one.facts.option_1_code


def _across(one: Offer, locale: str) -> str:
    return localized(one.facts.option_2, locale)


def _letter(column: int) -> str:
    return chr(ord("A") + column)
