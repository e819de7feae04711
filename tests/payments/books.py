"""Small open books for the scenarios of matching."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from wholesale.customers.models import FeeBearer
from wholesale.payments.evidence import Decision
from wholesale.payments.incoming import Incoming, Snapshot
from wholesale.payments.open_book import OpenBook, OpenInvoice
from wholesale.payments.payer_index import KnownName, Origin, Payer, PayerIndex
from wholesale.payments.payer_names import canonical_key
from wholesale.payments.proposing import propose

ON = date(2026, 11, 20)
ISSUED = date(2026, 9, 30)
DUE = date(2026, 10, 31)


def payer(
    customer: str,
    *names: str,
    learned: Sequence[tuple[str, int]] = (),
    fee_bearer: FeeBearer = FeeBearer.PAYER,
    group: str = "",
    on_hold: bool = False,
    codes: frozenset[str] = frozenset(),
) -> Payer:
    """A customer with registered and learned names."""
    return Payer(
        customer,
        (
            *(KnownName(canonical_key(name).key, Origin.REGISTERED) for name in names),
            *(
                KnownName(canonical_key(name).key, Origin.LEARNED, count=count)
                for name, count in learned
            ),
        ),
        group=group,
        fee_bearer=fee_bearer,
        on_hold=on_hold,
        codes=codes,
    )


def invoice(
    number: str,
    amount: str,
    customer: str = "Y",
    *,
    due_on: date = DUE,
    issued_on: date = ISSUED,
    closing: str = "",
    currency: str = "JPY",
) -> OpenInvoice:
    """An open invoice, due before the receipts of the scenarios unless told otherwise."""
    return OpenInvoice(number, customer, issued_on, due_on, currency, Decimal(amount), closing)


YAMADA = payer("Y", "ヤマダショウテン", fee_bearer=FeeBearer.PAYEE)
SATO = payer("S", "サトウショウジ")


def book(*invoices: OpenInvoice, payers: Sequence[Payer] = (YAMADA, SATO)) -> Snapshot:
    """A snapshot of these invoices."""
    return Snapshot(PayerIndex(payers), OpenBook(invoices))


def ask(
    snapshot: Snapshot,
    amount: str,
    name: str = "ｶ)ﾔﾏﾀﾞｼﾖｳﾃﾝ",
    *,
    reference: str = "",
    on: date = ON,
    currency: str = "JPY",
    charges: str = "0",
    code: str = "",
) -> Decision:
    """Propose for one receipt."""
    money = Incoming(
        Decimal(amount),
        currency,
        on,
        name,
        payer_code=code,
        reference=reference,
        charges=Decimal(charges),
    )
    return propose(money, snapshot)


def cleared(decision: Decision) -> dict[str, int]:
    """Invoice → how much of it is cleared."""
    return {each.invoice: int(each.amount) for each in decision.applied}


def differences(decision: Decision) -> dict[str, int]:
    """Kind → amount of the named differences."""
    return {each.kind: int(each.amount) for each in decision.adjustments}


def reasons(decision: Decision) -> set[str]:
    """The codes of the reasons."""
    return {each.code for each in decision.reasons}
