"""What the list of price lists tells: how many rules, who uses them, from when until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select

from wholesale.catalog.models import Catalog
from wholesale.customers.models import Customer, CustomerGroup, CustomerState
from wholesale.kernel.db import Names, session
from wholesale.pricing.models import CustomerPriceList, OwnerKind, PriceList, PriceRule


@dataclass(frozen=True, slots=True)
class ListFacts:
    """One owner of rules. `users` is None where everybody is one. `to_come` rules begin later."""

    kind: OwnerKind
    code: str
    name: Names
    rules: int
    to_come: int
    first_on: date | None
    last_on: date | None
    users: int | None


def lists(today: date) -> list[ListFacts]:
    """Price lists, ranks and catalogs, in the order in which they are asked. Six statements."""
    figures = _figures(today)
    used = dict(
        session.execute(
            select(CustomerPriceList.price_list_id, func.count())
            .join(Customer, Customer.id == CustomerPriceList.customer_id)
            .where(Customer.state == CustomerState.ACTIVE)
            .group_by(CustomerPriceList.price_list_id)
        ).all()
    )
    ranked = dict(
        session.execute(
            select(Customer.group_id, func.count())
            .where(Customer.state == CustomerState.ACTIVE)
            .group_by(Customer.group_id)
        ).all()
    )
    catalogs = session.scalars(select(Catalog).order_by(Catalog.position, Catalog.id))
    return [
        *(
            _facts(OwnerKind.PRICE_LIST, row, figures, used.get(row.id, 0))
            for row in session.scalars(select(PriceList).order_by(PriceList.code))
        ),
        *(
            _facts(OwnerKind.GROUP, row, figures, ranked.get(row.id, 0))
            for row in session.scalars(select(CustomerGroup).order_by(CustomerGroup.code))
        ),
        *(_facts(OwnerKind.CATALOG, row, figures, None) for row in catalogs),
    ]


def users_of(kind: OwnerKind, owner_id: int) -> int | None:
    """How many active customers an owner's rules count for; None for a catalog."""
    mine: ColumnElement[bool]
    if kind is OwnerKind.CUSTOMER:
        mine = or_(Customer.id == owner_id, Customer.bill_to_id == owner_id)
    elif kind is OwnerKind.GROUP:
        mine = Customer.group_id == owner_id
    elif kind is OwnerKind.PRICE_LIST:
        mine = Customer.id.in_(
            select(CustomerPriceList.customer_id).where(CustomerPriceList.price_list_id == owner_id)
        )
    else:
        return None
    active = Customer.state == CustomerState.ACTIVE
    return session.scalar(select(func.count()).select_from(Customer).where(mine, active))


Figures = dict[tuple[OwnerKind, int], tuple[int, int, date, date | None]]


def _figures(today: date) -> Figures:
    ends = func.max(func.coalesce(PriceRule.valid_until, date.max))
    return {
        (row[0], row[1]): (row[2], row[3], row[4], None if row[5] == date.max else row[5])
        for row in session.execute(
            select(
                PriceRule.owner_kind, PriceRule.owner_id, func.count(),
                func.count().filter(PriceRule.valid_from > today),
                func.min(PriceRule.valid_from), ends,
            )
            .where(
                PriceRule.owner_kind != OwnerKind.CUSTOMER,
                or_(PriceRule.valid_until.is_(None), PriceRule.valid_until >= today),
            )
            .group_by(PriceRule.owner_kind, PriceRule.owner_id)
        )
    }  # fmt: skip


def _facts(
    kind: OwnerKind, row: PriceList | CustomerGroup | Catalog, figures: Figures, users: int | None
) -> ListFacts:
    rules, to_come, first_on, last_on = figures.get((kind, row.id), (0, 0, None, None))
    return ListFacts(kind, row.code, row.name, rules, to_come, first_on, last_on, users)
