"""The parts of a checkout as they are typed: places, days, numbers, and which pieces go where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from wholesale.customers import postal_codes
from wholesale.customers.models import Address
from wholesale.kernel import clock
from wholesale.offers.dates import can_be_wished
from wholesale.orders.models import Cart
from wholesale.orders.splitting import MOST_PARTS, OneOff, Part, PlaceGone, Plan, plan_of
from wholesale.portal import baskets
from wholesale.web.forms import read_day

ONCE = "once"
LONGEST = {"po": 40, "note": 500, "name": 80, "postal_code": 12, "region": 60, "address": 200,
           "phone": 30, "attention": 60, "to": 30, "day": 20}  # fmt: skip


@dataclass(slots=True)
class TypedPart:
    """One part as its fields say; `to` is a ship-to's code, "" for the customer's own, or `once`."""

    to: str = ""
    day: str = ""
    po: str = ""
    note: str = ""
    together: str = ""
    name: str = ""
    postal_code: str = ""
    region: str = ""
    address: str = ""
    phone: str = ""
    attention: str = ""
    keeps: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_once(self) -> bool:
        """Whether its address is typed for this order alone."""
        return self.to == ONCE

    def complete(self) -> None:
        """Fill in what the postal code says."""
        self.postal_code, self.region, self.address = postal_codes.completed(
            self.postal_code, self.region, self.address
        )


_NAMES = [one.name for one in fields(TypedPart) if one.name != "errors"]


@dataclass(slots=True)
class TypedPlan:
    """A whole page of parts. `pieces` {SKU code: text of each part after the first}."""

    parts: list[TypedPart]
    pieces: dict[str, list[str]] = field(default_factory=dict)
    trouble: str = ""

    @property
    def is_good(self) -> bool:
        """Whether everything could be read."""
        return not self.trouble and not any(one.errors for one in self.parts)

    def add(self) -> None:
        """One more part, to the place of the last."""
        if len(self.parts) < MOST_PARTS:
            self.parts.append(TypedPart(to=self.parts[-1].to if self.parts else ""))

    def take_away(self, at: int) -> None:
        """Take a part out; its pieces go to the first one."""
        if len(self.parts) > 1 and 0 <= at < len(self.parts):
            del self.parts[at]
            for told in self.pieces.values():
                if at - 1 < len(told):
                    del told[max(at - 1, 0)]


def typed_plan(form: MultiDict[str, str]) -> TypedPlan:
    """The fields `part-<n>-<what>` and `spread-<code>-<n>` of a page."""
    told = form.get("parts", "")
    count = min(int(told), MOST_PARTS) if told.isascii() and told.isdecimal() else 1
    parts = [_typed_part(form, at) for at in range(max(count, 1))]
    pieces: dict[str, list[str]] = {}
    for name in form:
        code, _sep, at = name.removeprefix("spread-").rpartition("-")
        if name.startswith("spread-") and at.isdecimal() and 0 < int(at) < count:
            row = pieces.setdefault(code, [""] * (count - 1))
            row[int(at) - 1] = form[name].strip()
    return TypedPlan(parts, pieces)


def _typed_part(form: MultiDict[str, str], at: int) -> TypedPart:
    part = TypedPart()
    for name in _NAMES:
        text = form.get(f"part-{at}-{name}", "").strip()
        setattr(part, name, text[: LONGEST.get(name, 1) + 1])
    return part


def shown_plan(cart: Cart, places: Sequence[Address]) -> TypedPlan:
    """How a cart is divided, as fields; a cart that isn't yet, in two parts to the first place."""
    plan, codes = plan_of(cart), {place.id: place.code for place in places}
    first = places[0].code if places else ""
    if not plan.parts:
        day = cart.wished_on.isoformat() if cart.wished_on else ""
        return TypedPlan(
            [TypedPart(to=first, po=cart.po_number, day=day, note=cart.note), TypedPart(to=first)]
        )
    parts = [_shown_part(part, codes) for part in plan.parts]
    pieces = {
        line.sku.code: [str(n) if n else "" for n in plan.spread(line.sku_id, line.quantity)[1:]]
        for line in cart.lines
    }
    return TypedPlan(parts, pieces)


def _shown_part(part: Part, codes: Mapping[int, str]) -> TypedPart:
    once = part.once
    return TypedPart(
        to=ONCE if once else codes.get(part.to or 0, ""),
        day=part.wished_on.isoformat() if part.wished_on else "",
        po=part.po_number, note=part.note, together="1" if part.together else "",
        name=once.name if once else "", postal_code=once.postal_code if once else "",
        region=once.region if once else "", address=once.address if once else "",
        phone=once.phone if once else "", attention=once.attention if once else "",
    )  # fmt: skip


def understood(typed: TypedPlan, cart: Cart, places: Sequence[Address], *, may_type: bool) -> Plan:
    """The plan that was typed; what can't be read is written beside its field.

    Who may not type an address (`may_type`) is kept to these places, and sends to no other. Raises
    NotFound for a place that is nobody's of one's own, PlaceGone where such a person chose none.
    """
    ids = {place.code: place.id for place in places}
    parts = [_part(one, ids, may_type=may_type) for one in typed.parts]
    pieces: dict[int, tuple[int, ...]] = {}
    for line in cart.lines:
        told = typed.pieces.get(line.sku.code, [])
        read = [baskets.pieces_in(text) for text in told]
        if None in read:
            typed.trouble = _("%(code)s: enter a whole number of pieces.", code=line.sku.code)
        pieces[line.sku_id] = tuple(n or 0 for n in read)
    return Plan(tuple(parts), {sku: told for sku, told in pieces.items() if any(told)})


def _part(typed: TypedPart, ids: Mapping[str, int], *, may_type: bool) -> Part:
    for name, longest in LONGEST.items():
        if len(getattr(typed, name)) > longest:
            typed.errors[name] = _("At most %(most)s signs.", most=longest)
    day = read_day(typed.day, clock.today()) if typed.day else None
    if typed.day and not (day and can_be_wished(day)):
        typed.errors["day"] = _("Enter a day such as 11/27 or +3.")
    once = None
    if typed.is_once:
        once = _once(typed, may_type=may_type)
    elif typed.to and typed.to not in ids:
        raise NotFound
    elif not typed.to and not may_type:
        raise PlaceGone
    return Part(ids.get(typed.to), once, day, typed.po, typed.note, together=bool(typed.together))


def _once(typed: TypedPart, *, may_type: bool) -> OneOff:
    if not may_type:
        raise NotFound
    for name in ("name", "address"):
        if not getattr(typed, name):
            typed.errors[name] = _("Fill this in.")
    code = postal_codes.read_code(typed.postal_code)
    if not code:
        typed.errors["postal_code"] = _("Seven digits, such as 604-0001.")
    return OneOff(typed.name, code, typed.region, typed.address, typed.phone, typed.attention)
