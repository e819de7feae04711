"""The works that take seconds: every invariant, the rendering of a paper, a warm start."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from random import Random

from sqlalchemy import Engine, select

from wholesale.bench.measuring import Goal, Work
from wholesale.billing.checks import CHECKS as BILLING
from wholesale.kernel import config
from wholesale.kernel.checking import Check
from wholesale.kernel.db import session
from wholesale.kernel.papers import Paper
from wholesale.orders.checks import CHECKS as ORDERS
from wholesale.payments.checks import CHECKS as PAYMENTS
from wholesale.stock.checks import CHECKS as STOCK

CHECKS: tuple[Check, ...] = (*STOCK, *ORDERS, *BILLING, *PAYMENTS)
START = "from wholesale.app import create_app; create_app(connect=False)"


def works(engine: Engine) -> list[Work]:
    """The works that are run a few times only."""
    limitless = engine.dialect.name != "sqlite"

    def check_all(_nothing: object) -> None:
        if limitless:  # a command has no request's limit
            session.connection().exec_driver_sql("SET LOCAL statement_timeout = 0")
        for check in CHECKS:
            check.offenders()

    paper = Work("paper", "The PDF of an invoice of ten lines", _draw, newest_invoice,
                 Goal(15, 15), "P7", 20)  # fmt: skip
    return [
        *([paper] if importlib.util.find_spec("wholesale.trade_docs") else []),
        Work("check", "Every invariant of the house asked of the whole set", check_all, rounds=1,
             goal=Goal(60_000, 60_000), plan="P14"),
        Work("warm_start", "A fresh process until the application stands (wall)", _start, rounds=3,
             plan="P17", unit=""),
    ]  # fmt: skip


def _draw(paper: int) -> object:
    return importlib.import_module("wholesale.trade_docs.printing").draw(paper)


def newest_invoice(_random: Random) -> int:
    """The newest paper whose facts are whole: those of the history carry none."""
    return session.scalars(
        select(Paper.id)
        .where(Paper.kind == "invoice", Paper.facts != "{}")
        .order_by(Paper.id.desc())
        .limit(1)
    ).one()


def _start(_nothing: object) -> None:
    subprocess.run([sys.executable, "-c", START], check=True, cwd=config.ASSETS)  # noqa: S603 - our own program
