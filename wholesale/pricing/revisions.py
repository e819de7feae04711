"""Price revisions as documents: begun, announced with dated prices, in force, or cancelled before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select

from wholesale.customers.models import Customer
from wholesale.kernel import clock, jobs, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import Names, session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.numbering import next_number
from wholesale.kernel.text import N_
from wholesale.pricing.editing import Listed, Plan, told_value
from wholesale.pricing.models import (
    Basis,
    ListPrice,
    OwnerKind,
    PriceRule,
    object_key,
    owner_key,
)
from wholesale.pricing.naming import OWNERS, codes_of
from wholesale.pricing.revision_models import (
    LeftOut,
    PriceRevision,
    RevisedListPrice,
    RevisedRule,
    RevisionState,
)

LETTERS, WITHDRAWN, APPLY = "revision.letters", "revision.withdrawn", "revision.apply"


class RevisionUntitled(DomainError):
    """A document nobody can name."""

    message = N_("A price revision needs a title of at most 120 signs.")


class RevisionTooSoon(DomainError):
    """Customers can't be told afterwards."""

    message = N_("A price revision begins tomorrow or later.")


class RevisionFixed(Conflict):
    """What was announced is what customers have read."""

    message = N_("This revision is announced. Cancel it and begin another one.")


class RevisionEmpty(DomainError):
    """A letter about nothing."""

    message = N_("No price changes yet. Enter the changes first.")


class RevisionHasBegun(Conflict):
    """Prices that were asked and told stay."""

    message = N_("This revision is in force since %(day)s. Make a new one to change prices again.")


class RevisionCollides(Conflict):
    """Two rows of the same keys would beat each other by chance."""

    message = N_(
        "%(count)s prices begin on the same day already, outside this revision. Withdraw those first, or move the day."
    )


class StartsTooSoon(DomainError):
    """An exception that is none, or that changes the past."""

    message = N_(
        "Who is left out gets the new prices after %(day)s, on a day that is still to come."
    )


def make_revision(
    title: str, effective_on: date, basis: Basis, by: Actor, *, message: Names | None = None
) -> PriceRevision:
    """Begin a revision without changes. Raises RevisionUntitled, RevisionTooSoon."""
    _check(title, effective_on)
    row = PriceRevision(
        title=title, effective_on=effective_on, basis=basis, message=message or {},
        made_at=clock.now(), made_by=by.name, number=next_number("PR", clock.today()),
    )  # fmt: skip
    session.add(row)
    session.flush()  # its changes carry its id
    journal.record(row, "revision:made", by, number=row.number, day=effective_on)
    return row


def change_revision(
    revision: PriceRevision, version: int, title: str, effective_on: date, basis: Basis,
    message: Names, by: Actor,
) -> None:  # fmt: skip
    """Change the head of a draft. Raises Conflict, RevisionFixed and what make_revision raises."""
    check_draft(revision)
    if revision.version != version:
        raise Conflict
    _check(title, effective_on)
    told: dict[str, list[Any]] = {}
    fresh = {"title": title, "effective_on": effective_on, "basis": basis, "message": message}
    for name, value in fresh.items():
        old = getattr(revision, name)
        if old != value:
            told[name] = [str(old), str(value)]
            setattr(revision, name, value)
    if told:
        journal.record(revision, "revision:changed", by, changes=told)
    session.flush()  # the page carries the new version


def leave_out(
    revision: PriceRevision, customer: Customer, starts_on: date | None, by: Actor
) -> None:
    """Let a customer keep its prices before `starts_on`; None takes the exception back.

    After the announcement too, as long as the customer's new prices haven't begun. Raises
    StartsTooSoon, RevisionHasBegun, Conflict (cancelled).
    """
    if revision.state is RevisionState.CANCELLED:
        raise Conflict
    row = session.scalar(
        select(LeftOut).where(
            LeftOut.revision_id == revision.id, LeftOut.customer_id == customer.id
        )
    )
    begins = row.starts_on if row else revision.effective_on
    if begins <= clock.today():
        raise RevisionHasBegun(day=begins.isoformat())
    if starts_on is not None and not starts_on > max(revision.effective_on, clock.today()):
        raise StartsTooSoon(day=max(revision.effective_on, clock.today()).isoformat())
    if starts_on is None and revision.effective_on <= clock.today():
        raise StartsTooSoon(day=clock.today().isoformat())
    old = row.starts_on.isoformat() if row else None
    if starts_on is None and row is not None:
        session.delete(row)
    elif row is not None and starts_on is not None:
        row.starts_on = starts_on
    elif starts_on is not None:
        session.add(LeftOut(revision_id=revision.id, customer_id=customer.id, starts_on=starts_on))
    new = starts_on.isoformat() if starts_on else None
    journal.record(
        revision, "revision:left_out", by, changes={customer.code: [old, new]},
        left={customer.code: new or revision.effective_on.isoformat()},
    )  # fmt: skip
    session.flush()  # prices are read by Core


def announce(revision: PriceRevision, version: int, by: Actor) -> None:
    """Write the new prices for their day and ask for the letters to every customer concerned.

    Raises IllegalMove, Conflict, RevisionEmpty, RevisionTooSoon, RevisionCollides.
    """
    if revision.version != version:
        raise Conflict
    revision.move_to(RevisionState.ANNOUNCED)
    if revision.effective_on <= clock.today():
        raise RevisionTooSoon
    lists, rules = list_changes(revision), rule_changes(revision)
    if not lists and not rules:
        raise RevisionEmpty
    _check_free(revision, lists, rules)
    _write(revision, lists, rules)
    _tell_owners(revision, rules, by)
    revision.announced_at, revision.announced_by = clock.now(), by.name
    journal.record(revision, "revision:announced", by, prices=len(lists), rates=len(rules))
    jobs.enqueue(LETTERS, {"revision": revision.id}, by=by, dedupe_key=f"{LETTERS}:{revision.id}")
    jobs.enqueue(
        APPLY, {"revision": revision.id}, by=by, dedupe_key=f"{APPLY}:{revision.id}",
        run_at=clock.midnight(revision.effective_on),
    )  # fmt: skip
    session.flush()  # prices are read by Core


def apply_due(revision: PriceRevision, by: Actor) -> None:
    """Note that an announced revision is in force; before its day, and a second time, nothing."""
    due = revision.state is RevisionState.ANNOUNCED and revision.effective_on <= clock.today()
    if due:
        revision.move_to(RevisionState.APPLIED)
        revision.applied_at = clock.now()
        journal.record(revision, "revision:applied", by)


def apply_due_by_id(revision_id: int, by: Actor) -> None:
    """The same for the worker, which carries the id."""
    apply_due(session.get_one(PriceRevision, revision_id), by)


def cancel(revision: PriceRevision, reason: str, by: Actor) -> None:
    """Give a revision up before its day; dated prices are taken back, orders keep theirs, and who
    was written to is written to again.

    Raises IllegalMove, RevisionHasBegun.
    """
    was_announced = revision.state is RevisionState.ANNOUNCED
    if was_announced and revision.effective_on <= clock.today():
        raise RevisionHasBegun(day=revision.effective_on.isoformat())
    revision.move_to(RevisionState.CANCELLED)
    for model in (ListPrice, PriceRule):
        session.execute(delete(model).where(model.revision_id == revision.id))
    revision.cancelled_at, revision.cancelled_by, revision.reason = clock.now(), by.name, reason
    journal.record(revision, "revision:cancelled", by, reason=reason)
    if was_announced:
        told = {"revision": revision.id}
        jobs.enqueue(WITHDRAWN, told, by=by, dedupe_key=f"{WITHDRAWN}:{revision.id}")
    session.flush()  # prices are read by Core


def standing(revision: PriceRevision) -> RevisionState:
    """Where a revision stands today, whether or not the worker has noted it."""
    begun = revision.effective_on <= clock.today()
    if revision.state is RevisionState.ANNOUNCED and begun:
        return RevisionState.APPLIED
    return revision.state


def plan_of(revision: PriceRevision, on: date | None = None) -> Plan:
    """The revision as a plan, whose effect can be looked at before and after it is announced."""
    lists, rules = list_changes(revision), rule_changes(revision)
    return Plan(
        owners=frozenset((rule.owner_kind, rule.owner_id) for rule in rules),
        day=revision.effective_on,
        on=on or revision.effective_on,
        added=[_row(revision, rule) for rule in rules],
        listed=[Listed(one.sku_id, one.currency, one.incoterm, one.new) for one in lists],
        revision_id=revision.id,
    )


def list_changes(revision: PriceRevision) -> list[RevisedListPrice]:
    """The list prices it changes, in the order in which they were entered."""
    mine = RevisedListPrice.revision_id == revision.id
    return list(session.scalars(select(RevisedListPrice).where(mine).order_by(RevisedListPrice.id)))


def rule_changes(revision: PriceRevision) -> list[RevisedRule]:
    """The prices and rates it changes, by owner."""
    order = (RevisedRule.owner_kind, RevisedRule.owner_id, RevisedRule.scope, RevisedRule.id)
    mine = RevisedRule.revision_id == revision.id
    return list(session.scalars(select(RevisedRule).where(mine).order_by(*order)))


def starts(revision: PriceRevision) -> dict[int, date]:
    """The first day of the new prices of each customer that is left out until then."""
    return dict(
        session.execute(
            select(LeftOut.customer_id, LeftOut.starts_on).where(LeftOut.revision_id == revision.id)
        ).all()
    )


def starts_for(
    revision: PriceRevision, customer: Customer, known: Mapping[int, date] | None = None
) -> date:
    """The first day of the new prices for a customer: its own, else that of who pays for it."""
    late = starts(revision) if known is None else known
    own = [late[one] for one in {customer.id, customer.payer_id} if one in late]
    return max([revision.effective_on, *own])


def check_draft(revision: PriceRevision) -> None:
    """Only drafts change. Raises RevisionFixed."""
    if revision.state is not RevisionState.DRAFT:
        raise RevisionFixed


def _check(title: str, effective_on: date) -> None:
    if not title or len(title) > PriceRevision.title.type.length:  # type: ignore[attr-defined]
        raise RevisionUntitled
    if effective_on <= clock.today():
        raise RevisionTooSoon


def _row(revision: PriceRevision, rule: RevisedRule) -> dict[str, Any]:
    names = ("owner_kind", "owner_id", "kind", "scope", "object_id", "currency", "incoterm",
             "minimum", "break_scope", "is_special", "valid_until")  # fmt: skip
    return {
        **{name: getattr(rule, name) for name in names},
        "owner_key": owner_key(rule.owner_kind, rule.owner_id),
        "object_key": object_key(rule.scope, rule.object_id),
        "value": rule.new,
        "valid_from": revision.effective_on,
    }


def _write(
    revision: PriceRevision, lists: Sequence[RevisedListPrice], rules: Sequence[RevisedRule]
) -> None:
    told = {"revision_id": revision.id, "basis": revision.basis}
    if lists:
        session.execute(insert(ListPrice), [
            {"sku_id": one.sku_id, "currency": one.currency, "incoterm": one.incoterm,
             "amount": one.new, "valid_from": revision.effective_on, **told}
            for one in lists
        ])  # fmt: skip
    if rules:
        session.execute(insert(PriceRule), [{**_row(revision, rule), **told} for rule in rules])


def _tell_owners(revision: PriceRevision, rules: Sequence[RevisedRule], by: Actor) -> None:
    """Old and new stand in the history of each owner too, where its prices are looked at."""
    codes = codes_of([_row(revision, rule) for rule in rules])
    told: dict[tuple[OwnerKind, int], dict[str, list[str | None]]] = {}
    for rule in rules:
        old = told_value(rule.old, rule.kind) if rule.old is not None else None
        changes = told.setdefault((rule.owner_kind, rule.owner_id), {})
        name = codes.get((rule.scope, rule.object_id)) or "*"
        key = f"{name} ≥{rule.minimum}" if rule.minimum > 1 else name
        changes[key] = [old, told_value(rule.new, rule.kind)]
    for kind in {kind for kind, _ in told}:
        table = OWNERS[kind]
        ids = [owner_id for owner_kind, owner_id in told if owner_kind is kind]
        for owner in session.scalars(select(table).where(table.id.in_(ids))):
            journal.record(
                owner, "price:revised", by, revision=revision.number, day=revision.effective_on,
                changes=told[kind, owner.id],
            )  # fmt: skip


_KEYS = ("owner_key", "object_key", "kind", "currency", "incoterm", "break_scope", "minimum",
         "is_special")  # fmt: skip


def _check_free(
    revision: PriceRevision, lists: Sequence[RevisedListPrice], rules: Sequence[RevisedRule]
) -> None:
    """No other price of the same keys begins that day. Two statements."""
    same = (ListPrice.sku_id, ListPrice.currency, ListPrice.incoterm)
    here = {
        tuple(row)
        for row in session.execute(
            select(*same).where(
                ListPrice.valid_from == revision.effective_on,
                ListPrice.sku_id.in_(
                    select(RevisedListPrice.sku_id).where(
                        RevisedListPrice.revision_id == revision.id
                    )
                ),
            )
        )
    }
    taken = sum((one.sku_id, one.currency, one.incoterm) in here for one in lists)
    rows = [_row(revision, rule) for rule in rules]
    there = {
        tuple(row)
        for row in session.execute(
            select(*(getattr(PriceRule, name) for name in _KEYS)).where(
                PriceRule.valid_from == revision.effective_on,
                PriceRule.owner_key.in_({row["owner_key"] for row in rows}),
            )
        )
    }
    taken += sum(tuple(row[name] for name in _KEYS) in there for row in rows)
    if taken:
        raise RevisionCollides(count=taken)
