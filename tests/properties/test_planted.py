"""A check that never speaks is no check: each finds the one wrong figure that was planted for it."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from tests.factories.goods import make_sku
from tests.factories.orders import BY, make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.billing import invoicing
from wholesale.billing.checks import CHECKS as BILLING
from wholesale.company.models import BankAccount
from wholesale.kernel import clock, files
from wholesale.kernel.db import session
from wholesale.kernel.papers import Paper
from wholesale.merging.checks import CHECKS as MERGING
from wholesale.orders.checks import CHECKS as ORDERS
from wholesale.payments import settling
from wholesale.payments.checks import CHECKS as PAYMENTS
from wholesale.payments.models import BankFile, BankLine
from wholesale.shipping import dispatching, packing, planning
from wholesale.stock import allotting
from wholesale.stock.checks import CHECKS as STOCK
from wholesale.stock.setting_up import location_id

CHECKS = {check.id: check for check in (*STOCK, *ORDERS, *BILLING, *PAYMENTS, *MERGING)}
MERGED = (
    "UPDATE customers SET state = 'merged', merged_into_id = (SELECT MAX(id) FROM customers) "
    "WHERE code = 'nordwind'"
)
PLANTED = [
    ("STK-1", "UPDATE balances SET on_hand = on_hand + 1 WHERE is_guarded"),
    (
        "STK-3",
        "UPDATE balances SET allocated = allocated + 1 WHERE is_guarded AND on_hand > allocated",
    ),
    ("STK-5", "UPDATE balances SET on_hand = on_hand + 1 WHERE NOT is_guarded"),
    ("STK-6", "UPDATE demands SET allocated = allocated - 1 WHERE allocated > 0"),
    ("STK-7", "UPDATE balances SET set_aside = set_aside + 1 WHERE set_aside > 0"),
    ("ORD-2", "UPDATE order_lines SET allocated = allocated - 1 WHERE allocated > 0"),
    ("ORD-3", "UPDATE demands SET open = open + 1"),
    ("ORD-5", "UPDATE orders SET amount_net = amount_net + 10000"),
    ("ORD-6", "UPDATE orders SET goods_state = 'partly_shipped'"),
    ("ORD-7", "UPDATE orders SET on_hold = true"),
    ("ORD-8", "UPDATE orders SET prepayment = prepayment + 10000"),
    ("CRD-4", "UPDATE credit_uses SET reserved = reserved + 10000"),
    ("CRD-1", "UPDATE credit_uses SET ordered = ordered + 10000"),
    ("INV-1", "UPDATE invoice_lines SET amount = amount + 10000"),
    ("INV-2", "UPDATE invoice_taxes SET tax = tax + 10000"),
    ("INV-4", "UPDATE number_counters SET last = last + 1 WHERE code = 'INV' AND last > 0"),
    ("INV-6", "UPDATE order_lines SET invoiced = invoiced - 1 WHERE invoiced > 0"),
    ("SHP-1", "UPDATE shipment_lines SET quantity = quantity + 1"),
    ("MRG-1", MERGED),
    ("MRG-2", MERGED),
    ("AR-1", "UPDATE ledger_entries SET amount = amount + 10000"),
    ("CRD-2", "UPDATE credit_uses SET receivable = receivable + 10000"),
    ("CRD-3", "UPDATE credit_uses SET unbilled = unbilled + 10000"),
    ("PAP-1", "UPDATE invoices SET paper_id = NULL"),
    ("PAY-1", "UPDATE receipts SET on_account = on_account + 10000"),
    ("PAY-2", "UPDATE settlements SET amount = amount - 10000"),
    ("PAY-4", "UPDATE ledger_entries SET amount = amount - 10000 WHERE kind = 'receipt'"),
    ("PAY-5", "UPDATE bank_lines SET state = 'open'"),
    ("STK-2", "DELETE FROM balances WHERE NOT is_guarded"),
    ("ORD-4", "UPDATE orders SET state = 'cancelled'"),
    ("INV-2", "UPDATE invoice_taxes SET base = base + 50000"),
    ("INV-3", "UPDATE invoices SET tax = tax + 10000, total = total + 10000"),
    ("INV-4", "UPDATE invoices SET number = 'INV-2611-9999'"),
    ("SHP-2", "UPDATE order_lines SET planned = planned + 1 WHERE shipped = 0"),
    ("SHP-3", "UPDATE moves SET quantity = quantity + 1 WHERE kind = 'shipment'"),
    ("SHP-4", "UPDATE carton_lines SET quantity = quantity + 1"),
    ("PAY-2", "DELETE FROM settlements"),
    ("PAY-3", "UPDATE invoices SET settled = total + 10000"),
    ("PAY-4", "DELETE FROM ledger_entries WHERE kind = 'receipt'"),
]


@pytest.fixture
def trade(cast: Cast) -> None:
    """One order sent, billed and paid with something left over; one waiting; stock set aside."""
    cup = make_sku(list_price="10000")
    put_on_shelf(cup, 40)
    order = make_order(cast.nordwind, {cup: 10}, confirmed=True)
    for shipment in planning.plan_shipments(order, BY):
        packing.pick_all(shipment, BY)
        packing.pack_as_suggested(shipment, BY)
        dispatching.dispatch(shipment, BY)
    (invoice,) = invoicing.invoice_shipped_goods(BY)
    account = session.scalars(select(BankAccount).where(BankAccount.code == "MIYAKO")).one()
    file = BankFile(
        name="nov.csv", sha256="0" * 64, format="test", imported_at=clock.now(),
        imported_by="test", lines_new=1, lines_known=0,
    )  # fmt: skip
    session.add(file)
    session.flush()
    line = BankLine(
        account_id=account.id, file_id=file.id, key="1" * 64, record="", currency="JPY",
        booked_on=clock.today(), is_credit=True, amount=invoice.total + 500,
        payer_name="ハラウ", payer_key="ハラウ",
    )  # fmt: skip
    session.add(line)
    session.flush()
    settling.settle(line, cast.nordwind, [settling.Applied(invoice, invoice.total)], BY)
    make_order(cast.rival, {cup: 5})
    allotting.allot(cup.id, location_id("W1"), 5, BY, customer_id=cast.rival.id)
    session.flush()


def without_triggers() -> None:
    """Only somebody with the database itself in hands could plant these."""
    if session.get_bind().dialect.name == "sqlite":
        names = (
            select(text("name")).select_from(text("sqlite_master")).where(text("type = 'trigger'"))
        )
        for name in session.scalars(names).all():
            session.execute(text(f'DROP TRIGGER "{name}"'))
        return
    for table in (
        "ledger_entries", "settlements", "invoice_lines", "invoice_taxes", "invoices", "moves",
    ):  # fmt: skip
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


@pytest.mark.parametrize(
    ("check", "change"), PLANTED, ids=[f"{n}-{check}" for n, (check, _) in enumerate(PLANTED)]
)
def test_a_planted_wrong_figure_is_found(trade: None, check: str, change: str) -> None:
    assert CHECKS[check].offenders() == []
    session.flush()
    without_triggers()
    session.execute(text(change))
    session.expire_all()
    assert CHECKS[check].offenders() != []


def test_a_changed_byte_of_a_stored_paper_is_found(trade: None) -> None:
    paper = session.scalars(select(Paper).order_by(Paper.id).limit(1)).one()
    paper.sha256 = files.store(b"%PDF-1.7 told", name="a.pdf", media_type="application/pdf").sha256
    session.flush()
    assert CHECKS["PAP-2"].offenders() == []
    path = files.path_of(paper.sha256)
    path.chmod(0o644)
    path.write_bytes(b"%PDF-1.7 sold")
    (bad,) = CHECKS["PAP-2"].offenders()
    assert bad["number"] == paper.number
    path.unlink()
    (bad,) = CHECKS["PAP-2"].offenders()
    assert bad["number"] == paper.number
