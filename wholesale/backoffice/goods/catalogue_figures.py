"""What the pages of catalogues show: the list, the items of one, and what a customer sees of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext
from sqlalchemy import func, or_, select

from wholesale.catalog.models import (
    Audience,
    Catalog,
    CatalogAudience,
    CatalogSku,
    CatalogState,
    Sku,
)
from wholesale.catalog.queries import SkuFacts, pictures, sku_facts
from wholesale.catalog.visibility import why_unseen
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.text import N_
from wholesale.offers.collections import skus_of
from wholesale.offers.offering import Offer, offers
from wholesale.pricing.models import OwnerKind, PriceRule, RuleKind, Scope, owner_key
from wholesale.web.chips import Chip

PAGE = 100


@dataclass(frozen=True, slots=True)
class Facts:
    """What the list says of a catalogue: how many items it has, whom it names, where it stands."""

    skus: int
    named: int
    chip: Chip


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a catalogue: its place from 1 on, the SKU, its own rules and prices."""

    place: int
    row: CatalogSku
    fact: SkuFacts
    picture: str
    prices: Sequence[tuple[RuleKind, Decimal, str]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a customer sees of a catalogue now, or why nothing of it."""

    customer: Customer
    why_not: str
    offers: Sequence[Offer]


def facts_of(catalogs: Sequence[Catalog]) -> dict[int, Facts]:
    """The facts of these catalogues. Three statements."""
    skus = dict(_counted(CatalogSku))
    named = dict(_counted(CatalogAudience))
    everything = session.scalar(select(func.count(Sku.id))) or 0
    return {
        one.id: Facts(
            everything if one.holds_everything else skus.get(one.id, 0),
            named.get(one.id, 0),
            state_chip(one),
        )
        for one in catalogs
    }


def _counted(kind: type[CatalogSku | CatalogAudience]) -> list[tuple[int, int]]:
    rows = session.execute(select(kind.catalog_id, func.count()).group_by(kind.catalog_id))
    return [(row[0], row[1]) for row in rows]


def state_chip(catalog: Catalog) -> Chip:
    """Where a catalogue stands now, its period looked at."""
    now = clock.now()
    if catalog.state is CatalogState.DRAFT:
        return Chip(gettext("Draft"), "", "none")
    if catalog.state is CatalogState.CLOSED:
        return Chip(gettext("Not open"), "", "x")
    ends = catalog.ends_at or catalog.closes_at
    if ends is not None and ends <= now:
        return Chip(gettext("Period over"), "", "x")
    if catalog.opens_at is not None and catalog.opens_at > now:
        return Chip(gettext("To be shown"), "go", "25")
    if catalog.closes_at is not None and catalog.closes_at <= now:
        return Chip(gettext("Deadline passed"), "wait", "hold")
    return Chip(gettext("Open"), "done", "100")


def items(catalog: Catalog, start: int = 0) -> list[Item]:
    """One page of what is in a catalogue, in its order. Four statements."""
    rows = list(
        session.scalars(
            select(CatalogSku)
            .where(CatalogSku.catalog_id == catalog.id)
            .order_by(CatalogSku.position, CatalogSku.id)
            .offset(start)
            .limit(PAGE)
        )
    )
    facts = sku_facts([row.sku_id for row in rows])
    shown = pictures(facts.values())
    prices = own_prices(catalog, facts)
    return [
        Item(place, row, facts[row.sku_id], shown[row.sku_id], prices.get(row.sku_id, ()))
        for place, row in enumerate(rows, start + 1)
        if row.sku_id in facts
    ]


def own_prices(
    catalog: Catalog, facts: Mapping[int, SkuFacts]
) -> dict[int, list[tuple[RuleKind, Decimal, str]]]:
    """The prices and rates in force that the catalogue states for each SKU, its product's with it."""
    today = clock.today()
    rows = session.execute(
        select(
            PriceRule.scope, PriceRule.object_id, PriceRule.kind, PriceRule.value,
            PriceRule.currency,
        )
        .where(
            PriceRule.owner_key == owner_key(OwnerKind.CATALOG, catalog.id),
            PriceRule.scope.in_([Scope.SKU, Scope.PRODUCT]),
            PriceRule.valid_from <= today,
            or_(PriceRule.valid_until.is_(None), PriceRule.valid_until >= today),
        )
        .order_by(PriceRule.scope, PriceRule.minimum, PriceRule.id)
    ).all()  # fmt: skip
    found: dict[int, list[tuple[RuleKind, Decimal, str]]] = {}
    for sku, fact in facts.items():
        mine = [
            (row.kind, row.value, row.currency)
            for row in rows
            if row.object_id == (sku if row.scope is Scope.SKU else fact.product_id)
        ]
        if mine:
            found[sku] = mine
    return found


_WHY = {
    "draft": N_("It is a draft: nobody sees it yet."),
    "closed": N_("It is closed: nobody sees it any more."),
    "not_yet": N_("Its period has not begun."),
    "ended": N_("Its period is over."),
    "not_for": N_("It is not for this customer."),
    "empty": N_("Nothing in it is for sale."),
}
WHY_NOT = {
    "not_in_catalog": N_("Not for sale"),
    "discontinued": N_("Not for sale, or past its last day"),
    "deadline_passed": N_("The deadline has passed"),
    "no_price": N_("No price in this customer's currency"),
    "sold_out": N_("Sold out"),
}


def seen_by(catalog: Catalog, customer: Customer, start: int = 0) -> Seen:
    """What this customer sees of the catalogue now, with the same offers the portal shows."""
    now = clock.now()
    why = why_unseen(catalog, customer, now)
    if why:
        return Seen(customer, gettext(_WHY[why]), ())
    shown = list(
        offers(
            customer,
            dict.fromkeys(session.scalars(skus_of(catalog).offset(start).limit(PAGE)), 0),
            at=now,
        ).values()
    )
    return Seen(customer, "" if shown or start else gettext(_WHY["empty"]), shown)


def of_offers(shown: Sequence[Offer]) -> Sequence[Catalog]:
    """The catalogues from which these offers are taken."""
    ids = {offer.catalog_id for offer in shown if offer.catalog_id}
    return session.scalars(select(Catalog).where(Catalog.id.in_(ids))).all()


def audience_words(catalog: Catalog) -> str:
    """For whom it is, in a word or two."""
    return {
        Audience.ALL: gettext("all customers"),
        Audience.LIMITED: gettext("limited"),
        Audience.INVITED: gettext("by invitation"),
    }[catalog.audience]
