"""Calling off: not what is on a shipment, not without a reason, not more than is open."""

from __future__ import annotations

import pytest

from tests.factories.goods import make_sku
from tests.factories.orders import BY, check_house, make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.orders import cancelling, progress
from wholesale.orders.cancelling import NothingToDrop, ReasonMissing, TooLateToCancel
from wholesale.orders.checks import CHECKS
from wholesale.orders.models import Order, OrderState
from wholesale.orders.progress import LineMovedOn
from wholesale.shipping import planning
from wholesale.stock.checks import CHECKS as STOCK


def on_a_shipment(cast: Cast, planned: int = 6) -> Order:
    """Ten pieces ordered, so many of them there and planned."""
    sku = make_sku()
    put_on_shelf(sku, planned)
    order = make_order(cast.nordwind, {sku: 10}, confirmed=True)
    planning.plan_part(order, {order.lines[0].id: planned}, BY)
    return order


def test_what_is_on_a_shipment_cannot_be_called_off(cast: Cast) -> None:
    order = on_a_shipment(cast)
    for verb in (cancelling.cancel, cancelling.reject):
        with pytest.raises(TooLateToCancel):
            verb(order, BY, reason="too late")
    assert order.state is OrderState.CONFIRMED
    check_house(CHECKS, STOCK)


def test_giving_up_needs_a_reason(cast: Cast) -> None:
    order = make_order(cast.nordwind, {make_sku(): 1})
    for verb in (cancelling.cancel, cancelling.reject):
        with pytest.raises(ReasonMissing):
            verb(order, BY, reason="  ")
    with pytest.raises(ReasonMissing):
        cancelling.drop_rest(order, order.lines[0], 1, BY, reason="")


@pytest.mark.parametrize("pieces", [0, -1, 11])
def test_no_more_is_given_up_than_is_open(cast: Cast, pieces: int) -> None:
    order = make_order(cast.nordwind, {make_sku(): 10})
    with pytest.raises(NothingToDrop):
        cancelling.drop_rest(order, order.lines[0], pieces, BY, reason="x")


def test_pieces_that_were_planned_meanwhile_are_not_given_up(cast: Cast) -> None:
    """The row's counters decide, whatever the page showed."""
    order = on_a_shipment(cast, planned=6)
    line = order.lines[0]
    progress.note_dropped(line.id, 4, "no longer made")
    with pytest.raises(LineMovedOn):
        progress.note_dropped(line.id, 1, "no longer made")
