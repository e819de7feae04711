"""Which location serves a demand: region first, one place if possible, then priority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, cast

from sqlalchemy import BindParameter, Table, bindparam, or_, select

from wholesale.catalog.models import OrderPolicy
from wholesale.kernel.db import session
from wholesale.stock.models import Allotment, Balance, Location, Lot


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
    told = {"skus": list(sku_ids), "customer": customer_id, "group": group_id}
    own: dict[tuple[int, int], tuple[int, int]] = {
        (sku, place): (unused, allotment)
        for sku, place, unused, allotment in session.execute(_OWN, told)
    }
    rows = session.execute(_LYING, told)
    spots = []
    for sku, place, lot, free, regions, priority, best_before in rows:
        unused, allotment = own.pop((sku, place), (0, None))
        spots.append(
            Spot(sku, place, lot, free + unused, unused, allotment,
                 frozenset(regions.split(",")), priority, best_before or date.max)
        )  # fmt: skip
    return Places(spots)


_these: BindParameter[int] = bindparam("skus", expanding=True)
_allotment = cast("Table", Allotment.__table__).c
_OWN_OR_GROUPS = or_(
    _allotment.customer_id == bindparam("customer"), _allotment.group_id == bindparam("group")
)
_OWN = (
    select(
        _allotment.sku_id, _allotment.location_id, _allotment.quantity - _allotment.used,
        _allotment.id,
    )
    .where(
        _allotment.sku_id.in_(_these), _OWN_OR_GROUPS, _allotment.used < _allotment.quantity
    )
    .order_by(_allotment.customer_id.is_(None).desc(), _allotment.id.desc())
)  # fmt: skip
_balance = cast("Table", Balance.__table__).c
_location = cast("Table", Location.__table__).c
_lot = cast("Table", Lot.__table__).c
_LYING = (
    select(
        _balance.sku_id, _balance.location_id, _balance.lot,
        _balance.on_hand - _balance.allocated - _balance.set_aside - _balance.safety,
        _location.regions, _location.priority, _lot.best_before,
    )
    .select_from(
        cast("Table", Balance.__table__)
        .join(cast("Table", Location.__table__), _location.id == _balance.location_id)
        .outerjoin(cast("Table", Lot.__table__), _lot.id == _balance.lot)
    )
    .where(_balance.sku_id.in_(_these), _location.is_own, _location.is_sellable)
    .order_by(_balance.sku_id, _balance.location_id, _balance.lot)
)  # fmt: skip
