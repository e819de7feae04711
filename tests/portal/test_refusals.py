"""What the portal refuses, said in the buyer's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import escape
from werkzeug.test import TestResponse

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.orders import make_order
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import in_language
from wholesale.orders.models import OrderState
from wholesale.portal.orders import ConfirmedAlready
from wholesale.portal.quick_order import MOST_LINES, TooManyLines

ClientOf = Callable[[User | None], Browser]


def says(reply: TestResponse, error: type[DomainError], **values: Any) -> bool:
    """Whether a page of the Japanese portal gives this reason, with its status."""
    text = in_language("ja")(error.message)
    return reply.status_code == error.status and str(escape(text % values)) in reply.text


def test_a_confirmed_order_is_not_called_off_by_the_buyer(client_of: ClientOf, cast: Cast) -> None:
    order = make_order(cast.nordwind, {make_sku(): 1}, confirmed=True)
    reply = client_of(cast.alma).post(f"/orders/{order.number}/cancellation", {"reason": "x"})
    assert says(reply, ConfirmedAlready)
    assert order.state is OrderState.CONFIRMED


def test_a_pad_takes_so_many_lines_and_no_more(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.alma)
    text = "\n".join(["TK-1 1"] * MOST_LINES)
    assert browser.post("/quick-order", {"text": text}).status_code == 200
    reply = browser.post("/quick-order", {"text": f"{text}\nTK-1 1"})
    assert says(reply, TooManyLines, most=MOST_LINES)
