"""What of a customer goes to another one that it is merged into: addresses, ties, and its own file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Table, select

from wholesale.customers.applicants import SignupRequest
from wholesale.customers.models import (
    Address,
    AddressKind,
    BillTo,
    ClosedDays,
    CreditUse,
    Customer,
    CustomerState,
    Terms,
)
from wholesale.customers.queries import terms_on
from wholesale.customers.vettings import Vetting
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.text import N_
from wholesale.kernel.transfers import Takes, Transfer

TAKES = (
    Takes(Address.customer_id, N_("Addresses")),
    Takes(ClosedDays.customer_id),
    Takes(Vetting.customer_id, N_("Checks")),
    Takes(SignupRequest.customer_id),
    Takes(Customer.bill_to_id, N_("Stores billed to it")),
    Takes(Customer.next_bill_to_id),
    Takes(Customer.pays_for_id),
    Takes(Customer.merged_into_id),
    Takes(BillTo.bill_to_id),
)
# Its own terms and who it was billed to are history; the counters are derived from what has moved.
STAYS = (Terms.customer_id, BillTo.customer_id, CreditUse.customer_id)
LONGEST_CODE = 30
# What both may say differently, and whose word counts.
FIELDS = (
    "name", "name_en", "name_zh", "kana", "country", "locale", "group_id", "registration_number",
    "postal_code", "region", "address", "building", "phone", "invoice_email", "order_email",
    "delivery_email", "priority",
)  # fmt: skip

_customers = cast("Table", Customer.__table__)
_addresses = cast("Table", Address.__table__)


def take_over(transfer: Transfer, old: Customer, new: Customer, values: Mapping[str, Any]) -> None:
    """Give what is the old one's to the new one, which gets `values` of columns of Customer."""
    _free_codes(transfer, old, new)
    _one_usual_address(transfer, old, new)
    _newest_stays(transfer, old, new)
    transfer.take(TAKES, old.id, new.id)
    _not_billed_to_itself(transfer, new)
    for column, value in values.items():
        if (before := getattr(new, column)) != value:
            transfer.change(_customers, {new.id: (before, value)}, column)
    for column, gone in (
        ("state", CustomerState.MERGED.value), ("merged_into_id", new.id),
        ("bill_to_id", None), ("next_bill_to_id", None), ("pays_for_id", None),
    ):  # fmt: skip
        before = getattr(old, column)
        if before != gone:
            transfer.change(_customers, {old.id: (before, gone)}, column)


def take_terms(transfer: Transfer, old: Customer, new: Customer) -> None:
    """From today on the new one trades on the terms of the old one, its limit included."""
    theirs, ours = terms_on(old.id, clock.today()), terms_on(new.id, clock.today())
    if theirs is None:
        return
    columns = [one.key for one in _terms.columns if one.key not in _OF_THE_ROW]
    told = {name: getattr(theirs, name) for name in columns}
    if ours is not None and ours.valid_from == clock.today():
        for name, value in told.items():
            if (before := getattr(ours, name)) != value:
                transfer.change(_terms, {ours.id: (before, value)}, name)
    else:
        row = Terms(customer_id=new.id, valid_from=clock.today(), **told)
        session.add(row)
        session.flush()  # the transfer names it
        transfer.created(row)
    for row_id, limit in session.execute(
        select(_uses.c.id, _uses.c.credit_limit).where(
            _uses.c.customer_id == new.id, _uses.c.currency == theirs.currency
        )
    ).all():
        transfer.change(_uses, {row_id: (limit, theirs.credit_limit)}, "credit_limit")


_terms, _uses = cast("Table", Terms.__table__), cast("Table", CreditUse.__table__)
_OF_THE_ROW = {"id", "customer_id", "valid_from"}


def _free_codes(transfer: Transfer, old: Customer, new: Customer) -> None:
    """An address whose code the new one has already goes with the old customer's code behind it."""
    taken = set(session.scalars(select(_addresses.c.code).where(_of(new))))
    for row, code in session.execute(
        select(_addresses.c.id, _addresses.c.code).where(_of(old))
    ).all():
        if code in taken:
            free = _free(code, old.code, taken)
            taken.add(free)
            transfer.change(_addresses, {row: (code, free)}, "code")


def _free(code: str, owner: str, taken: set[str]) -> str:
    tails = (f"-{owner}", *(f"-{owner}-{number}" for number in range(2, 100)))
    return next(
        named
        for tail in tails
        if (named := f"{code[: LONGEST_CODE - len(tail)]}{tail}") not in taken
    )


def _one_usual_address(transfer: Transfer, old: Customer, new: Customer) -> None:
    """The new one's usual address stays so; the old one's is one among others."""
    for kind in AddressKind:
        usual = (_addresses.c.kind == kind, _addresses.c.is_default)
        if session.scalar(select(_addresses.c.id).where(_of(new), *usual)):
            rows = session.scalars(select(_addresses.c.id).where(_of(old), *usual)).all()
            transfer.change(_addresses, dict.fromkeys(rows, (True, False)), "is_default")


def _newest_stays(transfer: Transfer, old: Customer, new: Customer) -> None:
    """Of what both were looked at for, the new one's look counts; the old one's is history."""
    looks = cast("Table", Vetting.__table__)
    kinds = select(looks.c.kind).where(looks.c.customer_id == new.id, looks.c.is_newest)
    rows = session.scalars(
        select(looks.c.id).where(
            looks.c.customer_id == old.id, looks.c.is_newest, looks.c.kind.in_(kinds)
        )
    ).all()
    transfer.change(looks, dict.fromkeys(rows, (True, False)), "is_newest")


def _not_billed_to_itself(transfer: Transfer, new: Customer) -> None:
    for column in ("bill_to_id", "next_bill_to_id", "pays_for_id"):
        itself = select(_customers.c.id).where(
            _customers.c.id == new.id, _customers.c[column] == new.id
        )
        if session.scalar(itself):
            transfer.change(_customers, {new.id: (new.id, None)}, column)


def _of(customer: Customer) -> Any:
    return _addresses.c.customer_id == customer.id
