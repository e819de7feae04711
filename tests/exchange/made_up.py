"""A seeded maker of sheets that other houses might send: their words, their codes, their faults."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import openpyxl

from wholesale.exchange.importing import KINDS

Row = dict[str, object]
Fault = tuple[str, object, str]  # column, what stands there instead, reason
EPOCH = date(1899, 12, 30)
FULL = str.maketrans(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-",
    "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ－",
)
CSV_DRESSES = [
    ("cp932", ","), ("cp932", "\t"), ("utf-8", ","), ("utf-8-sig", ","), ("utf-8-sig", ";"),
    ("utf-16", "\t"), ("utf-16-le", ","), ("gb18030", ","),
]  # fmt: skip
# Words that stand for other columns in old encodings have to be left to those that can write them.
_PLAIN = {"cp932": "cp932", "gb18030": "gb18030"}


@dataclass
class Made:
    """A file, and what its import must say of it."""

    kind: str
    data: bytes
    name: str
    good: int
    refused: list[tuple[int, str]]
    rows: list[Row] = field(default_factory=list)


@dataclass
class House:
    """The codes of one made-up company, by which its sheets hang together."""

    skus: list[str]
    customers: list[str]
    currencies: dict[str, str]


def check_digit(digits: str) -> str:
    return str(-sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits))) % 10)


def jan(random: Random) -> str:
    stem = random.choice(["45", "49", "04", "00"]) + "".join(random.choices("0123456789", k=10))
    return stem + check_digit(stem)


def make_house(seed: int) -> House:
    random = Random(seed)
    mark = random.choice(["HN", "アオ", "Q7-", "mk.", "X_"])
    skus = [f"{mark}{random.randint(100, 999)}-{n:03}" for n in range(random.randint(12, 25))]
    customers = [
        f"{random.choice(['C', 'T-', '9'])}{n + 101}" for n in range(random.randint(8, 14))
    ]
    money = {code: random.choice(["JPY", "JPY", "JPY", "USD", "TWD"]) for code in customers}
    return House(skus, customers, money)


def products(house: House, random: Random) -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = [
        {
            "sku": code, "product": code.rpartition("-")[0] + f"-{n // 3}", "name": f"品 {n} =SUM(A{n})",
            "jan": jan(random), "list_price": Decimal(random.randint(1, 900) * 10),
            "tax_class": random.choice(["10%", "8%"]), "multiple": random.choice([1, 2, 6, 12]),
            "launched_on": date(2019, 1, 1) + timedelta(days=random.randint(0, 2500)),
            "price_USD": Decimal(random.randint(100, 9900)) / 100, "brand": "木ノ実",
        }
        for n, code in enumerate(house.skus)
    ]  # fmt: skip
    good = jan(random)
    wrong = good[:-1] + str((int(good[-1]) + random.randint(1, 9)) % 10)
    faults: list[Fault] = [
        ("jan", wrong, "jan_check_digit"), ("jan", good[:11], "jan_length"), ("jan", "49X0000000001", "jan_format"),
        ("tax_class", "12%", "unknown_tax_class"), ("list_price", "応相談", "bad_number"),
        ("list_price", "2O0", "bad_number"), ("list_price", "99.5", "too_many_decimals"),
        ("list_price", "△300", "negative_price"), ("launched_on", "令和7年2月29日", "bad_date"),
        ("launched_on", "近日", "bad_date"), ("name", None, "missing_name"), ("multiple", "-4", "bad_quantity"),
        ("multiple", "1.5", "bad_quantity"), ("price_USD", "1.005", "too_many_decimals"),
        ("list_price", "9" * 16, "bad_number"), ("name", "長" * 201, "too_long"),
    ]  # fmt: skip
    return rows, faults


def customers(house: House, random: Random) -> tuple[list[Row], list[Fault]]:
    payers = house.customers[-2:]  # they stand further down than those they pay for
    rows: list[Row] = [
        {
            "code": code, "name": f"{random.choice(['㈱', '有限会社', ''])}髙﨑 {n}号店",
            "bill_to": random.choice([None, None, payers[0] if house.currencies[payers[0]] == house.currencies[code] else None])
            if code not in payers else None,
            "currency": house.currencies[code], "closing": random.choice(["末", "20", "月末", "10日", "毎月25日", "都度", None]),
            "payment": random.choice(["翌月末", "翌々月10日", "45日後", "前払い", "Net 30", "月末締め翌月末払い"]),
            "rate": random.choice([Decimal(58), "62.5%", "５．８掛", Decimal("0.55"), "6割5分", "六掛"]),
            "fee": random.choice(["当方", "先方", "自社負担"]), "country": "JP",
            "limit": random.choice([None, Decimal(3000000), "5,000,000円"]),
        }
        for n, code in enumerate(house.customers)
    ]  # fmt: skip
    faults: list[Fault] = [
        ("name", None, "missing_name"), ("bill_to", "NO-SUCH", "unknown_customer"), ("currency", "円貨", "unknown_currency"),
        ("closing", "たまに", "unknown_word"), ("rate", Decimal(140), "rate_out_of_range"), ("limit", "無限", "bad_number"),
        ("rate", "-3", "rate_out_of_range"), ("country", "どこか", "unknown_word"),
    ]  # fmt: skip
    return rows, faults


def prices(house: House, random: Random) -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = [
        {
            "customer": random.choice(house.customers), "scope": "SKU", "object": code, "minimum": random.choice([1, 10, None]),
            "rate": random.choice([Decimal(60), "58%", "5.5掛", "0.62", "５８"]),
            "valid_from": date(2025, 4, 1), "valid_until": random.choice([None, date(2031, 3, 31)]),
        }
        for code in house.skus
    ]  # fmt: skip
    faults: list[Fault] = [
        ("customer", "WHO", "unknown_customer"), ("object", "NOT-HERE", "unknown_sku"), ("rate", Decimal(0), "rate_out_of_range"),
        ("rate", "101", "rate_out_of_range"), ("valid_until", date(2020, 1, 1), "date_order"), ("scope", "棚", "unknown_scope"),
        ("minimum", "0", "bad_quantity"), ("rate", "安く", "bad_number"), ("valid_from", "2026/13/1", "bad_date"),
        ("rate", "55.555", "too_many_decimals"),
    ]  # fmt: skip
    return rows, faults


def stock(house: House, random: Random) -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = [
        {
            "location": random.choice(["W1", "W2", "浜松倉庫"]), "sku": code,
            "quantity": random.choice([Decimal(random.randint(0, 5000)), f"{random.randint(1, 99)}個", "－０", "1,200"]),
            "shelf": f"A-{n}", "best_before": random.choice([None, None, date(2027, 9, 30)]),
        }
        for n, code in enumerate(house.skus)
    ]  # fmt: skip
    faults: list[Fault] = [
        ("quantity", "-3", "negative_stock"), ("sku", "NOPE-1", "unknown_sku"), ("location", "W77", "unknown_location"),
        ("quantity", "2.5", "bad_quantity"), ("quantity", None, "bad_quantity"), ("quantity", "たくさん", "bad_quantity"),
        ("best_before", "2027/2/30", "bad_date"), ("sku", None, "missing_code"),
    ]  # fmt: skip
    return rows, faults


def open_invoices(house: House, random: Random) -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = []
    at_home = [code for code in house.customers if house.currencies[code] == "JPY"]
    for n in range(20):
        base, food = random.randint(1, 900) * 100, random.randint(0, 50) * 100
        issued = date(2026, 7, 1) + timedelta(days=random.randint(0, 120))
        total = base + base // 10 + food + food * 8 // 100
        rows.append({
            "number": f"売{random.randint(10, 99)}-{n:04}", "customer": random.choice(at_home), "currency": "JPY", "issued_on": issued,
            "due_on": issued + timedelta(days=45), "base_10": Decimal(base), "tax_10": Decimal(base // 10),
            "base_8": Decimal(food) if food else None, "tax_8": Decimal(food * 8 // 100) if food else None,
            "total": Decimal(total), "open": Decimal(random.choice([total, total // 2])),
        })  # fmt: skip
    faults: list[Fault] = [
        ("total", "1", "total_mismatch"), ("open", "99,999,999", "open_exceeds_total"), ("currency", "EUR", "currency_mismatch"),
        ("due_on", date(2020, 1, 1), "date_order"), ("customer", "X0", "unknown_customer"), ("number", None, "missing_code"),
        ("issued_on", None, "bad_date"), ("open", "残", "bad_number"),
    ]  # fmt: skip
    return rows, faults


MAKERS: dict[str, Callable[[House, Random], tuple[list[Row], list[Fault]]]] = {
    "products": products, "customers": customers, "prices": prices, "stock": stock, "open-invoices": open_invoices,
}  # fmt: skip
CODES = {"products": ("sku", "duplicate_code"), "customers": ("code", "duplicate_code")}


def make(kind: str, house: House, seed: int) -> Made:
    """A file of this kind: good rows in a random dress, and rows with one fault each among them."""
    random = Random(f"{kind}{seed}")
    good, faults = MAKERS[kind](house, random)
    lines: list[tuple[Row, str]] = [(row, "") for row in good]
    for column, value, reason in random.sample(faults, k=min(len(faults), random.randint(2, 6))):
        row = dict(random.choice(good)) | {column: value}
        key = CODES.get(kind, ("", ""))[0] or ("number" if kind == "open-invoices" else "")
        if key and column != key:
            row[key] = f"BAD{random.randint(10**6, 10**7)}"
        lines.insert(random.randint(0, len(lines)), (row, reason))
    if kind in CODES:  # the same code in another width, further down
        key, reason = CODES[kind]
        again = random.choice(good)
        lines.append((again | {key: str(again[key]).translate(FULL)}, reason))
    return _dressed(kind, lines, random)


def _dressed(kind: str, lines: list[tuple[Row, str]], random: Random) -> Made:
    columns = list(lines[0][0])
    random.shuffle(columns)
    is_book = random.random() < 0.4
    encoding, delimiter = random.choice(CSV_DRESSES)
    names = {name: _name(kind, name, random, None if is_book else encoding) for name in columns}
    heads = [names[name] for name in columns]
    grid: list[list[object]] = [[f"{kind} 2027"], []][: random.choice([0, 1, 2])]
    indent = random.choice([0, 0, 1]) if is_book else 0
    grid.append([None] * indent + heads)
    refused, count = [], 0
    for row, reason in lines:
        if random.random() < 0.08:
            grid.append([])
        if random.random() < 0.02:
            grid.append([None] * indent + heads)  # the next printed page
        grid.append(
            [None] * indent + [_written(row[name], random, is_book=is_book) for name in columns]
        )
        if reason:
            refused.append((len(grid), reason))
        else:
            count += 1
    if random.random() < 0.5:
        total: list[object] = [None] * (len(columns) + indent)
        total[indent] = random.choice(["合計", "【合 計】", "Total", "小計"])
        total[-1] = total[-1] or "99"
        grid.append(total)
    if random.random() < 0.4:
        grid.append([None] * indent + [random.choice(["以上", "※価格は税抜です", "(完)"])])
    if is_book:
        return Made(kind, _book(grid, random), "data.xlsx", count, refused)
    return _text(kind, grid, encoding, delimiter, count, refused, random)


def _name(kind: str, column: str, random: Random, encoding: str | None) -> str:
    sheet = KINDS[kind].sheets[0]
    spellings = [name for name in sheet.columns[column] if _writable(name, encoding)]
    told = random.choice(spellings)
    return random.choice(
        [
            told,
            told.upper(),
            f" {told} ",
            f"{told}（必須）" if _writable("必須", encoding) else told,
        ]
    )


def _writable(text: str, encoding: str | None) -> bool:
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _written(value: object, random: Random, *, is_book: bool) -> object:
    """The same value as a figure, a day or a text, as it comes."""
    if isinstance(value, date):
        told = random.choice([
            value.isoformat(), f"{value:%Y/%m/%d}", f"{value.year}年{value.month}月{value.day}日", f"{value:%Y%m%d}",
            str((value - EPOCH).days), f"{value:%Y.%m.%d}", f"{value.day} {value:%b} {value.year}",
        ])  # fmt: skip
        if value >= date(2019, 5, 1):
            told = random.choice(
                [
                    told,
                    f"令和{value.year - 2018}年{value.month}月{value.day}日",
                    f"R{value.year - 2018}.{value.month}.{value.day}",
                ]
            )
        return value if is_book and random.random() < 0.5 else told
    if isinstance(value, Decimal):
        if is_book and random.random() < 0.5:
            return float(value)
        told = f"{value:,f}" if value > 1 and random.random() < 0.4 else f"{value:f}"
        return random.choice([told, told.translate(FULL)])
    if isinstance(value, int):
        return value if is_book else str(value)
    return value


def _book(grid: Sequence[Sequence[object]], random: Random) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in grid:
        sheet.append(list(row))
    for title, state in (("説明", "visible"), ("旧データ", "hidden")):
        if random.random() < 0.5:
            other = workbook.create_sheet(title, random.choice([0, 1]))
            other.append(["このファイルの使い方"])
            if state == "hidden":
                for row in grid[:6]:
                    other.append(list(row))
            other.sheet_state = state
    workbook.active = workbook.index(sheet)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _text(
    kind: str, grid: list[list[object]], encoding: str, delimiter: str, count: int,
    refused: list[tuple[int, str]], random: Random,
) -> Made:  # fmt: skip
    target = io.StringIO()
    ends = random.choice(["\r\n", "\n"])
    writer = csv.writer(
        target,
        delimiter=delimiter,
        lineterminator=ends,
        quoting=random.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    )
    for row in grid:
        writer.writerow(["" if cell is None else cell for cell in row])
    text = target.getvalue()
    if encoding in _PLAIN:
        text = "".join(letter if _writable(letter, encoding) else "?" for letter in text)
    data = text.encode(encoding) + random.choice([b"", b"\x1a" if encoding == "cp932" else b""])
    name = "data.tsv" if delimiter == "\t" else "data.csv"
    if random.random() < 0.1:
        return Made(kind, gzip.compress(data), name + ".gz", count, refused)
    return Made(kind, data, name, count, refused)
