"""The today page: each role sees its own queues, with their figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from tests.backoffice.test_orders import an_order
from tests.factories.browsing import Browser
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.backoffice import figures
from wholesale.company.models import TaxClass
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.sales_ledger.models import SalesEntry, SalesKind

ClientOf = Callable[[User | None], Browser]


def test_the_queues_count_what_is_open(client_of: ClientOf, cast: Cast) -> None:
    an_order(cast)
    page = client_of(cast.gil).get("/office/")
    assert page.status_code == 200, page.text[-2000:]
    queue = page.text.split('id="queue-to_confirm"')[1].split("</a>")[0]
    assert '<span class="figure md">1</span>' in queue


def test_a_queue_that_a_role_may_not_see_is_not_there(client_of: ClientOf, cast: Cast) -> None:
    page = client_of(cast.frida).get("/office/").text
    assert "queue-to_confirm" not in page
    assert "today-sales" not in page
    assert 'id="today-sales"' in client_of(cast.egon).get("/office/").text


def test_buyers_find_no_office(client_of: ClientOf, cast: Cast) -> None:
    assert client_of(cast.alma).get("/office/").status_code == 404


def test_months_stand_beside_the_same_months_a_year_before(client_of: ClientOf, cast: Cast) -> None:
    for back, amount in ((0, 300), (35, 500), (366, 200)):
        session.add(an_entry(cast, clock.today() - timedelta(days=back), amount))
    session.flush()
    sales = figures.sales(clock.today())
    assert (sales.this_month, sales.last_month, sales.change) == (300, 500, Decimal("0.500"))
    assert [bar.before for bar in sales.chart.bars][-1] == 200
    assert len(sales.chart.bars) == 12
    assert sales.chart.bars[-1].is_last
    page = client_of(cast.gil).get("/office/").text
    sheet = page.split('id="today-sales"')[1].split("</section>")[0]
    assert 'class="prev"' in sheet
    assert "+50.0%" in sheet
    assert 'class="bar rest"' in sheet


def an_entry(cast: Cast, on: date, amount: int) -> SalesEntry:
    return SalesEntry(
        kind=SalesKind.GOODS, customer_id=cast.nordwind.id, bill_to_id=cast.nordwind.id,
        currency="JPY", amount=Decimal(amount), quantity=1, revenue_on=on, supply_on=on,
        tax_class=TaxClass.STANDARD, source_kind="test", source_id=amount, code="x",
        description={"ja": "x"}, slip_number="", unit_price=Decimal(amount),
        tax_provisional=Decimal(0), written_at=clock.now(),
    )  # fmt: skip
