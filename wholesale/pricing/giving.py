"""Giving price lists to customers, one by one or a whole rank, and taking them back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select

from wholesale.customers.models import Customer, CustomerState
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.pricing.models import CustomerPriceList, PriceList

MOST_LISTS = 20


class HasList(DomainError):
    """Nobody is left to give it to."""

    message = N_("Everybody meant here has this price list already.")


class TooManyPriceLists(DomainError):
    """An order nobody can keep in mind."""

    message = N_("%(customer)s has %(most)s price lists already. Take one back first.")


def give_list(prices: PriceList, customers: Iterable[Customer], by: Actor) -> int:
    """Give a price list to customers, behind those they have. Returns to how many it was new.

    Raises HasList, TooManyPriceLists.
    """
    wanted = {one.id: one for one in customers}
    mine = CustomerPriceList.customer_id.in_(wanted)
    has = set(
        session.scalars(
            select(CustomerPriceList.customer_id).where(
                mine, CustomerPriceList.price_list_id == prices.id
            )
        )
    )
    last = {
        customer: (count, position)
        for customer, count, position in session.execute(
            select(
                CustomerPriceList.customer_id, func.count(), func.max(CustomerPriceList.position)
            )
            .where(mine)
            .group_by(CustomerPriceList.customer_id)
        )
    }
    fresh = [one for one in wanted.values() if one.id not in has]
    if not fresh:
        raise HasList
    for one in fresh:
        count, position = last.get(one.id, (0, -1))
        if count >= MOST_LISTS:
            raise TooManyPriceLists(customer=one.name, most=MOST_LISTS)
        session.add(
            CustomerPriceList(customer_id=one.id, price_list_id=prices.id, position=position + 1)
        )
        journal.record(prices, "price_list:given", by, changes={one.code: [None, prices.code]})
    session.flush()  # prices are read by Core
    return len(fresh)


def take_list_back(prices: PriceList, customer: Customer, by: Actor) -> None:
    """Take a price list back from a customer; who hasn't got it is left as it is."""
    row = session.scalar(
        select(CustomerPriceList).where(
            CustomerPriceList.price_list_id == prices.id,
            CustomerPriceList.customer_id == customer.id,
        )
    )
    if row is not None:
        session.delete(row)
        journal.record(prices, "price_list:taken", by, changes={customer.code: [prices.code, None]})
    session.flush()  # prices are read by Core


def ask_first(prices: PriceList, customer: Customer, by: Actor) -> None:
    """Let a customer's price list be asked before its others."""
    rows = session.scalars(
        select(CustomerPriceList)
        .where(CustomerPriceList.customer_id == customer.id)
        .order_by(CustomerPriceList.position, CustomerPriceList.id)
    ).all()
    if not any(row.price_list_id == prices.id for row in rows):
        return
    ordered = sorted(rows, key=lambda row: row.price_list_id != prices.id)
    for position, row in enumerate(ordered):
        row.position = position
    journal.record(prices, "price_list:first", by, changes={customer.code: [None, "1"]})
    session.flush()  # prices are read by Core


def users(prices: PriceList, most: int) -> Sequence[tuple[Customer, int]]:
    """The customers that have a price list, with its position among theirs, by code."""
    return [
        (row[0], row[1])
        for row in session.execute(
            select(Customer, CustomerPriceList.position)
            .join(CustomerPriceList, CustomerPriceList.customer_id == Customer.id)
            .where(CustomerPriceList.price_list_id == prices.id)
            .order_by(Customer.code)
            .limit(most)
        )
    ]


def active_of_rank(group_id: int) -> Sequence[Customer]:
    """The active customers of a rank."""
    return session.scalars(
        select(Customer).where(
            Customer.group_id == group_id, Customer.state == CustomerState.ACTIVE
        )
    ).all()
