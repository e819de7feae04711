"""An invoice and lines of the bank, made with the real verbs."""

from __future__ import annotations

from decimal import Decimal

from tests.factories.goods import make_sku
from tests.factories.orders import make_order
from tests.factories.stock import put_on_shelf
from wholesale.billing import invoicing
from wholesale.billing.models import Invoice
from wholesale.customers.models import Customer
from wholesale.kernel.access import Actor
from wholesale.payments import importing, matching
from wholesale.payments.models import BankLine
from wholesale.shipping import dispatching, packing, planning
from wholesale.shipping.models import Shipment

BY = Actor.system("test")


def make_dispatched(customer: Customer, pieces: int = 10) -> Shipment:
    """A dispatched shipment that no invoice names yet."""
    sku = make_sku()
    put_on_shelf(sku, pieces)
    order = make_order(customer, {sku: pieces}, confirmed=True)
    (shipment,) = planning.plan_shipments(order, BY)
    packing.pick_all(shipment, BY)
    packing.pack_as_suggested(shipment, BY)
    dispatching.dispatch(shipment, BY)
    return shipment


def make_invoice(customer: Customer, pieces: int = 10) -> Invoice:
    """An issued invoice of 600 a piece and tax."""
    return invoicing.invoice_shipment(make_dispatched(customer, pieces), BY)


def bank_csv(*receipts: tuple[str, Decimal | int]) -> bytes:
    """A statement as a bank's portal hands it out, of the day of the tests."""
    lines = ["日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分"]
    total = 1_000_000
    for name, amount in receipts:
        total += int(amount)
        lines.append(f'2026/11/20,振込１,{name},,"{int(amount):,}","{total:,}",,,入金')
    return "\r\n".join(lines).encode("cp932")


def make_bank_lines(*receipts: tuple[str, Decimal | int]) -> list[BankLine]:
    """Lines that have arrived, each with what matching proposes for it."""
    brought = importing.import_statement(bank_csv(*receipts), "nov.csv", BY, account_code="MIYAKO")
    matching.match_all(BY)
    return brought.new
