"""Clearings that are refused: more than arrived, another currency, twice undone, nobody's statement."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from tests.factories.orders import check_house
from tests.factories.people import Cast, make_customer
from tests.factories.receipts import BY, bank_csv, make_bank_lines, make_invoice
from wholesale.billing.checks import CHECKS as BILLING
from wholesale.kernel.db import savepoint, session
from wholesale.payments import importing, settling
from wholesale.payments.checks import CHECKS
from wholesale.payments.importing import UnknownAccount
from wholesale.payments.models import BankLine, BankLineState, DifferenceKind, Receipt
from wholesale.payments.settling import AlreadyUndone, Applied, OtherCurrency, TooMuchApplied


def receipts() -> int:
    return session.scalar(select(func.count()).select_from(Receipt)) or 0


def test_no_more_is_cleared_than_arrived_and_is_named(cast: Cast) -> None:
    invoice = make_invoice(cast.nordwind)
    (line,) = make_bank_lines(("ﾉﾙﾄﾞｳﾞｨﾝﾄ", invoice.total - 660))
    applied = [Applied(invoice, invoice.total)]
    with pytest.raises(TooMuchApplied, match="660"):
        settling.settle(line, cast.nordwind, applied, BY)
    with pytest.raises(TooMuchApplied, match="1"):
        settling.settle(
            line, cast.nordwind, applied, BY, differences=[(DifferenceKind.FEE, Decimal(659))]
        )
    assert (receipts(), line.state) == (0, BankLineState.PROPOSED)
    settling.settle(
        line, cast.nordwind, applied, BY, differences=[(DifferenceKind.FEE, Decimal(660))]
    )
    assert invoice.is_paid
    check_house(CHECKS, BILLING)


def test_a_receipt_clears_its_own_currency_only(cast: Cast) -> None:
    abroad = make_customer("abroad", "Tableware Inc", currency="USD")
    invoice = make_invoice(cast.nordwind)
    (line,) = make_bank_lines(("TABLEWARE", 100))
    session.execute(update(BankLine).where(BankLine.id == line.id).values(currency="USD"))
    session.refresh(line)
    with pytest.raises(OtherCurrency, match=f"{invoice.number}.*JPY.*USD"):
        settling.settle(line, abroad, [Applied(invoice, Decimal(100))], BY)
    assert (receipts(), line.state) == (0, BankLineState.PROPOSED)


def test_a_clearing_is_undone_once(cast: Cast) -> None:
    invoice = make_invoice(cast.nordwind)
    (line,) = make_bank_lines(("ﾉﾙﾄﾞｳﾞｨﾝﾄ", invoice.total))
    receipt = settling.settle(line, cast.nordwind, [Applied(invoice, invoice.total)], BY)
    settling.undo(receipt, BY)
    with pytest.raises(AlreadyUndone):
        settling.undo(receipt, BY)
    assert not invoice.is_paid
    check_house(CHECKS, BILLING)


def test_a_statement_of_nobody_knows_whose_account_is_refused(cast: Cast) -> None:
    with pytest.raises(UnknownAccount), savepoint():
        importing.import_statement(bank_csv(("ﾀﾞﾚｶ", 100)), "nov.csv", BY, account_code="NOBODY")
    assert session.scalar(select(func.count()).select_from(BankLine)) == 0
