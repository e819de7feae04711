"""What came of an order: its shipment, the sales, the invoice, and what will be paid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from wholesale.bench.books import DAY_TEXT, Books, end_of_month, instant, paid_on
from wholesale.bench.columns import ACTOR
from wholesale.bench.telling import Line, Told
from wholesale.kernel.types import canonical


def ship_and_bill(books: Books, order: Told) -> None:
    """Write the shipment, sales, invoice and credit of what has left; what is open counts as ordered."""
    if order.fate in {"cancelled", "on_hold"}:
        return
    leaving = [line for line in order.lines if line.shipped or line.sku is None]
    gross = order.net + order.tax
    if not any(line.shipped for line in leaving):
        order.credit = gross
        books.count_credit(order.customer, "ordered", gross)
        return
    earned = sum(line.amount + line.tax for line in leaving)
    rest = 0 if order.fate in {"billed", "unbilled"} else gross - min(gross, earned)
    order.credit = rest
    books.count_credit(order.customer, "ordered", rest)
    for line in leaving:
        line.shipped = line.quantity
    slip, entries = _shipment(books, order, leaving)
    if order.fate == "unbilled":
        books.count_credit(order.customer, "unbilled", earned)
        return
    _invoice(books, order, leaving, entries, slip)
    order.money_state = "partly_billed" if order.fate == "partly" else order.money_state


def _shipment(books: Books, order: Told, leaving: list[Line]) -> tuple[str, list[int]]:
    one, day = order.customer, DAY_TEXT[order.ships_on]
    at = datetime(order.ships_on.year, order.ships_on.month, order.ships_on.day, 5, tzinfo=UTC)
    left = instant(at)
    shipment, paper = books.next_id("shipments"), books.next_id("papers")
    slip = books.draw("DN", order.ships_on)
    books.add("shipments", (
        shipment, books.draw("SH", order.ships_on), slip, one.id, one.bill_to, one.warehouse,
        "dispatched", order.ship_to, day, day, left, DAY_TEXT[order.ships_on + timedelta(days=1)],
        "ヤマト運輸", f"{shipment:012d}", paper, order.fate != "unbilled", "", 1,
    ))  # fmt: skip
    books.add("papers", (
        paper, "delivery_note", slip, 0, one.id, f"C{one.id:05d}", day, None, one.currency, "ja",
        "{}",
    ))  # fmt: skip
    carton = books.next_id("cartons")
    books.add("cartons", (carton, shipment, 1, 4_000, True))
    entries = []
    for line in leaving:
        entry = books.next_id("sales_entries")
        entries.append(entry)
        kind, source_kind, source = "freight", "order_fee", line.id
        if line.sku is not None:
            kind, source_kind = "goods", "shipment_line"
            source = _piece(books, order, line, shipment, carton, left)
        books.add("sales_entries", (
            entry, kind, one.id, one.bill_to, day, day, one.currency, line.sku, line.id, line.code,
            line.names, line.quantity, line.unit_price, line.amount, line.tax_class, line.tax, slip,
            source_kind, source, left,
        ))  # fmt: skip
    return slip, entries


def _piece(books: Books, order: Told, line: Line, shipment: int, carton: int, left: str) -> int:
    source = books.next_id("shipment_lines")
    place = order.customer.warehouse
    assert line.sku is not None  # noqa: S101 - fees are not shipped
    books.add("shipment_lines", (
        source, shipment, line.position, line.id, line.sku, 0, line.quantity, line.quantity, 0,
    ))  # fmt: skip
    books.add("carton_lines", (carton, source, line.quantity))
    books.add("moves", (
        line.sku, 0, line.quantity, place, books.place["CUSTOMER"], "shipment", left, "shipment_line",
        source, "", *ACTOR,
    ))  # fmt: skip
    books.shipped[place][line.sku] += line.quantity
    return source


def _invoice(books: Books, order: Told, leaving: list[Line], entries: list[int], slip: str) -> None:
    one, on = order.customer, order.ships_on
    day = DAY_TEXT[on]
    books.issued_today = books.issued_today + 1 if books.issued_on == on else 1
    books.issued_on = on
    at = datetime(on.year, on.month, on.day, 6, tzinfo=UTC) + timedelta(seconds=books.issued_today)
    rates: dict[tuple[str, int], int] = {}
    for line in leaving:
        key = (line.tax_class, line.rate)
        rates[key] = rates.get(key, 0) + line.amount
    taxes = {key: base * key[1] // 10_000 // 10_000 * 10_000 for key, base in rates.items()}
    net, tax = sum(rates.values()), sum(taxes.values())
    total = net + tax
    invoice, paper = books.next_id("invoices"), books.next_id("papers")
    number = books.draw("INV", on)
    paid = paid_on(one, on)
    books.add("invoices", (
        invoice, number, "per_shipment", "issued", one.bill_to, one.currency, day, instant(at),
        DAY_TEXT[end_of_month(on, one.months)], day, day, "down", net, tax, total,
        total if paid else 0, 0, "", paper,
    ))  # fmt: skip
    books.add("papers", (
        paper, "invoice", number, 0, one.bill_to, f"C{one.bill_to:05d}", day, total, one.currency,
        "ja", "{}",
    ))  # fmt: skip
    for (tax_class, rate), base in rates.items():
        books.add("invoice_taxes", (invoice, tax_class, rate, base, taxes[tax_class, rate]))
    for position, (line, entry) in enumerate(zip(leaving, entries, strict=True), 1):
        written = books.next_id("invoice_lines")
        books.add("invoice_lines", (
            written, invoice, position, line.code, line.names, line.quantity, line.unit_price,
            line.amount, line.tax_class, line.rate, day, slip, line.id,
        ))  # fmt: skip
        books.add("billed_entries", (entry, written, True))
        line.invoiced = line.quantity
        line.settled = line.amount if paid else 0
    books.add("ledger_entries", (
        one.bill_to, one.currency, "invoice", total, day, instant(at), number, "invoice", invoice,
        *ACTOR,
    ))  # fmt: skip
    books.note("invoice:issued", "invoices", invoice, at, canonical({"number": number}))
    order.money_state = "paid" if paid else "billed"
    if paid:
        books.to_pay[paid, one.bill_to, one.currency].append((invoice, total))
    else:
        books.count_credit(one, "receivable", total)
