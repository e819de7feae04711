"""What an order link may say, and what it refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.goods import make_sku
from tests.factories.links import make_link
from tests.factories.orders import BY
from tests.factories.people import Cast
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.offers.links import (
    LinkEndsEarly,
    LinkNeedsTerms,
    OrderedAlready,
    PassCodeTooShort,
    WrongPassCode,
    enter,
    save_link,
    visit_of,
)
from wholesale.offers.models import OrderLink
from wholesale.orders.by_link import OnlyToLookAt, Sender, order_by_link

SENDER = Sender(contact="Yuki", email="yuki@yukiakari.example", name="雪あかり", address="京都")


def stated(link: OrderLink) -> dict[str, object]:
    names = ("name", "greeting", "catalog", "customer", "orders_as", "opens_on", "closes_on", "is_on",
             "view_only", "shows_prices")  # fmt: skip
    return {name: getattr(link, name) for name in names}


def test_what_makes_no_sense_is_refused(cast: Cast) -> None:
    today = clock.today()
    link = make_link(cast.nordwind, make_sku())
    with pytest.raises(LinkEndsEarly):
        save_link(
            link, {**stated(link), "opens_on": today, "closes_on": today - timedelta(days=1)},
            None, link.version, BY,
        )  # fmt: skip
    with pytest.raises(LinkNeedsTerms):
        nobody = Customer(code="bare", name="条件なし商店")
        session.add(nobody)
        save_link(link, {**stated(link), "customer": nobody}, None, link.version, BY)
    with pytest.raises(PassCodeTooShort):
        save_link(link, stated(link), "aki", link.version, BY)
    with pytest.raises(Conflict):
        save_link(link, stated(link), None, link.version + 1, BY)


def test_a_pass_code_is_asked_for_once_and_a_visit_orders_once(cast: Cast) -> None:
    link = make_link(cast.nordwind, make_sku(), pass_code="aki2026")
    with pytest.raises(WrongPassCode):
        enter(link, "a cookie", "haru")
    visit = enter(link, "a cookie", "aki2026")
    assert visit_of(link, "a cookie") is visit and visit_of(link, "another") is None
    visit.order_number = "SO-26-00001"
    with pytest.raises(OrderedAlready):
        order_by_link(link, visit, SENDER, fingerprint="")
    link.view_only = True
    session.flush()
    with pytest.raises(OnlyToLookAt):
        order_by_link(link, visit, SENDER, fingerprint="")
