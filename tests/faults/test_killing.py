"""kill -9 of the server in the middle of requests: nothing lost, nothing doubled, nothing stuck."""

from __future__ import annotations

import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from tests.faults.conftest import SYSTEM, Company
from tests.faults.serving import Crowd, Form
from wholesale.kernel import db
from wholesale.kernel.db import session
from wholesale.orders.models import Order
from wholesale.stock.models import Move, MoveKind

pytestmark = pytest.mark.fault
AGAIN_WITHIN = 5.0  # seconds
KILLS = {"sqlite": (6, 60), "postgresql": (3, 20)}


def order_form(company: Company) -> Form:
    """An order taken on the telephone; its number at the customer's says which form it was."""
    form = Form("/office/orders", {"customer": "nordwind", "what": company.sku, "pieces": "1"})
    form.fields["po_number"] = form.token
    return form


def arrival_form(company: Company) -> Form:
    """One piece that came in."""
    return Form(f"/office/stock/{company.sku}/receipts", {"place": "W1", "quantity": "1"})


@dataclass(frozen=True)
class Outcome:
    """What was sent and what the database holds."""

    forms: list[Form]
    restarts: list[float]
    lost: list[str]
    doubled: list[str]
    strays: int

    @property
    def sent_again(self) -> int:
        """Forms whose first answer never came."""
        return sum(form.tries > 1 for form in self.forms)

    @property
    def odd(self) -> list[int]:
        """Answers other than "done, look there"."""
        return [form.status for form in self.forms if form.status != 303]


def killed_while_people_work(company: Company, kills: int, ways: tuple[str, ...]) -> Outcome:
    """Four people take orders, two take goods in; the server is killed so many times."""
    house, dana, frida = company.program, company.secrets["dana"], company.secrets["frida"]
    makers: list[Callable[[], Form]] = [lambda: order_form(company)] * 4
    makers += [lambda: arrival_form(company)] * 2
    crowd = Crowd(house, [dana] * 4 + [frida] * 2, makers)
    house.serve(ways[0])
    crowd.come()
    restarts = []
    for kill in range(kills):
        crowd.wait_for(answers=8)
        time.sleep(random.uniform(0, 0.2))
        house.kill()
        restarts.append(house.serve(ways[(kill + 1) % len(ways)]))
    crowd.go_home()
    return _compared(company, crowd.forms, restarts)


def _compared(company: Company, forms: list[Form], restarts: list[float]) -> Outcome:
    with db.unit_of_work(SYSTEM, read_only=True):
        held = Counter(session.scalars(select(Order.po_number)))
        numbers = dict(session.execute(select(Order.number, Order.po_number)).all())
        arrived = session.scalar(
            select(func.coalesce(func.sum(Move.quantity), 0)).where(
                Move.sku_id == company.sku_id, Move.kind == MoveKind.RECEIPT
            )
        )
    orders = [form for form in forms if "po_number" in form.fields]
    lost = [form.token for form in orders if not held[form.token]]
    lost += [
        form.token
        for form in orders
        if form.location and numbers.get(form.location.rpartition("/")[2]) != form.token
    ]
    return Outcome(
        forms, restarts, lost,
        doubled=[token for token, count in held.items() if count > 1],
        strays=int(arrived or 0) - (len(forms) - len(orders)),
    )  # fmt: skip


def crowding() -> float:
    """How many times slower a processor is for us when others work on this machine too."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def test_a_killed_server_loses_nothing_and_doubles_nothing(
    company: Company, dialect: str, is_long: bool
) -> None:
    kills = KILLS[dialect][is_long]
    seen = killed_while_people_work(company, kills, ("answering-late", "plain"))
    assert (seen.lost, seen.doubled, seen.strays, seen.odd) == ([], [], 0, [])
    assert seen.sent_again >= kills  # else nobody was in the middle of anything
    assert statistics.median(seen.restarts) <= AGAIN_WITHIN * crowding(), seen.restarts
    assert company.program.check() in {0, 1}


def test_without_the_token_the_same_kills_double(company: Company, dialect: str) -> None:
    """The negative control: what was committed and not answered is done again."""
    seen = killed_while_people_work(company, 1, ("without-tokens",))
    assert len(seen.doubled) + seen.strays > 0


def test_with_the_token_in_a_transaction_of_its_own_the_same_kills_lose(
    company: Company, dialect: str
) -> None:
    """The other control: the token is there, its effect is not, and the form is answered all the same."""
    seen = killed_while_people_work(company, 1, ("with-tokens-apart",))
    assert len(seen.lost) - seen.strays > 0
