"""What a code that nobody knows was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rapidfuzz import fuzz, process
from sqlalchemy import select

from wholesale.catalog.models import Product, Sku
from wholesale.customers.models import Customer
from wholesale.exchange.reports import Remark, Report
from wholesale.kernel.db import session
from wholesale.stock.models import Location, LocationKind

NEAR = 75
MOST_NEAR = 3
MOST_LOOKED_FOR = 50


def point_at_near_codes(report: Report) -> None:
    """Add to the first refusals of unknown codes those that are like them."""
    known: dict[str, list[str]] = {}
    looked_for = 0
    for place, one in enumerate(report.refused):
        if one.reason not in _KNOWN or looked_for >= MOST_LOOKED_FOR:
            continue
        looked_for += 1
        if one.reason not in known:
            known[one.reason] = _codes(one.reason)
        report.refused[place] = _pointing(one, known[one.reason])


def _codes(reason: str) -> list[str]:
    return [code for question in _KNOWN[reason] for code in session.scalars(question)]


def _pointing(one: Remark, known: Iterable[str]) -> Remark:
    near = near_codes(str(one.values.get("value", "")), known)
    return replace(one, values={**one.values, "near": near}) if near else one


def near_codes(code: str, known: Iterable[str]) -> str:
    """Up to three codes like this one, the nearest first, as "A, B"; "" when none is near."""
    by_spelling = {one.upper(): one for one in known}
    found = process.extract(
        code.upper(), by_spelling.keys(), scorer=fuzz.ratio, score_cutoff=NEAR, limit=MOST_NEAR
    )
    return ", ".join(by_spelling[spelling] for spelling, _score, _place in found)


_KNOWN = {
    "unknown_customer": (select(Customer.code),),
    "unknown_sku": (select(Sku.code), select(Product.code)),
    "unknown_location": (
        select(Location.code).where(Location.kind == LocationKind.WAREHOUSE, Location.is_own),
    ),
}
