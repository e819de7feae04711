"""A line sheet as Excel: a picture in each row, an empty column for quantities, read back as an order."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter

from wholesale.kernel import thumbnails
from wholesale.kernel.text import N_, in_language
from wholesale.kernel.zones import local_end, zone_name
from wholesale.offers.line_sheets import Gathered, SheetLine, picture_bytes

PICTURE = 84  # pixels of its longest side
ROW_POINTS = 68
# Heads by which `order_lines` knows a sheet: the code, and a quantity that may stay empty.
CODE = {"ja": "品番", "en": "Item code", "zh": "商品编码", "zh-Hant": "商品編號"}
QUANTITY = {"ja": "ご注文数", "en": "Your order", "zh": "您的订购数", "zh-Hant": "您的訂購數"}
CUSTOMER = {"ja": "取引先コード", "en": "Customer code", "zh": "客户编码", "zh-Hant": "客戶編號"}
PO_NUMBER = {"ja": "発注番号", "en": "PO number", "zh": "采购单号", "zh-Hant": "採購單號"}
WANTED_ON = {"ja": "納品希望日", "en": "Requested date", "zh": "希望交期", "zh-Hant": "交貨日期"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its width in signs, and what stands in it."""

    head: str
    width: int
    value: Callable[[SheetLine], str | int | Decimal | None]
    form: str = "text"


def drawn(sheet: Gathered) -> bytes:
    """The workbook. Codes are text, figures stay figures; nothing of ours is reckoned as a formula
    but the amounts.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False,
                                   "strings_to_urls": False}) as book:  # fmt: skip
        page = book.add_worksheet()
        forms = _forms(book)
        columns = _columns(sheet)
        top = _head(page, sheet, forms)
        _heads(page, sheet, columns, top, forms)
        for at, line in enumerate(sheet.lines, top + 1):
            _row(page, sheet, columns, at, line, forms)
        _foot(page, sheet, columns, top, forms)
    return out.getvalue()


def _forms(book: xlsxwriter.Workbook) -> dict[str, Any]:
    base = {"valign": "vcenter", "font_size": 10}
    rule = {**base, "bottom": 4, "bottom_color": "#b8b0a0"}
    return {
        "title": book.add_format({**base, "bold": True, "font_size": 16}),
        "label": book.add_format({**base, "font_color": "#686258"}),
        "plain": book.add_format(base),
        "fill": book.add_format({**base, "bottom": 1}),
        "head": book.add_format({**base, "bold": True, "text_wrap": True, "bottom": 2,
                                 "bg_color": "#f1ede3"}),
        "text": book.add_format({**rule, "num_format": "@", "text_wrap": True}),
        "figure": book.add_format({**rule, "num_format": "#,##0"}),
        "money": book.add_format({**rule, "num_format": "#,##0.####"}),
        "order": book.add_format({**rule, "num_format": "#,##0", "bg_color": "#fffbe6",
                                  "border": 1, "bold": True}),
        "sum": book.add_format({**base, "bold": True, "num_format": "#,##0.##", "top": 1,
                                "bottom": 6}),
    }  # fmt: skip


_HEADS = {
    "picture": N_("Picture"), "name": N_("Item name"), "variant": N_("Colour and size"),
    "size": N_("W×D×H (mm)"), "list": N_("List price (net)"), "price": N_("Your price (net)"),
    "minimum": N_("MOQ"), "multiple": N_("In lots of"), "carton": N_("Pieces per carton"),
    "amount": N_("Amount, net"),
}  # fmt: skip


def _columns(sheet: Gathered) -> list[Column]:
    words = {key: in_language(sheet.locale)(word) for key, word in _HEADS.items()}
    money = f" {sheet.currency}"
    prices = [
        Column(words["list"] + money, 11, lambda line: line.list_price, "money"),
        Column(words["price"] + money, 11, lambda line: line.unit_price, "money"),
    ]
    return [
        Column(words["picture"], 13, lambda _line: None),
        Column(CODE[sheet.locale], 18, lambda line: line.code),
        Column("JAN", 15, lambda line: line.jan),
        Column(words["name"], 28, lambda line: line.name),
        Column(words["variant"], 16, lambda line: line.variant),
        Column(words["size"], 14, lambda line: line.size),
        *(prices if sheet.with_prices else []),
        Column(words["minimum"], 8, lambda line: line.minimum, "figure"),
        Column(words["multiple"], 8, lambda line: line.multiple, "figure"),
        Column(words["carton"], 9, lambda line: line.carton, "figure"),
        Column(QUANTITY[sheet.locale], 12, lambda _line: None, "order"),
        *([Column(words["amount"] + money, 13, lambda _line: None, "amount")] * sheet.with_prices),
    ]


def _head(page: Any, sheet: Gathered, forms: dict[str, Any]) -> int:
    """What stands above the table; the row of its heads."""
    told = in_language(sheet.locale)
    page.write_string(0, 0, sheet.title, forms["title"])
    page.set_row(0, 26)
    page.write_string(1, 0, f"{sheet.issuer}  {local_end(sheet.drawn_at, sheet.time_zone).day}", forms["label"])  # fmt: skip
    page.write_string(2, 0, CUSTOMER[sheet.locale], forms["label"])
    page.write_string(2, 1, sheet.customer_code, forms["plain"])
    page.write_string(2, 3, sheet.customer_name, forms["plain"])
    row = 3
    if sheet.closes_at is not None:
        end = local_end(sheet.closes_at, sheet.time_zone)
        zone = zone_name(sheet.time_zone, sheet.locale)
        page.write_string(row, 0, told("Order deadline"), forms["label"])
        page.write_string(row, 1, f"{end.day} {end.time} ({zone})", forms["plain"])
        row += 1
    for label in (PO_NUMBER, WANTED_ON):
        page.write_string(row, 0, label[sheet.locale], forms["label"])
        page.write_blank(row, 1, None, forms["fill"])
        row += 1
    return row + 1


def _heads(
    page: Any, sheet: Gathered, columns: list[Column], top: int, forms: dict[str, Any]
) -> None:
    page.set_row(top, 32)
    for at, column in enumerate(columns):
        page.write_string(top, at, column.head, forms["head"])
        page.set_column(at, at, column.width)
    page.freeze_panes(top + 1, 2)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    page.set_footer(f"&L{sheet.title.replace('&', '&&')}&R&P / &N")


def _row(
    page: Any, sheet: Gathered, columns: list[Column], at: int, line: SheetLine,
    forms: dict[str, Any],
) -> None:  # fmt: skip
    page.set_row(at, ROW_POINTS)
    for place, column in enumerate(columns):
        value, form = column.value(line), forms.get(column.form, forms["money"])
        if column.form == "amount":
            _amount(page, columns, at, place, forms["money"])
        elif value is None or value == "":
            page.write_blank(at, place, None, form)
        elif isinstance(value, str):
            page.write_string(at, place, value, form)
        else:
            page.write_number(at, place, value, form)
    order = next(place for place, column in enumerate(columns) if column.form == "order")
    page.data_validation(at, order, at, order, {
        "validate": "integer", "criteria": ">=", "value": 0, "error_type": "warning",
        "input_title": line.code, "input_message": _hint(sheet, line),
    })  # fmt: skip
    small = thumbnails.as_png(picture_bytes(line.picture), PICTURE) if line.picture else b""
    if small:
        page.insert_image(at, 0, f"{line.code}.png", {
            "image_data": io.BytesIO(small), "x_offset": 4, "y_offset": 3, "object_position": 1,
            "description": line.name,
        })  # fmt: skip


def _hint(sheet: Gathered, line: SheetLine) -> str:
    told = in_language(sheet.locale)("At least %(minimum)s, in lots of %(multiple)s")
    return told % {"minimum": line.minimum, "multiple": line.multiple}


def _amount(page: Any, columns: list[Column], at: int, place: int, form: Any) -> None:
    letters = {column.form: chr(65 + index) for index, column in enumerate(columns)}
    prices = [chr(65 + index) for index, column in enumerate(columns) if column.form == "money"]
    order, price = f"{letters['order']}{at + 1}", f"{prices[-1]}{at + 1}"
    page.write_formula(at, place, f'=IF({order}="","",{order}*{price})', form, "")


def _foot(
    page: Any, sheet: Gathered, columns: list[Column], top: int, forms: dict[str, Any]
) -> None:
    """The sums of what is filled in, so that a person sees them before sending it."""
    at, last = top + 1 + len(sheet.lines), top + len(sheet.lines) + 1
    if not sheet.lines:
        return
    page.write_string(at, 1, in_language(sheet.locale)("Total"), forms["sum"])
    for place, column in enumerate(columns):
        if column.form in {"order", "amount"}:
            letter = chr(65 + place)
            page.write_formula(
                at, place, f"=SUM({letter}{top + 2}:{letter}{last})", forms["sum"], ""
            )
