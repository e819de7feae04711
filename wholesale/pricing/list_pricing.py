"""Giving SKUs their list prices from a day on, outside a price revision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select

from wholesale.catalog.models import Sku
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.pricing.editing import Listed, PriceBelowZero, RuleInThePast, check_own
from wholesale.pricing.models import ListPrice


def state_list_prices(rows: Sequence[Listed], day: date, by: Actor) -> int:
    """Write list prices (net) that count from a day on; one of the same day is replaced.

    Old and new stand in each SKU's history. Returns how many were written. Raises RuleInThePast,
    PriceBelowZero, RuleOfRevision.
    """
    if day < clock.today():
        raise RuleInThePast
    if any(one.amount < 0 for one in rows):
        raise PriceBelowZero
    ids = {one.sku_id for one in rows}
    skus = {sku.id: sku for sku in session.scalars(select(Sku).where(Sku.id.in_(ids)))}
    known: dict[tuple[int, str, str], ListPrice] = {}
    for row in session.scalars(
        select(ListPrice)
        .where(ListPrice.sku_id.in_(ids), ListPrice.valid_from <= day)
        .order_by(ListPrice.valid_from)
    ):
        known[row.sku_id, row.currency, row.incoterm] = row
    fresh = []
    for one in rows:
        old = known.get((one.sku_id, one.currency, one.incoterm))
        told = [f"{old.amount:f} {one.currency}" if old else None, f"{one.amount:f} {one.currency}"]
        if old is not None and old.valid_from == day:
            check_own(old.revision_id, day)
            old.amount = one.amount
        else:
            fresh.append({**one._asdict(), "valid_from": day})
        journal.record(skus[one.sku_id], "price:listed", by, day=day, changes={"list_price": told})
    if fresh:
        session.execute(insert(ListPrice), fresh)
    session.flush()  # prices are read by Core
    return len(rows)
