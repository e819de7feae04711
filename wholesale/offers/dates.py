"""Ships on, arrives on: one function over the shipping calendar gives every date that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import select

from wholesale.company import calendar as house
from wholesale.company.calendar import is_holiday
from wholesale.customers.models import Address, ClosedDays, Customer
from wholesale.customers.queries import ship_tos
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.stock.models import Location, LocationKind

EVERY_DAY = frozenset(range(7))
FARTHEST = 400  # days a place may be closed before we stop asking
WISHED_WITHIN = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Receiving:
    """When an address takes goods in."""

    weekdays: frozenset[int] = EVERY_DAY
    on_holidays: bool = True
    closed: tuple[tuple[date, date], ...] = ()

    def takes(self, day: date) -> bool:
        """Whether goods are taken in on a day."""
        if day.weekday() not in self.weekdays or (not self.on_holidays and is_holiday(day)):
            return False
        return not any(first <= day <= last for first, last in self.closed)

    def next_open(self, day: date) -> date:
        """The day itself, or the next on which goods are taken in; never for ever."""
        for later in range(FARTHEST):
            if self.takes(day + timedelta(days=later)):
                return day + timedelta(days=later)
        return day


@dataclass(frozen=True, slots=True)
class Way:
    """From a warehouse, by a carrier, to a place. An empty warehouse or carrier is the usual one."""

    country: str = "JP"
    region: str = ""
    postal_code: str = ""
    receiving: Receiving = field(default_factory=Receiving)
    warehouse: str = ""
    carrier: str = ""

    @property
    def road_days(self) -> int:
        """Days on the road."""
        return house.calendar().road_days(
            self.country, self.region, self.postal_code,
            warehouse=self.warehouse, carrier=self.carrier,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Journey:
    """When goods leave and when they are there."""

    ships_on: date
    arrives_on: date


def journey(
    way: Way,
    at: datetime,
    *,
    lead_days: int = 0,
    not_before: date | None = None,
    wished_on: date | None = None,
) -> Journey:
    """When goods of an order of this instant leave, and when they are there.

    They arrive on the first day the place takes goods in that they can reach, not before the wished
    day, and leave on the last day that is early enough for it. `lead_days` are working days of
    making; goods don't leave before `not_before`.
    """
    first = ships_on(at, lead_days=lead_days, not_before=not_before, way=way)
    arrives = arrives_on(first, way, wished_on=wished_on)
    return Journey(_last_chance(first, arrives, way), arrives)


def ships_on(
    at: datetime, *, lead_days: int = 0, not_before: date | None = None, way: Way | None = None
) -> date:
    """The first day goods can leave for an order of this instant: after the cut-off, the next day."""
    way = way or Way()
    here = clock.local(at)
    day = here.date()
    if f"{here:%H:%M}" >= cut_off(way):
        day += timedelta(days=1)
    day = next_working(day, way)
    for _ in range(lead_days):
        day = next_working(day + timedelta(days=1), way)
    return next_working(max(day, not_before), way) if not_before else day


def arrives_on(shipped: date, way: Way, *, wished_on: date | None = None) -> date:
    """The day goods that leave on `shipped` are taken in, not before the wished day."""
    there = shipped + timedelta(days=way.road_days)
    return way.receiving.next_open(max(there, wished_on) if wished_on else there)


def _last_chance(first: date, arrives: date, way: Way) -> date:
    """The last day of leaving that is early enough for a day of arrival, not before `first`."""
    day = max(first, arrives - timedelta(days=way.road_days))
    while day > first and not _leaves(day, way):
        day -= timedelta(days=1)
    return day


def _leaves(day: date, way: Way) -> bool:
    known = house.calendar()
    return known.is_working(day, way.warehouse) and known.calls(day, way.carrier)


def is_working(day: date, warehouse: str = "") -> bool:
    """Whether we ship on a day."""
    return house.calendar().is_working(day, warehouse)


def next_working(day: date, way: Way | None = None) -> date:
    """The day itself when goods can leave on it, else the next one."""
    way = way or Way()
    return house.next_working(day, way.warehouse, way.carrier)


def cut_off(way: Way | None = None) -> str:
    """Until when orders leave the same day, HH:MM."""
    way = way or Way()
    return house.calendar().cut_off(way.warehouse, way.carrier)


def can_be_wished(day: date) -> bool:
    """Whether goods can be wished for on a day: from today on, a year ahead at most."""
    return clock.today() <= day <= clock.today() + WISHED_WITHIN


class Somewhere(Protocol):
    """Any place goods can go to."""

    @property
    def country(self) -> str:
        """Its code of two letters."""

    @property
    def region(self) -> str:
        """Prefecture or region."""

    @property
    def postal_code(self) -> str:
        """As it is written there."""


def way_to(place: Somewhere | None, customer: Customer, *, warehouse: str = "") -> Way:
    """The way to an address of a customer, or to the customer's own where there is none."""
    there = place or customer
    receiving = _receiving(customer.id, place.id) if isinstance(place, Address) else Receiving()
    return Way(
        country=there.country, region=there.region, postal_code=there.postal_code,
        receiving=receiving, warehouse=warehouse or _nearest(there.region, there.country),
    )  # fmt: skip


def usual_way(customer: Customer) -> Way:
    """The way to a customer's first ship-to: what catalogue and cart show. Kept for the session."""
    kept: dict[int, Way] = session.info.setdefault("usual_ways", {})
    if customer.id not in kept:
        places = ship_tos(customer.id)
        kept[customer.id] = way_to(places[0] if places else None, customer)
    return kept[customer.id]


def way_of(
    ship_to: Mapping[str, Any], customer_id: int, address_id: int | None = None, *,
    warehouse: str = "", carrier: str = "",
) -> Way:  # fmt: skip
    """The way to where a document goes, as it was frozen; receiving days are those of today."""
    country, region = str(ship_to.get("country") or "JP"), str(ship_to.get("region") or "")
    return Way(
        country=country, region=region, postal_code=str(ship_to.get("postal_code") or ""),
        receiving=_receiving(customer_id, address_id, str(ship_to.get("code") or "")),
        warehouse=warehouse or _nearest(region, country), carrier=carrier,
    )  # fmt: skip


def forget_ways() -> None:
    """Addresses or receiving days have changed in this unit of work: read them again."""
    session.info.pop("usual_ways", None)
    session.info.pop("receiving", None)


def _receiving(customer_id: int, address_id: int | None, code: str = "") -> Receiving:
    """The receiving days of an address, by id or code; two statements per customer and session."""
    kept: dict[int, dict[int | str, Receiving]] = session.info.setdefault("receiving", {})
    if customer_id not in kept:
        kept[customer_id] = _receiving_days(customer_id)
    known = kept[customer_id]
    return known.get(address_id or code) or known.get(code) or Receiving()


def _receiving_days(customer_id: int) -> dict[int | str, Receiving]:
    closed: dict[int, list[tuple[date, date]]] = {}
    for address, first, last in session.execute(
        select(ClosedDays.address_id, ClosedDays.first_on, ClosedDays.last_on).where(
            ClosedDays.customer_id == customer_id
        )
    ):
        closed.setdefault(address, []).append((first, last))
    found: dict[int | str, Receiving] = {}
    for address, code, weekdays, on_holidays in session.execute(
        select(
            Address.id, Address.code, Address.receiving_weekdays, Address.receives_on_holidays
        ).where(Address.customer_id == customer_id)
    ):
        days = frozenset(int(sign) for sign in weekdays) or EVERY_DAY
        one = Receiving(days, on_holidays, tuple(closed.get(address, ())))
        found[address] = found[code] = one
    return found


def _nearest(region: str, country: str) -> str:
    """The warehouse that serves a region first; asked only where it makes a difference."""
    if not house.calendar().tells_places_apart:
        return ""
    kept: list[tuple[str, frozenset[str]]] | None = session.info.get("warehouse_regions")
    if kept is None:
        rows = session.execute(
            select(Location.code, Location.regions)
            .where(Location.kind == LocationKind.WAREHOUSE, Location.is_own, Location.is_sellable)
            .order_by(Location.priority, Location.id)
        )
        kept = [(code, frozenset(regions.split(","))) for code, regions in rows]
        session.info["warehouse_regions"] = kept
    near = [code for code, regions in kept if region in regions or country in regions]
    return (near or [code for code, _ in kept] or [""])[0]
