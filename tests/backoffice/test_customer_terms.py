"""Terms of trade and limits in the office, and the queue of holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.goods import make_product, make_sku
from tests.factories.orders import BY, make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import User
from wholesale.backoffice.customers.credit import NotOnHold, StillTooMuch
from wholesale.customers.models import Customer, PaymentMeans
from wholesale.customers.trading import change_limit, history, stamp
from wholesale.kernel.db import session
from wholesale.kernel.journal import JournalEntry
from wholesale.orders import cancelling
from wholesale.orders.models import Order

ClientOf = Callable[[User | None], Browser]
URL = "/office/customers/nordwind/terms"
LIMIT = "/office/customers/nordwind/limit"
FORM = {"valid_from": "2026-12-21", "currency": "JPY", "default_rate": "57.5", "incoterm": "",
        "billing": "periodic", "closing_days": "20", "payment_months": "1", "payment_day": "31",
        "payment_text": "20日締め翌月末", "fee_bearer": "payer", "payment_means": "prepayment", "payment_gate": "ship", "deposit_share": "30", "price_digits": "", "price_mode": "",
        "amount_mode": "down", "amount_basis": "unit_price", "tax_mode": ""}  # fmt: skip


def seen(customer: Customer) -> str:
    return stamp(history(customer.id))


def terms(customer: Customer, **values: Any) -> dict[str, Any]:
    return {**FORM, "seen": seen(customer), **values}


def held(customer: Customer, limit: str = "1000") -> Order:
    """An order of 2,200 yen with tax that doesn't fit into the limit."""
    change_limit(customer, Decimal(limit), seen(customer), BY)
    sku = make_sku(make_product("湯呑"), list_price="1000")
    put_on_shelf(sku, 50)
    order = make_order(customer, {sku: 3})
    assert order.on_hold
    return order


def test_terms_from_a_day_on(client_of: ClientOf, cast: Cast) -> None:
    dana = client_of(cast.dana)
    assert dana.get(URL).status_code == 200
    answer = dana.post(URL, terms(cast.nordwind))
    assert (answer.status_code, answer.headers["Location"]) == (303, URL)
    newest = history(cast.nordwind.id)[0]
    assert (newest.default_rate, newest.closing_days) == (Decimal("0.575"), "20")
    assert (newest.payment_means, newest.deposit_share) == (
        PaymentMeans.PREPAYMENT, Decimal("0.3"),
    )  # fmt: skip
    page = dana.get(URL)
    assert "57.5%" in page.text
    assert f"{URL}/2026-12-21/removal" in page.text
    part = dana.post_part(f"{URL}/2026-12-21/removal", {"seen": seen(cast.nordwind)})
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div class="stack" id="terms-edit">')
    assert len(history(cast.nordwind.id)) == 1


def test_what_is_refused_keeps_what_was_typed(client_of: ClientOf, cast: Cast) -> None:
    dana = client_of(cast.dana)
    past = dana.post(URL, terms(cast.nordwind, valid_from="2026-11-01"))
    assert past.status_code == 422
    assert 'value="57.5"' in past.text
    assert dana.post(URL, terms(cast.nordwind, default_rate="abc")).status_code == 422
    assert dana.post(URL, terms(cast.nordwind, closing_days="40")).status_code == 422
    late = dana.post_part(URL, terms(cast.nordwind, seen="old"))
    assert late.status_code == 409
    assert dana.post(f"{URL}/2020-01-01/removal", {"seen": seen(cast.nordwind)}).status_code == 422
    assert dana.post(f"{URL}/2026-12-31/removal", {"seen": seen(cast.nordwind)}).status_code == 409
    assert dana.post(f"{URL}/never/removal", {"seen": "x"}).status_code == 404


def test_who_may_release_states_the_limit(client_of: ClientOf, cast: Cast) -> None:
    form = {"seen": seen(cast.nordwind), "credit_limit": "500,000"}
    assert client_of(cast.dana).post(LIMIT, form).status_code == 403
    egon = client_of(cast.egon)
    assert egon.post(LIMIT, form).status_code == 303
    assert history(cast.nordwind.id)[0].credit_limit == Decimal(500000)
    assert egon.post(LIMIT, form).status_code == 409
    assert egon.post(LIMIT, {**form, "credit_limit": "-1"}).status_code == 422
    assert egon.post(URL, terms(cast.nordwind)).status_code == 403
    assert client_of(cast.frida).get(URL).status_code == 403
    assert client_of(cast.alma).get(URL).status_code == 404


def test_a_terms_form_leaves_the_limit_alone(client_of: ClientOf, cast: Cast) -> None:
    change_limit(cast.nordwind, Decimal(700), seen(cast.nordwind), BY)
    client_of(cast.dana).post(URL, terms(cast.nordwind, credit_limit="9999999"))
    assert history(cast.nordwind.id)[0].credit_limit == Decimal(700)


def test_the_queue_names_reason_and_missing_amount(client_of: ClientOf, cast: Cast) -> None:
    order = held(cast.nordwind)
    page = client_of(cast.dana).get("/office/credit")
    assert order.number in page.text
    missing = order.amount_gross - 1000
    assert re.search(rf'value="{missing.normalize():f}(\.0+)?"', page.text)
    assert "/release" not in page.text  # sales may not
    assert (
        f"/office/credit/{order.number}/release" in client_of(cast.egon).get("/office/credit").text
    )


def test_the_level_that_lacks_is_told_of_a_store(client_of: ClientOf, cast: Cast) -> None:
    cast.nordwind.bill_to_id = cast.rival.id
    session.flush()
    change_limit(cast.rival, Decimal(500), seen(cast.rival), BY)
    order = held(cast.nordwind, limit="100000")
    page = client_of(cast.dana).get("/office/credit")
    missing = order.amount_gross - 500
    assert re.search(rf'value="{missing.normalize():f}(\.0+)?"', page.text)
    assert cast.rival.name in page.text


def test_releasing_is_by_right_and_once(client_of: ClientOf, cast: Cast) -> None:
    order = held(cast.nordwind)
    url = f"/office/credit/{order.number}/release"
    assert client_of(cast.dana).post(url).status_code == 403
    part = client_of(cast.egon).post_part(url)
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div class="stack" id="holds">')
    assert not order.on_hold
    assert order.credit_counted == order.amount_gross
    assert client_of(cast.egon).post(url).status_code == 409
    assert client_of(cast.egon).post("/office/credit/SO-26-00000/release").status_code == 404


def test_looking_again_forces_nothing(client_of: ClientOf, cast: Cast) -> None:
    order = held(cast.nordwind)
    url, dana = f"/office/credit/{order.number}/trial", client_of(cast.dana)
    cast.dana.locale = "en"
    refused = dana.post(url)
    assert refused.status_code == StillTooMuch.status == 409
    assert "fit into the credit limit" in refused.text
    assert order.on_hold
    change_limit(cast.nordwind, Decimal(50000), seen(cast.nordwind), BY)
    assert dana.post(url).status_code == 303
    assert not order.on_hold
    assert client_of(cast.egon).post(url).status_code == 403


def test_what_is_over_waits_no_more(client_of: ClientOf, cast: Cast) -> None:
    order = held(cast.nordwind)
    cancelling.cancel(order, BY, reason="x")
    page = client_of(cast.egon).get("/office/credit")
    assert order.number not in page.text
    cast.egon.locale = "en"
    refused = client_of(cast.egon).post(f"/office/credit/{order.number}/release")
    assert refused.status_code == NotOnHold.status == 409
    assert "is not on hold any more" in refused.text


@pytest.mark.parametrize("url", [URL, "/office/credit"])
def test_looking_writes_nothing(client_of: ClientOf, cast: Cast, url: str) -> None:
    browser = client_of(cast.gil)
    session.commit()
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    assert browser.get(url).status_code == 200
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before
