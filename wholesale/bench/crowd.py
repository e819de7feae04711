"""Many buyers at once: a server process of its own on the loopback, and clients that order from it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import Engine, func, select

from wholesale.accounts.inviting import add_buyer
from wholesale.accounts.models import BuyerRole, User
from wholesale.bench import reading
from wholesale.bench.building import BUYERS, PASSWORD
from wholesale.bench.measuring import SYSTEM, Goal, Work
from wholesale.bench.serving import Buyer, Server
from wholesale.bench.sizes import Size
from wholesale.catalog.models import Sku
from wholesale.customers.queries import customer_by_code
from wholesale.kernel import db
from wholesale.kernel.db import session
from wholesale.stock.models import Allocation, Balance

SHARED_SKUS = 50
LINES = 10
EACH = 4  # orders of one client in a round


@dataclass(slots=True)
class Crowd:
    """So many clients, and what became of their orders."""

    server: Server
    clients: int
    buyers: list[Buyer] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    skus: list[int] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    def gather(self, random: Random, size: Size) -> None:
        """Start the server, sign everybody in and choose what all of them want."""
        self.server.start()
        if not self.buyers:
            with db.unit_of_work(SYSTEM):
                emails = _people(self.clients)
            self.buyers = [self.server.buyer(email) for email in emails]
            for buyer in self.buyers:
                buyer.sign_in(PASSWORD)
        wanted = reading.some_skus(random, size, SHARED_SKUS)
        with db.unit_of_work(SYSTEM, read_only=True):
            rows = session.execute(select(Sku.id, Sku.code).where(Sku.id.in_(wanted))).all()
        self.skus, self.codes = [row.id for row in rows], [row.code for row in rows]

    def order(self) -> None:
        """Everybody orders at once; each order is a cart filled, looked at, placed and shown."""
        threads = [
            threading.Thread(target=self._orders_of, args=(number, buyer))
            for number, buyer in enumerate(self.buyers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _orders_of(self, number: int, buyer: Buyer) -> None:
        for turn in range(EACH):
            first = (number * 7 + turn * LINES) % len(self.codes)
            codes = [self.codes[(first + n) % len(self.codes)] for n in range(LINES)]
            began = time.perf_counter()
            placed = buyer.order(dict.fromkeys(codes, reading.PIECES))
            self.seconds.append(time.perf_counter() - began)
            self.refused += not placed

    def tell(self) -> str:
        """Slowest orders, refusals, pieces promised twice, memory of the server."""
        ordered = sorted(self.seconds)
        p99 = ordered[min(len(ordered) * 99 // 100, len(ordered) - 1)]
        return (
            f"{self.clients} clients: {len(ordered)} orders, {self.refused} refused, "
            f"{oversold(self.skus)} places oversold, whole order p99 {p99 * 1000:.0f} ms, "
            f"memory of the server {self.server.megabytes()} MB"
        )


def works(size: Size, engine: Engine) -> list[Work]:
    """P2 and P15, with P18 beside them; processor time is the server's and the database's."""
    server = Server(engine)

    def work(name: str, says: str, clients: int, goal: Goal | None, plan: str) -> Work:
        crowd = Crowd(server, clients)
        return Work(
            name, says, lambda _nothing: crowd.order(), lambda random: crowd.gather(random, size),
            goal, plan, 2, "", clients * EACH, server.seconds, crowd.tell, server.stop,
        )  # fmt: skip

    return [
        work("order_http_4", "Order of 10 lines over HTTP, 4 clients, pages included", 4,
             Goal(20, 28), "P2"),
        work("order_http_32", "The same by 32 clients who want the same 50 SKUs", 32, None, "P15"),
    ]  # fmt: skip


def oversold(sku_ids: Sequence[int]) -> int:
    """Balances of these SKUs that promise more than lies there, or not what allocations add up to."""
    promised = (
        select(func.coalesce(func.sum(Allocation.quantity), 0))
        .where(
            Allocation.sku_id == Balance.sku_id,
            Allocation.location_id == Balance.location_id,
            Allocation.lot == Balance.lot,
        )
        .scalar_subquery()
    )
    wrong = (Balance.allocated > Balance.on_hand) | (Balance.allocated != promised)
    with db.unit_of_work(SYSTEM, read_only=True):
        return session.scalar(
            select(func.count(Balance.id)).where(
                Balance.sku_id.in_(sku_ids), Balance.is_guarded, wrong
            )
        ) or 0  # fmt: skip


def _people(count: int) -> list[str]:
    """E-mail addresses of so many buyers of the bench's customers; who is missing is made."""
    emails = []
    for number in range(count):
        code = BUYERS[number % len(BUYERS)]
        email = f"{code.lower()}-{number}@bench.example"
        emails.append(email)
        if session.scalar(select(User.id).where(User.email == email)) is None:
            customer = customer_by_code(code)
            assert customer is not None  # noqa: S101 - every size has these
            add_buyer(email, email, customer, SYSTEM.actor, role=BuyerRole.ADMIN, password=PASSWORD)
    return emails
