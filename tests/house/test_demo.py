"""The demo company is told by the real verbs, whole, and every invariant holds at its end."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from wholesale.billing.models import Invoice, InvoiceState
from wholesale.cli.checking import CLEAN, look
from wholesale.demo import building
from wholesale.kernel import config, db, migrating
from wholesale.kernel.access import Principal
from wholesale.kernel.db import session
from wholesale.orders.models import Order, OrderState
from wholesale.payments.models import BankLine
from wholesale.shipping.models import Shipment, ShipmentState

SYSTEM = Principal.system("test")
TODAY, MONTHS = date(2026, 11, 20), 1


@pytest.fixture
def told(new_database: Callable[[], str], data_folder: Path, tmp_path: Path) -> Iterator[None]:
    """A story of one month in a database of its own."""
    before, settings = session.session_factory.kw.get("bind"), config.current()
    config.use(dataclasses.replace(settings, data=tmp_path))
    engine = db.connect(new_database())
    migrating.upgrade(engine)
    building.build(TODAY, months=MONTHS)
    yield
    session.remove()
    engine.dispose()
    session.configure(bind=before)
    config.use(settings)


def test_the_demo_builds_once_and_keeps_every_invariant(told: None) -> None:
    # Its papers are drawn by the worker after the first page is up.
    assert {result["id"] for result in look() if result["level"] != CLEAN} <= {"PAP-3"}
    with db.unit_of_work(SYSTEM, read_only=True):
        assert building.is_built()
        states = set(session.scalars(select(Order.state).distinct()))
        assert states >= {OrderState.PLACED, OrderState.CONFIRMED, OrderState.COMPLETED}
        assert len(set(session.scalars(select(Shipment.state).distinct()))) > 2
        issued = select(func.count()).where(Invoice.state == InvoiceState.ISSUED)
        lines = select(func.count(BankLine.id))
        left = (ShipmentState.DISPATCHED, ShipmentState.DELIVERED)
        gone = select(func.count()).where(Shipment.state.in_(left))
        assert min(session.scalar(count) or 0 for count in (issued, gone, lines)) > 5
        orders = session.scalar(select(func.count(Order.id)))
    building.build(TODAY, months=MONTHS)
    with db.unit_of_work(SYSTEM, read_only=True):
        assert session.scalar(select(func.count(Order.id))) == orders
