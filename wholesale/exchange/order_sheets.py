"""Reading an order sheet for one customer: good lines, and the others with what is wrong in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from wholesale.catalog.models import OrderPolicy
from wholesale.customers.models import Customer
from wholesale.exchange import order_codes, order_lines, spellings
from wholesale.exchange.order_lines import Asked, Place, Sheet, figure_of, told_text
from wholesale.exchange.reports import Translate, filled_in
from wholesale.kernel import clock
from wholesale.kernel.text import N_
from wholesale.offers.offering import Limits, Offer, offers
from wholesale.orders.carting import MOST_PIECES

MOST_NEAR = 10
REASONS: dict[str, str] = {
    "missing_code": N_("The code is missing."),
    "unknown_code": N_("“%(code)s” can't be found. Check the code."),
    "unknown_variant": N_("%(model)s does not come in “%(down)s” and “%(across)s”."),
    "missing_quantity": N_("Write a quantity beside the code, for example TK-2101 24."),
    "not_number": N_("“%(quantity)s” is no number."),
    "not_integer": N_("%(quantity)s: only whole pieces can be ordered."),
    "zero_quantity": N_("The quantity is 0. Take the line out, or write how many."),
    "negative_quantity": N_("%(quantity)s is below zero. Goods go back by a return, not by an order."),
    "quantity_too_large": N_("%(quantity)s pieces are more than an order can hold (%(most)s)."),
    "below_minimum": N_("At least %(minimum)s pieces, not %(asked)s."),
    "not_multiple": N_("Sold in packs of %(multiple)s: %(asked)s does not fit."),
    "above_maximum": N_("At most %(maximum)s pieces, not %(asked)s."),
    "discontinued": N_("%(code)s is no longer made."),
    "deadline_passed": N_("The deadline for ordering %(code)s has passed."),
    "no_price": N_("%(code)s has no price for you yet. Ask us."),
    "sold_out": N_("%(code)s is sold out."),
    "only_left": N_("Only %(left)s pieces of %(code)s are left."),
    "not_that_many": N_("We don't have that many of %(code)s in stock. Order fewer, or ask us."),
    "encoding": N_("The line is written in another encoding than the rest of the file."),
    "control_character": N_("The line holds a character that can't be printed. Take it out."),
    "column_count": N_("The line has more columns than there are names: is a comma not in quotes?"),
}  # fmt: skip
_ABOUT_CODES = {
    "missing_code",
    "unknown_code",
    "discontinued",
    "deadline_passed",
    "no_price",
    "sold_out",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line that can be ordered: pieces of an offer, and the code as it was written."""

    place: Place
    code: str
    quantity: int
    offer: Offer

    def as_json(self) -> dict[str, Any]:
        """{line|row|cell, sku, quantity}."""
        where = {self.place.kind: self.place.where}
        return {**where, "sku": self.offer.facts.code, "quantity": self.quantity}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that can't be ordered. `choices` are quantities that would do, `near` codes like it."""

    place: Place
    code: str
    quantity: str
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)
    column: str = ""
    model: str = ""
    choices: tuple[int, ...] = ()
    near: tuple[str, ...] = ()
    offer: Offer | None = None

    def message(self, translate: Translate = str) -> str:
        """The sentence in the reader's language."""
        told = {"code": self.code, "quantity": self.quantity, "model": self.model, **self.values}
        return filled_in(translate(REASONS[self.reason]), told)

    def as_json(self, translate: Translate = str) -> dict[str, Any]:
        """The house's shape of a refusal, and the place, code and quantity as written."""
        told: dict[str, Any] = {
            "sheet": self.place.sheet, "row": self.place.row, "column": self.column,
            self.place.kind: self.place.where, "code": self.code, "quantity": self.quantity,
            "reason": self.reason, "message": self.message(translate),
        }  # fmt: skip
        more = {"model": self.model, "choices": list(self.choices), "near": list(self.near)}
        told.update((key, value) for key, value in more.items() if value)
        return told


@dataclass(slots=True)
class OrderSheet:
    """A sheet as it was understood. `customer_told` is what its head says of who orders."""

    lines: list[Line] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    customer_told: str = ""
    po_number: str = ""
    wanted_on: date | None = None

    @property
    def sums(self) -> dict[int, int]:
        """{SKU: pieces} of all good lines."""
        found: dict[int, int] = {}
        for line in self.lines:
            found[line.offer.facts.id] = found.get(line.offer.facts.id, 0) + line.quantity
        return found

    @property
    def merged(self) -> dict[str, int]:
        """{SKU code: pieces} of those that stand in more than one good line."""
        codes = [line.offer.facts.code for line in self.lines]
        twice = (
            {code for code in codes if codes.count(code) > 1}
            if len(set(codes)) < len(codes)
            else set()
        )
        found = dict.fromkeys(sorted(twice), 0)
        for line in self.lines:
            if line.offer.facts.code in found:
                found[line.offer.facts.code] += line.quantity
        return found


class _Bad(Exception):
    """A line is out; caught where the lines are walked."""

    def __init__(self, reason: str, **values: object) -> None:
        self.reason, self.values = reason, values
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class _Wanted:
    asked: Asked
    code: str
    told: str
    sku: int = 0
    quantity: int = 0
    bad: _Bad | None = None

    @property
    def model(self) -> str:
        """The model whose grid it stands in, "" outside of grids."""
        return self.asked.variant.model.upper() if self.asked.variant else ""


def understood(sheet: Sheet, customer: Customer) -> OrderSheet:
    """The lines of a sheet as this customer may order them, in the order of the sheet.

    What it may not see reads like what does not exist. Limits hold for the sum of an SKU; in a grid,
    where colours and sizes of a model are mixed, the minimum holds for the sum of the model.
    """
    codes = {code.upper() for asked in sheet.asked for code, _told in asked.ways if code}
    skus = order_codes.skus_by_any_code(codes, customer)
    grids = order_codes.variants(
        {asked.variant.model.upper() for asked in sheet.asked if asked.variant}
    )
    wanted = [_wanted(asked, skus, grids) for asked in sheet.asked]
    sums: dict[int, int] = {}
    models: dict[str, int] = {}
    for one in wanted:
        if one.sku:
            sums[one.sku] = sums.get(one.sku, 0) + one.quantity
        models[one.model] = models.get(one.model, 0) + one.quantity
    shown = offers(customer, {sku: max(n, 1) for sku, n in sums.items()}, at=clock.now())
    found = OrderSheet(
        customer_told=order_lines.head_text(sheet.head, "customer"),
        po_number=order_lines.head_text(sheet.head, "po_number")[:40],
        wanted_on=_day(sheet),
    )
    for one in wanted:
        mixed = models[one.model] if one.model else 0
        _sort_in(found, one, shown.get(one.sku), sums.get(one.sku, 0), mixed)
    unknown = [one for one in found.refused if one.reason == "unknown_code"][:MOST_NEAR]
    near = order_codes.near([one.code for one in unknown], customer)
    found.refused = [
        replace(one, near=near.get(one.code, ())) if one.reason == "unknown_code" else one
        for one in found.refused
    ]
    return found


def _day(sheet: Sheet) -> date | None:
    told = sheet.head.get("wanted_on")
    return told if isinstance(told, date) else spellings.day(told_text(told))


def _wanted(
    asked: Asked, skus: Mapping[str, int], grids: Mapping[str, Mapping[tuple[str, str], int]]
) -> _Wanted:
    code, told = next(
        ((code, told) for code, told in asked.ways if code.upper() in skus), asked.ways[0]
    )
    sku = skus.get(code.upper(), 0)
    if asked.variant:
        sku = order_codes.of_grid(asked.variant, grids)
    text = told_text(told)
    try:
        if asked.fault:
            raise _Bad(asked.fault)  # noqa: TRY301 - one way to be refused
        _check_code(asked, code, sku, grids)
        if not sku and told is None:
            raise _Bad("missing_quantity")  # noqa: TRY301 - one way to be refused
        quantity = pieces(told)
        if not sku:
            raise _Bad("unknown_code")  # noqa: TRY301 - one way to be refused
    except _Bad as why:
        return _Wanted(asked, code, text, sku, bad=why)
    return _Wanted(asked, code, text, sku, quantity)


def _check_code(
    asked: Asked, code: str, sku: int, grids: Mapping[str, Mapping[tuple[str, str], int]]
) -> None:
    if not code:
        raise _Bad("missing_code")
    variant = asked.variant
    if variant and not sku and grids.get(variant.model.upper()):
        raise _Bad("unknown_variant", down=variant.down, across=variant.across)


def pieces(told: object) -> int:
    """A quantity as it was told, in whole pieces. Raises what is wrong with it."""
    if told is None:
        raise _Bad("missing_quantity")
    figure = figure_of(told) if isinstance(told, (str, Decimal)) else None
    if figure is None:
        raise _Bad("not_number")
    if figure < 0:
        raise _Bad("negative_quantity")
    if figure > MOST_PIECES:
        raise _Bad("quantity_too_large", most=MOST_PIECES)
    if figure != figure.to_integral_value():
        raise _Bad("not_integer")
    if not figure:
        raise _Bad("zero_quantity")
    return int(figure)


def _sort_in(found: OrderSheet, one: _Wanted, offer: Offer | None, asked: int, mixed: int) -> None:
    """`asked` pieces of the SKU in all lines, `mixed` of the model in its grids."""
    if offer is not None and offer.why_not == "not_in_catalog":
        offer = None
    bad = one.bad
    if bad is None or bad.reason not in {"missing_code", "unknown_variant"}:
        if one.sku and offer is None:
            bad = _Bad("unknown_code")
        elif offer is not None and offer.why_not:
            bad = _Bad(offer.why_not, code=offer.facts.code)
    if bad is None and offer is not None:
        bad = _limit(offer, asked, mixed)
    if bad is None and offer is not None:
        found.lines.append(Line(one.asked.place, one.code, one.quantity, offer))
        return
    if bad is None:
        bad = _Bad("unknown_code")
    choices = choices_of(offer.limits, asked) if offer and bad.reason in _LIMITS else ()
    model = one.asked.variant.model if one.asked.variant else ""
    found.refused.append(
        Refusal(
            one.asked.place, one.code, one.told, bad.reason, bad.values, choices=choices,
            column=one.asked.columns[bad.reason not in _ABOUT_CODES],
            model=model, offer=offer,
        )
    )  # fmt: skip


_LIMITS = {"below_minimum", "not_multiple", "above_maximum"}


def _limit(offer: Offer, asked: int, mixed: int) -> _Bad | None:
    """What keeps a sum of pieces from being ordered."""
    limits = offer.limits
    problem = limits.problem(asked)
    if problem == "below_minimum" and mixed >= limits.minimum:
        problem = "not_multiple" if asked % limits.multiple else ""
    if problem:
        return _Bad(
            problem, asked=asked, minimum=limits.minimum, multiple=limits.multiple,
            maximum=limits.maximum,
        )  # fmt: skip
    if offer.policy is OrderPolicy.IN_STOCK and asked > offer.availability.free:
        if offer.stock_word == "in_stock":  # no figure above the threshold
            return _Bad("not_that_many", code=offer.facts.code)
        return _Bad("only_left", left=offer.availability.free, code=offer.facts.code)
    return None


def choices_of(limits: Limits, asked: int) -> tuple[int, ...]:
    """The quantities beside one that doesn't fit: the next below, where there is one, and above."""
    above = limits.rounded(asked)
    below = asked - asked % limits.multiple
    fits = below >= limits.minimum and below != above and not limits.problem(below)
    return (below, above) if fits else (above,)
