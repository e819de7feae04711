"""Which rows of a file depend on one another, so that a large one can be applied in parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from sqlalchemy import bindparam, func, select, update

from wholesale.exchange import cells
from wholesale.exchange.reports import Refused
from wholesale.exchange.staged import rows
from wholesale.kernel.db import session
from wholesale.kernel.sheets import Row

Ties = tuple[str | None, str | None]
MOST_AT_ONCE = 5000


def ties_of(kind: str, table: str, row: Row) -> Ties:
    """By what a row is tied to rows of the same kind: its own code, and that of another."""
    return _TIES[kind](table, row)


def _products(_: str, row: Row) -> Ties:
    """A model's SKUs, wherever they stand; and a code that stands in two models."""
    sku = _code(row, "sku")
    product = _code(row, "product") or sku
    return _told("model", product), _told("sku", sku or product)


def _customers(_: str, row: Row) -> Ties:
    """A customer with its ship-tos, and with the one that pays for it."""
    payer = _code(row, "bill_to") or _code(row, "pays_for")
    return _told("customer", _code(row, "code")), _told("customer", payer)


def _by(*fields: str) -> Callable[[str, Row], Ties]:
    def ties(_: str, row: Row) -> Ties:
        return _told(*(_code(row, field) for field in fields)), None

    return ties


_TIES: Mapping[str, Callable[[str, Row], Ties]] = {
    "products": _products,
    "customers": _customers,
    "prices": _by("customer", "object"),
    "stock": _by("sku"),
    "open-orders": _by("number"),
    "open-invoices": _by("number"),
    "payer-names": _by("customer"),
    "rates-of-exchange": _by("currency"),
}


def _code(row: Row, field: str) -> str:
    try:
        return cells.code(row, field)
    except Refused:  # said of the row when its turn comes
        return ""


def _told(*parts: str) -> str | None:
    """A short word for codes, None where there is none."""
    if not parts[-1]:
        return None
    return blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()


def bundle(run_id: int) -> bool:
    """Join bundles that a tie holds together, some at a time; whether any had to be."""
    return _join_ties(run_id) or _join_twins(run_id)


def _join_ties(run_id: int) -> bool:
    """Rows of one tie stand where the first of them stands."""
    first = func.min(rows.c.bundle)
    broken = session.execute(
        select(rows.c.tie, first)
        .where(rows.c.run_id == run_id, rows.c.tie.is_not(None))
        .group_by(rows.c.tie)
        .having(first != func.max(rows.c.bundle))
        .limit(MOST_AT_ONCE)
    ).all()
    if broken:
        session.execute(
            update(rows)
            .where(rows.c.run_id == run_id, rows.c.tie == bindparam("of_tie"))
            .values(bundle=bindparam("first")),
            [{"of_tie": tie, "first": place} for tie, place in broken],
        )
    return bool(broken)


def _join_twins(run_id: int) -> bool:
    """Bundles that share a twin, or where one's twin is another's tie, become the first of them."""
    heads: dict[int, int] = {}
    for pair in _twins(run_id):
        low, high = sorted(_head(heads, one) for one in pair)
        if low != high:
            heads[high] = low
    moved = [{"old": old, "new": _head(heads, old)} for old in heads]
    if moved:
        session.execute(
            update(rows)
            .where(rows.c.run_id == run_id, rows.c.bundle == bindparam("old"))
            .values(bundle=bindparam("new")),
            moved,
        )
    return bool(moved)


def _head(heads: Mapping[int, int], place: int) -> int:
    while place in heads:
        place = heads[place]
    return place


def _twins(run_id: int) -> Sequence[Any]:
    low, high = func.min(rows.c.bundle), func.max(rows.c.bundle)
    shared = session.execute(
        select(low, high)
        .where(rows.c.run_id == run_id, rows.c.twin.is_not(None))
        .group_by(rows.c.twin)
        .having(low != high)
        .limit(MOST_AT_ONCE)
    ).all()
    other = rows.alias()
    crossed = session.execute(
        select(rows.c.bundle, other.c.bundle)
        .join(other, (other.c.run_id == rows.c.run_id) & (other.c.tie == rows.c.twin))
        .where(rows.c.run_id == run_id, rows.c.bundle != other.c.bundle)
        .limit(MOST_AT_ONCE)
    ).all()
    return [*shared, *crossed]
