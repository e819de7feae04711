"""Writing sales entries: what a dispatch earned, fees that went with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, insert, select

from wholesale.company.taxing import rate_of, tax_of
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.money import ZERO, Rounding, plain, round_to
from wholesale.orders.models import LineKind, Order, OrderLine
from wholesale.sales_ledger.models import SalesEntry, SalesKind

_KINDS = {
    LineKind.GOODS: SalesKind.GOODS,
    LineKind.FREIGHT: SalesKind.FREIGHT,
    LineKind.FEE: SalesKind.FEE,
    LineKind.DISCOUNT: SalesKind.DISCOUNT,
}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Earned:
    """Pieces of an order line that were earned, and the document line that says so."""

    line: OrderLine
    order: Order
    quantity: int
    source_kind: str
    source_id: int
    earned_before: int
    digits: int


def rows_of(earned: Sequence[Earned], *, supply_on: date, revenue_on: date) -> list[Row]:
    """The entries that earned lines will make, but for the number of their slip."""
    return [_row(one, supply_on, revenue_on) for one in earned]


def gross_of(rows: Sequence[Row]) -> Decimal:
    """The sum of entries with provisional tax."""
    return sum((row["amount"] + row["tax_provisional"] for row in rows), ZERO)


def record(rows: Sequence[Row], *, slip_number: str) -> None:
    """Write entries on one slip."""
    if rows:
        session.execute(_WRITE, [{**row, "slip_number": slip_number} for row in rows])


_WRITE = insert(cast("Table", SalesEntry.__table__))


def take_back(source_kind: str, source_ids: Sequence[int]) -> Decimal:
    """Write the opposite of these sources' entries (a dispatch was reversed before it was billed).

    Returns the sum with provisional tax that was taken back.
    """
    entries = session.scalars(
        select(SalesEntry).where(
            SalesEntry.source_kind == source_kind,
            SalesEntry.source_id.in_(source_ids),
            SalesEntry.kind != SalesKind.CORRECTION,
        )
    ).all()
    columns = [c.key for c in SalesEntry.__table__.columns if c.key != "id"]
    rows = []
    for entry in entries:
        row = {name: getattr(entry, name) for name in columns}
        row.update(
            kind=SalesKind.CORRECTION,
            quantity=-entry.quantity,
            amount=-entry.amount,
            tax_provisional=-entry.tax_provisional,
            source_kind="sales_entry",
            source_id=entry.id,
            written_at=clock.now(),
        )
        rows.append(row)
    if rows:
        session.execute(_WRITE, rows)
    return sum((entry.amount + entry.tax_provisional for entry in entries), ZERO)


def _row(one: Earned, supply_on: date, revenue_on: date) -> Row:
    line, order = one.line, one.order
    amount = share_of(line, one.quantity, one.earned_before, one.digits)
    rate = rate_of(line.tax_class, supply_on)
    return {
        "kind": _KINDS[line.kind],
        "customer_id": order.customer_id,
        "bill_to_id": order.bill_to_id,
        "revenue_on": revenue_on,
        "supply_on": supply_on,
        "currency": order.currency,
        "sku_id": line.sku_id,
        "order_line_id": line.id,
        "code": line.code,
        "description": line.description,
        "quantity": one.quantity,
        "unit_price": line.unit_price,
        "amount": amount,
        "tax_class": line.tax_class,
        "tax_provisional": tax_of(amount, rate, one.digits, order.tax_mode),
        "source_kind": one.source_kind,
        "source_id": one.source_id,
        "written_at": clock.now(),
    }


def share_of(line: OrderLine, quantity: int, before: int, digits: int) -> Decimal:
    """The amount of `quantity` pieces after `before` were earned; the parts add up to the line."""

    def until(pieces: int) -> Decimal:
        return round_to(line.amount * pieces / line.quantity, digits, Rounding.DOWN)

    return plain(until(before + quantity) - until(before))
