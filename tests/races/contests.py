"""What one process does in each race."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import ExitStack

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from tests.factories.orders import BY, ship_to_of
from tests.races import disarming
from tests.races.runners import Lane, connected
from wholesale.accounts.models import Membership, User
from wholesale.catalog.models import OrderPolicy
from wholesale.customers.models import Customer
from wholesale.kernel import clock, jobs, numbering, tokens
from wholesale.kernel.access import Actor, ActorKind, Principal
from wholesale.kernel.db import run_unit, session
from wholesale.kernel.errors import DomainError
from wholesale.merging import merging
from wholesale.orders import approving, carting
from wholesale.orders.checkout import Requested
from wholesale.orders.models import Cart, Order, OrderSource
from wholesale.orders.placing import OrderRequest, place_request
from wholesale.stock import allocating
from wholesale.stock.allocating import OutOfStock, Want
from wholesale.stock.taking import PromiseGone

SYSTEM = Principal.system("race")
OWNERS = 2  # so many processes buy for the customer that has stock set aside
OWN_PIECES, PIECES = 10, 5


def take_the_last(
    lane: Lane, url: str, *, rounds: Sequence[Sequence[int]], owner: int, stranger: int,
    locks: bool = True, guard: bool = True,
) -> list[bool]:  # fmt: skip
    """Promise the same SKUs, in an order of one's own; returns in which rounds it worked."""
    with ExitStack() as stack:
        if not locks:
            stack.enter_context(disarming.without_turns())
            stack.enter_context(disarming.without_promise_rows(lane, guard=guard))
        stack.enter_context(connected(url))
        mine = lane.number < OWNERS
        customer, pieces = (owner, OWN_PIECES) if mine else (stranger, PIECES)
        return [_took(lane, skus, customer, pieces) for skus in rounds]


def _took(lane: Lane, skus: Sequence[int], customer: int, pieces: int) -> bool:
    shuffled = random.Random(f"{lane.number}/{skus[0]}").sample(list(skus), len(skus))
    wants = [
        Want(sku, pieces, customer, clock.today(), OrderPolicy.IN_STOCK, "race", lane.number)
        for sku in shuffled
    ]
    lane.start()
    try:
        run_unit(lambda: allocating.take(wants, BY), SYSTEM)
    except (OutOfStock, PromiseGone, IntegrityError):  # the last: refused by the table's CHECK
        return False
    return True


def order_on_credit(
    lane: Lane, url: str, *, customers: Sequence[int], sku: int, guard: bool = True
) -> list[bool]:
    """Order once for each customer in turn; returns which orders were not held."""
    with ExitStack() as stack:
        if not guard:
            stack.enter_context(disarming.without_turns())
            stack.enter_context(disarming.looking_before_counting(lane))
        stack.enter_context(connected(url))
        went = []
        for customer in customers:
            lane.start()
            went.append(run_unit(lambda one=customer: not _order(one, sku).on_hold, SYSTEM))
        return went


def _order(customer_id: int, sku: int) -> Order:
    customer = session.get_one(Customer, customer_id)
    request = OrderRequest(
        customer=customer, lines=[Requested(sku, 1)], ship_to=ship_to_of(customer),
        source=OrderSource.STAFF,
    )  # fmt: skip
    return place_request(request, BY)


class GivesUp(RuntimeError):
    """A unit that fails after it has drawn its number."""


def draw_numbers(lane: Lane, url: str, *, code: str, draws: int, guard: bool = True) -> list[str]:
    """Draw numbers; every seventh unit fails and gives its number back. Returns the kept ones."""
    with ExitStack() as stack:
        if not guard:
            stack.enter_context(disarming.without_turns())
            stack.enter_context(disarming.reading_the_last_number(lane))
        stack.enter_context(connected(url))
        kept = []
        for draw in range(draws):
            lane.start()
            fails = guard and (lane.number * draws + draw) % 7 == 3
            try:
                kept.append(run_unit(lambda fails=fails: _draw(code, fails=fails), SYSTEM))
            except GivesUp:
                continue
        return kept


def _draw(code: str, *, fails: bool) -> str:
    number = numbering.next_number(code, clock.today())
    if fails:
        raise GivesUp
    return number


def send_the_form(
    lane: Lane, url: str, *, forms: Sequence[str], customer: int, sku: int, guard: bool = True
) -> list[str]:
    """Send each form once more; returns the numbers of the orders that the answers name."""
    with ExitStack() as stack:
        if not guard:
            stack.enter_context(disarming.without_turns())
            stack.enter_context(disarming.looking_for_the_token(lane))
        stack.enter_context(connected(url))
        answers = []
        for form in forms:
            token = f"{form}-{lane.number % 2}"  # two people, eight clicks each
            lane.start()
            answers.append(run_unit(lambda token=token: _submit(token, customer, sku), SYSTEM))
        return answers


def _submit(token: str, customer: int, sku: int) -> str:
    earlier = tokens.claim("buyer:1", token, b"sku=1")
    if earlier is not None:
        return str((earlier.answer or {})["number"])
    order = _order(customer, sku)
    tokens.remember("buyer:1", token, {"number": order.number}, "")
    return order.number


def approve_at_once(
    lane: Lane, url: str, *, requests: Sequence[tuple[int, int]], bosses: Sequence[int],
    guard: bool = True,
) -> list[str]:  # fmt: skip
    """Approve each request (cart, version) as one of its approvers; returns the orders it made."""
    with ExitStack() as stack:
        if not guard:
            stack.enter_context(disarming.without_turns())
            stack.enter_context(disarming.looking_at_the_cart(lane))
        stack.enter_context(connected(url))
        boss, made = bosses[lane.number % len(bosses)], []
        for cart, version in requests:
            lane.start()
            try:
                made.append(run_unit(lambda c=cart, v=version: _approve(c, v, boss), SYSTEM))
            except approving.RequestMovedOn:
                continue
        return made


def _approve(cart_id: int, version: int, boss_id: int) -> str:
    cart, boss = session.get_one(Cart, cart_id), session.get_one(User, boss_id)
    customer = session.get_one(Customer, cart.customer_id)
    member = session.scalars(select(Membership).where(Membership.user_id == boss_id)).one()
    return approving.approve(
        cart, customer, version=version, member=member,
        fingerprint=approving.look(cart, customer).fingerprint,
        by=Actor(ActorKind.BUYER, boss.id, boss.name),
    )[0].number  # fmt: skip


def fill_the_cart(
    lane: Lane, url: str, *, buyers: Sequence[int], carts: Sequence[int], sku: int,
    guard: bool = True,
) -> list[bool]:  # fmt: skip
    """Add one piece to each shared cart as one of its buyers; returns what went in."""
    with ExitStack() as stack:
        if not guard:
            stack.enter_context(disarming.without_turns())
            stack.enter_context(disarming.without_holding_the_cart(lane))
        stack.enter_context(connected(url))
        buyer, went = buyers[lane.number % len(buyers)], []
        for cart in carts:
            lane.start()
            try:
                went.append(run_unit(lambda one=cart: _one_more(one, buyer, sku), SYSTEM))
            except (StaleDataError, IntegrityError):
                went.append(False)
        return went


def _one_more(cart_id: int, buyer: int, sku: int) -> bool:
    cart, user = session.get_one(Cart, cart_id), session.get_one(User, buyer)
    customer = session.get_one(Customer, cart.customer_id)
    cart = carting.hold(cart)
    here = carting.quantities(cart).get(sku, 0)
    by = Actor(ActorKind.BUYER, user.id, user.name)
    carting.put(cart, customer, sku, here + 1, by)
    return True


def make_first_carts(lane: Lane, url: str, *, customer: int, buyers: Sequence[int]) -> list[int]:
    """Open each buyer's cart for the first time, in a window of its own; returns the carts."""
    with connected(url):
        opened = []
        for buyer in buyers:
            lane.start()
            opened.append(run_unit(lambda one=buyer: _opened(customer, one), SYSTEM))
        return opened


def _opened(customer: int, buyer: int) -> int:
    cart = carting.open_cart(session.get_one(Customer, customer), session.get_one(User, buyer))
    return cart.id


def merge_them(
    lane: Lane, url: str, *, pairs: Sequence[tuple[int, int]], both_ways: bool = False,
    guard: bool = True,
) -> list[bool]:  # fmt: skip
    """Merge each pair, every second process the other way round; returns which merges were ours."""
    with ExitStack() as stack:
        if not guard:
            stack.enter_context(disarming.without_turns())
            stack.enter_context(disarming.without_holding_the_customers(lane))
        stack.enter_context(connected(url))
        went = []
        for pair in pairs:
            old, new = reversed(pair) if both_ways and lane.number % 2 else pair
            lane.start()
            try:
                run_unit(lambda one=old, other=new: _merge(one, other), SYSTEM)
            except (DomainError, IntegrityError):
                went.append(False)
            else:
                went.append(True)
        return went


def _merge(old_id: int, new_id: int) -> None:
    old, new = (session.get_one(Customer, one) for one in (old_id, new_id))
    merging.merge(old, new, (old.version, new.version), BY)


def work_off(lane: Lane, url: str, *, most: int, guard: bool = True) -> list[int]:
    """Claim jobs until none is left (at most so many); returns their ids."""
    with ExitStack() as stack:
        if not guard:
            stack.enter_context(disarming.without_turns())
            stack.enter_context(disarming.looking_for_a_job(lane))
        stack.enter_context(connected(url))
        done: list[int] = []
        lane.start()
        while len(done) < most and (job := run_unit(lambda: _claim(lane), SYSTEM)) is not None:
            done.append(job)
        return done


def _claim(lane: Lane) -> int | None:
    job = jobs.claim(f"worker-{lane.number}")
    return None if job is None else job.id
