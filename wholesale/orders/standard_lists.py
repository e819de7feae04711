"""Standard lists (定番リスト) and favourites: what a customer's buyers order again by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete as delete_rows
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import flag_modified

from wholesale.catalog.queries import SkuFacts, sku_facts
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_
from wholesale.offers.offering import offers
from wholesale.orders.carting import MOST_PIECES, NotOrderable, TooMany
from wholesale.orders.keeping_carts import plain_name
from wholesale.orders.list_tables import Favourite, StandardLine, StandardList

MOST_LISTS = 100
MOST_LINES = 500
MOST_FAVOURITES = 500
UNDONE_WITHIN = timedelta(days=30)


class ListNameTaken(DomainError):
    """Another list of the customer is called so."""

    message = N_("Another of your standard lists is called “%(name)s”.")


class ListMovedOn(Conflict):
    """The list was changed since it was looked at."""

    message = N_("%(name)s has changed this list meanwhile. Look at it again, then save.")


class TooManyLists(DomainError):
    """More lists, or lines of one, than are kept."""

    message = N_("At most %(most)s are kept. Delete one first.")


class EmptyList(DomainError):
    """Nothing that a list could be made of."""

    message = N_("There is nothing in it that a list could be made of.")


def make_list(customer: Customer, name: str, pieces: Mapping[int, int], by: Actor) -> StandardList:
    """A new list of {SKU: usual pieces}; what is hidden from the customer is left out.

    Raises NameMissing, ListNameTaken, TooManyLists.
    """
    name = _checked(name, customer.id)
    made = StandardList(
        customer_id=customer.id, name=name, made_by=by.name, changed_by=by.name,
        changed_at=clock.now(), lines=[],
    )  # fmt: skip
    session.add(made)
    _fill(made, customer, pieces)
    session.flush()  # its number stands in the next address
    return made


def list_from(customer: Customer, name: str, pieces: Mapping[int, int], by: Actor) -> StandardList:
    """A list out of a cart or an order. Raises EmptyList and what `make_list` raises."""
    if not pieces:
        raise EmptyList
    return make_list(customer, name, pieces, by)


def save_list(
    one: StandardList, customer: Customer, *, name: str, pieces: Mapping[int, int],
    added: Mapping[int, int], version: int, by: Actor,
) -> None:  # fmt: skip
    """Write the usual quantities {SKU: pieces} as typed (0 takes a line out), and add some more.

    Raises ListMovedOn, NameMissing, ListNameTaken, TooMany, NotOrderable.
    """
    if one.version != version:
        raise ListMovedOn(name=one.changed_by)
    if any(n > MOST_PIECES for n in (*pieces.values(), *added.values())):
        raise TooMany(most=MOST_PIECES)
    if name.strip() != one.name:
        one.name = _checked(name, customer.id, but=one.id)
    for line in list(one.lines):
        quantity = pieces.get(line.sku_id, line.quantity)
        if quantity:
            line.quantity = quantity
        else:
            one.lines.remove(line)
    known = {line.sku_id: line for line in one.lines}
    for sku, line in known.items():
        line.quantity += added.get(sku, 0)
    _fill(one, customer, {sku: n for sku, n in added.items() if sku not in known and n}, whole=True)
    one.changed_by, one.changed_at = by.name, clock.now()
    flag_modified(one, "changed_at")  # its next version, within the same instant, too
    session.flush()  # a taken line leaves before the page reads the list


def delete_list(one: StandardList, *, version: int, by: Actor) -> None:
    """Put a list away; it can be brought back for a month. Raises ListMovedOn."""
    if one.version != version or one.deleted_at is not None:
        raise ListMovedOn(name=one.changed_by)
    one.deleted_at, one.changed_by, one.changed_at = clock.now(), by.name, clock.now()


def restore_list(one: StandardList, by: Actor) -> None:
    """A deleted list is there again; it keeps its name even where another has taken it since."""
    one.deleted_at, one.changed_by, one.changed_at = None, by.name, clock.now()


def lists_of(customer_id: int) -> list[StandardList]:
    """The customer's lists with their lines, those that can be brought back at the end."""
    since = clock.now() - UNDONE_WITHIN
    rows = session.scalars(
        select(StandardList)
        .where(
            StandardList.customer_id == customer_id,
            (StandardList.deleted_at.is_(None)) | (StandardList.deleted_at >= since),
        )
        .options(selectinload(StandardList.lines))
        .order_by(StandardList.name, StandardList.id)
    )
    return sorted(rows, key=lambda one: one.deleted_at is not None)


def star(customer: Customer, user_id: int, facts: SkuFacts) -> None:
    """Keep a SKU among a person's favourites; twice is once. Raises TooManyLists."""
    mine = favourite_ids(customer.id, user_id)
    if facts.id in mine:
        return
    if len(mine) >= MOST_FAVOURITES:
        raise TooManyLists(most=MOST_FAVOURITES)
    session.add(
        Favourite(
            customer_id=customer.id, user_id=user_id, sku_id=facts.id, code=facts.code,
            known_as=facts.full_name(), starred_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()  # the page reads them by a query


def unstar(customer_id: int, user_id: int, code: str) -> None:
    """Take a SKU from a person's favourites, by the code it was starred under."""
    session.execute(
        delete_rows(Favourite).where(
            Favourite.customer_id == customer_id,
            Favourite.user_id == user_id,
            Favourite.code == code,
        )
    )


def favourites_of(customer_id: int, user_id: int) -> list[Favourite]:
    """A person's favourites for a customer, the newest first."""
    return list(
        session.scalars(
            select(Favourite)
            .where(Favourite.customer_id == customer_id, Favourite.user_id == user_id)
            .order_by(Favourite.id.desc())
        )
    )


def favourite_ids(customer_id: int, user_id: int) -> frozenset[int]:
    """The SKUs among a person's favourites. One statement."""
    return frozenset(
        session.scalars(
            select(Favourite.sku_id).where(
                Favourite.customer_id == customer_id, Favourite.user_id == user_id
            )
        )
    )


def _fill(
    one: StandardList, customer: Customer, pieces: Mapping[int, int], *, whole: bool = False
) -> None:
    """Put SKUs into a list by their offers to the customer; `whole`: all of them, or none."""
    shown = offers(customer, pieces, at=clock.now(), with_pictures=False) if pieces else {}
    facts = sku_facts(pieces) if whole else {}
    for sku, quantity in pieces.items():
        offer = shown.get(sku)
        if offer is None or offer.is_gone:
            if whole:
                raise NotOrderable(sku=facts[sku].code if sku in facts else str(sku))
            continue
        one.lines.append(
            StandardLine(
                sku_id=sku, code=offer.facts.code, known_as=offer.facts.full_name(),
                quantity=quantity,
            )
        )  # fmt: skip
    if len(one.lines) > MOST_LINES:
        raise TooMany(most=MOST_LINES)


def _checked(name: str, customer_id: int, but: int = 0) -> str:
    name = plain_name(name)
    others = list(
        session.scalars(
            select(StandardList.name).where(
                StandardList.customer_id == customer_id,
                StandardList.deleted_at.is_(None),
                StandardList.id != but,
            )
        )
    )
    if name in others:
        raise ListNameTaken(name=name)
    if not but and len(others) >= MOST_LISTS:
        raise TooManyLists(most=MOST_LISTS)
    return name
