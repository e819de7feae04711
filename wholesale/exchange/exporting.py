"""Lists as files: products, customers, prices, rates, stock, orders, in the columns of a layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from wholesale.company.queries import company
from wholesale.exchange import (
    customer_columns,
    export_rows,
    open_orders,
    prices,
    products,
    stock,
)
from wholesale.exchange.export_rows import Rows
from wholesale.exchange.models import ExportFormat, ExportLayout
from wholesale.kernel import table_files
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.table_files import Written
from wholesale.kernel.tables import Cell
from wholesale.kernel.text import N_
from wholesale.pricing.models import ListPrice

LANGUAGES = ("ja", "en")
_SHOUTED = {"jan": "JAN", "sku": "SKU code", "object": "object code"}
_MORE = {
    "location_name": ("倉庫名", "warehouse name"), "customer_name": ("取引先名", "customer name"),
    "description": ("品名", "description"), "amount": ("金額(税抜)", "amount"),
    "state": ("状態", "state"), "open": ("受注残", "open quantity"),
}  # fmt: skip


class NoSuchLayout(DomainError):
    """A name nobody has saved a layout under."""

    message = N_("There is no layout “%(name)s” for this list.")


class BadLayout(DomainError):
    """A layout without a name or without a column."""

    message = N_("A layout needs a name and at least one column.")


@dataclass(frozen=True, slots=True)
class ExportSheet:
    """One table of an export: its name and the names of its columns (ja, en), and its rows."""

    names: tuple[str, str]
    heads: Mapping[str, tuple[str, str]]
    rows: Rows


@dataclass(frozen=True, slots=True)
class ExportKind:
    """One list. A workbook holds all its sheets, a CSV file the first; layouts are of the first."""

    word: str
    sheets: Sequence[ExportSheet]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a list is written: the fields of its first sheet in their order, language and form."""

    fields: Sequence[str]
    language: str
    format: ExportFormat


def _heads(
    columns: Mapping[str, Sequence[str]], more: Sequence[str] = ()
) -> dict[str, tuple[str, str]]:
    """The names that the import knows the columns by, so that what goes out comes in again."""
    found = {key: (names[0], _english(key, names)) for key, names in columns.items()}
    return found | {key: _MORE[key] for key in more}


def _english(key: str, names: Sequence[str]) -> str:
    ascii_names = [name for name in names if name.isascii()]
    small = [name for name in ascii_names if name[0].islower()]
    return _SHOUTED.get(key) or (small or ascii_names)[0]


_STOCK = _heads(stock.COLUMNS, ["location_name"])
_ORDERS = {
    **_heads(open_orders.COLUMNS), **{key: _MORE[key] for key in
    ("open", "customer_name", "description", "amount", "state")},
}  # fmt: skip
KINDS: Mapping[str, ExportKind] = {
    "products": ExportKind(
        N_("Products"),
        (ExportSheet(("商品", "products"), _heads(products.COLUMNS), export_rows.products),),
    ),
    "customers": ExportKind(
        N_("Customers"),
        (
            ExportSheet(
                ("取引先", "customers"), _heads(customer_columns.COLUMNS), export_rows.customers
            ),
            ExportSheet(
                ("納品先", "ship-tos"), _heads(customer_columns.SHIP_TO), export_rows.ship_tos
            ),
        ),
    ),
    "prices": ExportKind(
        N_("Fixed prices"),
        (ExportSheet(("固定価格", "prices"), _heads(prices.FIXED), export_rows.fixed_prices),),
    ),
    "rates": ExportKind(
        N_("Rates"), (ExportSheet(("掛け率", "rates"), _heads(prices.RATES), export_rows.rates),)
    ),
    "stock": ExportKind(N_("Stock"), (ExportSheet(("在庫", "stock"), _STOCK, export_rows.stock),)),
    "orders": ExportKind(
        N_("Order lines"), (ExportSheet(("受注明細", "order lines"), _ORDERS, export_rows.orders),)
    ),
}


def usual_fields(kind: str) -> list[str]:
    """The columns of a list where no layout says otherwise: all that can hold something."""
    fields = list(KINDS[kind].sheets[0].heads)
    if kind != "products":
        return fields
    used = set(session.scalars(select(ListPrice.currency).distinct())) - {company().currency}
    prefix = products.PRICE
    return [one for one in fields if not one.startswith(prefix) or one[len(prefix) :] in used]


def layout_named(kind: str, name: str) -> ExportLayout:
    """A saved layout of a list. Raises NoSuchLayout."""
    found = session.scalar(
        select(ExportLayout).where(ExportLayout.kind == kind, ExportLayout.name == name)
    )
    if found is None:
        raise NoSuchLayout(name=name)
    return found


def wanted_by(layout: ExportLayout) -> Wanted:
    """What a layout says; a column that is no more is left out."""
    heads = KINDS[layout.kind].sheets[0].heads
    fields = [one for one in layout.fields if one in heads]
    return Wanted(fields, layout.language, layout.format)


def export(kind: str, path: Path, wanted: Wanted) -> Written:
    """Write a list to a file, row by row; a table of any length takes the same memory."""
    word = LANGUAGES.index(wanted.language)
    first = KINDS[kind].sheets[0]
    heads = [first.heads[field][word] for field in wanted.fields]
    rows = _cells(first, wanted.fields, word)
    if wanted.format is not ExportFormat.XLSX:
        encoding = "cp932" if wanted.format is ExportFormat.CSV_CP932 else "utf-8"
        return table_files.write_csv(path, heads, rows, encoding=encoding)
    sheets = [(first.names[word], heads, rows)]
    for more in KINDS[kind].sheets[1:]:
        told = [names[word] for names in more.heads.values()]
        sheets.append((more.names[word], told, _cells(more, list(more.heads), word)))
    return table_files.write_xlsx(path, sheets)


def _cells(sheet: ExportSheet, fields: Sequence[str], word: int) -> Iterator[Sequence[Cell]]:
    for row in sheet.rows(word):
        yield [row.get(field) for field in fields]
