"""What the rest of the house asks about customers and their terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar, cast

from sqlalchemy import ColumnElement, Select, Table, bindparam, or_, select
from sqlalchemy.orm import aliased

from wholesale.company.models import Currency
from wholesale.company.queries import company
from wholesale.company.setting_up import CURRENCIES
from wholesale.customers.models import (
    Address,
    AddressKind,
    AmountBasis,
    Billing,
    BillTo,
    Customer,
    FeeBearer,
    PaymentGate,
    PaymentMeans,
    Terms,
)
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.money import Rounding
from wholesale.kernel.text import N_

T = TypeVar("T")


class NoTerms(DomainError):
    """A customer without terms of trade can't buy."""

    message = N_("%(customer)s has no terms of trade yet. Enter them first.")


@dataclass(frozen=True, slots=True)
class MoneyTerms:
    """The terms in force for one customer on a day, nothing left open.

    The customer's own: `default_rate`, minimum, freight, approval. The bill-to's: currency, credit
    limit, closing, payment, fee bearer, rounding. `price_digits` are decimals of the unit price.
    """

    currency: str
    incoterm: str
    incoterm_place: str
    default_rate: Decimal | None
    price_digits: int
    price_mode: Rounding
    amount_mode: Rounding
    amount_digits: int
    amount_basis: AmountBasis
    tax_mode: Rounding
    billing: Billing
    closing_days: str
    payment_months: int
    payment_day: int
    payment_days: int | None
    payment_text: str
    fee_bearer: FeeBearer
    minimum_amount: Decimal | None
    credit_limit: Decimal | None
    freight_fee: Decimal
    freight_free_from: Decimal | None
    approval_needed: bool
    freight_is_own: bool = False
    payment_means: PaymentMeans = PaymentMeans.ON_ACCOUNT
    payment_gate: PaymentGate = PaymentGate.SHIP
    deposit_share: Decimal | None = None

    @property
    def cash_on_delivery(self) -> bool:
        """Whether the carrier collects the money."""
        return self.payment_means is PaymentMeans.CASH_ON_DELIVERY

    @property
    def prepaid_share(self) -> Decimal:
        """How much of an order must have been paid before it goes on: 0, a deposit, or all (1)."""
        whole = Decimal(1) if self.payment_means is PaymentMeans.PREPAYMENT else Decimal(0)
        return _first(self.deposit_share, whole)


def customer_by_code(code: str) -> Customer | None:
    """The customer with this code, or the one it was merged into."""
    found = session.scalar(select(Customer).where(Customer.code == code))
    return found and lives_on(found)


def lives_on(customer: Customer) -> Customer:
    """The customer itself, or the one it was merged into."""
    merged_into = customer.merged_into_id
    return customer if merged_into is None else the_customer(merged_into)


def living(customer_ids: Iterable[int]) -> dict[int, int]:
    """Who lives on in place of these customers: {id: its own id, or that of the one it became}."""
    ids = sorted(set(customer_ids))
    merged: dict[int, int] = dict(session.execute(_MERGED, {"some": ids}).all()) if ids else {}
    return {one: merged.get(one, one) for one in ids}


def family(customer_id: int) -> Select[int]:
    """The ids under which frozen rows of a customer stand: its own, and those merged into it."""
    return select(Customer.id).where(
        or_(Customer.id == customer_id, Customer.merged_into_id == customer_id)
    )


def payers_ever(customer: Customer) -> Select[int]:
    """The ids of all who were ever billed for a customer, itself and those merged into it among them."""
    named = select(BillTo.bill_to_id).where(
        BillTo.customer_id == customer.id, BillTo.bill_to_id.is_not(None)
    )
    return select(Customer.id).where(
        or_(
            Customer.id.in_([customer.id, customer.payer_id]),
            Customer.merged_into_id.in_([customer.id, customer.payer_id]),
            Customer.id.in_(named),
        )
    )


def known_as(text: str) -> ColumnElement[bool]:
    """The living customers whose code, or one that was merged into them, begins with a text."""
    merged = aliased(Customer)
    begun = select(merged.merged_into_id).where(
        merged.code.ilike(f"{text}%"), merged.merged_into_id.is_not(None)
    )
    return or_(Customer.code.ilike(f"{text}%"), Customer.id.in_(begun))


lives: ColumnElement[bool] = Customer.merged_into_id.is_(None)
_customers = cast("Table", Customer.__table__).c
_MERGED = select(_customers.id, _customers.merged_into_id).where(
    _customers.id.in_(bindparam("some", expanding=True)), _customers.merged_into_id.is_not(None)
)


def the_customer(customer_id: int) -> Customer:
    """The customer with this id."""
    return session.scalars(select(Customer).where(Customer.id == customer_id)).one()


def terms_on(customer_id: int, day: date) -> Terms | None:
    """A customer's own row of terms in force on a day."""
    return session.scalar(
        select(Terms)
        .where(Terms.customer_id == customer_id, Terms.valid_from <= day)
        .order_by(Terms.valid_from.desc())
        .limit(1)
    )


def money_terms(customer: Customer, day: date) -> MoneyTerms:
    """The terms in force, the company's defaults filled in. Raises NoTerms. One statement."""
    kept: dict[tuple[int, date], MoneyTerms] = session.info.setdefault("money_terms", {})
    if (customer.id, day) not in kept:
        kept[customer.id, day] = _money_terms(customer, day)
    return kept[customer.id, day]


def forget_terms() -> None:
    """Terms have changed in this unit of work: read them again."""
    session.info.pop("money_terms", None)


_IN_FORCE = (  # composed once: putting a statement together costs more than running it
    select(Terms, Currency.digits)
    .outerjoin(Currency, Currency.code == Terms.currency)
    .where(
        Terms.customer_id.in_(bindparam("customers", expanding=True)),
        Terms.valid_from <= bindparam("day"),
    )
    .order_by(Terms.valid_from)
)


def money_terms_of(customers: Iterable[Customer], day: date) -> dict[int, MoneyTerms]:
    """The terms in force of many customers by id, without those who have none. One statement."""
    wanted = list(customers)
    ids = {one.id for one in wanted} | {one.payer_on(day) for one in wanted}
    rows, digits_in = _terms_rows(ids, day)
    found = {one.id: _made_of(one, one.payer_on(day), rows, digits_in) for one in wanted}
    return {customer_id: terms for customer_id, terms in found.items() if terms is not None}


def _money_terms(customer: Customer, day: date) -> MoneyTerms:
    payer_id = customer.payer_on(day)
    rows, digits_in = _terms_rows({customer.id, payer_id}, day)
    terms = _made_of(customer, payer_id, rows, digits_in)
    if terms is None:
        raise NoTerms(customer=customer.name)
    return terms


def _terms_rows(ids: Iterable[int], day: date) -> tuple[dict[int, Terms], dict[str, int | None]]:
    rows: dict[int, Terms] = {}
    digits_in: dict[str, int | None] = {}
    for row, stated in session.execute(_IN_FORCE, {"customers": sorted(ids), "day": day}):
        rows[row.customer_id], digits_in[row.currency] = row, stated
    return rows, digits_in


def _made_of(
    customer: Customer,
    payer_id: int,
    rows: Mapping[int, Terms],
    digits_in: Mapping[str, int | None],
) -> MoneyTerms | None:
    payer = rows.get(payer_id) or rows.get(customer.id)
    own = rows.get(customer.id) or payer
    if own is None or payer is None:
        return None
    ours = company()
    home = payer.currency == ours.currency
    digits = _first(digits_in[payer.currency], CURRENCIES.get(payer.currency, 2))
    return MoneyTerms(
        currency=payer.currency,
        incoterm=own.incoterm,
        incoterm_place=own.incoterm_place,
        default_rate=own.default_rate,
        price_digits=_first(payer.price_digits, ours.price_digits if home else digits),
        price_mode=_first(payer.price_mode, ours.price_mode),
        amount_mode=_first(payer.amount_mode, ours.amount_mode),
        amount_digits=digits,
        amount_basis=payer.amount_basis,
        tax_mode=_first(payer.tax_mode, ours.tax_mode),
        billing=payer.billing,
        closing_days=payer.closing_days,
        payment_months=payer.payment_months,
        payment_day=payer.payment_day,
        payment_days=payer.payment_days,
        payment_text=payer.payment_text,
        fee_bearer=payer.fee_bearer,
        minimum_amount=own.minimum_amount,
        credit_limit=own.credit_limit,
        freight_fee=_first(own.freight_fee, ours.freight_fee if home else Decimal(0)),
        freight_free_from=_first(own.freight_free_from, ours.freight_free_from if home else None),
        approval_needed=own.approval_needed,
        freight_is_own=own.freight_fee is not None or own.freight_free_from is not None,
        payment_means=payer.payment_means,
        payment_gate=payer.payment_gate,
        deposit_share=payer.deposit_share,
    )


def _first(stated: T | None, default: T) -> T:
    return default if stated is None else stated


def ship_tos(customer_id: int) -> list[Address]:
    """The active addresses goods can go to, the default first."""
    return list(
        session.scalars(
            select(Address)
            .where(
                Address.customer_id == customer_id,
                Address.kind == AddressKind.SHIP_TO,
                Address.is_active,
            )
            .order_by(Address.is_default.desc(), Address.code)
        )
    )
