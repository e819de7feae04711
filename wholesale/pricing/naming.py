"""What rules speak of, by name and code, and owners by kind and code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, or_, select

from wholesale.catalog.models import Brand, Catalog, Category, Product, Sku
from wholesale.catalog.queries import sku_facts
from wholesale.customers.models import Customer, CustomerGroup
from wholesale.kernel import clock
from wholesale.kernel.db import Names, session
from wholesale.pricing.models import OwnerKind, PriceList, PriceRule, Scope, owner_key

Owner = PriceList | CustomerGroup | Customer | Catalog  # each has an id, a code and a name
OWNERS: dict[OwnerKind, Any] = {
    OwnerKind.PRICE_LIST: PriceList, OwnerKind.GROUP: CustomerGroup,
    OwnerKind.CUSTOMER: Customer, OwnerKind.CATALOG: Catalog,
}  # fmt: skip
THINGS: dict[Scope, Any] = {
    Scope.SKU: Sku, Scope.PRODUCT: Product, Scope.CATEGORY: Category, Scope.BRAND: Brand,
}  # fmt: skip


def owner_of(kind: OwnerKind, code: str) -> Owner | None:
    """The owner of rules with this code."""
    table = OWNERS[kind]
    row: Owner | None = session.scalar(select(table).where(table.code == code))
    return row


def the_owner(owner: tuple[OwnerKind, int]) -> Owner:
    """The owner of rules by kind and id."""
    kind, owner_id = owner
    row: Owner = session.get_one(OWNERS[kind], owner_id)
    return row


def named(keys: Iterable[tuple[Scope, int]]) -> dict[tuple[Scope, int], tuple[Names | None, str]]:
    """(name, code) of what rules speak of; what this reader may not see is absent."""
    by_scope: dict[Scope, list[int]] = {}
    for scope, object_id in keys:
        by_scope.setdefault(scope, []).append(object_id)
    found: dict[tuple[Scope, int], tuple[Names | None, str]] = {(Scope.ALL, 0): (None, "")}
    skus = by_scope.pop(Scope.SKU, [])
    if skus:
        seen = session.scalars(select(Sku.id).where(Sku.id.in_(skus)))
        for fact in sku_facts(list(seen)).values():
            found[Scope.SKU, fact.id] = (fact.full_name(), fact.code)
    for scope, table in THINGS.items():
        ids = by_scope.get(scope)
        for one in session.scalars(select(table).where(table.id.in_(ids))) if ids else ():
            found[scope, one.id] = (one.name, one.code)
    return found


def codes_of(rules: Iterable[PriceRule | Mapping[str, Any]]) -> dict[tuple[Scope, int], str]:
    """The code of what each rule speaks of; "" for everything."""
    keys = {
        (rule.scope, rule.object_id)
        if isinstance(rule, PriceRule)
        else (rule["scope"], rule["object_id"])
        for rule in rules
    }
    return {key: code for key, (_, code) in named(keys).items()}


def look_up(scope: Scope, text: str) -> int | None:
    """The id of what somebody typed: its code, or the name of a brand or category."""
    if scope is Scope.ALL:
        return 0
    table = THINGS[scope]
    found: int | None = session.scalar(select(table.id).where(table.code == text))
    if found is None and scope in {Scope.CATEGORY, Scope.BRAND}:
        rows = session.execute(select(table.id, table.name)).all()
        found = next((row_id for row_id, names in rows if text in names.values()), None)
    return found


def rules_of(kind: OwnerKind, owner_id: int, text: str, most: int) -> list[PriceRule]:
    """The rules of an owner that count today or later, rates first; at most `most`."""
    mine = PriceRule.owner_key == owner_key(kind, owner_id)
    is_past = PriceRule.valid_until < clock.today()
    wanted = select(PriceRule).where(mine, or_(PriceRule.valid_until.is_(None), ~is_past))
    if text:
        wanted = wanted.where(
            or_(*(
                (PriceRule.scope == scope)
                & PriceRule.object_id.in_(
                    select(table.id).where(func.lower(table.code).contains(text.lower(), autoescape=True))
                )
                for scope, table in THINGS.items()
            ))
        )  # fmt: skip
    order = (PriceRule.kind.desc(), PriceRule.scope, PriceRule.object_id, PriceRule.minimum,
             PriceRule.valid_from, PriceRule.id)  # fmt: skip
    return list(session.scalars(wanted.order_by(*order).limit(most)))
