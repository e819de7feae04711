"""What a merge will do, told before it is done: rows of both sides, money, and what must be decided."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from wholesale.billing.models import Invoice
from wholesale.customers.models import CreditLevel, CreditUse, Customer
from wholesale.customers.queries import family
from wholesale.kernel import transfers
from wholesale.kernel.db import session
from wholesale.kernel.text import N_
from wholesale.merging import merging, taking
from wholesale.pricing import taking_over as pricing


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of one kind: how many the old one has, of which `stay`, and how many the new one has."""

    word: str
    old: int
    new: int
    stay: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A column about which both say something else."""

    column: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Money:
    """What both counters of a currency come to."""

    currency: str
    old: Decimal
    new: Decimal
    limit: Decimal | None


@dataclass(frozen=True, slots=True)
class Preview:
    """All that is told before a merge."""

    kinds: tuple[Kind, ...]
    differences: tuple[Difference, ...]
    money: tuple[Money, ...]


def preview(old: Customer, new: Customer) -> Preview:
    """Count what will move and find what must be decided. Writes nothing."""
    shown = [one for one in taking.TAKES if one.word]
    theirs, ours = transfers.count(shown, old.id), transfers.count(shown, new.id)
    stay = transfers.count_clashes(shown, old.id, new.id)
    kinds = [
        Kind(one.word, theirs[one.name], ours[one.name], stay.get(one.name, 0)) for one in shown
    ]
    kinds += [_rules(old, new), _invoices(old, new)]
    return Preview(
        kinds=tuple(kind for kind in kinds if kind.old or kind.new),
        differences=tuple(
            Difference(name, getattr(old, name), getattr(new, name))
            for name in merging.differences(old, new)
        ),
        money=tuple(_money(old, new)),
    )


def _rules(old: Customer, new: Customer) -> Kind:
    before, after = pricing.key_of(old), pricing.key_of(new)
    rule = (pricing.RULES,)
    name = pricing.RULES.name
    return Kind(
        pricing.RULES.word, transfers.count(rule, before)[name], transfers.count(rule, after)[name],
        transfers.count_clashes(rule, before, after)[name],
    )  # fmt: skip


def _invoices(old: Customer, new: Customer) -> Kind:
    """They stay where they were issued, and are found through the new one."""
    counts = [
        session.scalar(
            select(func.count()).select_from(Invoice).where(Invoice.customer_id.in_(family(one.id)))
        )
        or 0
        for one in (old, new)
    ]
    return Kind(N_("Invoices"), counts[0], counts[1], counts[0])


def _money(old: Customer, new: Customer) -> list[Money]:
    uses = {
        (use.customer_id, use.currency): use
        for use in session.scalars(
            select(CreditUse).where(
                CreditUse.customer_id.in_([old.id, new.id]), CreditUse.level == CreditLevel.GROUP
            )
        )
    }
    found = []
    for currency in sorted({currency for _, currency in uses}):
        theirs, ours = uses.get((old.id, currency)), uses.get((new.id, currency))
        found.append(
            Money(
                currency, theirs.exposure if theirs else Decimal(0),
                ours.exposure if ours else Decimal(0), ours.credit_limit if ours else None,
            )
        )  # fmt: skip
    return found
