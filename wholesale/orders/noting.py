"""Notes of our people on an order: kept in its history, never shown to the buyer."""

from __future__ import annotations

from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.orders.models import Order

LONGEST = 1000


class NothingNoted(DomainError):
    """A note needs words."""

    message = N_("Write the note first.")


class NoteTooLong(DomainError):
    """A note is longer than anybody reads."""

    message = N_("A note has at most %(longest)s characters; this one has %(length)s.")


def note(order: Order, text: str, by: Actor) -> None:
    """Note something about an order; earlier notes stay in its history. Raises NothingNoted, NoteTooLong."""
    words = text.strip()
    if not words:
        raise NothingNoted
    if len(words) > LONGEST:
        raise NoteTooLong(longest=LONGEST, length=len(words))
    order.internal_note = words
    journal.record(order, "order:noted", by, note=words)
