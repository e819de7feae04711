"""Order links: a catalog shown by its address to people without an account, at stated terms."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, func, select

from wholesale.accounts import passwords
from wholesale.catalog.models import Catalog, Product, Sku
from wholesale.catalog.searching import matches
from wholesale.catalog.visibility import (
    OpenCatalog,
    catalog_by_link,
    is_visible,
    shows_picture,
)
from wholesale.company.changing import apply, check_version
from wholesale.customers.models import Customer
from wholesale.customers.queries import NoTerms, money_terms
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.files import StoredFile
from wholesale.kernel.text import N_
from wholesale.offers.models import LinkVisit, OrderLink
from wholesale.offers.offering import Offer, offers

PAGE = 60
MOST_PIECES = 99_999
SHORTEST_CODE = 4


class WrongPassCode(DomainError):
    """The pass code is not that of the link."""

    status = 403
    message = N_("This pass code doesn't fit. It stands in the letter that brought you here.")


class PassCodeTooShort(DomainError):
    """A pass code is easy to guess."""

    message = N_("A pass code needs at least %(length)s characters.")


class LinkEndsEarly(DomainError):
    """The last day lies before the first."""

    message = N_("The last day lies before the first.")


class LinkNeedsTerms(DomainError):
    """Nothing can be priced for a customer without terms of trade."""

    message = N_(
        "%(customer)s has no terms of trade. Enter them first: the link shows their prices."
    )


class OrderedAlready(Conflict):
    """A visit orders once."""

    message = N_(
        "This order has been sent: %(number)s. Begin a new one from the page of the goods."
    )


@dataclass(frozen=True, slots=True)
class LinkPage:
    """A stretch of what a link shows: offers in the catalog's order, and how many there are in all."""

    offers: list[Offer]
    total: int
    next_offset: int | None


def save_link(
    row: OrderLink | None, values: Mapping[str, Any], pass_code: str | None, version: int, by: Actor
) -> OrderLink:
    """Make or change a link. `values` are columns of OrderLink; a `pass_code` of "" takes it away,
    None leaves it as it is.

    Raises LinkEndsEarly, LinkNeedsTerms, PassCodeTooShort, Conflict.
    """
    first, last = values["opens_on"], values["closes_on"]
    if first and last and last < first:
        raise LinkEndsEarly
    try:
        money_terms(values["customer"], clock.today())
    except NoTerms as trouble:
        raise LinkNeedsTerms(customer=values["customer"].name) from trouble
    if row is None:
        row = OrderLink(word=secrets.token_urlsafe(12), **values)
        session.add(row)
        told = {name: [None, value] for name, value in values.items() if value not in ("", None)}
    else:
        check_version(row, version)
        told = apply(row, values)
    if pass_code is not None:
        told["pass_code"] = [bool(row.pass_code), bool(pass_code)]
        row.pass_code = _hashed(pass_code)
    session.flush()  # the journal names it by its number
    if told:
        plain = {name: [_plain(old), _plain(new)] for name, (old, new) in told.items()}
        journal.record(row, "order_link:stated", by, changes=plain)
    return row


def _plain(value: Any) -> Any:
    """A value as the journal keeps it."""
    if isinstance(value, Catalog | Customer):
        return value.code
    return value if value is None or isinstance(value, bool) else str(value)


def _hashed(pass_code: str) -> str | None:
    if not pass_code:
        return None
    if len(pass_code) < SHORTEST_CODE:
        raise PassCodeTooShort(length=SHORTEST_CODE)
    return passwords.hash_code(pass_code)


def link_by_word(word: str) -> OrderLink | None:
    """The link of an address, open or not."""
    return session.scalar(select(OrderLink).where(OrderLink.word == word))


def is_open(link: OrderLink, day: date) -> bool:
    """Whether a link shows anything on a day of the company's."""
    return (
        link.is_on
        and (link.opens_on is None or link.opens_on <= day)
        and (link.closes_on is None or day <= link.closes_on)
    )


def visit_of(link: OrderLink, secret: str) -> LinkVisit | None:
    """The visit of a browser, by the value of its cookie."""
    return session.scalar(
        select(LinkVisit).where(
            LinkVisit.link_id == link.id, LinkVisit.secret_sha256 == _digest(secret)
        )
    )


def is_let_in(link: OrderLink, visit: LinkVisit | None) -> bool:
    """Whether the goods may be shown: no pass code is asked for, or it was given once."""
    return link.pass_code is None or visit is not None


def enter(link: OrderLink, secret: str, pass_code: str) -> LinkVisit:
    """Begin a visit, or go on with it. Raises WrongPassCode."""
    if link.pass_code is not None and not passwords.fits(pass_code, link.pass_code):
        raise WrongPassCode
    return visit_of(link, secret) or _begin(link, secret)


def _begin(link: OrderLink, secret: str) -> LinkVisit:
    visit = LinkVisit(
        link_id=link.id, secret_sha256=_digest(secret), opened_at=clock.now(), pieces={}
    )
    session.add(visit)
    session.flush()  # found by the next question of the same unit
    return visit


def choose(link: OrderLink, visit: LinkVisit, pieces: Mapping[int, int], at: datetime) -> list[int]:
    """Take down what a visitor wants, {SKU: pieces}, rounded up to what can be ordered; 0 takes out.

    SKUs that the link doesn't show are as if not named. Returns those that were rounded. After an
    order the next choice begins a new one.
    """
    if visit.order_number:
        visit.order_number, visit.pieces = "", {}
    wanted = {sku: number for sku, number in pieces.items() if number > 0}
    known, rounded = offers_of(link, wanted, at), []
    kept = {**visit.pieces}
    for sku in pieces:
        kept.pop(str(sku), None)
    for sku, offer in known.items():
        fitting = min(offer.limits.rounded(wanted[sku]), MOST_PIECES)
        if fitting != wanted[sku]:
            rounded.append(sku)
        kept[str(sku)] = fitting
    visit.pieces = kept
    return rounded


def chosen(visit: LinkVisit | None) -> dict[int, int]:
    """What a visit holds, {SKU: pieces}."""
    return {int(sku): int(number) for sku, number in visit.pieces.items()} if visit else {}


def catalogs_of(link: OrderLink, at: datetime) -> tuple[OpenCatalog, ...]:
    """What a link opens at an instant: its catalog, or nothing once its deadline is past."""
    return tuple(one for one in catalog_by_link(link.catalog_id, at) if not one.is_over)


def offers_of(link: OrderLink, pieces: Mapping[int, int], at: datetime) -> dict[int, Offer]:
    """The offers of these SKUs as the link shows them, at its customer's prices; others are absent."""
    found = offers(link.customer, pieces, at=at, catalogs=catalogs_of(link, at))
    return {sku: offer for sku, offer in found.items() if offer.why_not in {"", "sold_out"}}


def link_page(link: OrderLink, query: str, offset: int, at: datetime) -> LinkPage:
    """A page of PAGE SKUs. A fixed number of statements."""
    listed = _listed(catalogs_of(link, at))
    hits = matches(query, link.customer_id)
    found = listed if hits is None else listed.where(_sku.id.in_(hits))
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    order = (_product.position, _product.id, _sku.position, _sku.id)
    ids = session.scalars(found.order_by(*order).offset(offset).limit(PAGE + 1)).all()
    shown = offers(
        link.customer, dict.fromkeys(ids[:PAGE], 0), at=at, catalogs=catalogs_of(link, at)
    )
    return LinkPage(list(shown.values()), total, offset + PAGE if len(ids) > PAGE else None)


def shown_picture(link: OrderLink, sha256: str, at: datetime) -> StoredFile | None:
    """A stored picture, if it is one of goods that stand on the link's page."""
    stands = shows_picture(catalogs_of(link, at), sha256)
    return session.scalar(select(StoredFile).where(StoredFile.sha256 == sha256, stands).limit(1))


def _listed(catalogs: tuple[OpenCatalog, ...]) -> Any:
    return (
        select(_sku.id)
        .join_from(Sku.__table__, Product.__table__, _product.id == _sku.product_id)
        .where(is_visible(catalogs))
    )


_sku = cast("Table", Sku.__table__).c
_product = cast("Table", Product.__table__).c


def visits_of(links: Iterable[OrderLink]) -> dict[int, int]:
    """How many browsers began to choose at each link."""
    counted = (
        select(LinkVisit.link_id, func.count())
        .where(LinkVisit.link_id.in_([link.id for link in links]))
        .group_by(LinkVisit.link_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def all_links() -> list[OrderLink]:
    """Every link, the newest first."""
    return list(session.scalars(select(OrderLink).order_by(OrderLink.id.desc())))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
