"""The credit counter: what a bill-to owes or has on order, moved by guarded UPDATEs alone.

A customer that is billed itself has one row, its group's. A store that is billed through its parent
counts on the parent's row, and on a row of its own for what it has on order or not yet billed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Table, bindparam, or_, select, type_coerce, update
from sqlalchemy.dialects import postgresql, sqlite

from wholesale.customers.models import CreditLevel, CreditUse, Customer
from wholesale.customers.queries import money_terms, the_customer
from wholesale.kernel import clock
from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.money import AMOUNT, ZERO

_uses = cast("Table", CreditUse.__table__)
_use = _uses.c
_COUNTED = ("ordered", "later", "unbilled", "receivable", "on_account")
_STILL = dict.fromkeys((f"by_{name}" for name in _COUNTED), ZERO)
# One statement for every movement of a counter: what doesn't move is moved by zero.
_MOVE = (
    update(_uses)
    .where(
        _use.customer_id == bindparam("holder"),
        _use.level == bindparam("at"),
        _use.currency == bindparam("money"),
    )
    .values({name: _use[name] + bindparam(f"by_{name}", type_=AMOUNT) for name in _COUNTED})
)
# A sum of columns forgets its type, and with it the scale of what is added to it: say it again.
_EXPOSURE = type_coerce(
    _use.ordered + _use.unbilled + _use.receivable + _use.notes - _use.on_account, AMOUNT
)
_MOVE_WITHIN_LIMIT = _MOVE.where(
    or_(
        _use.credit_limit.is_(None),
        _EXPOSURE + bindparam("by_ordered", type_=AMOUNT) <= _use.credit_limit,
    )
)


class Owed(NamedTuple):
    """How much more (negative: less) a bill-to owes, and how much more lies on account."""

    receivable: Decimal = ZERO
    on_account: Decimal = ZERO


def add_ordered(
    customer: Customer,
    currency: str,
    gross: Decimal,
    *,
    payer_id: int | None = None,
    later: bool = False,
    force: bool = False,
) -> bool:
    """Count an order (with provisional tax). False, with nothing changed, beyond a stated limit.

    The condition stands in the UPDATE, so of two orders at once exactly one takes the last yen.
    `payer_id` is the bill-to the document names; without one, that of today. `later` orders lie
    beyond the horizon and are not held against the limit; `force` is a release by somebody with
    the right to.
    """
    move = _MOVE if later or force else _MOVE_WITHIN_LIMIT
    counted = {"later" if later else "ordered": gross}
    done: list[tuple[int, CreditLevel]] = []
    for holder, level in _holders(customer, payer_id):
        told = _told(holder, level, currency, counted)
        if not rows_changed(move, told):
            _make_rows(customer, currency, payer_id)  # it may be the first use of the counter
            if not rows_changed(move, told):
                for earlier, at in done:
                    _change(earlier, at, currency, ordered=-gross)
                return False
        done.append((holder, level))
    return True


def take_ordered_back(
    customer: Customer, currency: str, gross: Decimal, *, payer_id: int, later: bool = False
) -> None:
    """An order, or a part of one, is no longer wanted."""
    for holder, level in _holders(customer, payer_id):
        _change(holder, level, currency, **{"later" if later else "ordered": -gross})


def ship(
    customer: Customer, currency: str, ordered: Decimal, unbilled: Decimal, *, payer_id: int
) -> None:
    """Goods left: the order's share becomes sales not yet billed."""
    for holder, level in _holders(customer, payer_id):
        _change(holder, level, currency, ordered=-ordered, unbilled=unbilled)


def bill(
    customer: Customer, currency: str, unbilled: Decimal, receivable: Decimal, *, payer_id: int
) -> None:
    """An invoice was issued for what `customer` received; the debt is its bill-to's."""
    for holder, level in _holders(customer, payer_id):
        owed = receivable if level is CreditLevel.GROUP else ZERO
        _change(holder, level, currency, unbilled=-unbilled, receivable=owed)


def owe(payer: Customer, currency: str, receivable: Decimal) -> None:
    """The bill-to owes more (an opening invoice), or less (negative: a clearing, a difference)."""
    _count_at_payer(payer, currency, receivable=receivable)


def owe_and_hold(moves: Mapping[tuple[int, str], Owed]) -> None:
    """The same for several (bill-to, currency) at once, and money on account beside it."""
    wanted = sorted(key for key, owed in moves.items() if any(owed))
    if not wanted:
        return
    payers = sorted({payer for payer, _ in wanted})
    known = {tuple(row) for row in session.execute(_KNOWN, {"payers": payers})}
    for payer, currency in wanted:
        if (payer, currency) not in known:
            _make_rows(the_customer(payer), currency)
    moved = rows_changed(
        _MOVE,
        [
            _told(payer, CreditLevel.GROUP, currency, moves[payer, currency]._asdict())
            for payer, currency in wanted
        ],
    )
    assert moved == len(wanted)  # noqa: S101 - each has its row by now


_KNOWN = select(_use.customer_id, _use.currency).where(
    _use.customer_id.in_(bindparam("payers", expanding=True)), _use.level == CreditLevel.GROUP
)


def hold_on_account(payer: Customer, currency: str, amount: Decimal) -> None:
    """Money of the bill-to lies on account with us (negative: it was used or paid back)."""
    _count_at_payer(payer, currency, on_account=amount)


def reserve(payer_id: int, currency: str, wanted: Decimal) -> Decimal:
    """Set money that lies on account apart for an order: as much of `wanted` as is free.

    The condition stands in the UPDATE, so that the same yen is never set apart twice.
    """
    asked: dict[str, object] = {"holder": payer_id, "at": CreditLevel.GROUP, "money": currency}
    for _ in range(TRIES):
        taken = min(wanted, session.scalar(_FREE, asked) or ZERO)
        if taken <= 0:
            return ZERO
        if rows_changed(_RESERVE, {**asked, "n": taken}):
            return taken
    return ZERO


def unreserve(payer_id: int, currency: str, amount: Decimal) -> None:
    """Money was set apart for an order that doesn't need it any more, or has used it."""
    if amount:
        asked = {"holder": payer_id, "at": CreditLevel.GROUP, "money": currency, "n": -amount}
        rows_changed(_UNRESERVE, asked)


def over_reserved(payer_id: int, currency: str) -> Decimal:
    """By how much more is set apart than lies on account, after money was taken back; else 0."""
    asked = {"holder": payer_id, "at": CreditLevel.GROUP, "money": currency}
    return max(ZERO, -(session.scalar(_FREE, asked) or ZERO))


TRIES = 5
_this_row = (
    _use.customer_id == bindparam("holder"),
    _use.level == bindparam("at", type_=_use.level.type),
    _use.currency == bindparam("money"),
)
_FREE = select(type_coerce(_use.on_account - _use.reserved, AMOUNT)).where(*_this_row)
_reserved = type_coerce(_use.reserved + bindparam("n", type_=AMOUNT), AMOUNT)
_UNRESERVE = update(_uses).where(*_this_row).values(reserved=_reserved)
_RESERVE = _UNRESERVE.where(_reserved <= _use.on_account)


def set_limit(customer: Customer, currency: str, limit: Decimal | None) -> None:
    """State a limit: NULL is none, 0 is no credit."""
    _make_rows(customer, currency)
    level = CreditLevel.GROUP if customer.payer_id == customer.id else CreditLevel.OWN
    rows_changed(
        update(CreditUse).where(*_row(customer.id, level, currency)).values(credit_limit=limit)
    )


def restate(
    holders: Iterable[int],
    found: Mapping[tuple[int, CreditLevel, str], Mapping[str, Decimal]],
) -> None:
    """Set every counter of these customers to what was found beneath it; what wasn't, to nothing."""
    ids = list(holders)
    known = {
        tuple(row)
        for row in session.execute(
            select(_use.customer_id, _use.level, _use.currency).where(_use.customer_id.in_(ids))
        )
    }
    for holder, level, currency in sorted(set(found) - known):
        if holder in ids:
            session.add(
                CreditUse(
                    customer_id=holder, level=level, currency=currency,
                    credit_limit=_stated_limit(the_customer(holder), holder),
                )
            )  # fmt: skip
            known.add((holder, level, currency))
    session.flush()  # they are set by a statement
    for key in sorted(known):
        amounts = found.get(key, {})
        values = {name: amounts.get(name, ZERO) for name in (*_COUNTED, "reserved")}
        session.execute(update(_uses).where(*_row(*key)).values(values))


def credit_of(customer: Customer, currency: str) -> CreditUse:
    """The counter of a customer's bill-to, read afresh."""
    _make_rows(customer, currency)
    return session.scalars(
        select(CreditUse)
        .where(*_row(customer.payer_id, CreditLevel.GROUP, currency))
        .execution_options(populate_existing=True)
    ).one()


def known_credit(payer_id: int, currency: str) -> CreditUse | None:
    """The counter where there is one, for screens that must not write."""
    return session.scalar(select(CreditUse).where(*_row(payer_id, CreditLevel.GROUP, currency)))


def _holders(customer: Customer, payer_id: int | None = None) -> list[tuple[int, CreditLevel]]:
    """Whose counters an amount is added to: the bill-to is that of the document's day."""
    payer_id = payer_id or customer.payer_id
    if payer_id == customer.id:
        return [(customer.id, CreditLevel.GROUP)]
    return sorted(
        [(customer.id, CreditLevel.OWN), (payer_id, CreditLevel.GROUP)],
        key=lambda pair: pair[0],
    )


def _count_at_payer(payer: Customer, currency: str, **by: Decimal) -> None:
    if not _change(payer.id, CreditLevel.GROUP, currency, **by):
        _make_rows(payer, currency)
        _change(payer.id, CreditLevel.GROUP, currency, **by)


def _row(customer_id: int, level: CreditLevel, currency: str) -> tuple[ColumnElement[bool], ...]:
    return (
        CreditUse.customer_id == customer_id,
        CreditUse.level == level,
        CreditUse.currency == currency,
    )


def _change(customer_id: int, level: CreditLevel, currency: str, **by: Decimal) -> bool:
    """Move a counter without asking its limit; False where there is none yet."""
    return bool(rows_changed(_MOVE, _told(customer_id, level, currency, by)))


def _told(
    customer_id: int, level: CreditLevel, currency: str, by: Mapping[str, Decimal]
) -> dict[str, object]:
    moved = {f"by_{name}": amount for name, amount in by.items()}
    return {"holder": customer_id, "at": level, "money": currency, **_STILL, **moved}


def _make_rows(customer: Customer, currency: str, payer_id: int | None = None) -> None:
    """Make the counters at their first use, with the limit the terms state."""
    wanted = _holders(customer, payer_id)
    known = session.scalar(select(CreditUse.id).where(*_row(*wanted[0], currency)).limit(1))
    if known is not None and len(wanted) == 1:
        return
    dialect = session.get_bind().dialect.name
    new = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(_uses)
    zero = dict.fromkeys(
        ("ordered", "later", "unbilled", "receivable", "notes", "on_account", "reserved"), ZERO
    )
    session.execute(
        new.on_conflict_do_nothing(),
        [
            {
                "customer_id": holder, "level": level, "currency": currency,
                "credit_limit": _stated_limit(customer, holder), **zero,
            }
            for holder, level in wanted
        ],
    )  # fmt: skip


def _stated_limit(customer: Customer, holder: int) -> Decimal | None:
    who = customer if holder == customer.id else the_customer(holder)
    return money_terms(who, clock.today()).credit_limit
