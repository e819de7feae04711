"""What the effect of a plan is read from: customers, SKUs, rules and list prices, each set-wise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, Table, or_, select

from wholesale.catalog.models import (
    Audience,
    Catalog,
    CatalogAudience,
    CatalogSku,
    CatalogState,
    Category,
    Product,
    Sku,
    SkuState,
)
from wholesale.catalog.visibility import OpenCatalog
from wholesale.customers.models import Customer, CustomerState
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.pricing.editing import Plan
from wholesale.pricing.models import CustomerPriceList, ListPrice, OwnerKind, PriceRule, Scope
from wholesale.pricing.resolving import Rule
from wholesale.pricing.revision_models import LeftOut


class Row(NamedTuple):
    """A rule with what tells for whom it counts."""

    rule: Rule
    currency: str
    incoterm: str
    revision_id: int | None = None


_rule = cast("Table", PriceRule.__table__).c
_left = cast("Table", LeftOut.__table__).c
_list = cast("Table", ListPrice.__table__).c
_COLUMNS = (
    _rule.id, _rule.owner_key, _rule.object_key, _rule.kind, _rule.value, _rule.minimum,
    _rule.break_scope, _rule.is_special, _rule.valid_from,
)  # fmt: skip


def rows(plan: Plan, owners: Iterable[int], objects: Iterable[int]) -> dict[int, Row]:
    """The rules of these owners on these objects that are in force that day, before the plan."""
    found = session.execute(
        select(*_COLUMNS, _rule.currency, _rule.incoterm, _rule.revision_id).where(
            _rule.owner_key.in_(list(owners)), _rule.object_key.in_(list(objects)),
            _rule.valid_from <= plan.on,
            or_(_rule.valid_until.is_(None), _rule.valid_until >= plan.on),
            is_of_another(_rule.revision_id, plan),
        )
    )  # fmt: skip
    return {row[0]: Row(Rule(*row[:9]), *row[9:]) for row in found}


def is_of_another(revision_id: ColumnElement[Any], plan: Plan) -> ColumnElement[bool]:
    """What the plan's own revision has written is no part of what stood before it."""
    return or_(revision_id.is_(None), revision_id != (plan.revision_id or 0))


def left_out(plan: Plan) -> dict[int, frozenset[int]]:
    """The revisions, other than the plan's, whose prices a customer doesn't get yet that day.

    By customer; it counts for those whom the customer pays for as well.
    """
    found: dict[int, set[int]] = {}
    for customer_id, revision_id in session.execute(
        select(LeftOut.customer_id, LeftOut.revision_id).where(
            LeftOut.starts_on > plan.on, is_of_another(_left.revision_id, plan)
        )
    ):
        found.setdefault(customer_id, set()).add(revision_id)
    return {customer_id: frozenset(some) for customer_id, some in found.items()}


def planned(plan: Plan, before: Mapping[int, Row]) -> dict[int, Row]:
    """The same rules as the plan leaves them."""
    rows = dict(before)
    for rule, edit in plan.changed.values():
        rows.pop(rule.id, None)
        if rule.valid_from <= plan.on and (edit.valid_until or plan.on) >= plan.on:
            made = Rule(rule.id, rule.owner_key, rule.object_key, rule.kind, edit.value,
                        rule.minimum, rule.break_scope, rule.is_special, rule.valid_from)  # fmt: skip
            rows[rule.id] = Row(made, rule.currency, rule.incoterm)
    for number, row in enumerate(plan.added, 2**40):
        if row["valid_from"] <= plan.on and (row["valid_until"] or plan.on) >= plan.on:
            made = Rule(number, row["owner_key"], row["object_key"], row["kind"], row["value"],
                        row["minimum"], row["break_scope"], row["is_special"], row["valid_from"])  # fmt: skip
            rows[number] = Row(made, row["currency"], row["incoterm"])
    return rows


Lists = dict[tuple[str, str], dict[int, Decimal]]


def list_rows(plan: Plan, skus: Sequence[int]) -> list[tuple[str, str, int, Decimal, int | None]]:
    """(currency, 貿易条件, SKU, amount, revision) of the list prices begun before the plan, oldest first."""
    found = session.execute(
        select(_list.currency, _list.incoterm, _list.sku_id, _list.amount, _list.revision_id)
        .where(
            _list.sku_id.in_(skus),
            _list.valid_from <= plan.on,
            is_of_another(_list.revision_id, plan),
        )
        .order_by(_list.valid_from)
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in found]  # fmt: skip


def lists(
    found: Iterable[tuple[str, str, int, Decimal, int | None]], without: frozenset[int],
    plan: Plan | None = None,
) -> Lists:  # fmt: skip
    """The list prices in force, by currency and trade terms, for who doesn't get some revisions yet.

    With a plan, as it leaves them.
    """
    made: Lists = {}
    for currency, incoterm, sku_id, amount, revision_id in found:
        if revision_id is None or revision_id not in without:
            made.setdefault((currency, incoterm), {})[sku_id] = amount
    for one in plan.listed if plan is not None else ():
        made.setdefault((one.currency, one.incoterm), {})[one.sku_id] = one.amount
    return made


def customers(plan: Plan, what: object = Customer) -> Select[Customer]:
    """Who may be touched: a customer with those it pays for, a list's or a group's, everybody."""
    ids: dict[OwnerKind, list[int]] = {}
    for kind, owner_id in plan.owners:
        ids.setdefault(kind, []).append(owner_id)
    mine: ColumnElement[bool] = Customer.id.is_not(None)
    if not plan.listed and OwnerKind.CATALOG not in ids:
        own = ids.get(OwnerKind.CUSTOMER, [])
        given = select(CustomerPriceList.customer_id).where(
            CustomerPriceList.price_list_id.in_(ids.get(OwnerKind.PRICE_LIST, []))
        )
        mine = or_(
            Customer.id.in_(own), Customer.bill_to_id.in_(own), Customer.next_bill_to_id.in_(own),
            Customer.id.in_(given),
            Customer.group_id.in_(ids.get(OwnerKind.GROUP, [])),
        )  # fmt: skip
    active = Customer.state == CustomerState.ACTIVE
    return select(what).where(mine, active).order_by(Customer.id)  # type: ignore[call-overload,no-any-return]


def skus(plan: Plan) -> Select[int]:
    """The SKUs for sale that a changed rule speaks of."""
    by_scope: dict[Scope, list[int]] = {}
    for scope, object_id in plan.touched():
        by_scope.setdefault(scope, []).append(object_id)
    wanted = select(Sku.id).join(Product, Product.id == Sku.product_id)
    wanted = wanted.where(Sku.state == SkuState.SELLING).order_by(Sku.id)
    if (
        plan.owners
        and not plan.listed
        and all(kind is OwnerKind.CATALOG for kind, _ in plan.owners)
    ):
        shelves = [owner_id for _, owner_id in plan.owners]
        everything = select(Catalog.id).where(Catalog.id.in_(shelves), Catalog.holds_everything)
        held = select(CatalogSku.sku_id).where(CatalogSku.catalog_id.in_(shelves))
        wanted = wanted.where(or_(everything.exists(), Sku.id.in_(held)))
    if Scope.ALL in by_scope:
        return wanted
    paths = session.scalars(select(Category.path).where(Category.id.in_(by_scope.get(Scope.CATEGORY, []))))  # fmt: skip
    below = [Category.path.startswith(path, autoescape=True) for path in paths]
    speaks = [
        Sku.id.in_([*by_scope.get(Scope.SKU, []), *(one.sku_id for one in plan.listed)]), Product.id.in_(by_scope.get(Scope.PRODUCT, [])),
        Product.brand_id.in_(by_scope.get(Scope.BRAND, [])),
    ]  # fmt: skip
    if below:
        speaks.append(Product.category_id.in_(select(Category.id).where(or_(*below))))
    return wanted.where(or_(*speaks))


def open_catalogs(customers: Sequence[Customer]) -> dict[int, tuple[OpenCatalog, ...]]:
    """The catalogs open for each customer now, in the company's order. Two statements."""
    now = clock.now()
    named: dict[int, set[tuple[int | None, int | None]]] = {}
    for catalog_id, customer_id, group_id in session.execute(
        select(CatalogAudience.catalog_id, CatalogAudience.customer_id, CatalogAudience.group_id)
    ):
        named.setdefault(catalog_id, set()).add((customer_id, group_id))
    shown = session.scalars(
        select(Catalog)
        .where(Catalog.state == CatalogState.OPEN)
        .order_by(Catalog.position, Catalog.id)
    )
    rows = [(row, _told(row, now)) for row in shown if _is_shown(row, now)]
    rows.sort(key=lambda pair: pair[1].is_over)
    return {
        one.id: tuple(told for row, told in rows if _is_for(row, one, named.get(row.id, set())))
        for one in customers
    }


def _is_shown(row: Catalog, now: datetime) -> bool:
    ends = row.ends_at or row.closes_at
    return (row.opens_at is None or row.opens_at <= now) and (ends is None or ends > now)


def _told(row: Catalog, now: datetime) -> OpenCatalog:
    is_over = row.closes_at is not None and row.closes_at <= now
    return OpenCatalog(
        row.id, row.code, row.holds_everything, row.policy, row.closes_at, row.lead_days,
        row.version, is_over,
    )  # fmt: skip


def _is_for(row: Catalog, one: Customer, named: Iterable[tuple[int | None, int | None]]) -> bool:
    if row.audience is Audience.ALL:
        return True
    by_group = row.audience is Audience.LIMITED
    return any(
        customer_id == one.id or (by_group and group_id is not None and group_id == one.group_id)
        for customer_id, group_id in named
    )


def costs_of(skus: Iterable[int]) -> dict[int, Decimal]:
    """The known costs of SKUs, in our currency."""
    found = select(Sku.id, Sku.cost).where(Sku.id.in_(list(skus)), Sku.cost.is_not(None))
    return {sku: cost for sku, cost in session.execute(found) if cost is not None}


def floors(facts: Iterable[int], margin: Decimal | None) -> dict[int, Decimal]:
    """The lowest price of each SKU with a known cost, in our currency; none without a floor."""
    if margin is None:
        return {}
    return {sku: cost / (1 - margin) for sku, cost in costs_of(facts).items()}
