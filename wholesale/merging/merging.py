"""Merging (統合): everything of the old customer goes to the new one, in one transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Table, func, or_, select

from wholesale.billing import taking_over as billing
from wholesale.billing.models import InvoiceLine, LedgerEntry
from wholesale.company.changing import check_version
from wholesale.customers.billing_to import BillToChain, stores_of
from wholesale.customers.models import Customer, CustomerState
from wholesale.customers.queries import forget_terms
from wholesale.customers.taking_over import FIELDS, take_terms
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_
from wholesale.kernel.transfers import Transfer
from wholesale.merging import crediting, dependents, taking
from wholesale.merging.models import Distinct, Merge
from wholesale.orders import prepaying
from wholesale.payments.models import Settlement
from wholesale.sales_ledger.models import SalesEntry

MAY_BE_UNDONE_FOR = timedelta(days=1)
MOST_TAGS = 20
_FROZEN: tuple[Any, ...] = (SalesEntry, InvoiceLine, LedgerEntry, Settlement)


class NotTwo(DomainError):
    """A merge needs two customers that live."""

    message = N_("Choose two customers that haven't been merged.")


class TooLateToUndo(Conflict):
    """A merge may be taken back for a day."""

    message = N_("A merge can be undone for one day. This one is of %(at)s.")


class UndoneAlready(Conflict):
    """Somebody was faster."""

    message = N_("This merge has been undone.")


class SomethingDepends(Conflict):
    """What was merged has moved on together."""

    message = N_("It can't be undone any more: %(what)s was made with what has moved.")


def merge(
    old: Customer,
    new: Customer,
    versions: tuple[int, int],
    by: Actor,
    *,
    take: Collection[str] = (),
) -> Merge:
    """Let the new customer be the old one too.

    `take` are columns for which the old one's word counts; "terms" for its terms of trade.
    Raises Conflict, NotTwo, BillToChain.
    """
    hold(old, new)
    if old.id == new.id or CustomerState.MERGED in (old.state, new.state):
        raise NotTwo
    for customer, version in zip((old, new), versions, strict=True):
        check_version(customer, version)
    if new.payer_id != new.id and any(one.id != new.id for one in stores_of(old.id)):
        raise BillToChain(customer=new.name)
    done = Merge(
        old_id=old.id, new_id=new.id, merged_at=clock.now(), merged_by=by.name, marks=_marks()
    )
    session.add(done)
    session.flush()  # what goes over names the merge
    transfer = Transfer(done.id)
    taking.take_over(transfer, old, new, _values(old, new, take), by)
    if "terms" in take:
        take_terms(transfer, old, new)
    done.counts = transfer.counts
    _settle_down((old, new), by)
    for customer, other in ((old, new), (new, old)):
        journal.record(
            customer, "customer:merged", by, code=old.code, into=new.code, other=other.code,
            merge=done.id, rows=sum(transfer.counts.values()),
        )  # fmt: skip
    return done


def undo(done: Merge, by: Actor) -> None:
    """Make two of them again, as they were. Raises UndoneAlready, TooLateToUndo, SomethingDepends."""
    hold(done.old, done.new)
    session.refresh(done)
    if done.undone_at is not None:
        raise UndoneAlready
    if clock.now() - done.merged_at > MAY_BE_UNDONE_FOR:
        raise TooLateToUndo(at=f"{clock.local(done.merged_at):%Y-%m-%d %H:%M}")
    if what := dependents.first_of(done):
        raise SomethingDepends(what=what)
    old, new = done.old, done.new
    if changed := Transfer(done.id).give_back():
        raise SomethingDepends(what=changed[0])
    billing.give_back(done.id, old, new, by)
    done.undone_at, done.undone_by = clock.now(), by.name
    _settle_down((old, new), by)
    for customer in (old, new):
        journal.record(customer, "customer:unmerged", by, code=old.code, into=new.code)


def hold(*both: Customer) -> None:
    """Keep others from merging these until we are done; what they made meanwhile is seen."""
    for customer in sorted(both, key=lambda one: one.id):
        session.refresh(customer, with_for_update=True)


def are_different(one: Customer, other: Customer, by: Actor) -> None:
    """Two that look alike are two: they aren't proposed again."""
    first, second = sorted((one, other), key=lambda customer: customer.id)
    known = select(Distinct.id).where(
        Distinct.first_id == first.id, Distinct.second_id == second.id
    )
    if session.scalar(known) is None:
        session.add(
            Distinct(first_id=first.id, second_id=second.id, said_at=clock.now(), said_by=by.name)
        )
        journal.record(one, "customer:distinct", by, code=first.code, other=second.code)


def merges_of(customer_id: int) -> list[Merge]:
    """What was merged into a customer, or it into another one, the newest first."""
    return list(
        session.scalars(
            select(Merge)
            .where(or_(Merge.old_id == customer_id, Merge.new_id == customer_id))
            .order_by(Merge.id.desc())
        )
    )


def differences(old: Customer, new: Customer) -> list[str]:
    """The columns for which somebody must say whose word counts: both say something, and differ."""
    return [
        name
        for name in FIELDS
        if getattr(old, name) not in (None, "", getattr(new, name))
        and getattr(new, name) not in (None, "")
    ]


def _values(old: Customer, new: Customer, take: Collection[str]) -> dict[str, Any]:
    """What the new one's file says afterwards: what it says, what it lacks, and what was chosen."""
    values: dict[str, Any] = {}
    for name in FIELDS:
        theirs, ours = getattr(old, name), getattr(new, name)
        if theirs not in (None, "") and (ours in (None, "") or name in take):
            values[name] = theirs
    values["tags"] = list(dict.fromkeys([*new.tags, *old.tags]))[:MOST_TAGS]
    notes = [text for text in (new.notes, old.notes) if text]
    values["notes"] = "\n".join(dict.fromkeys(notes))
    days = [day for day in (old.since, new.since) if day]
    if days and min(days) != new.since:
        values["since"] = min(days)
    return values


def _settle_down(both: tuple[Customer, Customer], by: Actor) -> None:
    """Counters and what was read before are of yesterday: count and read anew."""
    session.flush()  # counters are derived from the rows
    session.expire_all()
    forget_terms()
    crediting.count_anew(one.id for one in both)
    session.expire_all()
    for customer in both:
        for currency in crediting.currencies_of(customer.id):
            prepaying.take_back(customer.id, currency, by)
            prepaying.look_again(customer.id, currency, by)


def _marks() -> dict[str, int]:
    """How far the frozen tables have come."""
    return {
        table.name: session.scalar(select(func.max(table.c.id))) or 0
        for table in (cast("Table", model.__table__) for model in _FROZEN)
    }
