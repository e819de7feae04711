"""A seeded maker of customers, invoices and receipts with their truth, unlike the corpus."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from wholesale.customers.models import FeeBearer
from wholesale.payments.fitting import FEES
from wholesale.payments.incoming import Incoming, Snapshot
from wholesale.payments.open_book import OpenBook, OpenInvoice
from wholesale.payments.payer_index import KnownName, Origin, Payer, PayerIndex
from wholesale.payments.payer_names import canonical_key

START = date(2027, 2, 1)
_SYLLABLES = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホ"
    "マミムメモヤユヨラリルレロワガギグゲゴザジズダデドバビブベボパピプ"
)
_KINDS = ["シヨウカイ", "ブツサン", "センイ", "カグ", "シユツパン", "ガング", "トウキ", "イリヨウ"]
_FORMS = ["カ){}", "{}(カ", "ユ){}", "{}(ド", "{}"]
_TOWNS = ["アズサ", "クロベ", "ヒイラギ", "ツバメ"]


@dataclass
class Told:
    """A receipt and what it truly pays; `clears` empty where no one could know."""

    money: Incoming
    story: str
    customer: str
    clears: dict[str, Decimal]
    fee: Decimal = Decimal(0)
    may_be_certain: bool = True


@dataclass
class World:
    """Customers, their invoices, and receipts in order of time."""

    snapshot: Snapshot
    receipts: list[Told]


@dataclass
class _Customer:
    code: str
    kana: str
    spoken: str
    deducts: bool
    group: str = ""
    invoices: list[OpenInvoice] = field(default_factory=list)


def make_world(seed: int, customers: int = 150) -> World:
    """A world from a seed: always the same one."""
    random = Random(seed)
    people = [_customer(random, f"C{place:04}") for place in range(customers)]
    for place in range(0, customers - 3, 25):  # a chain of three, and two of one name
        people[place + 1].group = people[place + 2].group = people[place].code
        people[place + 4].kana = people[place + 3].kana
        people[place + 4].spoken = people[place + 3].spoken
    counter = iter(range(10**6))
    for person in people:
        for _each in range(random.randint(1, 6)):
            person.invoices.append(_invoice(random, person, next(counter)))
    payers = PayerIndex(_payer(each) for each in people)
    book = OpenBook(each for person in people for each in person.invoices)
    told = [each for person in people for each in _stories(random, person, people)]
    told.sort(key=lambda each: each.money.booked_on)
    return World(Snapshot(payers, book), told)


def _customer(random: Random, code: str) -> _Customer:
    kana = "".join(random.choices(_SYLLABLES, k=random.randint(3, 6))) + random.choice(_KINDS)
    return _Customer(code, kana, random.choice(_FORMS).format(kana), random.random() < 0.4)


def _payer(person: _Customer) -> Payer:
    return Payer(
        person.code,
        (KnownName(canonical_key(person.kana).key, Origin.KANA),),
        group=person.group,
        fee_bearer=FeeBearer.PAYEE if person.deducts else FeeBearer.PAYER,
    )


def _invoice(random: Random, person: _Customer, number: int) -> OpenInvoice:
    issued = START - timedelta(days=random.randint(5, 90))
    amount = Decimal(random.choice([random.randint(3000, 900000), random.randint(3, 60) * 11000]))
    return OpenInvoice(
        f"S27-{number:05}",
        person.code,
        issued,
        issued + timedelta(days=random.choice([30, 60])),
        "JPY",
        amount,
        f"M-{person.code}-{issued.month}" if random.random() < 0.5 else "",
    )


def _stories(random: Random, person: _Customer, people: list[_Customer]) -> list[Told]:
    """A few things this customer pays, each invoice at most once."""
    twins = [each for each in people if each.kana == person.kana]
    told = []
    left = list(person.invoices)
    for _each in range(random.randint(1, 3)):
        if not left:
            break
        tell = random.choices(
            [_exact, _with_fee, _everything, _part, _too_much, _misspelt, _early, _referenced],
            [40, 15, 12, 8, 6, 6, 4, 9],
        )[0]
        one = tell(random, person, left)
        if len(twins) > 1 and one.story != "referenced":
            one.may_be_certain = False
        told.append(one)
        left = [each for each in left if each.number not in one.clears]
        if tell is not _exact:
            break
    return told


def _told(
    random: Random,
    person: _Customer,
    amount: Decimal,
    cleared: list[OpenInvoice],
    **more: object,
) -> Told:
    first = max([START, *(each.issued_on for each in cleared)])
    money = Incoming(
        amount,
        "JPY",
        first + timedelta(days=random.randint(0, 40)),
        person.spoken,
        bank_name=random.choice(_TOWNS),
        branch_name=random.choice(_TOWNS),
    )
    story = str(more.pop("story"))
    clears = {each.number: each.open_amount for each in cleared}
    return Told(money, story, person.code, clears, **more)  # type: ignore[arg-type]


def _exact(random: Random, person: _Customer, left: list[OpenInvoice]) -> Told:
    one = random.choice(left)
    return _told(random, person, one.open_amount, [one], story="exact")


def _with_fee(random: Random, person: _Customer, left: list[OpenInvoice]) -> Told:
    one = random.choice(left)
    fee = random.choice(FEES["JPY"].table)
    return _told(
        random,
        person,
        one.open_amount - fee,
        [one],
        story="fee",
        fee=fee,
        may_be_certain=person.deducts,
    )


def _everything(random: Random, person: _Customer, left: list[OpenInvoice]) -> Told:
    total = sum((each.open_amount for each in left), Decimal(0))
    return _told(random, person, total, left, story="everything")


def _part(random: Random, person: _Customer, left: list[OpenInvoice]) -> Told:
    one = random.choice(left)
    amount = Decimal(random.randint(1000, int(one.open_amount) - 1000))
    told = _told(random, person, amount, [one], story="part", may_be_certain=False)
    told.clears = {one.number: amount}
    return told


def _too_much(random: Random, person: _Customer, left: list[OpenInvoice]) -> Told:
    one = random.choice(left)
    extra = Decimal(random.choice([37, 5000, 123457]))
    return _told(
        random, person, one.open_amount + extra, [one], story="too much", may_be_certain=False
    )


def _misspelt(random: Random, person: _Customer, left: list[OpenInvoice]) -> Told:
    told = _exact(random, person, left)
    place = random.randrange(2)
    letters = list(person.kana)
    letters[place] = random.choice([each for each in _SYLLABLES if each != letters[place]])
    return _changed(told, "misspelt", payer_name="".join(letters))


def _early(random: Random, person: _Customer, left: list[OpenInvoice]) -> Told:
    told = _exact(random, person, left)
    issued = next(each.issued_on for each in left if each.number in told.clears)
    return _changed(told, "early", booked_on=issued - timedelta(days=3))


def _referenced(random: Random, person: _Customer, left: list[OpenInvoice]) -> Told:
    told = _exact(random, person, left)
    number = next(iter(told.clears))
    told = _changed(told, "referenced", payer_name="ヌシフメイ タロウ", reference=number)
    told.may_be_certain = True
    return told


def _changed(told: Told, story: str, **fields: object) -> Told:
    told.money = replace(told.money, **fields)  # type: ignore[arg-type]
    told.story = story
    told.may_be_certain = False
    return told
