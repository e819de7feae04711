"""One checkout to several places and days: which piece goes where, and the orders it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from wholesale.customers.models import Address, Customer
from wholesale.customers.queries import ship_tos
from wholesale.kernel import clock
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.orders import carting
from wholesale.orders.checkout import Requested
from wholesale.orders.models import Cart

MOST_PARTS = 10


class TooManyParts(DomainError):
    """More parts than one page can show."""

    message = N_("One order goes to at most %(most)s addresses and days. Order the rest apart.")


class SpreadTooFar(DomainError):
    """More pieces are spread than stand in the cart."""

    message = N_("%(sku)s: %(spread)s pieces are spread, but only %(pieces)s are in the cart.")


class PlaceGone(DomainError):
    """The ship-to is no longer in use."""

    message = N_("A ship-to of this order is no longer in use. Choose another one.")


@dataclass(frozen=True, slots=True)
class OneOff:
    """An address typed for one order alone."""

    name: str
    postal_code: str = ""
    region: str = ""
    address: str = ""
    phone: str = ""
    attention: str = ""
    country: str = "JP"
    code: str = ""
    receiving_hours: str = ""

    def lines(self) -> list[str]:
        """The address as it is written on a parcel, top line first."""
        street = (
            self.address if self.address.startswith(self.region) else self.region + self.address
        )
        return [part for part in (self.postal_code, street) if part]


Place = Address | OneOff | None


@dataclass(frozen=True, slots=True)
class Part:
    """What goes to one place on one wished day (None: the soonest).

    `to` is the id of a ship-to, None with a `once`: an address typed for this order, or without any:
    the customer's own. `together`: nothing leaves before all of the part is there.
    """

    to: int | None = None
    once: OneOff | None = None
    wished_on: date | None = None
    po_number: str = ""
    note: str = ""
    together: bool = False

    @property
    def place_key(self) -> tuple[object, ...]:
        """What two parts have in common that go to the same place."""
        return (self.to, self.once)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a cart is divided: its parts, and {SKU: pieces of each part after the first}.

    Without a part it goes whole, where and when the checkout says. The first part takes what is left, so that a cart that is filled on stays a whole.
    """

    parts: tuple[Part, ...] = ()
    pieces: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def spread(self, sku: int, whole: int) -> list[int]:
        """The pieces of one SKU by part; where the cart has shrunk, the last parts give way."""
        rest, found = whole, []
        told = self.pieces.get(sku, ())
        for at in range(1, len(self.parts)):
            here = min(told[at - 1] if at <= len(told) else 0, rest)
            found.append(here)
            rest -= here
        return [rest, *found]


@dataclass(frozen=True, slots=True)
class Leg:
    """One order to be: a place, and every line that goes there with its wished day and number."""

    place: Place
    lines: tuple[Requested, ...]
    wished_on: date | None = None
    po_number: str = ""
    note: str = ""


def plan_of(cart: Cart | None) -> Plan:
    """How a cart is divided; a day that has passed meanwhile is the soonest."""
    told: dict[str, Any] = cart.plan if cart else {}
    today = clock.today()
    parts = [_part(one, today) for one in told.get("parts", [])]
    pieces = {int(sku): tuple(each) for sku, each in told.get("pieces", {}).items()}
    return Plan(tuple(parts), pieces)


def keep_plan(cart: Cart, plan: Plan) -> None:
    """Divide a cart so. Raises NotOpen, TooManyParts, SpreadTooFar."""
    carting.check_open(cart)
    if len(plan.parts) > MOST_PARTS:
        raise TooManyParts(most=MOST_PARTS)
    for line in cart.lines:
        spread = sum(plan.pieces.get(line.sku_id, ()))
        if spread > line.quantity:
            raise SpreadTooFar(sku=line.sku.code, spread=spread, pieces=line.quantity)
    pieces = {str(sku): list(each) for sku, each in plan.pieces.items()}
    kept = {"parts": [_told(one) for one in plan.parts], "pieces": pieces}
    cart.plan = kept if plan.parts else {}
    carting.touch(cart)


def legs_of(cart: Cart, customer: Customer, whole: Part) -> list[Leg]:
    """The orders a cart comes to: one per place, its lines by day and number.

    A cart that is not divided goes whole as `whole` says. Raises PlaceGone.
    """
    plan = plan_of(cart)
    if not plan.parts:
        plan = Plan((whole,))
    places = {one.id: one for one in ship_tos(customer.id)}
    spread = {line.sku_id: plan.spread(line.sku_id, line.quantity) for line in cart.lines}
    by_place: dict[tuple[object, ...], list[int]] = {}
    for at, part in enumerate(plan.parts):
        by_place.setdefault(part.place_key, []).append(at)
    found = []
    for ats in by_place.values():
        parts = [plan.parts[at] for at in ats]
        lines = [
            Requested(
                line.sku_id, spread[line.sku_id][at], wished_on=part.wished_on,
                po_number=part.po_number, note=line.note, together=part.together,
            )
            for at, part in zip(ats, parts, strict=True)
            for line in cart.lines
            if spread[line.sku_id][at]
        ]  # fmt: skip
        found.append(_leg(parts, _place_of(parts[0], places), lines))
    return [leg for leg in found if leg.lines] or found[:1]


def _leg(parts: Sequence[Part], place: Place, lines: list[Requested]) -> Leg:
    """What is the same for all parts stands on the head of the order, too."""
    days, numbers = {one.wished_on for one in parts}, {one.po_number for one in parts}
    notes = [one for one in parts if one.note]
    if len(notes) > 1:
        said = [f"{one.wished_on or ''} {one.note}".strip() for one in notes]
    else:
        said = [one.note for one in notes]
    return Leg(
        place, tuple(lines),
        wished_on=parts[0].wished_on if len(days) == 1 else None,
        po_number=parts[0].po_number if len(numbers) == 1 else "",
        note="\n".join(said),
    )  # fmt: skip


def _place_of(part: Part, places: Mapping[int, Address]) -> Place:
    if part.to is None:
        return part.once
    if part.to not in places:
        raise PlaceGone
    return places[part.to]


def _told(part: Part) -> dict[str, Any]:
    """A part as it is kept with the cart."""
    told: dict[str, Any] = {
        "to": part.to, "day": part.wished_on.isoformat() if part.wished_on else "",
        "po": part.po_number, "note": part.note, "together": part.together,
    }  # fmt: skip
    return {**told, "once": asdict(part.once)} if part.once else told


def _part(told: Mapping[str, Any], today: date) -> Part:
    day = date.fromisoformat(told["day"]) if told["day"] else None
    return Part(
        to=told["to"],
        once=OneOff(**told["once"]) if told.get("once") else None,
        wished_on=day if day and day >= today else None,
        po_number=told["po"], note=told["note"], together=told["together"],
    )  # fmt: skip
