"""Terms of trade: what is in force, and that nobody buys without any."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.factories.goods import make_sku
from tests.factories.orders import BY
from tests.factories.people import Cast
from wholesale.customers.models import Customer, Terms
from wholesale.customers.queries import NoTerms, forget_terms, money_terms
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.orders.checkout import Requested
from wholesale.orders.models import OrderSource
from wholesale.orders.placing import OrderRequest, place_request


def test_a_customer_without_terms_cannot_buy(cast: Cast) -> None:
    newcomer = Customer(code="new", name="新しい店", locale="ja", region="京都府", invoice_email="")
    session.add(newcomer)
    session.flush()
    with pytest.raises(NoTerms, match="新しい店"):
        money_terms(newcomer, clock.today())
    wanted = OrderRequest(
        newcomer, [Requested(make_sku().id, 1)], ship_to=None, source=OrderSource.STAFF
    )
    with pytest.raises(NoTerms):
        place_request(wanted, BY)


def test_terms_begin_on_their_day(cast: Cast) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    session.add(
        Terms(customer_id=cast.nordwind.id, valid_from=tomorrow, currency="JPY",
              default_rate=Decimal("0.5"), closing_days="31", payment_text="")
    )  # fmt: skip
    session.flush()
    forget_terms()
    assert money_terms(cast.nordwind, clock.today()).default_rate == Decimal("0.6")
    assert money_terms(cast.nordwind, tomorrow).default_rate == Decimal("0.5")
    with pytest.raises(NoTerms):
        money_terms(cast.nordwind, date(2019, 12, 31))
