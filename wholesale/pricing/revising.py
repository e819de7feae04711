"""Writing list prices and rules, many at once; what is equal stays, what differs is replaced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import insert, select

from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.pricing.models import (
    BreakScope,
    ListPrice,
    OwnerKind,
    PriceRule,
    RuleKind,
    Scope,
    object_key,
    owner_key,
)

MOST_OBJECTS = 5000


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What a rule shall say. `value` is a net unit price (fixed) or a share (rate, 0.58)."""

    owner_kind: OwnerKind
    owner_id: int
    kind: RuleKind
    scope: Scope
    object_id: int
    value: Decimal
    valid_from: date
    currency: str = ""
    minimum: int = 1
    valid_until: date | None = None
    is_special: bool = False
    break_scope: BreakScope = BreakScope.PRODUCT


def set_list_prices(rows: Iterable[tuple[int, str, Decimal, date]]) -> set[int]:
    """(SKU, currency, net amount, from day): write what differs from the price in force that day.

    Returns the ids of the SKUs whose prices changed.
    """
    wanted = list(rows)
    skus = {sku for sku, _, _, _ in wanted}
    known: dict[tuple[int, str], ListPrice] = {}
    for price in session.scalars(
        select(ListPrice)
        .where(
            ListPrice.sku_id.in_(skus),
            ListPrice.incoterm == "",
            ListPrice.valid_from <= max((since for *_, since in wanted), default=date.min),
        )
        .order_by(ListPrice.valid_from)
    ):
        known[price.sku_id, price.currency] = price
    fresh, changed = [], set()
    for sku, currency, value, since in wanted:
        old = known.get((sku, currency))
        if old is not None and old.amount == value:
            continue
        changed.add(sku)
        if old is not None and old.valid_from == since:
            old.amount = value
        else:
            fresh.append(
                {"sku_id": sku, "currency": currency, "incoterm": "", "amount": value,
                 "valid_from": since}
            )  # fmt: skip
    if fresh:
        session.execute(insert(ListPrice), fresh)
    return changed


def save_rules(drafts: Iterable[RuleDraft], by: Actor) -> tuple[int, int]:
    """Write rules; a rule with the same key gets the new value. Returns (created, updated)."""
    drafts = list(drafts)
    asked = select(PriceRule).where(
        PriceRule.owner_key.in_({owner_key(d.owner_kind, d.owner_id) for d in drafts})
    )
    if len(drafts) <= MOST_OBJECTS:  # a part of a long file doesn't read all that its owners have
        objects = {object_key(d.scope, d.object_id) for d in drafts}
        asked = asked.where(PriceRule.object_key.in_(objects))
    known = {_key(rule): rule for rule in session.scalars(asked)}
    created = updated = 0
    for draft in drafts:
        rule = known.get(_key(draft))
        if rule is None:
            rule = PriceRule(**{name: getattr(draft, name) for name in draft.__slots__})
            rule.incoterm = ""
            session.add(rule)
            known[_key(draft)] = rule
            created += 1
            journal.record(rule, "price:made", by, value=draft.value)
        elif (rule.value, rule.valid_until) != (draft.value, draft.valid_until):
            journal.record(rule, "price:changed", by, old=rule.value, new=draft.value)
            rule.value, rule.valid_until = draft.value, draft.valid_until
            updated += 1
    session.flush()  # prices are read by Core
    return created, updated


def _key(rule: RuleDraft | PriceRule) -> tuple[object, ...]:
    return (
        owner_key(rule.owner_kind, rule.owner_id), object_key(rule.scope, rule.object_id),
        rule.kind, rule.currency, rule.break_scope, rule.minimum, rule.is_special, rule.valid_from,
    )  # fmt: skip
