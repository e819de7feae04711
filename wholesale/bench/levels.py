"""Stock levels that agree with the moves, and the counters that agree with the history."""

from __future__ import annotations

from random import Random

from wholesale.bench.books import Books, instant
from wholesale.bench.columns import ACTOR
from wholesale.bench.parties import Party
from wholesale.bench.sizes import NOW, SEED, WAREHOUSES, Size
from wholesale.bench.writing import Writer

FLUSH_EVERY = 5_000


def write_stock(books: Books, size: Size) -> None:
    """One opening move per SKU and warehouse that covers what left it, and the balances."""
    random = Random(SEED + 3)
    opening, customer = books.place["OPENING"], books.place["CUSTOMER"]
    began = instant(NOW.replace(year=NOW.year - 2))
    for sku in range(1, size.skus + 1):
        brought = gone = 0
        for place in range(1, WAREHOUSES + 1):
            shipped, allocated = books.shipped[place][sku], books.allocated[place][sku]
            stocked = place == 1 or sku % (2 * place - 1) == 0
            spare = random.randrange(20, 600) if stocked and sku % 7 else 0
            pieces = shipped + allocated + spare
            if not pieces:
                continue
            books.add("moves", (
                sku, 0, pieces, opening, place, "opening", began, "sku", sku, "", *ACTOR,
            ))  # fmt: skip
            books.add("balances", (sku, place, 0, allocated + spare, allocated, 0, 0, True))
            brought += pieces
            gone += shipped
        if brought:
            books.add("balances", (sku, opening, 0, -brought, 0, 0, 0, False))
        if gone:
            books.add("balances", (sku, customer, 0, gone, 0, 0, 0, False))
        books.add("promise_rows", (sku, 0))
        books.add("shelves", (sku, 1, f"{sku % 40:02d}-{sku % 26:02d}-{sku % 6}"))
        if sku % FLUSH_EVERY == 0:
            books.flush()
    books.flush()


def write_counters(books: Books, out: Writer, parties: list[Party]) -> None:
    """Credit use, the last number of each series, and the end of the journal's chain."""
    limits = {one.id: one.limit for one in parties}
    for (customer, level, currency), parts in books.credit.items():
        limit = limits[customer]
        books.add("credit_uses", (
            customer, level, currency, None if limit is None else limit * 10_000,
            parts["ordered"], 0, parts["unbilled"], parts["receivable"], 0, parts["on_account"],
        ))  # fmt: skip
    books.flush()
    for code, year, last in books.written():
        out.run(f"UPDATE number_counters SET last = {last} WHERE code = '{code}' AND year = {year}")
    out.run(f"UPDATE journal_head SET count = {books.journal_count}, hash = '{books.journal_hash}'")
