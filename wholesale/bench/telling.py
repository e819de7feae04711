"""An order of the history while it is being told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from wholesale.bench.parties import Party


@dataclass(slots=True)
class Line:
    """One line while its order is being told; amounts in ten-thousandths."""

    id: int
    position: int
    sku: int | None
    code: str
    names: str
    quantity: int
    unit_price: int
    amount: int
    tax_class: str
    rate: int
    tax: int
    demand: int | None = None
    allocated: int = 0
    shipped: int = 0
    invoiced: int = 0
    settled: int = 0


@dataclass(slots=True)
class Told:
    """One order while it is being told."""

    id: int
    customer: Party
    placed_at: datetime
    ships_on: date
    fate: str
    lines: list[Line]
    net: int
    tax: int
    number: str = ""
    ship_to: str = ""
    money_state: str = "unbilled"
    credit: int = 0
