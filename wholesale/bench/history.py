"""Two years of orders, each taken as far as its age says: shipped, billed, paid, or still open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from wholesale.bench import words
from wholesale.bench.books import DAY_TEXT, FLUSH_AT, Books, instant, working
from wholesale.bench.goods import COLOURS_EACH, POLICIES, YEN, dollars, is_reduced, list_price
from wholesale.bench.parties import Party
from wholesale.bench.shipped import ship_and_bill
from wholesale.bench.sizes import DAYS, FIRST_DAY, SEED, TODAY, Size
from wholesale.bench.telling import Line, Told
from wholesale.kernel.types import canonical

LINES = (1, 2, 3, 4, 5, 6, 8, 8, 10, 10, 12, 12, 14, 16, 18, 20, 30)
FREE_FREIGHT_FROM = 30_000
FREIGHT = 1_200
FREIGHT_NAMES = words.names("送料", "Freight", "运费")


def write(books: Books, size: Size, parties: list[Party]) -> Iterator[int]:
    """Write every order and what came of it; yields how many are done, now and then."""
    random = Random(SEED + 2)
    colour_names = [words.names(*colour[1:4]) for colour in words.COLOURS]
    snapshots = {one.id: _ship_to(one) for one in parties}
    terms = {one.id: _terms(one) for one in parties}
    for number in range(size.orders):
        order = _order(books, size, parties, number, random, colour_names)
        order.ship_to = snapshots[order.customer.id]
        _goods(books, order)
        ship_and_bill(books, order)
        _keep(books, order, terms[order.customer.id])
        if number % 2_000 == 0:
            books.flush(at_least=FLUSH_AT)
            yield number
    books.flush()


def _order(
    books: Books, size: Size, parties: list[Party], number: int, random: Random, colours: list[str]
) -> Told:
    day = FIRST_DAY + timedelta(days=number * DAYS // size.orders)
    seconds = (number * DAYS % size.orders) * 8 * 3600 // size.orders
    placed_at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds)
    customer = parties[int(len(parties) * random.random() ** 1.5)]
    count = random.choice(LINES)
    skus: dict[int, None] = {}
    while len(skus) < count:  # some models sell much better than others
        skus[int(size.skus * random.random() ** 2) + 1] = None
    lines = [
        _line(books, customer, position, sku, random, colours)
        for position, sku in enumerate(skus, 1)
    ]
    goods = sum(line.amount for line in lines)
    if customer.currency == "JPY" and goods < FREE_FREIGHT_FROM * YEN:
        lines.append(_freight(books, len(lines) + 1))
    ships_on = working(day + timedelta(days=1))
    return Told(
        id=books.next_id("orders"),
        customer=customer,
        placed_at=placed_at,
        ships_on=ships_on,
        fate=_fate(day, ships_on, random.random(), count),
        lines=lines,
        net=sum(line.amount for line in lines),
        tax=tax_of(lines, customer.currency),
        number=books.draw("SO", day),
    )


def _fate(day: date, ships_on: date, chance: float, lines: int) -> str:
    """How far an order has come: nearly all old ones are done, the newest have just been placed."""
    age = (TODAY - day).days
    if ships_on >= TODAY:
        newest = (*_AT_ANY_TIME, ("placed", 1, 0.6), ("confirmed", DAYS, 1))
        return next(fate for fate, oldest, below in newest if age <= oldest and chance < below)
    for fate, oldest, below in (*_AT_ANY_TIME, *_WHEN_DUE):
        if age <= oldest and chance < below and (fate != "partly" or lines > 1):
            return fate
    return "billed"


# What else may come of an order, how old such orders are at most (days), and up to which chance.
_AT_ANY_TIME = (("cancelled", DAYS, 0.01), ("on_hold", 12, 0.03))
_WHEN_DUE = (
    ("short", 60, 0.025),
    ("confirmed", 20, 0.14),
    ("partly", 20, 0.17),
    ("unbilled", 10, 0.2),
)


def _line(
    books: Books, customer: Party, position: int, sku: int, random: Random, colours: list[str]
) -> Line:
    product = (sku - 1) // COLOURS_EACH + 1
    quantity = (1, 1, 2, 6)[product % 4] * random.choice((1, 2, 3, 4, 6, 12))
    if customer.currency == "USD":
        price = dollars(sku) * customer.percent // 100 * (YEN // 100)
        tax_class, rate = "export", 0
    else:
        price = list_price(sku) * customer.percent // 100 * YEN
        tax_class, rate = ("reduced", 800) if is_reduced(sku) else ("standard", 1_000)
    amount = price * quantity
    colour = (sku - 1) % COLOURS_EACH
    return Line(
        id=books.next_id("order_lines"), position=position, sku=sku,
        code=f"TK-{product:05d}-{words.COLOURS[colour][0]}", names=colours[colour],
        quantity=quantity, unit_price=price, amount=amount, tax_class=tax_class, rate=rate,
        tax=amount * rate // YEN // YEN * YEN,
    )  # fmt: skip


def _freight(books: Books, position: int) -> Line:
    return Line(
        id=books.next_id("order_lines"), position=position, sku=None, code="FREIGHT",
        names=FREIGHT_NAMES, quantity=1, unit_price=FREIGHT * YEN, amount=FREIGHT * YEN,
        tax_class="standard", rate=1_000, tax=FREIGHT * YEN // 10,
    )  # fmt: skip


def tax_of(lines: list[Line], currency: str) -> int:
    """The tax of lines, rounded down once per rate."""
    if currency != "JPY":
        return 0
    bases: dict[int, int] = {}
    for line in lines:
        bases[line.rate] = bases.get(line.rate, 0) + line.amount
    return sum(base * rate // YEN // YEN * YEN for rate, base in bases.items())


def _goods(books: Books, order: Told) -> None:
    """Demand, and the pieces that are promised to it and not shipped yet."""
    if order.fate in {"cancelled", "on_hold"}:
        return
    half = (len(order.lines) + 1) // 2
    for line in order.lines:
        if line.sku is None:
            continue
        line.demand = books.next_id("demands")
        waits = order.fate in {"placed", "confirmed"} or (
            order.fate in {"partly", "short"} and line.position > half
        )
        if waits:
            line.allocated = 0 if order.fate == "short" else line.quantity
        elif order.fate == "short":
            line.allocated = line.quantity
        else:
            line.shipped = line.quantity


def _keep(books: Books, order: Told, terms: str) -> None:
    """The rows of the order itself, now that all its counters are known."""
    one, fate = order.customer, order.fate
    planned, placed = DAY_TEXT[order.ships_on], instant(order.placed_at)
    state = {"cancelled": "cancelled", "on_hold": "placed", "placed": "placed",
             "billed": "completed"}.get(fate, "confirmed")  # fmt: skip
    confirmed = state in {"confirmed", "completed"}
    books.add("orders", (
        order.id, order.number, False, one.id, one.bill_to, state, _goods_state(order),
        order.money_state, fate == "on_hold", "portal", placed, "Bench", one.currency, "", "",
        "down", False, terms, one.id, order.ship_to, planned, "", "", "", order.net, order.tax,
        order.credit, False, int(confirmed), 1,
    ))  # fmt: skip
    if fate == "on_hold":
        books.add("holds", (order.id, "credit", "", placed, ""))
    if confirmed:
        books.add("confirmations", (order.id, 1, "[]", placed, placed, "Bench", False))
    books.note(
        "order:placed", "orders", order.id, order.placed_at, canonical({"number": order.number})
    )
    for line in order.lines:
        _keep_line(books, order, line, planned, placed)


def _keep_line(books: Books, order: Told, line: Line, planned: str, placed: str) -> None:
    one, sku = order.customer, line.sku
    policy = None if sku is None else POLICIES[((sku - 1) // COLOURS_EACH + 1) % len(POLICIES)]
    dropped = line.quantity if order.fate == "cancelled" else 0  # as cancelling does
    price = (
        dollars(sku or 1) * (YEN // 100) if one.currency == "USD" else list_price(sku or 1) * YEN
    )
    books.add("order_lines", (
        line.id, order.id, line.position, "freight" if sku is None else "goods", sku,
        None if sku is None else 1, line.code, line.names, line.quantity, dropped, "", 0, line.allocated,
        line.shipped, 0, line.invoiced, line.settled, 0, 0, None if sku is None else price,
        None if sku is None else one.percent * YEN // 100, line.unit_price, line.amount,
        line.tax_class, "freight" if sku is None else "default", "[]", policy, planned, "",
        line.demand, "",
    ))  # fmt: skip
    if line.demand is None or sku is None:
        return
    books.add("demands", (
        line.demand, sku, one.id, one.group, line.quantity, line.quantity - line.shipped,
        line.allocated, planned, 5, policy, one.region, "order_line", line.id, placed,
    ))  # fmt: skip
    if line.allocated or line.shipped:
        books.add("allocations", (line.demand, sku, one.warehouse, 0, line.allocated, 0))
    books.allocated[one.warehouse][sku] += line.allocated


def _goods_state(order: Told) -> str:
    goods = [line for line in order.lines if line.sku is not None]
    wanted = sum(line.quantity for line in goods)
    shipped = sum(line.shipped for line in goods)
    allocated = sum(line.allocated for line in goods)
    if shipped:
        return "shipped" if shipped >= wanted else "partly_shipped"
    if allocated:
        return "allocated" if allocated >= wanted else "partly_allocated"
    return "none"


def _ship_to(one: Party) -> str:
    abroad = one.currency == "USD"
    return canonical({
        "code": f"C{one.id:05d}-1", "name": f"{words.firm(one.id)[0]} 本店",
        "country": "US" if abroad else "JP", "postal_code": "604-0001",
        "region": "" if abroad else one.region, "address": "中京区土紙町1-1",
        "phone": "075-000-0000", "attention": "", "hours": "",
    })  # fmt: skip


def _terms(one: Party) -> str:
    return canonical({
        "currency": one.currency, "default_rate": f"0.{one.percent}", "closing_days": "31",
        "billing": "per_shipment", "payment_months": one.months, "payment_day": 31,
        "approval_needed": False,
    })  # fmt: skip
