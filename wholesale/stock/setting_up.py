"""The places of a new company: its warehouses, and the virtual ones every move needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from wholesale.kernel.db import session
from wholesale.stock.models import Location, LocationKind

VIRTUAL = (
    ("SUPPLIER", LocationKind.SUPPLIER, {"ja": "仕入先", "en": "Suppliers", "zh": "供应商"}),
    ("CUSTOMER", LocationKind.CUSTOMER, {"ja": "得意先", "en": "Customers", "zh": "客户"}),
    ("CONSIGNMENT", LocationKind.CONSIGNMENT, {"ja": "委託先", "en": "Consignees", "zh": "寄售"}),
    ("LOAN", LocationKind.LOAN, {"ja": "貸出先", "en": "On loan", "zh": "借出"}),
    ("TRANSIT", LocationKind.TRANSIT, {"ja": "移動中", "en": "In transit", "zh": "在途"}),
    ("LOSS", LocationKind.LOSS, {"ja": "棚卸差異", "en": "Losses", "zh": "损益"}),
    ("OPENING", LocationKind.OPENING, {"ja": "期首", "en": "Opening", "zh": "期初"}),
)


def set_up_locations(warehouses: Sequence[Mapping[str, Any]]) -> None:
    """Make the warehouses of a company file and the virtual locations; what exists stays."""
    known = set(session.scalars(select(Location.code)))
    for told in warehouses:
        if told["code"] not in known:
            session.add(
                Location(
                    code=told["code"],
                    name=told["name"] if isinstance(told["name"], dict) else {"ja": told["name"]},
                    kind=LocationKind.WAREHOUSE,
                    is_own=True,
                    is_sellable=True,
                    regions=told.get("regions", ""),
                    priority=int(told.get("priority", 5)),
                )
            )
    session.add_all(
        Location(code=code, kind=kind, name=name, is_own=kind is LocationKind.TRANSIT)
        for code, kind, name in VIRTUAL
        if code not in known
    )
    session.flush()  # the ledger looks the places up by code


def location_id(code: str) -> int:
    """The id of a location; asked once per session."""
    known: dict[str, int] = session.info.setdefault("locations", {})
    if code not in known:
        known[code] = session.scalars(select(Location.id).where(Location.code == code)).one()
    return known[code]
