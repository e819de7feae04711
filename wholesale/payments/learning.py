"""Remembering under which names customers pay, from what people confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select, update

from wholesale.customers.models import Customer
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
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
    return register_all(customer, [raw])


def register_all(customer: Customer, raws: Sequence[str]) -> bool:
    """Write down the names the customer says it pays under; False when all are known."""
    known = set(
        session.scalars(
            select(PayerName.key).where(
                PayerName.customer_id == customer.id, PayerName.is_registered
            )
        )
    )
    fresh: dict[str, str] = {}
    for raw in raws:
        key = canonical_key(raw).key
        if key and key not in known:
            fresh.setdefault(key, raw)
    session.add_all(
        PayerName(customer_id=customer.id, raw=raw, key=key, is_registered=True, confirmations=0)
        for key, raw in fresh.items()
    )
    return bool(fresh)


def state_names(customer: Customer, raws: Sequence[str], by: Actor) -> None:
    """State every name the customer says it pays under; names that were learned stay."""
    known = list(
        session.scalars(
            select(PayerName)
            .where(PayerName.customer_id == customer.id, PayerName.is_registered)
            .order_by(PayerName.id)
        )
    )
    before = [row.raw for row in known]
    keys = {canonical_key(raw).key for raw in raws} - {""}
    gone = [row for row in known if row.key not in keys]
    for row in gone:
        session.delete(row)
    session.flush()  # what is known is read anew
    if register_all(customer, raws) or gone:
        after = session.scalars(
            select(PayerName.raw)
            .where(PayerName.customer_id == customer.id, PayerName.is_registered)
            .order_by(PayerName.id)
        )
        changes = {"payer_names": [", ".join(before), ", ".join(after)]}
        journal.record(customer, "customer:changed", by, code=customer.code, changes=changes)


Place = tuple[int, str, str, str]


def remember(confirmed: Mapping[Place, tuple[str, int]]) -> set[Place]:
    """Know what an old system learned: (customer, key, bank, branch) → (name as written, times).

    A name already confirmed as often here stays as it is. What was new, or less, before.
    """
    known = {
        (row.customer_id, row.key, row.bank, row.branch): row
        for row in session.scalars(select(PayerName).where(PayerName.is_registered.is_(False)))
    }
    changed = set()
    for place, (raw, times) in confirmed.items():
        customer_id, key, bank, branch = place
        row = known.get(place)
        if row is None:
            row = PayerName(
                customer_id=customer_id, raw=raw, key=key, bank=bank, branch=branch,
                is_registered=False, confirmations=0,
            )  # fmt: skip
            session.add(row)
        if row.confirmations < times:
            row.confirmations = times
            changed.add(place)
    return changed
