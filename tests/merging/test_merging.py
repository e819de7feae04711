"""Two customers become one, with all they own, and two again within a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.browsing import Browser
from tests.factories.goods import make_product, make_sku
from tests.factories.orders import BY, check_house, make_order
from tests.factories.people import Cast, make_customer
from tests.factories.receipts import make_bank_lines, make_dispatched, make_invoice
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import Membership, User
from wholesale.billing import invoicing, receivables
from wholesale.catalog.models import PartNumber
from wholesale.cli.checking import CHECKS
from wholesale.customers import billing_to, credit_limits
from wholesale.customers.billing_to import BillToChain
from wholesale.customers.models import Address, Customer, CustomerState
from wholesale.customers.queries import customer_by_code
from wholesale.kernel import clock
from wholesale.kernel.db import Model, session
from wholesale.kernel.errors import Conflict
from wholesale.merging import merging
from wholesale.merging.merging import NotTwo, SomethingDepends, TooLateToUndo, UndoneAlready
from wholesale.merging.models import Merge
from wholesale.orders.models import Order
from wholesale.payments import settling
from wholesale.payments.settling import Applied
from wholesale.pricing.models import OwnerKind, PriceRule, RuleKind, Scope
from wholesale.pricing.revising import RuleDraft, save_rules
from wholesale.stock import allotting
from wholesale.stock.models import Allotment
from wholesale.stock.setting_up import location_id

# What a merge may leave behind although it was taken back.
TRACES = {"journal_entries", "journal_head", "merges", "moved_rows", "ledger_entries", "jobs"}


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but for traces, versions and counters that are nothing."""
    session.flush()
    found = {}
    for name, table in sorted(Model.metadata.tables.items()):
        columns = [column for column in table.columns if column.key != "version"]
        if name in TRACES:
            continue
        rows = session.execute(select(*columns).order_by(table.c.id)).all()
        found[name] = [
            tuple(map(str, row)) for row in rows if name != "credit_uses" or any(row[5:])
        ]
    return found


def rate(owner: Customer, value: str, product: int) -> RuleDraft:
    return RuleDraft(
        owner_kind=OwnerKind.CUSTOMER, owner_id=owner.id, kind=RuleKind.RATE, scope=Scope.PRODUCT,
        object_id=product, value=Decimal(value), valid_from=date(2026, 1, 1),
    )  # fmt: skip


@pytest.fixture
def two(cast: Cast) -> tuple[Customer, Customer]:
    """The rival (old) and Nordwind (new), each with orders, goods, money and rules of its own."""
    old, new = cast.rival, cast.nordwind
    cup, bowl = make_product("湯呑"), make_product("鉢")
    sku = make_sku(cup, list_price="1000")
    put_on_shelf(sku, 100)
    save_rules([rate(old, "0.5", cup.id), rate(old, "0.4", bowl.id), rate(new, "0.55", cup.id)], BY)
    for customer in (old, new):
        make_order(customer, {sku: 5})
        make_dispatched(customer)
        make_invoice(customer)
        allotting.allot(sku.id, location_id("W1"), 10, BY, customer_id=customer.id)
        session.add(PartNumber(customer_id=customer.id, sku_id=sku.id, number=customer.code))
    (line,) = make_bank_lines(("ﾗｲﾊﾞﾙ", Decimal(1234)))
    settling.put_on_account(line, old, BY)
    taken = session.scalars(select(Address).where(Address.customer_id == old.id)).one()
    taken.code = "nordwind-1"
    session.flush()
    return old, new


def merged(old: Customer, new: Customer, *take: str) -> Merge:
    session.refresh(old)
    session.refresh(new)
    return merging.merge(old, new, (old.version, new.version), BY, take=take)


def owed(customer: Customer) -> Decimal:
    return receivables.balance(customer.id, "JPY")


def test_all_of_both_is_one(two: tuple[Customer, Customer]) -> None:
    old, new = two
    before = (
        credit_limits.credit_of(old, "JPY").exposure + credit_limits.credit_of(new, "JPY").exposure
    )
    both_owe = owed(old) + owed(new)
    done = merged(old, new, "phone")
    check_house(CHECKS)
    assert (old.state, old.merged_into_id) == (CustomerState.MERGED, new.id)
    assert (owed(old), owed(new)) == (0, both_owe)
    assert credit_limits.credit_of(new, "JPY").exposure == before
    assert done.counts["orders.customer_id"] == 3
    codes = session.scalars(select(Address.code).where(Address.customer_id == new.id)).all()
    assert sorted(codes) == ["nordwind-1", "nordwind-1-rival"]
    rules = session.scalars(select(PriceRule).where(PriceRule.owner_id == new.id)).all()
    assert sorted(rule.value for rule in rules) == [Decimal("0.4"), Decimal("0.55")]
    (kept,) = session.scalars(select(Allotment).where(Allotment.customer_id == new.id)).all()
    assert kept.quantity == 20
    assert customer_by_code("rival") is new
    assert session.scalars(select(Order.customer_id).distinct()).all() == [new.id]
    # Goods that left before are billed to whom they belong now; an old invoice is paid by the new one.
    invoicing.invoice_shipped_goods(BY)
    open_invoice = next(one for one in invoices_of(old) if one.open)
    (line,) = make_bank_lines(("ﾉﾙﾄﾞ", open_invoice.open))
    settling.settle(line, new, [Applied(open_invoice, open_invoice.open)], BY)
    check_house(CHECKS)
    with pytest.raises(SomethingDepends):
        merging.undo(done, BY)


def invoices_of(customer: Customer) -> list[invoicing.Invoice]:
    found = select(invoicing.Invoice).where(invoicing.Invoice.customer_id == customer.id)
    return list(session.scalars(found.order_by(invoicing.Invoice.id)))


def test_two_again_as_they_were(two: tuple[Customer, Customer]) -> None:
    old, new = two
    before, owing = everything(), (owed(old), owed(new))
    done = merged(old, new, "terms", "name")
    assert everything() != before
    assert new.name == old.name
    merging.undo(done, BY)
    after = everything()
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    assert (owed(old), owed(new)) == owing
    check_house(CHECKS)
    with pytest.raises(UndoneAlready):
        merging.undo(done, BY)
    again = merged(old, new)  # and once more, for good
    check_house(CHECKS)
    with clock.at(clock.now() + timedelta(days=2)), pytest.raises(TooLateToUndo):
        merging.undo(again, BY)


def test_what_can_not_be_merged(two: tuple[Customer, Customer], cast: Cast) -> None:
    old, new = two
    with pytest.raises(NotTwo):
        merging.merge(new, new, (new.version, new.version), BY)
    with pytest.raises(Conflict):
        merging.merge(old, new, (old.version + 7, new.version), BY)
    store, head = make_customer("store", "支店"), make_customer("head", "本部")
    after_closing = date(2026, 12, 1)
    billing_to.change_bill_to(store, "rival", after_closing, store.version, BY)
    session.flush()
    billing_to.change_bill_to(new, "head", after_closing, new.version, BY)
    session.flush()
    with clock.at(clock.now() + timedelta(days=20)), pytest.raises(BillToChain):
        merged(old, new)
    merged(old, head)
    assert store.next_bill_to_id == head.id
    with pytest.raises(NotTwo):
        merged(old, new)


def test_buyers_go_on_where_they_are(
    client_of: Callable[[User | None], Browser], two: tuple[Customer, Customer], cast: Cast
) -> None:
    old, new = two
    cleo = client_of(cast.cleo)
    number = session.scalars(select(Order.number).where(Order.customer_id == old.id)).first()
    invoice = invoices_of(old)[0].number
    assert cleo.get("/account").status_code == 200
    merged(old, new)
    member = session.scalars(select(Membership).where(Membership.user_id == cast.cleo.id)).one()
    assert member.customer_id == new.id
    page = cleo.get("/account")
    assert "nordwind" in page.text
    assert cleo.get(f"/orders/{number}").status_code == 200
    assert cleo.get(f"/invoices/{invoice}").status_code == 200
    assert client_of(cast.alma).get(f"/invoices/{invoice}").status_code == 200
