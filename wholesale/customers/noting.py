"""The memo on a customer: what a colleague should know, with its history in the journal."""

from __future__ import annotations

from wholesale.customers.models import Customer
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

LONGEST = 1000


class MemoTooLong(DomainError):
    """A memo is longer than anybody reads."""

    message = N_("A memo has at most %(longest)s characters; this one has %(length)s.")


def write_memo(customer: Customer, text: str, by: Actor) -> None:
    """Write the memo anew; an empty text takes it away. Raises MemoTooLong."""
    words = text.strip()
    if len(words) > LONGEST:
        raise MemoTooLong(longest=LONGEST, length=len(words))
    if words != customer.notes:
        journal.record(customer, "customer:noted", by, old=customer.notes, new=words)
        customer.notes = words
