"""Catalogs for tests."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from sqlalchemy import update

from tests.factories.people import BY
from wholesale.catalog import presenting, selecting
from wholesale.catalog.models import Audience, Catalog, CatalogAudience, CatalogState, Sku
from wholesale.customers.models import Customer
from wholesale.kernel.db import session

_numbers = itertools.count(1)
VALUES: dict[str, Any] = {
    "name": {"ja": "冬の器", "en": "Winter ware"}, "text": None, "audience": Audience.ALL,
    "opens_at": None, "closes_at": None, "ends_at": None, "time_zone": "Asia/Tokyo",
    "policy": None, "lead_days": None,
}  # fmt: skip


def make_catalog(
    skus: Sequence[Sku] = (), *, customers: Sequence[Customer] = (), is_open: bool = True, **values: Any
) -> Catalog:  # fmt: skip
    """A catalog of these SKUs, for these customers where it is limited, opened by the real verbs."""
    code = f"WINTER-{next(_numbers)}"
    catalog = presenting.save_catalog(None, {**VALUES, "code": code, **values}, 0, BY)
    if skus:
        selecting.add_codes(catalog, " ".join(sku.code for sku in skus), catalog.version, BY)
    for one in customers:
        session.add(CatalogAudience(catalog_id=catalog.id, customer_id=one.id))
    session.flush()  # what is in it is read by queries
    if is_open:
        presenting.open_catalog(catalog, catalog.version, BY)
        session.flush()  # visibility is read by queries
    return catalog


def shut_standard() -> None:
    """Take the catalog away that holds everything: what is seen then is in others."""
    session.execute(
        update(Catalog).where(Catalog.holds_everything).values(state=CatalogState.CLOSED)
    )
