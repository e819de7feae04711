"""What a draft of a price revision changes: by percent over many, or one price after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, or_, select

from wholesale.catalog.models import Category, Product, Sku, SkuState
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.money import Rounding, plain, round_to
from wholesale.kernel.text import N_
from wholesale.pricing.editing import HIGHEST_RATE, Listed, Owner, Plan, ShareOutOfRange
from wholesale.pricing.models import ListPrice, PriceRule, RuleKind, Scope, owner_key
from wholesale.pricing.revision_models import PriceRevision, RevisedListPrice, RevisedRule
from wholesale.pricing.revisions import check_draft

MOST_CHANGES = 20_000
SMALLEST_STEP, HIGHEST_STEP = Decimal("0.01"), Decimal(10_000)
LOWEST_PERCENT, HIGHEST_PERCENT = -90, 900


class PercentOutOfRange(DomainError):
    """A slip of the finger, most likely."""

    message = N_("A change lies between −90 and +900 percent, and isn't 0.")


class StepOutOfRange(DomainError):
    """A step that can't be counted in."""

    message = N_("Prices are rounded to a step between 0.01 and 10,000.")


class NothingToChange(DomainError):
    """A change that meets no price."""

    message = N_("There is no price here that this would change.")


class TooManyChanges(DomainError):
    """A document somebody still has to read."""

    message = N_("A revision holds at most %(most)s changes.")


@dataclass(frozen=True, slots=True)
class Rounded:
    """How a new price is rounded: to multiples of `step` (1, 10, 0.05), by `mode`."""

    step: Decimal
    mode: Rounding

    def of(self, value: Decimal) -> Decimal:
        """The value as a multiple of the step."""
        return plain(round_to(value / self.step, 0, self.mode) * self.step)


def raise_list_prices(
    revision: PriceRevision, scope: Scope, object_id: int, currency: str, percent: Decimal,
    rounded: Rounded, by: Actor,
) -> int:  # fmt: skip
    """Change the list prices of all that is for sale within a scope by a percentage (5 for +5 %).

    An own price for a 貿易条件 changes as well. Returns how many prices change. Raises
    RevisionFixed, PercentOutOfRange, StepOutOfRange, NothingToChange, TooManyChanges.
    """
    _check_percent(percent)
    if not SMALLEST_STEP <= rounded.step <= HIGHEST_STEP:
        raise StepOutOfRange
    old = _in_force(skus_within(scope, object_id), currency, revision.effective_on)
    rows = [
        Listed(sku, money, incoterm, rounded.of(amount * (100 + percent) / 100))
        for (sku, money, incoterm), amount in old.items()
    ]
    return set_list_prices(revision, rows, by, how=f"{percent:+f} %")


def set_list_prices(
    revision: PriceRevision, rows: Sequence[Listed], by: Actor, *, how: str = ""
) -> int:
    """Give SKUs their new list prices; the price in force again takes a change out.

    Returns how many prices change. Raises RevisionFixed, NothingToChange, TooManyChanges.
    """
    check_draft(revision)
    wanted = {(one.sku_id, one.currency, one.incoterm): one.amount for one in rows}
    ids = select(Sku.id).where(Sku.id.in_({one.sku_id for one in rows}))
    old = _in_force(ids, None, revision.effective_on)
    known = {
        (one.sku_id, one.currency, one.incoterm): one
        for one in session.scalars(
            select(RevisedListPrice).where(RevisedListPrice.revision_id == revision.id)
        )
    }
    done = 0
    for key, amount in wanted.items():
        row = known.get(key)
        if amount == (row.new if row else old.get(key)):
            continue
        done += 1
        if row is not None and amount == old.get(key):
            session.delete(row)
        elif row is not None:
            row.new, row.old = amount, old.get(key)
        else:
            session.add(RevisedListPrice(
                revision_id=revision.id, sku_id=key[0], currency=key[1], incoterm=key[2],
                old=old.get(key), new=amount,
            ))  # fmt: skip
    if not done:
        raise NothingToChange
    _check_count(len(known) + done)
    journal.record(revision, "revision:list_prices", by, prices=done, how=how)
    session.flush()  # the page is read by queries
    return done


def raise_rules(
    revision: PriceRevision, owner: Owner, points: Decimal, percent: Decimal, by: Actor
) -> int:
    """Move every rate of an owner by points (2: 58 % → 60 %), every unit price by a percentage.

    Special prices stay. Returns how many change. Raises RevisionFixed, PercentOutOfRange,
    ShareOutOfRange, NothingToChange, TooManyChanges.
    """
    check_draft(revision)
    if percent:
        _check_percent(percent)
    rows = [
        {**_keys(rule), "valid_until": rule.valid_until, "old": rule.value, "new": new}
        for rule in _rules_in_force(owner, revision.effective_on)
        if (new := _moved(rule, points, percent)) != rule.value
    ]
    return _keep(revision, rows, by, how=f"{points:+f} / {percent:+f} %")


def take_plan(revision: PriceRevision, plan: Plan, by: Actor) -> int:
    """Put the new values of a looked-at table into the revision instead of applying them.

    Returns how many change. Raises RevisionFixed, NothingToChange, TooManyChanges.
    """
    check_draft(revision)
    rows = [
        {**_keys(rule), "valid_until": edit.valid_until, "old": rule.value, "new": edit.value}
        for rule, edit in plan.changed.values()
    ]
    rows += [
        {**{name: row[name] for name in _NAMES}, "valid_until": row["valid_until"], "old": None,
         "new": row["value"]}
        for row in plan.added
    ]  # fmt: skip
    return _keep(revision, rows, by, how="table")


def drop_changes(
    revision: PriceRevision, lists: Iterable[int], rules: Iterable[int], by: Actor
) -> int:
    """Take changes out of a draft by their ids. Returns how many went. Raises RevisionFixed."""
    check_draft(revision)
    gone = 0
    for model, ids in ((RevisedListPrice, list(lists)), (RevisedRule, list(rules))):
        for row in session.scalars(
            select(model).where(model.revision_id == revision.id, model.id.in_(ids))
        ):
            session.delete(row)
            gone += 1
    if gone:
        journal.record(revision, "revision:dropped", by, changes_dropped=gone)
    session.flush()  # the page is read by queries
    return gone


def skus_within(scope: Scope, object_id: int) -> Select[int]:
    """The ids of the SKUs for sale that a scope holds; a category holds those below it."""
    wanted = select(Sku.id).where(Sku.state == SkuState.SELLING)
    if scope is Scope.SKU:
        return wanted.where(Sku.id == object_id)
    wanted = wanted.join(Product, Product.id == Sku.product_id)
    if scope is Scope.PRODUCT:
        return wanted.where(Product.id == object_id)
    if scope is Scope.BRAND:
        return wanted.where(Product.brand_id == object_id)
    if scope is Scope.CATEGORY:
        path = session.scalar(select(Category.path).where(Category.id == object_id)) or "-"
        below = select(Category.id).where(Category.path.startswith(path, autoescape=True))
        return wanted.where(Product.category_id.in_(below))
    return wanted


def _in_force(
    ids: Select[int], currency: str | None, day: date
) -> dict[tuple[int, str, str], Decimal]:
    """The list prices of these SKUs that count that day, by SKU, currency and 貿易条件."""
    wanted = select(ListPrice.sku_id, ListPrice.currency, ListPrice.incoterm, ListPrice.amount)
    wanted = wanted.where(ListPrice.sku_id.in_(ids), ListPrice.valid_from <= day)
    if currency is not None:
        wanted = wanted.where(ListPrice.currency == currency)
    return {
        (row[0], row[1], row[2]): row[3]
        for row in session.execute(wanted.order_by(ListPrice.valid_from, ListPrice.id))
    }


def _rules_in_force(owner: Owner, day: date) -> list[PriceRule]:
    """The rules of an owner that count that day, one per set of keys: the newest; no special ones."""
    newest: dict[tuple[Any, ...], PriceRule] = {}
    for rule in session.scalars(
        select(PriceRule)
        .where(
            PriceRule.owner_key == owner_key(*owner), PriceRule.valid_from <= day,
            or_(PriceRule.valid_until.is_(None), PriceRule.valid_until >= day),
            PriceRule.is_special.is_(False),
        )
        .order_by(PriceRule.valid_from, PriceRule.id)
    ):  # fmt: skip
        newest[tuple(_keys(rule).values())] = rule
    return list(newest.values())


def _moved(rule: PriceRule, points: Decimal, percent: Decimal) -> Decimal:
    if rule.kind is RuleKind.RATE:
        moved = rule.value + points / 100
        if points and not 0 < moved <= HIGHEST_RATE:
            raise ShareOutOfRange
        return moved
    digits = max(0, -int(plain(rule.value).as_tuple().exponent))
    return plain(round_to(rule.value * (100 + percent) / 100, digits, Rounding.HALF_UP))


_NAMES = ("owner_kind", "owner_id", "kind", "scope", "object_id", "currency", "incoterm",
          "break_scope", "minimum", "is_special")  # fmt: skip


def _keys(rule: PriceRule | RevisedRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in _NAMES}


def _keep(revision: PriceRevision, rows: Sequence[dict[str, Any]], by: Actor, *, how: str) -> int:
    """Write new values of rules; what the draft holds already of the same keys is replaced."""
    if not rows:
        raise NothingToChange
    known = {
        tuple(_keys(one).values()): one
        for one in session.scalars(
            select(RevisedRule).where(RevisedRule.revision_id == revision.id)
        )
    }
    _check_count(len(known) + len(rows))
    old = _old_values(rows, revision.effective_on)
    for row in rows:
        key = tuple(row[name] for name in _NAMES)
        there = known.get(key)
        if there is None:
            session.add(
                RevisedRule(revision_id=revision.id, **{**row, "old": old.get(key, row["old"])})
            )
        else:
            there.new, there.valid_until = row["new"], row["valid_until"]
    journal.record(revision, "revision:rates", by, rates=len(rows), how=how)
    session.flush()  # the page is read by queries
    return len(rows)


def _old_values(rows: Sequence[dict[str, Any]], day: date) -> dict[tuple[Any, ...], Decimal]:
    """What counts that day for the keys of these rows, by key. One statement."""
    owners = {owner_key(row["owner_kind"], row["owner_id"]) for row in rows}
    found = session.scalars(
        select(PriceRule)
        .where(
            PriceRule.owner_key.in_(owners), PriceRule.valid_from <= day,
            or_(PriceRule.valid_until.is_(None), PriceRule.valid_until >= day),
        )
        .order_by(PriceRule.valid_from, PriceRule.id)
    )  # fmt: skip
    return {tuple(_keys(rule).values()): rule.value for rule in found}


def _check_percent(percent: Decimal) -> None:
    if percent == 0 or not LOWEST_PERCENT <= percent <= HIGHEST_PERCENT:
        raise PercentOutOfRange


def _check_count(count: int) -> None:
    if count > MOST_CHANGES:
        raise TooManyChanges(most=MOST_CHANGES)
