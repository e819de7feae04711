"""Whose name is it? Every name and number under which customers are known to pay."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from rapidfuzz import fuzz, process

from wholesale.customers.models import FeeBearer
from wholesale.payments.payer_names import (
    PayerKey,
    canonical_key,
    is_cut,
    without_voiced_marks,
)

ENOUGH_CONFIRMATIONS = 2
SHORTEST_CUT = 10
SHORTEST_BEGINNING = 4
SIMILAR = 75
_MOST_SIMILAR = 3
_MOST_ALIKE = 5


class Origin(StrEnum):
    """Where a known name comes from."""

    NAME = "name"
    KANA = "kana"
    REGISTERED = "registered"
    LEARNED = "learned"


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name and where it comes from; learned ones with bank, branch and how often confirmed."""

    key: str
    origin: Origin
    bank: str = ""
    branch: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Payer:
    """A customer as a payer. `group` is the customer that pays for it, empty for itself."""

    customer: str
    names: tuple[KnownName, ...]
    codes: frozenset[str] = frozenset()
    group: str = ""
    fee_bearer: FeeBearer = FeeBearer.PAYER
    on_hold: bool = False


@dataclass(frozen=True, slots=True)
class Owner:
    """A customer that a payer may be. `proves`: this evidence alone makes the payer certain."""

    customer: str
    reason: str
    proves: bool
    count: int = 0
    same_office: bool = False


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was found about a payer: `owners` by key, number or cut name; `alike` are guesses."""

    key: PayerKey
    owners: tuple[Owner, ...]
    alike: tuple[Owner, ...]

    @property
    def certain(self) -> Owner | None:
        """The one customer that it is, if that is proven."""
        return self.owners[0] if len(self.owners) == 1 and self.owners[0].proves else None


class PayerIndex:
    """All payers by customer, key, number and group."""

    def __init__(self, payers: Iterable[Payer]) -> None:
        self._payers: dict[str, Payer] = {}
        self._children: dict[str, list[str]] = defaultdict(list)
        self._names: dict[str, dict[str, list[KnownName]]] = defaultdict(lambda: defaultdict(list))
        self._codes: dict[str, set[str]] = defaultdict(set)
        self._unvoiced: dict[str, set[str]] = defaultdict(set)
        for payer in payers:
            self._payers[payer.customer] = payer
            if payer.group and payer.group != payer.customer:
                self._children[payer.group].append(payer.customer)
            for code in payer.codes:
                self._codes[code].add(payer.customer)
            for name in payer.names:
                if name.key:
                    self._names[name.key][payer.customer].append(name)
        self._keys = sorted(self._names)
        for key in self._keys:
            self._unvoiced[without_voiced_marks(key)].add(key)

    def payer(self, customer: str) -> Payer:
        """The payer of this customer. Raises KeyError."""
        return self._payers[customer]

    def scope(self, customer: str) -> tuple[str, ...]:
        """The customers whose invoices this one may pay: itself and those it pays for."""
        return (customer, *self._children.get(customer, ()))

    def learn(self, customer: str, name: KnownName) -> None:
        """Add a confirmed name at once, as the database will hold it."""
        if name.key not in self._names:
            insort(self._keys, name.key)
            self._unvoiced[without_voiced_marks(name.key)].add(name.key)
        self._names[name.key][customer].append(name)

    def look_up(
        self, raw: str, *, code: str = "", bank: str = "", branch: str = "", has_reference: bool
    ) -> Recognition:
        """Who may be meant by a name as the bank wrote it, and how sure that is."""
        key = canonical_key(raw)
        owners = {each.customer: each for each in self._by_key(key.key, bank, branch)}
        if is_cut(raw, has_reference=has_reference) and len(key.key) >= SHORTEST_CUT:
            for customer in self._continuing(key.key):
                owners.setdefault(customer, Owner(customer, "name_cut", proves=True))
        for number in {code, key.code} - {""}:
            for customer in self._codes.get(number, ()):
                owners[customer] = Owner(customer, "payer_code", proves=True)
        ranked = sorted(
            owners.values(),
            key=lambda each: (not each.same_office, -each.count, each.customer),
        )
        alike = () if any(each.proves for each in ranked) else self._alike(key, set(owners))
        return Recognition(key, tuple(ranked), alike)

    def _by_key(self, key: str, bank: str, branch: str) -> Iterable[Owner]:
        for customer, names in self._names.get(key, {}).items():
            learned = [name for name in names if name.origin is Origin.LEARNED]
            count = sum(name.count for name in learned)
            office = any((name.bank, name.branch) == (bank, branch) for name in learned if bank)
            if len(learned) < len(names):
                yield Owner(
                    customer, "name_registered", proves=True, count=count, same_office=office
                )
            elif count >= ENOUGH_CONFIRMATIONS:
                yield Owner(customer, "name_learned", proves=True, count=count, same_office=office)
            else:
                yield Owner(customer, "name_learned_once", proves=False, count=count)

    def _continuing(self, beginning: str) -> set[str]:
        """Customers whose key begins so; the cut may have parted a letter from its voiced mark."""
        stem, last = beginning[:-1], beginning[-1]
        return {
            customer
            for key in self._keys_beginning(stem)
            if last in (key[len(stem) :][:1], without_voiced_marks(key[len(stem) :][:1]))
            for customer in self._names[key]
        }

    def _keys_beginning(self, beginning: str) -> Iterable[str]:
        place = bisect_left(self._keys, beginning)
        while place < len(self._keys) and self._keys[place].startswith(beginning):
            yield self._keys[place]
            place += 1

    def _alike(self, key: PayerKey, known: set[str]) -> tuple[Owner, ...]:
        """Guesses, the better first: a name before a branch, equal beginnings, marks, likeness."""
        found: dict[str, str] = {}
        for reason, keys in self._alike_keys(key):
            for other in keys:
                for customer in self._names.get(other, ()):
                    found.setdefault(customer, reason)
            if len(found) >= _MOST_ALIKE:
                break
        return tuple(
            Owner(customer, reason, proves=False)
            for customer, reason in found.items()
            if customer not in known
        )

    def _alike_keys(self, key: PayerKey) -> Iterator[tuple[str, Iterable[str]]]:
        text = key.key
        yield "name_before_office", [key.stem]
        beginnings = range(len(text) - 1, SHORTEST_BEGINNING - 1, -1)
        yield "name_begins", [text[:end] for end in beginnings]
        yield "name_unvoiced", self._unvoiced.get(without_voiced_marks(text), ())
        if len(text) >= SHORTEST_BEGINNING:
            yield "name_begins", islice(self._keys_beginning(text), _MOST_ALIKE)
            near = process.extract(
                text, self._keys, scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=_MOST_SIMILAR
            )
            yield "name_similar", [other for other, _score, _place in near]
