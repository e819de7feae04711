"""Remembering under which names customers pay, from what people confirmed."""

from __future__ import annotations

from sqlalchemy import select, update

from wholesale.customers.models import Customer
from wholesale.kernel.db import session
from wholesale.payments.models import BankLine, PayerName, Receipt
from wholesale.payments.payer_names import canonical_key


def learn(line: BankLine, payer: Customer) -> int | None:
    """Count one more confirmation of this name for this customer; the row's id."""
    if not line.payer_key:
        return None
    known = session.scalar(
        select(PayerName).where(
            PayerName.customer_id == payer.id,
            PayerName.key == line.payer_key,
            PayerName.bank == line.payer_bank,
            PayerName.branch == line.payer_branch,
            PayerName.is_registered.is_(False),
        )
    )
    if known is None:
        known = PayerName(
            customer_id=payer.id, raw=line.payer_name, key=line.payer_key, bank=line.payer_bank,
            branch=line.payer_branch, is_registered=False, confirmations=0,
        )  # fmt: skip
        session.add(known)
    known.confirmations += 1
    session.flush()  # the receipt names it
    return known.id


def unlearn(receipt: Receipt) -> None:
    """A confirmation was taken back."""
    if receipt.payer_name_id is not None:
        session.execute(
            update(PayerName)
            .where(PayerName.id == receipt.payer_name_id, PayerName.confirmations > 0)
            .values(confirmations=PayerName.confirmations - 1)
        )


def register(customer: Customer, raw: str) -> bool:
    """Write down a name the customer says it pays under; False when it is known."""
    key = canonical_key(raw).key
    known = session.scalar(
        select(PayerName.id).where(
            PayerName.customer_id == customer.id, PayerName.key == key, PayerName.is_registered
        )
    )
    if known is not None or not key:
        return False
    session.add(
        PayerName(customer_id=customer.id, raw=raw, key=key, is_registered=True, confirmations=0)
    )
    return True
