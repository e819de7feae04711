"""Who is billed, by day: documents and their credit keep the bill-to of their own day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.orders import BY, check_house, make_order
from tests.factories.people import Cast, make_customer
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import User
from wholesale.billing import checks as billing
from wholesale.billing import invoicing
from wholesale.customers import billing_to, credit_limits
from wholesale.customers.billing_to import (
    BillToChain,
    BillToInForce,
    NoSuchPayer,
    NotAtClosing,
    change_bill_to,
    payer_on,
    withdraw,
)
from wholesale.customers.models import Customer
from wholesale.customers.queries import money_terms
from wholesale.customers.registering import CustomerDraft, save_customers
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.jobs import Job
from wholesale.orders import checks
from wholesale.orders.confirming import confirm
from wholesale.orders.models import Order
from wholesale.shipping import dispatching, packing, planning

URL = "/office/customers/nordwind/bill-to"
TODAY = date(2026, 11, 20)
AFTER_CLOSING = date(2026, 12, 1)


def change(customer: Customer, code: str, day: date) -> None:
    change_bill_to(customer, code, day, customer.version, BY)
    session.flush()


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def ordered(customer: Customer) -> Order:
    sku = make_sku()
    put_on_shelf(sku, 10)
    return make_order(customer, {sku: 10})


def billed(order: Order) -> None:
    confirm(order, BY)
    (shipment,) = planning.plan_shipments(order, BY)
    packing.pick_all(shipment, BY)
    packing.pack_as_suggested(shipment, BY)
    dispatching.dispatch(shipment, BY)
    assert invoicing.invoice_shipment(shipment, BY).customer_id == order.bill_to_id


def test_documents_keep_the_bill_to_of_their_day(cast: Cast) -> None:
    head = make_customer("head", "本部", credit_limit="1000000")
    before = ordered(cast.nordwind)
    change(cast.nordwind, "head", AFTER_CLOSING)
    assert cast.nordwind.payer is cast.nordwind
    still = ordered(cast.nordwind)
    with clock.at(at_noon(AFTER_CLOSING)):
        after = ordered(cast.nordwind)  # the job of midnight has not come yet
        assert (before.bill_to_id, still.bill_to_id) == (cast.nordwind.id, cast.nordwind.id)
        assert after.bill_to_id == head.id
        billing_to.take_effect(cast.nordwind)
        billing_to.take_effect(cast.nordwind)
        assert (cast.nordwind.bill_to_id, cast.nordwind.payer) == (head.id, head)
        for order in (before, after):
            billed(order)
        still_own = credit_limits.known_credit(cast.nordwind.id, "JPY")
        group = credit_limits.known_credit(head.id, "JPY")
        assert still_own is not None
        assert group is not None
        assert still_own.ordered == still.amount_gross
        assert group.receivable == after.amount_gross
        check_house(checks.CHECKS, billing.CHECKS)
    assert payer_on(cast.nordwind, TODAY) == cast.nordwind.id
    assert payer_on(cast.nordwind, AFTER_CLOSING) == head.id


def test_the_job_waits_for_midnight(cast: Cast) -> None:
    make_customer("head", "本部")
    change(cast.nordwind, "head", AFTER_CLOSING)
    job = session.scalars(select(Job).where(Job.name == billing_to.TAKE_EFFECT)).one()
    assert clock.local(job.run_at).date() == AFTER_CLOSING
    withdraw(cast.nordwind, cast.nordwind.version, BY)
    session.flush()
    with clock.at(at_noon(AFTER_CLOSING)):
        billing_to.take_effect(cast.nordwind)
        assert money_terms(cast.nordwind, AFTER_CLOSING).default_rate == Decimal("0.6")
        assert cast.nordwind.payer is cast.nordwind


def test_what_can_not_be(cast: Cast) -> None:
    head, other = make_customer("head", "本部"), make_customer("other", "別")
    with pytest.raises(BillToInForce):
        change(cast.nordwind, "head", TODAY - timedelta(days=1))
    with pytest.raises(NoSuchPayer):
        change(cast.nordwind, "nobody", AFTER_CLOSING)
    with pytest.raises(NotAtClosing):
        change(cast.nordwind, "head", TODAY)
    change(cast.nordwind, "head", AFTER_CLOSING)
    with pytest.raises(BillToChain):
        change(head, "other", AFTER_CLOSING)
    with pytest.raises(BillToChain):
        change(other, "nordwind", AFTER_CLOSING)
    with pytest.raises(BillToInForce):
        withdraw(other, other.version, BY)


def test_a_sheet_of_another_bill_to_puts_an_end_to_what_was_to_come(cast: Cast) -> None:
    nordwind, today = cast.nordwind, clock.today()
    change(nordwind, "rival", AFTER_CLOSING)
    save_customers([CustomerDraft("nordwind", {}, {}, bill_to="")], BY, first_day=today)
    assert (nordwind.next_bill_to_on, nordwind.next_bill_to_id) == (AFTER_CLOSING, cast.rival.id)
    other = make_customer("other", "別商会")
    save_customers([CustomerDraft("nordwind", {}, {}, bill_to="other")], BY, first_day=today)
    assert (nordwind.payer_id, nordwind.next_bill_to_on) == (other.id, None)
    assert [payer for _, payer in billing_to.history(nordwind.id)] == [other, None]
    assert payer_on(nordwind, AFTER_CLOSING) == other.id


def test_the_office_changes_it(client_of: Callable[[User | None], Browser], cast: Cast) -> None:
    make_customer("head", "本部")
    dana = client_of(cast.dana)
    form = {"bill_to": "head", "valid_from": "2026-12-01", "version": cast.nordwind.version}
    assert dana.get(URL).status_code == 200
    wrong = dana.post(URL, {**form, "bill_to": "nobody"})
    assert wrong.status_code == 422
    assert 'value="nobody"' in wrong.text
    part = dana.post_part(URL, form)
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div class="stack" id="bill-to">')
    assert "本部" in dana.get("/office/customers/nordwind").text
    assert dana.post(URL, form).status_code == 409
    again = dana.post(f"{URL}/removal", {"version": cast.nordwind.version})
    assert again.headers["Location"] == URL
    assert client_of(cast.frida).get(URL).status_code == 403
