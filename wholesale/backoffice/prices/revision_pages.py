"""What the pages of price revisions show: the list, the changes, the effect, orders and letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext
from sqlalchemy import func, select

from wholesale.backoffice import histories
from wholesale.backoffice.forms.prices import SCOPES, shown_value
from wholesale.backoffice.forms.revisions import BASES, LANGUAGES, MODES
from wholesale.catalog.models import Sku
from wholesale.catalog.queries import sku_facts
from wholesale.company.queries import company, enabled_currencies
from wholesale.customers.models import Customer, CustomerGroup
from wholesale.kernel import clock
from wholesale.kernel.db import Names, session
from wholesale.kernel.text import N_
from wholesale.mail.models import Letter
from wholesale.orders.models import Order, OrderLine
from wholesale.orders.repricing import Keeps, on_the_way
from wholesale.pricing import naming, revisions
from wholesale.pricing.effects import Sold, effect
from wholesale.pricing.models import OwnerKind, PriceList
from wholesale.pricing.notices import notices_of
from wholesale.pricing.revision_models import (
    LeftOut,
    PriceRevision,
    RevisedListPrice,
    RevisedRule,
    RevisionState,
)
from wholesale.web.chips import Chip

VIEWS = {
    "changes": N_("Changes"), "effect": N_("Effect"), "orders": N_("Orders on the way"),
    "letters": N_("Letters to customers"),
}  # fmt: skip
CHIPS = {
    RevisionState.DRAFT: (N_("Draft"), "", "0"),
    RevisionState.ANNOUNCED: (N_("Announced"), "go", "50"),
    RevisionState.APPLIED: (N_("In force"), "done", "100"),
    RevisionState.CANCELLED: (N_("Cancelled"), "", "x"),
}
KEEPS = {
    Keeps.NO: "", Keeps.DATE: N_("keeps its price: it comes before the day"),
    Keeps.BY_HAND: N_("keeps its price: agreed by hand"),
    Keeps.DELIVERED: N_("keeps its price: on a shipment already"),
    Keeps.PREPAID: N_("keeps its price: paid in advance"),
}  # fmt: skip
PAGE, MOST = 50, 300
OF_REVISION = ("day", "how", "prices", "rates", "left", "reason")


@dataclass(frozen=True, slots=True)
class Row:
    """One revision of the list."""

    revision: PriceRevision
    chip: Chip
    prices: int
    rates: int
    left_out: int


def chip_of(revision: PriceRevision) -> Chip:
    """Where it stands, in a word."""
    word, tone, mark = CHIPS[revisions.standing(revision)]
    return Chip(gettext(word), tone, mark)


def listed() -> dict[str, Any]:
    """The newest revisions. Four statements."""
    found = session.scalars(
        select(PriceRevision).order_by(PriceRevision.id.desc()).limit(PAGE)
    ).all()
    ids = [one.id for one in found]
    prices, rates, left = (_count(model, ids) for model in (RevisedListPrice, RevisedRule, LeftOut))
    rows = [
        Row(one, chip_of(one), prices.get(one.id, 0), rates.get(one.id, 0), left.get(one.id, 0))
        for one in found
    ]
    return {"rows": rows, "bases": BASES, "languages": LANGUAGES, "typed": request.form}


def _count(model: Any, ids: list[int]) -> dict[int, int]:
    counted = select(model.revision_id, func.count()).where(model.revision_id.in_(ids))
    return dict(session.execute(counted.group_by(model.revision_id)).all())


def shown(revision: PriceRevision, view: str, *, typed: bool = False) -> dict[str, Any]:
    """The page of one revision; what is dear is made for its own view alone."""
    made: dict[str, Any] = {
        "revision": revision, "chip": chip_of(revision), "view": view, "views": VIEWS,
        "bases": BASES, "languages": LANGUAGES, "typed": request.form if typed else {},
        "is_draft": revision.state is RevisionState.DRAFT,
        "may_cancel": revisions.standing(revision) in {RevisionState.DRAFT, RevisionState.ANNOUNCED},
        "left_out": _left_out(revision), "today": clock.today(),
        "history": histories.of(revision, OF_REVISION),
    }  # fmt: skip
    return made | _VIEWS[view](revision)


def _changes(revision: PriceRevision) -> dict[str, Any]:
    lists, rules = revisions.list_changes(revision), revisions.rule_changes(revision)
    names = naming.named({(one.scope, one.object_id) for one in rules[:MOST]})
    ours = company()
    return {
        "lists": lists[:MOST], "list_count": len(lists), "most": MOST,
        "facts": sku_facts([one.sku_id for one in lists[:MOST]]), "costs": _costs(lists[:MOST]),
        "rules": [one for one in rules[:MOST] if (one.scope, one.object_id) in names],
        "rule_count": len(rules), "names": names, "owners": _owners(rules[:MOST]),
        "value_of": shown_value, "scopes": SCOPES, "modes": MODES,
        "currencies": enabled_currencies(), "home": ours.currency, "movable": _movable(),
    }  # fmt: skip


def _costs(lists: list[RevisedListPrice]) -> Mapping[int, Decimal | None]:
    ids = [one.sku_id for one in lists]
    return dict(session.execute(select(Sku.id, Sku.cost).where(Sku.id.in_(ids))).all())


def _owners(rules: list[RevisedRule]) -> dict[tuple[OwnerKind, int], tuple[Names | str, str]]:
    """(name, code) of whose rules change, by kind and id. One statement per kind."""
    found: dict[tuple[OwnerKind, int], tuple[Names | str, str]] = {}
    for kind in {one.owner_kind for one in rules}:
        table = naming.OWNERS[kind]
        ids = {one.owner_id for one in rules if one.owner_kind is kind}
        for row in session.scalars(select(table).where(table.id.in_(ids))):
            found[kind, row.id] = (row.name, row.code)
    return found


def _movable() -> list[tuple[str, Names]]:
    """The ranks and price lists whose rates can be moved together: "group:A", name."""
    found: list[tuple[str, Names]] = []
    for word, table in (("group", CustomerGroup), ("price_list", PriceList)):
        rows = session.execute(select(table.code, table.name).order_by(table.code))
        found += [(f"{word}:{code}", name) for code, name in rows]
    return found


def _effect(revision: PriceRevision) -> dict[str, Any]:
    plan = revisions.plan_of(revision)
    late = set(revisions.starts(revision))
    made = None if plan.is_empty else effect(plan, late, _sold(revision))
    own = made.by_customer.most_common(PAGE) if made else []
    return {
        "plan": plan, "effect": made, "late": len(late), "company_currency": company().currency,
        "own_lists": [(made.names[one], count) for one, count in own] if made else [],
    }  # fmt: skip


def _sold(revision: PriceRevision) -> Sold:
    """Pieces ordered in the last 12 months by (customer, SKU), of what the revision may touch."""
    since = clock.now().replace(year=clock.now().year - 1, day=1)
    rows = session.execute(
        select(Order.customer_id, OrderLine.sku_id, func.sum(OrderLine.quantity - OrderLine.dropped))
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(Order.placed_at >= since, OrderLine.sku_id.is_not(None),
               Order.state.not_in(["draft", "rejected", "cancelled"]))
        .group_by(Order.customer_id, OrderLine.sku_id)
    )  # fmt: skip
    return {(customer, sku): int(pieces) for customer, sku, pieces in rows if sku is not None}


def _orders(revision: PriceRevision) -> dict[str, Any]:
    lines = on_the_way(revision)
    by_order: dict[int, list[Any]] = {}
    for one in lines:
        by_order.setdefault(one.order.id, []).append(one)
    groups = sorted(by_order.values(), key=lambda group: not any(one.changes for one in group))
    return {
        "way": groups, "way_count": len(lines), "keeps": KEEPS,
        "way_changes": sum(one.changes for one in lines),
        "may_reprice": revision.state in {RevisionState.ANNOUNCED, RevisionState.APPLIED},
    }  # fmt: skip


def _letters(revision: PriceRevision) -> dict[str, Any]:
    notices = list(notices_of(revision))
    people = {
        one.id: one
        for one in session.scalars(
            select(Customer).where(Customer.id.in_([one.customer_id for one in notices]))
        )
    }
    keys = {
        f"price_revision:{revision.number}:{one.customer_id}": one.customer_id for one in notices
    }
    states = {
        keys[key]: state
        for key, state in session.execute(
            select(Letter.key, Letter.state).where(Letter.key.in_(list(keys)))
        )
    }
    return {"notices": notices, "people": people, "letters": states}


def _left_out(revision: PriceRevision) -> list[tuple[Customer, LeftOut]]:
    return [
        (row[0], row[1])
        for row in session.execute(
            select(Customer, LeftOut)
            .join(LeftOut, LeftOut.customer_id == Customer.id)
            .where(LeftOut.revision_id == revision.id)
            .order_by(LeftOut.starts_on, Customer.code)
        )
    ]


_VIEWS = {"changes": _changes, "effect": _effect, "orders": _orders, "letters": _letters}
