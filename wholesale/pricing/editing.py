"""Changing the rules of one owner together: planned first, looked at, then applied as planned."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update

from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import Model, rows_changed, session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_
from wholesale.pricing.models import (
    BreakScope,
    OwnerKind,
    PriceRule,
    RuleKind,
    Scope,
    object_key,
    owner_key,
)
from wholesale.pricing.naming import codes_of
from wholesale.pricing.resolving import PLACES

HIGHEST_RATE = Decimal(2)
MOST_MINIMUM = 1_000_000


class RuleInThePast(DomainError):
    """Yesterday's prices were asked and told."""

    message = N_("Prices change from today on, or from a later day.")


class PriceEndsEarly(DomainError):
    """A price the wrong way round, or one that would be taken back for days that are gone."""

    message = N_("A price ends on the day it begins or later, and not before yesterday.")


class ShareOutOfRange(DomainError):
    """A share of the list price is no price."""

    message = N_("A rate lies above 0 and is at most 200 percent.")


class PriceBelowZero(DomainError):
    """Nobody is paid for taking goods."""

    message = N_("A price is 0 or more, and a quantity break 1 piece or more.")


class RuleCountsNowhere(DomainError):
    """The order in which prices are asked has no place for such a rule."""

    message = N_("A price or rate for this can't be kept here: it would never be asked.")


class RuleStandsAlready(Conflict):
    """Two rules with the same keys would beat each other by chance."""

    message = N_(
        "There is such a price from %(day)s on already. Load the page again and change it."
    )


class RuleHasBegun(Conflict):
    """What was in force stays known."""

    message = N_("This price has begun. Give it a last day instead.")


class RuleOfRevision(Conflict):
    """Customers have read it in a letter."""

    message = N_(
        "This price belongs to a price revision that is announced. Cancel the revision, or change the price after its day."
    )


class LookFirst(DomainError):
    """What is applied is what was looked at."""

    message = N_("Look at the effect first; then the same changes can be applied.")


class TableUnchanged(DomainError):
    """A plan without changes."""

    message = N_("Nothing is changed in the table.")


class BelowFloor(DomainError):
    """The floor guards the margin."""

    message = N_(
        "%(count)s prices would fall below the lowest margin, the first of %(sku)s. Only who may go below it can save this."
    )


@dataclass(frozen=True, slots=True)
class Edit:
    """A rule of the table as it was seen and as it shall be."""

    rule_id: int
    seen: tuple[Decimal, date | None]
    value: Decimal
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Addition:
    """A rule that shall be added: `value` a net unit price, or a share of the list price."""

    kind: RuleKind
    scope: Scope
    object_id: int
    value: Decimal
    currency: str = ""
    incoterm: str = ""
    minimum: int = 1
    break_scope: BreakScope = BreakScope.PRODUCT
    is_special: bool = False
    valid_until: date | None = None


class Listed(NamedTuple):
    """A list price (net) that a SKU shall have in a currency, for a 貿易条件 or ("") for every one."""

    sku_id: int
    currency: str
    incoterm: str
    amount: Decimal


Owner = tuple[OwnerKind, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """What edits come to: rules that change where they stand, rules and list prices that are added.

    `owners` are those whose rules are touched; `on` is the day whose prices show the effect. A plan
    of a price revision names it: what it has written already is no part of "before".
    """

    owners: frozenset[Owner]
    day: date
    on: date
    changed: Mapping[int, tuple[PriceRule, Edit]] = field(default_factory=dict)
    added: Sequence[dict[str, Any]] = ()
    listed: Sequence[Listed] = ()
    revision_id: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs from what stands."""
        return not self.changed and not self.added and not self.listed

    def digest(self) -> str:
        """Tells two plans apart: what is applied must be what was looked at."""
        told = [
            [str(self.day)],
            *[[str(one), str(edit)] for one, (_, edit) in sorted(self.changed.items())],
            *[sorted(f"{key}={value}" for key, value in row.items()) for row in self.added],
            *[[str(one)] for one in self.listed],
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()

    def touched(self) -> set[tuple[Scope, int]]:
        """(scope, object) of all that a change speaks of."""
        rows = {(rule.scope, rule.object_id) for rule, _ in self.changed.values()}
        return rows | {(row["scope"], row["object_id"]) for row in self.added}

    def minimums(self) -> list[int]:
        """One piece, and every quantity from which a changed rule counts."""
        rows = {rule.minimum for rule, _ in self.changed.values()}
        return sorted({1} | rows | {row["minimum"] for row in self.added})


_COPIED = ("owner_kind", "owner_id", "kind", "scope", "object_id", "currency", "incoterm", "minimum",
           "break_scope", "is_special")  # fmt: skip
_KEYS = ("object_key", "kind", "currency", "incoterm", "break_scope", "minimum", "is_special")


def plan(
    owner_kind: OwnerKind, owner_id: int, edits: Sequence[Edit], additions: Sequence[Addition],
    day: date,
) -> Plan:  # fmt: skip
    """What these edits come to from `day` on. A value that counts already gets a successor that
    begins on the day; what has not begun, and every last day, changes where it stands.

    Raises Conflict when a rule is no longer as it was seen, and what the checks raise. Writes nothing.
    """
    if day < clock.today():
        raise RuleInThePast
    rules = _rules_of(owner_kind, owner_id, [edit.rule_id for edit in edits])
    changed: dict[int, tuple[PriceRule, Edit]] = {}
    added: list[dict[str, Any]] = []
    for edit in edits:
        rule = rules.get(edit.rule_id)
        if rule is None or (rule.value, rule.valid_until) != edit.seen:
            raise Conflict
        if (edit.value, edit.valid_until) == edit.seen:
            continue
        check_own(rule.revision_id, rule.valid_from)
        _check_value(rule.kind, edit.value, rule.minimum)
        if edit.value != rule.value and rule.valid_from < day:
            row = {name: getattr(rule, name) for name in _COPIED}
            added.append(_checked(row, edit.value, day, edit.valid_until))
        else:
            _check_end(edit.valid_until, rule.valid_from, rule.valid_until)
            changed[rule.id] = (rule, edit)
    for one in additions:
        row = {name: getattr(one, name) for name in _COPIED if not name.startswith("owner")}
        row |= {"owner_kind": owner_kind, "owner_id": owner_id}
        _check_value(one.kind, one.value, one.minimum)
        added.append(_checked(row, one.value, day, one.valid_until))
    _check_free(owner_kind, owner_id, added, day)
    owners = frozenset({(owner_kind, owner_id)})
    return Plan(owners, day, _seen_on(day, changed), changed, added)


def together(plans: Sequence[Plan], day: date, listed: Sequence[Listed] = ()) -> Plan:
    """Plans of several owners, and list prices, as one: what they do together."""
    return Plan(
        frozenset(owner for one in plans for owner in one.owners),
        day,
        max([day, *(one.on for one in plans)]),
        {rule: edit for one in plans for rule, edit in one.changed.items()},
        [row for one in plans for row in one.added],
        listed,
    )


def apply(made: Plan, owner: Model, by: Actor) -> tuple[int, int]:
    """Write a plan; old and new values stand in the owner's history. Returns (added, changed).

    Raises Conflict when somebody was faster.
    """
    codes = codes_of([rule for rule, _ in made.changed.values()]) | codes_of(made.added)
    for rule, edit in made.changed.values():
        done = rows_changed(
            update(PriceRule)
            .where(PriceRule.id == rule.id, PriceRule.value == edit.seen[0],
                   PriceRule.valid_until.is_not_distinct_from(edit.seen[1]))
            .values(value=edit.value, valid_until=edit.valid_until)
        )  # fmt: skip
        if not done:
            raise Conflict
        told = [_told(*edit.seen, rule.kind), _told(edit.value, edit.valid_until, rule.kind)]
        journal.record(owner, "price:changed", by, rule=rule.id, changes={_name(rule, codes): told})
        session.expire(rule)
    rows = [PriceRule(**row) for row in made.added]
    session.add_all(rows)
    session.flush()  # prices are read by Core
    for row in rows:
        new = [None, _told(row.value, row.valid_until, row.kind)]
        journal.record(
            owner,
            "price:made",
            by,
            rule=row.id,
            day=row.valid_from,
            changes={_name(row, codes): new},
        )
    return len(rows), len(made.changed)


def check_own(revision_id: int | None, valid_from: date) -> None:
    """A price to come of a revision changes with the revision alone. Raises RuleOfRevision."""
    if revision_id is not None and valid_from > clock.today():
        raise RuleOfRevision


def withdraw(rule: PriceRule, owner: Model, by: Actor) -> None:
    """Take back a price before its first day. Raises RuleHasBegun, RuleOfRevision, Conflict."""
    today = clock.today()
    if rule.valid_from <= today:
        raise RuleHasBegun
    check_own(rule.revision_id, rule.valid_from)
    old = [_told(rule.value, rule.valid_until, rule.kind), None]
    journal.record(
        owner,
        "price:withdrawn",
        by,
        rule=rule.id,
        day=rule.valid_from,
        changes={_name(rule, codes_of([rule])): old},
    )
    if not rows_changed(
        delete(PriceRule).where(PriceRule.id == rule.id, PriceRule.valid_from > today)
    ):
        raise Conflict
    session.expunge(rule)


def _rules_of(owner_kind: OwnerKind, owner_id: int, ids: Sequence[int]) -> dict[int, PriceRule]:
    mine = owner_key(owner_kind, owner_id)
    found = session.scalars(
        select(PriceRule).where(PriceRule.id.in_(ids), PriceRule.owner_key == mine)
    )
    return {rule.id: rule for rule in found}


def _checked(
    row: dict[str, Any], value: Decimal, day: date, until: date | None
) -> dict[str, Any]:  # fmt: skip
    place = row["owner_kind"], row["kind"], list(Scope).index(row["scope"])
    if place not in PLACES or (row["kind"] is RuleKind.RATE) != (row["currency"] == ""):
        raise RuleCountsNowhere
    if until is not None and until < day:
        raise PriceEndsEarly
    keys = {
        "owner_key": owner_key(row["owner_kind"], row["owner_id"]),
        "object_key": object_key(row["scope"], row["object_id"]),
    }
    return {**row, **keys, "value": value, "valid_from": day, "valid_until": until}


def _check_value(kind: RuleKind, value: Decimal, minimum: int) -> None:
    if kind is RuleKind.RATE and not 0 < value <= HIGHEST_RATE:
        raise ShareOutOfRange
    if value < 0 or not 1 <= minimum <= MOST_MINIMUM:
        raise PriceBelowZero


def _check_end(until: date | None, since: date, before: date | None) -> None:
    if until == before:
        return
    yesterday = clock.today() - timedelta(days=1)
    if until is not None and (until < since or until < yesterday):
        raise PriceEndsEarly
    if before is not None and before < yesterday:
        raise PriceEndsEarly


def _check_free(
    owner_kind: OwnerKind, owner_id: int, added: Sequence[dict[str, Any]], day: date
) -> None:
    """No two rules of the same keys begin on the same day."""
    if not added:
        return
    taken = {
        tuple(row)
        for row in session.execute(
            select(*(getattr(PriceRule, name) for name in _KEYS)).where(
                PriceRule.owner_key == owner_key(owner_kind, owner_id),
                PriceRule.object_key.in_([row["object_key"] for row in added]),
                PriceRule.valid_from == day,
            )
        )
    }
    for row in added:
        key = tuple(row[name] for name in _KEYS)
        if key in taken:
            raise RuleStandsAlready(day=day.isoformat())
        taken.add(key)


def _seen_on(day: date, changed: Mapping[int, tuple[PriceRule, Edit]]) -> date:
    """The day whose prices show what changes: the first, or the first after the last end."""
    ends = [edit.valid_until for _, edit in changed.values() if edit.valid_until != edit.seen[1]]
    starts = [rule.valid_from for rule, edit in changed.values() if edit.value != edit.seen[0]]
    after = [end + timedelta(days=1) for end in ends if end is not None]
    return max([day, *starts, *after])


def _name(rule: PriceRule, codes: Mapping[tuple[Scope, int], str]) -> str:
    parts = [codes.get((rule.scope, rule.object_id)) or "*", rule.currency, rule.incoterm]
    name = " ".join(part for part in parts if part)
    return f"{name} ≥{rule.minimum}" if rule.minimum > 1 else name


def told_value(value: Decimal, kind: RuleKind) -> str:
    """A rate as percent, a price as it is: how the history says it."""
    return f"{(value * 100).normalize():f} %" if kind is RuleKind.RATE else f"{value:f}"


def _told(value: Decimal, until: date | None, kind: RuleKind) -> str:
    shown = told_value(value, kind)
    return f"{shown} – {until.isoformat()}" if until else shown
