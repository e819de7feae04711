"""Stock for tests."""

from __future__ import annotations

from wholesale.catalog.models import Sku
from wholesale.kernel.access import Actor
from wholesale.stock import ledger

BY = Actor.system("test")


def put_on_shelf(sku: Sku, pieces: int, place: str = "W1", *, lot: int = 0) -> None:
    """Stock that was there before."""
    ledger.opening(sku.id, place, pieces, BY, lot=lot)
