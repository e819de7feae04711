"""Whom a price revision concerns, and each customer's own old and new prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from wholesale.catalog.queries import SkuFacts
from wholesale.customers.models import Customer
from wholesale.kernel.db import session
from wholesale.pricing.effect_reading import customers
from wholesale.pricing.effects import cases
from wholesale.pricing.revision_models import PriceNotice, PriceRevision, RevisionState
from wholesale.pricing.revisions import plan_of, starts, starts_for


@dataclass(frozen=True, slots=True)
class OwnChange:
    """One item of a customer's list: list price and own unit price (net), before and after.

    `quantity` is that from which the change counts. None: no price on that side.
    """

    facts: SkuFacts
    currency: str
    quantity: int
    list_before: Decimal | None
    list_after: Decimal | None
    before: Decimal | None
    after: Decimal | None

    @property
    def share(self) -> Decimal | None:
        """How much is added or taken, 0.05 for 5 %; None where one side is missing."""
        return self.after / self.before - 1 if self.before and self.after is not None else None


def own_changes(revision: PriceRevision, customer: Customer) -> tuple[date, list[OwnChange]]:
    """The first day of a customer's new prices, and what changes of all that it is offered.

    The same before and after the revision is announced.
    """
    begins = starts_for(revision, customer)
    found = [
        OwnChange(
            facts, case.currency, case.quantity, case.list_before, case.list_after,
            case.before, case.after,
        )
        for facts, case in cases(plan_of(revision, begins), [customer])
        if case.is_offered
    ]  # fmt: skip
    return begins, sorted(found, key=lambda one: one.facts.code)


def concerned(revision: PriceRevision) -> list[int]:
    """The active customers of whom some price changes, left out until a day or not, by id."""
    late = starts(revision)
    plan = plan_of(revision, max([revision.effective_on, *late.values()]))
    found: set[int] = set()
    for _, case in cases(plan, list(session.scalars(customers(plan)))):
        if case.is_offered:
            found.update(case.customer_ids)
    return sorted(found)


def notices_of(revision: PriceRevision) -> Sequence[PriceNotice]:
    """What was told to whom so far."""
    mine = PriceNotice.revision_id == revision.id
    return session.scalars(select(PriceNotice).where(mine).order_by(PriceNotice.id)).all()


def told(
    customer_ids: Sequence[int], since: date, most: int
) -> list[tuple[PriceNotice, PriceRevision]]:
    """The notices of customers whose new prices began on `since` or later, the newest first."""
    return [
        (notice, revision)
        for notice, revision in session.execute(
            select(PriceNotice, PriceRevision)
            .join(PriceRevision, PriceRevision.id == PriceNotice.revision_id)
            .where(
                PriceNotice.customer_id.in_(customer_ids), PriceNotice.starts_on >= since,
                PriceRevision.state != RevisionState.CANCELLED,
            )
            .order_by(PriceNotice.posted_at.desc(), PriceNotice.id.desc())
            .limit(most)
        )
    ]  # fmt: skip
