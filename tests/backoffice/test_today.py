"""The today page: each role sees its own queues, with their figures."""

from __future__ import annotations

from collections.abc import Callable

from tests.backoffice.test_orders import an_order
from tests.factories.browsing import Browser
from tests.factories.people import Cast
from wholesale.accounts.models import User

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
