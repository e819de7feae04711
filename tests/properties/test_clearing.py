"""Clearing and undoing in any order: every figure comes back, by its own rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import func, select

from tests.factories.goods import make_sku
from tests.factories.orders import BY, check_house, make_order
from tests.factories.people import make_customer
from tests.factories.stock import put_on_shelf
from tests.properties.machine import DatabaseMachine, pick, run
from wholesale.billing import invoicing, receivables
from wholesale.billing.checks import CHECKS as BILLING
from wholesale.billing.models import Invoice, LedgerEntry
from wholesale.company.models import BankAccount
from wholesale.customers import credit_limits
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.orders.checks import CHECKS as ORDERS
from wholesale.orders.models import MoneyState
from wholesale.payments import settling
from wholesale.payments.checks import CHECKS as PAYMENTS
from wholesale.payments.models import (
    BankFile,
    BankLine,
    BankLineState,
    DifferenceKind,
    PayerName,
    Receipt,
)
from wholesale.shipping import dispatching, packing, planning

any_number = st.integers(0, 997)
RECEIPTS = ("5500", "11000", "11000", "33000", "60000", "660", "200000")


class ClearingMachine(DatabaseMachine):
    """The model knows of each invoice what is open, and of each live receipt what is left of it."""

    def set_up(self) -> None:
        self.payer = make_customer("z-1", "払", credit_limit="900000")
        self.other = make_customer("z-2", "他")
        self.invoices = [self._shipped_invoice()]
        for number, total in enumerate(("5500", "11000", "33000")):
            self.invoices.append(self._opening(f"OLD-{number}", self.payer, Decimal(total)))
        self.invoices.append(self._opening("OLD-9", self.other, Decimal(11000)))
        self.lines = self._bank_lines()
        session.flush()
        self.open = {invoice.id: invoice.open for invoice in self.invoices}
        self.live: dict[int, tuple[Receipt, dict[int, Decimal], Decimal, Decimal]] = {}
        self.before = self.figures()

    def _shipped_invoice(self) -> Invoice:
        sku = make_sku(list_price="10000")
        put_on_shelf(sku, 10)
        self.order = make_order(self.payer, {sku: 10}, confirmed=True)
        for shipment in planning.plan_shipments(self.order, BY):
            packing.pick_all(shipment, BY)
            packing.pack_as_suggested(shipment, BY)
            dispatching.dispatch(shipment, BY)
        return invoicing.invoice_shipped_goods(BY)[0]

    @staticmethod
    def _opening(number: str, payer: object, total: Decimal) -> Invoice:
        base = total / Decimal("1.1")
        return invoicing.bring_in_opening(
            payer, number, issued_on=date(2026, 9, 30), due=date(2026, 10, 31), currency="JPY",
            taxes=[("standard", Decimal("0.1"), base, total - base)], total=total,
            open_amount=total, by=BY,
        )  # fmt: skip

    @staticmethod
    def _bank_lines() -> list[BankLine]:
        account = session.scalars(select(BankAccount).where(BankAccount.code == "MIYAKO")).one()
        file = BankFile(
            name="nov.csv", sha256="0" * 64, format="test", imported_at=clock.now(),
            imported_by="test", lines_new=len(RECEIPTS), lines_known=0,
        )  # fmt: skip
        session.add(file)
        session.flush()
        lines = [
            BankLine(
                account_id=account.id, file_id=file.id, key=f"{n:064d}", record="", currency="JPY",
                booked_on=date(2026, 11, 19), is_credit=True, amount=Decimal(amount),
                payer_name="ハラウ", payer_key="ハラウ",
            )
            for n, amount in enumerate(RECEIPTS)
        ]  # fmt: skip
        session.add_all(lines)
        return lines

    def figures(self) -> dict[str, object]:
        """Every figure that a clearing moves."""
        session.expire_all()
        credit = credit_limits.credit_of(self.payer, "JPY")
        names = select(PayerName.key, PayerName.is_registered, PayerName.confirmations)
        return {
            "balances": [receivables.balance(one.id, "JPY") for one in (self.payer, self.other)],
            "settled": [invoice.settled for invoice in self.invoices],
            "credit": (credit.receivable, credit.on_account, credit.exposure),
            "states": [line.state for line in self.lines],
            "order": (self.order.state, self.order.money_state),
            "lines": [line.settled for line in self.order.lines],
            "names": [tuple(row) for row in session.execute(names) if row.confirmations],
        }

    @rule(
        line=any_number,
        invoices=st.sets(st.integers(0, 4), max_size=3),
        part=st.booleans(),
        fee=st.booleans(),
    )
    def settle(self, line: int, invoices: set[int], part: bool, fee: bool) -> None:
        one = pick(self.lines, line)
        difference = Decimal(440) if fee else Decimal(0)
        left, shares = one.amount + difference, {}
        for index in sorted(invoices):
            open_now = self.open[self.invoices[index].id]
            share = min(open_now, left, Decimal(3000) if part else left)
            if share > 0:
                shares[index] = share
                left -= share
        applied = [settling.Applied(self.invoices[index], share) for index, share in shares.items()]
        named = [(DifferenceKind.FEE, difference)] if fee else []
        receipt = self.attempt(
            "settle" if shares else "put on account",
            lambda: settling.settle(one, self.payer, applied, BY, differences=named),
        )
        if receipt is None:
            return
        for index, share in shares.items():
            self.open[self.invoices[index].id] -= share
        cleared = {self.invoices[index].id: share for index, share in shares.items()}
        self.live[receipt.id] = (receipt, cleared, left, difference)

    @rule()
    def pay_for_the_order(self) -> None:
        """The one invoice behind which order lines stand, to the last yen."""
        self.settle(len(self.lines) - 1, {0}, part=False, fee=False)

    @rule(line=any_number, invoice=st.integers(0, 4))
    def clear_more_than_arrived(self, line: int, invoice: int) -> None:
        one = pick(self.lines, line)
        applied = [settling.Applied(self.invoices[invoice], one.amount + 1)]
        assert (
            self.attempt("too much", lambda: settling.settle(one, self.payer, applied, BY)) is None
        )

    @precondition(lambda self: self.live)
    @rule(which=any_number)
    def undo(self, which: int) -> None:
        receipt, cleared, _, _ = self.live.pop(pick(sorted(self.live), which))

        def back() -> bool:
            settling.undo(receipt, BY)
            return True

        assert self.attempt("undo", back)
        for invoice, share in cleared.items():
            self.open[invoice] += share
        assert self.attempt("undo twice", back) is None

    @rule(line=any_number)
    def set_apart_and_take_up(self, line: int) -> None:
        one = pick(self.lines, line)

        def there_and_back() -> bool:
            settling.set_apart(one, BY)
            settling.take_up_again(one, BY)
            return True

        if one.state is BankLineState.OPEN:
            assert self.attempt("set apart", there_and_back)

    @invariant()
    def the_model_and_the_rows_agree(self) -> None:
        session.expire_all()
        assert {invoice.id: invoice.open for invoice in self.invoices} == self.open
        on_account = sum(left for _, _, left, _ in self.live.values())
        owed = sum(self.open[i.id] for i in self.invoices if i.customer_id == self.payer.id)
        credit = credit_limits.credit_of(self.payer, "JPY")
        assert (credit.receivable, credit.on_account) == (owed, on_account)
        assert receivables.balance(self.payer.id, "JPY") == owed - on_account
        paid = self.open[self.invoices[0].id] == 0
        assert self.order.money_state is (MoneyState.PAID if paid else MoneyState.BILLED)

    @invariant()
    def every_book_is_right(self) -> None:
        check_house(ORDERS, BILLING, PAYMENTS)

    def teardown(self) -> None:
        """Undo what still stands, the newest first: every figure is what it was at the start."""
        for key in sorted(self.live, reverse=True):
            settling.undo(self.live[key][0], BY)
            session.flush()
        assert self.figures() == self.before
        taken_back = session.scalar(
            select(func.sum(LedgerEntry.amount)).where(LedgerEntry.document.like("RC-%"))
        )
        assert not taken_back
        check_house(ORDERS, BILLING, PAYMENTS)
        super().teardown()


def test_clearing_and_undoing_in_any_order_gives_every_figure_back(database: None) -> None:
    went = run(ClearingMachine, examples=20, steps=20)
    wanted = {"settle", "put on account", "undo", "set apart"}
    assert wanted <= set(went), went
    assert not {"too much", "undo twice"} & set(went)
