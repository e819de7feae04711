"""The price of one piece as a person would look it up: slow, obvious, without any SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    revision: int | None = None


@dataclass(frozen=True)
class Revision:
    """A price revision: the date that it goes by, and until when it leaves customers out."""

    basis: str
    left_out: dict[int, date]


@dataclass(frozen=True)
class Line:
    """The three dates of an order line, and whose it is: the customer, then who pays for it."""

    customers: tuple[int, ...]
    ordered_on: date
    ships_on: date | None = None
    wished_on: date | None = None
    revisions: dict[int, Revision] = field(default_factory=dict)

    def date_of(self, revision: int | None) -> date:
        """The date of this line that decides whether a price of that revision counts."""
        if revision is None or self.revisions[revision].basis == "order":
            return self.ordered_on
        wished = self.wished_on if self.revisions[revision].basis == "wished" else None
        return wished or self.ships_on or self.ordered_on

    def is_met(self, revision: int | None, first: date, last: date | None) -> bool:
        """Whether a row of that revision, from its first to its last day, counts for this line."""
        later = self.revisions[revision].left_out if revision is not None else {}
        first = max([first, *(later[one] for one in self.customers if one in later)])
        return first <= self.date_of(revision) <= (last or date.max)


@dataclass(frozen=True)
class ListRow:
    """A row of the table of list prices."""

    sku: int
    currency: str
    incoterm: str
    amount: Decimal
    valid_from: date
    revision: int | None = None


def rounded(value: Fraction, digits: int, mode: str) -> Decimal:
    """A price that is not negative, rounded by counting whole steps."""
    steps = value * 10**digits
    whole = {"down": floor(steps), "up": ceil(steps), "half_up": floor(steps + Fraction(1, 2))}[
        mode
    ]
    return Decimal(whole).scaleb(-digits)


def list_price(item: Item, buyer: Buyer, rows: list[ListRow], line: Line) -> Decimal | None:
    """The newest list price in the buyer's currency; one for its own 貿易条件 goes first."""
    for incoterm in dict.fromkeys((buyer.incoterm, "")):
        fitting = [
            row for row in rows
            if (row.sku, row.currency, row.incoterm) == (item.id, buyer.currency, incoterm)
            and line.is_met(row.revision, row.valid_from, None)
        ]  # fmt: skip
        if fitting:
            return max(fitting, key=lambda row: row.valid_from).amount
    return None


def best_rule(
    rules: list[Rule], place: tuple[str, str, int], buyer: Buyer, pieces: dict[str, int], line: Line,
    *, special: bool,
) -> Rule | None:  # fmt: skip
    """Inside one place: the largest break reached, then the newest start, then the newest row."""
    fitting = [
        rule for rule in rules
        if (rule.kind, rule.scope, rule.object) == place
        and rule.is_special is special
        and line.is_met(rule.revision, rule.valid_from, rule.valid_until)
        and rule.currency in ("", buyer.currency)
        and rule.incoterm in ("", buyer.incoterm)
        and rule.minimum <= max(pieces[rule.break_scope], 1)
    ]  # fmt: skip
    return max(fitting, key=lambda rule: (rule.minimum, rule.valid_from, rule.id), default=None)


def places(item: Item, owner: tuple[str, int]) -> list[tuple[str, str, int]]:
    """(kind, scope, object) of every place where a rule of this owner may stand, in order."""
    objects = {
        "sku": [item.id], "product": [item.product], "category": list(item.categories),
        "brand": [item.brand] if item.brand else [], "all": [0],
    }  # fmt: skip
    fixed = [("fixed", scope, thing) for scope in FIXED_SCOPES for thing in objects[scope]]
    rates = [("rate", scope, thing) for scope in RATE_SCOPES[owner[0]] for thing in objects[scope]]
    return fixed if item.is_net else fixed + rates


def look_up(
    item: Item, buyer: Buyer, catalog: int | None, pieces: dict[str, int],
    rules: dict[tuple[str, int], list[Rule]], rows: list[ListRow], line: Line,
) -> tuple[Decimal, str] | None:  # fmt: skip
    """(unit price, the place that decided), or None where the buyer's currency has no price.

    `pieces` are the ordered ones by scope of a break; `rules` are the table, by owner.
    """
    listed = list_price(item, buyer, rows, line)
    found: dict[bool, list[tuple[Decimal, str]]] = {False: [], True: []}
    for owner in (*buyer.owners, *([("catalog", catalog)] if catalog else [])):
        for place in places(item, owner):
            for special in (False, True):
                rule = best_rule(rules.get(owner, []), place, buyer, pieces, line, special=special)
                name = f"{owner[0]}/{place[1]}/{place[0]}"
                if rule and rule.kind == "fixed":
                    found[special].append((rule.value, name))
                elif rule and listed is not None:
                    exact = Fraction(listed) * Fraction(rule.value)
                    found[special].append((rounded(exact, buyer.digits, buyer.mode), name))
    if listed is not None and (buyer.default_rate is None or item.is_net):
        found[False].append((listed, "list"))
    elif listed is not None and buyer.default_rate is not None:
        exact = Fraction(listed) * Fraction(buyer.default_rate)
        found[False].append((rounded(exact, buyer.digits, buyer.mode), "default"))
    ordinary = found[False][0] if found[False] else None
    lowest = min(found[True], key=lambda price: price[0], default=None)
    if lowest and (ordinary is None or lowest[0] < ordinary[0]):
        return lowest
    return ordinary
