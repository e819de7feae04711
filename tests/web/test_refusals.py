"""Refusals that belong to every wing: a forged form, a field that can't be read, somebody faster."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from markupsafe import escape
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from tests.factories.browsing import PART, Browser
from tests.factories.goods import make_sku
from tests.factories.orders import make_order
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.kernel.errors import Conflict
from wholesale.kernel.text import in_language
from wholesale.orders import confirming
from wholesale.orders.models import OrderState
from wholesale.web.csrf import ForgedForm, token_for
from wholesale.web.forms import WrongField

ClientOf = Callable[[User | None], Browser]


def test_a_form_of_another_session_is_refused_and_nothing_is_done(
    client_of: ClientOf, cast: Cast
) -> None:
    order = make_order(cast.nordwind, {make_sku(): 1})
    browser, rival = client_of(cast.alma), client_of(cast.cleo)
    url = f"/orders/{order.number}/cancellation"
    for token in ("", "0" * 64, token_for(rival.secret)):
        reply = browser.post(url, {"csrf_token": token, "reason": "forged"})
        assert reply.status_code == ForgedForm.status == 400
        assert str(escape(in_language("ja")(ForgedForm.message))) in reply.text
    elsewhere = browser.post(url, {"reason": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 400
    assert order.state is OrderState.PLACED


def test_a_field_that_cannot_be_read_is_named(client_of: ClientOf, cast: Cast) -> None:
    sku = make_sku()
    reply = client_of(cast.frida).post(
        f"/office/stock/{sku.code}/receipts", {"place": "W1", "quantity": "a few"}
    )
    assert reply.status_code == WrongField.status
    text = in_language("ja")("Enter a number.")
    assert str(escape(text)) in reply.text


@pytest.mark.parametrize(
    "trouble",
    [StaleDataError("another version"), IntegrityError("UPDATE", {}, ValueError("CHECK"))],
)
def test_whoever_comes_second_is_told_to_look_again(
    client_of: ClientOf, cast: Cast, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    """A version or a constraint that says no where no verb did."""

    def somebody_was_faster(*_: object, **__: object) -> None:
        raise trouble

    order = make_order(cast.nordwind, {make_sku(): 1})
    browser, url = client_of(cast.dana), f"/office/orders/{order.number}/confirmation"
    monkeypatch.setattr(confirming, "confirm", somebody_was_faster)
    said = str(escape(in_language("ja")(Conflict.message)))
    page = browser.post(url)
    assert (page.status_code, said in page.text) == (409, True)
    part = browser.post(url, headers=PART)
    assert (part.status_code, part.headers["HX-Retarget"]) == (409, "#flash")
    assert said in part.text
