"""Who is billed for a customer, by day. Documents keep the bill-to of the day they were made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select

from wholesale.company.changing import check_version
from wholesale.customers.models import BillTo, Customer, CustomerState
from wholesale.customers.paying_dates import closing_on
from wholesale.customers.queries import customer_by_code, forget_terms, money_terms
from wholesale.kernel import clock, jobs, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

TAKE_EFFECT = "customers.bill_to"
FIRST_DAY = date(2000, 1, 1)


class BillToInForce(DomainError):
    """What was billed to somebody stays."""

    message = N_("The bill-to changes from today or a later day; what was placed before stays.")


class BillToChain(DomainError):
    """Who is billed for others is billed itself."""

    message = N_(
        "%(customer)s can't be billed for others, or to others: whoever is billed for stores is "
        "billed itself."
    )


class NoSuchPayer(DomainError):
    """The code names nobody who can be billed."""

    message = N_("No customer that trades has the code %(code)s.")


class NotAtClosing(DomainError):
    """A change in the middle of a period would split its invoice."""

    message = N_("The bill-to changes after a closing. The next day it can is %(day)s.")


def change_bill_to(
    customer: Customer, code: str, valid_from: date, version: int, by: Actor
) -> None:
    """Bill a customer to another one (code "": to itself) from a day on.

    Orders placed before keep theirs, with all that follows from them: shipments, sales, invoices,
    and the credit they use. Raises Conflict, BillToInForce, NoSuchPayer, BillToChain, NotAtClosing,
    NoTerms.
    """
    check_version(customer, version)
    if valid_from < clock.today():
        raise BillToInForce
    payer = _payer(customer, code)
    _must_be_after_a_closing(customer, valid_from)
    before = customer.payer_on(valid_from)
    if before == (payer.id if payer else customer.id):
        return
    _write(customer, payer, valid_from)
    old = session.scalars(select(Customer.code).where(Customer.id == before)).one()
    journal.record(
        customer, "customer:bill_to", by, code=customer.code,
        changes={"bill_to": [old, payer.code if payer else customer.code],
                 "valid_from": [None, valid_from.isoformat()]},
    )  # fmt: skip
    if valid_from > clock.today():
        jobs.enqueue(
            TAKE_EFFECT, {"customer": customer.id}, by=by, run_at=clock.midnight(valid_from),
            dedupe_key=f"{TAKE_EFFECT}:{customer.id}:{valid_from}",
        )  # fmt: skip
    else:
        take_effect(customer)


def withdraw(customer: Customer, version: int, by: Actor) -> None:
    """Take a change back before its day. Raises Conflict, BillToInForce."""
    check_version(customer, version)
    day = customer.next_bill_to_on
    if day is None or day <= clock.today():
        raise BillToInForce
    row = session.scalars(
        select(BillTo).where(BillTo.customer_id == customer.id, BillTo.valid_from == day)
    ).one()
    session.delete(row)
    customer.next_bill_to_on = customer.next_bill_to_id = None
    journal.record(
        customer, "customer:bill_to", by, code=customer.code,
        changes={"valid_from": [day.isoformat(), None]},
    )  # fmt: skip


def take_effect(customer: Customer) -> None:
    """The day has come: from here on the change is what is in force. Can be run again."""
    if customer.next_bill_to_on is not None and customer.next_bill_to_on <= clock.today():
        customer.bill_to_id = customer.next_bill_to_id
        customer.next_bill_to_on = customer.next_bill_to_id = None
        session.flush()  # the relation to the payer is read anew
        session.expire(customer, ["bill_to", "next_bill_to"])
        forget_terms()


def note_bill_to(customer: Customer, bill_to_id: int | None) -> None:
    """Write down that from today on somebody else is billed, for a sheet that says so; what was to
    come is off.
    """
    _forget_coming(customer)
    _keep(customer, bill_to_id, clock.today())


def history(customer_id: int) -> list[tuple[BillTo, Customer | None]]:
    """Every change with who is billed from then on, the newest first. One statement."""
    rows = session.execute(
        select(BillTo, Customer)
        .outerjoin(Customer, Customer.id == BillTo.bill_to_id)
        .where(BillTo.customer_id == customer_id)
        .order_by(BillTo.valid_from.desc())
    )
    return [(row, payer) for row, payer in rows]


def payer_on(customer: Customer, day: date) -> int:
    """The id of who is billed for what was placed on a day, however long ago."""
    row = session.scalar(
        select(BillTo)
        .where(BillTo.customer_id == customer.id, BillTo.valid_from <= day)
        .order_by(BillTo.valid_from.desc())
        .limit(1)
    )
    return customer.payer_on(day) if row is None else row.bill_to_id or customer.id


def stores_of(customer_id: int) -> Sequence[Customer]:
    """Who is, or will be, billed to a customer."""
    return session.scalars(
        select(Customer)
        .where(or_(Customer.bill_to_id == customer_id, Customer.next_bill_to_id == customer_id))
        .order_by(Customer.code)
    ).all()


def _payer(customer: Customer, code: str) -> Customer | None:
    if code in ("", customer.code):
        return None
    payer = customer_by_code(code)
    if payer is None or payer.state is not CustomerState.ACTIVE:
        raise NoSuchPayer(code=code)
    if payer.bill_to_id or payer.next_bill_to_id:
        raise BillToChain(customer=payer.name)
    if stores_of(customer.id):
        raise BillToChain(customer=customer.name)
    money_terms(payer, clock.today())
    return payer


def _must_be_after_a_closing(customer: Customer, valid_from: date) -> None:
    terms = money_terms(customer, clock.today())
    last = date.fromordinal(valid_from.toordinal() - 1)
    closing = closing_on(terms, last)
    if closing is not None and closing != last:
        raise NotAtClosing(day=date.fromordinal(closing.toordinal() + 1).isoformat())


def _write(customer: Customer, payer: Customer | None, valid_from: date) -> None:
    _forget_coming(customer)
    _keep(customer, payer.id if payer else None, valid_from)
    customer.next_bill_to_on = valid_from
    customer.next_bill_to_id = payer.id if payer else None
    session.flush()  # the relation to the payer is read anew
    session.expire(customer, ["bill_to", "next_bill_to"])
    forget_terms()


def _forget_coming(customer: Customer) -> None:
    if (coming := customer.next_bill_to_on) is not None and coming > clock.today():
        for row in session.scalars(
            select(BillTo).where(BillTo.customer_id == customer.id, BillTo.valid_from == coming)
        ):
            session.delete(row)


def _keep(customer: Customer, bill_to_id: int | None, valid_from: date) -> None:
    rows = {
        row.valid_from: row
        for row in session.scalars(select(BillTo).where(BillTo.customer_id == customer.id))
    }
    if not rows:
        first = min(customer.since or FIRST_DAY, valid_from)
        rows[first] = BillTo(
            customer_id=customer.id, valid_from=first, bill_to_id=customer.bill_to_id
        )
        session.add(rows[first])
    if valid_from in rows:
        rows[valid_from].bill_to_id = bill_to_id
    else:
        session.add(BillTo(customer_id=customer.id, valid_from=valid_from, bill_to_id=bill_to_id))
    session.flush()  # the history is read by queries
