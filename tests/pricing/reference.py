"""The price of one piece as a person would look it up: slow, obvious, without any SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

FIXED_SCOPES = ("sku", "product")
RATE_SCOPES = {
    "customer": ("sku", "product", "category", "brand"),
    "price_list": ("sku", "product", "category", "brand", "all"),
    "group": ("sku", "product", "category", "brand", "all"),
    "catalog": ("sku", "product", "all"),
}


@dataclass(frozen=True)
class Item:
    """A SKU: its product, categories from the nearest upwards, brand, and whether it is net."""

    id: int
    product: int
    categories: tuple[int, ...]
    brand: int | None
    is_net: bool


@dataclass(frozen=True)
class Buyer:
    """Who buys on one day: owners of rules in their order, and the money terms of that day."""

    owners: tuple[tuple[str, int], ...]
    currency: str
    incoterm: str
    default_rate: Decimal | None
    digits: int
    mode: str


@dataclass(frozen=True)
class Rule:
    """A row of the table of prices and rates."""

    id: int
    owner: tuple[str, int]
    kind: str
    scope: str
    object: int
    currency: str
    incoterm: str
    value: Decimal
    minimum: int
    break_scope: str
    is_special: bool
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True)
class ListRow:
    """A row of the table of list prices."""

    sku: int
    currency: str
    incoterm: str
    amount: Decimal
    valid_from: date


def rounded(value: Fraction, digits: int, mode: str) -> Decimal:
    """A price that is not negative, rounded by counting whole steps."""
    steps = value * 10**digits
    whole = {"down": floor(steps), "up": ceil(steps), "half_up": floor(steps + Fraction(1, 2))}[mode]
    return Decimal(whole).scaleb(-digits)


def list_price(item: Item, buyer: Buyer, rows: list[ListRow], on: date) -> Decimal | None:
    """The newest list price in the buyer's currency; one for its own 貿易条件 goes first."""
    for incoterm in dict.fromkeys((buyer.incoterm, "")):
        fitting = [
            row for row in rows
            if (row.sku, row.currency, row.incoterm) == (item.id, buyer.currency, incoterm)
            and row.valid_from <= on
        ]  # fmt: skip
        if fitting:
            return max(fitting, key=lambda row: row.valid_from).amount
    return None


def look_up(
    item: Item, buyer: Buyer, catalog: int | None, pieces: dict[str, int],
    rules: dict[tuple[str, int], list[Rule]], rows: list[ListRow], on: date,
) -> tuple[Decimal, str] | None:  # fmt: skip
    """(unit price, the place that decided), or None where the buyer's currency has no price.

    `pieces` are the ordered ones by scope of a break; `rules` are the table, by owner.
    """
    listed = list_price(item, buyer, rows, on)
    objects = {
        "sku": [item.id], "product": [item.product], "category": list(item.categories),
        "brand": [item.brand] if item.brand else [], "all": [0],
    }  # fmt: skip
    ordinary: tuple[Decimal, str] | None = None
    special: tuple[Decimal, str] | None = None
    owners = buyer.owners if catalog is None else (*buyer.owners, ("catalog", catalog))
    for owner in owners:
        for kind in ("fixed", "rate"):
            for scope in FIXED_SCOPES if kind == "fixed" else RATE_SCOPES[owner[0]]:
                for thing in objects[scope]:
                    for wanted in (False, True):
                        best = max(
                            (
                                rule for rule in rules.get(owner, [])
                                if (rule.kind, rule.scope, rule.object) == (kind, scope, thing)
                                and rule.is_special is wanted
                                and rule.valid_from <= on <= (rule.valid_until or date.max)
                                and rule.currency in ("", buyer.currency)
                                and rule.incoterm in ("", buyer.incoterm)
                                and rule.minimum <= max(pieces[rule.break_scope], 1)
                            ),
                            key=lambda rule: (rule.minimum, rule.valid_from, rule.id), default=None,
                        )  # fmt: skip
                        if best is None or (kind == "rate" and (item.is_net or listed is None)):
                            continue
                        value = best.value
                        if kind == "rate":
                            value = rounded(Fraction(listed) * Fraction(value), buyer.digits, buyer.mode)
                        found = (value, f"{owner[0]}/{scope}/{kind}")
                        if not wanted:
                            ordinary = ordinary or found
                        elif special is None or value < special[0]:
                            special = found
    if ordinary is None and listed is not None:
        if buyer.default_rate is None or item.is_net:
            ordinary = (listed, "list")
        else:
            rate = Fraction(listed) * Fraction(buyer.default_rate)
            ordinary = (rounded(rate, buyer.digits, buyer.mode), "default")
    if special is not None and (ordinary is None or special[0] < ordinary[0]):
        return special
    return ordinary
