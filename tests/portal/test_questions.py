"""Questions about an order, line by line: asked in the portal, answered in the office."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from tests.factories.browsing import Browser
from tests.factories.goods import make_product, make_sku
from tests.factories.orders import BY, make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts import looking_after
from wholesale.accounts.models import User
from wholesale.kernel.db import session
from wholesale.mail.letters import compose
from wholesale.mail.models import Letter
from wholesale.orders import messages
from wholesale.orders.messages import MessageTooLong, NothingAsked, NothingSaid, OrderMessage
from wholesale.orders.models import Order

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def order(cast: Cast) -> Order:
    looking_after.state_reps(cast.nordwind, [cast.dana.id], BY)
    skus = [
        make_sku(make_product(name), code=code) for name, code in (("飯碗", "TK-1"), ("皿", "TK-2"))
    ]
    for sku in skus:
        put_on_shelf(sku, 50)
    return make_order(cast.nordwind, dict.fromkeys(skus, 6), confirmed=True)


def test_a_question_about_a_line_is_answered_and_each_side_gets_its_letter(
    client_of: ClientOf, cast: Cast, order: Order
) -> None:
    alma, dana = client_of(cast.alma), client_of(cast.dana)
    number = order.number
    line = next(one for one in order.lines if one.code == "TK-2")
    reply = alma.post(
        f"/orders/{number}/questions", {"about": str(line.position), "question": "色は？"}
    )
    assert reply.status_code == 303
    assert number in dana.get("/office/orders?view=questions").text
    page = dana.get(f"/office/orders/{number}").text
    assert "色は？" in page and 'name="elsewhere"' in page
    answered = dana.post_part(
        f"/office/orders/{number}/answers", {"about": str(line.position), "answer": "灰白です。"}
    )
    assert answered.status_code == 200 and "灰白です。" in answered.text
    assert number not in dana.get("/office/orders?view=questions").text
    shown = alma.get(f"/orders/{number}").text
    assert "色は？" in shown and "灰白です。" in shown
    told = {one.event: one for one in session.scalars(select(Letter).where(Letter.event.in_(
        ["question_asked", "question_answered"])))}  # fmt: skip
    assert told["question_asked"].recipient == "dana@example.jp"
    assert told["question_answered"].recipient == "alma@nordwind.example"
    body = compose(told["question_answered"]).get_body(("plain",))
    assert body is not None and "灰白です。" in body.get_content() and "TK-2" in body.get_content()


def test_empty_and_endless_messages_are_refused_with_what_was_typed(
    client_of: ClientOf, cast: Cast, order: Order
) -> None:
    alma = client_of(cast.alma)
    with pytest.raises(NothingSaid):
        messages.ask(order, None, "  ", BY)
    with pytest.raises(MessageTooLong):
        messages.ask(order, None, "x" * 2001, BY)
    with pytest.raises(NothingAsked):
        messages.answer(order, None, "Yes", BY)
    with pytest.raises(NothingAsked):
        messages.close(order, None, BY)
    reply = alma.post(f"/orders/{order.number}/questions", {"about": "1", "question": "x" * 2001})
    assert reply.status_code == 422 and "x" * 2001 in reply.text
    assert '<option value="1" selected>' in reply.text
    assert session.scalar(select(OrderMessage.id)) is None


def test_answered_by_telephone_closes_it_and_strangers_find_nothing(
    client_of: ClientOf, cast: Cast, order: Order
) -> None:
    number = order.number
    client_of(cast.alma).post(f"/orders/{number}/questions", {"question": "いつ届きますか"})
    assert (
        client_of(cast.cleo).post(f"/orders/{number}/questions", {"question": "?"}).status_code
        == 404
    )
    page = client_of(cast.dana).post_part(
        f"/office/orders/{number}/answers", {"about": "0", "elsewhere": "1"}
    )
    assert page.status_code == 200 and 'name="elsewhere"' not in page.text
    assert client_of(cast.egon).post(f"/office/orders/{number}/answers", {}).status_code == 403
