"""Likely duplicates: pairs of customers that share signs, the likeliest first, with their reasons."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any

from sqlalchemy import select

from wholesale.customers.applying import core_of
from wholesale.customers.models import Customer
from wholesale.customers.queries import lives
from wholesale.kernel.db import session
from wholesale.merging.models import Distinct

LIKELY = 40
SHORTEST_NAME = 2
FEWEST_DIGITS = 8
# A sign that more than so many share (a building, a head office's telephone) tells nobody apart.
MOST_ALIKE = 6


class Sign(StrEnum):
    """What two customers share."""

    REGISTRATION = "registration"
    NAME = "name"
    READING = "reading"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"


# Points out of a hundred and more; a registration number alone is enough, so are two of the others.
POINTS = {
    Sign.REGISTRATION: 60, Sign.NAME: 35, Sign.READING: 30, Sign.PHONE: 30, Sign.EMAIL: 25,
    Sign.ADDRESS: 25,
}  # fmt: skip
BILLED_TOGETHER = -40


@dataclass(frozen=True, slots=True)
class Pair:
    """Two customers that may be one, with what they share; `score` as `POINTS` add up."""

    first: Customer
    second: Customer
    signs: tuple[Sign, ...]
    score: int


def likely_duplicates(most: int = 100) -> list[Pair]:
    """The likeliest pairs that nobody has said are two. Three statements, whatever their number."""
    shared = _shared(_rows())
    known = session.execute(select(Distinct.first_id, Distinct.second_id))
    two = {(first, second) for first, second in known}
    scored = sorted(
        (
            (_score(signs, together=together), pair, signs)
            for pair, (signs, together) in shared.items()
            if pair not in two
        ),
        key=lambda one: (-one[0], one[1]),
    )
    best = [one for one in scored if one[0] >= LIKELY][:most]
    ids = {each for _, pair, _ in best for each in pair}
    found = {one.id: one for one in session.scalars(select(Customer).where(Customer.id.in_(ids)))}
    return [
        Pair(found[first], found[second], tuple(sorted(signs)), score)
        for score, (first, second), signs in best
        if first in found and second in found
    ]


def _rows() -> Iterable[Any]:
    return session.execute(
        select(
            Customer.id, Customer.name, Customer.kana, Customer.phone, Customer.invoice_email,
            Customer.registration_number, Customer.postal_code, Customer.address,
            Customer.bill_to_id, Customer.pays_for_id,
        ).where(lives)
    )  # fmt: skip


def _shared(rows: Iterable[Any]) -> dict[tuple[int, int], tuple[set[Sign], bool]]:
    """{pair: (what it shares, whether one pays for the other)}."""
    buckets: dict[tuple[Sign, str], list[int]] = defaultdict(list)
    payers: dict[int, set[int]] = {}
    for row in rows:
        payers[row.id] = {row.id, row.bill_to_id or row.id, row.pays_for_id or row.id}
        for sign, key in _keys(row):
            buckets[sign, key].append(row.id)
    found: dict[tuple[int, int], tuple[set[Sign], bool]] = {}
    for (sign, _), ids in buckets.items():
        if len(ids) > MOST_ALIKE:
            continue
        for first, second in combinations(sorted(ids), 2):
            together = bool(payers[first] & payers[second])
            found.setdefault((first, second), (set(), together))[0].add(sign)
    return found


def _keys(row: Any) -> Iterator[tuple[Sign, str]]:
    """The signs of one customer, each in one spelling."""
    if row.registration_number:
        yield Sign.REGISTRATION, row.registration_number.upper()
    if len(name := _plain(core_of(row.name))) >= SHORTEST_NAME:
        yield Sign.NAME, name
    if kana := _plain(core_of(row.kana or "")):
        yield Sign.READING, kana
    if len(digits := re.sub(r"\D", "", row.phone or "")) >= FEWEST_DIGITS:
        yield Sign.PHONE, digits
    if row.invoice_email:
        yield Sign.EMAIL, row.invoice_email.casefold()
    if row.address and row.postal_code:
        yield Sign.ADDRESS, re.sub(r"\D", "", row.postal_code) + _plain(row.address)


def _plain(text: str) -> str:
    """One width, one case, without marks and blanks."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _score(signs: set[Sign], *, together: bool) -> int:
    return sum(POINTS[sign] for sign in signs) + (BILLED_TOGETHER if together else 0)
