"""Terms of trade: from a day on, frozen behind, and orders keep theirs."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import NOW
from tests.factories.goods import make_product, make_sku
from tests.factories.orders import make_order
from tests.factories.people import BY, Cast
from tests.factories.stock import put_on_shelf
from wholesale.customers import trading
from wholesale.customers.credit_limits import credit_of
from wholesale.customers.models import (
    AmountBasis,
    Billing,
    Customer,
    FeeBearer,
    PaymentGate,
    PaymentMeans,
)
from wholesale.customers.queries import money_terms
from wholesale.customers.trading import (
    BadClosingDays,
    NoTermsYet,
    TermsInForce,
    change_limit,
    change_terms,
    history,
    stamp,
    withdraw,
)
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.journal import JournalEntry

TODAY = date(2026, 11, 20)
LATER = date(2026, 12, 21)
NEW: dict[str, Any] = {
    "currency": "JPY", "incoterm": "", "incoterm_place": "", "default_rate": Decimal("0.55"),
    "price_digits": None, "price_mode": None, "amount_mode": None, "tax_mode": None,
    "amount_basis": AmountBasis.UNIT_PRICE, "billing": Billing.PERIODIC, "closing_days": "20",
    "payment_months": 1, "payment_day": 31, "payment_days": None, "payment_text": "20日締め翌月末",
    "fee_bearer": FeeBearer.PAYER, "minimum_amount": None, "freight_fee": None,
    "freight_free_from": None, "payment_means": PaymentMeans.ON_ACCOUNT,
    "payment_gate": PaymentGate.SHIP, "deposit_share": None, "approval_needed": False,
}  # fmt: skip


def change(customer: Customer, day: date, **values: Any) -> None:
    change_terms(customer, day, {**NEW, **values}, stamp(history(customer.id)), BY)


def limit(customer: Customer, amount: str | None) -> None:
    stated = None if amount is None else Decimal(amount)
    change_limit(customer, stated, stamp(history(customer.id)), BY)


def test_terms_to_come_wait_for_their_day(cast: Cast) -> None:
    change(cast.nordwind, LATER)
    assert money_terms(cast.nordwind, TODAY).default_rate == Decimal("0.6")
    assert money_terms(cast.nordwind, LATER - timedelta(days=1)).default_rate == Decimal("0.6")
    assert money_terms(cast.nordwind, LATER).default_rate == Decimal("0.55")
    withdraw(cast.nordwind, LATER, stamp(history(cast.nordwind.id)), BY)
    assert money_terms(cast.nordwind, LATER).default_rate == Decimal("0.6")


def test_what_was_in_force_stays(cast: Cast) -> None:
    with pytest.raises(TermsInForce):
        change(cast.nordwind, TODAY - timedelta(days=1))
    with pytest.raises(TermsInForce):
        withdraw(cast.nordwind, date(2020, 1, 1), stamp(history(cast.nordwind.id)), BY)
    change(cast.nordwind, TODAY)
    first, second = history(cast.nordwind.id)
    assert (first.valid_from, second.valid_from) == (TODAY, date(2020, 1, 1))
    assert second.default_rate == Decimal("0.6")


def test_an_order_keeps_the_terms_it_was_placed_on(cast: Cast) -> None:
    sku = make_sku(make_product("湯呑"), list_price="1000")
    put_on_shelf(sku, 50)
    order = make_order(cast.nordwind, {sku: 2})
    session.flush()
    session.refresh(order)
    before, amount = dict(order.terms), order.amount_net
    change(cast.nordwind, TODAY)
    session.expire_all()
    assert (order.terms, order.amount_net) == (before, amount)
    later = make_order(cast.nordwind, {sku: 2})
    assert later.lines[0].unit_price == Decimal(550)
    assert order.lines[0].unit_price == Decimal(600)


def test_the_journal_has_old_and_new(cast: Cast) -> None:
    change(cast.nordwind, LATER, minimum_amount=Decimal(30000))
    session.commit()
    entry = session.scalars(select(JournalEntry).where(JournalEntry.did == "customer:terms")).one()
    changes = json.loads(entry.details)["changes"]
    assert changes["valid_from"] == [None, "2026-12-21"]
    assert changes["closing_days"] == ["31", "20"]
    assert [Decimal(one) for one in changes["default_rate"]] == [Decimal("0.6"), Decimal("0.55")]
    assert "payment_day" not in changes


def test_two_people_do_not_overwrite_one_another(cast: Cast) -> None:
    seen = stamp(history(cast.nordwind.id))
    change(cast.nordwind, LATER)
    with pytest.raises(Conflict):
        change_terms(cast.nordwind, LATER, NEW, seen, BY)
    with pytest.raises(Conflict):
        withdraw(cast.nordwind, LATER, seen, BY)
    with pytest.raises(Conflict):
        change_limit(cast.nordwind, Decimal(1), seen, BY)


@pytest.mark.parametrize("typed", ["0", "32", "x", "5,10,15,20", "-1"])
def test_closing_days_are_days(cast: Cast, typed: str) -> None:
    with pytest.raises(BadClosingDays):
        change(cast.nordwind, LATER, closing_days=typed)


def test_closing_days_are_sorted_and_single() -> None:
    assert trading.read_closing_days("31、15, 15") == "15,31"
    assert trading.read_closing_days("") == ""


def test_a_limit_holds_from_today_and_in_terms_to_come(cast: Cast) -> None:
    change(cast.nordwind, LATER)
    limit(cast.nordwind, "300000")
    assert credit_of(cast.nordwind, "JPY").credit_limit == Decimal(300000)
    assert [row.credit_limit for row in history(cast.nordwind.id)] == [300000, 300000, None]
    limit(cast.nordwind, None)
    assert credit_of(cast.nordwind, "JPY").credit_limit is None


def test_in_another_currency_nobody_has_judged_the_limit(cast: Cast) -> None:
    limit(cast.nordwind, "300000")
    change(cast.nordwind, TODAY, currency="USD")
    assert credit_of(cast.nordwind, "USD").credit_limit == 0
    change(cast.rival, TODAY, currency="USD")
    assert credit_of(cast.rival, "USD").credit_limit is None


def test_a_limit_needs_terms(cast: Cast) -> None:
    new = Customer(code="K9", name="新規")
    session.add(new)
    session.flush()
    with pytest.raises(NoTermsYet):
        limit(new, "1")
    change(new, TODAY)
    with clock.at(NOW):
        assert money_terms(new, TODAY).closing_days == "20"
