"""What a receipt pays for: one certain answer, or candidates for a person to choose from."""

from __future__ import annotations

from wholesale.payments.certain_passes import Verdict, by_name, by_reference
from wholesale.payments.evidence import Decision, decided, undecided
from wholesale.payments.incoming import Incoming, Snapshot
from wholesale.payments.references import named_in
from wholesale.payments.suggesting import candidates


def propose(money: Incoming, snapshot: Snapshot) -> Decision:
    """Propose what this receipt clears. Reads the snapshot, changes nothing.

    The word is `certain` only when the payer is proven (by a name, number or learned name that is
    one customer's alone, or by an invoice number in the reference that the name doesn't contradict)
    and one set alone, among all sets and all fees this customer may deduct, explains the amount,
    whether or not earlier receipts that still wait are confirmed.
    """
    named = named_in(money.reference, snapshot.book)
    who = snapshot.payers.look_up(
        money.payer_name,
        code=money.payer_code,
        bank=money.bank_name,
        branch=money.branch_name,
        has_reference=bool(money.reference),
    )
    verdict: Verdict
    if named.invoices:
        verdict = by_reference(money, who, named, snapshot)
    else:
        verdict = by_name(money, who, named, snapshot)
    if verdict.candidate:
        return decided((verdict.candidate,))
    found = tuple(candidates(money, who, named, snapshot))
    return decided(found, *verdict.against) if found else undecided(*verdict.against)
