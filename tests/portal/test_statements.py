"""A page asks the database a fixed number of things, however many rows it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.orders import make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import User
from wholesale.kernel import keeping
from wholesale.kernel.db import session

ClientOf = Callable[[User | None], Browser]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every SELECT sent within the block."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    connection = session.get_bind()
    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)


def asked_by(browser: Browser, url: str) -> int:
    keeping.forget()
    with statements() as seen:
        assert browser.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize(
    ("url", "most"),
    [("/catalogue", 36), ("/catalogue?view=list", 36), ("/orders", 24), ("/", 52), ("/cart", 30)],
)
def test_more_rows_do_not_mean_more_statements(
    client_of: ClientOf, cast: Cast, url: str, most: int
) -> None:
    browser = client_of(cast.alma)
    first = make_sku(code="S-0")
    put_on_shelf(first, 90)
    make_order(cast.nordwind, {first: 1}, confirmed=True)
    browser.post("/cart/lines", {"pieces-S-0": "1"})
    few = asked_by(browser, url)
    for number in range(1, 30):
        sku = make_sku(code=f"S-{number}")
        put_on_shelf(sku, 90)
        make_order(cast.nordwind, {sku: 1}, confirmed=True)
    browser.post("/cart/lines", {f"pieces-S-{number}": "1" for number in range(1, 30)})
    many = asked_by(browser, url)
    assert many <= few + 1
    assert many <= most
