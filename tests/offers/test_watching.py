"""Notices: from the facts of the day, one letter a person and day, in its language, until switched off."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from email.message import EmailMessage

import pytest
from sqlalchemy import select, update

from tests.factories.browsing import Browser
from tests.factories.goods import make_category, make_product, make_sku
from tests.factories.orders import BY
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts import inviting
from wholesale.accounts.models import Membership, User
from wholesale.catalog.models import OrderPolicy, Sku, SkuState
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.jobs import Job
from wholesale.mail.letters import compose
from wholesale.mail.models import Letter
from wholesale.offers import watching
from wholesale.offers.watch_tables import Watch, WatchKind
from wholesale.offers.watching import TooManyNotices
from wholesale.pricing.models import ListPrice
from wholesale.worker import JOBS, Work

ClientOf = Callable[[User | None], Browser]
ALL = ["back", "price", "category"]


@pytest.fixture
def cup() -> Sku:
    """Sold out, one of a category."""
    return make_sku(
        make_product("湯呑", category=make_category("CUPS")),
        code="TK-1",
        policy=OrderPolicy.IN_STOCK,
    )


def letters() -> list[EmailMessage]:
    session.expire_all()
    found = session.scalars(select(Letter).where(Letter.event == "notices").order_by(Letter.id))
    return [compose(one) for one in found]


def next_morning() -> None:
    """The look that was asked for is done, as the worker does it a day later."""
    with clock.at(clock.now() + timedelta(days=1)):
        day = clock.today().isoformat()
        asked = session.scalars(select(Job).where(Job.dedupe_key == f"{watching.LOOK}:{day}")).one()
        assert asked.run_at <= clock.now()
        work = JOBS[watching.LOOK]
        assert isinstance(work, Work)
        work.finish(asked.arguments, work.prepare(asked.arguments), BY)
        session.commit()


def change_price(sku: Sku, amount: int) -> None:
    session.execute(
        update(ListPrice).where(ListPrice.sku_id == sku.id).values(amount=Decimal(amount))
    )


def test_what_has_changed_is_told_in_one_letter_in_the_persons_language(
    client_of: ClientOf, cast: Cast, cup: Sku
) -> None:
    cast.alma.locale = "en"
    alma = client_of(cast.alma)
    page = alma.get("/products/TK-1").text
    assert 'name="tell" value="back"' in page
    assert alma.post("/notices", {"item": "TK-1", "tell": ALL}).status_code == 303
    assert alma.get("/products/TK-1").text.count(" checked") >= 3
    next_morning()
    assert letters() == [], "nothing has changed"
    put_on_shelf(cup, 9)
    change_price(cup, 2000)
    make_sku(cup.product, code="TK-1-B")
    hidden = make_sku(cup.product, code="SECRET", state=SkuState.HIDDEN)
    with clock.at(clock.now() + timedelta(days=1)):
        next_morning()
    (letter,) = letters()
    said = letter.get_content()
    assert letter["To"] == cast.alma.email and "items you asked about" in letter["Subject"]
    for fact in ("Back in stock: 湯呑 en (TK-1)", "¥600 → ¥1,200", "New in CUPS", "TK-1-B"):
        assert fact in said, said
    assert hidden.code not in said
    with clock.at(clock.now() + timedelta(days=2)):
        next_morning()
    assert len(letters()) == 1, "what was told is not told again"


def test_the_same_day_writes_once_and_who_may_not_look_is_not_written_to(
    client_of: ClientOf, cast: Cast, cup: Sku
) -> None:
    bo = client_of(cast.bo)
    bo.post("/notices", {"item": "TK-1", "tell": ALL})
    put_on_shelf(cup, 9)
    change_price(cup, 2000)
    member = session.scalars(select(Membership).where(Membership.user_id == cast.bo.id)).one()
    member.sees_prices = False
    session.flush()  # the look reads it by a query
    next_morning()
    (letter,) = letters()
    assert "再入荷" in letter.get_content() and "1,200" not in letter.get_content()
    jobs = session.scalars(select(Job.dedupe_key).where(Job.name == watching.LOOK)).all()
    assert len(jobs) == len(set(jobs)) == 2, "the look that was, and the next morning's"
    session.delete(member)
    session.commit()
    assert watching.look() == []


def test_a_letters_link_switches_off_without_signing_in_once(
    client_of: ClientOf, cast: Cast, cup: Sku
) -> None:
    client_of(cast.alma).post("/notices", {"item": "TK-1", "tell": ALL})
    put_on_shelf(cup, 9)
    next_morning()
    (letter,) = letters()
    url = "/notices/off/" + letter.get_content().split("/notices/off/")[1].split()[0]
    nobody = client_of(None)
    page = nobody.get(url).text
    assert page.count('name="end"') == 3 and session.scalar(select(Watch.id).limit(1))
    back = session.scalars(select(Watch.id).where(Watch.kind == WatchKind.BACK)).one()
    guard = {"csrf_token": re.findall(r'name="csrf_token" value="(\w+)"', page)[0]}
    done = nobody.post(url, {**guard, "end": str(back)})
    assert done.status_code == 200
    session.expire_all()
    assert {one.kind for one in watching.of_person(cast.alma.id)} == {
        WatchKind.PRICE, WatchKind.CATEGORY,
    }  # fmt: skip
    again = nobody.post(url, {**guard, "act": "all"})
    assert again.status_code == inviting.LinkExpired.status and nobody.get(url).status_code == 422
    assert len(watching.of_person(cast.alma.id)) == 2


def test_ones_own_are_listed_and_ended_in_the_account_and_nobody_elses(
    client_of: ClientOf, cast: Cast, cup: Sku, monkeypatch: pytest.MonkeyPatch
) -> None:
    alma = client_of(cast.alma)
    alma.post("/notices", {"item": "TK-1", "tell": ["back", "price"]})
    alma.post("/notices", {"item": "TK-1", "tell": ["price"]})
    (one,) = watching.of_person(cast.alma.id)
    assert one.kind is WatchKind.PRICE
    assert f"/notices/{one.id}/end" in alma.get("/account").text
    for other in (cast.bo, cast.cleo):
        assert client_of(other).post(f"/notices/{one.id}/end").status_code == 404
    assert client_of(cast.cleo).post("/notices", {"item": "NONE"}).status_code == 404
    monkeypatch.setattr(watching, "MOST", 1)
    refused = alma.post("/notices", {"item": "TK-1", "tell": ALL})
    assert refused.status_code == TooManyNotices.status
    assert alma.post(f"/notices/{one.id}/end").status_code == 303
    session.expire_all()
    assert watching.of_person(cast.alma.id) == []
