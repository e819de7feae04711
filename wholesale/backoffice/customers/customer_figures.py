"""What the customer screens read: terms, credit, balances, people, prices, open documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, extract, func, or_, select
from sqlalchemy.orm import joinedload

from wholesale.backoffice import charts
from wholesale.billing.models import Invoice, InvoiceState
from wholesale.catalog.models import Brand, Category, Product, Sku
from wholesale.company.queries import company
from wholesale.customers.credit_limits import known_credit
from wholesale.customers.models import (
    Address,
    CreditLevel,
    CreditUse,
    Customer,
    CustomerGroup,
    Terms,
)
from wholesale.customers.queries import (
    MoneyTerms,
    NoTerms,
    family,
    known_as,
    lives,
    money_terms,
    payers_ever,
)
from wholesale.kernel import clock
from wholesale.kernel.db import Names, session
from wholesale.kernel.money import AMOUNT, ZERO
from wholesale.orders.models import Order, OrderLine, OrderState
from wholesale.payments.models import PayerName
from wholesale.pricing.models import OwnerKind, PriceRule, RuleKind, Scope
from wholesale.sales_ledger.models import SalesEntry

# Fewer digits of a telephone number fit half of the customers.
FEWEST_DIGITS = 4
_LIVE = (OrderState.PLACED, OrderState.PROPOSED, OrderState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class RowFacts:
    """One row of the list: terms in force, what is owed, credit use and the last order."""

    rate: Decimal | None
    currency: str
    owed: Decimal
    exposure: Decimal
    limit: Decimal | None
    last_order: datetime | None


@dataclass(frozen=True, slots=True)
class Whole:
    """The figures over one customer; amounts in its currency, the backlog without tax."""

    currency: str
    backlog: Decimal
    next_promise: date | None
    last_order: datetime | None
    owed: Decimal
    overdue: Decimal
    open_orders: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A price or rate made for this customer alone."""

    scope: Scope
    name: Names | None
    code: str
    value: Decimal
    is_rate: bool
    currency: str
    minimum: int
    is_special: bool
    valid_from: date
    valid_until: date | None


def matching(text: str, group: str) -> Select[Customer]:
    """Customers found by code, name, reading or telephone, in a group or in all."""
    found = select(Customer).options(joinedload(Customer.group)).where(lives)
    if text:
        digits = "".join(sign for sign in text if sign.isdigit())
        hits = [
            known_as(text),
            Customer.name.contains(text, autoescape=True),
            Customer.name_en.ilike(f"%{text}%"),
            Customer.kana.contains(text, autoescape=True),
        ]
        if len(digits) >= FEWEST_DIGITS:
            hits.append(func.replace(Customer.phone, "-", "").like(f"%{digits}%"))
        found = found.where(or_(*hits))
    if group:
        found = found.where(
            Customer.group_id.in_(select(CustomerGroup.id).where(CustomerGroup.code == group))
        )
    return found


def groups() -> list[CustomerGroup]:
    """All price groups."""
    return list(session.scalars(select(CustomerGroup).order_by(CustomerGroup.code)))


def of_page(customers: Sequence[Customer]) -> dict[int, RowFacts]:
    """The facts of a page of the list: three statements whatever its length."""
    ids = [one.id for one in customers]
    terms: dict[int, Terms] = {}
    for row in session.scalars(
        select(Terms)
        .where(Terms.customer_id.in_(ids), Terms.valid_from <= clock.today())
        .order_by(Terms.valid_from)
    ):
        terms[row.customer_id] = row
    uses = {
        (use.customer_id, use.currency): use
        for use in session.scalars(
            select(CreditUse)
            .where(CreditUse.customer_id.in_(ids))
            .order_by(case((CreditUse.level == CreditLevel.GROUP, 0), else_=1))
        )
    }
    last: dict[int, datetime] = dict(
        session.execute(
            select(Order.customer_id, func.max(Order.placed_at))
            .where(Order.customer_id.in_(ids))
            .group_by(Order.customer_id)
        ).all()
    )
    return {one.id: _row(one.id, terms.get(one.id), uses, last) for one in customers}


def _row(
    customer_id: int,
    terms: Terms | None,
    uses: dict[tuple[int, str], CreditUse],
    last: dict[int, datetime],
) -> RowFacts:
    currency = terms.currency if terms else "JPY"
    use = uses.get((customer_id, currency))
    return RowFacts(
        rate=terms.default_rate if terms else None,
        currency=currency,
        owed=use.receivable if use else ZERO,
        exposure=use.exposure if use else ZERO,
        limit=terms.credit_limit if terms else None,
        last_order=last.get(customer_id),
    )


def terms_of(customer: Customer) -> MoneyTerms | None:
    """The terms in force; None while none are entered."""
    try:
        return money_terms(customer, clock.today())
    except NoTerms:
        return None


def credit_of(customer: Customer) -> CreditUse | None:
    """The counter of its bill-to in its currency; None before the first order."""
    terms = terms_of(customer)
    return known_credit(customer.payer.id, terms.currency if terms else "JPY")


def whole(customer: Customer) -> Whole:
    """The band of figures of one customer: four statements."""
    terms = terms_of(customer)
    currency = terms.currency if terms else "JPY"
    open_pieces = OrderLine.quantity - OrderLine.dropped - OrderLine.shipped
    lines = session.execute(
        select(OrderLine.unit_price, open_pieces, OrderLine.promised_on)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.customer_id == customer.id, Order.state.in_(_LIVE), open_pieces > 0)
    ).all()
    backlog = sum((price * pieces for price, pieces, _ in lines), ZERO)
    owed = [
        (total - settled, due)
        for total, settled, due in session.execute(
            select(Invoice.total, Invoice.settled, Invoice.due_on).where(
                Invoice.customer_id.in_(family(customer.payer.id)),
                Invoice.currency == currency,
                Invoice.total != Invoice.settled,
            )
        )
    ]
    return Whole(
        currency=currency,
        backlog=backlog,
        next_promise=min((day for *_, day in lines if day), default=None),
        last_order=session.scalar(
            select(func.max(Order.placed_at)).where(Order.customer_id == customer.id)
        ),
        owed=sum((amount for amount, _ in owed), ZERO),
        overdue=sum((amount for amount, due in owed if due < clock.today()), ZERO),
        open_orders=session.scalar(
            select(func.count())
            .select_from(Order)
            .where(Order.customer_id == customer.id, Order.state.in_(_LIVE))
        )
        or 0,
    )


def addresses(customer_id: int) -> list[Address]:
    """The ship-tos, the default first."""
    return list(
        session.scalars(
            select(Address)
            .where(Address.customer_id == customer_id)
            .order_by(Address.is_default.desc(), Address.code)
        )
    )


def payer_names(customer_id: int) -> list[PayerName]:
    """Under which names it pays, the registered ones first."""
    return list(
        session.scalars(
            select(PayerName)
            .where(PayerName.customer_id == customer_id)
            .order_by(PayerName.is_registered.desc(), PayerName.id)
            .limit(10)
        )
    )


def invoices(customer: Customer) -> list[Invoice]:
    """The last invoices of its bill-to."""
    return list(
        session.scalars(
            select(Invoice)
            .where(
                Invoice.customer_id.in_(family(customer.payer.id)),
                Invoice.state != InvoiceState.DRAFT,
            )
            .order_by(Invoice.issued_on.desc(), Invoice.id.desc())
            .limit(20)
        )
    )


_THINGS: dict[Scope, Any] = {
    Scope.SKU: Sku,
    Scope.PRODUCT: Product,
    Scope.CATEGORY: Category,
    Scope.BRAND: Brand,
}


def rules(customer: Customer) -> list[Rule]:
    """Rules of the customer and of its group in force today: at most six statements."""
    today = clock.today()
    owners = [(OwnerKind.CUSTOMER, customer.id)]
    if customer.group_id:
        owners.append((OwnerKind.GROUP, customer.group_id))
    found = session.scalars(
        select(PriceRule)
        .where(
            or_(
                *(
                    (PriceRule.owner_kind == kind) & (PriceRule.owner_id == owner)
                    for kind, owner in owners
                )
            ),
            PriceRule.valid_from <= today,
            PriceRule.valid_until.is_(None) | (PriceRule.valid_until >= today),
        )
        .order_by(PriceRule.owner_kind, PriceRule.scope, PriceRule.minimum.desc(), PriceRule.id)
        .limit(40)
    ).all()
    named = {
        scope: _named(scope, [r.object_id for r in found if r.scope is scope]) for scope in _THINGS
    }
    return [_rule(one, *named.get(one.scope, {}).get(one.object_id, (None, ""))) for one in found]


def _named(scope: Scope, ids: list[int]) -> dict[int, tuple[Names | None, str]]:
    if not ids:
        return {}
    if scope is Scope.SKU:
        rows = session.execute(
            select(Sku.id, Product.name, Sku.code)
            .join(Product, Product.id == Sku.product_id)
            .where(Sku.id.in_(ids))
        )
    else:
        thing = _THINGS[scope]
        rows = session.execute(select(thing.id, thing.name, thing.code).where(thing.id.in_(ids)))
    return {thing_id: (name, code) for thing_id, name, code in rows}


def _rule(one: PriceRule, name: Names | None, code: str) -> Rule:
    return Rule(
        scope=one.scope, name=name, code=code, value=one.value, is_rate=one.kind is RuleKind.RATE,
        currency=one.currency, minimum=one.minimum, is_special=one.is_special,
        valid_from=one.valid_from, valid_until=one.valid_until,
    )  # fmt: skip


MONTHS = 12


def by_month(customer: Customer) -> charts.Bars:
    """What the customer bought in each of the last twelve months, net. One statement."""
    today = clock.today()
    index = today.year * 12 + today.month - 1
    months = [((index - back) // 12, (index - back) % 12 + 1) for back in reversed(range(MONTHS))]
    year, month = extract("year", SalesEntry.revenue_on), extract("month", SalesEntry.revenue_on)
    terms = terms_of(customer)
    sums = {
        (int(in_year), int(in_month)): amount
        for in_year, in_month, amount in session.execute(
            select(year, month, func.sum(SalesEntry.amount, type_=AMOUNT))
            .where(
                SalesEntry.customer_id.in_(family(customer.id)),
                SalesEntry.bill_to_id.in_(payers_ever(customer)),  # leads to the index
                SalesEntry.currency == (terms.currency if terms else company().currency),
                SalesEntry.revenue_on >= date(*months[0], 1),
            )
            .group_by(year, month)
        )
    }
    return charts.bars([(str(one[1]), sums.get(one, ZERO)) for one in months])
