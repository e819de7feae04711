"""Setting stock aside for a customer or a price group before any order (取引先別在庫枠)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, update

from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.text import N_
from wholesale.stock.models import Allotment, Balance


class NothingToSetAside(Conflict):
    """Less is free at this place than should be set aside."""

    message = N_("Fewer than %(quantity)s pieces are free here. Set fewer aside.")


def allot(
    sku_id: int,
    place_id: int,
    quantity: int,
    by: Actor,
    *,
    customer_id: int | None = None,
    group_id: int | None = None,
    expires_on: date | None = None,
) -> Allotment:
    """Set pieces aside for a customer or a group. Raises NothingToSetAside."""
    lot = session.scalar(
        select(Balance.id)
        .where(
            Balance.sku_id == sku_id,
            Balance.location_id == place_id,
            Balance.on_hand - Balance.allocated - Balance.set_aside - Balance.safety >= quantity,
        )
        .order_by(Balance.lot)
        .limit(1)
    )
    taken = lot is not None and rows_changed(
        update(Balance)
        .where(
            Balance.id == lot,
            Balance.on_hand - Balance.allocated - Balance.set_aside - Balance.safety >= quantity,
        )
        .values(set_aside=Balance.set_aside + quantity)
    )
    if not taken:
        raise NothingToSetAside(quantity=quantity)
    allotment = Allotment(
        sku_id=sku_id, location_id=place_id, customer_id=customer_id, group_id=group_id,
        quantity=quantity, expires_on=expires_on,
    )  # fmt: skip
    session.add(allotment)
    journal.record(allotment, "allotment:made", by, quantity=quantity)
    return allotment
