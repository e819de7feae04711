"""Which location serves a demand: region first, one place if possible, then priority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import select

from wholesale.catalog.models import OrderPolicy
from wholesale.kernel.db import session
from wholesale.stock.models import Allotment, Balance, Location, Lot
from wholesale.stock.promising import owned_by


class Asking(Protocol):
    """What a demand says about where it would like to be served from."""

    @property
    def sku_id(self) -> int: ...  # noqa: D102
    @property
    def quantity(self) -> int: ...  # noqa: D102
    @property
    def planned_on(self) -> date: ...  # noqa: D102
    @property
    def policy(self) -> OrderPolicy: ...  # noqa: D102
    @property
    def region(self) -> str: ...  # noqa: D102


@dataclass(slots=True)
class Spot:
    """Pieces of one SKU and lot at one location, as one customer meets them.

    `free` counts the customer's own unused allotment (`own`) in.
    """

    sku_id: int
    location_id: int
    lot: int
    free: int
    own: int
    allotment_id: int | None
    regions: frozenset[str]
    priority: int
    best_before: date

    def use(self, pieces: int, own: int) -> None:
        """Count pieces as taken."""
        self.free -= pieces
        self.own -= own


class Places:
    """The spots of a basket's SKUs."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        self._spots: dict[int, list[Spot]] = {}
        for spot in spots:
            self._spots.setdefault(spot.sku_id, []).append(spot)

    def free(self, sku_id: int) -> int:
        """All pieces that may be taken of a SKU."""
        return sum(max(spot.free, 0) for spot in self._spots.get(sku_id, ()))

    def serving_all(self, wants: Sequence[Asking], window_end: date) -> int | None:
        """A location that can serve the whole basket, the nearest first; None when there is none."""
        due = [
            want
            for want in wants
            if want.planned_on <= window_end and want.policy is not OrderPolicy.MADE_TO_ORDER
        ]
        if not due:
            return None
        for spot, _ in self.ranked(due[0], None):
            here = spot.location_id
            if all(self._at(want.sku_id, here) >= want.quantity for want in due):
                return here
        return None

    def ranked(self, want: Asking, first: int | None) -> list[tuple[Spot, str]]:
        """The spots for one want, best first, each with the reason of its rank."""
        whole = {
            place
            for place in {spot.location_id for spot in self._spots.get(want.sku_id, ())}
            if self._at(want.sku_id, place) >= want.quantity
        }
        rows = [
            (self._rank(spot, want, first, whole), spot)
            for spot in self._spots.get(want.sku_id, ())
            if spot.free > 0
        ]
        rows.sort(key=lambda row: (row[0][0], row[1].priority, row[1].location_id,
                                   row[1].best_before, row[1].lot))  # fmt: skip
        return [(spot, rank[1]) for rank, spot in rows]

    @staticmethod
    def _rank(spot: Spot, want: Asking, first: int | None, whole: set[int]) -> tuple[int, str]:
        near = want.region in spot.regions
        if spot.location_id == first:
            return 0, "one_place"
        if near and spot.location_id in whole:
            return 1, "region"
        if spot.location_id in whole:
            return 2, "whole_line"
        return (3, "region") if near else (4, "priority")

    def _at(self, sku_id: int, place: int) -> int:
        return sum(
            max(spot.free, 0) for spot in self._spots.get(sku_id, ()) if spot.location_id == place
        )


def read_places(sku_ids: Sequence[int], customer_id: int, group_id: int | None) -> Places:
    """Read where these SKUs lie and what of them this customer may take: two statements."""
    own: dict[tuple[int, int], tuple[int, int]] = {
        (sku, place): (unused, allotment)
        for sku, place, unused, allotment in session.execute(
            select(
                Allotment.sku_id, Allotment.location_id,
                Allotment.quantity - Allotment.used, Allotment.id,
            ).where(
                Allotment.sku_id.in_(sku_ids),
                owned_by(customer_id, group_id),
                Allotment.used < Allotment.quantity,
            ).order_by(Allotment.customer_id.is_(None).desc(), Allotment.id.desc())
        )
    }  # fmt: skip
    rows = session.execute(
        select(
            Balance.sku_id, Balance.location_id, Balance.lot,
            Balance.on_hand - Balance.allocated - Balance.set_aside - Balance.safety,
            Location.regions, Location.priority, Lot.best_before,
        )
        .join(Location, Location.id == Balance.location_id)
        .outerjoin(Lot, Lot.id == Balance.lot)
        .where(Balance.sku_id.in_(sku_ids), Location.is_own, Location.is_sellable)
        .order_by(Balance.sku_id, Balance.location_id, Balance.lot)
    )  # fmt: skip
    spots = []
    for sku, place, lot, free, regions, priority, best_before in rows:
        unused, allotment = own.pop((sku, place), (0, None))
        spots.append(
            Spot(sku, place, lot, free + unused, unused, allotment,
                 frozenset(regions.split(",")), priority, best_before or date.max)
        )  # fmt: skip
    return Places(spots)
